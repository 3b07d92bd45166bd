"""Questions about connected stores: who they are, how fresh we are, what is running."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from entrepot.catalog.rows import fetch
from entrepot.channels.models import Drift, Finding, Listing, Problem, Run, StatusMapping, Store
from entrepot.kernel.errors import NotFound
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark

OPEN_RUN = (Run.State.RUNNING, Run.State.WAITING)
NOTHING: tuple[int, datetime | None] = (0, None)

# The figures of all items are added up once, not looked up for each listing.
UNSENT = """
SELECT l.store_id, count(*), min(figure.changed_at)
FROM channels_listing l JOIN channels_store s ON s.sales_channel_id = l.store_id AND s.state = 'live' LEFT JOIN (
    SELECT item_id, sum(version)::bigint AS version, max(changed_at) AS changed_at
    FROM inventory_stock WHERE seller_id = %(seller)s GROUP BY item_id
) figure ON figure.item_id = l.item_id
WHERE l.seller_id = %(seller)s AND l.store_id = ANY(%(stores)s) AND l.item_id IS NOT NULL AND l.stock_push
    AND l.state NOT IN ('unlinked', 'missing') AND (figure.version > l.sent_version OR l.force_push)
GROUP BY l.store_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How far a store is behind: changes not yet sent (and since when), refusals, last look at its orders."""

    unsent: int = 0
    oldest_unsent: datetime | None = None
    refused: int = 0
    orders_seen_at: datetime | None = None


def stores(
    *, seller_id: int, store_ids: Sequence[int] | None = None, with_disconnected: bool = True
) -> Sequence[Store]:
    """The seller's stores by nickname, disconnected ones last."""
    rows = Store.objects.filter(seller_id=seller_id).select_related("sales_channel")
    if store_ids is not None:
        rows = rows.filter(sales_channel_id__in=store_ids)
    if not with_disconnected:
        rows = rows.exclude(state=Store.State.DISCONNECTED)
    return sorted(rows, key=lambda store: (store.state == Store.State.DISCONNECTED, store.sales_channel.name))


def store(*, seller_id: int, store_id: int, store_ids: Sequence[int] | None = None) -> Store:
    """One store.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see it.
    """
    found = Store.objects.filter(seller_id=seller_id, sales_channel_id=store_id).select_related("sales_channel").first()
    if found is None or (store_ids is not None and store_id not in store_ids):
        raise NotFound
    return found


def freshness(*, seller_id: int, store_ids: Sequence[int]) -> Mapping[int, Freshness]:
    """How far each of these stores is behind."""
    asked = {"seller": seller_id, "stores": list(store_ids)}
    by_store = {store_id: (unsent, oldest) for store_id, unsent, oldest in fetch(UNSENT, asked)}
    refused = dict(
        Listing.objects.filter(seller_id=seller_id, store_id__in=store_ids)
        .filter(error_code__gt="")
        .values_list("store_id")
        .annotate(n=Count("id"))
        .order_by("store_id")
    )
    seen = dict(Store.objects.filter(seller_id=seller_id, pk__in=store_ids).values_list("pk", "orders_seen_at"))
    return {
        store_id: Freshness(
            unsent=by_store.get(store_id, NOTHING)[0],
            oldest_unsent=by_store.get(store_id, NOTHING)[1],
            refused=refused.get(store_id, 0),
            orders_seen_at=seen.get(store_id),
        )
        for store_id in store_ids
    }


def open_runs(*, seller_id: int, store_ids: Sequence[int] | None = None) -> Sequence[Run]:
    """What is running now, oldest first."""
    rows = Run.objects.filter(seller_id=seller_id, state__in=OPEN_RUN).select_related("store__sales_channel")
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    return list(rows.order_by("id"))


