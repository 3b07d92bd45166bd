"""Changes made in a store's own admin (R-CAT-9): noticed when it is read, shown, decided by a person or a rule.

`Listing.agreed` holds what both sides last agreed on; the listing itself what the store shows now.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.channels.errors import DifferenceNotFound
from entrepot.channels.live import announce
from entrepot.channels.models import Difference, Store
from entrepot.channels.opening import setting
from entrepot.channels.services.offers import ask_active, ask_price, ask_update
from entrepot.channels.services.storefront_told import follow
from entrepot.kernel.actor import SYSTEM, Actor

FIELDS = ("price", "retail_price", "title", "active")
POLICIES = ("ask", "theirs", "ours")

SHOWN = """jsonb_build_object(
    'price', trim_scale({row}.price)::text, 'retail_price', trim_scale({row}.retail_price)::text,
    'title', {row}.title, 'active', {row}.state = 'active')"""

_NOTE = f"""
WITH fields AS (
    SELECT listing.id, told.key AS field, listing.agreed -> told.key AS ours, told.value AS theirs
    FROM channels_listing listing, jsonb_each({SHOWN.format(row="listing")}) told
    WHERE listing.store_id = %(store)s AND listing.remote_id = ANY(%(ids)s)
      AND listing.agreed IS NOT NULL AND listing.state IN ('active', 'inactive')
      AND NOT EXISTS (SELECT FROM channels_listingchange change
                      WHERE change.store_id = listing.store_id AND change.remote_id = listing.remote_id
                        AND change.state = 'waiting')
), closed AS (
    UPDATE channels_difference known SET decided_at = %(now)s, decision = 'gone', decided_by = ''
    FROM fields WHERE known.listing_id = fields.id AND known.field = fields.field AND known.decided_at IS NULL
      AND fields.ours = fields.theirs
), found AS (
    INSERT INTO channels_difference AS known
        (seller_id, listing_id, field, ours, theirs, found_at, decided_by, decision)
    SELECT %(seller)s, id, field, ours, theirs, %(now)s, '', '' FROM fields WHERE ours <> theirs ORDER BY id, field
    ON CONFLICT (listing_id, field) WHERE decided_at IS NULL DO UPDATE SET theirs = excluded.theirs
    RETURNING known.id
)
SELECT id FROM found
"""  # noqa: S608 - put together from constants
_AGREE = f"""
UPDATE channels_listing listing
SET agreed = coalesce(listing.agreed, '{{}}'::jsonb) || (
    SELECT coalesce(jsonb_object_agg(told.key, told.value), '{{}}'::jsonb)
    FROM jsonb_each({SHOWN.format(row="listing")}) told WHERE told.key = ANY(%(fields)s))
WHERE listing.seller_id = %(seller)s AND listing.id = ANY(%(ids)s)
"""  # noqa: S608 - put together from constants


def note_differences(store: Store, *, remote_ids: Sequence[str]) -> int:
    """Compare what these products show now with what was agreed; how many fields differ. Follows the store's policy.

    Must run inside the transaction that wrote the listings.
    """
    if not remote_ids:
        return 0
    facts = {"store": store.pk, "seller": store.seller_id, "ids": list(remote_ids), "now": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, facts)
        found = [row[0] for row in cursor.fetchall()]
    policy = setting(store, "edit_policy")
    if found and policy in {"theirs", "ours"} and (policy == "theirs" or store.writable):
        for difference_id in found:
            decide(seller_id=store.seller_id, difference_id=difference_id, decision=policy, actor=SYSTEM)
    elif found:
        announce(store.seller_id, f"store:{store.pk}")
    return len(found)


def agree(*, seller_id: int, listing_ids: Sequence[int], fields: Sequence[str] = FIELDS) -> None:
    """What these listings show now is what both sides want; differences about it are over."""
    if not listing_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_AGREE, {"seller": seller_id, "ids": list(listing_ids), "fields": list(fields)})
    rows = Difference.objects.filter(seller_id=seller_id, listing_id__in=listing_ids, field__in=fields, decided_at=None)
    rows.update(decided_at=timezone.now(), decision=Difference.Decision.GONE)


@transaction.atomic
def decide(*, seller_id: int, difference_id: int, decision: str, actor: Actor) -> Difference:
    """Take the store's ("theirs"), or have ours told to it again ("ours").

    Raises:
        DifferenceNotFound: There is none, it is another seller's, or it is decided.
        StoreStateForbids, NoSuchPart: The store cannot be told.
        ValueError: There is no such decision.
    """
    rows = Difference.objects.select_for_update(of=("self",)).select_related("listing")
    found = rows.filter(seller_id=seller_id, pk=difference_id, decided_at=None).first()
    if found is None:
        raise DifferenceNotFound(difference_id=difference_id)
    found.decision = Difference.Decision(decision)
    found.decided_at, found.decided_by = timezone.now(), str(actor)[:120]
    found.save(update_fields=["decision", "decided_at", "decided_by"])
    if found.decision == Difference.Decision.OURS:
        _tell_ours(found, actor)
    elif found.decision == Difference.Decision.THEIRS:
        agree(seller_id=seller_id, listing_ids=[found.listing_id], fields=(found.field,))
        if found.field == "title":
            listing = found.listing
            follow(seller_id=seller_id, store_id=listing.store_id, remote_id=listing.remote_id, names=["name"])
    audit(
        seller_id=seller_id,
        actor=actor,
        verb=f"listings.difference_{found.decision}",
        object_type="listing",
        object_id=found.listing_id,
        facts={"field": found.field, "ours": found.ours, "theirs": found.theirs},
    )
    return found


def _bare(title: str, options: Sequence[Sequence[str]]) -> str:
    """A product's own name: the title of a variation without its choices."""
    chosen = ", ".join(str(option[1]) for option in options if len(option) > 1 and option[1])
    return title.removesuffix(f" – {chosen}") if chosen else title


def _tell_ours(found: Difference, actor: Actor) -> None:
    listing = found.listing
    who = {"seller_id": found.seller_id, "actor": actor}
    agreed = dict(listing.agreed or {})
    match found.field:
        case "active":
            ask_active(listing_ids=[listing.pk], active=bool(found.ours), **who)  # type: ignore[arg-type]
        case "title":
            ask_update(listing_id=listing.pk, fields={"name": _bare(str(found.ours), listing.options)}, **who)  # type: ignore[arg-type]
        case _:
            retail = agreed.get("retail_price")
            ask_price(
                listing_ids=[listing.pk],
                price=Decimal(str(agreed["price"])),
                retail_price=None if retail is None else Decimal(str(retail)),
                approved=True,
                seller_id=found.seller_id,
                actor=actor,
            )
