"""Whom a change of stock concerns."""

from collections.abc import Iterable

from entrepot.channels import engine
from entrepot.channels.models import Listing, Store


def wake_pushes(seller_id: int) -> None:
    """Make the push of all live stores of a seller due as soon as the present transaction has committed."""
    live = Store.objects.filter(seller_id=seller_id, state=Store.State.LIVE)
    for store_id in live.values_list("pk", flat=True):
        engine.wake("push_stock", store_id)


def wake_statuses(seller_id: int) -> None:
    """Make what all live stores of a seller are owed about orders due as soon as the transaction has committed."""
    live = Store.objects.filter(seller_id=seller_id, state=Store.State.LIVE)
    for store_id in live.values_list("pk", flat=True):
        engine.wake("push_statuses", store_id)


def doubt_figures(*, store: Store, product_ids: Iterable[str]) -> None:
    """An order of the store moved its own counters, so what we saw last of these products no longer stands.

    The next push asks even where our figure came back to what it was; the next drift check reads them first.
    """
    wanted = {product_id for product_id in product_ids if product_id}
    if wanted:
        _forget_seen(store, wanted)


def _forget_seen(store: Store, product_ids: set[str]) -> None:
    seen = Listing.objects.filter(store=store, seller_id=store.seller_id, remote_id__in=product_ids)
    seen.exclude(seen_at=None).update(seen_at=None)
