"""Shelves are put in order while parcels leave: bins and on hand agree always. The twins show we would see it."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from entrepot.inventory import services as inventory
from entrepot.inventory.bins import Fall, plan_falls, shift
from entrepot.inventory.errors import BinClosed, NotThere
from entrepot.inventory.models import Bin, BinStock, Stock
from entrepot.inventory.services import Carry, Want
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.errors import BinNotEmpty
from tests.books import MINA, SHOP, assert_books_add_up, figure, make_items, make_seller
from tests.race.meeting import at_once, queued_up, queued_up_behind
from tests.shelves import assert_bins_add_up, lying, make_bins, unlocated

pytestmark = pytest.mark.django_db(transaction=True)


class Shop:
    def __init__(self, **on_hand: int) -> None:
        self.seller = make_seller()
        self.ids = make_items(self.seller, **on_hand)
        self.red = self.ids["RED"]
        self.words = {"seller_id": self.seller.pk, "actor": MINA}
        self.place = inventory.default_warehouse(**self.words)
        self.bins = make_bins(self.place, "A1", "A2", staging=["OUT"])

    def carry(self, quantity: int, origin: str | None, target: str | None, sku: str = "RED") -> None:
        one = Carry(self.ids[sku], quantity, self.bins.get(origin), self.bins.get(target))
        inventory.carry(warehouse_id=self.place.pk, carries=[one], **self.words)

    def add_up(self) -> None:
        assert_books_add_up([self.seller.pk])
        assert_bins_add_up([self.seller.pk])


def stock_ids() -> list[int]:
    return list(Stock.objects.values_list("pk", flat=True))


def test_twenty_people_at_the_last_ten_pieces_of_a_bin_carry_exactly_ten():
    shop = Shop(RED=10)
    shop.carry(10, None, "A1")

    ends = queued_up("inventory_stock", stock_ids(), [lambda: shop.carry(1, "A1", "A2")] * 20)

    assert [type(end) for end in ends].count(NotThere) == 10
    assert lying(shop.red) == {"A2": 10}
    shop.add_up()


def test_parcels_leave_while_people_put_away_pick_and_count():
    shop = Shop(RED=60, BLUE=60)
    shop.carry(20, None, "A1")
    shop.carry(20, None, "A2", "BLUE")
    for number in range(16):
        wants = [Want(f"line:{number}", item_id, 1) for item_id in shop.ids.values()]
        inventory.reserve(wants=wants, **shop.words)

    def leave(number: int) -> Callable[[], None]:
        return lambda: inventory.ship(seller_id=shop.seller.pk, references=[f"line:{number}"], actor=SHOP)

    deeds: list[Callable[[], object]] = []
    for number in range(16):
        deeds += [leave(number), lambda: shop.carry(1, "A1", "OUT")]
        deeds += [lambda: shop.carry(1, None, "A1"), lambda: shop.carry(1, "A2", "A1", "BLUE")]
    deeds += [
        lambda: inventory.adjust(item_id=shop.red, delta=-2, reason="torn", **shop.words),
        lambda: inventory.receive(item_id=shop.red, quantity=3, bin_id=shop.bins["A2"], **shop.words),
    ]
    ends = at_once(deeds)

    assert [end for end in ends if isinstance(end, Exception) and not isinstance(end, NotThere)] == []
    assert (figure(shop.red), figure(shop.ids["BLUE"])) == ((60 - 16 - 2 + 3, 0), (60 - 16, 0))
    shop.add_up()


def test_two_people_who_carry_the_same_items_the_other_way_round_never_wait_in_a_circle():
    shop = Shop(RED=100, BLUE=100)
    there, back = list(shop.ids.values()), list(shop.ids.values())[::-1]

    def errand(items: list[int]) -> Callable[[], None]:
        def go() -> None:
            for _ in range(10):
                for way in ((None, shop.bins["A1"]), (shop.bins["A1"], None)):
                    carries = [Carry(item_id, 1, *way) for item_id in items]
                    inventory.carry(warehouse_id=shop.place.pk, carries=carries, **shop.words)

        return go

    assert at_once([errand(there if number % 2 else back) for number in range(6)]) == [None] * 6
    assert [unlocated(item_id) for item_id in there] == [100, 100]
    shop.add_up()


@pytest.mark.parametrize("closed_first", [True, False])
def test_a_bin_is_never_closed_with_something_in_it(closed_first):
    shop = Shop(RED=5)

    def close() -> None:
        warehouse.close_bin(bin_id=shop.bins["A1"], **shop.words)

    def fill() -> None:
        shop.carry(2, None, "A1")

    first, second = (close, fill) if closed_first else (fill, close)
    [end] = queued_up_behind(first, [second], keep=True)

    assert type(end) is (BinClosed if closed_first else BinNotEmpty)
    assert Bin.objects.get(code="A1").active is not closed_first
    shop.add_up()


def test_the_twin_that_looks_into_the_bin_and_then_closes_it_closes_a_full_one():
    shop = Shop(RED=5)
    looked, filled = threading.Event(), threading.Event()

    def look_then_close() -> None:
        with transaction.atomic():
            empty = not BinStock.objects.filter(bin_id=shop.bins["A1"], quantity__gt=0).exists()
            looked.set()
            filled.wait(timeout=30)
            if empty:
                Bin.objects.filter(pk=shop.bins["A1"]).update(active=False)

    def fill() -> None:
        looked.wait(timeout=30)
        shop.carry(2, None, "A1")
        filled.set()

    assert at_once([look_then_close, fill]) == [None, None]
    with pytest.raises(AssertionError):
        shop.add_up()


def lowering_without_a_lock(shop: Shop) -> Callable[[], None]:
    """Plan by what the bins say, wait until both have planned, then take."""
    both_have_planned = threading.Barrier(2)

    def lower() -> None:
        with transaction.atomic():
            fall = Fall(shop.red, shop.place.pk, 1, "leave", "line:1")
            shifts = plan_falls(shop.seller.pk, [fall], {(shop.red, shop.place.pk): 0})
            both_have_planned.wait(timeout=30)
            shift(shop.seller.pk, shifts, actor=MINA, at=timezone.now())

    return lower


def test_the_twin_that_plans_without_the_stock_rows_lock_takes_one_piece_out_of_a_bin_twice():
    """Both see the one piece in the bin; with the bin's own constraint taken away the books come apart."""
    shop = Shop(RED=1)
    shop.carry(1, None, "A1")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_binstock DROP CONSTRAINT bin_stock_not_negative")
        cursor.execute("ALTER TABLE inventory_stock DROP CONSTRAINT stock_in_bins_is_on_hand")

    try:
        assert at_once([lowering_without_a_lock(shop)] * 2) == [None, None]
        assert dict(BinStock.objects.values_list("bin__code", "quantity")) == {"A1": -1}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_binstock SET quantity = 0 WHERE quantity < 0")
            cursor.execute("UPDATE inventory_stock SET located = 0 WHERE located < 0")
            cursor.execute("ALTER TABLE inventory_binstock ADD CONSTRAINT bin_stock_not_negative CHECK (quantity >= 0)")
            cursor.execute(
                "ALTER TABLE inventory_stock ADD CONSTRAINT stock_in_bins_is_on_hand"
                " CHECK (located >= 0 AND located <= on_hand)"
            )


def test_the_twin_is_stopped_by_the_table_itself():
    shop = Shop(RED=1)
    shop.carry(1, None, "A1")

    ends = at_once([lowering_without_a_lock(shop)] * 2)

    assert ends.count(None) == 1
    assert sum("bin_stock_not_negative" in str(end) or "stock_in_bins" in str(end) for end in ends) == 1
    assert lying(shop.red) == {}
