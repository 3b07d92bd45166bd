"""What a person wants changed of what a store lists: asked for here, done by `offers_push`. No store is spoken to here.

Each wish is a row. A later wish for the same thing overtakes one that has not gone out yet.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.models import Product
from entrepot.catalog.queries import product as product_of
from entrepot.channels import engine
from entrepot.channels.errors import (
    ChangeNotFound,
    DeletionNeedsApproval,
    ListedAlready,
    ListingNotFound,
    NoSuchPart,
    PriceImpossible,
    PriceNeedsApproval,
    StoreNotFound,
    StoreStateForbids,
)
from entrepot.channels.live import announce
from entrepot.channels.models import Listing, ListingChange, Store
from entrepot.channels.opening import opened
from entrepot.channels.problems import resolve_problems
from entrepot.channels.services.offers_again import REFUSED, take_up
from entrepot.channels.services.offers_taken import taken_places
from entrepot.channels.services.rails import FALLS_FAR
from entrepot.channels.services.storefront_told import forget, want
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid
from entrepot.kernel.money import plain

Kind, State = ListingChange.Kind, ListingChange.State
HERE = (Listing.State.ACTIVE, Listing.State.INACTIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """How a product is to be listed in a store. Empty or None = as the product itself says.

    `prices` names those of single items of a group where they differ from `price`. Categories and brand are the
    store's own ids and names.
    """

    price: Decimal
    retail_price: Decimal | None = None
    prices: Mapping[int, Decimal] = field(default_factory=dict)
    name: str = ""
    description: str = ""
    brand: str = ""
    category_ids: Sequence[str] = ()
    images: Sequence[str] = ()
    attributes: Sequence[tuple[str, str]] = ()
    active: bool = True


@transaction.atomic
def ask_price(
    *,
    seller_id: int,
    listing_ids: Sequence[int],
    price: Decimal,
    retail_price: Decimal | None,
    actor: Actor,
    approved: bool = False,
) -> list[ListingChange]:
    """Have these listings sold at `price`; `retail_price` (MRP) is what they cost without a reduction, None = the same.

    Raises:
        PriceImpossible: It is zero or less, or above the retail price.
        PriceNeedsApproval: It falls by more than 30 % and nobody has approved that; nothing is asked for.
        ListingNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    if price <= 0 or (retail_price is not None and retail_price < price):
        raise PriceImpossible(field="price", reason="", price=price)
    rows = _listings(seller_id, listing_ids, part="prices")
    if not approved:
        _guard(rows, price)
    fields = {"price": _plain(price), "retail_price": _plain(retail_price)}
    return _ask(rows, Kind.PRICE, fields, actor, each_listing=True)


@transaction.atomic
def ask_active(*, seller_id: int, listing_ids: Sequence[int], active: bool, actor: Actor) -> list[ListingChange]:
    """Have the products of these listings shown or hidden in their stores; a product is shown or hidden as a whole.

    Raises:
        ListingNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    rows = _listings(seller_id, listing_ids, part="listings")
    return _ask(rows, Kind.ACTIVATE if active else Kind.DEACTIVATE, {"active": active}, actor)


@transaction.atomic
def ask_delete(
    *, seller_id: int, listing_ids: Sequence[int], actor: Actor, approved: bool = False
) -> list[ListingChange]:
    """Have the products of these listings deleted in their stores. What is known of them here stays.

    Raises:
        DeletionNeedsApproval: Nobody has said that it is meant; nothing is asked for.
        ListingNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    rows = _listings(seller_id, listing_ids, part="listings")
    if not approved:
        raise DeletionNeedsApproval(title=rows[0].title, store=rows[0].store.sales_channel.name)
    return _ask(rows, Kind.DELETE, {}, actor)


@transaction.atomic
def ask_update(*, seller_id: int, listing_id: int, fields: Mapping[str, Any], actor: Actor) -> list[ListingChange]:
    """Have the product of a listing changed: `name`, `description`, `brand`, `category_ids`, `images`, `attributes`.

    Raises:
        Invalid: Nothing is to be changed.
        ListingNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    if not fields:
        raise Invalid(field="fields", reason="Say what is to change.")
    return _ask(_listings(seller_id, [listing_id], part="listings"), Kind.UPDATE, dict(fields), actor)


@transaction.atomic
def ask_listing(*, seller_id: int, product_id: int, store_id: int, offer: Offer, actor: Actor) -> ListingChange:
    """Have a product listed in a store it is not in yet. A repeated try makes no second product there.

    What the store refused before is corrected and tried again.

    Raises:
        ListedAlready: The store has it, or is about to.
        PriceImpossible: A price is zero or less, or above the retail price.
        NotFound, StoreNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    wrong = [price for price in (offer.price, *offer.prices.values()) if price <= 0]
    if wrong or (offer.retail_price is not None and offer.retail_price < offer.price):
        raise PriceImpossible(field="price", reason="", price=wrong[0] if wrong else offer.price)
    store = store_that_can(seller_id=seller_id, store_id=store_id, part="listings")
    product = product_of(seller_id=seller_id, product_id=product_id)
    Product.objects.select_for_update(no_key=True).get(pk=product.pk, seller_id=seller_id)
    if _there_or_coming(store, product.pk):
        raise ListedAlready(name=product.name, store=store.sales_channel.name)
    change = _creation(seller_id, store, product.pk, offer_fields(offer), actor)
    _told(seller_id, [change], actor)
    return change


