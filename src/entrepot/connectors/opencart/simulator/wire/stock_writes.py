"""Writing counters (§5): absolute, conditional where asked, and never left blocking each other."""

from entrepot.connectors.opencart.simulator.rows import OptionValue, Product, Row, StockWrite
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.wire.answers import Answer, Call, WireError, each, encode, integer


def write_stock(shop: Shop, call: Call) -> Answer:
    """Set the counters; then let product, option values and variants agree."""
    summed: dict[tuple[int, int], None] = {}
    masters: dict[int, None] = {}

    def write(item: Row) -> Row:
        kind = item.get("kind")
        match kind:
            case "product" | "variant":
                product = find_product(shop, item)
                if kind == "variant" and not product.master_id:
                    raise WireError(422, "invalid", "This product has no master.", field="kind", reason="no_master")
                answer = _set_product(item, product, call)
                if kind == "variant":
                    masters[product.master_id] = None
            case "option_value":
                product = find_product(shop, item)
                value = find_value(product, item)
                answer = _set_value(item, product, value, call)
                summed[product.product_id, integer(item, "option_id")] = None
            case _:
                raise WireError(422, "invalid", "Unknown kind.", field="kind", reason="unknown")
        shop.stock_moved(product.product_id)
        return answer

    answers = each(call, write)
    for product_id, option_id in summed:
        _sum_option(shop, product_id, option_id)
    for master_id in masters:
        _sum_variants(shop, master_id)
    _tell_sums(shop, call, answers)
    return Answer(encode(answers))


def find_product(shop: Shop, item: Row) -> Product:
    """The product an item names.

    Raises:
        WireError: No such product.
    """
    product = shop.tables.products.get(integer(item, "product_id"))
    if product is None:
        raise WireError(404, "not_found", "The shop has no such product.", field="product_id")
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
    raise WireError(404, "not_found", "The product has no such option value.", field="option_value_id")


def _checked(item: Row, present: int) -> int:
    wanted = integer(item, "quantity")
    if wanted > 2_147_483_647:
        raise WireError(422, "invalid", "quantity is too large.", field="quantity", reason="too_large")
    if item.get("expected") is not None and integer(item, "expected", least=-2_147_483_648) != present:
        raise WireError(409, "changed", "The shop shows another figure.", quantity=present)
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


def _sum_option(shop: Shop, product_id: int, option_id: int) -> None:
    product = shop.tables.products[product_id]
    product.quantity = sum(
        max(value.quantity, 0) for option in product.options if option.option_id == option_id for value in option.values
    )
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
    """Add what became of the product and the master to the answers that moved them."""
    for item, answer in zip(call.body["items"], answers, strict=True):
        if not answer["ok"]:
            continue
        product = shop.tables.products[integer(item, "product_id")]
        if item["kind"] == "option_value":
            answer["product_quantity"] = product.quantity
        if item["kind"] == "variant":
            master = shop.tables.products.get(product.master_id)
            answer["product_quantity"] = product.quantity
            answer["master_quantity"] = master.quantity if master else None
