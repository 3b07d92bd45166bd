"""The warehouse over the API: warehouses, bins, receipts, transfers, counts, waves and returns."""

from typing import Any

from ninja import Router, Status

from entrepot.api.door import CalledRequest, Caller, needs
from entrepot.api.warehouse_words import (
    BinOut,
    LyingOut,
    ModeIn,
    PieceIn,
    PutAwayIn,
    ReceiptDetailOut,
    ReceiptIn,
    ReceiptOut,
    ReceiveIn,
    RowIn,
    TransferIn,
    WarehouseIn,
    WarehouseOut,
    WhyIn,
)
from entrepot.api.words import REFUSALS, Listed
from entrepot.channels.live import announce
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory import queries as stock_queries
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Bin, BinStock, Warehouse
from entrepot.kernel.page import Page
from entrepot.warehouse import services
from entrepot.warehouse.models import Receipt
from entrepot.warehouse.queries import agreement, papers, places
from entrepot.warehouse.services import Departure, houses

router = Router()


def _moved(caller: Caller) -> None:
    wake_pushes(caller.seller_id)
    announce(caller.seller_id, "orders")


@router.get("/warehouses", response={200: list[WarehouseOut], **REFUSALS})
@needs("stock.view")
def list_warehouses(request: CalledRequest) -> Any:  # noqa: ANN401 - rows of our own
    """Every warehouse, the default one first, closed ones last."""
    return stock_queries.warehouses(seller_id=request.auth.seller_id, closed=True)


@router.post("/warehouses", response={201: WarehouseOut, **REFUSALS})
@needs("settings.edit")
def add_warehouse(request: CalledRequest, facts: WarehouseIn) -> Status[Warehouse]:
    """Open another warehouse."""
    caller = request.auth
    return Status(201, inventory.add_warehouse(seller_id=caller.seller_id, actor=caller.actor, **facts.dict()))


@router.post("/warehouses/{int:warehouse_id}/mode", response={200: WarehouseOut, **REFUSALS})
@needs("settings.edit")
def set_mode(request: CalledRequest, warehouse_id: int, facts: ModeIn) -> Warehouse:
    """Say who picks and packs there; released orders nobody has begun go the new way at once."""
    caller = request.auth
    houses.change_mode(seller_id=caller.seller_id, warehouse_id=warehouse_id, mode=facts.mode, actor=caller.actor)
    _moved(caller)
    return stock_queries.warehouse(seller_id=caller.seller_id, warehouse_id=warehouse_id)


@router.get("/warehouses/{int:warehouse_id}/bins", response={200: Listed[BinOut], **REFUSALS})
@needs("stock.view")
def list_bins(
    request: CalledRequest, warehouse_id: int, search: str = "", level: str = "", after: str = ""
) -> Page[Bin]:
    """Its bins in walking order. `level`: empty, filled or closed."""
    seller_id = request.auth.seller_id
    place = stock_queries.warehouse(seller_id=seller_id, warehouse_id=warehouse_id)
    return places.bins(seller_id=seller_id, warehouse_id=place.pk, search=search, level=level, after=after)


@router.post("/warehouses/{int:warehouse_id}/bins", response={200: dict[str, int], **REFUSALS})
@needs("settings.edit")
def add_bins(request: CalledRequest, warehouse_id: int, facts: RowIn) -> dict[str, int]:
    """Add a row of bins, A-01-01 to C-12-04; those that are there already stay. Answers how many are `new`."""
    caller = request.auth
    who: dict[str, Any] = {"seller_id": caller.seller_id, "actor": caller.actor}
    place = stock_queries.warehouse(seller_id=caller.seller_id, warehouse_id=warehouse_id)
    zones = places.zones(seller_id=caller.seller_id, warehouse_id=place.pk)
    found = next((zone for zone in zones if zone.code == facts.zone.strip().upper()), None)
    zone = found or services.add_zone(warehouse_id=place.pk, code=facts.zone, **who)
    return {"new": services.lay_out(zone_id=zone.pk, first=facts.first, last=facts.last or facts.first, **who)}


@router.get("/warehouses/{int:warehouse_id}/stock", response={200: Listed[LyingOut], **REFUSALS})
@needs("stock.view")
def stock_by_bin(request: CalledRequest, warehouse_id: int, search: str = "", after: str = "") -> Page[BinStock]:
    """What lies in which bin, in walking order; `search` in labels, SKUs, names and barcodes."""
    seller_id = request.auth.seller_id
    place = stock_queries.warehouse(seller_id=seller_id, warehouse_id=warehouse_id)
    return places.lying(seller_id=seller_id, warehouse_id=place.pk, search=search, after=after)


