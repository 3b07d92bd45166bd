"""One opened shop of a mall: its client, the settings of the store, and what is asked once and then remembered."""

from collections.abc import Iterator, Sequence
from threading import Lock
from typing import TypeVar

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.client import Cafe24Client, Query
from entrepot.connectors.cafe24.rows import Malformed, decoded_rows
from entrepot.connectors.cafe24.values import text
from entrepot.connectors.cafe24.variants import SingleCodes
from entrepot.connectors.contract import Surroundings

Row = TypeVar("Row")

LIST_PAGE = 100
"""Rows in a page of categories, brands and the like; the most Cafe24 gives."""
FURTHEST = 8000
"""Where `offset` ends in lists of categories and brands."""
AT_ONCE = 100
"""Entries of a bulk write, and values of a comma list; the most Cafe24 takes."""


class MallSession:
    """The mall as the parts of the connector see it. Any number of threads may use it."""

    def __init__(self, client: Cafe24Client, surroundings: Surroundings, singles: SingleCodes | None = None) -> None:
        self.client = client
        self.surroundings = surroundings
        self.singles = singles or SingleCodes()
        self._lock = Lock()
        self._shops: list[wire.Shop] | None = None
        self._carriers: list[wire.Carrier] | None = None
        self._order_setting: wire.OrderSetting | None = None

    def setting(self, name: str, default: int, *, at_most: int) -> int:
        """A positive whole number out of the store's settings."""
        stated = self.surroundings.settings.get(name, default)
        number = int(stated) if str(stated).isdigit() else default
        return max(1, min(number, at_most))

    def sells_out_at_zero(self) -> bool:
        """Setting `sold_out_at_zero`: with each figure the mall is told to sell nothing that is not there."""
        return str(self.surroundings.settings.get("sold_out_at_zero", "")).lower() in {"true", "1", "yes"}

    # ----------------------------------------------------------------- remembered

    def store(self) -> wire.Store:
        """Ask the mall who it is, now."""
        return self.client.get("store").read(wire.Store, "store")

    def shops(self, *, fresh: bool = False) -> Sequence[wire.Shop]:
        """The shops of the mall, asked once."""
        with self._lock:
            if self._shops is None or fresh:
                answer = self.client.get("shops")
                self._shops = decoded_rows(answer.rows("shops", "shop"), wire.Shop)[0]
            return self._shops

    def shop(self) -> wire.Shop | None:
        """Our shop of the mall, None when the mall has no such number."""
        return next((shop for shop in self.shops() if str(shop.shop_no) == str(self.client.shop_no)), None)

    def currency(self) -> str:
        """The currency of our shop; won where the mall does not say."""
        shop = self.shop()
        return ((shop.currency_code if shop else None) or "KRW").upper()

    def url(self) -> str:
        """The address of our shop's front page, with a slash at the end."""
        shop = self.shop()
        domain = text(shop.primary_domain) or text(shop.base_domain) if shop else ""
        return f"https://{domain or f'{self.client.mall_id}.cafe24.com'}/"

    def order_setting(self, *, fresh: bool = False) -> wire.OrderSetting:
        """How the mall treats orders, asked once."""
        with self._lock:
            if self._order_setting is None or fresh:
                self._order_setting = self.client.get("orders/setting").read(wire.OrderSetting, "order", "orders")
            return self._order_setting

    def carriers(self, *, fresh: bool = False) -> Sequence[wire.Carrier]:
        """The carriers the mall has registered, asked once. Shipments with another code are refused."""
        with self._lock:
            if self._carriers is None or fresh:
                answer = self.client.get("carriers")
                self._carriers = decoded_rows(answer.rows("carriers", "carrier"), wire.Carrier)[0]
            return self._carriers

    # ----------------------------------------------------------------- reading

    def pages(
        self, path: str, names: tuple[str, ...], kind: type[Row], query: Query | None = None
    ) -> Iterator[tuple[list[Row], list[Malformed]]]:
        """Pages of a list that is walked by `offset`: the good rows, and the bad ones."""
        offset = 0
        while True:
            answer = self.client.get(path, {**(query or {}), "limit": LIST_PAGE, "offset": offset})
            raws = answer.rows(*names)
            yield decoded_rows(raws, kind)
            if len(raws) < LIST_PAGE or offset >= FURTHEST:
                return
            offset += LIST_PAGE


def batches(items: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    """The items, `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
