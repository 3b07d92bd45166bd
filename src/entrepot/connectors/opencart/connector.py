"""The OpenCart connector: client and mapping joined, as the parts of the contract."""

from collections.abc import Mapping

from entrepot.connectors.contract import Connector, ShopInfo, Surroundings
from entrepot.connectors.opencart import mapping_shop
from entrepot.connectors.opencart.client import OpenCartClient
from entrepot.connectors.opencart.events import OpenCartEvents
from entrepot.connectors.opencart.listings import OpenCartListings
from entrepot.connectors.opencart.order_many import OpenCartMany
from entrepot.connectors.opencart.order_sinks import OpenCartCancellations, OpenCartShipments, OpenCartStatuses
from entrepot.connectors.opencart.session import ShopSession
from entrepot.connectors.opencart.sinks import OpenCartPrices, OpenCartStock
from entrepot.connectors.opencart.sources import OpenCartOrders, OpenCartProducts

NAME = "opencart"


class OpenCartProbe:
    """The connection test."""

    def __init__(self, session: ShopSession) -> None:
        self._session = session

    def info(self) -> ShopInfo:
        """Ask the shop who it is, with notes on what a merchant should know of it."""
        info = self._session.info()
        try:
            return mapping_shop.shop_info(info, notes=tuple(self._session.client.notes.values()))
        except ValueError as problem:
            raise self._session.client.shape_error("info", "$.data.clock", str(problem)) from problem


def open_connector(credentials: Mapping[str, str], surroundings: Surroundings) -> Connector:
    """Open the shop that `domain_url` and `secret_key` name. Makes no call.

    Raises:
        ChannelMisconfigured: The address or the key cannot be one.
    """
    client = OpenCartClient(credentials.get("domain_url", ""), credentials.get("secret_key", ""), surroundings)
    session = ShopSession(client, surroundings)
    products = OpenCartProducts(session)
    return Connector(
        name=NAME,
        shop=OpenCartProbe(session),
        products=products,
        orders=OpenCartOrders(session),
        stock=OpenCartStock(session),
        prices=OpenCartPrices(session),
        listings=OpenCartListings(session, products),
        statuses=OpenCartStatuses(session),
        shipments=OpenCartShipments(session),
        many=OpenCartMany(session),
        cancellations=OpenCartCancellations(session),
        events=OpenCartEvents(session),
        close=client.close,
    )
