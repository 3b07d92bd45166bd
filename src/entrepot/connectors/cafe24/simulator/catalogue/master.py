"""Brands, manufacturers, suppliers, classifications, trends and origins (reference §4.4)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import ground
from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, created, needs, not_found, ok, unprocessable
from entrepot.connectors.cafe24.simulator.catalogue.fields import flag, text_of
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

_PLURALS = {
    "brand": "brands",
    "manufacturer": "manufacturers",
    "supplier": "suppliers",
    "classification": "classifications",
    "trend": "trends",
}
_COUNTED = frozenset({"brand", "classification", "trend"})
_SHORT_MANUFACTURER = ("shop_no", "manufacturer_code", "manufacturer_name", "president_name", "use_manufacturer")
_BRAND_FIELDS = ("brand_name", "use_brand", "search_keyword")
_MAKER_FIELDS = ("manufacturer_name", "president_name", "use_manufacturer", "email", "phone", "homepage", "zipcode")
_SUPPLIER_FIELDS = ("supplier_name", "use_supplier", "status", "trading_type", "commission", "business_item")


def _listed(kind: str) -> Callable[["Mall", Ask], Answer]:
    def handler(mall: "Mall", ask: Ask) -> Answer:
        limit, offset = ask.page(most=100, offset_most=8000)
        return ok({_PLURALS[kind]: _matching(mall, ask, kind)[offset : offset + limit]})

    return handler


def _counted(kind: str) -> Callable[["Mall", Ask], Answer]:
    def handler(mall: "Mall", ask: Ask) -> Answer:
        return ok({"count": len(_matching(mall, ask, kind))})

    return handler


def _one(kind: str) -> Callable[["Mall", Ask], Answer]:
    def handler(mall: "Mall", ask: Ask) -> Answer:
        return ok({kind: _find(mall, ask, kind) | {"shop_no": ask.shop_no}})

    return handler


def _edited(kind: str, names: Sequence[str]) -> Callable[["Mall", Ask], Answer]:
    def handler(mall: "Mall", ask: Ask) -> Answer:
        row = _find(mall, ask, kind)
        row |= _read(ask.request, names, f"{kind}_code")
        return ok({kind: row | {"shop_no": ask.shop_no}})

    return handler


def _deleted(kind: str) -> Callable[["Mall", Ask], Answer]:
    def handler(mall: "Mall", ask: Ask) -> Answer:
        code = _find(mall, ask, kind)[f"{kind}_code"]
        if code.endswith("0000000"):
            raise unprocessable("The default one cannot be deleted.", f"{kind}_code")
        del mall.masters[kind][code]
        for product in mall.products.values():
            if product.row[f"{kind}_code"] == code:
                product.row[f"{kind}_code"] = f"{code[0]}0000000"
        return ok({kind: {f"{kind}_code": code}})

    return handler


def add_brand(mall: "Mall", ask: Ask) -> Answer:
    """POST /brands."""
    request = ask.request
    needs(request, "brand_name")
    fields = _read(request, _BRAND_FIELDS, "brand_code")
    code = ground.next_code(mall, "B")
    row = ground.brand(code, fields["brand_name"], created=mall.clock.stamp()) | fields
    mall.masters["brand"][code] = row
    return created({"brand": row | {"shop_no": ask.shop_no}})


def add_manufacturer(mall: "Mall", ask: Ask) -> Answer:
    """POST /manufacturers."""
    request = ask.request
    needs(request, "manufacturer_name", "president_name")
    fields = _read(request, _MAKER_FIELDS, "manufacturer_code")
    code = ground.next_code(mall, "M")
    row = ground.manufacturer(code, fields["manufacturer_name"], fields["president_name"]) | fields
    mall.masters["manufacturer"][code] = row
    return created({"manufacturer": row | {"shop_no": ask.shop_no}})


def add_supplier(mall: "Mall", ask: Ask) -> Answer:
    """POST /suppliers."""
    request = ask.request
    needs(request, "supplier_name")
    fields = _read(request, _SUPPLIER_FIELDS, "supplier_code")
    code = ground.next_code(mall, "S")
    row = ground.supplier(code, fields["supplier_name"]) | fields
    mall.masters["supplier"][code] = row
    return created({"supplier": row | {"shop_no": ask.shop_no}})


def list_origins(_mall: "Mall", ask: Ask) -> Answer:
    """GET /origin: the list's key is `origin`."""
    limit, offset = ask.page(most=100, offset_most=8000)
    shown = [
        {"origin_place_no": number, "origin_place_name": [name], "foreign": _foreign(code), "made_in_code": code}
        for number, name, code in ground.ORIGINS
    ]
    return ok({"origin": shown[offset : offset + limit]})


