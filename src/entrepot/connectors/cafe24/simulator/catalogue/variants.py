"""Variants and their stock (reference §4.3). A quantity that is written is absolute."""

import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from entrepot.connectors.cafe24.simulator.answers import (
    Answer,
    Ask,
    Refusal,
    Row,
    StockWrite,
    bulk,
    conflict,
    needs,
    not_found,
    ok,
    unprocessable,
)
from entrepot.connectors.cafe24.simulator.catalogue import rows, shelf
from entrepot.connectors.cafe24.simulator.catalogue.fields import flag, money, text_of, whole
from entrepot.connectors.cafe24.simulator.catalogue.reading import find_product
from entrepot.connectors.cafe24.simulator.goods import Product, Variant
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST_AT_ONCE = 100
_LOWEST_AMOUNT = Decimal(-2_147_483_647)
_STOCK = frozenset(rows.STOCK_KEYS)
_VARIANT = _STOCK | {"custom_variant_code", "display", "selling", "additional_amount", "image"}
_SINCE_2026 = frozenset({"display_order", "supply_price"})
_PATH = frozenset({"shop_no", "product_no", "variant_code"})


def list_variants(mall: "Mall", ask: Ask) -> Answer:
    """GET …/variants: all of them, no paging."""
    product = find_product(mall, ask)
    stock = "inventories" in ask.embeds("inventories")
    shown = [rows.variant_row(mall, row, ask.shop_no, ask.version, stock=stock) for row in product.variants]
    return ok({"variants": shown})


def one_variant(mall: "Mall", ask: Ask) -> Answer:
    """GET …/variants/{variant_code}."""
    variant = _find(find_product(mall, ask), ask.params["variant_code"])
    stock = "inventories" in ask.embeds("inventories")
    return ok({"variant": rows.variant_row(mall, variant, ask.shop_no, ask.version, stock=stock)})


def edit_variant(mall: "Mall", ask: Ask) -> Answer:
    """PUT …/variants/{variant_code}: fields flat in the request, the stock nested in the answer."""
    product = find_product(mall, ask)
    variant = _find(product, ask.params["variant_code"])
    changes = _read(ask, ask.request, _VARIANT)
    _refuse_same(mall, [(variant, changes)])
    _write(mall, ask, product, variant, changes)
    twin = mall.count_variants_coded(variant.custom_variant_code) > 1
    row = rows.written_variant_row(variant, ask.shop_no) | {"duplicated_custom_variant_code": "T" if twin else "F"}
    return ok({"variant": row})


def edit_variants(mall: "Mall", ask: Ask) -> Answer:
    """PUT …/variants: up to 100 at once; a bad entry does not stop the others (207, case 27).

    A request in which nothing at all would change is the same content twice: 409.
    """
    product, requests = find_product(mall, ask), ask.requests(MOST_AT_ONCE)
    known = {variant.variant_code: variant for variant in product.variants}
    ready = []
    for request in requests:
        variant = known.get(str(request.get("variant_code")))
        try:
            ready.append((variant, _read(ask, request, _VARIANT)) if variant else None)
        except Refusal:
            ready.append(None)
    if all(ready):
        _refuse_same(mall, [pair for pair in ready if pair])

    def write(request: Row) -> Row:
        needs(request, "variant_code")
        variant = known.get(str(request["variant_code"]))
        if variant is None:
            raise unprocessable("The variant does not exist.", "variant_code")
        _write(mall, ask, product, variant, _read(ask, request, _VARIANT))
        return rows.written_variant_row(variant, ask.shop_no)

    return bulk("variants", requests, write)


def delete_variant(mall: "Mall", ask: Ask) -> Answer:
    """DELETE …/variants/{variant_code}; the last one cannot go."""
    product = find_product(mall, ask)
    variant = _find(product, ask.params["variant_code"])
    if len(product.variants) == 1:
        raise unprocessable("The only variant of a product cannot be deleted.", "variant_code")
    product.variants.remove(variant)
    mall.forget_variant(variant)
    shelf.touch(mall, product)
    return ok({"variant": {"product_no": product.product_no, "variant_code": variant.variant_code}})


