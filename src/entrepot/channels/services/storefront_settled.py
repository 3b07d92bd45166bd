"""Words of a product that were changed in a store's own admin, decided by a person: theirs are taken, or ours told."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.channels.errors import ListingNotFound
from entrepot.channels.live import announce
from entrepot.channels.models import Difference, Listing, ListingChange, StoreProduct
from entrepot.channels.problems import resolve_problems
from entrepot.channels.services.differences import agree
from entrepot.channels.services.offers import HERE
from entrepot.channels.services.offers_again import REFUSED
from entrepot.channels.services.storefront import change_there
from entrepot.channels.services.storefront_told import WORDS, follow
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid

State = ListingChange.State


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
    if unknown or not names:
        raise Invalid(field="names", reason="unknown field" if unknown else "empty")
    listed = Listing.objects.filter(seller_id=seller_id, store_id=store_id, remote_id=remote_id, state__in=HERE)
    listing_ids = list(listed.values_list("pk", flat=True)) if "name" in names else []
    if not theirs:
        row = StoreProduct.objects.filter(seller_id=seller_id, store_id=store_id, remote_id=remote_id).first()
        ours = {name: row.wanted.get(name, row.sent[name]) for name in names if row is not None and name in row.sent}
        if not ours:
            raise ListingNotFound
        change_there(seller_id=seller_id, store_id=store_id, remote_id=remote_id, words=ours, actor=actor)
        _decided(seller_id, listing_ids, Difference.Decision.OURS, actor)
        return
    if not follow(seller_id=seller_id, store_id=store_id, remote_id=remote_id, names=names):
        raise ListingNotFound
    _give_up(seller_id, store_id, remote_id, names, actor)
    _decided(seller_id, listing_ids, Difference.Decision.THEIRS, actor)
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


def _give_up(seller_id: int, store_id: int, remote_id: str, names: Sequence[str], actor: Actor) -> None:
    """What was asked of these words and has not gone out, or was refused, is asked no more."""
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


def _decided(seller_id: int, listing_ids: Sequence[int], decision: Difference.Decision, actor: Actor) -> None:
    """A name that differs is also shown as a difference of its listings: that is decided with it."""
    rows = Difference.objects.filter(seller_id=seller_id, listing_id__in=listing_ids, field="title", decided_at=None)
    rows.update(decided_at=timezone.now(), decision=decision, decided_by=str(actor)[:120])
