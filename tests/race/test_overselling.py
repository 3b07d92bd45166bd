"""Whatever runs at once, no unit is promised twice. The twin that checks, then takes, shows we would see it."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from entrepot.inventory import services as inventory
from entrepot.inventory.errors import NotEnoughStock
from entrepot.inventory.models import Movement, Reservation, Stock
from entrepot.inventory.services import Want
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from tests.books import MINA, SHOP, assert_books_add_up, draft, figure, line, make_channel, make_items, make_seller
from tests.race.meeting import at_once, queued_up, queued_up_behind

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 50


def test_fifty_reservations_at_once_for_the_last_ten_units_grant_exactly_ten():
    seller = make_seller()
    red = make_items(seller, RED=10)["RED"]

    def buyer(number: int) -> Callable[[], None]:
        return lambda: inventory.reserve(seller_id=seller.pk, wants=[Want(f"line:{number}", red, 1)], actor=SHOP)

    ends = queued_up(
        "inventory_stock", list(Stock.objects.values_list("pk", flat=True)), [buyer(number) for number in range(BUYERS)]
    )

    assert [type(end) for end in ends].count(NotEnoughStock) == 40
    assert ends.count(None) == 10
    assert figure(red) == (10, 10)
    assert Reservation.objects.count() == 10
    assert_books_add_up([seller.pk])


def test_fifty_orders_at_once_for_the_last_ten_units_make_ten_new_and_forty_partial():
    seller = make_seller()
    channel = make_channel(seller)
    red = make_items(seller, RED=10)["RED"]

    def buyer(number: int) -> Callable[[], str]:
        one = draft(str(number), line(red))
        return lambda: (
            orders.place_order(seller_id=seller.pk, sales_channel_id=channel.pk, draft=one, actor=SHOP).status
        )

    ends = queued_up(
        "inventory_stock", list(Stock.objects.values_list("pk", flat=True)), [buyer(number) for number in range(BUYERS)]
    )

    assert sorted(map(str, ends)) == ["new"] * 10 + ["partial"] * 40
    assert sorted(Order.objects.values_list("status", flat=True)) == ["new"] * 10 + ["partial"] * 40
    assert figure(red) == (10, 10)
    assert_books_add_up([seller.pk])


def test_a_unit_that_comes_free_while_a_buyer_waits_for_it_is_the_buyers():
    """A buyer who asked before the release was committed must not be told that there is nothing."""
    seller = make_seller()
    red = make_items(seller, RED=1)["RED"]
    inventory.reserve(seller_id=seller.pk, wants=[Want("line:1", red, 1)], actor=SHOP)

    ends = queued_up_behind(
        lambda: inventory.release(seller_id=seller.pk, references=["line:1"], actor=SHOP),
        [lambda: inventory.reserve_up_to(seller_id=seller.pk, wants=[Want("line:2", red, 1)], actor=SHOP)],
        keep=True,
    )

    assert ends == [{"line:2": 1}]
    assert figure(red) == (1, 1)
    assert_books_add_up([seller.pk])


def test_the_twin_that_checks_and_then_takes_promises_one_unit_many_times():
    """With the table's own constraint taken away, nothing but the one statement keeps the promise."""
    seller = make_seller()
    red = make_items(seller, RED=1)["RED"]
    everybody_has_looked = threading.Barrier(8)

    def check_then_take(number: int) -> bool:
        with transaction.atomic():
            stock = Stock.objects.get(item_id=red)
            everybody_has_looked.wait(timeout=30)
            if stock.on_hand - stock.reserved < 1:
                return False
            Stock.objects.filter(pk=stock.pk).update(reserved=stock.reserved + 1, changed_at=timezone.now())
            Reservation.objects.create(
                seller=seller,
                item_id=red,
                warehouse_id=stock.warehouse_id,
                reference=f"line:{number}",
                quantity=1,
                created_at=timezone.now(),
            )
            return True

    granted = at_once([lambda number=number: check_then_take(number) for number in range(8)])

    assert granted == [True] * 8
    assert Reservation.objects.count() == 8
    assert figure(red) == (1, 1)
    with pytest.raises(AssertionError):
        assert_books_add_up([seller.pk])


