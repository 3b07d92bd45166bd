"""How an order comes about: people, items, money, stock (reference §5.1, §5.3–5.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.clock import KST, stamp
from entrepot.connectors.cafe24.simulator.order_amounts import first_amounts
from entrepot.connectors.cafe24.simulator.order_rows import ZERO, Order, OrderItem

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

DUMMY_INVOICE = "00000000"
MARKETS: Mapping[str, tuple[str, str]] = {
    "self": ("cafe24", "PC웹"),
    "mobile": ("mobile", "모바일웹"),
    "coupang": ("coupang", "쿠팡"),
    "gmarket": ("gmarket", "G마켓"),
    "auction": ("auction", "옥션"),
    "sk11st": ("sk11st", "11번가"),
    "shopn": ("shopn", "스마트스토어"),
    "inpark": ("inpark", "인터파크"),
    "NCHECKOUT": ("NCHECKOUT", "네이버 페이"),
}
_BUYER: Row = {
    "member_id": "sodambuyer",
    "member_group_no": 1,
    "name": "한소담",
    "names_furigana": "",
    "email": "sodam.buyer@example.com",
    "phone": "",
    "cellphone": "010-0000-1024",
    "customer_notification": None,
    "updated_date": None,
    "user_id": None,
    "user_name": None,
    "company_name": None,
    "company_registration_no": None,
    "buyer_zipcode": None,
    "buyer_address1": None,
    "buyer_address2": None,
}
_RECEIVER: Row = {
    "name": "한소담",
    "name_furigana": "",
    "phone": "02-000-1024",
    "cellphone": "010-0000-1024",
    "virtual_phone_no": None,
    "zipcode": "04524",
    "address1": "서울특별시 중구 보기로 12",
    "address2": "3층 301호",
    "address_state": "",
    "address_city": "",
    "address_street": "",
    "address_full": "",
    "name_en": None,
    "city_en": None,
    "state_en": None,
    "street_en": None,
    "country_code": "",
    "country_name": None,
    "country_name_en": None,
    "shipping_message": "",
    "clearance_information_type": None,
    "clearance_information": None,
    "wished_delivery_date": "",
    "wished_delivery_time": None,
    "shipping_code": "",
}


@dataclass(slots=True, kw_only=True)
class Basket:
    """What a buyer orders.

    `items` = (variant_code, quantity[, number of the receiver]); `gift` = (variant_code, quantity).
    Set products bring their parts along; `bundle` makes a set of any product:
    (variant_code, quantity, [(variant_code of a part, quantity in one set)]). `market` = "self", "mobile" or an
    open market; `dummy_invoice` puts its 00000000 on the items (case 44).
    """

    items: Sequence[Sequence[object]] = ()
    paid: bool = True
    buyer: Row = field(default_factory=dict)
    receivers: Sequence[Row] = ()
    market: str = "self"
    gift: Sequence[Sequence[object]] = ()
    bundle: Sequence[Sequence[object]] = ()
    store_pickup: bool = False
    subscription: bool = False
    guest: bool = False
    shop_no: int = 1
    method: str = "card"
    shipping_fee: str = "3000.00"
    coupon: str = "0.00"
    message: str = ""
    dummy_invoice: bool = False
    check: bool = True
    at: datetime | None = None


# ------------------------------------------------------------------ items


def goods_of(mall: "Mall", variant_code: str, shop_no: int) -> Row:
    """The keys an item copies from its product."""
    product, variant = mall.find_variant(variant_code)
    row = product.seen_in(shop_no)
    return {
        "variant_code": variant_code,
        "product_no": product.product_no,
        "product_code": product.product_code,
        "internal_product_name": row.get("internal_product_name") or "",
        "custom_product_code": row.get("custom_product_code") or "",
        "custom_variant_code": variant.custom_variant_code,
        "eng_product_name": row.get("eng_product_name") or None,
        "option_id": variant_code[-4:],
        "option_value": variant.option_value,
        "option_value_default": variant.option_value,
        "additional_option_value": "",
        "additional_option_values": [{"key": None, "type": None, "name": None, "value": None}],
        "product_name": product.name(shop_no),
        "product_name_default": product.name(shop_no),
    }


def make_item(mall: "Mall", order: Order, variant_code: str, quantity: int, shipping_code: str) -> OrderItem:
    """A new line of an order, not yet in it."""
    product, variant = mall.find_variant(variant_code)
    row = product.seen_in(order.shop_no)
    return OrderItem(
        code=order.new_item_code(),
        number=mall.next_number("order_item"),
        variant_code=variant_code,
        goods=goods_of(mall, variant_code, order.shop_no),
        quantity=quantity,
        price=Decimal(product.price(order.shop_no)),
        option_price=Decimal(variant.additional_amount),
        supply_price=Decimal(str(row.get("supply_price") or "0")),
        status="N00",
        shipping_code=shipping_code,
        carrier_code=default_carrier(mall),
        bundle=[_part(mall, part["variant_code"], part["quantity"], order.shop_no) for part in product.bundle] or None,
    )


def default_carrier(mall: "Mall") -> str:
    """The carrier that stands on items before any parcel exists (case 24)."""
    rows = sorted(mall.carriers.values(), key=lambda row: row["default_shipping_carrier"] != "T")
    return str(rows[0]["shipping_carrier_code"]) if rows else ""


def _part(mall: "Mall", variant_code: str, quantity: int, shop_no: int) -> Row:
    goods = goods_of(mall, variant_code, shop_no)
    names = ("product_no", "product_code", "variant_code", "product_name", "product_name_default", "option_id")
    more = ("option_value", "option_value_default", "additional_option_value", "additional_option_values")
    return {name: goods[name] for name in (*names, *more)} | {
        "quantity": quantity,
        "supplier_id": "S0000000",
        "eng_product_name": goods["eng_product_name"],
        "hs_code": "",
        "option_price": "0.00",
    }


def _items(mall: "Mall", order: Order, basket: Basket) -> list[OrderItem]:
    codes, made = [row["shipping_code"] for row in order.receivers], []
    for variant_code, quantity, *receiver in basket.items:
        code = codes[int(str(receiver[0])) if receiver else 0]
        made.append(make_item(mall, order, str(variant_code), int(str(quantity)), code))
    for variant_code, quantity, parts in basket.bundle:
        item = make_item(mall, order, str(variant_code), int(str(quantity)), codes[0])
        rows = parts if isinstance(parts, Sequence) else ()
        item.bundle = [_part(mall, str(code), int(number), order.shop_no) for code, number in rows]
        made.append(item)
    for variant_code, quantity in basket.gift:
        item = make_item(mall, order, str(variant_code), int(str(quantity)), codes[0])
        item.gift, item.price, item.option_price = True, ZERO, ZERO
        made.append(item)
    made[0].coupon = Decimal(basket.coupon)
    if basket.market not in {"self", "mobile"}:
        for item in made:
            item.market_item_no = f"{order.market_order_no}-{item.code[-2:]}"
            item.tracking_no = DUMMY_INVOICE if basket.dummy_invoice else None
    return made


# ------------------------------------------------------------------ the order


def _receivers(order: Order, basket: Basket) -> list[Row]:
    rows = []
    for given in basket.receivers or [{}]:
        row = _RECEIVER | {"name": order.buyer["name"], "shipping_message": basket.message} | given
        row["address_full"] = f"{row['address1']} {row['address2']}".strip()
        rows.append(row | {"shipping_code": order.new_shipping_code()})
    return rows


def _empty_order(mall: "Mall", basket: Basket, at: datetime) -> Order:
    day, shop = at.astimezone(KST).strftime("%Y%m%d"), mall.shops[basket.shop_no]
    own = basket.market in {"self", "mobile"}
    place_id, place_name = MARKETS.get(basket.market, (basket.market, basket.market))
    number = mall.next_number(f"order {day}")
    buyer = _BUYER | basket.buyer | {"updated_date": stamp(at)}
    return Order(
        order_id=f"{day}-{number:07d}",
        shop_no=basket.shop_no,
        currency=shop.currency_code,
        placed_at=at,
        items=[],
        receivers=[],
        buyer=buyer | ({"member_id": "", "member_group_no": None} if basket.guest else {}),
        shipping_fee=Decimal(basket.shipping_fee),
        guest=basket.guest,
        method=basket.method,
        market="self" if own else basket.market,
        place_id=place_id,
        place_name=place_name,
        market_order_no=None if own else f"{day[2:]}{number:08d}",
        pickup=basket.store_pickup,
        subscription=basket.subscription,
        message=basket.message,
    )


def place(mall: "Mall", basket: Basket) -> Order:
    """Make the order and take what is taken when ordered (inventory_control_type A).

    Raises:
        SoldOut: Something is not there; nothing has changed.
        KeyError: No such variant.
    """
    for variant_code in (str(row[0]) for row in (*basket.items, *basket.bundle, *basket.gift)):
        mall.find_variant(variant_code)
    at, books = basket.at or mall.clock.now(), mall.orders
    order = _empty_order(mall, basket, at)
    order.receivers = _receivers(order, basket)
    order.items = _items(mall, order, basket)
    taken: list[OrderItem] = []
    try:
        for item in order.items:
            if basket.paid or books.taken_when(item.variant_code) == "A":
                books.take(item, check=basket.check)
                taken.append(item)
    except Exception:
        for item in taken:
            books.give_back(item, "T")
        raise
    order.columns["initial_order_amount"] = first_amounts(order)
    for item in order.items:
        item.dates["ordered_date"] = at
    books.rows[order.order_id] = order
    if basket.paid:
        pay(mall, order, at=at)
    return order


def add_item(mall: "Mall", order: Order, variant_code: str, quantity: int) -> OrderItem:
    """One more line, in the state of the first that is no claim.

    Raises:
        SoldOut: It is not there; nothing has changed.
    """
    item = make_item(mall, order, variant_code, quantity, order.receivers[0]["shipping_code"])
    mall.orders.take(item)
    item.status = next((one.acts_as for one in order.items if one.acts_as[0] == "N"), "N20")
    item.dates["ordered_date"] = mall.clock.now()
    order.items.append(item)
    return item


def pay(mall: "Mall", order: Order, *, at: datetime | None = None) -> None:
    """The money has come: N10 or N20, and what is taken when paid (B) leaves the stock.

    Raises:
        Refusal: 422, there is nothing to pay.
    """
    moment = at or mall.clock.now()
    mall.orders.move("pay", [item for item in order.items if item.status in {"N00", "N02"}] or order.items, at=moment)
    order.paid_at = moment
    for item in order.items:
        item.dates["ordered_date"] = moment
        mall.orders.take(item, check=False)


def unpay(mall: "Mall", order: Order) -> None:
    """The payment turns out not to have come.

    Raises:
        Refusal: 422, an item has gone on already.
    """
    mall.orders.move("unpay", order.items)
    order.paid_at = None
