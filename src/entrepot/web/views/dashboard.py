"""The first page: what needs a person, how the orders stand, how fresh each store is."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from entrepot.accounts import queries as people_queries
from entrepot.catalog import queries as catalog_queries
from entrepot.channels.models import Store
from entrepot.channels.queries import desk as problem_queries
from entrepot.channels.queries import listings as listing_queries
from entrepot.channels.queries import stores as store_queries
from entrepot.inventory import queries as stock_queries
from entrepot.orders import queries as order_queries
from entrepot.orders.models import Status
from entrepot.web import marks
from entrepot.web.desk import Desk, DeskRequest, desk, show

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


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps, and whether it is done."""

    title: str | Promise
    text: str | Promise
    address: str
    done: bool


@desk("orders.view")
@require_safe
def dashboard(request: DeskRequest) -> HttpResponse:
    """Everything at a glance."""
    here = request.desk
    stores = store_queries.stores(seller_id=here.seller_id, store_ids=here.store_ids, with_disconnected=False)
    fresh = store_queries.freshness(seller_id=here.seller_id, store_ids=[store.pk for store in stores])
    counts = order_queries.status_counts(
        seller_id=here.seller_id, by=order_queries.OrderFilter(channel_ids=here.store_ids)
    )
    facts = {
        "figures": [(status, marks.mark_of("order", status), counts.get(status, 0)) for status in SHOWN],
        "stores": [(store, fresh[store.pk]) for store in stores],
        "problems": problem_queries.problems(seller_id=here.seller_id, store_ids=here.store_ids, limit=6),
        "overselling": listing_queries.overselling(seller_id=here.seller_id, store_ids=here.store_ids),
        "at_risk": stock_queries.at_risk(seller_id=here.seller_id),
        "steps": [] if sum(counts.values()) and stores else first_steps(here, stores, has_orders=bool(counts)),
    }
    return show(request, "web/dashboard.html", facts)


def first_steps(here: Desk, stores: object, *, has_orders: bool) -> list[Step]:
    """What to do first, ticked off as it is done."""
    connected = list(stores) if isinstance(stores, list) else []
    live = any(store.state == Store.State.LIVE for store in connected)
    return [
        Step(
            _("Connect your first store"),
            _("Entrepot reads its products and the orders of the last 90 days. Nothing is written to it yet."),
            reverse("web:connect"),
            bool(connected),
        ),
        Step(
            _("Look at what came in"),
            _("The store's page lists every SKU that needs attention and what to do about it."),
            reverse("web:products"),
            catalog_queries.has_items(seller_id=here.seller_id),
        ),
        Step(
            _("Go live"),
            _("From then on Entrepot keeps the store's stock right."),
            reverse("web:stores"),
            live,
        ),
        Step(
            _("Take your first order"),
            _("New orders appear here within minutes, or at once when the store announces them."),
            reverse("web:orders"),
            has_orders,
        ),
        Step(
            _("Invite your colleagues"),
            _("Each gets a role: what they may see and do."),
            reverse("web:people"),
            len(people_queries.people(seller_id=here.seller_id)) > 1,
        ),
    ]
