"""Returns: announced, received, graded piece by piece; good ones go on the shelf again, the others are scrapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.rows import clip
from entrepot.fulfilment import port
from entrepot.inventory.errors import BinNotFound
from entrepot.inventory.models import Bin, BinMove
from entrepot.inventory.parts import recipes
from entrepot.inventory.services import Carry, carry
from entrepot.inventory.services.warehouses import chosen
from entrepot.kernel.actor import Actor
from entrepot.kernel.flow import MoveRefused
from entrepot.orders.life import locked_one
from entrepot.orders.lines import lines_of
from entrepot.orders.models import Order
from entrepot.warehouse.flow import RETURN_FLOW
from entrepot.warehouse.models import Return, ReturnLine
from entrepot.warehouse.numbers import RETURN, next_number
from entrepot.warehouse.work_errors import GradeInvalid, ListClosed, ReturnNotFound

Grade = ReturnLine.Grade
SOLD_AGAIN: Final = frozenset({Grade.AS_NEW, Grade.OPENED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """`quantity` of an order's line came back in this condition; a good one is laid into `bin_code` ("" = no bin)."""

    line_id: int
    grade: str
    quantity: int
    bin_code: str = ""
    note: str = ""


@transaction.atomic
def expect_return(
    *,
    seller_id: int,
    warehouse_id: int,
    order_id: int,
    actor: Actor,
    tracking_number: str = "",
    note: str = "",
    received: bool = False,
    now: datetime | None = None,
) -> Return:
    """Write down that goods of an order come back to a warehouse, or, `received`, that they are there.

    Raises:
        OrderNotFound: There is no such order of this seller.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    at = now or timezone.now()
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    number = next_number(seller_id, RETURN)
    order = locked_one(seller_id, order_id)
    made = Return.objects.create(
        seller_id=seller_id,
        warehouse_id=place,
        order_id=order_id,
        number=number,
        state=Return.State.RECEIVED if received else Return.State.EXPECTED,
        tracking_number=clip(tracking_number.strip(), 60),
        note=clip(note, 300),
        created_at=at,
        received_at=at if received else None,
    )
    _story(made, "warehouse.expect_return", actor, order=order.number, received=received)
    return made


@transaction.atomic
def receive_return(*, seller_id: int, return_id: int, actor: Actor, now: datetime | None = None) -> Return:
    """The parcel is here, not looked into yet.

    Raises:
        ListClosed: It is here already, or over.
        ReturnNotFound: There is no such return of this seller.
    """
    _, found = _held(seller_id, return_id)
    _step(found, "receive")
    found.received_at = now or timezone.now()
    found.save(update_fields=["state", "received_at"])
    _story(found, "warehouse.receive_return", actor)
    return found


@transaction.atomic
def cancel_return(*, seller_id: int, return_id: int, actor: Actor, now: datetime | None = None) -> Return:
    """Nothing comes back, or it was another order's: the paper ends, the order stays as it is.

    Raises:
        ListClosed: It is graded already, or over.
        ReturnNotFound: There is no such return of this seller.
    """
    _, found = _held(seller_id, return_id)
    _step(found, "cancel")
    found.done_at = now or timezone.now()
    found.save(update_fields=["state", "done_at"])
    _story(found, "warehouse.cancel_return", actor)
    return found


@transaction.atomic
def grade_return(
    *, seller_id: int, return_id: int, graded: Sequence[Graded], actor: Actor, now: datetime | None = None
) -> Return:
    """Say in what condition the pieces are: the desk takes them back, and good ones can be sold again.

    Raises:
        GradeInvalid: A quantity below one, or no such grade.
        ReturnInvalid: More of a line comes back than is with the buyer, or nothing at all.
        MoveNotPossible: The order has not left.
        BinNotFound: There is no such bin in this warehouse.
        ListClosed: It was not received, or is graded already.
        ReturnNotFound: There is no such return of this seller.
    """
    at = now or timezone.now()
    for one in graded:
        if one.quantity < 1 or one.grade not in Grade.values:
            raise GradeInvalid(field="grade", reason="", quantity=one.quantity, grade=one.grade)
    order, found = _held(seller_id, return_id)
    _step(found, "grade")
    bins = _bins(found, graded)
    port.apply(
        seller_id=seller_id,
        message=port.Returned(
            order_id=order.pk, lines=_totals(graded), warehouse_id=found.warehouse_id, reason=found.note
        ),
        actor=actor,
        now=at,
    )
    _write_lines(found, graded, bins)
    _shelve(found, order, graded, bins, actor)
    found.done_at = at
    found.save(update_fields=["state", "done_at"])
    _story(found, "warehouse.grade_return", actor, graded=[[one.line_id, one.grade, one.quantity] for one in graded])
    return found


def _story(found: Return, verb: str, actor: Actor, **facts: object) -> None:
    audit(
        seller_id=found.seller_id,
        actor=actor,
        verb=verb,
        object_type="return",
        object_id=found.pk,
        facts={"number": found.number, **facts},
    )


def _held(seller_id: int, return_id: int) -> tuple[Order, Return]:
    rows = Return.objects.filter(seller_id=seller_id, pk=return_id)
    order_id = rows.values_list("order_id", flat=True).first()
    if order_id is None:
        raise ReturnNotFound(return_id=return_id)
    return locked_one(seller_id, order_id), rows.get()


def _step(found: Return, name: str) -> None:
    try:
        found.state = RETURN_FLOW.target(name, found.state)
    except MoveRefused as refused:
        raise ListClosed(str(refused), number=found.number, state=Return.State(found.state).label) from refused


def _totals(graded: Sequence[Graded]) -> dict[int, tuple[int, int]]:
    totals: dict[int, tuple[int, int]] = {}
    for one in graded:
        good, bad = totals.get(one.line_id, (0, 0))
        again = one.grade in SOLD_AGAIN
        totals[one.line_id] = (good + one.quantity, bad) if again else (good, bad + one.quantity)
    return totals


def _bins(found: Return, graded: Sequence[Graded]) -> dict[str, int]:
    codes = {one.bin_code.strip().upper() for one in graded if one.bin_code.strip()}
    rows = Bin.objects.filter(seller_id=found.seller_id, warehouse_id=found.warehouse_id, code__in=codes)
    bins = dict(rows.values_list("code", "pk"))
    if missing := codes - set(bins):
        raise BinNotFound(code=min(missing))
    return bins


def _write_lines(found: Return, graded: Sequence[Graded], bins: Mapping[str, int]) -> None:
    rows: dict[tuple[int, str], ReturnLine] = {}
    for one in graded:
        row = rows.setdefault(
            (one.line_id, one.grade),
            ReturnLine(
                back=found,
                order_line_id=one.line_id,
                grade=one.grade,
                quantity=0,
                restocked=one.grade in SOLD_AGAIN,
                bin_id=bins.get(one.bin_code.strip().upper()),
                note=clip(one.note, 300),
            ),
        )
        row.quantity += one.quantity
    ReturnLine.objects.bulk_create(rows.values())


def _shelve(found: Return, order: Order, graded: Sequence[Graded], bins: Mapping[str, int], actor: Actor) -> None:
    """Good pieces into their bins; of a kit its parts."""
    items = {line.pk: line.item_id for line in lines_of(found.seller_id, [order.pk])[order.pk]}
    known = recipes(found.seller_id, {item_id for item_id in items.values() if item_id is not None})
    carries = [
        Carry(part, each * one.quantity, None, bins[one.bin_code.strip().upper()], f"return:{found.pk}")
        for one in graded
        if one.grade in SOLD_AGAIN and one.bin_code.strip()
        for part, each in known.get(items[one.line_id] or 0, {}).items()
    ]
    carry(
        seller_id=found.seller_id,
        warehouse_id=found.warehouse_id,
        carries=carries,
        actor=actor,
        kind=BinMove.Kind.RETURN,
    )
