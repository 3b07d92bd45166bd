"""Order rows → ChannelOrder. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations
from typing import Any, Literal

from entrepot.connectors.contract import (
    BadItem,
    ChannelAddress,
    ChannelLineOption,
    ChannelOrder,
    ChannelOrderLine,
    ChannelStatusChange,
    ChannelTotal,
    OrderState,
)
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.mapping_options import CHOICE_TYPES, variation_key
from entrepot.connectors.opencart.mapping_shop import ShopFacts
from entrepot.connectors.opencart.mapping_values import ShopClock, plain
from entrepot.connectors.opencart.mapping_variants import Variants
from entrepot.kernel.names import full_name

MISSING_ORDER = 0
"""The status of a cart that was never finished, and of an order while 3.x and 4.0 edit it."""

_SUBSETS_UP_TO = 4
_NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OrderReading:
    """What reading order rows needs: the shop, its clock, and its variants (where lines may name a master)."""

    facts: ShopFacts
    clock: ShopClock
    variants: Variants = field(default_factory=Variants)


def channel_order(whole: wire.WholeOrder, raw: Mapping[str, Any], reading: OrderReading) -> ChannelOrder | BadItem:
    """An order as the shop has it now, or a report when an amount is no number.

    Amounts are the stored ones, in the shop's base currency without tax (case 6). `version` is the newest history id
    (case 1: dates do not tell). `order.tracking` is an advertising code, no parcel number, and is left out.
    """
    row = whole.order
    if problem := _bad_amount(whole):
        return BadItem(kind="order", remote_id=str(row.order_id), code="bad_price", detail=problem, raw=raw)
    history = sorted(whole.order_history, key=lambda change: change.order_history_id)
    placed_at = reading.clock.aware(row.date_added) or _NO_DAY
    billing, shipping = _address(row, "payment"), _address(row, "shipping")
    return ChannelOrder(
        remote_id=str(row.order_id),
        number=str(row.order_id),
        version=history[-1].order_history_id if history else 0,
        confirmed=row.order_status_id != MISSING_ORDER,
        status_id=str(row.order_status_id),
        placed_at=placed_at,
        changed_at=_changed_at(row, history, reading.clock, placed_at),
        base_currency=reading.facts.currency,
        currency=row.currency_code,
        rate=row.currency_value,
        total=row.total,
        lines=(*(_line(line, reading) for line in whole.order_product), *map(_voucher, whole.order_voucher)),
        totals=_totals(whole.order_total),
        buyer_name=_full_name(row.firstname, row.lastname) or _first_name_of(shipping, billing),
        buyer_email=plain(row.email),
        buyer_phone=plain(row.telephone),
        shipping=shipping,
        billing=billing,
        payment_method=_method(row.payment_method),
        shipping_method=_method(row.shipping_method),
        comment=plain(row.comment),
        history=tuple(_status_change(change, reading.clock) for change in history),
        settling=_is_settling(row, history, reading.facts),
        raw=raw,
    )


def order_state(row: wire.StateRow) -> OrderState:
    """The short form."""
    return OrderState(remote_id=str(row.order_id), status_id=str(row.order_status_id), version=row.last_history_id or 0)


def _bad_amount(whole: wire.WholeOrder) -> str:
    amounts: list[tuple[str, Decimal]] = [
        ("$.order.total", whole.order.total),
        ("$.order.currency_value", whole.order.currency_value),
        *(("$.order_total.value", total.value) for total in whole.order_total),
        *(("$.order_product.price", line.price) for line in whole.order_product),
        *(("$.order_product.total", line.total) for line in whole.order_product),
    ]
    return next((f"{path}: {amount}" for path, amount in amounts if not amount.is_finite()), "")


def _is_settling(row: wire.OrderRow, history: Sequence[wire.HistoryRow], facts: ShopFacts) -> bool:
    """An edit in the admin passes through status 0 (3.x, 4.0) or a Voided row (4.1) for a moment (case 16)."""
    if not history:
        return False
    return row.order_status_id == MISSING_ORDER or history[-1].order_status_id == facts.void_status


def _changed_at(
    row: wire.OrderRow, history: Sequence[wire.HistoryRow], clock: ShopClock, placed_at: datetime
) -> datetime:
    times = [clock.aware(row.date_modified), *(clock.aware(change.date_added) for change in history[-1:])]
    return max((placed_at, *(time for time in times if time is not None)))


def _status_change(change: wire.HistoryRow, clock: ShopClock) -> ChannelStatusChange:
    return ChannelStatusChange(
        remote_id=str(change.order_history_id),
        status_id=str(change.order_status_id),
        at=clock.aware(change.date_added) or _NO_DAY,
        comment=plain(change.comment),
    )


def _totals(rows: Sequence[wire.TotalRow]) -> tuple[ChannelTotal, ...]:
    ordered = sorted(rows, key=lambda row: (row.sort_order or 0, row.order_total_id or 0))
    return tuple(ChannelTotal(code=row.code, title=plain(row.title), amount=row.value) for row in ordered)


# --------------------------------------------------------------------------- lines


def _line(row: wire.LineRow, reading: OrderReading) -> ChannelOrderLine:
    """A line. On shops that sell the master in a variant's place, the variant the choices make is named (case 19)."""
    variant = None if row.master_id else reading.variants.sold(row.product_id, _row_choices(row))
    is_variant = bool(row.master_id) or variant is not None
    return ChannelOrderLine(
        remote_id=str(row.order_product_id),
        product_id=str(variant or row.product_id),
        variation_keys=("",) if is_variant else tuple(variation_keys(row.options)),
        name=plain(row.name),
        model=plain(row.model),
        quantity=row.quantity,
        unit_price=row.price,
        line_total=row.total,
        unit_tax=row.tax if row.tax is not None and row.tax.is_finite() else Decimal(0),
        sku=plain(row.sku),
        options=tuple(map(_line_option, row.options)),
    )


