"""Questions about connected stores: who they are, how fresh we are, what is running."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from entrepot.channels.models import Drift, Finding, Listing, Problem, Run, StatusMapping, Store
from entrepot.inventory.models import Stock
from entrepot.kernel.errors import NotFound
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark

OPEN_RUN = (Run.State.RUNNING, Run.State.WAITING)


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
    version = Stock.objects.filter(item=OuterRef("item_id")).order_by().values("item").annotate(n=Sum("version"))
    changed = Stock.objects.filter(item=OuterRef("item_id")).order_by("-changed_at")
    owed = (
        Listing.objects.filter(
            seller_id=seller_id, store_id__in=store_ids, item__isnull=False, stock_push=True, store__state="live"
        )
        .exclude(state__in=[Listing.State.UNLINKED, Listing.State.MISSING])
        .annotate(
            stock_version=Coalesce(Subquery(version.values("n")), 0, output_field=IntegerField()),
            stock_changed=Subquery(changed.values("changed_at")[:1]),
        )
        .filter(Q(stock_version__gt=F("sent_version")) | Q(force_push=True))
        .values("store_id")
        .annotate(unsent=Count("id"), oldest=Min("stock_changed"))
        .order_by("store_id")
    )
    by_store = {row["store_id"]: row for row in owed}
    refused = dict(
        Listing.objects.filter(seller_id=seller_id, store_id__in=store_ids)
        .exclude(error_code="")
        .values_list("store_id")
        .annotate(n=Count("id"))
        .order_by("store_id")
    )
    seen = dict(Store.objects.filter(seller_id=seller_id, pk__in=store_ids).values_list("pk", "orders_seen_at"))
    return {
        store_id: Freshness(
            unsent=by_store[store_id]["unsent"] if store_id in by_store else 0,
            oldest_unsent=by_store[store_id]["oldest"] if store_id in by_store else None,
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
    rows = (
        Listing.objects.filter(seller_id=seller_id, store_id__in=store_ids)
        .values("store_id")
        .annotate(
            all=Count("id"),
            unmatched=Count("id", filter=Q(item=None)),
            refused=Count("id", filter=~Q(error_code="")),
        )
        .order_by("store_id")
    )
    return {row["store_id"]: {name: row[name] for name in ("all", "unmatched", "refused")} for row in rows}


def open_problem_counts(*, seller_id: int, store_ids: Sequence[int]) -> Mapping[int, int]:
    """How many open problems stand on each store."""
    rows = Problem.objects.filter(seller_id=seller_id, store_id__in=store_ids, resolved_at=None)
    return dict(rows.values_list("store_id").annotate(n=Count("id")).order_by("store_id"))
