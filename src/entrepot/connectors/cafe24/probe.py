"""The connection test: who the mall is, and which shop of it."""

from collections.abc import Iterator

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.codes import statuses
from entrepot.connectors.cafe24.errors import GoneFromMall, MallUnknown, ShopUnknown
from entrepot.connectors.cafe24.scopes import missing
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.values import text, truth
from entrepot.connectors.contract import ShopInfo

SECONDS_EAST = 9 * 3600


class Cafe24Probe:
    """The connection test."""

    def __init__(self, session: MallSession) -> None:
        self._session = session

    def info(self) -> ShopInfo:
        """Ask the mall who it is, with notes on what a merchant should know of it.

        Raises:
            MallUnknown: Cafe24 has no mall of this id.
            ShopUnknown: The mall has no shop of this number.
        """
        session = self._session
        client = session.client
        try:
            shops = session.shops(fresh=True)
        except GoneFromMall as gone:
            raise MallUnknown(gone.detail, mall_id=client.mall_id) from gone
        shop = session.shop()
        if shop is None:
            known = ", ".join(str(row.shop_no) for row in shops) or "–"
            raise ShopUnknown(mall_id=client.mall_id, shop_no=client.shop_no, shops=known)
        store = session.store()
        if text(store.mall_id).lower() not in {"", client.mall_id}:
            raise MallUnknown(f"the mall calls itself {text(store.mall_id)[:80]}", mall_id=client.mall_id)
        setting = session.order_setting(fresh=True)
        products = client.get("products/count").read(int, "count")
        return ShopInfo(
            identity=f"{client.mall_id}/{client.shop_no}",
            name=text(shop.shop_name) or text(store.shop_name) or client.mall_id,
            url=session.url(),
            version=client.version,
            currency=session.currency(),
            timezone="Asia/Seoul",
            clock_offset_seconds=SECONDS_EAST,
            language=text(shop.language_code) or "ko_KR",
            statuses=statuses(),
            counts={"products": products},
            notes=(*_permission_notes(client.scopes()), *_notes(shop, setting, several=len(shops) > 1)),
        )


def _permission_notes(granted: frozenset[str]) -> Iterator[str]:
    if lacking := missing(granted):
        yield (
            f"The app has not all the permissions that are needed; missing: {', '.join(lacking)}. Add them in the "
            "Cafe24 Developer Center and press Authorize again."
        )


def _notes(shop: wire.Shop, setting: wire.OrderSetting, *, several: bool) -> Iterator[str]:
    if not truth(shop.active):
        yield "The shop is closed in the mall's admin."
    if several:
        yield "The mall has several shops. Connect each one as a store of its own; they share products and stock."
    if truth(setting.claim_request_auto_accept):
        yield "The mall accepts cancellation requests by itself, without asking the seller."
