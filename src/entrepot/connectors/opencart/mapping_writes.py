"""Levels and prices → the bodies the bridge takes, and its answers back. Pure.

On writes Entrepot sends plain text and numbers; the bridge escapes and fits them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from entrepot.connectors.contract import LevelAnswer, PriceLevel, SeenLevel, StockLevel
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.answers import why
from entrepot.connectors.opencart.mapping_options import (
    Sellable,
    choice_key,
    choice_quantity,
    key_pairs,
    sellable,
)
from entrepot.connectors.opencart.mapping_shop import Words
from entrepot.connectors.opencart.mapping_values import ShopClock
from entrepot.connectors.opencart.mapping_variants import Variants
from entrepot.kernel.reasons import marked

FOUR_PLACES = Decimal("0.0001")

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """A level that cannot be sent at all; `code` and `reason` for the listing."""

    code: str
    reason: str


_NOT_AN_ID = Refused("opencart_bad_id", marked("This is not the number of an OpenCart product or option."))
_NO_OWN_COUNTER = Refused(
    "opencart_no_own_counter",
    marked(
        "OpenCart keeps no stock or price of its own for a combination of several options. Push the product itself."
    ),
)
_BELOW_ZERO = Refused("opencart_below_zero", marked("A shop cannot show less than nothing."))


def place(remote_id: str, variation_key: str, parent_id: str | None) -> Item | Refused:
    """Which figure in the shop is meant: `kind` and ids of a product, an option value, or a 4.x variant."""
    if not remote_id.isdigit():
        return _NOT_AN_ID
    product_id = int(remote_id)
    if not variation_key:
        return {"kind": "variant" if parent_id else "product", "product_id": product_id}
    try:
        pairs = key_pairs(variation_key)
    except ValueError:
        return _NOT_AN_ID
    if len(pairs) != 1:
        return _NO_OWN_COUNTER
    ((option_id, value_id),) = pairs
    return {
        "kind": "option_value",
        "product_id": product_id,
        "option_id": option_id,
        "option_value_id": value_id,
    }


def stock_item(level: StockLevel) -> Item | Refused:
    """The absolute quantity, conditional where the level says what it expects."""
    where = place(level.remote_id, level.variation_key, level.parent_id)
    if isinstance(where, Refused):
        return where
    if level.quantity < 0:
        return _BELOW_ZERO
    item: Item = {**where, "quantity": level.quantity}
    return item if level.expected is None else item | {"expected": level.expected}


def price_item(level: PriceLevel, reduction: Decimal, group: int) -> Item | Refused:
    """Regular price and, for products and variants, the special of the default group (R-CAT-5).

    `reduction` is how much the product's special takes off its regular price now: buyers pay an option value's
    difference on top of the special, so the full price the shop is told lies that much higher.
    """
    where = place(level.remote_id, level.variation_key, level.parent_id)
    if isinstance(where, Refused):
        return where
    if level.price < 0:
        return _BELOW_ZERO
    if where["kind"] == "option_value":
        return {**where, "price": _amount(level.price + reduction)}
    regular = level.price if level.retail_price is None else max(level.retail_price, level.price)
    special = None
    if level.price < regular:
        special = {
            "price": _amount(level.price),
            "date_start": None,
            "date_end": level.until.isoformat() if level.until else None,
            "customer_group_id": group,
        }
    return {**where, "price": _amount(regular), "special": special}


def level_answer(level: StockLevel | PriceLevel, answer: wire.ItemAnswer | Refused) -> LevelAnswer:
    """What became of one level."""
    remote_id, key = level.remote_id, level.variation_key
    if isinstance(answer, Refused):
        return LevelAnswer(
            remote_id=remote_id, variation_key=key, outcome="refused", code=answer.code, reason=answer.reason
        )
    if answer.ok:
        return LevelAnswer(
            remote_id=remote_id,
            variation_key=key,
            outcome="accepted",
            seen=answer.quantity,
            seen_price=_price_paid(answer),
        )
    return failed(remote_id, key, answer)


def failed(remote_id: str, variation_key: str, answer: wire.ItemAnswer) -> LevelAnswer:
    """An item the shop did not do: changed there, gone there, or refused."""
    fault = answer.error or wire.Fault(code="refused")
    detail = fault.detail if isinstance(fault.detail, dict) else {}
    outcome: Literal["changed", "missing", "refused"] = "refused"
    match fault.code:
        case "changed":
            outcome = "changed"
        case "not_found":
            outcome = "missing"
    because = str(detail.get("reason") or "")
    reason = why(because, fault.message or because)
    quantity = str(detail.get("quantity", ""))
    return LevelAnswer(
        remote_id=remote_id,
        variation_key=variation_key,
        outcome=outcome,
        seen=int(quantity) if quantity.lstrip("-").isdigit() else None,
        code=f"opencart_{fault.code}",
        reason=reason,
    )


def _price_paid(answer: wire.ItemAnswer) -> Decimal | None:
    special = answer.special
    if isinstance(special, Mapping) and special.get("price") is not None:
        return Decimal(str(special["price"]))
    return answer.price


def _amount(value: Decimal) -> str:
    return str(value.quantize(FOUR_PLACES))


# --------------------------------------------------------------------------- what the shop shows


@dataclass(frozen=True, slots=True)
class StockReading:
    """What reading stock rows needs."""

    words: Words
    variants: Variants
    clock: ShopClock
    separate: bool = False


def seen_levels(row: wire.StockRow, reading: StockReading) -> list[SeenLevel]:
    """The figures of one product: its own, and one for each thing sold apart, keyed as in the catalogue."""
    updated_at = reading.clock.aware(row.date_modified)
    own = SeenLevel(
        remote_id=str(row.product_id),
        variation_key="",
        quantity=row.quantity or 0,
        active=row.status == 1,
        updated_at=updated_at,
    )
    if not row.options:
        return [own]
    apart = (
        SeenLevel(
            remote_id=own.remote_id,
            variation_key=choice_key(choices),
            quantity=choice_quantity(choices),
            active=own.active,
            updated_at=updated_at,
        )
        for choices in _sold_apart(row, reading).choices
    )
    return [own, *apart]


def _sold_apart(row: wire.StockRow, reading: StockReading) -> Sellable:
    options: dict[int, wire.OptionRow] = {}
    for value in row.options:
        option = options.setdefault(
            value.product_option_id or 0,
            wire.OptionRow(
                option_id=value.option_id,
                product_option_id=value.product_option_id,
                type=reading.words.option_types.get(value.option_id, ""),
            ),
        )
        option.values.append(
            wire.ValueRow(
                option_value_id=value.option_value_id,
                product_option_value_id=value.product_option_value_id,
                quantity=value.quantity,
                subtract=value.subtract,
            )
        )
    is_master = reading.variants.is_master(row.product_id)
    return sellable(
        list(options.values()),
        separate=reading.separate,
        carried=reading.variants.carried_values(row.product_id) if is_master else (),
        is_master=is_master,
    )
