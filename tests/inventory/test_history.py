"""An item's stock over time, against ledgers that are short enough to read, and one that is too long to draw."""

from datetime import timedelta

import pytest

from entrepot.accounts.models import Seller
from entrepot.inventory import services as inventory
from entrepot.inventory.history import MOST_DRAWN, MOST_NAMED, Figured, history, thinned
from entrepot.inventory.models import Movement, Warehouse
from tests.books import MINA, make_items, make_seller


def figures(steps) -> list[tuple[int, int, int]]:
    return [(step.on_hand, step.reserved, step.available) for step in steps]


@pytest.fixture
def red(seller: Seller) -> int:
    return make_items(seller, RED=5)["RED"]


def test_every_step_of_a_short_ledger_is_there_with_its_cause(seller, red):
    said = {"seller_id": seller.pk, "item_id": red, "actor": MINA}
    inventory.receive(quantity=4, reference="receipt:7", **said)
    inventory.set_on_hand(on_hand=8, reason="counted", **said)

    found = history(seller_id=seller.pk, item_id=red, since=None)

    assert found is not None
    assert (found.before, found.moved, found.whole) == ((0, 0), 3, True)
    assert figures(found.steps) == [(5, 0, 5), (9, 0, 9), (8, 0, 8)]
    assert [(step.movement.kind, step.movement.reference) for step in found.steps][1] == ("receipt", "receipt:7")


def test_the_figures_before_the_days_are_what_the_ledger_says_they_were(seller, red):
    said = {"seller_id": seller.pk, "item_id": red, "actor": MINA}
    first = Movement.objects.get(item_id=red)
    inventory.receive(quantity=4, **said)

    found = history(seller_id=seller.pk, item_id=red, since=first.at + timedelta(microseconds=1))
    later = history(seller_id=seller.pk, item_id=red, since=first.at + timedelta(days=9))

    assert found is not None
    assert later is not None
    assert (found.before, figures(found.steps)) == ((5, 0), [(9, 0, 9)])
    assert (later.before, figures(later.steps), later.moved) == ((9, 0), [], 0)


def test_several_warehouses_are_added_up_and_each_can_be_seen_alone(seller, red):
    first = Warehouse.objects.get(seller=seller)
    second = Warehouse.objects.create(seller=seller, code="B", name="Busan")
    said = {"seller_id": seller.pk, "item_id": red, "actor": MINA}
    inventory.receive(quantity=4, warehouse_id=second.pk, **said)
    inventory.adjust(delta=-2, reason="broken", warehouse_id=first.pk, **said)

    both = history(seller_id=seller.pk, item_id=red, since=None)
    alone = history(seller_id=seller.pk, item_id=red, since=None, warehouse_ids=[second.pk])

    assert both is not None
    assert alone is not None
    assert figures(both.steps) == [(5, 0, 5), (9, 0, 9), (7, 0, 7)]
    assert figures(alone.steps) == [(4, 0, 4)]


def test_what_was_never_counted_and_what_is_anothers_has_no_history(seller, red):
    other = make_seller("Other")

    assert history(seller_id=other.pk, item_id=red, since=None) is None
    assert history(seller_id=seller.pk, item_id=red, since=None, warehouse_ids=[]) is None


def _step(minute: int, on_hand: int, reserved: int, kind: str = "reservation") -> Figured:
    return Figured(minute * 60_000_000, on_hand, reserved, kind, minute)


def test_of_a_long_history_what_people_did_and_every_shortage_stays():
    steps = [_step(minute, 50, minute % 7) for minute in range(9_000)]
    steps[4_001] = _step(4_001, 50, 50)
    steps[4_003] = _step(4_003, 90, 1, "receipt")
    steps[17] = _step(17, 50, 3, "count")

    drawn = thinned(steps)

    assert len(drawn) <= MOST_DRAWN
    assert (drawn[0], drawn[-1]) == (steps[0], steps[-1])
    moments = [step.moment for step in drawn]
    assert {steps[place].moment for place in (17, 4_001, 4_003)} <= set(moments)
    assert moments == sorted(moments)


def test_where_people_did_too_much_to_draw_their_newest_deeds_stay():
    steps = [_step(minute, minute, 0, "adjustment") for minute in range(3_000)]

    drawn = thinned(steps)

    assert len(drawn) <= MOST_DRAWN
    assert list(drawn[-MOST_NAMED:]) == steps[-MOST_NAMED:]
    assert thinned(steps[:MOST_DRAWN]) == steps[:MOST_DRAWN]