@router.post("/warehouses/{int:warehouse_id}/put-away", response={200: dict[str, bool], **REFUSALS})
@needs("stock.count")
def put_away(request: CalledRequest, warehouse_id: int, facts: PutAwayIn) -> dict[str, bool]:
    """Lay what has no bin yet into one."""
    caller = request.auth
    services.put_away(seller_id=caller.seller_id, warehouse_id=warehouse_id, actor=caller.actor, **facts.dict())
    return {"done": True}


@router.get("/stock-agreement", response={200: list[dict[str, Any]], **REFUSALS})
@needs("stock.view")
def stock_agreement(request: CalledRequest) -> list[dict[str, Any]]:
    """Everything that does not add up between ledger, figures, bins, papers and work; an empty list = all agrees."""
    rows = agreement.differences(seller_id=request.auth.seller_id)
    return [{name: getattr(row, name) for name in row.__slots__} for row in rows]


@router.get("/receipts", response={200: Listed[ReceiptOut], **REFUSALS})
@needs("stock.view")
def list_receipts(
    request: CalledRequest, state: str = "", kind: str = "", search: str = "", after: str = ""
) -> Page[Receipt]:
    """Receipts and transfers, newest first."""
    return papers.receipts(seller_id=request.auth.seller_id, state=state, kind=kind, search=search, after=after)


@router.post("/receipts", response={201: ReceiptDetailOut, **REFUSALS})
@needs("stock.adjust")
def expect_receipt(request: CalledRequest, facts: ReceiptIn) -> Status[Receipt]:
    """Announce goods, which stand as incoming from now on; without lines begin to receive what nobody announced."""
    caller = request.auth
    words: dict[str, Any] = {"supplier": facts.supplier, "reference": facts.reference, "note": facts.note}
    words |= {"seller_id": caller.seller_id, "warehouse_id": facts.warehouse_id, "actor": caller.actor}
    if not facts.lines:
        return Status(201, services.begin_receipt(**words))
    wanted = _added_up(facts.lines)
    return Status(201, services.expect(quantities=wanted, expected_on=facts.expected_on, **words))


def _added_up(lines: list[PieceIn]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.item_id] = wanted.get(line.item_id, 0) + line.quantity
    return wanted


@router.get("/receipts/{int:receipt_id}", response={200: ReceiptDetailOut, **REFUSALS})
@needs("stock.view")
def one_receipt(request: CalledRequest, receipt_id: int) -> Receipt:
    """One receipt with its lines."""
    return papers.receipt(seller_id=request.auth.seller_id, receipt_id=receipt_id)


@router.post("/receipts/{int:receipt_id}/receive", response={200: ReceiptDetailOut, **REFUSALS})
@needs("stock.count")
def receive(request: CalledRequest, receipt_id: int, facts: ReceiveIn) -> Receipt:
    """Some of an item has come: it is on hand now, in a bin or in none."""
    caller = request.auth
    services.receive_item(seller_id=caller.seller_id, receipt_id=receipt_id, actor=caller.actor, **facts.dict())
    _moved(caller)
    return papers.receipt(seller_id=caller.seller_id, receipt_id=receipt_id)


@router.post("/receipts/{int:receipt_id}/close", response={200: ReceiptDetailOut, **REFUSALS})
@needs("stock.count")
def close_receipt(request: CalledRequest, receipt_id: int, facts: WhyIn) -> Receipt:
    """All that will come has come. What is missing of a transfer is lost, and needs a reason."""
    caller = request.auth
    return services.close_receipt(
        seller_id=caller.seller_id, receipt_id=receipt_id, reason=facts.reason, actor=caller.actor
    )


@router.post("/receipts/{int:receipt_id}/cancel", response={200: ReceiptDetailOut, **REFUSALS})
@needs("stock.count")
def cancel_receipt(request: CalledRequest, receipt_id: int, facts: WhyIn) -> Receipt:
    """Nothing will come; goods of a transfer are back where they were sent from."""
    caller = request.auth
    found = services.cancel_receipt(
        seller_id=caller.seller_id, receipt_id=receipt_id, reason=facts.reason, actor=caller.actor
    )
    _moved(caller)
    return found


@router.post("/transfers", response={201: ReceiptDetailOut, **REFUSALS})
@needs("stock.adjust")
def send_transfer(request: CalledRequest, facts: TransferIn) -> Status[Receipt]:
    """Send goods nobody has ordered to another warehouse; they are incoming there until the receipt takes them."""
    caller = request.auth
    made = services.send(
        seller_id=caller.seller_id,
        from_warehouse_id=facts.from_warehouse_id,
        to_warehouse_id=facts.to_warehouse_id,
        departures=[Departure(item_id, quantity) for item_id, quantity in _added_up(facts.lines).items()],
        reference=facts.reference,
        note=facts.note,
        actor=caller.actor,
    )
    _moved(caller)
    return Status(201, made)