def _row_choices(row: wire.LineRow) -> frozenset[tuple[int, int]]:
    return frozenset(
        (option.product_option_id or 0, option.product_option_value_id)
        for option in row.options
        if option.product_option_value_id
    )


def variation_keys(options: Sequence[wire.LineOptionRow]) -> Iterator[str]:
    """The keys a line may be listed under, most choices first, "" (the product itself) last.

    The line does not say which of its choices the shop counts, so every selection of them is named; with more than four
    choices, all of them and each alone.
    """
    pairs = sorted(
        {
            (option.option_id, option.option_value_id)
            for option in options
            if option.type in CHOICE_TYPES and option.option_id and option.option_value_id
        }
    )
    sizes = range(len(pairs), 0, -1) if len(pairs) <= _SUBSETS_UP_TO else (len(pairs), 1)
    for size in sizes:
        for chosen in combinations(pairs, size):
            yield variation_key(chosen)
    yield ""


def _line_option(row: wire.LineOptionRow) -> ChannelLineOption:
    return ChannelLineOption(
        name=plain(row.name),
        value=plain(row.value),
        type=row.type or "",
        option_id=str(row.option_id) if row.option_id else None,
        value_id=str(row.option_value_id) if row.option_value_id else None,
    )


def _voucher(row: wire.VoucherRow) -> ChannelOrderLine:
    """A gift voucher sold (3.x, 4.0): money without a product."""
    return ChannelOrderLine(
        remote_id=f"voucher:{row.order_voucher_id}",
        product_id="",
        variation_keys=(),
        name=plain(row.description),
        model="",
        quantity=1,
        unit_price=row.amount,
        line_total=row.amount,
        unit_tax=Decimal(0),
    )


# --------------------------------------------------------------------------- people and places


def _full_name(first: str | None, last: str | None) -> str:
    return full_name(plain(first), plain(last))


def _first_name_of(*addresses: ChannelAddress | None) -> str:
    return next((address.name for address in addresses if address is not None and address.name), "")


def _address(row: wire.OrderRow, side: Literal["payment", "shipping"]) -> ChannelAddress | None:
    """An address, or None when its columns are empty: payment of 4.x guests, shipping of virtual goods (case 29)."""

    def column(name: str) -> str:
        return plain(getattr(row, f"{side}_{name}"))

    name = _full_name(getattr(row, f"{side}_firstname"), getattr(row, f"{side}_lastname"))
    parts = [column(part) for part in ("company", "address_1", "address_2", "city", "postcode", "zone", "country")]
    if not name and not any(parts):
        return None
    company, line1, line2, city, postcode, zone, country = parts
    return ChannelAddress(
        name=name,
        company=company,
        line1=line1,
        line2=line2,
        city=city,
        region=zone,
        postcode=postcode,
        country=country,
        country_code=column("iso_code_2").upper(),
        phone=plain(row.telephone) if side == "shipping" else "",
    )


def _method(stored: str | dict[str, Any] | list[Any] | None) -> str:
    """The name of a payment or shipping method: text (3.x) or JSON with code and name (4.0.2 on)."""
    if isinstance(stored, str):
        text = stored.strip()
        if not text.startswith(("{", "[", '"')):
            return plain(text)
        try:
            stored = json.loads(text)
        except ValueError:
            return plain(text)
    if not isinstance(stored, dict):
        return ""
    return plain(str(stored.get("name") or stored.get("title") or stored.get("code") or ""))
