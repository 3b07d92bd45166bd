"""Levels and prices → what the mall is told, and its answers back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.errors import GoneFromMall
from entrepot.connectors.cafe24.values import money, won
from entrepot.connectors.contract import LevelAnswer, PriceLevel, StockLevel
from entrepot.kernel.errors import ChannelRejected
from entrepot.kernel.reasons import marked, quoted

Level = StockLevel | PriceLevel
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """A level that cannot be sent at all; `code` and `reason` for the listing."""

    code: str
    reason: str


NOT_THERE = marked("It is not in the mall.")
NOT_A_PRODUCT = Refused("cafe24_bad_id", marked("This is not the number of a Cafe24 product."))
BELOW_ZERO = Refused("cafe24_below_zero", marked("A mall cannot show less than nothing."))
HAS_OPTIONS = Refused(
    "cafe24_has_options",
    marked("The product is sold in several options now. Sync it, so that each option has its own listing."),
)


def stock_body(level: StockLevel, *, sold_out: bool = False) -> Body:
    """The absolute quantity; counting is switched on with it, or the figure would mean nothing.

    `sold_out`: and nothing is sold at 0. Else that stays as the merchant has it, who may sell ahead.
    """
    body = {"quantity": level.quantity, "use_inventory": "T"}
    return body | {"display_soldout": "T"} if sold_out else body


def accepted(level: Level, *, seen: int | None = None, seen_price: Decimal | None = None) -> LevelAnswer:
    """The mall shows it."""
    return LevelAnswer(
        remote_id=level.remote_id,
        variation_key=level.variation_key,
        outcome="accepted",
        seen=seen,
        seen_price=seen_price,
    )


def changed(level: Level, *, seen: int | None) -> LevelAnswer:
    """The mall shows something else and took nothing."""
    return LevelAnswer(
        remote_id=level.remote_id,
        variation_key=level.variation_key,
        outcome="changed",
        seen=seen,
        code="cafe24_changed",
    )


def missing(level: Level, reason: str = "") -> LevelAnswer:
    """The mall no longer has it."""
    return LevelAnswer(
        remote_id=level.remote_id,
        variation_key=level.variation_key,
        outcome="missing",
        code=GoneFromMall.code,
        reason=reason or NOT_THERE,
    )


def refused(level: Level, why: Refused) -> LevelAnswer:
    """It never works as it is."""
    return LevelAnswer(
        remote_id=level.remote_id,
        variation_key=level.variation_key,
        outcome="refused",
        code=why.code,
        reason=why.reason,
    )


def rejected(level: Level, error: ChannelRejected) -> LevelAnswer:
    """What the mall's refusal means for one level."""
    if isinstance(error, GoneFromMall):
        return missing(level)
    return refused(level, Refused(error.code, str(error.fields.get("reason") or quoted(error.detail))[:500]))


# --------------------------------------------------------------------------- prices


@dataclass(frozen=True, slots=True)
class PricePlan:
    """What to write on one product: the fields of the product itself, and the extra amount of variants by code."""

    product: Mapping[str, str]
    extras: Mapping[str, Decimal]
    base: Decimal


def single_price(level: PriceLevel) -> dict[str, str]:
    """The selling price, and the regular price (MRP) beside it while it is higher; "0.00" = none."""
    retail = level.retail_price if level.retail_price is not None and level.retail_price > level.price else Decimal(0)
    return {"price": won(level.price), "retail_price": won(retail)}


def price_plan(levels: Sequence[PriceLevel], row: wire.Product, variants: Sequence[wire.Variant]) -> PricePlan:
    """How variants come to cost what is wanted: the product's price and what each variant costs above (or below) it.

    With a price for every variant the lowest becomes the product's own, so that no figure of an old price is left on
    the page; else the product's price stays. There is one regular price for all variants: the greatest reduction wanted
    decides, and with a price for every variant "none" is written too.
    """
    wanted = {level.variation_key: level for level in levels}
    whole = {variant.variant_code for variant in variants} <= wanted.keys()
    old_base = money(row.price) or Decimal(0)
    base = min(level.price for level in levels) if whole else old_base
    reductions = [level.retail_price - level.price for level in levels if level.retail_price is not None]
    reduction = max(reductions, default=Decimal(0))
    fields = {"price": won(base)} if base != old_base else {}
    retail = base + reduction if reduction > 0 else Decimal(0)
    if (reduction > 0 or whole) and retail != (money(row.retail_price) or Decimal(0)):
        fields["retail_price"] = won(retail)
    before = {variant.variant_code: money(variant.additional_amount) or Decimal(0) for variant in variants}
    extras = {code: level.price - base for code, level in wanted.items()}
    return PricePlan(fields, {code: extra for code, extra in extras.items() if before.get(code) != extra}, base)
