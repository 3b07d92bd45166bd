"""Counts, waves and returns over the API."""

from typing import Any

from ninja import Router, Status

from entrepot.api.door import CalledRequest, Caller, needs
from entrepot.api.warehouse_words import (
    CountDetailOut,
    CountedIn,
    CountIn,
    CountOut,
    DecisionIn,
    GradedIn,
    ReturnIn,
    ReturnOut,
    WaveDetailOut,
    WaveIn,
    WaveOut,
    WhyIn,
)
from entrepot.api.words import REFUSALS, Listed
from entrepot.channels.live import announce
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory import queries as stock_queries
from entrepot.kernel.page import Page
from entrepot.warehouse import services
from entrepot.warehouse.models import Count, Return, Wave
from entrepot.warehouse.queries import leaving, papers, walks
from entrepot.warehouse.services import returns as return_services
from entrepot.warehouse.services import waves
from entrepot.warehouse.services.returns import Graded

router = Router()


def _moved(caller: Caller) -> None:
    wake_pushes(caller.seller_id)
    announce(caller.seller_id, "orders")


@router.get("/counts", response={200: Listed[CountOut], **REFUSALS})
@needs("stock.view")
def list_counts(request: CalledRequest, state: str = "", after: str = "") -> Page[Count]:
    """Counts, newest first."""
    return papers.counts(seller_id=request.auth.seller_id, state=state, after=after)


@router.post("/counts", response={201: CountDetailOut, **REFUSALS})
@needs("stock.count")
def start_count(request: CalledRequest, facts: CountIn) -> Status[Count]:
    """Ask for bins or items to be counted."""
    caller = request.auth
    return Status(201, services.start_count(seller_id=caller.seller_id, actor=caller.actor, **facts.dict()))


@router.get("/counts/{int:count_id}", response={200: CountDetailOut, **REFUSALS})
@needs("stock.view")
def one_count(request: CalledRequest, count_id: int) -> Count:
    """One count, with its differences once everything is counted."""
    return papers.count_of(seller_id=request.auth.seller_id, count_id=count_id)


@router.post("/counts/{int:count_id}/enter", response={200: CountDetailOut, **REFUSALS})
@needs("stock.count")
def enter_count(request: CalledRequest, count_id: int, facts: CountedIn) -> Count:
    """Write down what lies in one place, `{item id: pieces}`; nothing of stock changes yet."""
    caller = request.auth
    services.enter_count(seller_id=caller.seller_id, count_id=count_id, actor=caller.actor, **facts.dict())
    return papers.count_of(seller_id=caller.seller_id, count_id=count_id)


@router.post("/counts/{int:count_id}/finish", response={200: CountDetailOut, **REFUSALS})
@needs("stock.count")
def finish_count(request: CalledRequest, count_id: int) -> Count:
    """Everything is counted: what agrees is done, differences wait for approval."""
    caller = request.auth
    return services.finish_count(seller_id=caller.seller_id, count_id=count_id, actor=caller.actor)


@router.post("/counts/{int:count_id}/approve", response={200: CountDetailOut, **REFUSALS})
@needs("stock.approve")
def approve_count(request: CalledRequest, count_id: int, facts: DecisionIn) -> Count:
    """Let differences change the books, saying why; all or nothing."""
    caller = request.auth
    found = services.approve_count(seller_id=caller.seller_id, count_id=count_id, actor=caller.actor, **facts.dict())
    _moved(caller)
    return found


@router.post("/counts/{int:count_id}/recount", response={200: CountDetailOut, **REFUSALS})
@needs("stock.approve")
def recount(request: CalledRequest, count_id: int, facts: DecisionIn) -> Count:
    """Have differences counted again."""
    caller = request.auth
    return services.recount(seller_id=caller.seller_id, count_id=count_id, actor=caller.actor, **facts.dict())


@router.post("/counts/{int:count_id}/drop", response={200: CountDetailOut, **REFUSALS})
@needs("stock.approve")
def drop_differences(request: CalledRequest, count_id: int, facts: DecisionIn) -> Count:
    """Leave the books as they are, saying why."""
    caller = request.auth
    return services.drop_differences(seller_id=caller.seller_id, count_id=count_id, actor=caller.actor, **facts.dict())


