"""Saying which categories and brands of a store ours are. What is listed there afterwards lies on these shelves."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.errors import BrandNotFound, CategoryNotFound
from entrepot.catalog.queries import brand_names, category_ids
from entrepot.channels.errors import ShelfUnknown, StoreNotFound
from entrepot.channels.models import BrandMapping, CategoryMapping, Store
from entrepot.channels.queries.shelves import What, shelf_page, shelves
from entrepot.kernel.actor import Actor

AT_ONCE = 500


@transaction.atomic
def map_categories(*, seller_id: int, store_id: int, wanted: Mapping[int, Sequence[str]], actor: Actor) -> int:
    """Have our categories stand for exactly these of the store, `{category_id: [remote id, …]}`; how many changed.

    Raises:
        StoreNotFound, CategoryNotFound: There is none of this seller; nothing was changed.
        ShelfUnknown: The store has no such category; nothing was changed.
    """
    store = _locked(seller_id, store_id)
    if missing := wanted.keys() - category_ids(seller_id=seller_id, ids=list(wanted)):
        raise CategoryNotFound(category_id=min(missing))
    fresh = _changed(store, "categories", {pk: list(dict.fromkeys(ids)) for pk, ids in wanted.items()})
    CategoryMapping.objects.filter(seller_id=seller_id, store=store, category_id__in=fresh).delete()
    now = timezone.now()
    CategoryMapping.objects.bulk_create(
        CategoryMapping(**_facts(store, actor, now), category_id=pk, remote_id=remote_id)
        for pk, ids in sorted(fresh.items())
        for remote_id in ids
    )
    _told(store, "categories", fresh, actor)
    return len(fresh)


@transaction.atomic
def map_brands(*, seller_id: int, store_id: int, wanted: Mapping[int, str], actor: Actor) -> int:
    """Have our brands stand for these of the store, `{brand_id: remote id}`, "" for none; how many changed.

    Raises:
        StoreNotFound, BrandNotFound: There is none of this seller; nothing was changed.
        ShelfUnknown: The store has no such brand; nothing was changed.
    """
    store = _locked(seller_id, store_id)
    if missing := wanted.keys() - brand_names(seller_id=seller_id, ids=list(wanted)).keys():
        raise BrandNotFound(brand_id=min(missing))
    fresh = _changed(store, "brands", {pk: [remote_id] if remote_id else [] for pk, remote_id in wanted.items()})
    BrandMapping.objects.filter(seller_id=seller_id, store=store, brand_id__in=fresh).delete()
    now = timezone.now()
    BrandMapping.objects.bulk_create(
        BrandMapping(**_facts(store, actor, now), brand_id=pk, remote_id=remote_id)
        for pk, ids in sorted(fresh.items())
        for remote_id in ids
    )
    _told(store, "brands", fresh, actor)
    return len(fresh)


def take_suggestions(*, seller_id: int, store_id: int, what: What, actor: Actor) -> int:
    """Map everything that nobody has mapped and that has the same path or name in the store; how many there were.

    Raises:
        StoreNotFound: There is none of this seller.
    """
    store = Store.objects.filter(seller_id=seller_id, pk=store_id).first()
    if store is None:
        raise StoreNotFound(store_id=store_id)
    after, taken = "", 0
    while True:
        there = shelves(seller_id=seller_id, store=store, what=what)
        page = shelf_page(seller_id=seller_id, there=there, show="open", after=after, limit=AT_ONCE)
        sure = {row.pk: row.idea.place.remote_id for row in page.rows if row.idea and row.idea.certain}
        if sure and what == "categories":
            wanted = {pk: [remote_id] for pk, remote_id in sure.items()}
            taken += map_categories(seller_id=seller_id, store_id=store_id, wanted=wanted, actor=actor)
        elif sure:
            taken += map_brands(seller_id=seller_id, store_id=store_id, wanted=sure, actor=actor)
        if page.next is None:
            return taken
        after = page.next


def _locked(seller_id: int, store_id: int) -> Store:
    rows = Store.objects.select_for_update(no_key=True, of=("self",)).select_related("sales_channel")
    store = rows.filter(seller_id=seller_id, pk=store_id).first()
    if store is None:
        raise StoreNotFound(store_id=store_id)
    return store


def _changed(store: Store, what: What, wanted: Mapping[int, list[str]]) -> dict[int, list[str]]:
    """What differs from what stands; every new place must be one of the store's."""
    there = shelves(seller_id=store.seller_id, store=store, what=what)
    fresh = {pk: ids for pk, ids in wanted.items() if set(ids) != set(there.mapped.get(pk, []))}
    for pk, ids in fresh.items():
        for remote_id in ids:
            if remote_id not in there.places and remote_id not in there.mapped.get(pk, []):
                raise ShelfUnknown(field="remote_id", reason="", remote_id=remote_id, store=store.sales_channel.name)
    return fresh


def _facts(store: Store, actor: Actor, now: datetime) -> dict[str, object]:
    return {"seller_id": store.seller_id, "store": store, "mapped_by": str(actor)[:120], "mapped_at": now}


def _told(store: Store, what: What, fresh: Mapping[int, Sequence[str]], actor: Actor) -> None:
    if fresh:
        audit(
            seller_id=store.seller_id,
            actor=actor,
            verb=f"shelves.{what}",
            object_type="store",
            object_id=store.pk,
            facts={"changed": len(fresh), "first": dict(list(fresh.items())[:20])},
        )
