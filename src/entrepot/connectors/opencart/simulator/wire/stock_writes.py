"""Writing counters (§5): absolute, conditional where asked, and never left blocking each other."""

from entrepot.connectors.opencart.simulator.rows import OptionValue, Product, Row, StockWrite
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.wire.answers import (
    LARGEST,
    Answer,
    Call,
    WireError,
    each,
    encode,
    integer,
    invalid,
)


def write_stock(shop: Shop, call: Call) -> Answer:
    """Set the counters; then let product, option values and variants agree."""
    summed: dict[int, set[int]] = {}
    masters: dict[int, None] = {}

    def write(item: Row) -> Row:
        kind = item.get("kind")
        match kind:
            case "product" | "variant":
                product = find_product(shop, item)
                if kind == "variant" and not product.master_id:
                    raise invalid("kind", "not_a_variant", "The product has no master.")
                answer = _set_product(item, product, call)
                if kind == "variant":
                    masters[product.master_id] = None
            case "option_value":
                product = find_product(shop, item)
                value = find_value(product, item)
                answer = _set_value(item, product, value, call)
                summed.setdefault(product.product_id, set()).add(integer(item, "option_id"))
            case _:
                raise invalid("kind", "unknown", "The kind must be product, option_value or variant.")
        shop.stock_moved(product.product_id)
        return answer

    answers = each(call, write)
    for product_id, option_ids in summed.items():
        _sum_options(shop, product_id, option_ids)
    for master_id in masters:
        _sum_variants(shop, master_id)
    _tell_sums(shop, call, answers)
    return Answer(encode(answers))


def find_product(shop: Shop, item: Row) -> Product:
    """The product an item names.

    Raises:
        WireError: No such product.
    """
    product_id = integer(item, "product_id", least=1)
    product = shop.tables.products.get(product_id)
    if product is None:
        raise WireError(404, "not_found", "There is no such product.", product_id=product_id)
    return product


def find_value(product: Product, item: Row) -> OptionValue:
    """The option value an item names, by its option and value ids.

    Raises:
        WireError: The product has no such value.
    """
    option_id, value_id = integer(item, "option_id"), integer(item, "option_value_id")
    for option in product.options:
        for value in option.values:
            if (option.option_id, value.option_value_id) == (option_id, value_id):
                return value
    raise WireError(
        404,
        "not_found",
        "The product has no such option value.",
        product_id=product.product_id,
        option_id=option_id,
        option_value_id=value_id,
    )


def _checked(item: Row, present: int) -> int:
    wanted = integer(item, "quantity")
    if item.get("expected") is not None and integer(item, "expected", least=-LARGEST) != present:
        raise WireError(409, "changed", "The shop has another figure.", quantity=present)
    return wanted


def _set_product(item: Row, product: Product, call: Call) -> Row:
    previous = product.quantity
    product.quantity = _checked(item, previous)
    call.stock_writes.append(StockWrite(str(item["kind"]), product.product_id, None, product.quantity, previous))
    return {"quantity": product.quantity, "previous": previous}


def _set_value(item: Row, product: Product, value: OptionValue, call: Call) -> Row:
    previous = value.quantity
    value.quantity = _checked(item, previous)
    call.stock_writes.append(
        StockWrite("option_value", product.product_id, value.option_value_id, value.quantity, previous)
    )
    return {"quantity": value.quantity, "previous": previous}


def _sum_options(shop: Shop, product_id: int, option_ids: set[int]) -> None:
    """The product's counter becomes the sum of the written option's values; of several options the greatest sum."""
    product = shop.tables.products[product_id]
    sums: dict[int, int] = {}
    for option in product.options:
        if option.option_id in option_ids:
            counted = sum(max(value.quantity, 0) for value in option.values)
            sums[option.option_id] = sums.get(option.option_id, 0) + counted
    product.quantity = max(sums.values())
    shop.stock_moved(product_id)


def _sum_variants(shop: Shop, master_id: int) -> None:
    """The master's counter and its option values become the sums over the variants that carry them."""
    master = shop.tables.products.get(master_id)
    if master is None:
        return
    variants = list(shop.variants_of(master_id))
    master.quantity = sum(max(variant.quantity, 0) for variant in variants)
    for option in master.options:
        for value in option.values:
            key, chosen = str(option.product_option_id), str(value.product_option_value_id)
            carried = [row for row in variants if row.variant.get(key) == chosen]
            if carried:
                value.quantity = sum(max(row.quantity, 0) for row in carried)
    shop.stock_moved(master_id)


def _tell_sums(shop: Shop, call: Call, answers: list[Row]) -> None:
    """Read back what the items became, and add the sums they moved."""
    for item, answer in zip(call.body["items"], answers, strict=True):
        if not answer["ok"]:
            continue
        product = shop.tables.products[integer(item, "product_id")]
        answer["quantity"] = product.quantity
        if item["kind"] == "option_value":
            answer |= {"quantity": find_value(product, item).quantity, "product_quantity": product.quantity}
        if item["kind"] == "variant":
            master = shop.tables.products.get(product.master_id)
            answer |= {
                "product_quantity": product.quantity,
                "master_quantity": master.quantity if master else None,
            }
