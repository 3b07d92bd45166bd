"""Writing prices (§5): the regular price, the default group's special, and option deltas."""

from decimal import Decimal

from entrepot.connectors.opencart.simulator.rows import Product, Row
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.text import ZERO_DATE, decimal, stored
from entrepot.connectors.opencart.simulator.wire.answers import Answer, Call, WireError, each, encode
from entrepot.connectors.opencart.simulator.wire.stock_writes import find_product, find_value

DEFAULT_GROUP = "1"


def write_prices(shop: Shop, call: Call) -> Answer:
    """Set prices; answer each as it reads now."""

    def write(item: Row) -> Row:
        product = find_product(shop, item)
        price = amount(item, "price")
        match item.get("kind"):
            case "product" | "variant":
                product.price = stored(price)
                if "special" in item:
                    _set_special(shop, product, item["special"])
                answer: Row = {"price": product.price, "special": special_of(shop, product)}
            case "option_value":
                value = find_value(product, item)
                delta = price - Decimal(product.price)
                value.price, value.price_prefix = stored(abs(delta)), "-" if delta < 0 else "+"
                answer = {"price": stored(price), "special": None}
            case _:
                raise WireError(422, "invalid", "Unknown kind.", field="kind", reason="unknown")
        shop.stock_moved(product.product_id)
        return answer

    return Answer(encode(each(call, write)))


def amount(source: Row, name: str) -> Decimal:
    """A price of a write.

    Raises:
        WireError: It is no amount of 0 or more.
    """
    try:
        value = decimal(source.get(name))
    except ValueError:
        value = Decimal(-1)
    if value < 0 or value >= Decimal(10) ** 11:
        raise WireError(422, "invalid", f"{name} must be an amount.", field=name, reason="not_an_amount")
    return value


def special_of(shop: Shop, product: Product) -> Row | None:
    """The default group's special, first by priority."""
    if shop.line.specials_are_discounts:
        found = [
            row for row in product.discounts if row["special"] == "1" and row["customer_group_id"] == DEFAULT_GROUP
        ]
    else:
        found = [row for row in product.specials if row["customer_group_id"] == DEFAULT_GROUP]
    if not found:
        return None
    first = min(found, key=lambda row: int(row["priority"]))
    return {name: first[name] for name in ("price", "date_start", "date_end", "customer_group_id")}


def _set_special(shop: Shop, product: Product, wanted: Row | None) -> None:
    group = str((wanted or {}).get("customer_group_id") or DEFAULT_GROUP)
    if shop.line.specials_are_discounts:
        product.discounts = [
            row for row in product.discounts if row["special"] != "1" or row["customer_group_id"] != group
        ]
    else:
        product.specials = [row for row in product.specials if row["customer_group_id"] != group]
    if wanted is None:
        return
    row = {
        "customer_group_id": group,
        "priority": "1",
        "price": stored(amount(wanted, "price")),
        "date_start": wanted.get("date_start") or ZERO_DATE,
        "date_end": wanted.get("date_end") or ZERO_DATE,
    }
    if shop.line.specials_are_discounts:
        product.discounts.append({**row, "quantity": "1", "type": "F", "special": "1"})
    else:
        product.specials.append(row)
