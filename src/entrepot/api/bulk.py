"""Deeds for many orders over the API: one call begins one, another says how far it is and what became of each order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Field, Router, Schema, Status

from entrepot.api.door import CalledRequest, Caller, ScopeMissing, needs
from entrepot.api.order_filter import OrderFilterIn
from entrepot.api.words import REFUSALS, Listed
from entrepot.channels.services.bulk import start
from entrepot.channels.services.bulk.deeds import DEEDS, deed_of
from entrepot.channels.words import problem_sentence
from entrepot.kernel.page import Page
from entrepot.orders import bulk_queries, queries
from entrepot.orders.models import Bulk, BulkItem
from entrepot.orders.services.bulk import MOST, Chosen

router = Router()
FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


class BulkIn(Schema):
    """`kind`: release, recall, pack, hand_over, complete, hold, unhold, cancel_by_seller, match, tag, untag, note,
    print, invoices, export. The orders by their ids or by a `filter`; the other fields are what some kinds need.
    """  # noqa: D205 - the kinds are one sentence

    kind: str
    orders: list[int] = Field(default=[], max_length=MOST)
    filter: OrderFilterIn | None = None
    reason: str = Field(default="", max_length=500, description="hold, recall, unhold, cancel_by_seller")
    tag: str = Field(default="", max_length=40, description="tag, untag")
    text: str = Field(default="", max_length=5000, description="note")
    by_rules: bool = Field(default=False, description="pack: choose the carrier by your rules, with a number")
    paper: Literal["", "labels", "zpl", "slips", "picking"] = Field(default="", description="print")
    columns: list[str] = Field(default=[], description="export")
    per: Literal["line", "order"] = "line"
    form: Literal["xlsx", "csv", "cp949"] = "xlsx"
    language: Literal["en", "ko"] = "en"
    zone: str = Field(default="UTC", description="export: the clock of its times, such as Asia/Seoul")


class FileOut(Schema):
    position: int
    name: str


class BulkOut(Schema):
    """`done` + `refused` + `skipped` of `total`; `seconds_left` where it can be told. `files`: what it has made."""

    id: int
    kind: str
    state: str
    total: int
    done: int
    refused: int
    skipped: int
    rate: float | None
    seconds_left: float | None
    asked_by: str = Field(alias="actor_label")
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    files: list[FileOut] = []

    @staticmethod
    def resolve_files(row: Any) -> Any:  # noqa: ANN401 - ninja hands the row over
        """What it has made."""
        return getattr(row, "made", [])


class BulkItemOut(Schema):
    """What became of one order; `code` never changes, `reason` is in the caller's language."""

    order_id: int
    number: str = Field(alias="order.number")
    status: str = Field(alias="order.status")
    state: str
    code: str = Field(alias="error_code")
    reason: str

    @staticmethod
    def resolve_reason(row: Any) -> str:  # noqa: ANN401 - ninja hands the row over
        """The refusal in words."""
        return problem_sentence(row.error_code, row.error_fields) if row.error_code else ""


def _shown(rows: list[Bulk], seller_id: int, *, files: bool = False) -> list[Bulk]:
    far = bulk_queries.progress_of(seller_id=seller_id, rows=rows)
    for row in rows:
        told = far[row.pk]
        for name in ("done", "refused", "skipped", "rate", "seconds_left"):
            setattr(row, name, getattr(told, name))
        if files:
            row.made = bulk_queries.files(seller_id=seller_id, bulk_id=row.pk)  # type: ignore[attr-defined] # for the answer only
    return rows


def _one(caller: Caller, bulk_id: int) -> Bulk:
    row = bulk_queries.bulk(seller_id=caller.seller_id, bulk_id=bulk_id)
    return _shown([row], caller.seller_id, files=True)[0]


def _must(caller: Caller, kind: str) -> None:
    action = DEEDS[kind].action
    if action not in caller.scopes:
        raise ScopeMissing(scope=action)


def _facts(asked: BulkIn) -> Mapping[str, Any]:
    return asked.dict(exclude={"kind", "orders", "filter"}, exclude_defaults=True)


