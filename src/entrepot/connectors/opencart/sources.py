"""Reading from the shop: products, orders, and what it shows now."""

from collections.abc import Iterator, Sequence

import msgspec

from entrepot.connectors.contract import (
    BadItem,
    ChannelAttribute,
    ChannelBrand,
    ChannelCategory,
    ChannelOrder,
    ChannelProduct,
    OrderPage,
    OrderState,
    ProductPage,
)
from entrepot.connectors.http import AnswerTooLarge
from entrepot.connectors.opencart import mapping_shop, wire
from entrepot.connectors.opencart.mapping_orders import OrderReading, channel_order, order_state
from entrepot.connectors.opencart.mapping_products import ProductReading, channel_product, unknown_words
from entrepot.connectors.opencart.mapping_variants import Variants
from entrepot.connectors.opencart.rows import decoded_pairs, decoded_rows
from entrepot.connectors.opencart.session import IDS_AT_ONCE, LIST_PAGE, ShopSession, batches

PRODUCT_PAGE, MAX_PRODUCT_PAGE = 500, 1000
ORDER_PAGE, MAX_ORDER_PAGE = 100, 500
ORDERS_AT_ONCE = 100
WITH_TEXTS = {"with": "description"}
"""Pages of products tell descriptions of up to 32,768 characters (a bridge before 1.2: of any length)."""
ORDER_OVERLAP = 25
"""History ids before the cursor that are looked at again.

The shop's database allots an id before the row can be seen: of two rows written at once the one with the greater id may
be read first, and a reader going on from there would never see the other. The bridge answers of these rows only those
of the last two hours, so that a quiet shop repeats nothing.
"""


class OpenCartProducts:
    """The catalogue, in pages by product id (setting `page_size`, 500)."""

    def __init__(self, session: ShopSession) -> None:
        self._session = session

    def categories(self) -> Iterator[ChannelCategory | BadItem]:
        """All categories, parents before children."""
        rows: list[wire.CategoryRow] = []
        for good, bad in self._session.rows_or_bad("categories", wire.CategoryRow, "category"):
            rows.extend(good)
            yield from bad
        yield from mapping_shop.categories(rows, self._session.facts().language_id)

    def brands(self) -> Iterator[ChannelBrand | BadItem]:
        """All manufacturers."""
        for good, bad in self._session.rows_or_bad("manufacturers", wire.ManufacturerRow, "brand"):
            yield from bad
            yield from map(mapping_shop.brand, good)

    def attributes(self) -> Iterator[ChannelAttribute]:
        """All attribute definitions."""
        language_id = self._session.facts().language_id
        for row in self._session.rows("attributes", wire.AttributeRow, LIST_PAGE):
            yield mapping_shop.attribute(row, language_id)

    def pages(self, cursor: str | None = None) -> Iterator[ProductPage]:
        """All products in ascending id, from `cursor` on; a page above the size cap is halved."""
        limit = self._session.setting("page_size", PRODUCT_PAGE, at_most=MAX_PRODUCT_PAGE)
        self._session.forget()
        total = self._session.info().counts.get("products")
        for answer in self._session.answers("products", limit, cursor or 0, **WITH_TEXTS):
            products, bad = self._read(answer)
            following = None if answer.next is None else str(answer.next)
            yield ProductPage(products=products, next=following, bad=bad, total=total)

    def fetch(self, remote_ids: Sequence[str]) -> ProductPage:
        """These products; ids that are none or are gone are absent."""
        products: list[ChannelProduct] = []
        bad: list[BadItem] = []
        known = [remote_id for remote_id in remote_ids if remote_id.isdigit()]
        for some in batches(known, IDS_AT_ONCE):
            found, malformed = self._read(self._session.client.get("products", ids=",".join(some), **WITH_TEXTS))
            products.extend(found)
            bad.extend(malformed)
        return ProductPage(products=products, next=None, bad=bad)

    def _read(self, answer: wire.Answer) -> tuple[list[ChannelProduct], list[BadItem]]:
        session = self._session
        rows, malformed = decoded_rows(session.raw_rows(answer, "products"), wire.ProductRow)
        words = session.words()
        if unknown_words(rows, words):
            words = session.words(fresh=True)
        reading = ProductReading(
            facts=session.facts(),
            words=words,
            clock=session.clock(answer, "products"),
            variants=self._variants(rows),
            masters=self._masters(rows),
            separate=session.keeps_combinations_apart(),
        )
        read = [channel_product(row, reading) for row in rows]
        bad = [problem.report("product") for problem in malformed]
        bad.extend(item for item in read if isinstance(item, BadItem))
        return [item for item in read if isinstance(item, ChannelProduct)], bad

    def _variants(self, rows: Sequence[wire.ProductRow]) -> Variants:
        """Only a product with options, or a variant, can have to do with variants."""
        return self._session.variants() if any(row.options or row.master_id for row in rows) else Variants()

    def _masters(self, rows: Sequence[wire.ProductRow]) -> dict[int, wire.ProductRow]:
        """The rows of the masters of this page's variants, fetched where they are on another page."""
        by_id = {row.product_id: row for row in rows}
        wanted = {row.master_id for row in rows if row.master_id}
        masters = {number: by_id[number] for number in wanted if number in by_id}
        missing = sorted(str(number) for number in wanted if number not in by_id)
        for some in batches(missing, IDS_AT_ONCE):
            answer = self._session.client.get("products", ids=",".join(some))
            fetched, _ = decoded_rows(self._session.raw_rows(answer, "products"), wire.ProductRow)
            masters |= {row.product_id: row for row in fetched}
        return masters