def _there_or_coming(store: Store, product_id: int) -> bool:
    return bool(taken_places(seller_id=store.seller_id, places=[(store.pk, product_id)]))


def _creation(seller_id: int, store: Store, product_id: int, fields: Mapping[str, Any], actor: Actor) -> ListingChange:
    """The wish to make a product: the one the store refused, corrected, or a new one."""
    now = timezone.now()
    again = take_up(seller_id=seller_id, store_id=store.pk, creations={product_id: fields}, now=now, actor=actor)
    if product_id in again:
        return ListingChange.objects.get(seller_id=seller_id, pk=again[product_id])
    return ListingChange.objects.create(
        seller_id=seller_id,
        store=store,
        product_id=product_id,
        kind=Kind.CREATE,
        key=_key(),
        fields=dict(fields),
        asked_by=str(actor)[:120],
        asked_at=now,
    )


@transaction.atomic
def ask_again(*, seller_id: int, change_id: int, actor: Actor) -> ListingChange:
    """Try a refused change once more, under its old key.

    Raises:
        ChangeNotFound: There is none, it is another seller's, or it is done.
        ListedAlready: It would make a product that the store has meanwhile, or is about to get.
    """
    asked = ListingChange.objects.filter(seller_id=seller_id, pk=change_id).values("product_id")
    product = Product.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk__in=asked).first()
    change = _open_change(seller_id, change_id, State.FAILED)
    if product and change.kind == Kind.CREATE and _there_or_coming(change.store, product.pk):
        raise ListedAlready(name=product.name, store=change.store.sales_channel.name)
    change.state, change.next_try_at, change.error_code, change.error_reason = State.WAITING, None, "", ""
    change.save(update_fields=["state", "next_try_at", "error_code", "error_reason"])
    _told(seller_id, [change], actor)
    return change


@transaction.atomic
def cancel_change(*, seller_id: int, change_id: int, actor: Actor) -> ListingChange:
    """Give up a change that has not gone out, or that the store refused.

    Raises:
        ChangeNotFound: There is none, it is another seller's, or it is done.
    """
    change = _open_change(seller_id, change_id, State.WAITING, State.FAILED)
    _end([change], State.CANCELED, timezone.now())
    forget(change)
    _settle(seller_id, [change], actor)
    return change


# --------------------------------------------------------------------------- what stands in the way


def _listings(seller_id: int, listing_ids: Sequence[int], *, part: str) -> list[Listing]:
    """These listings, locked; every one must be there and its store able to do it."""
    wanted = sorted(set(listing_ids))
    rows = Listing.objects.select_for_update(no_key=True, of=("self",)).filter(seller_id=seller_id, pk__in=wanted)
    found = list(rows.filter(state__in=HERE).select_related("store__sales_channel").order_by("remote_id", "pk"))
    if not wanted or len(found) != len(wanted):
        raise ListingNotFound
    for store_id in sorted({row.store_id for row in found}):
        store_that_can(seller_id=seller_id, store_id=store_id, part=part)
    return found


