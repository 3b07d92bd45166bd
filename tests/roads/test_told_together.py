"""Many orders are told to their shop in few calls: each once, whatever is lost on the way, and none for another."""

from collections import Counter

import pytest
from pytest_django import DjangoAssertNumQueries

from entrepot.channels.models import Problem, StatusDebt, Store
from entrepot.channels.services.lifecycle import change_settings
from entrepot.channels.services.statuses import TellReport, push_statuses
from entrepot.connectors.opencart.simulator import Item
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment, Waybill
from entrepot.fulfilment.services.carrier_rules import keep_rule
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.waybills import add_range
from entrepot.kernel.errors import ChannelError
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from tests.roads.rig import MINA, Place, Road, small_shop

MANY = 60


@pytest.fixture
def place(road: Road) -> Place:
    made = road.connect(small_shop(RED=500))
    carrier = add_carrier(seller_id=road.seller.pk, kind="cj", actor=MINA)
    facts = {"seller_id": road.seller.pk, "actor": MINA}
    add_range(carrier_id=carrier.pk, first="640000000001", last="640000000999", **facts)
    keep_rule(carrier_id=carrier.pk, **facts)
    change_settings(store_id=made.store.pk, changes={"shipping": "self"}, **facts)
    return made


def packed(place: Place, count: int) -> list[Order]:
    ids = [place.shop.place_order([Item(1, 1)]) for _ in range(count)]
    place.pull()
    found = [place.order(order_id) for order_id in ids]
    for order in found:
        facts = {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}
        orders.release_to_warehouse(**facts)
        fulfilment.pack(**facts)
    return found


def tell(place: Place) -> TellReport:
    return push_statuses(Store.objects.get(pk=place.store.pk))


def told(place: Place, found: list[Order]) -> list[tuple[int, int]]:
    """Of each order: lines of its history that say nothing (its status), and lines that name its number."""
    numbers = dict(Shipment.objects.values_list("order_id", "tracking_number"))
    made = []
    for order in found:
        lines = [row["comment"] for row in place.shop.history_of(int(order.remote_id))][1:]
        number = numbers[order.pk] or "no number yet"
        made.append((lines.count(""), len([line for line in lines if number in line])))
    return made


def calls(place: Place) -> Counter[str]:
    kinds = ("order_writes", "order_history", "shipment")
    return Counter({kind: place.server.counters.requests[kind] for kind in kinds})


def test_sixty_orders_are_told_status_and_number_in_four_calls(place: Place) -> None:
    found = packed(place, MANY)

    report = tell(place)

    assert (report.told, report.refused) == (2 * MANY, 0)
    assert told(place, found) == [(1, 1)] * MANY
    assert calls(place) == Counter(order_writes=4)
    assert len(set(Waybill.objects.values_list("number", flat=True))) == MANY
    assert not Shipment.objects.filter(label_made_at=None).exists()
    assert not StatusDebt.objects.filter(sent_at=None).exists()
    assert (tell(place).told, place.problems()) == (0, [])


@pytest.mark.parametrize("fault", ["lost", "cut", "truncated"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_told_twice(
    place: Place, fault: str, nth: int
) -> None:
    found = packed(place, MANY)
    place.server.faults.add(fault, resource="order_writes", skip=nth - 1)
    with pytest.raises(ChannelError):
        tell(place)
    assert StatusDebt.objects.filter(sent_at=None).exists()

    tell(place)

    assert told(place, found) == [(1, 1)] * MANY
    assert Waybill.objects.count() == MANY
    assert not StatusDebt.objects.filter(sent_at=None).exists()


def test_a_shop_with_the_older_bridge_is_told_all_the_same(place: Place) -> None:
    place.shop.order_writes_at_once = 0
    found = packed(place, 5)

    assert tell(place).told == 10

    assert told(place, found) == [(1, 1)] * 5
    assert calls(place) == Counter(order_history=5, shipment=5)


def test_an_order_the_shop_dies_of_is_a_problem_and_holds_up_no_other(place: Place) -> None:
    found = packed(place, 10)
    sick = found[4]
    place.shop.dies_at = {int(sick.remote_id)}

    report = tell(place)

    assert (report.told, report.refused) == (18, 1)
    assert told(place, found) == [(0, 0) if order == sick else (1, 1) for order in found]
    [problem] = Problem.objects.filter(store=place.store, resolved_at=None)
    assert (problem.code, problem.object_id) == ("status_refused", str(sick.pk))
    assert problem.fields["error_code"] == "opencart_shop_failed"

    place.shop.dies_at = set()
    StatusDebt.objects.filter(sent_at=None).update(next_try_at=None)
    tell(place)
    assert told(place, found) == [(1, 1)] * 10
    assert place.problems() == []


def test_a_shop_that_fails_at_every_order_is_down_and_nobody_is_asked_about_its_orders(place: Place) -> None:
    found = packed(place, 5)
    place.shop.dies_at = {int(order.remote_id) for order in found}

    with pytest.raises(ChannelError):
        tell(place)

    assert place.problems() == []
    assert StatusDebt.objects.filter(sent_at=None, attempts=0).count() == 5


def test_an_order_that_is_gone_from_the_shop_is_refused_and_the_others_are_told(place: Place) -> None:
    found = packed(place, 6)
    place.shop.delete_order(int(found[2].remote_id))

    report = tell(place)

    assert (report.told, report.refused) == (10, 1)
    others = [order for order in found if order != found[2]]
    assert told(place, others) == [(1, 1)] * 5
    debt = StatusDebt.objects.get(sent_at=None)
    assert (debt.order, debt.error_code, debt.attempts) == (found[2], "opencart_gone", 1)


def test_a_parcel_unpacked_before_its_turn_is_not_told(place: Place) -> None:
    found = packed(place, 3)
    fulfilment.unpack(seller_id=found[1].seller_id, order_id=found[1].pk, actor=MINA)

    tell(place)

    lines = [len(place.shop.history_of(int(order.remote_id))) for order in found]
    assert lines == [3, 1, 3]


def test_what_is_looked_up_for_a_list_does_not_grow_with_it(
    place: Place, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Status, number and label of an order cost its own rows, 38 statements at most; the rest is asked once."""
    packed(place, 40)
    with django_assert_max_num_queries(40 * 38 + 60):
        tell(place)
