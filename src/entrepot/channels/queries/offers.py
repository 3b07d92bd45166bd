"""Questions about what stores are to change of their listings, and what their owners changed themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from entrepot.channels.models import (
    Difference,
    Listing,
    ListingChange,
    RemoteAttribute,
    RemoteBrand,
    RemoteCategory,
    Store,
)
from entrepot.channels.shelves import branches, category_path
from entrepot.kernel.errors import NotFound
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark

HERE = (Listing.State.ACTIVE, Listing.State.INACTIVE)


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """A category of a store: its id there and its path in words."""

    remote_id: str
    path: str


def changes_of(*, seller_id: int, listing: Listing, limit: int = 20) -> Sequence[ListingChange]:
    """What was asked for of this listing or its whole product, newest first."""
    rows = ListingChange.objects.filter(seller_id=seller_id, store_id=listing.store_id)
    mine = Q(listing=listing) | (Q(remote_id=listing.remote_id) & ~Q(kind=ListingChange.Kind.PRICE))
    return list(rows.filter(mine).order_by("-id")[:limit])


def waiting_price(*, seller_id: int, listing_id: int) -> ListingChange | None:
    """The price a listing's store was asked for and does not have yet."""
    rows = ListingChange.objects.filter(seller_id=seller_id, listing_id=listing_id, kind=ListingChange.Kind.PRICE)
    return rows.filter(state=ListingChange.State.WAITING).order_by("-id").first()


def change(*, seller_id: int, change_id: int, store_ids: Sequence[int] | None = None) -> ListingChange:
    """One change.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see its store.
    """
    found = ListingChange.objects.filter(seller_id=seller_id, pk=change_id).first()
    if found is None or (store_ids is not None and found.store_id not in store_ids):
        raise NotFound
    return found


def changes(
    *, seller_id: int, store_ids: Sequence[int] | None = None, state: str = "", after: str = "", limit: int = PAGE_SIZE
) -> Page[ListingChange]:
    """All changes, newest first."""
    rows = ListingChange.objects.filter(seller_id=seller_id).select_related(
        "store__sales_channel", "listing", "product"
    )
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    if state:
        rows = rows.filter(state=state)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def differences_of(*, seller_id: int, listing: Listing) -> Sequence[Difference]:
    """What the store's owner changed of this listing and nobody has decided yet."""
    rows = Difference.objects.filter(seller_id=seller_id, listing=listing, decided_at=None)
    return list(rows.select_related("listing").order_by("field"))


def names_in(*, seller_id: int, differences: Sequence[Difference]) -> Mapping[tuple[int, str], str]:
    """The names of the stores' categories that differences speak of, by store and id."""
    spoken_of = [row for row in differences if row.field == "category_ids"]
    ids = {(row.listing.store_id, str(one)) for row in spoken_of for one in [*(row.ours or ()), *(row.theirs or ())]}
    return named_categories(seller_id=seller_id, wanted=ids)


def named_categories(*, seller_id: int, wanted: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], str]:
    """The names of stores' categories, by store and id; no question where none is wanted."""
    if not wanted:
        return {}
    rows = RemoteCategory.objects.filter(
        store__seller_id=seller_id,
        store_id__in={store_id for store_id, _ in wanted},
        remote_id__in={remote_id for _, remote_id in wanted},
    )
    return {(row.store_id, row.remote_id): row.name for row in rows}


def differences(
    *, seller_id: int, store_ids: Sequence[int] | None = None, after: str = "", limit: int = PAGE_SIZE
) -> Page[Difference]:
    """Everything changed in stores' admins that waits for a decision, newest first."""
    rows = Difference.objects.filter(seller_id=seller_id, decided_at=None).select_related(
        "listing__store__sales_channel"
    )
    if store_ids is not None:
        rows = rows.filter(listing__store_id__in=store_ids)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def difference(*, seller_id: int, difference_id: int, store_ids: Sequence[int] | None = None) -> Difference:
    """One undecided difference.

    Raises:
        NotFound: There is none, it is decided, another seller's, or the person may not see its store.
    """
    rows = Difference.objects.filter(seller_id=seller_id, pk=difference_id, decided_at=None)
    found = rows.select_related("listing").first()
    if found is None or (store_ids is not None and found.listing.store_id not in store_ids):
        raise NotFound
    return found


def categories_of(*, seller_id: int, store: Store) -> Sequence[CategoryChoice]:
    """The store's active categories with their paths, in the order of their paths."""
    rows = branches(seller_id=seller_id, store_id=store.pk)
    found = [
        CategoryChoice(row.remote_id, " › ".join(category_path(row.remote_id, rows)))
        for row in rows.values()
        if row.active
    ]
    return sorted(found, key=lambda choice: choice.path)


def has_attributes(*, seller_id: int, store: Store) -> bool:
    """Whether the store describes products by attributes."""
    return RemoteAttribute.objects.filter(store=store, store__seller_id=seller_id).exists()


def brands_of(*, seller_id: int, store: Store) -> Sequence[str]:
    """The names of the store's brands."""
    rows = RemoteBrand.objects.filter(store=store, store__seller_id=seller_id)
    return list(rows.order_by("name").values_list("name", flat=True))
