"""What a store has already of products it is to make, so that none is made twice there.

`ListingChange.made` says it: `key` from the moment the store is first asked, `remote_id` and `images` as they come.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.channels.errors import ListedAlready
from entrepot.channels.models import Listing, ListingChange, Store
from entrepot.channels.services.offers import HERE
from entrepot.kernel.errors import EntrepotError

State = ListingChange.State
Listed = Mapping[int, set[str]]


def take_over_begun(store: Store, *, changes: Sequence[ListingChange]) -> dict[int, EntrepotError]:
    """Have each go on with what an earlier wish for its product left there; by change, why one must not be made.

    A product that stands in the store by no wish of ours (somebody put it there meanwhile) is not made a second time.
    """
    fresh = [change for change in changes if "key" not in change.made]
    if not fresh:
        return {}
    listed = _listed(store, [change.product_id or 0 for change in fresh])
    begun = _begun_before(store, fresh, listed)
    refused: dict[int, EntrepotError] = {}
    for change in fresh:
        if left := begun.get(change.product_id or 0):
            change.made = {**left, **change.made}
        elif change.product_id in listed:
            name = change.product.name if change.product else ""
            refused[change.pk] = ListedAlready(name=name, store=store.sales_channel.name)
    return refused


def note_asked(changes: Sequence[ListingChange]) -> None:
    """Write down, before the store is asked, under which key each is made."""
    for change in changes:
        change.made.setdefault("key", change.key)
    ListingChange.objects.bulk_update(changes, ["made"])  # house: seller rows of one store's errand


def _listed(store: Store, product_ids: Sequence[int]) -> Listed:
    """The remote ids of what stands in the store, and of what it stands below, by product."""
    rows = Listing.objects.filter(
        seller_id=store.seller_id, store=store, item__product_id__in=product_ids, state__in=HERE
    )
    found: dict[int, set[str]] = {}
    for product_id, *ids in rows.values_list("item__product_id", "remote_id", "parent_id"):
        found.setdefault(product_id, set()).update(ids)
    return found


def _begun_before(store: Store, changes: Sequence[ListingChange], listed: Listed) -> dict[int, dict[str, Any]]:
    """What earlier wishes for the same products left: given up or refused half-way, or done though given up."""
    rows = ListingChange.objects.filter(
        seller_id=store.seller_id,
        store=store,
        kind=ListingChange.Kind.CREATE,
        state__in=[State.FAILED, State.CANCELED, State.DONE],
        product_id__in=[change.product_id for change in changes],
    ).exclude(pk__in=[change.pk for change in changes])
    left: dict[int, dict[str, Any]] = {}
    for found, state, key, made, remote_id in rows.order_by("pk").values_list(
        "product_id", "state", "key", "made", "remote_id"
    ):
        product_id = found or 0
        if state == State.DONE:
            stands = remote_id in listed.get(product_id, ())
            left[product_id] = {"key": key} | made | {"remote_id": remote_id} if stands else {}
        elif "key" in made:
            left[product_id] = made
    return left
