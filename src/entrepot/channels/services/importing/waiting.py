"""Order lines that came before their item: counted in its opening figure, matched once the item is there."""

from collections.abc import Mapping
from functools import partial

from django.db import transaction

from entrepot.channels.models import Store
from entrepot.channels.services.mapping import match_waiting_orders
from entrepot.inventory.services import open_stock
from entrepot.kernel.actor import Actor
from entrepot.orders.flow import HOLDS_STOCK
from entrepot.orders.models import OrderLine

Place = tuple[str, str]


def open_and_match(
    store: Store, *, items: Mapping[Place, int], figures: Mapping[Place, int], reference: str, actor: Actor
) -> int:
    """Give items that have no stock yet their opening figure; how many. Orders that waited move on after the commit.

    The store's counter is net of the orders that wait here, so their quantities lie in the warehouse beside it.
    """
    held = _held(store, items)
    opening: dict[int, int] = {}
    for place, figure in figures.items():
        if place in items:
            opening.setdefault(items[place], figure + held.get(place, 0))
    if held:
        transaction.on_commit(partial(match_waiting_orders, store, actor=actor), robust=True)
    if not opening:
        return 0
    return open_stock(seller_id=store.seller_id, figures=opening, reference=reference, actor=actor)


def _held(store: Store, items: Mapping[Place, int]) -> dict[Place, int]:
    """How much of each listing waits on order lines without an item."""
    lines = OrderLine.objects.filter(
        item=None,
        order__seller_id=store.seller_id,
        order__sales_channel_id=store.pk,
        order__status__in=HOLDS_STOCK,
        product_remote_id__in={remote_id for remote_id, _key in items},
    )
    held: dict[Place, int] = {}
    for line in lines:
        place = (line.product_remote_id, line.variation_key)
        if place in items:
            held[place] = held.get(place, 0) + line.quantity - line.canceled - line.shipped
    return held
