"""Questions about what went wrong, what came in, and what was said between Entrepot and a store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from entrepot.catalog.rows import fetch
from entrepot.channels.models import IncomingOrder, JournalEntry, Problem, Store
from entrepot.channels.queries.stores import OPEN_RUN
from entrepot.kernel.errors import NotFound
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark
from entrepot.orders.services.bulk import OPEN as OPEN_DEED

STANDING = """
SELECT (SELECT count(*) FROM channels_problem WHERE seller_id = %(seller)s AND resolved_at IS NULL
            AND (%(stores)s::bigint[] IS NULL OR store_id IS NULL OR store_id = ANY(%(stores)s::bigint[]))),
       EXISTS (SELECT FROM channels_run WHERE seller_id = %(seller)s AND state = ANY(%(open_runs)s)),
       EXISTS (SELECT FROM orders_bulk WHERE seller_id = %(seller)s AND state = ANY(%(open_deeds)s)
               AND (%(user)s::bigint IS NULL OR user_id = %(user)s::bigint))
"""


def problems(
    *,
    seller_id: int,
    code: str = "",
    store_id: int | None = None,
    resolved: bool = False,
    store_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Problem]:
    """Problems, the newest first: open ones, or those already settled."""
    rows = Problem.objects.filter(seller_id=seller_id, resolved_at__isnull=not resolved)
    rows = _seen_by(rows.select_related("store__sales_channel"), store_ids)
    if code:
        rows = rows.filter(code=code)
    if store_id:
        rows = rows.filter(store_id=store_id)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def _seen_by(rows, store_ids: Sequence[int] | None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - any queryset with a store
    """Narrow to the stores a person may see; what stands on no store is everybody's."""
    return rows if store_ids is None else rows.filter(Q(store_id__in=store_ids) | Q(store=None))


def problem(*, seller_id: int, problem_id: int, store_ids: Sequence[int] | None = None) -> Problem:
    """One problem.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see its store.
    """
    rows = Problem.objects.filter(seller_id=seller_id, id=problem_id).select_related("store__sales_channel")
    found: Problem | None = _seen_by(rows, store_ids).first()
    if found is None:
        raise NotFound
    return found


def problem_counts(*, seller_id: int, store_ids: Sequence[int] | None = None) -> Mapping[str, int]:
    """How many open problems there are of each code."""
    rows = _seen_by(Problem.objects.filter(seller_id=seller_id, resolved_at=None), store_ids)
    return dict(rows.values_list("code").annotate(n=Count("id")).order_by("-n", "code"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What the frame of every page says: open problems, and whether runs and deeds go on."""

    problems: int
    runs: bool
    deeds: bool


def standing(*, seller_id: int, store_ids: Sequence[int] | None = None, user_id: int | None = None) -> Standing:
    """How it stands, in one question. `user_id`: only this person's deeds."""
    facts = {
        "seller": seller_id,
        "stores": None if store_ids is None else list(store_ids),
        "user": user_id,
        "open_runs": list(OPEN_RUN),
        "open_deeds": [str(state) for state in OPEN_DEED],
    }
    return Standing(*fetch(STANDING, facts)[0])


def problems_on(*, seller_id: int, object_type: str, object_id: str) -> Sequence[Problem]:
    """Open problems that stand on one object."""
    rows = Problem.objects.filter(seller_id=seller_id, object_type=object_type, object_id=object_id, resolved_at=None)
    return list(rows.select_related("store__sales_channel").order_by("-last_at"))


def journal(
    *,
    seller_id: int,
    store_id: int | None = None,
    about: str = "",
    outcome: str = "",
    direction: str = "",
    store_ids: Sequence[int] | None = None,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[JournalEntry]:
    """Calls between Entrepot and the stores, newest first, without their bodies."""
    rows = JournalEntry.objects.filter(seller_id=seller_id).select_related("store__sales_channel")
    rows = rows.defer("request", "answer")
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    if store_id:
        rows = rows.filter(store_id=store_id)
    if about:
        rows = rows.filter(about__contains=[about])
    if outcome == "ok":
        rows = rows.filter(error_code="", status__lt=400)
    elif outcome == "failed":
        rows = rows.filter(~Q(error_code="") | Q(status__gte=400) | Q(status=None))
    if direction in {"in", "out"}:
        rows = rows.filter(incoming=direction == "in")
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def journal_entry(*, seller_id: int, entry_id: int, store_ids: Sequence[int] | None = None) -> JournalEntry:
    """One call with its bodies.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see its store.
    """
    rows = JournalEntry.objects.filter(seller_id=seller_id, id=entry_id).select_related("store__sales_channel")
    found = rows.first()
    if found is None or (store_ids is not None and found.store_id not in store_ids):
        raise NotFound
    return found


def raw_order(*, seller_id: int, order_id: int) -> IncomingOrder | None:
    """The store's own copy of an order, word for word, if it came from a store."""
    return IncomingOrder.objects.filter(seller_id=seller_id, order_id=order_id).order_by("-id").first()


def zone_of(*, seller_id: int, channel_id: int) -> str:
    """The store's own timezone; empty for a channel without a store."""
    found = Store.objects.filter(seller_id=seller_id, sales_channel_id=channel_id)
    return found.values_list("timezone", flat=True).first() or ""


def incoming(*, seller_id: int, incoming_id: int) -> IncomingOrder:
    """One order as it came in.

    Raises:
        NotFound: There is none, or it is another seller's.
    """
    found = IncomingOrder.objects.filter(seller_id=seller_id, id=incoming_id).select_related("store").first()
    if found is None:
        raise NotFound
    return found
