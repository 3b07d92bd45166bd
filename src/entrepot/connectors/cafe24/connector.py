"""The Cafe24 connector: its parts, joined for one shop of a mall."""

from collections.abc import Mapping

from entrepot.connectors.cafe24.claims import Cafe24Claims
from entrepot.connectors.cafe24.client import Cafe24Client
from entrepot.connectors.cafe24.events import Cafe24Events
from entrepot.connectors.cafe24.listings import Cafe24Listings
from entrepot.connectors.cafe24.order_sinks import Cafe24Cancellations, Cafe24Statuses
from entrepot.connectors.cafe24.orders import Cafe24Orders
from entrepot.connectors.cafe24.prices import Cafe24Prices
from entrepot.connectors.cafe24.probe import Cafe24Probe
from entrepot.connectors.cafe24.products import Cafe24Products
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.shipments import Cafe24Shipments
from entrepot.connectors.cafe24.stock import Cafe24Stock
from entrepot.connectors.cafe24.variants import SingleCodes
from entrepot.connectors.contract import Connector, Surroundings

NAME = "cafe24"


def open_connector(
    credentials: Mapping[str, str], surroundings: Surroundings, api_base: str, singles: SingleCodes
) -> Connector:
    """Open the mall that `mall_id` names. Makes no call.

    Raises:
        ChannelMisconfigured: A credential cannot be one.
    """
    client = Cafe24Client(credentials, surroundings, api_base)
    session = MallSession(client, surroundings, singles)
    products = Cafe24Products(session)
    return Connector(
        name=NAME,
        shop=Cafe24Probe(session),
        products=products,
        stock=Cafe24Stock(session, products),
        prices=Cafe24Prices(session, products),
        listings=Cafe24Listings(session, products),
        orders=Cafe24Orders(session),
        statuses=Cafe24Statuses(session),
        shipments=Cafe24Shipments(session),
        cancellations=Cafe24Cancellations(session),
        claims=Cafe24Claims(session),
        events=Cafe24Events(session, credentials.get("webhook_key", "")),
        close=client.close,
    )
