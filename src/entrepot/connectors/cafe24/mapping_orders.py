"""A Cafe24 order → the ChannelOrders it is. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from entrepot.connectors.cafe24 import kst
from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.mapping_claims import claims
from entrepot.connectors.cafe24.mapping_order_lines import lines, parcels
from entrepot.connectors.cafe24.mapping_order_money import Bill, bills
from entrepot.connectors.cafe24.mapping_order_parts import HomeOf, Part, item_state, nowhere, parts
from entrepot.connectors.cafe24.rows import decoded_rows
from entrepot.connectors.cafe24.state import order_code
from entrepot.connectors.cafe24.values import text, truth
from entrepot.connectors.contract import BadItem, ChannelAddress, ChannelOrder, ChannelOrderLine

_OWN_MALL = frozenset({"", "self", "cafe24", "mobile", "mobile_d"})
_NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER_DATES = ("order_date", "payment_date", "cancel_date", "return_confirmed_date")
_ITEM_DATES = (
    "ordered_date",
    "shipped_date",
    "delivered_date",
    "purchaseconfirmation_date",
    "cancel_date",
    "cancel_request_date",
    "return_confirmed_date",
    "return_request_date",
    "return_collected_date",
    "exchange_request_date",
    "exchange_date",
    "refund_date",
)


def read_orders(raws: Sequence[msgspec.Raw], home_of: HomeOf = nowhere) -> tuple[list[ChannelOrder], list[BadItem]]:
    """All parts of the orders of an answer, and a report of each order that cannot be read. `home_of`: see `parts`."""
    orders: list[ChannelOrder] = []
    bad: list[BadItem] = []
    for raw in raws:
        rows, malformed = decoded_rows([raw], wire.Order)
        bad.extend(problem.report("order") for problem in malformed)
        for row in rows:
            read = channel_orders(row, msgspec.json.decode(raw), home_of)
            if isinstance(read, BadItem):
                bad.append(read)
            else:
                orders.extend(read)
    return orders, bad


def channel_orders(
    order: wire.Order, raw: Mapping[str, Any], home_of: HomeOf = nowhere
) -> list[ChannelOrder] | BadItem:
    """The order and its parts that travel on their own, or a report when it cannot be used as it is.

    An unpaid order is an order (code N00). `version` is 0: Cafe24 records none.
    """
    if not order.items:
        return BadItem(kind="order", remote_id=order.order_id, code="no_items", detail="$.items: none", raw=raw)
    currency = text(order.currency).upper() or "KRW"
    found = parts(order, home_of)
    try:
        bought = [lines(part, currency) for part in found]
        costs = [sum((line.line_total for line in of_part), Decimal(0)) for of_part in bought]
        made = bills(order, costs, currency)
    except ValueError as problem:
        return BadItem(kind="order", remote_id=order.order_id, code="bad_price", detail=str(problem), raw=raw)
    return [_part(order, part, bill, goods, raw) for part, bill, goods in zip(found, made, bought, strict=True)]


def _part(
    order: wire.Order, part: Part, bill: Bill, goods: Sequence[ChannelOrderLine], raw: Mapping[str, Any]
) -> ChannelOrder:
    placed_at = kst.moment(order.order_date) or _day_of(order.order_id)
    buyer = _buyer(order)
    currency = text(order.currency).upper() or "KRW"
    return ChannelOrder(
        remote_id=part.remote_id,
        number=part.number,
        version=0,
        confirmed=True,
        status_id=order_code(item_state(item, replacement=part.is_replacement) for item in part.items),
        placed_at=placed_at,
        changed_at=max((placed_at, *_dates(order, part))),
        base_currency=currency,
        currency=currency,
        rate=Decimal(1),
        total=bill.total,
        lines=goods,
        totals=bill.rows,
        buyer_name=text(buyer.name) or text(order.billing_name) or (text(part.receiver.name) if part.receiver else ""),
        buyer_email=text(buyer.email),
        buyer_phone=text(buyer.cellphone) or text(buyer.phone),
        shipping=_shipping(part.receiver),
        billing=_billing(buyer),
        payment_method=_payment_method(order),
        shipping_method=text(order.shipping_type_text),
        comment=text(part.receiver.shipping_message) if part.receiver else "",
        paid=truth(order.paid),
        parcels=parcels(part),
        claims=claims(order, part),
        follows=part.follows,
        origin=origin(order),
        pickup=truth(order.store_pickup) or all(truth(item.store_pickup) for item in part.items),
        raw=raw,
    )


def _dates(order: wire.Order, part: Part) -> Iterator[datetime]:
    stated = [getattr(order, name) for name in _ORDER_DATES]
    stated += [getattr(item, name) for item in part.items for name in _ITEM_DATES]
    yield from (at for at in map(kst.moment, stated) if at)


def _day_of(order_id: str) -> datetime:
    """An order's id begins with its Korean day."""
    return kst.moment(order_id[:8]) or _NO_DAY


def origin(order: wire.Order) -> str:
    """The market or payment service the buyer came from; "" for the mall's own pages."""
    named = (text(order.order_place_id), text(order.market_id))
    return next((name for name in named if name not in _OWN_MALL), "")


def _payment_method(order: wire.Order) -> str:
    for stated in (order.payment_method_name, order.payment_method):
        names = [str(name).strip() for name in wire.several(stated) if str(name).strip()]
        if names:
            return ", ".join(names)
    return ""


# --------------------------------------------------------------------------- people and places


def _buyer(order: wire.Order) -> wire.Buyer:
    if isinstance(order.buyer, wire.Buyer):
        return order.buyer
    return next(iter(order.buyer or ()), wire.Buyer())


def _shipping(receiver: wire.Receiver | None) -> ChannelAddress | None:
    """As it is written in Korea: two lines and a postcode. A 0500 number stands for one that is not told (case 43)."""
    if receiver is None:
        return None
    return ChannelAddress(
        name=text(receiver.name),
        line1=text(receiver.address1),
        line2=text(receiver.address2),
        city=text(receiver.address_city),
        region=text(receiver.address_state),
        postcode=text(receiver.zipcode),
        country=text(receiver.country_name),
        country_code=text(receiver.country_code).upper() or "KR",
        phone=text(receiver.cellphone) or text(receiver.virtual_phone_no) or text(receiver.phone),
    )


def _billing(buyer: wire.Buyer) -> ChannelAddress | None:
    line1, line2, postcode = text(buyer.buyer_address1), text(buyer.buyer_address2), text(buyer.buyer_zipcode)
    if not (line1 or line2 or postcode):
        return None
    return ChannelAddress(
        name=text(buyer.name), company=text(buyer.company_name), line1=line1, line2=line2, postcode=postcode
    )