def runs(*, seller_id: int, store_id: int, after: str = "", limit: int = PAGE_SIZE) -> Page[Run]:
    """The store's errands, newest first."""
    rows = Run.objects.filter(seller_id=seller_id, store_id=store_id)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def run(*, seller_id: int, store_id: int, run_id: int) -> Run:
    """One errand of the store.

    Raises:
        NotFound: There is none, or it is another's.
    """
    found = Run.objects.filter(seller_id=seller_id, store_id=store_id, id=run_id).first()
    if found is None:
        raise NotFound
    return found


def last_run(*, seller_id: int, store_id: int, kind: str) -> Run | None:
    """The newest errand of this kind."""
    return Run.objects.filter(seller_id=seller_id, store_id=store_id, kind=kind).order_by("-id").first()


def finding_counts(*, seller_id: int, store_id: int) -> Mapping[str, int]:
    """How many open findings there are of each code."""
    rows = Finding.objects.filter(seller_id=seller_id, store_id=store_id, resolved_at=None)
    return dict(rows.values_list("code").annotate(n=Count("id")).order_by("code"))


def findings(
    *, seller_id: int, store_id: int, code: str = "", after: str = "", limit: int = PAGE_SIZE
) -> Page[Finding]:
    """The SKU doctor's open findings, oldest first, so that those of one code stand in the store's order."""
    rows = Finding.objects.filter(seller_id=seller_id, store_id=store_id, resolved_at=None)
    if code:
        rows = rows.filter(code=code)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__gt=key[0])
    return page_of(rows.order_by("id"), limit=limit, key=lambda row: (row.pk,))


def listings_of_findings(
    *, seller_id: int, store_id: int, findings: Sequence[Finding]
) -> Mapping[tuple[str, str], Listing]:
    """The listings that these findings are about, by (product, variation) of the store."""
    rows = Listing.objects.filter(
        seller_id=seller_id, store_id=store_id, remote_id__in={row.remote_id for row in findings}
    )
    return {(row.remote_id, row.variation_key): row for row in rows.select_related("item")}


def own_findings(*, seller_id: int, store_id: int, finding_ids: Sequence[int]) -> Sequence[int]:
    """Those of these ids that are open findings of the store, the oldest first."""
    rows = Finding.objects.filter(seller_id=seller_id, store_id=store_id, pk__in=finding_ids, resolved_at=None)
    return list(rows.order_by("id").values_list("pk", flat=True))


def status_mappings(*, seller_id: int, store_id: int) -> Sequence[StatusMapping]:
    """What each of the store's own statuses means here."""
    rows = StatusMapping.objects.filter(store__seller_id=seller_id, store_id=store_id)
    return sorted(rows, key=lambda row: (not row.remote_id.isdigit(), row.remote_id.zfill(12)))


def drifts(*, seller_id: int, store_id: int, after: str = "", limit: int = PAGE_SIZE) -> Page[Drift]:
    """Differences found between what we told the store and what it showed, newest first."""
    rows = Drift.objects.filter(store__seller_id=seller_id, store_id=store_id).select_related("listing__item")
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def listing_counts(*, seller_id: int, store_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """How many listings each store has: all, unmatched, refused."""
    own = Store.objects.filter(seller_id=seller_id, pk__in=store_ids).values_list("pk", flat=True)
    rows = Listing.objects.filter(store_id__in=list(own)).order_by().values_list("store_id")  # by their indexes alone
    found = {
        "all": dict(rows.annotate(n=Count("id"))),
        "unmatched": dict(rows.filter(item=None).annotate(n=Count("id"))),
        "refused": dict(rows.filter(error_code__gt="").annotate(n=Count("id"))),
    }
    return {store_id: {name: counts.get(store_id, 0) for name, counts in found.items()} for store_id in found["all"]}


def open_problem_counts(*, seller_id: int, store_ids: Sequence[int]) -> Mapping[int, int]:
    """How many open problems stand on each store."""
    rows = Problem.objects.filter(seller_id=seller_id, store_id__in=store_ids, resolved_at=None)
    return dict(rows.values_list("store_id").annotate(n=Count("id")).order_by("store_id"))
