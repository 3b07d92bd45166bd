"""Showing stock and prices in the shop, and reading back what it shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from entrepot.connectors.contract import LevelAnswer, PriceLevel, SeenLevel, StockLevel
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.mapping_products import price_reduction
from entrepot.connectors.opencart.mapping_writes import (
    Item,
    Refused,
    StockReading,
    level_answer,
    price_item,
    seen_levels,
    stock_item,
)
from entrepot.connectors.opencart.rows import decoded_rows
from entrepot.connectors.opencart.session import IDS_AT_ONCE, STOCK_PAGE, ShopSession, batches

BATCH = 1000


def send_items(session: ShopSession, resource: str, items: Sequence[Item | Refused]) -> list[wire.ItemAnswer | Refused]:
    """Post the items that can be sent, products before their values, and answer for each in the order given."""
    sendable = [{"ref": str(number)} | item for number, item in enumerate(items) if isinstance(item, dict)]
    sendable.sort(key=lambda item: item.get("kind") == "option_value")
    answers: dict[str, wire.ItemAnswer] = {}
    for some in batches(sendable, BATCH):
        answer = session.client.post(resource, {"items": some})
        answers |= {row.ref: row for row in _item_answers(session, answer, resource)}
    missing = next((item["ref"] for item in sendable if item["ref"] not in answers), None)
    if missing is not None:
        raise session.client.shape_error(resource, "$.data", f"no answer for item {missing}")
    return [item if isinstance(item, Refused) else answers[str(number)] for number, item in enumerate(items)]


def _item_answers(session: ShopSession, answer: wire.Answer, resource: str) -> list[wire.ItemAnswer]:
    """The answers per item, as a list or as `{"items": […]}`."""
    raw = bytes(answer.data).lstrip()
    if raw.startswith(b"{"):
        return session.decode(answer, dict[str, list[wire.ItemAnswer]], resource).get("items", [])
    return session.decode(answer, list[wire.ItemAnswer], resource)


class OpenCartStock:
    """Stock by absolute quantities, 1,000 figures a call."""

    batch_size = BATCH
    compares = True

    def __init__(self, session: ShopSession) -> None:
        self._session = session

    def push(self, levels: Sequence[StockLevel]) -> Sequence[LevelAnswer]:
        """Show these quantities; the bridge reads each back after writing it."""
        answers = send_items(self._session, "stock", [stock_item(level) for level in levels])
        return [level_answer(level, answer) for level, answer in zip(levels, answers, strict=True)]

    def seen(self, remote_ids: Sequence[str] | None = None) -> Iterator[SeenLevel]:
        """What the shop shows now. Rows that cannot be read are left out."""
        for answer in self._answers(remote_ids):
            rows, _ = decoded_rows(self._session.raw_rows(answer, "stock"), wire.StockRow)
            reading = StockReading(
                words=self._session.words(),
                variants=self._session.variants(),
                clock=self._session.clock(answer, "stock"),
                separate=self._session.keeps_combinations_apart(),
            )
            for row in rows:
                yield from seen_levels(row, reading)

    def _answers(self, remote_ids: Sequence[str] | None) -> Iterator[wire.Answer]:
        if remote_ids is None:
            yield from self._session.answers("stock", STOCK_PAGE)
            return
        for some in batches([number for number in remote_ids if number.isdigit()], IDS_AT_ONCE):
            yield self._session.client.get("stock", ids=",".join(some))


class OpenCartPrices:
    """Prices (R-CAT-5): the retail price is the shop's regular price, a lower selling price its special."""

    batch_size = BATCH

    def __init__(self, session: ShopSession) -> None:
        self._session = session

    def push(self, levels: Sequence[PriceLevel]) -> Sequence[LevelAnswer]:
        """Show these prices. A special of the default group, also one the merchant made, is replaced or removed."""
        group = self._session.facts().customer_group_id
        reductions = self._reductions(levels)
        items = [price_item(level, reductions.get(level.remote_id, Decimal(0)), group) for level in levels]
        answers = send_items(self._session, "prices", items)
        return [
            self._answer(level, answer, reductions.get(level.remote_id, Decimal(0)))
            for level, answer in zip(levels, answers, strict=True)
        ]

    def _answer(self, level: PriceLevel, answer: wire.ItemAnswer | Refused, reduction: Decimal) -> LevelAnswer:
        found = level_answer(level, answer)
        if level.variation_key and found.seen_price is not None:
            return replace(found, seen_price=found.seen_price - reduction)
        return found

    def _reductions(self, levels: Sequence[PriceLevel]) -> Mapping[str, Decimal]:
        """How far each product's selling price will lie below its regular one, for products whose values are priced."""
        wanted = sorted({level.remote_id for level in levels if level.variation_key and level.remote_id.isdigit()})
        found: dict[str, Decimal] = {}
        for some in batches(wanted, IDS_AT_ONCE):
            answer = self._session.client.get("products", ids=",".join(some))
            clock = self._session.clock(answer, "products")
            rows, _ = decoded_rows(self._session.raw_rows(answer, "products"), wire.ProductRow)
            facts = self._session.facts()
            found |= {str(row.product_id): price_reduction(row, facts, clock) for row in rows}
        for level in levels:
            if not level.variation_key and level.remote_id in found:
                found[level.remote_id] = max((level.retail_price or level.price) - level.price, Decimal(0))
        return found