def one_inventory(mall: "Mall", ask: Ask) -> Answer:
    """GET …/variants/{variant_code}/inventories."""
    variant = _find(find_product(mall, ask), ask.params["variant_code"])
    return ok({"inventory": rows.inventory_row(variant, ask.shop_no)})


def edit_inventory(mall: "Mall", ask: Ask) -> Answer:
    """PUT …/variants/{variant_code}/inventories: 409 when nothing would change (case 38)."""
    product = find_product(mall, ask)
    variant = _find(product, ask.params["variant_code"])
    changes = _read(ask, ask.request, _STOCK)
    _refuse_same(mall, [(variant, changes)])
    _write(mall, ask, product, variant, changes)
    return ok({"inventory": rows.inventory_row(variant, ask.shop_no)})


def _find(product: Product, code: str) -> Variant:
    for variant in product.variants:
        if variant.variant_code == code:
            return variant
    raise not_found("The variant does not exist.")


def _read(ask: Ask, request: Mapping[str, Any], allowed: frozenset[str]) -> Row:
    """The fields of a write, each in its own shape."""
    known = allowed | _PATH | (_SINCE_2026 if ask.version >= rows.NEW_IN_2026 else frozenset())
    unknown = next((name for name in request if name not in known), None)
    if unknown is not None:
        raise unprocessable("This parameter is not supported.", unknown)
    changes = {name: _shaped(name, value) for name, value in request.items() if name not in _PATH}
    if not changes:
        raise unprocessable("There is nothing to change.", "request")
    return changes


def _shaped(name: str, value: object) -> object:
    shaped = value
    match name:
        case "quantity" | "safety_inventory" | "display_order":
            shaped = whole(value, name)
        case "display" | "selling" | "use_inventory" | "display_soldout":
            shaped = flag(value, name)
        case "important_inventory" | "inventory_control_type":
            if value not in {"A", "B"}:
                raise unprocessable("Invalid value.", name)
        case "additional_amount" | "supply_price":
            shaped = money(value, name, least=_LOWEST_AMOUNT if name == "additional_amount" else Decimal(0))
        case "custom_variant_code":
            shaped = None if value is None else text_of(value, name, 40)
    return shaped


def _refuse_same(mall: "Mall", writes: Sequence[tuple[Variant, Row]]) -> None:
    """409 when not one of the writes would change anything."""
    if not mall.settings.conflict_on_same_content:
        return
    if all(getattr(variant, name) == value for variant, changes in writes for name, value in changes.items()):
        raise conflict()


def _write(mall: "Mall", ask: Ask, product: Product, variant: Variant, changes: Row) -> None:
    """Set the fields. A quantity has no effect while stock is not managed and stays so."""
    managed = changes.get("use_inventory", variant.use_inventory) == "T"
    for name, value in changes.items():
        if name == "custom_variant_code":
            mall.recode(variant, value)
        elif name != "quantity":
            setattr(variant, name, value)
    if "quantity" in changes:
        if managed:
            shelf.set_quantity(mall, product, variant, changes["quantity"])
        ask.stock_writes.append(
            StockWrite(product.product_no, variant.variant_code, changes["quantity"], ask.shop_no, received=time.time())
        )


_ALL = "/products/{product_no:int}/variants"
_ONE = f"{_ALL}/{{variant_code}}"
ROUTES: Sequence[Route] = (
    Route("GET", _ALL, list_variants, "read_product"),
    Route("PUT", _ALL, edit_variants, "write_product"),
    Route("GET", _ONE, one_variant, "read_product"),
    Route("PUT", _ONE, edit_variant, "write_product"),
    Route("DELETE", _ONE, delete_variant, "write_product"),
    Route("GET", f"{_ONE}/inventories", one_inventory, "read_product"),
    Route("PUT", f"{_ONE}/inventories", edit_inventory, "write_product"),
)
