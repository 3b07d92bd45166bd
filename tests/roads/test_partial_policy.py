"""Only some of an order is in stock: it waits, goes ahead in part, or a person is asked, as its store decided."""

import pytest

from entrepot.channels.models import Problem
from entrepot.channels.services import partial
from entrepot.channels.services.lifecycle import change_settings
from entrepot.channels.services.partial import follow_policies, send_ahead
from entrepot.channels.services.retry import dismiss
from entrepot.connectors.opencart.simulator import Item
from entrepot.kernel.actor import SYSTEM
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from tests.books import draft, line, make_kit, place_one
from tests.roads.rig import MINA, PROCESSING, Place, Road, small_shop


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=2, BLUE=0))


def decide(place: Place, policy: str) -> None:
    changes = {"partial_policy": policy}
    change_settings(seller_id=place.store.seller_id, store_id=place.store.pk, changes=changes, actor=MINA)


def bought(place: Place, red: int = 1, blue: int = 1) -> Order:
    items = [Item(number, count) for number, count in ((1, red), (2, blue)) if count]
    order_id = place.shop.place_order(items, status=PROCESSING, check=False)
    place.pull()
    order = place.order(order_id)
    assert order.status == "partial"
    return order


def stands() -> list[tuple[str, str]]:
    numbers = {one.pk: one for one in Order.objects.order_by("pk")}
    return [(one.remote_id, one.status) for one in numbers.values()]


def test_by_itself_a_store_waits_until_all_is_there(place: Place) -> None:
    bought(place)

    assert follow_policies(actor=SYSTEM) == {}

    assert (stands(), place.problems()) == ([("1", "partial")], [])


def test_what_is_there_goes_ahead_by_itself_and_the_rest_follows_when_it_comes(road: Road, place: Place) -> None:
    decide(place, "ship")
    bought(place)

    assert follow_policies(actor=SYSTEM) == {road.seller.pk: 1}
    assert follow_policies(actor=SYSTEM) == {}
    assert stands() == [("1", "new"), ("1~2", "partial")]
    orders.receive_stock(seller_id=road.seller.pk, item_id=road.item("BLUE").pk, quantity=1, actor=MINA)
    orders.fill_waiting(seller_id=road.seller.pk, item_ids=None, actor=SYSTEM)

    assert (stands(), place.problems()) == ([("1", "new"), ("1~2", "new")], [])


def test_an_order_of_which_nothing_is_there_is_left_whole(place: Place) -> None:
    decide(place, "ship")
    bought(place, red=0)

    assert follow_policies(actor=SYSTEM) == {}

    assert stands() == [("1", "partial")]


def test_a_person_is_asked_once_and_may_send_it_ahead(place: Place) -> None:
    decide(place, "ask")
    order = bought(place)

    follow_policies(actor=SYSTEM)
    follow_policies(actor=SYSTEM)
    assert (stands(), place.problems()) == ([("1", "partial")], ["partial_waits"])
    assert Problem.objects.get().occurrences == 1
    send_ahead(seller_id=order.seller_id, order_id=order.pk, actor=MINA)

    assert (stands(), place.problems()) == ([("1", "new"), ("1~2", "partial")], [])


def test_one_that_may_wait_is_not_asked_about_again(place: Place) -> None:
    decide(place, "ask")
    order = bought(place)
    follow_policies(actor=SYSTEM)

    dismiss(seller_id=order.seller_id, problem_id=Problem.objects.get().pk, actor=MINA)
    follow_policies(actor=SYSTEM)

    assert (stands(), place.problems()) == ([("1", "partial")], [])


def test_the_question_goes_away_when_the_stock_comes(road: Road, place: Place) -> None:
    decide(place, "ask")
    bought(place)
    follow_policies(actor=SYSTEM)

    orders.receive_stock(seller_id=road.seller.pk, item_id=road.item("BLUE").pk, quantity=1, actor=MINA)
    orders.fill_waiting(seller_id=road.seller.pk, item_ids=None, actor=SYSTEM)
    follow_policies(actor=SYSTEM)

    assert (stands(), place.problems()) == ([("1", "new")], [])


def test_stock_that_comes_goes_to_the_order_placed_first_whenever_it_began_to_wait(road: Road, place: Place) -> None:
    decide(place, "ship")
    first, second = bought(place), bought(place)
    assert first.placed_at <= second.placed_at
    follow_policies(actor=SYSTEM)
    later = Order.objects.get(split_from=second)
    Order.objects.filter(pk__in=[second.pk, later.pk]).update(placed_at=first.placed_at.replace(year=2020))

    orders.receive_stock(seller_id=road.seller.pk, item_id=road.item("BLUE").pk, quantity=1, actor=MINA)
    orders.fill_waiting(seller_id=road.seller.pk, item_ids=None, actor=SYSTEM)

    assert Order.objects.get(pk=later.pk).status == "new"
    assert Order.objects.get(split_from=first).status == "partial"


def test_orders_that_have_parts_of_a_kit_only_do_not_stand_before_the_others(
    road: Road, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(place, "ship")
    seller_id, red, blue = road.seller.pk, road.item("RED").pk, road.item("BLUE").pk
    kit = make_kit(road.seller, "SET", {red: 1, blue: 1})
    stuck = [place_one(place.store.sales_channel, draft(f"9{number}", line(kit), minute=-number)) for number in (1, 2)]
    late = bought(place)
    monkeypatch.setattr(partial, "AT_ONCE", 1)

    assert [Order.objects.get(pk=one.pk).status for one in stuck] == ["partial", "partial"]
    orders.receive_stock(seller_id=seller_id, item_id=red, quantity=1, actor=MINA)
    orders.fill_waiting(seller_id=seller_id, item_ids=None, actor=SYSTEM)
    assert follow_policies(actor=SYSTEM) == {seller_id: 1}

    late.refresh_from_db()
    assert [Order.objects.get(pk=one.pk).status for one in [*stuck, late]] == ["partial", "partial", "new"]
