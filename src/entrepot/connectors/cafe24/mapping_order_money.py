"""The money of an order, shared out over its parts so that it stands once. Pure.

`initial_order_amount` is what was ordered, `actual_order_amount` what is left of it after cancellations and returns.
The rows are those of the first; a row `canceled` leads to the second, which is the order's total.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.mapping_order_lines import exact
from entrepot.connectors.cafe24.values import Amount, money
from entrepot.connectors.contract import ChannelTotal
from entrepot.kernel.money import ZERO_DECIMAL_CURRENCIES

SHIPPING = "shipping"
_ZERO = Decimal(0)
_DISCOUNTS = (
    ("coupon", "Coupons", "coupon_discount_price"),
    ("coupon_shipping", "Shipping coupon", "coupon_shipping_fee_amount"),
    ("membership", "Membership discount", "membership_discount_amount"),
    ("shipping_discount", "Shipping discount", "shipping_fee_discount_amount"),
    ("set_discount", "Set discount", "set_product_discount_amount"),
    ("app_discount", "App discount", "app_discount_amount"),
    ("market_discount", "Market discount", "market_other_discount_amount"),
    ("points", "Points", "points_spent_amount"),
    ("credits", "Credits", "credits_spent_amount"),
)


@dataclass(frozen=True, slots=True)
class Bill:
    """Rows and total of one part."""

    rows: tuple[ChannelTotal, ...]
    total: Decimal


def bills(order: wire.Order, goods: Sequence[Decimal], currency: str) -> list[Bill]:
    """A bill for each part, whose goods cost `goods`: the order itself first, replacements with 0.

    Shipping stands on the first part. Discounts and what was taken off later are shared by what the goods cost.

    Raises:
        ValueError: An amount is no number.
    """
    first_alone = [Decimal(1), *(_ZERO for _ in goods[1:])]
    shared = [
        (code, title, _shares(amount, first_alone if code == SHIPPING else goods, currency))
        for code, title, amount in _adjustments(order, sum(goods, _ZERO))
        if amount
    ]
    made: list[Bill] = []
    for place, cost in enumerate(goods):
        rows = [ChannelTotal(code="sub_total", title="Sub-total", amount=cost)]
        for code, title, amounts in shared:
            if amounts[place]:
                rows.append(ChannelTotal(code=code, title=title, amount=exact(amounts[place], currency)))
        total = exact(sum((row.amount for row in rows), _ZERO), currency)
        made.append(Bill((*rows, ChannelTotal(code="total", title="Total", amount=total)), total))
    return made


def _adjustments(order: wire.Order, goods: Decimal) -> list[tuple[str, str, Decimal]]:
    """All that leads from the price of the goods to the total, so that the rows add up to it."""
    first = order.initial_order_amount or order.actual_order_amount or wire.Amounts()
    rows = [(SHIPPING, "Shipping", _amount(first.shipping_fee))]
    rows.extend((code, title, -_amount(getattr(first, key))) for code, title, key in _DISCOUNTS)
    stated = goods + sum((amount for _, _, amount in rows), _ZERO)
    ordered = _due(first, stated)
    rows.append(("other", "Other", ordered - stated))
    left = _due(order.actual_order_amount, ordered) if order.actual_order_amount else ordered
    rows.append(("canceled", "Canceled or returned", left - ordered))
    return rows


def _due(amounts: wire.Amounts, otherwise: Decimal) -> Decimal:
    """What the buyer has to pay: what was paid, or what is due until then."""
    for stated in (amounts.payment_amount, amounts.total_amount_due):
        if _amount(stated):
            return _amount(stated)
    if amounts.payment_amount is None and amounts.total_amount_due is None:
        return otherwise
    return _ZERO


def _shares(amount: Decimal, goods: Sequence[Decimal], currency: str) -> list[Decimal]:
    """An amount over the parts by what their goods cost; the remainder stands on the first."""
    whole = sum(goods, _ZERO)
    unit = Decimal(1) if currency in ZERO_DECIMAL_CURRENCIES else Decimal("0.01")
    shares = [(amount * cost / whole).quantize(unit, ROUND_DOWN) if whole else _ZERO for cost in goods[1:]]
    return [amount - sum(shares, _ZERO), *shares]


def _amount(stated: Amount) -> Decimal:
    return money(stated) or _ZERO
