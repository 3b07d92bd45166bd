"""The words a store shows of its products: as last read, and asked for where that is not known."""

from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.channels.models import Store, StoreProduct
from entrepot.channels.opening import opened
from entrepot.channels.services.importing.lists import load_shelf
from entrepot.channels.services.importing.shown import seen_of

Place = tuple[int, str]
"""A store and the id of a product there."""
AT_ONCE = 50


def seen_words(*, seller_id: int, wanted: Mapping[Place, set[str]]) -> dict[Place, dict[str, Any]]:
    """What stores show of these fields of their products. A field that the store does not tell is not there.

    Raises:
        ChannelError: A store has to be asked and cannot be.
    """
    stores = sorted({place[0] for place in wanted})
    remote_ids = sorted({place[1] for place in wanted})
    rows = StoreProduct.objects.filter(seller_id=seller_id, store_id__in=stores, remote_id__in=remote_ids)
    found: dict[Place, dict[str, Any]] = {(row.store_id, row.remote_id): dict(row.seen) for row in rows}
    for store_id in stores:
        unknown = [
            place[1]
            for place, fields in wanted.items()
            if place[0] == store_id and not fields <= found.get(place, {}).keys()
        ]
        for remote_id, shown in _asked(seller_id, store_id, unknown).items():
            found[store_id, remote_id] = shown | found.get((store_id, remote_id), {})
    return found


def _asked(seller_id: int, store_id: int, remote_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not remote_ids:
        return {}
    store = Store.objects.select_related("sales_channel").get(seller_id=seller_id, pk=store_id)
    shelf = load_shelf(store)
    found: dict[str, dict[str, Any]] = {}
    with opened(store, lane="listings") as connector:
        if connector.products is None:
            return {}
        for first in range(0, len(remote_ids), AT_ONCE):
            page = connector.products.fetch(remote_ids[first : first + AT_ONCE])
            found |= {product.remote_id: seen_of(product, shelf=shelf) for product in page.products}
    return found
