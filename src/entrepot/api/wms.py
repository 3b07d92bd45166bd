"""The port to an external warehouse system over HTTP: it reads its work here, and reports what was done."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Header, Router, Schema

from entrepot.api.door import CalledRequest, ScopeMissing, needs
from entrepot.api.words import REFUSALS, Listed
from entrepot.channels.live import announce
from entrepot.channels.services.wakes import wake_pushes
from entrepot.fulfilment import port
from entrepot.kernel.page import Page
from entrepot.warehouse.models import WorkOrder
from entrepot.warehouse.services.reports import take_report
from entrepot.warehouse.work_errors import ReportIncomplete
from entrepot.warehouse.work_queries import parcels_of, work_page

router = Router()
Kind = Literal["picked", "short", "packed", "handed_over", "returned", "stock_counted"]


class WorkLineOut(Schema):
    line_id: int = Field(alias="order_line_id")
    item_id: int
    sku: str = Field(alias="item.sku")
    barcode: str = Field(alias="item.barcode")
    name: str = Field(alias="item.name")
    quantity: int
    picked: int
    short: int
    packed: int


class WorkParcelOut(Schema):
    id: int
    state: str
    carrier: str
    tracking_number: str


class WorkOut(Schema):
    id: int
    order_id: int
    warehouse_id: int
    number: str
    state: str
    ship_to: dict[str, Any]
    carrier: str
    due: datetime | None
    recall_reason: str
    released_at: datetime
    updated_at: datetime
    lines: list[WorkLineOut]
    parcels: list[WorkParcelOut]

    @staticmethod
    def resolve_ship_to(work: WorkOrder) -> dict[str, Any]:
        """Where it goes now: a buyer may have moved since the order was released."""
        return work.order.shipping or {}

    @staticmethod
    def resolve_lines(work: WorkOrder) -> list[Any]:
        """Its lines in the order they were released."""
        return sorted(work.lines.all(), key=lambda line: line.pk)

    @staticmethod
    def resolve_parcels(work: WorkOrder) -> list[Any]:
        """Its order's parcels, with the numbers they leave under."""
        return parcels_of(work)


class BackIn(Schema):
    line_id: int
    good: int = Field(0, ge=0)
    scrapped: int = Field(0, ge=0)


class ReportIn(Schema):
    """What was done. Which of the fields are needed depends on `kind`; see the operation."""

    kind: Kind
    warehouse_id: int
    order_id: int | None = None
    order_ids: list[int] = Field(default_factory=list, max_length=1000)
    line_id: int | None = None
    item_id: int | None = None
    quantity: int | None = None
    box: str = Field("", max_length=40)
    weight_grams: int | None = None
    lines: list[BackIn] = Field(default_factory=list, max_length=1000)
    on_hand: int | None = None
    reason: str = Field("", max_length=300)


@router.get("/work", response={200: Listed[WorkOut], **REFUSALS})
@needs("orders.pack")
def list_work(
    request: CalledRequest, warehouse_id: int | None = None, state: str = "", after: str = ""
) -> Page[WorkOrder]:
    """Orders released to warehouses, the oldest first: what to pick, where it goes, its parcels and their numbers.

    `state`: released, picking, picked, packed, handed_over, or recalled (stop, and put back what was picked).
    """
    return work_page(seller_id=request.auth.seller_id, warehouse_id=warehouse_id, state=state, after=after)


@router.post("/messages", response={200: dict[str, bool], **REFUSALS})
@needs("orders.pack")
def report(
    request: CalledRequest,
    facts: ReportIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key")] = "",
) -> dict[str, bool]:
    """Report what was done in an external warehouse. `applied` is false for a key that was applied before.

    `picked` (`order_id`): everything that was not reported short. `short` (`order_id`, `line_id`, `item_id`,
    `quantity`). `packed` (`order_id`, `box`, `weight_grams`). `handed_over` (`order_ids`). `returned` (`order_id`,
    `lines`). `stock_counted` (`item_id`, `on_hand`, `reason`; needs the scope `stock.adjust` too).
    """
    caller = request.auth
    if facts.kind == "stock_counted" and "stock.adjust" not in caller.scopes:
        raise ScopeMissing(scope="stock.adjust")
    applied = take_report(
        seller_id=caller.seller_id,
        warehouse_id=facts.warehouse_id,
        key=idempotency_key,
        message=_message(facts),
        actor=caller.actor,
    )
    if applied:
        wake_pushes(seller_id=caller.seller_id)
        announce(caller.seller_id, "orders")
    return {"applied": applied}


def _message(facts: ReportIn) -> port.Incoming:
    match facts.kind:
        case "picked":
            return port.Picked(order_id=_given(facts, "order_id"))
        case "short":
            return port.Short(
                order_id=_given(facts, "order_id"),
                warehouse_id=facts.warehouse_id,
                line_id=_given(facts, "line_id"),
                item_id=_given(facts, "item_id"),
                quantity=_given(facts, "quantity"),
            )
        case "packed":
            return port.Packed(order_id=_given(facts, "order_id"), box=facts.box, weight_grams=facts.weight_grams)
        case "handed_over":
            if not facts.order_ids:
                raise ReportIncomplete(field="order_ids", reason="", kind=facts.kind, missing="order_ids")
            return port.HandedOver(order_ids=facts.order_ids)
        case "returned":
            back = {line.line_id: (line.good, line.scrapped) for line in facts.lines}
            return port.Returned(
                order_id=_given(facts, "order_id"),
                lines=back,
                warehouse_id=facts.warehouse_id,
                reason=facts.reason,
            )
        case "stock_counted":
            return port.StockCounted(
                warehouse_id=facts.warehouse_id,
                item_id=_given(facts, "item_id"),
                on_hand=_given(facts, "on_hand"),
                reason=facts.reason or "external count",
            )


def _given(facts: ReportIn, name: str) -> int:
    value = getattr(facts, name)
    if not isinstance(value, int):
        raise ReportIncomplete(field=name, reason="", kind=facts.kind, missing=name)
    return value
