"""A small shop front for people: see the stock, buy one, ask to cancel it or send it back. Server-rendered."""

import html
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import parse_qs, quote

from entrepot.connectors.cafe24.simulator.answers import Refusal
from entrepot.connectors.cafe24.simulator.goods import Product, Variant
from entrepot.connectors.cafe24.simulator.mall import Mall, SoldOut
from entrepot.connectors.cafe24.simulator.order_rows import Order
from entrepot.connectors.cafe24.simulator.order_states import may, text_of

Page = tuple[int, str, bytes, dict[str, str]]
MOST_PRODUCTS, MOST_ORDERS = 60, 12
_HTML = "text/html; charset=utf-8"
_DEEDS: Mapping[str, tuple[str, str, str]] = {
    "/pay": ("pay", "Pay", "is paid"),
    "/cancel": ("ask_cancel", "Ask to cancel", "is asked to be canceled"),
    "/return": ("ask_return", "Send back", "is asked to be sent back"),
}
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--accent:#2457c5}
*{box-sizing:border-box}
body{font:15px/1.45 system-ui,"Noto Sans KR",sans-serif;margin:0;padding:0 1rem 3rem}
main,header{max-width:72rem;margin:auto}
header{display:flex;gap:1rem;align-items:baseline;padding:1.2rem 0;flex-wrap:wrap}
h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:1.6rem 0 .6rem}p.note{color:#888;margin:0}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.9rem}
.card{border:1px solid var(--line);border-radius:.6rem;overflow:hidden;display:flex;flex-direction:column}
.card img{width:100%;aspect-ratio:16/9;object-fit:cover;display:block}
.card div{padding:.7rem .8rem;display:flex;flex-direction:column;gap:.35rem;flex:1}
.card h3{font-size:1rem;margin:0}.row{display:flex;justify-content:space-between;gap:.5rem}
.stock{font-variant-numeric:tabular-nums;font-weight:600}.out{color:#c0392b}
form{display:flex;gap:.4rem;margin-top:auto;flex-wrap:wrap}td form{display:inline-flex;margin:0 .3rem 0 0}
select,input{font:inherit;padding:.3rem;border:1px solid var(--line);border-radius:.35rem;
background:transparent;color:inherit;max-width:100%}
input[type=number]{width:4.2rem}
button{font:inherit;padding:.35rem .8rem;border:0;border-radius:.35rem;
background:var(--accent);color:#fff;cursor:pointer}
button.plain{background:transparent;color:inherit;border:1px solid var(--line)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .5rem;border-bottom:1px solid var(--line)}
.wide{overflow-x:auto}.told{border:1px solid var(--accent);border-radius:.5rem;padding:.5rem .8rem}
"""


def answer(mall: Mall, method: str, path: str, query: str, body: bytes) -> Page:
    """A page outside the API, or what came of a form."""
    if method == "POST":
        told = _act(mall, path, {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()})
        return 303, _HTML, b"", {"Location": f"/?told={quote(told)}"}
    if path == "/":
        return 200, _HTML, _page(mall, parse_qs(query).get("told", [""])[0]), {}
    return 404, _HTML, b"<!DOCTYPE html><title>404</title><h1>404</h1>", {}


def _page(mall: Mall, told: str) -> bytes:
    with mall.lock:
        shown = [one for one in mall.products.values() if one.row.get("display") == "T" and one.variants]
        cards = "".join(_card(product) for product in shown[:MOST_PRODUCTS])
        latest = sorted(mall.orders.rows.values(), key=lambda order: order.placed_at, reverse=True)[:MOST_ORDERS]
        lines = "".join(_line(order) for order in latest)
    message = f'<p class="told" role="status">{html.escape(told)}</p>' if told else ""
    body = (
        f'<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>{html.escape(mall.name)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<header><h1>{html.escape(mall.name)}</h1>"
        '<p class="note">A simulated Cafe24 mall. Buy something and watch the stock.</p></header>'
        f'<main>{message}<div class="grid">{cards}</div><h2>Latest orders</h2><div class="wide"><table><thead><tr>'
        "<th>Order</th><th>Placed</th><th>Buyer</th><th>Items</th><th>Total</th><th></th></tr></thead>"
        f"<tbody>{lines}</tbody></table></div></main></body></html>"
    )
    return body.encode()


def _card(product: Product) -> str:
    name = html.escape(product.name())
    stock = sum(variant.quantity for variant in product.variants if variant.use_inventory == "T")
    counted = any(variant.use_inventory == "T" for variant in product.variants)
    figure = f'<span class="stock{"" if stock > 0 or not counted else " out"}">{stock if counted else "∞"}</span>'
    image = html.escape(str(product.row.get("list_image") or ""))
    picture = f'<img alt="" loading="lazy" src="{image}">' if image else ""
    price = f'<span class="row"><span>{_won(product.price())}</span>{figure}</span>'
    return f'<article class="card">{picture}<div><h3>{name}</h3>{price}{_buy_form(product, name)}</div></article>'


def _buy_form(product: Product, name: str) -> str:
    if product.variants[1:]:
        options = "".join(
            f'<option value="{variant.variant_code}">{html.escape(_label(variant))}</option>'
            for variant in product.variants
        )
        choice = f'<select name="variant_code" aria-label="Variant of {name}">{options}</select>'
    else:
        choice = f'<input type="hidden" name="variant_code" value="{product.variants[0].variant_code}">'
    return (
        f'<form method="post" action="/buy">{choice}'
        f'<input type="number" name="quantity" value="1" min="1" aria-label="Quantity of {name}">'
        f'<button aria-label="Buy {name}">Buy</button></form>'
    )


def _label(variant: Variant) -> str:
    count = str(variant.quantity) if variant.use_inventory == "T" else "∞"
    return f"{variant.option_value} ({count})"


def _line(order: Order) -> str:
    items = "<br>".join(
        f"{item.quantity} × {html.escape(str(item.goods['product_name']))}"
        f" {html.escape(str(item.goods['option_value']))} · {item.status} {html.escape(text_of(item.status))}"
        for item in order.items
    )
    buttons = "".join(
        f'<form method="post" action="{path}"><input type="hidden" name="order_id" value="{order.order_id}">'
        f'<button class="plain" aria-label="{label}: {order.order_id}">{label}</button></form>'
        for path, (trigger, label, _) in _DEEDS.items()
        if any(may(trigger, item.acts_as) for item in order.items)
    )
    due = order.columns["initial_order_amount"]["total_amount_due"]
    return (
        f"<tr><td>{order.order_id}</td><td>{order.placed_at:%Y-%m-%d %H:%M}</td>"
        f"<td>{html.escape(str(order.buyer['name']))}</td><td>{items}</td><td>{_won(due)}</td><td>{buttons}</td></tr>"
    )


def _won(amount: str) -> str:
    return f"{Decimal(amount):,.0f} 원"


def _act(mall: Mall, path: str, fields: Mapping[str, str]) -> str:
    """Do what a form asked for; answer a sentence about it."""
    try:
        if path == "/buy":
            return f"Order {mall.place_order([(fields['variant_code'], int(fields['quantity']))])} is placed."
        if path in _DEEDS:
            order_id = fields["order_id"]
            match path:
                case "/pay":
                    mall.pay(order_id)
                case "/cancel":
                    mall.request_cancel(order_id)
                case _:
                    mall.request_return(order_id)
            return f"Order {order_id} {_DEEDS[path][2]}."
    except Refusal as refusal:
        return f"The mall refuses this: {refusal.message}"
    except SoldOut:
        return "The mall refuses this: it is sold out."
    except (KeyError, ValueError):
        pass
    return "The mall does not understand this."
