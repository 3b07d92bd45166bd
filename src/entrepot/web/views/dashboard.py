"""The first page: what needs a person, how the orders stand, how fresh each store is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from entrepot.channels.models import Store
from entrepot.channels.queries import behind as behind_queries
from entrepot.channels.queries import desk as problem_queries
from entrepot.channels.queries import stores as store_queries
from entrepot.channels.queries.glance import Glance, glance, short_in
from entrepot.orders import queries as order_queries
from entrepot.orders.models import Status
from entrepot.web.charts import figures
from entrepot.web.desk import Desk, DeskRequest, desk, show
from entrepot.web.way import first_steps
from entrepot.web.wording import marks, words
from entrepot.web.wording.waiting import Waiting, cells

SHOWN = (
    Status.NEW,
    Status.PARTIAL,
    Status.ON_HOLD,
    Status.RFP,
    Status.READY_TO_SHIP,
    Status.IN_TRANSIT,
    Status.CANCEL_IN_PROCESS,
    Status.COMPLETE,
)


@desk("orders.view")
@require_safe
def dashboard(request: DeskRequest) -> HttpResponse:
    """Everything at a glance."""
    here = request.desk
    stores = store_queries.stores(seller_id=here.seller_id, store_ids=here.store_ids, with_disconnected=False)
    seen = _seen(here)
    names = channel_names(here)
    counts = order_queries.status_counts(
        seller_id=here.seller_id, by=order_queries.OrderFilter(channel_ids=here.store_ids)
    )
    facts = {
        "figures": [(status, marks.mark_of("order", status), counts.get(status, 0)) for status in SHOWN],
        "stores": freshness(here, stores, seen),
        "problems": problem_queries.problems(seller_id=here.seller_id, store_ids=here.store_ids, limit=6),
        "kinds": problem_kinds(here),
        "trade": figures.trade(here, period=figures.period_of(request.GET.get("days", "")), names=names),
        "names": names,
        "periods": figures.PERIODS,
        "glance": seen,
        "path": first_steps.small(here),
    }
    return show(request, "web/dashboard.html", facts)


def _seen(here: Desk) -> Glance:
    """What this person may know of it.

    A store's figure is held against all warehouses, so who works in some of them is told what is short there alone.
    """
    seen = glance(seller_id=here.seller_id).of_stores(here.store_ids)
    if here.warehouse_ids is None:
        return seen
    return replace(seen, oversold=(), short=short_in(seller_id=here.seller_id, warehouse_ids=here.warehouse_ids))


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store, how far it is behind, what it refused, and when its orders were last read."""

    store: Store
    waiting: Sequence[Waiting]
    refused: int
    orders_seen_at: datetime | None


def freshness(here: Desk, stores: Sequence[Store], seen: Glance) -> Sequence[StoreRow]:
    """What each store was not told yet, of each kind, and since when."""
    ids, now = [store.pk for store in stores], timezone.now()
    others = behind_queries.behind(seller_id=here.seller_id, store_ids=ids)
    rows = []
    for store in stores:
        waiting = cells(seen.unsent.get(store.pk), others[store.pk], now)
        rows.append(StoreRow(store, waiting, seen.refused.get(store.pk, 0), store.orders_seen_at))
    return rows


def problem_kinds(here: Desk) -> Sequence[tuple[str, str, int]]:
    """Open problems by kind: code, word, how many."""
    counts = problem_queries.problem_counts(seller_id=here.seller_id, store_ids=here.store_ids)
    return [(code, words.label(code), count) for code, count in counts.items()]


def channel_names(here: Desk) -> Mapping[int, str]:
    """What the channels are called."""
    rows = order_queries.sales_channels(seller_id=here.seller_id, channel_ids=here.store_ids)
    return {row.pk: row.name for row in rows}
