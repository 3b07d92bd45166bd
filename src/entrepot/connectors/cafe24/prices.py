"""Showing prices in the mall: selling price → `price`, MRP → `retail_price`, variants by what they cost above it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.errors import GoneFromMall, SameAlready
from entrepot.connectors.cafe24.mapping_products import offered
from entrepot.connectors.cafe24.mapping_writes import (
    BELOW_ZERO,
    NOT_A_PRODUCT,
    PricePlan,
    accepted,
    missing,
    price_plan,
    refused,
    rejected,
    single_price,
)
from entrepot.connectors.cafe24.products import STOCK_EMBED, Cafe24Products
from entrepot.connectors.cafe24.rows import decoded_rows
from entrepot.connectors.cafe24.session import AT_ONCE, MallSession, batches
from entrepot.connectors.cafe24.values import money, won
from entrepot.connectors.contract import LevelAnswer, PriceLevel
from entrepot.kernel.errors import ChannelRejected

BATCH = 20

Wanted = Sequence[tuple[int, PriceLevel]]
Answers = dict[int, LevelAnswer]


class Cafe24Prices:
    """Prices (R-CAT-5)."""

    batch_size = BATCH

    def __init__(self, session: MallSession, products: Cafe24Products) -> None:
        self._session = session
        self._products = products

    def push(self, levels: Sequence[PriceLevel]) -> Sequence[LevelAnswer]:
        """Show these prices, one or two calls a product."""
        answers: Answers = {}
        plan: dict[str, list[tuple[int, PriceLevel]]] = {}
        for place, level in enumerate(levels):
            if not (level.remote_id.isascii() and level.remote_id.isdigit()):
                answers[place] = refused(level, NOT_A_PRODUCT)
            elif level.price < 0:
                answers[place] = refused(level, BELOW_ZERO)
            else:
                plan.setdefault(level.remote_id, []).append((place, level))
        with_variants = [number for number, wanted in plan.items() if any(row.variation_key for _, row in wanted)]
        rows = {str(row.product_no): row for row in self._products.some(with_variants, STOCK_EMBED)[0]}
        for number, wanted in plan.items():
            own = [pair for pair in wanted if not pair[1].variation_key]
            apart = [pair for pair in wanted if pair[1].variation_key]
            for place, level in own:
                answers[place] = self._product(number, level)
            if apart:
                answers |= self._variants(number, apart, rows.get(number))
        return [answers[place] for place in range(len(levels))]

    def _product(self, number: str, level: PriceLevel) -> LevelAnswer:
        try:
            return accepted(level, seen_price=self._put_product(number, single_price(level), level.price))
        except ChannelRejected as error:
            return rejected(level, error)

    def _variants(self, number: str, wanted: Wanted, row: wire.Product | None) -> Answers:
        if row is None:
            return {place: missing(level) for place, level in wanted}
        try:
            variants = offered(self._products.variants(row))
        except GoneFromMall:
            return {place: missing(level) for place, level in wanted}
        there = {variant.variant_code for variant in variants}
        answers: Answers = {place: missing(level) for place, level in wanted if level.variation_key not in there}
        good = [(place, level) for place, level in wanted if level.variation_key in there]
        if not good:
            return answers
        plan = price_plan([level for _, level in good], row, variants)
        falls = plan.base < (money(row.price) or Decimal(0))
        try:
            # What makes things dearer goes first: between the two calls nothing may be sold for less than it should be.
            early = self._put_extras(number, plan) if falls else {}
            base = self._put_product(number, plan.product, plan.base) if plan.product else plan.base
            extras = early if falls else self._put_extras(number, plan)
        except ChannelRejected as error:
            return answers | {place: rejected(level, error) for place, level in good}
        for place, level in good:
            extra = extras.get(level.variation_key, level.price - plan.base)
            answers[place] = accepted(level, seen_price=base + extra)
        return answers

    def _put_product(self, number: str, fields: Mapping[str, str], price: Decimal) -> Decimal:
        """Write the product's own prices; its price afterwards."""
        try:
            answer = self._session.client.put(f"products/{number}", fields)
        except SameAlready:
            row = self._products.detail(number)
            return (money(row.price) if row else None) or Decimal(0)
        if not answer.members:
            return price
        shown = answer.read(wire.Product, "product", "products")
        return price if shown.price is None else money(shown.price) or Decimal(0)

    def _put_extras(self, number: str, plan: PricePlan) -> dict[str, Decimal]:
        """Write what variants cost above the product; the extra amounts the mall shows afterwards."""
        shown: dict[str, Decimal] = {}
        requests = [{"variant_code": code, "additional_amount": won(extra)} for code, extra in plan.extras.items()]
        for some in batches(requests, AT_ONCE):
            try:
                answer = self._session.client.put(f"products/{number}/variants", some)
                rows = decoded_rows(answer.rows("variants", "variant"), wire.Variant)[0] if answer.members else []
            except SameAlready:
                rows = list(self._products.variants_of(number))
            shown |= {row.variant_code: money(row.additional_amount) or Decimal(0) for row in rows}
        return shown
