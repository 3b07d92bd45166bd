"""Orders by OpenCart's own rules: carts of status 0, histories that move stock, edits and deletions (reference §5)."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from entrepot.connectors.opencart.simulator.cart import (
    FLAT_SHIPPING,
    TAX_CLASS,
    PricedCart,
    PricedLine,
    check_stock,
    price_cart,
)
from entrepot.connectors.opencart.simulator.countries import COUNTRY_IDS
from entrepot.connectors.opencart.simulator.rows import CartRefused, Customer, Item, Order, Row
from entrepot.connectors.opencart.simulator.text import escape, fit, stored

if TYPE_CHECKING:
    from entrepot.connectors.opencart.simulator.shop import Shop

_WIDTHS = {"firstname": 32, "lastname": 32, "email": 96, "telephone": 32, "postcode": 10}


def add_order(
    shop: "Shop", items: Sequence[Item], customer: Customer, currency: str, coupon: str | None, *, check: bool
) -> int:
    """Write an order of status 0, as the confirm page does. No stock moves and no history row is made.

    Raises:
        CartRefused: The storefront would not let this cart through.
    """
    if not items:
        raise CartRefused("the cart is empty")
    if check and not shop.stock_checkout:
        check_stock(shop, items)
    cart = price_cart(shop, items, customer, coupon)
    order_id = shop.tables.next_id("order")
    order = Order(row=_order_row(shop, order_id, customer, currency, cart))
    shop.tables.orders[order_id] = order
    _write_lines(shop, order_id, order, cart)
    shop.emit("order.added", order_id, {})
    return order_id


def add_history(
    shop: "Shop",
    order_id: int,
    status_id: int,
    comment: str = "",
    *,
    notify: bool = False,
    origin: str = "shop",
    event: bool = True,
    history_id: int | None = None,
) -> int:
    """Write a history row and move the stock when the status enters or leaves the counted ones.

    `comment` is stored as given: callers that stand for a form escape it. An unknown status id is taken, as in the
    shop (case 12). `event` False stands for a call inside the shop's own model, which fires nothing.
    """
    order = shop.tables.orders[order_id]
    counted = {*shop.processing, *shop.complete}
    before, after = order.status in counted, status_id in counted
    if before != after:
        _move_stock(shop, order, -1 if after else 1)
    order.row["order_status_id"] = str(status_id)
    if shop.line.history_moves_date_modified:
        order.row["date_modified"] = shop.clock.stamp()
    history_id = history_id or shop.tables.next_id("order_history")
    row = {
        "order_history_id": str(history_id),
        "order_id": str(order_id),
        "order_status_id": str(status_id),
        "notify": str(int(notify)),
        "comment": comment,
        "date_added": shop.clock.stamp(),
    }
    shop.keep_history(history_id, row)
    if event:
        told = {"order_status_id": status_id, "order_history_id": history_id}
        shop.emit("order.history", order_id, told, origin=origin)
    return history_id


def edit_order(
    shop: "Shop", order_id: int, items: Sequence[Item] | None, shipping: Mapping[str, str], coupon: str | None
) -> int:
    """Save an order in the admin up to the point where its status is still missing; answer the old status.

    4.1 writes a Voided row with notify first, older lines pass through status 0. Lines get new ids.
    """
    order = shop.tables.orders[order_id]
    old_status = order.status
    through = shop.line.edit_passes_through
    if old_status or not through:
        add_history(shop, order_id, through, notify=bool(through), event=False)
    for name, value in shipping.items():
        order.row[f"shipping_{name}"] = fit(escape(value), _WIDTHS.get(name, 255))
    if items is not None:
        taxed = order.row["shipping_country"] == "United Kingdom"
        customer = Customer(country_code="GB" if taxed else "KR")
        cart = price_cart(shop, items, customer, coupon)
        order.row["total"] = stored(cart.total)
        _write_lines(shop, order_id, order, cart)
    order.row["date_modified"] = shop.clock.stamp()
    shop.order_changed(order_id)
    return old_status


def delete_order(shop: "Shop", order_id: int, *, keep_history: bool = False) -> None:
    """Delete an order as the admin does: restocked first before 4.1, not on 4.1; no trace stays but the event.

    `keep_history` stands for a tool that deletes the order row by SQL and leaves its history behind.
    """
    if shop.line.delete_restocks and not keep_history:
        add_history(shop, order_id, 0, event=False)
    del shop.tables.orders[order_id]
    if not keep_history:
        shop.forget_history(order_id)
    shop.order_changed(order_id)
    if not keep_history:
        shop.emit("order.deleted", order_id, {})


def _move_stock(shop: "Shop", order: Order, sign: int) -> None:
    """Add or take the order's pieces: product, its master, and option values that still exist, where counted."""
    for line in order.lines:
        pieces = sign * int(line["quantity"])
        for product_id in (int(line["product_id"]), int(line.get("master_id", 0))):
            product = shop.tables.products.get(product_id)
            if product and product.subtract:
                product.quantity += pieces
                shop.stock_moved(product_id)
        for option in line["options"]:
            found = shop.value_by_row(int(option["product_option_value_id"]))
            if found and found[1].subtract:
                found[1].quantity += pieces
                shop.stock_moved(found[0])


