"""An order in the shop, and everything that may happen to it there."""

from datetime import timedelta

from django.utils import timezone

from entrepot.channels.models import IncomingOrder, Problem, Store
from entrepot.channels.services.intake import check_states
from entrepot.channels.services.retry import retry
from entrepot.connectors.opencart.simulator import Item
from entrepot.orders.models import Order
from entrepot.orders.services import fill_waiting, mark_ready, release_to_warehouse
from tests.roads.rig import CANCELED, COMPLETE, MINA, SHIPPED, Road, small_shop


def test_an_order_in_one_shop_lowers_available_and_the_other_shops_figure(road: Road) -> None:
    one = road.connect(small_shop(RED=5))
    two = road.connect(small_shop(RED=5), name="Second shop")
    order_id = one.shop.place_order([Item(1, 2)])

    one.pull()
    one.push()
    two.push()

    order = one.order(order_id)
    assert order.status == "new"
    assert (road.on_hand("RED"), road.reserved("RED"), road.available("RED")) == (5, 2, 3)
    assert (one.shows(1), two.shows(1)) == (3, 3)
    assert road.ledger_adds_up()


def test_a_cancel_in_the_shop_releases_its_stock_and_the_other_shop_sells_it_again(road: Road) -> None:
    one = road.connect(small_shop(RED=5))
    two = road.connect(small_shop(RED=5), name="Second shop")
    order_id = one.shop.place_order([Item(1, 2)])
    one.pull()
    two.push()

    one.shop.set_status(order_id, CANCELED, comment="Customer changed mind")
    one.pull()
    one.push()
    two.push()

    assert one.order(order_id).status == "canceled"
    assert road.available("RED") == 5
    assert (one.shows(1), two.shows(1)) == (5, 5)


