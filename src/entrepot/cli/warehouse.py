"""`entrepot warehouse …`: warehouses, bins, what lies in them; goods in, transfers, waves; whether all adds up."""

from collections.abc import Callable
from typing import ParamSpec, TextIO, TypeVar

import click

from entrepot.catalog.models import Item
from entrepot.channels.services.wakes import wake_pushes
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.cli.stock import NoSuchSku
from entrepot.inventory import services as inventory
from entrepot.inventory.errors import BinNotFound, WarehouseNotFound
from entrepot.inventory.models import Bin, Warehouse
from entrepot.inventory.queries import warehouses
from entrepot.warehouse import pasted, services
from entrepot.warehouse.errors import ZoneNotFound
from entrepot.warehouse.models import Receipt, Wave, WorkOrder
from entrepot.warehouse.queries import agreement, papers, places, scans, walks
from entrepot.warehouse.services import houses, waves

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
    """Warehouses, bins, goods in, waves; whether all adds up."""


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


@warehouse.command("list")
@seller_option
@json_option
def list_warehouses(seller_id: int, *, as_json: bool) -> None:
    """Every warehouse, and who picks and packs there."""
    rows = warehouses(seller_id=seller_id, closed=True)
    show_rows(
        (
            {
                "code": row.code,
                "name": row.name,
                "mode": row.mode,
                "default": row.is_default,
                "open": row.active,
            }
            for row in rows
        ),
        as_json=as_json,
    )


@warehouse.command("add")
@seller_option
@click.argument("code")
@click.argument("name")
@click.option("--country", default="", help="Two letters, such as KR.")
def add_warehouse(seller_id: int, code: str, name: str, country: str) -> None:
    """Open another warehouse."""
    made = inventory.add_warehouse(seller_id=seller_id, code=code, name=name, country=country, actor=person())
    said(f"{made.code} is open.")


@warehouse.command("mode")
@seller_option
@warehouse_option
@click.argument("mode", type=click.Choice(Warehouse.Mode.values))
def set_mode(seller_id: int, place: str, mode: str) -> None:
    """Say who picks and packs: the order desk, Entrepot's own screens, or an external system."""
    found = _place(seller_id, place)
    touched = houses.change_mode(seller_id=seller_id, warehouse_id=found.pk, mode=mode, actor=person())
    said(f"{found.code}: {mode} now. {len(touched)} released orders go the new way.")


@warehouse.command("check")
@seller_option
@json_option
@click.pass_context
def check(context: click.Context, seller_id: int, *, as_json: bool) -> None:
    """Add up ledger, figures, reservations, bins, receipts and work; exit code 1 when something does not agree."""
    rows = agreement.differences(seller_id=seller_id)
    show_rows(
        ({name: getattr(row, name) for name in row.__slots__} for row in rows),
        as_json=as_json,
        empty="Everything agrees.",
    )
    if rows:
        context.exit(1)


@warehouse.command("expect")
@seller_option
@warehouse_option
@click.argument("lines", type=click.File("r", encoding="utf-8"))
@click.option("--supplier", default="", help="Who sends it.")
@click.option("--reference", default="", help="Their purchase order or delivery note.")
def expect(seller_id: int, place: str, lines: TextIO, supplier: str, reference: str) -> None:
    """Announce goods; LINES is a file (`-` = typed in) with an item and how many on each line."""
    made = services.expect(
        seller_id=seller_id,
        warehouse_id=_place(seller_id, place).pk,
        quantities=_quantities(seller_id, lines),
        supplier=supplier,
        reference=reference,
        actor=person(),
    )
    said(f"{made.number} is open.")


@warehouse.command("send")
@seller_option
@warehouse_option
@click.argument("to")
@click.argument("lines", type=click.File("r", encoding="utf-8"))
def send(seller_id: int, place: str, to: str, lines: TextIO) -> None:
    """Send goods to the warehouse TO; LINES as for `expect`."""
    wanted = _quantities(seller_id, lines)
    made = services.send(
        seller_id=seller_id,
        from_warehouse_id=_place(seller_id, place).pk,
        to_warehouse_id=_place(seller_id, to).pk,
        departures=[services.Departure(item_id, quantity) for item_id, quantity in wanted.items()],
        actor=person(),
    )
    wake_pushes(seller_id)
    said(f"{made.number} is on its way.")


def _quantities(seller_id: int, lines: TextIO) -> dict[int, int]:
    read = pasted.read_lines(lines.read())
    return pasted.quantities(read, scans.items_by_codes(seller_id=seller_id, codes=[code for _, code, _ in read]))


@warehouse.command("receipts")
@seller_option
@click.option("--state", type=click.Choice(Receipt.State.values), default=None, help="Only these.")
@json_option
def list_receipts(seller_id: int, state: str | None, *, as_json: bool) -> None:
    """Receipts and transfers, newest first."""
    page = papers.receipts(seller_id=seller_id, state=state or "")
    show_rows(
        (
            {
                "number": row.number,
                "kind": row.kind,
                "state": row.state,
                "warehouse": row.warehouse.code,
                "supplier": row.supplier,
                "due": row.due,  # type: ignore[attr-defined] # annotated by the question
                "came": row.came,  # type: ignore[attr-defined] # likewise
            }
            for row in page.rows
        ),
        as_json=as_json,
    )


@warehouse.command("receive")
@seller_option
@click.argument("number")
@click.argument("code")
@click.argument("quantity", type=int)
@click.option("--bin", "bin_code", default="", help="Into this bin; else it is put away later.")
def receive(seller_id: int, number: str, code: str, quantity: int, bin_code: str) -> None:
    """QUANTITY of the item CODE of the receipt NUMBER has come."""
    paper = papers.receipt_numbered(seller_id=seller_id, number=number)
    services.receive_item(
        seller_id=seller_id,
        receipt_id=paper.pk,
        item_id=_item(seller_id, code).pk,
        quantity=quantity,
        bin_id=_bin(seller_id, paper.warehouse_id, bin_code).pk if bin_code else None,
        actor=person(),
    )
    wake_pushes(seller_id)
    said(f"{quantity} × {code} received.")


@warehouse.command("work")
@seller_option
@warehouse_option
@click.option("--state", type=click.Choice(WorkOrder.State.values), default=None, help="Only these.")
@json_option
def list_work(seller_id: int, place: str, state: str | None, *, as_json: bool) -> None:
    """Released orders, the soonest due first."""
    by = walks.WorkFilter(state=state or "")
    page = walks.work_list(seller_id=seller_id, warehouse_id=_place(seller_id, place).pk, by=by)
    show_rows(
        (
            {"id": row.pk, "order": row.number, "state": row.state, "due": row.due, "since": row.released_at}
            for row in page.rows
        ),
        as_json=as_json,
    )


@warehouse.command("wave")
@seller_option
@warehouse_option
@click.argument("kind", type=click.Choice(Wave.Kind.values))
@click.option("--limit", default=50, help="At most so many orders.")
def make_wave(seller_id: int, place: str, kind: str, limit: int) -> None:
    """Divide released orders into pick lists: one batch of single lines, a cart with totes, or by zone."""
    house = _place(seller_id, place).pk
    made = waves.make_wave(seller_id=seller_id, warehouse_id=house, kind=kind, limit=limit, actor=person())
    for row in walks.pick_lists_of(seller_id=seller_id, wave_id=made.pk):
        said(f"{made.number} {row.number}: {row.pieces} pieces")  # type: ignore[attr-defined] # annotated