@router.post("/orders/bulk", response={202: BulkOut, **REFUSALS})
@needs("orders.view")
def begin_bulk(request: CalledRequest, asked: BulkIn) -> Status[Bulk]:
    """Do one thing to many orders (up to 100,000). It goes on in the background; each order stands for itself.

    The key needs the scope of the deed: orders.release, orders.pack, orders.edit, orders.cancel or orders.export.
    """
    caller = request.auth
    _must(caller, deed_of(asked.kind).kind)
    chosen = Chosen(asked.orders)
    if asked.filter is not None:
        by = asked.filter.narrowed(caller.seller_id)
        chosen = Chosen(rows=queries.fitting(seller_id=caller.seller_id, by=by))
    begun = start.start_bulk(
        seller_id=caller.seller_id, kind=asked.kind, facts=_facts(asked), chosen=chosen, actor=caller.actor
    )
    return Status(202, _one(caller, begun.pk))


@router.get("/bulks", response={200: Listed[BulkOut], **REFUSALS})
@needs("orders.view")
def list_bulks(request: CalledRequest, after: str = "") -> Page[Bulk]:
    """Deeds for many orders, newest first."""
    seller_id = request.auth.seller_id
    page = bulk_queries.bulks(seller_id=seller_id, after=after)
    return Page(_shown(list(page.rows), seller_id), page.next)


@router.get("/bulks/{int:bulk_id}", response={200: BulkOut, **REFUSALS})
@needs("orders.view")
def one_bulk(request: CalledRequest, bulk_id: int) -> Bulk:
    """How far a deed is, and the files it has made."""
    return _one(request.auth, bulk_id)


@router.get("/bulks/{int:bulk_id}/orders", response={200: Listed[BulkItemOut], **REFUSALS})
@needs("orders.view")
def bulk_orders(
    request: CalledRequest,
    bulk_id: int,
    state: Literal["", "waiting", "done", "refused", "skipped"] = "",
    after: str = "",
) -> Page[BulkItem]:
    """What became of each order, with the reason of every refusal."""
    seller_id = request.auth.seller_id
    bulk_queries.bulk(seller_id=seller_id, bulk_id=bulk_id)
    return bulk_queries.items(seller_id=seller_id, bulk_id=bulk_id, state=state, after=after)


@router.post("/bulks/{int:bulk_id}/stop", response={200: BulkOut, **REFUSALS})
@needs("orders.view")
def stop_bulk(request: CalledRequest, bulk_id: int) -> Bulk:
    """Do no more of it; what is done stays done."""
    caller = request.auth
    _must(caller, bulk_queries.bulk(seller_id=caller.seller_id, bulk_id=bulk_id).kind)
    start.stop_bulk(seller_id=caller.seller_id, bulk_id=bulk_id, actor=caller.actor)
    return _one(caller, bulk_id)


@router.post("/bulks/{int:bulk_id}/retry", response={202: BulkOut, **REFUSALS})
@needs("orders.view")
def retry_bulk(request: CalledRequest, bulk_id: int) -> Status[Bulk]:
    """Do it again to the orders that were refused or left out, as a deed of its own."""
    caller = request.auth
    _must(caller, bulk_queries.bulk(seller_id=caller.seller_id, bulk_id=bulk_id).kind)
    again = start.retry_refused(seller_id=caller.seller_id, bulk_id=bulk_id, actor=caller.actor)
    return Status(202, _one(caller, again.pk))


@router.get(
    "/bulks/{int:bulk_id}/files/{position}",
    response=REFUSALS,
    openapi_extra={"responses": {200: {"description": "The file", **FILE}}},
)
@needs("orders.view")
def bulk_file(request: CalledRequest, bulk_id: int, position: int) -> HttpResponse:
    """A file it has made (labels, an export); kept for seven days. The key needs the scope of the deed."""
    caller = request.auth
    _must(caller, bulk_queries.bulk(seller_id=caller.seller_id, bulk_id=bulk_id).kind)
    found = bulk_queries.file(seller_id=caller.seller_id, bulk_id=bulk_id, position=position)
    answer = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return answer