def test_a_canceled_order_put_back_to_work_takes_its_stock_again(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()
    place.shop.set_status(order_id, CANCELED)
    place.pull()

    place.shop.set_status(order_id, 2)
    place.pull()

    assert place.order(order_id).status == "new"
    assert road.available("RED") == 3


def test_an_edit_in_the_shop_is_taken_in_with_lines_totals_and_address(road: Road) -> None:
    place = road.connect(small_shop(RED=5, BLUE=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()

    place.shop.edit_order(order_id, [Item(1, 1), Item(2, 3)], shipping={"city": "Busan"})
    place.pull()
    place.push()

    order = place.order(order_id)
    assert [(line.sku or line.model, line.quantity) for line in order.lines.order_by("position")] == [
        ("RED", 1),
        ("BLUE", 3),
    ]
    assert order.shipping["city"] == "Busan"
    assert (road.available("RED"), road.available("BLUE")) == (4, 2)
    assert (place.shows(1), place.shows(2)) == (4, 2)
    assert order.status == "new"


def test_an_edit_caught_half_way_cancels_nothing_and_is_taken_in_when_it_is_done(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()

    place.shop.edit_order(order_id, [Item(1, 3)], finish=False)
    place.pull()
    assert place.order(order_id).status == "new"
    assert road.reserved("RED") == 2
    assert IncomingOrder.objects.get(remote_id=str(order_id)).state == "waiting"
    assert Store.objects.get(pk=place.store.pk).orders_due_at is not None

    place.shop.set_status(order_id, 1)
    place.pull()
    assert place.order(order_id).lines.get().quantity == 3
    assert road.reserved("RED") == 3
    assert IncomingOrder.objects.get(remote_id=str(order_id)).state == "entered"


def test_an_order_voided_for_good_is_canceled_once_its_minute_is_over(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()
    place.shop.edit_order(order_id, [Item(1, 2)], finish=False)
    place.pull()
    assert place.order(order_id).status == "new"

    kept = IncomingOrder.objects.get(remote_id=str(order_id))
    IncomingOrder.objects.filter(pk=kept.pk).update(received_at=kept.received_at.replace(year=2020))
    place.pull()

    assert place.order(order_id).status == "canceled"
    assert road.available("RED") == 5


def test_a_cart_never_finished_is_kept_aside_and_enters_when_it_is_paid_days_later(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    cart = place.shop.place_order([Item(1, 1)], confirm=False)
    for _ in range(3):
        place.shop.place_order([Item(1, 1)])
    place.pull()
    assert not Order.objects.filter(remote_id=str(cart)).exists()
    assert road.reserved("RED") == 3

    place.shop.confirm_order(cart)
    place.pull()

    assert place.order(cart).status == "new"
    assert road.reserved("RED") == 4


def test_an_order_deleted_in_the_shop_is_found_released_and_told(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()

    place.shop.delete_order(order_id)
    check_states(Store.objects.get(pk=place.store.pk))
    check_states(Store.objects.get(pk=place.store.pk))
    place.push()

    assert place.order(order_id).status == "canceled"
    assert road.available("RED") == 5
    assert place.shows(1) == 5  # OpenCart 4.1 deletes without putting the stock back; we do
    assert place.problems() == ["order_deleted_in_store"]
    assert Problem.objects.get(code="order_deleted_in_store").occurrences == 1


def test_a_packed_order_deleted_in_the_shop_stays_and_a_person_is_told_once(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()
    who = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    release_to_warehouse(**who)
    mark_ready(**who)

    place.shop.delete_order(order_id)
    for _ in range(3):
        check_states(Store.objects.get(pk=place.store.pk))

    assert place.order(order_id).status == "ready_to_ship"
    assert road.reserved("RED") == 2
    assert Problem.objects.get(code="order_deleted_in_store").occurrences == 1


def test_two_buyers_of_the_last_unit_make_one_new_order_and_one_that_waits(road: Road) -> None:
    place = road.connect(small_shop(RED=1))
    first = place.shop.place_order([Item(1, 1)])
    second = place.shop.place_order([Item(1, 1)], check=False)
    assert place.shows(1) == -1

    place.pull()
    place.push()

    assert (place.order(first).status, place.order(second).status) == ("new", "partial")
    assert road.available("RED") == 0
    assert place.shows(1) == 0

    road.receive("RED", 1)
    fill_waiting(seller_id=road.seller.pk, item_ids=None, actor=MINA)
    assert place.order(second).status == "new"


def test_shipping_in_the_shop_takes_the_stock_off_the_shelf(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()

    place.shop.set_status(order_id, SHIPPED)
    place.pull()
    assert place.order(order_id).status == "in_transit"
    assert (road.on_hand("RED"), road.reserved("RED")) == (3, 0)

    place.shop.set_status(order_id, COMPLETE)
    place.pull()
    assert place.order(order_id).status == "complete"
    assert (road.on_hand("RED"), road.reserved("RED")) == (3, 0)
    assert place.problems() == []


def test_two_history_rows_for_one_payment_are_one_order_and_one_reservation(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.shop.set_status(order_id, 2)
    place.shop.set_status(order_id, 2)

    place.pull()
    place.shop.set_status(order_id, 2)
    place.pull()

    assert Order.objects.count() == 1
    assert road.reserved("RED") == 2


def test_while_the_newest_copy_cannot_be_read_a_retry_does_not_enter_the_older_one(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    place.pull()
    row = place.shop.tables.orders[order_id].row
    good, row["total"] = row["total"], "ten dollars"
    place.shop.set_status(order_id, CANCELED)
    place.pull()
    assert (place.order(order_id).status, place.problems()) == ("new", ["order_unreadable"])

    problem = Problem.objects.get(store=place.store, resolved_at=None)
    retry(seller_id=road.seller.pk, problem_id=problem.pk, actor=MINA)
    place.pull()
    place.pull()

    assert place.problems() == ["order_unreadable"]
    assert IncomingOrder.objects.get(remote_id=str(order_id)).state == "problem"
    assert (place.order(order_id).status, road.reserved("RED")) == ("new", 2)

    row["total"] = good
    place.shop.order_changed(order_id)
    retry(seller_id=road.seller.pk, problem_id=problem.pk, actor=MINA)
    place.pull()

    assert (place.order(order_id).status, place.problems()) == ("canceled", [])


def test_an_order_long_on_its_way_is_no_longer_asked_for_every_half_hour(road: Road) -> None:
    place = road.connect(small_shop(RED=9))
    old, young, unsent = (place.shop.place_order([Item(1, 1)]) for _ in range(3))
    place.pull()
    long_ago = timezone.now() - timedelta(days=121)
    sent = Order.objects.filter(remote_id__in=[str(old), str(young)])
    assert sent.update(status="in_transit") == 2
    Order.objects.filter(remote_id__in=[str(old), str(unsent)]).update(placed_at=long_ago)
    for order_id in (old, young, unsent):
        place.shop.delete_order(order_id)

    report = check_states(Store.objects.get(pk=place.store.pk))

    assert report.gone == 2
    assert {problem.object_id for problem in Problem.objects.filter(code="order_deleted_in_store")} == {
        str(place.order(young).pk),
        str(place.order(unsent).pk),
    }


def test_an_order_that_could_not_be_read_is_asked_for_again_when_a_person_retries(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    order_id = place.shop.place_order([Item(1, 2)])
    row = place.shop.tables.orders[order_id].row
    good, row["total"] = row["total"], "ten dollars"
    place.shop.order_changed(order_id)
    place.pull()
    assert place.problems() == ["order_unreadable"]
    problem = Problem.objects.get(store=place.store, resolved_at=None)
    retry(seller_id=road.seller.pk, problem_id=problem.pk, actor=MINA)
    place.pull()
    assert place.problems() == ["order_unreadable"]
    other = place.shop.place_order([Item(1, 1)])
    for _ in range(30):  # the cursor is far past it by now
        place.shop.set_status(other, 2)
    place.pull()

    row["total"] = good  # repaired in the shop's own tables: no history tells of it
    place.shop.order_changed(order_id)
    retry(seller_id=road.seller.pk, problem_id=problem.pk, actor=MINA)
    place.pull()

    assert place.order(order_id).status == "new"
    assert place.problems() == []