def _foreign(code: str) -> str:
    return "F" if code == "KR" else "T"


def _matching(mall: "Mall", ask: Ask, kind: str) -> list[Row]:
    codes = set(ask.words(f"{kind}_code"))
    words = [word.casefold() for word in ask.words(f"{kind}_name")]
    used = ask.flag(f"use_{kind}")
    found = []
    for row in mall.masters[kind].values():
        named = str(row[f"{kind}_name"]).casefold()
        if (codes and row[f"{kind}_code"] not in codes) or (words and not any(word in named for word in words)):
            continue
        if used is None or row[f"use_{kind}"] == used:
            found.append(_shown(mall, row, kind, ask.shop_no))
    return found


def _shown(mall: "Mall", row: Row, kind: str, shop_no: int) -> Row:
    if kind == "manufacturer":
        return {name: row[name] for name in _SHORT_MANUFACTURER} | {"shop_no": shop_no}
    if kind not in _COUNTED:
        return row | {"shop_no": shop_no}
    key = f"{kind}_code"
    count = sum(product.row[key] == row[key] for product in mall.products.values())
    return row | {"shop_no": shop_no, "product_count": count}


def _find(mall: "Mall", ask: Ask, kind: str) -> Row:
    row = mall.masters[kind].get(ask.params[f"{kind}_code"])
    if row is None:
        raise not_found(f"The {kind} does not exist.")
    return row


def _read(request: Mapping[str, object], names: Sequence[str], code: str) -> dict[str, str]:
    changes = {}
    for name, value in request.items():
        if name in {"shop_no", code}:
            continue
        if name not in names:
            raise unprocessable("This parameter is not supported.", name)
        changes[name] = flag(value, name) if name.startswith("use_") else text_of(value, name, 250)
    return changes


ROUTES: Sequence[Route] = (
    Route("GET", "/brands", _listed("brand"), "read_collection"),
    Route("GET", "/brands/count", _counted("brand"), "read_collection"),
    Route("POST", "/brands", add_brand, "write_collection"),
    Route("PUT", "/brands/{brand_code}", _edited("brand", _BRAND_FIELDS), "write_collection"),
    Route("DELETE", "/brands/{brand_code}", _deleted("brand"), "write_collection"),
    Route("GET", "/manufacturers", _listed("manufacturer"), "read_collection"),
    Route("GET", "/manufacturers/count", _counted("manufacturer"), "read_collection"),
    Route("POST", "/manufacturers", add_manufacturer, "write_collection"),
    Route("GET", "/manufacturers/{manufacturer_code}", _one("manufacturer"), "read_collection"),
    Route("PUT", "/manufacturers/{manufacturer_code}", _edited("manufacturer", _MAKER_FIELDS), "write_collection"),
    Route("GET", "/suppliers", _listed("supplier"), "read_supply"),
    Route("GET", "/suppliers/count", _counted("supplier"), "read_supply"),
    Route("POST", "/suppliers", add_supplier, "write_supply"),
    Route("GET", "/suppliers/{supplier_code}", _one("supplier"), "read_supply"),
    Route("PUT", "/suppliers/{supplier_code}", _edited("supplier", _SUPPLIER_FIELDS), "write_supply"),
    Route("DELETE", "/suppliers/{supplier_code}", _deleted("supplier"), "write_supply"),
    Route("GET", "/classifications", _listed("classification"), "read_collection"),
    Route("GET", "/classifications/count", _counted("classification"), "read_collection"),
    Route("GET", "/trends", _listed("trend"), "read_collection"),
    Route("GET", "/trends/count", _counted("trend"), "read_collection"),
    Route("GET", "/origin", list_origins, "read_collection"),
)
