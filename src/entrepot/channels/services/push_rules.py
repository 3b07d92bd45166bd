"""What a person may say about stock in a store: push this now, show at most so much, and what would be pushed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.channels import engine
from entrepot.channels.errors import StoreNotFound
from entrepot.channels.models import Listing, Store
from entrepot.channels.services.push_figures import figures, stale_ids
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid

LISTING_RULES = frozenset({"buffer", "maximum", "share_percent", "stock_push"})
STORE_RULES = frozenset({"buffer", "maximum", "share_percent", "source_warehouses"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldPush:
    """A figure that is owed: what the store shows (`shown`, None = never seen) and what it would be told."""

    listing_id: int
    title: str
    shown: int | None
    quantity: int


@transaction.atomic
def sync_stock(*, seller_id: int, store_id: int, actor: Actor, listing_ids: Sequence[int] | None = None) -> int:
    """Sync Stock by hand: tell the store these figures (or all) again, whatever it was told before; how many.

    Raises:
        StoreNotFound: The store is not this seller's.
    """
    _require_store(seller_id, store_id)
    rows = Listing.objects.filter(seller_id=seller_id, store_id=store_id, stock_push=True).exclude(item=None)
    rows = rows.filter(state__in=[Listing.State.ACTIVE, Listing.State.INACTIVE])
    if listing_ids is not None:
        rows = rows.filter(pk__in=listing_ids)
    forced = rows.update(force_push=True, next_try_at=None, updated_at=timezone.now())
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="stores.sync_stock",
        object_type="store",
        object_id=store_id,
        facts={"listings": forced, "all": listing_ids is None},
    )
    engine.wake("push_stock", store_id)
    return forced


@transaction.atomic
def set_stock_rules(
    *, seller_id: int, listing_ids: Sequence[int], rules: Mapping[str, int | bool | None], actor: Actor
) -> int:
    """Say how much of the stock these listings show; how many changed. Their figures are counted anew and pushed.

    `rules`: any of `buffer`, `maximum`, `share_percent` (None = the store's own rule counts) and `stock_push`.

    Raises:
        Invalid: A rule is unknown, below zero, or the share above 100.
    """
    _check_rules(rules, LISTING_RULES)
    rows = Listing.objects.filter(seller_id=seller_id, pk__in=listing_ids)
    changed = rows.update(**rules, sent_version=-1, next_try_at=None, updated_at=timezone.now())
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="listings.set_stock_rules",
        object_type="listing",
        object_id=listing_ids[0] if len(listing_ids) == 1 else "",
        facts={**rules, "listings": changed},
    )
    for store_id in rows.order_by("store_id").values_list("store_id", flat=True).distinct():
        engine.wake("push_stock", store_id)
    return changed


@transaction.atomic
def set_store_stock_rules(
    *, seller_id: int, store_id: int, rules: Mapping[str, int | Sequence[int] | None], actor: Actor
) -> Store:
    """Say how much of the stock a whole store shows: `buffer`, `maximum`, `share_percent`, `source_warehouses`.

    Raises:
        StoreNotFound: The store is not this seller's.
        Invalid: A rule is unknown, below zero, or the share above 100.
    """
    _check_rules(rules, STORE_RULES)
    store = _require_store(seller_id, store_id, lock=True)
    store.settings = {name: value for name, value in {**store.settings, **rules}.items() if value is not None}
    store.save(update_fields=["settings"])
    Listing.objects.filter(seller_id=seller_id, store=store).update(sent_version=-1, next_try_at=None)
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="stores.set_stock_rules",
        object_type="store",
        object_id=store_id,
        facts=dict(rules),
    )
    engine.wake("push_stock", store_id)
    return store


def would_push(store: Store, *, limit: int = 200) -> list[WouldPush]:
    """What a push would tell the store now, lowest figure first; for shadow mode and the preview. Writes nothing."""
    owed = figures(store, listing_ids=stale_ids(store, now=timezone.now(), full=True))
    return [
        WouldPush(listing_id=row.listing_id, title=row.title, shown=row.seen, quantity=row.quantity)
        for row in owed
        if not row.settled
    ][:limit]


def _check_rules(rules: Mapping[str, object], known: frozenset[str]) -> None:
    for name, value in rules.items():
        if name not in known:
            raise Invalid(field=name, reason="“{field}” is not known here. Leave it out.")
        if name in {"stock_push", "source_warehouses"} or value is None:
            continue
        if not isinstance(value, int) or value < 0:
            raise Invalid(field=name, reason="Give a whole number from 0 on.")
        if name == "share_percent" and value > 100:
            raise Invalid(field=name, reason="Give a number of at most 100.")


def _require_store(seller_id: int, store_id: int, *, lock: bool = False) -> Store:
    rows = Store.objects.filter(pk=store_id, seller_id=seller_id)
    store = (rows.select_for_update(no_key=True) if lock else rows).first()
    if store is None:
        raise StoreNotFound(store_id=store_id)
    return store
