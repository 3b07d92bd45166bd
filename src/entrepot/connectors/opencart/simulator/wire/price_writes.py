"""Writing prices (§5): the regular price, the default group's special, and option deltas."""

from decimal import Decimal

from entrepot.connectors.opencart.simulator.rows import Product, Row
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.text import ZERO_DATE, decimal, stored
from entrepot.connectors.opencart.simulator.wire.answers import Answer, Call, each, encode, invalid
from entrepot.connectors.opencart.simulator.wire.stock_writes import find_product, find_value


def write_prices(shop: Shop, call: Call) -> Answer:
    """Set prices; answer each as it reads now."""

    def write(item: Row) -> Row:
        product = find_product(shop, item)
        price = amount(item, "price")
        match item.get("kind"):
            case "product" | "variant":
                product.price, product.date_modified = stored(price), shop.clock.stamp()
                if item["kind"] == "variant":
                    product.override["price"] = "1"
                if "special" in item:
                    _set_special(shop, product, item["special"])
                answer: Row = {"price": product.price, "special": special_of(shop, product)}
            case "option_value":
                if "special" in item:
                    raise invalid("special", "not_for_options", "OpenCart has no special for an option value.")
                value = find_value(product, item)
                delta = price - Decimal(product.price)
                value.price, value.price_prefix = stored(abs(delta)), "-" if delta < 0 else "+"
                answer = {"price": stored(price), "special": None}
            case _:
                raise invalid("kind", "unknown", "The kind must be product, option_value or variant.")
        shop.stock_moved(product.product_id)
        return answer

    return Answer(encode(each(call, write)))


def amount(source: Row, name: str, places: int = 4) -> Decimal:
    """An amount of a write, with no more digits than the column keeps.

    Raises:
        WireError: It is none, negative, or has too many digits.
    """
    if source.get(name) is None:
        raise invalid(name, "missing", f"The field {name} is required.")
    try:
        value = decimal(source[name])
    except ValueError:
        raise invalid(name, "not_a_number", f"The field {name} must be a decimal number.") from None
    if value < 0:
        raise invalid(name, "negative", f"The field {name} must not be negative.")
    if value != value.quantize(Decimal(1).scaleb(-places)) or value >= Decimal(10) ** (15 - places):
        raise invalid(
            name, "out_of_range", f"The shop keeps {15 - places} digits before and {places} behind the point."
        )
    return value


def special_of(shop: Shop, product: Product) -> Row | None:
    """The default group's special, first by priority."""
    default_group = str(shop.customer_group_id)
    if shop.line.specials_are_discounts:
        found = [
            row for row in product.discounts if row["special"] == "1" and row["customer_group_id"] == default_group
        ]
    else:
        found = [row for row in product.specials if row["customer_group_id"] == default_group]
    if not found:
        return None
    first = min(found, key=lambda row: int(row["priority"]))
    return {name: first[name] for name in ("price", "date_start", "date_end", "customer_group_id")}


def _set_special(shop: Shop, product: Product, wanted: Row | None) -> None:
    group = str((wanted or {}).get("customer_group_id") or shop.customer_group_id)
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
