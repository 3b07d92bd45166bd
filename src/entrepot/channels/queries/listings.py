"""Questions about listings: an item as sold in one store, and what we owe, told and saw of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from entrepot.channels.models import Listing, StockTold
from entrepot.channels.services.push_figures import figures
from entrepot.inventory.models import Stock
from entrepot.kernel.errors import NotFound
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFilter:
    """What the list is narrowed by. `show`: unmatched, failed, stale, different."""

    search: str = ""
    store_id: int | None = None
    state: str = ""
    show: str = ""
    store_ids: Sequence[int] | None = None


def with_stock(rows: QuerySet[Listing]) -> QuerySet[Any]:  # house: queries-seller whoever asks has narrowed the rows
    """Put the item's own figures on each listing: `stock_version` and `available`."""
    mine = Stock.objects.filter(item=OuterRef("item_id")).order_by().values("item")
    versions = mine.annotate(n=Sum("version")).values("n")
    left = mine.annotate(n=Sum(F("on_hand") - F("reserved"))).values("n")
    return rows.annotate(
        stock_version=Coalesce(Subquery(versions), 0, output_field=IntegerField()),
        available=Coalesce(Subquery(left), 0, output_field=IntegerField()),
    )


def narrowed(*, seller_id: int, by: ListingFilter) -> QuerySet[Any]:
    """The listings a filter finds, in no order, with `available` and `stock_version`."""
    rows = Listing.objects.filter(seller_id=seller_id)
    if by.store_ids is not None:
        rows = rows.filter(store_id__in=by.store_ids)
    if by.store_id:
        rows = rows.filter(store_id=by.store_id)
    if by.state:
        rows = rows.filter(state=by.state)
    if by.search:
        rows = rows.filter(
            Q(remote_sku__icontains=by.search)
            | Q(title__icontains=by.search)
            | Q(remote_id=by.search)
            | Q(item__sku__icontains=by.search)
        )
    counted = with_stock(rows)
    match by.show:
        case "unmatched":
            counted = counted.filter(item=None)
        case "failed":
            counted = counted.exclude(error_code="")
        case "stale":
            counted = counted.filter(Q(force_push=True) | Q(stock_version__gt=F("sent_version")), item__isnull=False)
        case "different":
            counted = counted.filter(seen_quantity__isnull=False).exclude(seen_quantity=F("sent_quantity"))
    return counted


def listings(*, seller_id: int, by: ListingFilter, after: str = "", limit: int = PAGE_SIZE) -> Page[Listing]:
    """Listings, newest first, with their store, item, `available` and `stock_version`."""
    counted = narrowed(seller_id=seller_id, by=by).select_related("store__sales_channel", "item")
    if key := read_bookmark(after, int):
        counted = counted.filter(id__lt=key[0])
    page = page_of(counted.order_by("-id"), limit=limit, key=lambda row: (row.pk,))
    desire(page.rows)
    return page


def desire(rows: Sequence[Listing]) -> Sequence[Listing]:
    """The listings, on each what its store should show now (`desired`), what is `available`, and its `stock_version`.

    One query for each store that occurs.
    """
    by_store: dict[int, list[Listing]] = {}
    for row in rows:
        row.desired = None  # type: ignore[attr-defined]
        by_store.setdefault(row.store_id, []).append(row)
    for mine in by_store.values():
        known = {figure.listing_id: figure for figure in figures(mine[0].store, listing_ids=[row.pk for row in mine])}
        for row in mine:
            if figure := known.get(row.pk):
                row.desired = figure.quantity  # type: ignore[attr-defined]
                row.available = figure.available  # type: ignore[attr-defined]
                row.stock_version = figure.version  # type: ignore[attr-defined]
    return rows


def listing(*, seller_id: int, listing_id: int, store_ids: Sequence[int] | None = None) -> Listing:
    """One listing with its store, item and figures.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see its store.
    """
    rows = Listing.objects.filter(seller_id=seller_id, id=listing_id)
    found: Listing | None = with_stock(rows.select_related("store__sales_channel", "item__product")).first()
    if found is None or (store_ids is not None and found.store_id not in store_ids):
        raise NotFound
    desire([found])
    return found


def owned_ids(
    *, seller_id: int, listing_ids: Sequence[int], store_ids: Sequence[int] | None = None
) -> Mapping[int, Sequence[int]]:
    """Those of the ids that are the seller's listings in stores that can be talked to, by store."""
    rows = Listing.objects.filter(seller_id=seller_id, id__in=listing_ids, store__state__in=["shadow", "live"])
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    by_store: dict[int, list[int]] = {}
    for store_id, listing_id in rows.order_by("id").values_list("store_id", "id"):
        by_store.setdefault(store_id, []).append(listing_id)
    return by_store


def listings_of_items(*, seller_id: int, item_ids: Sequence[int]) -> Mapping[int, Sequence[Listing]]:
    """The listings of each item, by store."""
    rows = Listing.objects.filter(seller_id=seller_id, item_id__in=item_ids).select_related("store__sales_channel")
    by_item: dict[int, list[Listing]] = {item_id: [] for item_id in item_ids}
    found = list(with_stock(rows).order_by("store__sales_channel__name", "id"))
    desire(found)
    for row in found:
        by_item[row.item_id or 0].append(row)
    return by_item


def listings_called(
    *, seller_id: int, remote_id: str, item_ids: Sequence[int], store_ids: Sequence[int], limit: int = 6
) -> Sequence[Listing]:
    """In these stores, the listings with exactly this id there, and those of the items; each with its store."""
    rows = Listing.objects.filter(seller_id=seller_id, store_id__in=store_ids)
    wanted = Q(pk__in=rows.filter(remote_id=remote_id).order_by().values("pk")[:limit])
    if item_ids:
        wanted |= Q(pk__in=rows.filter(item_id__in=item_ids).order_by().values("pk")[:limit])
    return list(rows.filter(wanted).select_related("store__sales_channel", "item").order_by("-id")[:limit])


def told(*, seller_id: int, listing_id: int, limit: int = 30) -> Sequence[StockTold]:
    """What the store was told and showed of this listing, newest first."""
    rows = StockTold.objects.filter(listing__seller_id=seller_id, listing_id=listing_id)
    return list(rows.order_by("-at", "-id")[:limit])
