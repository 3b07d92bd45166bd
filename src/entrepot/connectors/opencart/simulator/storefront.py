"""A small storefront for people: see the stock, buy one, cancel it. Server-rendered, nothing from outside."""

import html
import zlib
from decimal import Decimal
from pathlib import PurePosixPath
from urllib.parse import parse_qs, quote

from entrepot.connectors.opencart.simulator.rows import CartRefused, Item, Order, Product
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.text import unescape

MOST_PRODUCTS, MOST_ORDERS = 60, 12
_FREE_TEXT = {
    "text": "Engraving",
    "textarea": "Gift note",
    "file": "8a95da2fcfaa314b36831f15630273d6",
    "date": "2026-12-24",
    "time": "10:30",
    "datetime": "2026-12-24 10:30",
}
_CANCELED = 7
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--accent:#1c7c54}
*{box-sizing:border-box}
body{font:15px/1.45 system-ui,"Noto Sans KR",sans-serif;margin:0;padding:0 1rem 3rem}
main,header{max-width:72rem;margin:auto}
header{display:flex;gap:1rem;align-items:baseline;padding:1.2rem 0;flex-wrap:wrap}
h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:1.6rem 0 .6rem}p.note{color:#888;margin:0}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.9rem}
.card{border:1px solid var(--line);border-radius:.6rem;overflow:hidden;display:flex;flex-direction:column}
.card img{width:100%;aspect-ratio:16/9;display:block}
.card div{padding:.7rem .8rem;display:flex;flex-direction:column;gap:.35rem;flex:1}
.card h3{font-size:1rem;margin:0}.row{display:flex;justify-content:space-between;gap:.5rem}
.small{font-size:.82rem;color:#888}.stock{font-variant-numeric:tabular-nums;font-weight:600}
.out{color:#c0392b}
form{display:flex;gap:.4rem;margin-top:auto;flex-wrap:wrap}
select,input{font:inherit;padding:.3rem;border:1px solid var(--line);
border-radius:.35rem;background:transparent;color:inherit;max-width:100%}
input[type=number]{width:4.2rem}
button{font:inherit;padding:.35rem .8rem;border:0;border-radius:.35rem;
background:var(--accent);color:#fff;cursor:pointer}
button.plain{background:transparent;color:inherit;border:1px solid var(--line)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .5rem;border-bottom:1px solid var(--line)}
.wide{overflow-x:auto}.told{border:1px solid var(--accent);border-radius:.5rem;padding:.5rem .8rem}
"""


def page(shop: Shop, told: str = "") -> bytes:
    """The whole storefront as one page."""
    with shop.lock:
        cards = "".join(
            _card(shop, product) for product in list(shop.tables.products.values())[:MOST_PRODUCTS] if product.status
        )
        latest = sorted(shop.tables.orders.items(), reverse=True)[:MOST_ORDERS]
        lines = "".join(_order_line(shop, order_id, order) for order_id, order in latest)
    message = f'<p class="told" role="status">{html.escape(told)}</p>' if told else ""
    body = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(shop.name)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<header><h1>{html.escape(shop.name)}</h1>"
        f'<p class="note">A simulated OpenCart {shop.line.version} shop. '
        "Buy something and watch the stock.</p></header>"
        f'<main>{message}<div class="grid">{cards}</div><h2>Latest orders</h2><div class="wide"><table><thead><tr>'
        "<th>Order</th><th>Placed</th><th>Buyer</th><th>Lines</th><th>Total</th><th>Status</th><th></th></tr></thead>"
        f"<tbody>{lines}</tbody></table></div></main></body></html>"
    )
    return body.encode()


def _card(shop: Shop, product: Product) -> str:
    name = product.names.get(shop.language_id) or product.names[1]
    other = next((text for key, text in product.names.items() if key != shop.language_id and text != name), "")
    image = f"/image/{quote(product.columns.get('image') or 'placeholder.png')}?name={quote(unescape(name))}"
    figure = f'<span class="stock{"" if product.quantity > 0 else " out"}">{product.quantity} in stock</span>'
    return (
        f'<article class="card"><img alt="" loading="lazy" src="{image}"><div><h3>{name}</h3>'
        f'<span class="small">{other}</span>'
        f'<span class="row"><span>{_money(shop, product.price)}</span>{figure}</span>'
        f"{_buy_form(shop, product, name)}</div></article>"
    )


def _buy_form(shop: Shop, product: Product, name: str) -> str:
    selects = ""
    for option in product.options:
        if not option.values:
            continue
        label = shop.option(option.option_id).names[1]
        choices = "".join(
            f'<option value="{value.product_option_value_id}">'
            f"{shop.option_value_name(value.option_value_id, shop.language_id)} ({value.quantity})</option>"
            for value in option.values
        )
        selects += f'<select name="option-{option.product_option_id}" aria-label="{label} of {name}">{choices}</select>'
    minimum = product.columns.get("minimum") or "1"
    return (
        '<form method="post" action="/buy">'
        f'<input type="hidden" name="product_id" value="{product.product_id}">{selects}'
        f'<input type="number" name="quantity" value="{minimum}" min="1" aria-label="Quantity of {name}">'
        f'<button aria-label="Buy {name}">Buy</button></form>'
    )


def _order_line(shop: Shop, order_id: int, order: Order) -> str:
    lines = ", ".join(f"{line['quantity']} × {line['name']}" for line in order.lines)
    names = {row.order_status_id: row.names[1] for row in shop.tables.statuses}
    status = names.get(order.status, "Not confirmed" if order.status == 0 else str(order.status))
    button = ""
    if order.status in set(shop.processing) - set(shop.complete):
        button = (
            f'<form method="post" action="/cancel"><input type="hidden" name="order_id" value="{order_id}">'
            f'<button class="plain" aria-label="Cancel order {order_id}">Cancel</button></form>'
        )
    buyer = f"{order.row['lastname']} {order.row['firstname']}"
    return (
        f"<tr><td>{order_id}</td><td>{order.row['date_added']}</td><td>{buyer}</td><td>{lines}</td>"
        f"<td>{_money(shop, order.row['total'])}</td><td>{status}</td><td>{button}</td></tr>"
    )


def _money(shop: Shop, amount: str) -> str:
    places = next((row["decimal_place"] for row in shop.tables.currencies if row["code"] == shop.currency), "2")
    return f"{Decimal(amount):,.{int(places)}f} {shop.currency}"


def act(shop: Shop, path: str, body: bytes) -> str:
    """Do what a form asked for; answer a sentence about it."""
    fields = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    try:
        if path == "/buy":
            return f"Order {_buy(shop, fields)} is placed."
        if path == "/cancel":
            shop.set_status(int(fields["order_id"]), _CANCELED, "Canceled by the buyer")
            return f"Order {fields['order_id']} is canceled."
    except CartRefused as refusal:
        return f"The shop refuses this: {refusal}."
    except (KeyError, ValueError):
        pass
    return "The shop does not understand this."


def _buy(shop: Shop, fields: dict[str, str]) -> int:
    product = shop.tables.products[int(fields["product_id"])]
    options: dict[int, int | str | list[int]] = {}
    for option in product.options:
        chosen = fields.get(f"option-{option.product_option_id}")
        kind = shop.option(option.option_id).type
        if chosen is not None:
            options[option.product_option_id] = [int(chosen)] if kind == "checkbox" else int(chosen)
        elif kind in _FREE_TEXT:
            options[option.product_option_id] = _FREE_TEXT[kind]
    return shop.place_order([Item(product.product_id, int(fields["quantity"]), options)])


def picture(target: str) -> bytes:
    """A drawn stand-in for a product's photograph: its initials on a colour of its own."""
    path, _, query = target.partition("?")
    name = parse_qs(query).get("name", [PurePosixPath(path).stem.replace("_", " ").title()])[0]
    hue = zlib.crc32(path.encode()) % 360
    initials = "".join(word[0] for word in name.split()[:2]) or "?"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90">'
        f'<rect width="160" height="90" fill="hsl({hue} 35% 82%)"/>'
        f'<text x="80" y="58" font-size="36" font-family="sans-serif" text-anchor="middle" fill="hsl({hue} 45% 32%)">'
        f"{html.escape(initials)}</text></svg>"
    ).encode()
