"""What was changed in a store's own admin is decided: the store's is taken, or ours told to it again."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.rows import run
from entrepot.channels.errors import DifferenceNotFound, ListingNotFound
from entrepot.channels.live import announce
from entrepot.channels.models import Difference, ListingChange, StoreProduct
from entrepot.channels.problems import resolve_problems
from entrepot.channels.services.offers import ask_active, ask_price, ask_update
from entrepot.channels.services.offers_again import REFUSED
from entrepot.channels.services.offers_many import ask_words, standing
from entrepot.channels.services.storefront_told import WORDS, follow
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid

State = ListingChange.State

FIELDS: Final = ("price", "retail_price", "title", "active")
"""What each listing shows of its own."""
TOLD: Final = ("description", "brand", "category_ids", "images", "attributes")
"""Words of the whole product there; they can differ once they were told. Its name is its listings' `title`."""

SHOWN: Final = """jsonb_build_object(
    'price', trim_scale({row}.price)::text, 'retail_price', trim_scale({row}.retail_price)::text,
    'title', {row}.title, 'active', {row}.state = 'active')"""

_AGREE = f"""
UPDATE channels_listing listing
SET agreed = coalesce(listing.agreed, '{{}}'::jsonb) || (
    SELECT coalesce(jsonb_object_agg(told.key, told.value), '{{}}'::jsonb)
    FROM jsonb_each({SHOWN.format(row="listing")}) told WHERE told.key = ANY(%(fields)s))
WHERE listing.seller_id = %(seller)s AND listing.id = ANY(%(ids)s)
"""  # noqa: S608 - put together from constants


def agree(*, seller_id: int, listing_ids: Sequence[int], fields: Sequence[str] = FIELDS) -> None:
    """What these listings show now is what both sides want; differences about it are over."""
    if not listing_ids:
        return
    run(_AGREE, {"seller": seller_id, "ids": list(listing_ids), "fields": list(fields)})
    rows = Difference.objects.filter(seller_id=seller_id, listing_id__in=listing_ids, field__in=fields, decided_at=None)
    rows.update(decided_at=timezone.now(), decision=Difference.Decision.GONE)


# --------------------------------------------------------------------------- one difference


@transaction.atomic
def decide(*, seller_id: int, difference_id: int, decision: str, actor: Actor) -> Difference:
    """Take the store's ("theirs"), or have ours told to it again ("ours").

    Raises:
        DifferenceNotFound: There is none, it is another seller's, or it is decided.
        ListingNotFound: The store has the product no more.
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
    if found.field in TOLD:
        _settle_told(found, actor)
    elif found.decision == Difference.Decision.OURS:
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


def _settle_told(found: Difference, actor: Actor) -> None:
    """A word of the whole product: it stands where its own listing is, else where its variants' common one is."""
    listing, name = found.listing, found.field
    who = {"seller_id": found.seller_id, "store_id": listing.store_id}
    places = [place for place in (listing.remote_id, listing.parent_id) if place]
    rows = StoreProduct.objects.filter(**who, remote_id__in=places, sent__has_key=name)
    remote_id = min((row.remote_id for row in rows), key=places.index, default="")
    if found.decision == Difference.Decision.OURS:
        _tell_words(**who, remote_id=remote_id, names=[name], actor=actor)
    else:
        _take_words(**who, remote_id=remote_id, names=[name], actor=actor)


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


# --------------------------------------------------------------------------- words of one product


@transaction.atomic
def settle_words(
    *, seller_id: int, store_id: int, remote_id: str, names: Sequence[str], theirs: bool, actor: Actor
) -> None:
    """Take over how the store shows these words, or tell it again how we want them.

    Raises:
        Invalid: A field is no word of a product.
        ListingNotFound: The store has no such product, or was never told these words.
        StoreStateForbids, NoSuchPart: The store cannot be told.
    """
    unknown = sorted(set(names) - set(WORDS))
    if unknown:
        raise Invalid(field="names", reason="These are not known here: {strange}.", strange=", ".join(unknown))
    if not names:
        raise Invalid(field="names", reason="Choose at least one field.")
    where = {"seller_id": seller_id, "store_id": store_id, "remote_id": remote_id, "names": names, "actor": actor}
    settle, decision = (_take_words, Difference.Decision.THEIRS) if theirs else (_tell_words, Difference.Decision.OURS)
    settle(**where)  # type: ignore[arg-type]
    listings = standing(seller_id=seller_id, store_id=store_id, remote_id=remote_id)
    fields = ["title" if name == "name" else name for name in names]
    listing_ids = [row.pk for row in listings]
    open_ones = Difference.objects.filter(
        seller_id=seller_id, listing_id__in=listing_ids, field__in=fields, decided_at=None
    )
    open_ones.update(decided_at=timezone.now(), decision=decision, decided_by=str(actor)[:120])
    if not theirs:
        return
    if "name" in names:
        agree(seller_id=seller_id, listing_ids=listing_ids, fields=("title",))
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="listings.words_theirs",
        object_type="store",
        object_id=store_id,
        facts={"remote_id": remote_id, "fields": sorted(names)},
    )
    announce(seller_id, "listings")


def _tell_words(*, seller_id: int, store_id: int, remote_id: str, names: Sequence[str], actor: Actor) -> None:
    row = StoreProduct.objects.filter(seller_id=seller_id, store_id=store_id, remote_id=remote_id).first()
    ours = {name: row.wanted.get(name, row.sent[name]) for name in names if row is not None and name in row.sent}
    listings = standing(seller_id=seller_id, store_id=store_id, remote_id=remote_id)
    if not ours or not listings:
        raise ListingNotFound
    ask_words(listings[0], remote_id=remote_id, words=ours, actor=actor)


def _take_words(*, seller_id: int, store_id: int, remote_id: str, names: Sequence[str], actor: Actor) -> None:
    """The store's are ours now; what was asked of them and has not gone out, or was refused, is asked no more."""
    if not follow(seller_id=seller_id, store_id=store_id, remote_id=remote_id, names=names):
        raise ListingNotFound
    rows = ListingChange.objects.select_for_update(no_key=True).filter(
        seller_id=seller_id,
        store_id=store_id,
        remote_id=remote_id,
        kind=ListingChange.Kind.UPDATE,
        state__in=[State.WAITING, State.FAILED],
        fields__has_any_keys=list(names),
    )
    for change in rows.order_by("pk"):
        left = {name: value for name, value in change.fields.items() if name not in names}
        if left:
            change.fields = left
            change.save(update_fields=["fields"])
            continue
        change.state, change.done_at, change.next_try_at = State.CANCELED, timezone.now(), None
        change.save(update_fields=["state", "done_at", "next_try_at"])
        resolve_problems(
            seller_id=seller_id, object_type="listing_change", object_id=change.pk, codes=[REFUSED], actor=actor
        )
