"""The carriers a mall has registered (reference §5.7). Their code is what shipments call shipping_company_code."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import ground
from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, created, needs, not_found, ok, unprocessable
from entrepot.connectors.cafe24.simulator.catalogue.fields import flag, text_of
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

_FIELDS = ("contact", "secondary_contact", "email", "homepage_url", "default_shipping_carrier", "default_shipping_fee")
_AFTER_WRITES = (
    "shop_no",
    "shipping_carrier_code",
    "shipping_carrier",
    "carrier_id",
    "contact",
    "secondary_contact",
    "email",
    "default_shipping_fee",
    "homepage_url",
    "track_shipment_url",
    "shipping_fee_setting",
    "shipping_fee_setting_detail",
)


def list_carriers(mall: "Mall", ask: Ask) -> Answer:
    """GET /carriers: all of them, no paging."""
    return ok({"carriers": [row | {"shop_no": ask.shop_no} for row in mall.carriers.values()]})


def one_carrier(mall: "Mall", ask: Ask) -> Answer:
    """GET /carriers/{carrier_id}: without shipping_type."""
    row = _find(mall, ask) | {"shop_no": ask.shop_no}
    del row["shipping_type"]
    return ok({"carrier": row})


def add_carrier(mall: "Mall", ask: Ask) -> Answer:
    """POST /carriers: only a code that exists, and only once."""
    request = ask.request
    needs(request, "shipping_carrier_code", "contact", "email")
    code = str(request["shipping_carrier_code"])
    if code not in ground.CARRIER_NAMES:
        raise unprocessable("There is no such carrier.", "shipping_carrier_code")
    if mall.carrier_by_code(code):
        raise unprocessable("The carrier is registered already.", "shipping_carrier_code")
    changes = _read({name: value for name, value in request.items() if name != "shipping_carrier_code"})
    return created({"carrier": _written(mall, ground.add_carrier(mall, code, **changes), ask.shop_no)})


def edit_carrier(mall: "Mall", ask: Ask) -> Answer:
    """PUT /carriers/{carrier_id}."""
    row, changes = _find(mall, ask), _read(ask.request)
    if changes.get("default_shipping_carrier") == "T":
        for other in mall.carriers.values():
            other["default_shipping_carrier"] = "F"
    row |= changes
    return ok({"carrier": _written(mall, row, ask.shop_no)})


def delete_carrier(mall: "Mall", ask: Ask) -> Answer:
    """DELETE /carriers/{carrier_id}."""
    row = _find(mall, ask)
    del mall.carriers[row["carrier_id"]]
    return ok({"carrier": {"carrier_id": row["carrier_id"]}})


def _written(mall: "Mall", row: Row, shop_no: int) -> Row:
    shown = {name: row[name] for name in _AFTER_WRITES} | {"shop_no": shop_no}
    href = f"{mall.url}/api/v2/admin/carriers/{row['carrier_id']}"
    return shown | {"links": [{"rel": "self", "href": href}]}


def _find(mall: "Mall", ask: Ask) -> Row:
    row = mall.carriers.get(ask.params["carrier_id"])
    if row is None:
        raise not_found("The carrier does not exist.")
    return row


def _read(request: Row) -> Row:
    changes: Row = {}
    for name, value in request.items():
        if name in {"shop_no", "carrier_id"}:
            continue
        if name not in _FIELDS:
            raise unprocessable("This parameter is not supported.", name)
        if name == "default_shipping_carrier":
            changes[name] = flag(value, name)
        else:
            changes[name] = value if value is None else text_of(value, name, 16 if name == "contact" else 255)
    return changes


_ONE = "/carriers/{carrier_id:int}"
ROUTES: Sequence[Route] = (
    Route("GET", "/carriers", list_carriers, "read_shipping"),
    Route("POST", "/carriers", add_carrier, "write_shipping"),
    Route("GET", _ONE, one_carrier, "read_shipping"),
    Route("PUT", _ONE, edit_carrier, "write_shipping"),
    Route("DELETE", _ONE, delete_carrier, "write_shipping"),
)