class OpenCartOrders:
    """Orders by history id, the only cursor that misses nothing (cases 1, 3); setting `order_page_size`, 100."""

    def __init__(self, session: ShopSession) -> None:
        self._session = session

    def start(self, days: int) -> str:
        """The newest history id older than `days` days by the shop's clock."""
        answer = self._session.client.get("order_cursor", days=days)
        found = self._session.decode(answer, dict[str, int], "order_cursor")
        if "after_history_id" not in found:
            raise self._session.client.shape_error("order_cursor", "$.data.after_history_id")
        return str(found["after_history_id"])

    def pages(self, cursor: str) -> Iterator[OrderPage]:
        """Orders whose history grew after `cursor`, oldest change first; a page above the size cap is halved.

        Orders of the last few history rows up to the cursor come again (`ORDER_OVERLAP`); the cursor never goes back.
        """
        limit = self._session.setting("order_page_size", ORDER_PAGE, at_most=MAX_ORDER_PAGE)
        position, overlap = cursor or "0", ORDER_OVERLAP
        while True:
            try:
                answer = self._session.client.get("orders", after_history_id=position, limit=limit, overlap=overlap)
            except AnswerTooLarge:
                if limit == 1 and not overlap:
                    raise
                limit, overlap = max(limit // 2, 1), overlap // 2
                continue
            page = self._page(answer, position)
            yield page
            if not page.more:
                return
            if page.cursor == position:
                raise self._session.client.shape_error("orders", "$.meta.cursor", "the cursor does not move")
            position = page.cursor

    def fetch(self, remote_ids: Sequence[str]) -> OrderPage:
        """These orders as they are now."""
        orders: list[ChannelOrder] = []
        bad: list[BadItem] = []
        gone = [remote_id for remote_id in remote_ids if not remote_id.isdigit()]
        known = [remote_id for remote_id in remote_ids if remote_id.isdigit()]
        for some in batches(known, ORDERS_AT_ONCE):
            page = self._page(self._session.client.get("order", ids=",".join(some)), "")
            orders.extend(page.orders)
            bad.extend(page.bad)
            gone.extend(page.gone)
        return OrderPage(orders=orders, cursor="", more=False, bad=bad, gone=gone)

    def states(self, remote_ids: Sequence[str]) -> Sequence[OrderState]:
        """The short form, in the order asked; deleted is what the shop itself calls gone."""
        found: dict[str, OrderState] = {}
        for some in batches([remote_id for remote_id in remote_ids if remote_id.isdigit()], IDS_AT_ONCE):
            answer = self._session.client.get("order_states", ids=",".join(some))
            rows = self._session.decode(answer, list[wire.StateRow], "order_states")
            found |= {str(row.order_id): order_state(row) for row in rows}
            gone = map(str, answer.meta.gone if answer.meta else ())
            found |= {number: OrderState(remote_id=number, status_id=None, version=0) for number in gone}
        return [found[remote_id] for remote_id in remote_ids if remote_id in found]

    def _page(self, answer: wire.Answer, position: str) -> OrderPage:
        pairs, malformed = decoded_pairs(self._session.raw_rows(answer, "orders"), wire.WholeOrder)
        reading = OrderReading(
            facts=self._session.facts(),
            clock=self._session.clock(answer, "orders"),
            variants=self._variants([whole for whole, _ in pairs]),
        )
        read = [channel_order(whole, msgspec.json.decode(raw), reading) for whole, raw in pairs]
        bad = [problem.report("order") for problem in malformed]
        bad.extend(item for item in read if isinstance(item, BadItem))
        meta = answer.meta or wire.Meta()
        # The bridge sorts by the history rows it looked at; an order may have newer ones by now, and comes last then.
        orders = sorted((item for item in read if isinstance(item, ChannelOrder)), key=lambda order: order.version)
        return OrderPage(
            orders=orders,
            cursor=str(meta.cursor) if meta.cursor is not None else position,
            more=answer.next is not None,
            bad=bad,
            gone=[str(number) for number in meta.gone],
        )

    def _variants(self, wholes: Sequence[wire.WholeOrder]) -> Variants:
        """Only a line with options and no master may stand for a variant (before 4.1.0.4)."""
        asks = any(line.options and not line.master_id for whole in wholes for line in whole.order_product)
        return self._session.variants() if asks else Variants()
