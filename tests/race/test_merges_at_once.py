"""Two items become one while people order both: nothing is lost or promised twice, nobody waits in a circle."""

import pytest

from entrepot.catalog.errors import ItemNotFound
from entrepot.catalog.models import Item
from entrepot.channels.merge_errors import MergeReserved
from entrepot.channels.services.merging import merge_items
from entrepot.inventory.errors import StockIsReserved
from entrepot.inventory.models import Stock
from entrepot.orders.models import SalesChannel
from entrepot.orders.services.fill import fill_waiting
from tests import books
from tests.books import MINA, figure, make_items
from tests.race.meeting import queued_up

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_merge_meets_orders_of_both_items(channel: SalesChannel):
    items = make_items(channel.seller, RED=4, ROT=4)
    words = {"seller_id": channel.seller_id, "actor": MINA}

    def order(number: int, sku: str):
        return lambda: books.place_one(channel, books.draft(f"{sku}{number}", books.line(items[sku], 1)))

    deeds = [order(number, sku) for number in range(3) for sku in items]
    merge = lambda: merge_items(kept_id=items["RED"], merged_id=items["ROT"], **words)  # noqa: E731
    ends = queued_up("inventory_stock", list(Stock.objects.values_list("pk", flat=True)), [*deeds, merge, merge])

    assert [end for end in ends[:6] if isinstance(end, Exception)] == []
    assert {type(end) for end in ends[6:]} <= {Item, MergeReserved, StockIsReserved, ItemNotFound}
    merged = Item.everything.get(pk=items["ROT"]).merged_into_id == items["RED"]
    fill_waiting(item_ids=None, **words)
    (red, held_red), (rot, held_rot) = figure(items["RED"]), figure(items["ROT"])
    assert (red + rot, held_red + held_rot) == (8, 6)
    assert (rot, held_rot) == (0, 0) if merged else rot == 4
    assert {books.status(end) for end in ends[:6]} == {"new"}
    books.assert_books_add_up([channel.seller_id])
