"""Items of an order → lines and parcels. Pure.

Amounts stand as the mall shows them to the buyer, tax included, so a line's tax is 0.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.mapping_order_parts import Part, item_state
from entrepot.connectors.cafe24.state import ItemState, apart, line_states, parcel_code
from entrepot.connectors.cafe24.values import money, text, truth, whole
from entrepot.connectors.contract import ChannelLineOption, ChannelOrderLine, ChannelParcel, LineState
from entrepot.kernel.money import ZERO_DECIMAL_CURRENCIES

_NEXT_OPTION = re.compile(r",\s*(?=[^=,]+=)")
_CENT = Decimal("0.01")
CLAIMED = "/claimed"
"""Stands behind the id of a line whose units are over, where the mall left them in one item with the rest."""
ParcelState = Literal["ready", "handed_over", "delivered"]
_PARCEL_STATES: Mapping[str, ParcelState] = {"N21": "ready", "N30": "handed_over", "N40": "delivered"}


def exact(amount: Decimal, currency: str) -> Decimal:
    """An amount as its currency writes it: won have no decimals."""
    is_whole = amount == amount.to_integral_value()
    return amount.quantize(Decimal(1)) if is_whole and currency in ZERO_DECIMAL_CURRENCIES else amount


def line_total(item: wire.Item) -> Decimal:
    """What the mall counts into the price of the order: product and options, before the order's own discounts.

    Raises:
        ValueError: An amount is no number.
    """
    return (_amount(item.product_price) + _amount(item.option_price)) * (whole(item.quantity) or 0)


def lines(part: Part, currency: str) -> tuple[ChannelOrderLine, ...]:
    """One line per item, or per part of a bundle. Replacements cost nothing: the money stands on what they replace.

    Raises:
        ValueError: An amount is no number, or a quantity is none.
    """
    portions = [apart(item_state(item, replacement=part.is_replacement)) for item in part.items]
    states = iter(line_states([portion for some in portions for portion in some]))
    return tuple(
        line
        for item, some in zip(part.items, portions, strict=True)
        for line in _lines_of(item, part, currency, [(portion, next(states)) for portion in some])
    )


def line_shares(item: wire.Item, quantity: int) -> Iterator[tuple[str, int]]:
    """`(line id, units)` of all lines of an item when `quantity` of it is meant."""
    for line_id, _, per_item in _goods(item):
        yield line_id, per_item * quantity


def claim_shares(item: wire.Item) -> Iterator[tuple[str, int]]:
    """`(line id, units)` of what the item's claim is about."""
    states = apart(item_state(item))
    quantity = states[-1].quantity if len(states) > 1 else claimed(item)
    for line_id, units in line_shares(item, quantity):
        yield line_id + (CLAIMED if len(states) > 1 else ""), units


def claimed(item: wire.Item) -> int:
    """How many units of an item its claim is about."""
    quantity, wished = whole(item.quantity) or 0, whole(item.claim_quantity) or 0
    return wished if 0 < wished < quantity else quantity


def _lines_of(
    item: wire.Item, part: Part, currency: str, portions: Sequence[tuple[ItemState, LineState]]
) -> Iterator[ChannelOrderLine]:
    quantity = whole(item.quantity) or 0
    if quantity <= 0:
        raise ValueError(f"quantity of {item.order_item_code}: {item.quantity!r}")
    each = Decimal(0) if part.is_replacement else line_total(item) / quantity
    for place, (portion, state) in enumerate(portions):
        for line in _portion(item, portion, each, CLAIMED if place else "", currency):
            yield replace(line, state=state)


def _portion(
    item: wire.Item, portion: ItemState, each: Decimal, suffix: str, currency: str
) -> Iterator[ChannelOrderLine]:
    """The lines of those units of an item that are in one state."""
    total = exact(each * portion.quantity, currency)
    for line_id, goods, per_item in _goods(item):
        units = per_item * portion.quantity
        variant_code = text(goods.variant_code)
        yield ChannelOrderLine(
            remote_id=line_id + suffix,
            product_id=text(goods.product_no),
            variation_keys=(variant_code, "") if variant_code else ("",),
            name=text(goods.product_name) or text(item.product_name),
            model=text(goods.product_code),
            quantity=units,
            unit_price=_unit_price(total, units, currency),
            line_total=total,
            unit_tax=Decimal(0),
            sku=_sku(goods),
            options=(*_options(text(goods.option_value)), *_free_options(item)),
        )
        total = Decimal(0)  # the money of a bundle stands on the first of its lines


def _goods(item: wire.Item) -> Iterator[tuple[str, wire.Item | wire.BundlePart, int]]:
    """`(line id, goods, units in one item)`: the item itself, or each of the goods in a bundle."""
    inside = [row for row in wire.several(item.product_bundle_list) if isinstance(row, dict)]
    if not (truth(item.product_bundle) and inside):
        yield item.order_item_code, item, 1
        return
    for place, row in enumerate(inside, 1):
        goods = wire.loosely(row, wire.BundlePart)
        yield f"{item.order_item_code}/{place}", goods, max(whole(goods.quantity) or 1, 1)


def _unit_price(total: Decimal, units: int, currency: str) -> Decimal:
    each = total / units
    rounded = each.quantize(_CENT)
    return exact(each if each == rounded else rounded, currency)


def _sku(goods: wire.Item | wire.BundlePart) -> str:
    """The seller's code for the variant; for goods without options the product's; else the mall's (case 36)."""
    own = text(goods.custom_variant_code) or ("" if text(goods.option_value) else text(goods.custom_product_code))
    return own or text(goods.variant_code)


def _options(stated: str) -> Iterator[ChannelLineOption]:
    """`색상=블랙, 사이즈=M`."""
    for pair in _NEXT_OPTION.split(stated) if stated else ():
        name, _, value = pair.partition("=")
        yield ChannelLineOption(name=name.strip(), value=value.strip(), type="select")


def _free_options(item: wire.Item) -> Iterator[ChannelLineOption]:
    for row in wire.several(item.additional_option_values):
        option = wire.loosely(row, wire.FreeOption) if isinstance(row, dict) else wire.FreeOption()
        if text(option.value):
            yield ChannelLineOption(name=text(option.name) or text(option.key), value=text(option.value), type="text")


def _amount(stated: object) -> Decimal:
    return money(stated if isinstance(stated, str | int | float) else None) or Decimal(0)


# --------------------------------------------------------------------------- parcels


def parcels(part: Part) -> tuple[ChannelParcel, ...]:
    """Parcels that were issued. A shipping code and a carrier alone are none: they are filled in ahead (case 24)."""
    found: dict[tuple[str, str, str], list[wire.Item]] = {}
    for item in part.items:
        number = text(item.tracking_no)
        if number and parcel_code(item_state(item, replacement=part.is_replacement)):
            key = text(item.shipping_code), number, text(item.shipping_company_code)
            found.setdefault(key, []).append(item)
    return tuple(
        ChannelParcel(
            remote_id=shipping_code,
            carrier=carrier,
            tracking_number=number,
            line_ids=tuple(line_id for item in items for line_id, _ in line_shares(item, 1)),
            state=_parcel_state(items, replacement=part.is_replacement),
        )
        for (shipping_code, number, carrier), items in sorted(found.items(), key=lambda entry: entry[0])
    )


def _parcel_state(items: Sequence[wire.Item], *, replacement: bool) -> ParcelState:
    return _PARCEL_STATES[min(parcel_code(item_state(item, replacement=replacement)) for item in items)]
