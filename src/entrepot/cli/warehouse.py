"""`entrepot warehouse …`: bins, what lies in them, what has none."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from entrepot.catalog.models import Item
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.cli.stock import NoSuchSku
from entrepot.inventory.errors import BinNotFound, WarehouseNotFound
from entrepot.inventory.models import Bin, Warehouse
from entrepot.inventory.queries import warehouses
from entrepot.warehouse import services
from entrepot.warehouse.errors import ZoneNotFound
from entrepot.warehouse.queries import places, scans

Rest = ParamSpec("Rest")
Answer = TypeVar("Answer")


def _place(seller_id: int, code: str) -> Warehouse:
    """The warehouse named, or the default one, which comes first."""
    known = warehouses(seller_id=seller_id)
    found = next((row for row in known if not code or row.code == code), None)
    if found is None:
        raise WarehouseNotFound(warehouse=code)
    return found


def _bin(seller_id: int, warehouse_id: int, code: str) -> Bin:
    found = scans.bin_by_code(seller_id=seller_id, warehouse_id=warehouse_id, code=code)
    if found is None:
        raise BinNotFound(bin=code)
    return found


def _item(seller_id: int, code: str) -> Item:
    found = scans.items_by_code(seller_id=seller_id, code=code)
    if not found:
        raise NoSuchSku(sku=code)
    return found[0]


def warehouse_option(command: Callable[Rest, Answer]) -> Callable[Rest, Answer]:
    """`--warehouse CODE` for a command; without it, the default warehouse."""
    return click.option("--warehouse", "place", default="", help="The warehouse's code; else the default one.")(command)


@click.group()
def warehouse() -> None:
    """Bins, what lies in them, what has none."""


@warehouse.command("bins")
@seller_option
@warehouse_option
@click.option("--search", default="", help="Part of a label.")
@click.option("--level", type=click.Choice(["empty", "filled", "closed"]), default=None, help="Only these.")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def list_bins(seller_id: int, place: str, search: str, level: str | None, after: str, *, as_json: bool) -> None:
    """The bins in walking order, and how much lies in each."""
    found = _place(seller_id, place)
    page = places.bins(seller_id=seller_id, warehouse_id=found.pk, search=search, level=level or "", after=after)
    show_rows(
        (
            {
                "bin": row.code,
                "zone": row.zone.code,
                "quantity": row.pieces,  # type: ignore[attr-defined] # annotated by the question
                "items": row.kinds,  # type: ignore[attr-defined] # likewise
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@warehouse.command("layout")
@seller_option
@warehouse_option
@click.argument("zone")
@click.argument("first")
@click.argument("last")
def lay_out(seller_id: int, place: str, zone: str, first: str, last: str) -> None:
    """Add a row of bins to ZONE, such as A-01-01 to C-12-04; bins that are there stay."""
    found = _place(seller_id, place)
    known = places.zones(seller_id=seller_id, warehouse_id=found.pk)
    into = next((row for row in known if row.code == zone.upper()), None)
    if into is None:
        raise ZoneNotFound(zone=zone)
    new = services.lay_out(seller_id=seller_id, zone_id=into.pk, first=first, last=last, actor=person())
    said(f"{new} bins are new in {into.code}.")


@warehouse.command("in")
@seller_option
@warehouse_option
@click.argument("bin_code", metavar="BIN")
@json_option
def in_bin(seller_id: int, place: str, bin_code: str, *, as_json: bool) -> None:
    """What lies in BIN."""
    found = _bin(seller_id, _place(seller_id, place).pk, bin_code)
    rows = places.contents(seller_id=seller_id, bin_id=found.pk)
    show_rows(({"sku": row.item.sku, "name": row.item.name, "quantity": row.quantity} for row in rows), as_json=as_json)


@warehouse.command("where")
@seller_option
@warehouse_option
@click.argument("code")
@json_option
def where_it_lies(seller_id: int, place: str, code: str, *, as_json: bool) -> None:
    """Where the item of this barcode or SKU lies; the sum is what is on hand."""
    found = _place(seller_id, place)
    item = _item(seller_id, code)
    rows = places.places_of(seller_id=seller_id, item_id=item.pk, warehouse_id=found.pk)
    show_rows(
        ({"sku": item.sku, "bin": row.bin.code if row.bin else None, "quantity": row.quantity} for row in rows),
        as_json=as_json,
    )


@warehouse.command("unlocated")
@seller_option
@warehouse_option
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def without_a_bin(seller_id: int, place: str, after: str, *, as_json: bool) -> None:
    """What waits to be put away."""
    page = places.unlocated(seller_id=seller_id, warehouse_id=_place(seller_id, place).pk, after=after)
    show_rows(
        ({"sku": row.item.sku, "name": row.item.name, "quantity": row.quantity} for row in page.rows), as_json=as_json
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@warehouse.command("history")
@seller_option
@warehouse_option
@click.argument("bin_code", metavar="BIN")
@json_option
def history(seller_id: int, place: str, bin_code: str, *, as_json: bool) -> None:
    """What went into and out of BIN, newest first."""
    found = _bin(seller_id, _place(seller_id, place).pk, bin_code)
    show_rows(
        (
            {
                "at": row.at,
                "what": row.kind,
                "sku": row.item.sku,
                "from": row.from_bin.code if row.from_bin else None,
                "to": row.to_bin.code if row.to_bin else None,
                "quantity": row.quantity,
                "reference": row.reference,
                "by": row.actor_label,
            }
            for row in places.bin_history(seller_id=seller_id, bin_id=found.pk).rows
        ),
        as_json=as_json,
    )
