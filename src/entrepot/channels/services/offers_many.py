"""Thousands of wishes for one store in a handful of statements: the set-based twin of the verbs in `offers`."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.rows import as_json, copy_in, fetch, new_ids
from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.models import Listing, ListingChange, Problem, StoreProduct
from entrepot.channels.services.offers import HERE, store_that_can
from entrepot.channels.services.offers_again import REFUSED, take_up
from entrepot.channels.services.offers_taken import taken_places
from entrepot.channels.services.storefront_told import want, words_of
from entrepot.kernel.actor import Actor

Kind = ListingChange.Kind

LOCK = """
SELECT id FROM channels_listing WHERE seller_id = %s AND store_id = %s AND id = ANY(%s) AND state = ANY(%s)
ORDER BY id FOR NO KEY UPDATE
"""

LOCK_PRODUCTS = """
SELECT id FROM catalog_product WHERE seller_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""

# A wish that has not gone out gives way to a later one, as `offers` has it one by one.
OVERTAKE = """
UPDATE channels_listingchange c SET state = 'overtaken', done_at = %s, next_try_at = NULL
FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[]) AS w(kind, remote_id, listing_id, fields)
WHERE c.seller_id = %s AND c.store_id = %s AND c.remote_id = w.remote_id AND c.state IN ('waiting', 'failed')
  AND (w.kind = 'price' AND c.kind = 'price' AND c.listing_id = w.listing_id
       OR w.kind IN ('activate', 'deactivate') AND c.kind IN ('activate', 'deactivate')
       OR w.kind = 'delete'
       OR w.kind = 'update' AND c.kind = 'update' AND c.state = 'failed'
          AND c.fields ?| ARRAY(SELECT jsonb_object_keys(w.fields::jsonb)))
RETURNING c.id
"""
WRITE = """
COPY channels_listingchange (id, seller_id, store_id, listing_id, product_id, remote_id, kind, state, key, fields,
                             before, seen, made, asked_by, asked_at, attempts, error_code, error_reason) FROM STDIN
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something one store is to change: of a `listing_id` (every kind but `create`), or a product to make."""

    kind: str
    fields: Mapping[str, Any]
    remote_id: str = ""
    listing_id: int | None = None
    product_id: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def ask_many(*, seller_id: int, store_id: int, wishes: Sequence[Wish], actor: Actor) -> list[int | None]:
    """Have a store change all this; the ids of the changes, None where the listing is no longer there.

    None too where a product is to be made that the store has, or is about to get.

    What is asked for is checked by whoever asks (`sheets`): possible prices, guard rails, approval.

    Raises:
        StoreNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    for part in sorted({"prices" if wish.kind == Kind.PRICE else "listings" for wish in wishes}):
        store_that_can(seller_id=seller_id, store_id=store_id, part=part)
    new = _to_make(seller_id, store_id, wishes)
    listed = sorted({wish.listing_id for wish in wishes if wish.listing_id is not None})
    there = {row[0] for row in fetch(LOCK, [seller_id, store_id, listed, list(HERE)])}
    fits = [
        place in new if wish.kind == Kind.CREATE else wish.listing_id is None or wish.listing_id in there
        for place, wish in enumerate(wishes)
    ]
    able = [wish for wish, fit in zip(wishes, fits, strict=True) if fit]
    now = timezone.now()
    _overtake(seller_id, store_id, able, now, actor)
    creations = {wish.product_id: wish.fields for wish in able if wish.kind == Kind.CREATE and wish.product_id}
    again = take_up(seller_id=seller_id, store_id=store_id, creations=creations, now=now, actor=actor)
    ids = iter(new_ids("channels_listingchange", len(able)))
    gone_on = [again.get(wishes[place].product_id or 0) if place in new else None for place in range(len(wishes))]
    given = [next(ids) if fit else None for fit in fits]
    copy_in(
        WRITE,
        (
            (
                change_id, seller_id, store_id, wish.listing_id, wish.product_id, wish.remote_id, wish.kind, "waiting",
                f"listing:{secrets.token_hex(16)}", as_json(dict(wish.fields)), as_json(dict(wish.before)), "{}", "{}",
                str(actor)[:120], now, 0, "", "",
            )
            for change_id, wish, old in zip(given, wishes, gone_on, strict=True) if change_id and not old
        ),
    )  # fmt: skip
    words = [(wish.remote_id, wish.fields) for wish in able if wish.kind == Kind.UPDATE]
    want(seller_id=seller_id, store_id=store_id, wishes=words)
    _told(seller_id, store_id, able, actor)
    return [old or change_id for change_id, old in zip(given, gone_on, strict=True)]


def standing(*, seller_id: int, store_id: int, remote_id: str) -> list[Listing]:
    """Where a product stands in a store: its own listings there, else those of its variants."""
    if not remote_id:
        return []
    rows = Listing.objects.filter(seller_id=seller_id, store_id=store_id, state__in=HERE).order_by("pk")
    return list(rows.filter(remote_id=remote_id)) or list(rows.filter(parent_id=remote_id))


def ask_words(listing: Listing, *, remote_id: str, words: Mapping[str, Any], actor: Actor) -> list[ListingChange]:
    """Have the words of a whole product changed, also where only its variants are listings of their own."""
    here = {"seller_id": listing.seller_id, "store_id": listing.store_id}
    known = StoreProduct.objects.filter(**here, remote_id=remote_id).first()
    before = {name: known.seen[name] for name in words if known is not None and name in known.seen}
    wish = Wish(
        kind=Kind.UPDATE,
        fields=words_of(words),
        remote_id=remote_id,
        listing_id=listing.pk,
        before={"title": listing.title, "active": listing.state == Listing.State.ACTIVE, **before},
    )
    ids = ask_many(**here, wishes=[wish], actor=actor)
    return list(ListingChange.objects.filter(seller_id=listing.seller_id, pk__in=[one for one in ids if one]))


def _to_make(seller_id: int, store_id: int, wishes: Sequence[Wish]) -> set[int]:
    """Which of the wishes make a product that the store neither has nor is about to get. Locks these products."""
    first: dict[int, int] = {}
    for place, wish in enumerate(wishes):
        if wish.kind == Kind.CREATE and wish.product_id:
            first.setdefault(wish.product_id, place)
    if not first:
        return set()
    fetch(LOCK_PRODUCTS, [seller_id, sorted(first)])
    taken = taken_places(seller_id=seller_id, places=[(store_id, product_id) for product_id in first])
    return {place for product_id, place in first.items() if (store_id, product_id) not in taken}


def _overtake(seller_id: int, store_id: int, wishes: Sequence[Wish], now: datetime, actor: Actor) -> None:
    rivals = [wish for wish in wishes if wish.kind != Kind.CREATE]
    if not rivals:
        return
    overtaken = fetch(
        OVERTAKE,
        [
            now,
            [str(wish.kind) for wish in rivals],
            [wish.remote_id for wish in rivals],
            [wish.listing_id for wish in rivals],
            [as_json(dict(wish.fields)) for wish in rivals],
            seller_id,
            store_id,
        ],
    )
    if overtaken:
        standing = Problem.objects.filter(seller_id=seller_id, object_type="listing_change", code=REFUSED)
        standing = standing.filter(object_id__in=[str(row[0]) for row in overtaken], resolved_at=None)
        if standing.update(resolved_at=now, resolved_by=str(actor)[:120]):
            announce(seller_id, "problems")


def _told(seller_id: int, store_id: int, wishes: Sequence[Wish], actor: Actor) -> None:
    for kind in sorted({str(wish.kind) for wish in wishes}):
        mine = [wish for wish in wishes if wish.kind == kind]
        facts = {"changes": len(mine), "fields": dict(mine[0].fields), "first": mine[0].remote_id}
        audit(
            seller_id=seller_id,
            actor=actor,
            verb=f"listings.{kind}",
            object_type="store",
            object_id=store_id,
            facts=facts,
        )
    engine.wake("push_listings", store_id)
    announce(seller_id, "listings")
