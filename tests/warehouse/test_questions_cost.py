"""Lists of a warehouse cost the same for n rows as for one, and turn their pages."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.inventory.models import Bin
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.queries import papers, places
from tests.books import MINA, make_items
from tests.shelves import make_bins


def cost(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        ask()
    return len(seen)


@pytest.fixture
def grow(seller, place) -> Callable[[int], dict[str, int]]:
    """Make `n` more of everything; tells the ids of the last."""
    words = {"seller_id": seller.pk, "actor": MINA}
    here = {"warehouse_id": place.pk, **words}

    def more(first: int, count: int) -> dict[str, int]:
        ids: dict[str, int] = {}
        for number in range(first, first + count):
            item_id = make_items(seller, **{f"SKU{number:03}": 6})[f"SKU{number:03}"]
            bin_id = make_bins(place, f"A{number:03}")[f"A{number:03}"]
            shared = Bin.objects.filter(warehouse=place).order_by("id")[0].pk
            warehouse.put_away(item_id=item_id, quantity=2, bin_id=bin_id, **here)
            if shared != bin_id:
                warehouse.put_away(item_id=item_id, quantity=1, bin_id=shared, **here)
            receipt = warehouse.expect(quantities={item_id: 1}, **here)
            count_ = warehouse.start_count(item_ids=[item_id], **here)
            ids = {"receipt": receipt.pk, "count": count_.pk, "bin": shared, "item": item_id}
        return ids

    return more


def test_every_list_costs_the_same_for_six_rows_as_for_two(seller, place, grow):
    ids = grow(0, 2)
    here = {"seller_id": seller.pk, "warehouse_id": place.pk}
    asks: list[Callable[[], object]] = [
        lambda: [(row.zone.code, row.pieces) for row in places.bins(**here).rows],
        lambda: [row.bins_open for row in places.zones(**here)],
        lambda: [row.item.sku for row in places.unlocated(**here).rows],
        lambda: [row.item.sku for row in places.contents(seller_id=seller.pk, bin_id=ids["bin"])],
        lambda: [
            (row.item.sku, row.to_bin.code) for row in places.bin_history(seller_id=seller.pk, bin_id=ids["bin"]).rows
        ],
        lambda: places.places_of(item_id=ids["item"], **here),
        lambda: places.suggested_bin(item_id=ids["item"], **here),
        lambda: [(row.warehouse.code, row.due) for row in papers.receipts(seller_id=seller.pk).rows],
        lambda: [row.item.sku for row in papers.receipt_lines(seller_id=seller.pk, receipt_id=ids["receipt"])],
        lambda: [row.warehouse.code for row in papers.counts(seller_id=seller.pk).rows],
        lambda: papers.to_count(seller_id=seller.pk, count_id=ids["count"]),
    ]
    before = [cost(ask) for ask in asks]
    grow(2, 4)
    assert [cost(ask) for ask in asks] == before
    assert max(before) == 2


def test_pages_of_bins_of_what_has_none_and_of_history_follow_each_other(seller, place, grow):
    ids = grow(0, 5)
    here = {"seller_id": seller.pk, "warehouse_id": place.pk}

    def turned(ask: Callable[[str], object]) -> list[int]:
        sizes, after = [], ""
        while True:
            page = ask(after)
            sizes.append(len(page.rows))
            if page.next is None:
                return sizes
            after = page.next

    seen = {"seller_id": seller.pk, "bin_id": ids["bin"]}
    assert turned(lambda after: places.bins(limit=2, after=after, **here)) == [2, 2, 1]
    assert turned(lambda after: places.unlocated(limit=2, after=after, **here)) == [2, 2, 1]
    assert turned(lambda after: places.bin_history(limit=2, after=after, **seen)) == [2, 2, 1]
    assert turned(lambda after: papers.receipts(seller_id=seller.pk, limit=3, after=after)) == [3, 2]
    assert turned(lambda after: papers.counts(seller_id=seller.pk, limit=3, after=after)) == [3, 2]
