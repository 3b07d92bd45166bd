"""What an order costs: as it was placed, and what is left of it (reference §5.3)."""

from decimal import Decimal

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.order_rows import ZERO, Order, OrderItem, money
from entrepot.connectors.cafe24.simulator.order_states import GONE

_NO_AMOUNTS = (
    "points_spent_amount",
    "credits_spent_amount",
    "membership_discount_amount",
    "coupon_shipping_fee_amount",
    "shipping_fee_discount_amount",
    "set_product_discount_amount",
    "app_discount_amount",
    "point_incentive_amount",
    "market_other_discount_amount",
)
_AMOUNT_KEYS = (
    "order_price_amount",
    "shipping_fee",
    "points_spent_amount",
    "credits_spent_amount",
    "coupon_discount_price",
    "coupon_shipping_fee_amount",
    "membership_discount_amount",
    "shipping_fee_discount_amount",
    "set_product_discount_amount",
    "app_discount_amount",
    "point_incentive_amount",
    "total_amount_due",
    "payment_amount",
    "market_other_discount_amount",
    "tax",
)


def _amounts(order: Order, items: list[OrderItem], fee: Decimal) -> Row:
    price = sum((item.amount for item in items), ZERO)
    coupon = sum((item.coupon for item in items), ZERO)
    discount = sum((item.discount for item in items), ZERO)
    due = price + fee - coupon - discount
    row: Row = dict.fromkeys(_NO_AMOUNTS, "0.00")
    row |= {
        "order_price_amount": money(price),
        "shipping_fee": money(fee),
        "coupon_discount_price": money(coupon),
        "app_discount_amount": money(discount),
        "total_amount_due": money(due),
        "payment_amount": money(due if order.paid_at else ZERO),
        "tax": None,
    }
    return {key: row[key] for key in _AMOUNT_KEYS}


def amounts_now(order: Order) -> Row:
    """What is left of the order once canceled and returned items are taken away."""
    alive = [item for item in order.items if item.status not in GONE and item.status_code != "N2"]
    return _amounts(order, alive, order.shipping_fee if alive else ZERO)


def first_amounts(order: Order) -> Row:
    """What was ordered. Kept from the day of the order in `columns`, because items may be split and added."""
    ordered = [item for item in order.items if item.status_code != "N2"]
    return _amounts(order, ordered, order.shipping_fee)