def _write_lines(shop: "Shop", order_id: int, order: Order, cart: PricedCart) -> None:
    order.lines = [_line_row(shop, order_id, line) for line in cart.lines]
    order.totals = []
    for total in cart.totals:
        row = {"order_total_id": str(shop.tables.next_id("order_total")), "order_id": str(order_id)}
        if shop.line.json_methods:
            row["extension"] = "opencart"
        order.totals.append({**row, **total})


def _line_row(shop: "Shop", order_id: int, line: PricedLine) -> Row:
    line_id = str(shop.tables.next_id("order_product"))
    head = {"order_product_id": line_id, "order_id": str(order_id), "product_id": str(line.product.product_id)}
    if shop.line.has_variants:
        head["master_id"] = str(line.master_id)
    options = [{"order_option_id": str(shop.tables.next_id("order_option")), **option} for option in line.options]
    return {
        **head,
        "name": line.product.names.get(shop.language_id) or line.product.names[1],
        "model": line.product.columns.get("model") or "",
        "quantity": str(line.quantity),
        "price": stored(line.price),
        "total": stored(line.total),
        "tax": stored(line.tax),
        "reward": "0",
        "options": options,
    }


def _address(shop: "Shop", kind: str, customer: Customer | None) -> Row:
    names = ("firstname", "lastname", "company", "address_1", "address_2", "city", "postcode", "country", "zone")
    row: Row = {f"{kind}_{name}": "" for name in names}
    if customer is not None:
        row = {f"{kind}_{name}": fit(escape(getattr(customer, name)), _WIDTHS.get(name, 255)) for name in names}
    country_id = COUNTRY_IDS.get(customer.country_code, "0") if customer else "0"
    row |= {f"{kind}_country_id": country_id, f"{kind}_zone_id": "0", f"{kind}_address_format": ""}
    row[f"{kind}_custom_field"] = "[]"
    if shop.line.json_methods:
        row[f"{kind}_address_id"] = "0"
    return row


def _methods(shop: "Shop", *, shipped: bool) -> Row:
    if not shop.line.json_methods:
        return {
            "payment_method": "Cash On Delivery",
            "payment_code": "cod",
            "shipping_method": "Flat Shipping Rate" if shipped else "",
            "shipping_code": "flat.flat" if shipped else "",
        }
    flat = {
        "code": "flat.flat",
        "name": "Flat Shipping Rate",
        "cost": f"{FLAT_SHIPPING:.2f}",
        "tax_class_id": str(TAX_CLASS),
        "text": "$5.00",
    }
    return {
        "payment_method": json.dumps({"code": "cod.cod", "name": "Cash On Delivery"}, separators=(",", ":")),
        "shipping_method": json.dumps(flat, separators=(",", ":")) if shipped else "",
    }


def _order_row(shop: "Shop", order_id: int, customer: Customer, currency: str, cart: PricedCart) -> Row:
    chosen = next((row for row in shop.tables.currencies if row["code"] == currency), None)
    if chosen is None or not chosen["status"]:
        raise CartRefused(f"currency {currency} is not on offer")
    shipped = any(row["code"] == "shipping" for row in cart.totals)
    stamp = shop.clock.stamp()
    bought: Row = {
        "order_id": str(order_id),
        "store_url": shop.url,
        "store_name": escape(shop.name),
        **{
            name: fit(escape(getattr(customer, name)), _WIDTHS[name])
            for name in ("firstname", "lastname", "email", "telephone")
        },
        **_address(shop, "payment", customer if shop.line.guest_payment_address else None),
        **_address(shop, "shipping", customer if shipped else None),
        **_methods(shop, shipped=shipped),
        "comment": escape(customer.comment),
        "total": stored(cart.total),
        "language_id": str(shop.language_id),
        "language_code": shop.language if shop.line.name == "4.1" else "",
        "currency_id": str(chosen["currency_id"]),
        "currency_code": currency,
        "currency_value": stored(Decimal(chosen["value"]), 8),
        "date_added": stamp,
        "date_modified": stamp,
    }
    defaults = _order_defaults(shop)
    return {column: bought.get(column, defaults.get(column, "")) for column in shop.line.order_columns}


def _order_defaults(shop: "Shop") -> Row:
    zeros = [
        "subscription_id",
        "invoice_no",
        "store_id",
        "customer_id",
        "order_status_id",
        "affiliate_id",
        "marketing_id",
    ]
    return {
        **dict.fromkeys(zeros, "0"),
        "invoice_prefix": "INV-2026-00",
        "transaction_id": shop.line.empty_text,
        "customer_group_id": "1",
        "custom_field": "[]",
        "commission": "0.0000",
        "tracking": "",
        "ip": "203.0.113.7",
        "user_agent": "Mozilla/5.0",
        "accept_language": "ko-KR,ko;q=0.9",
    }