def store_that_can(*, seller_id: int, store_id: int, part: str) -> Store:
    """A live store that has this part (`prices`, `listings`).

    Raises:
        StoreNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    store = Store.objects.filter(seller_id=seller_id, pk=store_id).select_related("sales_channel").first()
    if store is None:
        raise StoreNotFound(store_id=store_id)
    if not store.writable:
        raise StoreStateForbids(state=Store.State(store.state).label, move="change_listings")
    with opened(store, lane="listings") as connector:
        if getattr(connector, part) is None:
            raise NoSuchPart(part=part)
    return store


def _guard(rows: Sequence[Listing], price: Decimal) -> None:
    falls = [(1 - price / row.price, row) for row in rows if row.price]
    worst, row = max(falls, default=(Decimal(0), None), key=lambda fall: fall[0])
    if row is not None and worst > FALLS_FAR:
        raise PriceNeedsApproval(
            title=row.title,
            percent=round(worst * 100),
            before=plain(row.price) if row.price else "",
            price=f"{price:f}",
        )


# --------------------------------------------------------------------------- asking


def _ask(
    rows: Sequence[Listing], kind: str, fields: Mapping[str, Any], actor: Actor, *, each_listing: bool = False
) -> list[ListingChange]:
    """One row for each listing, or for each product of the store; earlier wishes for the same are overtaken."""
    now = timezone.now()
    made: dict[tuple[int, str, str], ListingChange] = {}
    for row in rows:
        place = (row.store_id, row.remote_id, row.variation_key if each_listing else "")
        made.setdefault(
            place,
            ListingChange(
                seller_id=row.seller_id,
                store_id=row.store_id,
                listing=row,
                remote_id=row.remote_id,
                kind=kind,
                key=_key(),
                fields=dict(fields),
                before=shown(row),
                asked_by=str(actor)[:120],
                asked_at=now,
            ),
        )
    changes = list(made.values())
    _overtake(changes, now, actor)
    ListingChange.objects.bulk_create(changes)
    if kind == Kind.UPDATE:
        for change in changes:
            want(seller_id=change.seller_id, store_id=change.store_id, wishes=[(change.remote_id, change.fields)])
    _told(rows[0].seller_id, changes, actor)
    return changes


def _overtake(changes: Sequence[ListingChange], now: datetime, actor: Actor) -> None:
    """A wish that has not gone out gives way to a later one; whatever is to be deleted needs no other change."""
    rivals = {Kind.ACTIVATE: (Kind.ACTIVATE, Kind.DEACTIVATE), Kind.DEACTIVATE: (Kind.ACTIVATE, Kind.DEACTIVATE)}
    for change in changes:
        rows = ListingChange.objects.filter(
            seller_id=change.seller_id,
            store_id=change.store_id,
            remote_id=change.remote_id,
            state__in=[State.WAITING, State.FAILED],
        )
        if change.kind == Kind.PRICE:
            rows = rows.filter(kind=Kind.PRICE, listing_id=change.listing_id or 0)
        elif change.kind == Kind.UPDATE:
            rows = rows.filter(kind=Kind.UPDATE, fields__has_any_keys=list(change.fields)).exclude(state=State.WAITING)
        elif change.kind in rivals:
            rows = rows.filter(kind__in=rivals[Kind(change.kind)])
        old = list(rows)
        _end(old, State.OVERTAKEN, now)
        _settle(change.seller_id, old, actor)


def _end(changes: Sequence[ListingChange], state: str, now: datetime) -> None:
    for change in changes:
        change.state, change.done_at, change.next_try_at = state, now, None
        change.save(update_fields=["state", "done_at", "next_try_at"])


def _settle(seller_id: int, changes: Sequence[ListingChange], actor: Actor) -> None:
    for change in changes:
        resolve_problems(
            seller_id=seller_id, object_type="listing_change", object_id=change.pk, codes=[REFUSED], actor=actor
        )


def _told(seller_id: int, changes: Sequence[ListingChange], actor: Actor) -> None:
    for store_id in sorted({change.store_id for change in changes}):
        mine = [change for change in changes if change.store_id == store_id]
        audit(
            seller_id=seller_id,
            actor=actor,
            verb=f"listings.{mine[0].kind}",
            object_type="store",
            object_id=store_id,
            facts={"changes": len(mine), "fields": mine[0].fields, "first": mine[0].remote_id},
        )
        engine.wake("push_listings", store_id)
    announce(seller_id, "listings")


def _open_change(seller_id: int, change_id: int, *states: str) -> ListingChange:
    rows = ListingChange.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=change_id)
    change = rows.filter(state__in=states).first()
    if change is None:
        raise ChangeNotFound(change_id=change_id)
    return change


def shown(row: Listing) -> dict[str, Any]:
    """What the store shows of a listing now, as a change and a difference keep it."""
    return {
        "price": _plain(row.price),
        "retail_price": _plain(row.retail_price),
        "title": row.title,
        "active": row.state == Listing.State.ACTIVE,
    }


def offer_fields(offer: Offer) -> dict[str, Any]:
    """How an offer is kept on a change."""
    return {
        "price": _plain(offer.price),
        "retail_price": _plain(offer.retail_price),
        "prices": {str(item_id): _plain(price) for item_id, price in offer.prices.items()},
        "name": offer.name.strip(),
        "description": offer.description,
        "brand": offer.brand,
        "category_ids": list(offer.category_ids),
        "images": list(offer.images),
        "attributes": [list(pair) for pair in offer.attributes],
        "active": offer.active,
    }


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def _key() -> str:
    return f"listing:{secrets.token_hex(16)}"