def test_the_twin_that_adds_without_a_condition_is_stopped_by_the_table_itself():
    seller = make_seller()
    red = make_items(seller, RED=1)["RED"]

    def take_blindly() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_stock SET reserved = reserved + 1 WHERE item_id = %s", [red])

    ends = at_once([take_blindly] * 8)

    assert ends.count(None) == 1
    assert sum("stock_never_promised_twice" in str(end) for end in ends) == 7
    assert figure(red) == (1, 1)


def test_two_orders_with_the_same_items_the_other_way_round_never_wait_in_a_circle():
    seller = make_seller()
    ids = make_items(seller, RED=1000, BLUE=1000, GREEN=1000)
    there, back = list(ids.values()), list(ids.values())[::-1]

    def errand(number: int, items: list[int]) -> Callable[[], None]:
        wants = [Want(f"line:{number}", item_id, 1) for item_id in items]

        def go() -> None:
            for _ in range(20):
                inventory.reserve(seller_id=seller.pk, wants=wants, actor=SHOP)
                inventory.release(seller_id=seller.pk, references=[f"line:{number}"], actor=SHOP)

        return go

    ends = at_once([errand(number, there if number % 2 else back) for number in range(8)])

    assert ends == [None] * 8
    assert [figure(item_id) for item_id in there] == [(1000, 0)] * 3
    assert_books_add_up([seller.pk])


def test_the_twin_that_locks_in_the_order_of_its_own_list_does_wait_in_a_circle():
    seller = make_seller()
    ids = list(make_items(seller, RED=10, BLUE=10).values())
    both_hold_one = threading.Barrier(2)

    def lock_one_then_the_other(items: list[int]) -> None:
        with transaction.atomic():
            list(Stock.objects.select_for_update().filter(item_id=items[0]))
            both_hold_one.wait(timeout=30)
            list(Stock.objects.select_for_update().filter(item_id=items[1]))

    ends = at_once([lambda: lock_one_then_the_other(ids), lambda: lock_one_then_the_other(ids[::-1])])

    assert sum("deadlock detected" in str(end) for end in ends) == 1


def test_eight_receipts_and_eight_counts_at_once_leave_a_ledger_without_gaps():
    seller = make_seller()
    red = make_items(seller, RED=5)["RED"]

    def receive() -> None:
        inventory.receive(seller_id=seller.pk, item_id=red, quantity=1, actor=MINA)

    def adjust() -> None:
        inventory.adjust(seller_id=seller.pk, item_id=red, delta=2, reason="found", actor=MINA)

    at_once([receive, adjust] * 8)

    assert figure(red) == (29, 0)
    assert Movement.objects.filter(item_id=red).count() == 17
    assert_books_add_up([seller.pk])


def test_two_releases_of_one_reservation_give_it_back_once():
    seller = make_seller()
    red = make_items(seller, RED=5)["RED"]
    inventory.reserve(seller_id=seller.pk, wants=[Want("line:1", red, 3)], actor=SHOP)

    def release() -> list[int]:
        return inventory.release(seller_id=seller.pk, references=["line:1"], actor=SHOP)

    ends = queued_up("inventory_stock", list(Stock.objects.values_list("pk", flat=True)), [release] * 8)

    assert sorted(ends) == [[]] * 7 + [[red]]
    assert figure(red) == (5, 0)
    assert_books_add_up([seller.pk])


def test_eight_imports_opening_the_same_stock_open_it_once():
    seller = make_seller()
    red = make_items(seller, RED=0)["RED"]
    Stock.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE inventory_movement")

    def open_it() -> int:
        return inventory.open_stock(seller_id=seller.pk, figures={red: 7}, reference="import:1", actor=MINA)

    assert sorted(map(str, at_once([open_it] * 8))) == ["0"] * 7 + ["1"]
    assert figure(red) == (7, 0)
    assert_books_add_up([seller.pk])