@router.post("/counts/{int:count_id}/cancel", response={200: CountDetailOut, **REFUSALS})
@needs("stock.count")
def cancel_count(request: CalledRequest, count_id: int, facts: WhyIn) -> Count:
    """Give a count up."""
    caller = request.auth
    services.cancel_count(seller_id=caller.seller_id, count_id=count_id, reason=facts.reason, actor=caller.actor)
    return papers.count_of(seller_id=caller.seller_id, count_id=count_id)


@router.get("/warehouses/{int:warehouse_id}/waves", response={200: Listed[WaveOut], **REFUSALS})
@needs("orders.view")
def list_waves(request: CalledRequest, warehouse_id: int, state: str = "", after: str = "") -> Page[Wave]:
    """The waves of a warehouse, newest first."""
    seller_id = request.auth.seller_id
    place = stock_queries.warehouse(seller_id=seller_id, warehouse_id=warehouse_id).pk
    return walks.waves(seller_id=seller_id, warehouse_id=place, state=state, after=after)


@router.post("/waves", response={201: WaveDetailOut, **REFUSALS})
@needs("orders.pack")
def make_wave(request: CalledRequest, facts: WaveIn) -> Status[Wave]:
    """Divide released orders into pick lists. `kind`: single, cart or zone; `work_ids` none = the most urgent."""
    caller = request.auth
    made = waves.make_wave(seller_id=caller.seller_id, actor=caller.actor, **facts.dict())
    announce(caller.seller_id, "orders")
    return Status(201, made)


@router.get("/waves/{int:wave_id}", response={200: WaveDetailOut, **REFUSALS})
@needs("orders.view")
def one_wave(request: CalledRequest, wave_id: int) -> Wave:
    """One wave and how far its lists are."""
    return walks.wave_of(seller_id=request.auth.seller_id, wave_id=wave_id)


@router.post("/waves/{int:wave_id}/cancel", response={200: WaveDetailOut, **REFUSALS})
@needs("orders.pack")
def cancel_wave(request: CalledRequest, wave_id: int) -> Wave:
    """Give a wave up: orders of which nothing is picked wait for another one."""
    caller = request.auth
    waves.cancel_wave(seller_id=caller.seller_id, wave_id=wave_id, actor=caller.actor)
    announce(caller.seller_id, "orders")
    return walks.wave_of(seller_id=caller.seller_id, wave_id=wave_id)


@router.get("/warehouses/{int:warehouse_id}/returns", response={200: Listed[ReturnOut], **REFUSALS})
@needs("orders.view")
def list_returns(
    request: CalledRequest, warehouse_id: int, state: str = "", search: str = "", after: str = ""
) -> Page[Return]:
    """What comes back to a warehouse, newest first."""
    seller_id = request.auth.seller_id
    place = stock_queries.warehouse(seller_id=seller_id, warehouse_id=warehouse_id).pk
    return leaving.returns(seller_id=seller_id, warehouse_id=place, state=state, search=search, after=after)


@router.post("/returns", response={201: ReturnOut, **REFUSALS})
@needs("orders.pack")
def expect_return(request: CalledRequest, facts: ReturnIn) -> Status[Return]:
    """Write down that goods of an order come back, or, `received`, that they are there."""
    caller = request.auth
    made = return_services.expect_return(seller_id=caller.seller_id, actor=caller.actor, **facts.dict())
    return Status(201, made)


@router.get("/returns/{int:return_id}", response={200: ReturnOut, **REFUSALS})
@needs("orders.view")
def one_return(request: CalledRequest, return_id: int) -> Return:
    """One return."""
    return leaving.return_of(seller_id=request.auth.seller_id, return_id=return_id)


@router.post("/returns/{int:return_id}/receive", response={200: ReturnOut, **REFUSALS})
@needs("orders.pack")
def receive_return(request: CalledRequest, return_id: int) -> Return:
    """The parcel is here, not looked into yet."""
    caller = request.auth
    return return_services.receive_return(seller_id=caller.seller_id, return_id=return_id, actor=caller.actor)


@router.post("/returns/{int:return_id}/grade", response={200: ReturnOut, **REFUSALS})
@needs("orders.pack")
def grade_return(request: CalledRequest, return_id: int, facts: GradedIn) -> Return:
    """Say in what condition the pieces are; good ones (as_new, opened) can be sold again."""
    caller = request.auth
    rows: list[dict[str, Any]] = [row.dict() for row in facts.lines]
    found = return_services.grade_return(
        seller_id=caller.seller_id,
        return_id=return_id,
        graded=[Graded(**row) for row in rows],
        actor=caller.actor,
    )
    _moved(caller)
    return found
