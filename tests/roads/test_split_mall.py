"""An order that was split here, and a mall that keeps a state and a parcel for each line."""

import pytest

from entrepot.channels.errors import PartSharesLine
from entrepot.channels.models import StatusDebt
from entrepot.channels.services import claims
from entrepot.channels.services.cancel_parts import cancel_whole
from entrepot.channels.services.statuses import cancel_in_store
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.orders import services as orders
from entrepot.orders.models import Order, OrderEvent, OrderTotal
from tests.books import assert_books_add_up
from tests.roads.mall import CJ, Place, connect_mall, mall_with
from tests.roads.rig import MINA, Road


@pytest.fixture
def place(road: Road) -> Place:
    return connect_mall(road, mall_with(RED=9, BLUE=9))


def halved(place: Place, *wanted: tuple[str, int]) -> tuple[str, Order, Order]:
    """An order of which the second line (or one piece of its only one) is a part of its own."""
    order_id = place.buy(*(wanted or (("RED", 2), ("BLUE", 1))))
    place.read(order_id)
    root = place.order(order_id)
    lines = list(root.lines.order_by("position"))
    going = {lines[1].pk: lines[1].quantity} if len(lines) > 1 else {lines[0].pk: 1}
    part = orders.split_order(seller_id=root.seller_id, order_id=root.pk, lines=going, actor=MINA)
    return order_id, root, part


def who(order: Order) -> dict[str, object]:
    return {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}


def packed(order: Order, number: str) -> Shipment:
    orders.release_to_warehouse(**who(order))
    return fulfilment.pack(carrier=CJ, carrier_name="CJ", tracking_number=number, **who(order))


def numbers(place: Place, order_id: str) -> list[str]:
    return [item.tracking_no or "" for item in place.mall.orders.find(order_id).items]


def stands(*members: Order) -> list[str]:
    return [Order.objects.get(pk=one.pk).status for one in members]


def goods(order: Order) -> list[tuple[str, int, int]]:
    return list(order.lines.order_by("position").values_list("item__sku", "quantity", "canceled"))


def won(*members: Order) -> int:
    return int(sum(row.amount for row in OrderTotal.objects.filter(order__in=members, code="total")))


def test_each_parts_parcel_is_told_for_its_own_lines(road: Road, place: Place) -> None:
    order_id, root, part = halved(place)

    packed(part, "601-2")
    place.tell()
    assert (place.states(order_id), numbers(place, order_id)) == (["N20", "N21"], ["", "601-2"])
    fulfilment.hand_over(**who(part))
    place.tell()
    assert place.states(order_id) == ["N20", "N30"]
    place.read(order_id)
    assert stands(root, part) == ["new", "in_transit"]

    packed(root, "601-1")
    fulfilment.hand_over(**who(root))
    place.tell()
    place.read(order_id)

    assert (place.states(order_id), numbers(place, order_id)) == (["N30", "N30"], ["601-1", "601-2"])
    assert stands(root, part) == ["in_transit", "in_transit"]
    assert [one.shipments.exclude(state="void").count() for one in (root, part)] == [1, 1]
    assert (place.problems(), road.on_hand("RED"), road.on_hand("BLUE")) == ([], 7, 8)


def test_delivered_in_the_mall_each_part_is_complete_by_its_own_lines(place: Place) -> None:
    order_id, root, part = halved(place)
    for one, number in ((root, "601-1"), (part, "601-2")):
        packed(one, number)
        fulfilment.hand_over(**who(one))
    place.tell()

    place.mall.deliver(order_id)
    place.read(order_id)

    assert (stands(root, part), place.problems()) == (["complete", "complete"], [])


def test_shipped_in_the_malls_admin_only_the_part_with_that_line_has_left(road: Road, place: Place) -> None:
    order_id, root, part = halved(place)

    place.mall.ship_in_admin(order_id, items=[place.items(order_id)[1]])
    place.read(order_id)

    assert (stands(root, part), road.on_hand("RED"), road.on_hand("BLUE")) == (["new", "in_transit"], 9, 8)
    assert [one.shipments.count() for one in (root, part)] == [0, 1]


def test_a_line_cut_in_two_is_told_with_the_parcel_packed_last(road: Road, place: Place) -> None:
    order_id, root, part = halved(place, ("RED", 3))

    packed(part, "601-2")
    place.tell()
    assert (place.states(order_id), numbers(place, order_id)) == (["N20"], [""])
    assert [debt.error_code for debt in StatusDebt.objects.filter(sent_at=None)] == ["waits_for_part"]
    packed(root, "601-1")
    place.tell()
    assert (place.states(order_id), numbers(place, order_id)) == (["N21"], ["601-1"])

    fulfilment.hand_over(**who(root))
    place.tell()
    assert place.states(order_id) == ["N21"]
    fulfilment.hand_over(**who(part))
    place.tell()
    place.read(order_id)

    assert (place.states(order_id), numbers(place, order_id)) == (["N30"], ["601-1"])
    assert stands(root, part) == ["in_transit", "in_transit"]
    assert StatusDebt.objects.filter(sent_at=None).count() == 0
    assert [one.shipments.count() for one in (root, part)] == [1, 1]
    assert (place.problems(), road.on_hand("RED")) == ([], 6)


def test_a_parcel_with_another_line_beside_the_cut_one_is_told_for_that_line_at_once(place: Place) -> None:
    order_id = place.buy(("RED", 2), ("BLUE", 1))
    place.read(order_id)
    root = place.order(order_id)
    red, blue = root.lines.order_by("position")
    part = orders.split_order(seller_id=root.seller_id, order_id=root.pk, lines={red.pk: 1, blue.pk: 1}, actor=MINA)

    packed(part, "601-2")
    place.tell()
    assert (place.states(order_id), numbers(place, order_id)) == (["N20", "N21"], ["", "601-2"])
    packed(root, "601-1")
    place.tell()

    assert (place.states(order_id), numbers(place, order_id)) == (["N21", "N21"], ["601-1", "601-2"])


def test_a_part_that_is_over_lets_the_other_tell_the_line_they_shared(place: Place) -> None:
    order_id, root, part = halved(place, ("RED", 3))
    packed(part, "601-2")
    place.tell()
    assert place.states(order_id) == ["N20"]

    orders.cancel_by_buyer(**who(root))
    StatusDebt.objects.update(next_try_at=None)
    place.tell()

    assert (place.states(order_id), numbers(place, order_id)) == (["N21"], ["601-2"])


def test_one_part_is_canceled_in_the_mall_by_its_lines_and_the_other_goes_on(road: Road, place: Place) -> None:
    order_id, root, part = halved(place)

    cancel_in_store(reason="Out of stock", **who(part))
    place.tell()
    place.read(order_id)

    assert place.states(order_id) == ["N20", "C40"]
    assert (stands(root, part), road.reserved("RED"), road.reserved("BLUE")) == (["new", "seller_canceled"], 2, 0)
    place.read(order_id)
    place.mall.hold(order_id)
    place.read(order_id)
    assert stands(root, part) == ["on_hold", "seller_canceled"]
    assert [won(one) for one in (root, part)] == [22000, 1000]
    assert place.problems() == []


def test_a_part_that_shares_a_line_is_not_canceled_alone_but_all_parts_are(road: Road, place: Place) -> None:
    order_id, root, part = halved(place, ("RED", 3))

    with pytest.raises(PartSharesLine):
        cancel_in_store(**who(part))
    assert (stands(root, part), StatusDebt.objects.count()) == (["new", "new"], 0)
    cancel_whole(seller_id=road.seller.pk, order_id=root.pk, actor=MINA)
    place.tell()
    place.read(order_id)

    assert place.states(order_id) == ["C40"]
    assert (stands(root, part), road.reserved("RED")) == (["seller_canceled", "seller_canceled"], 0)
    assert place.problems() == []


def test_a_wish_to_cancel_stands_on_every_part_and_one_answer_settles_it(road: Road, place: Place) -> None:
    order_id, root, part = halved(place)
    packed(part, "601-2")
    place.tell()

    place.mall.request_cancel(order_id)
    place.read(order_id)
    part.refresh_from_db()
    assert (stands(root, part), part.hold_code) == (["cancel_in_process", "on_hold"], "cancel_after_packing")
    claims.refuse_cancel(reason="On its way", **who(root))
    place.tell()
    place.look()

    assert stands(root, part) == ["new", "ready_to_ship"]
    assert [one.claims.get().state for one in (root, part)] == ["refused", "refused"]
    assert StatusDebt.objects.filter(kind="claim").count() == 1
    assert (road.reserved("RED"), road.reserved("BLUE"), place.problems()) == (2, 1, [])


def test_a_line_canceled_in_the_mall_ends_the_part_that_has_it(road: Road, place: Place) -> None:
    order_id, root, part = halved(place)

    place.mall.request_cancel(order_id, [place.items(order_id)[1]])
    place.mall.accept_cancel(order_id, [place.items(order_id)[1]])
    place.read(order_id)

    assert (stands(root, part), road.reserved("RED"), road.reserved("BLUE")) == (["new", "canceled"], 2, 0)
    assert place.problems() == []


def test_some_pieces_of_a_cut_line_canceled_come_from_one_part_only(road: Road, place: Place) -> None:
    order_id, root, part = halved(place, ("RED", 3))
    packed(part, "601-2")

    place.mall.accept_cancel(order_id, [(place.items(order_id)[0], 1)])
    place.read(order_id)

    assert sum(line.canceled for line in root.lines.all()) == 1
    assert sum(line.quantity - line.canceled for line in root.lines.all()) == 1
    assert (goods(part), stands(part)) == ([("RED", 1, 0)], ["ready_to_ship"])
    assert_books_add_up([road.seller.pk])


def test_a_return_is_received_with_the_part_that_sent_it(road: Road, place: Place) -> None:
    order_id, root, part = halved(place)
    for one, number in ((root, "601-1"), (part, "601-2")):
        packed(one, number)
        fulfilment.hand_over(**who(one))
    place.tell()
    place.mall.deliver(order_id)
    place.read(order_id)

    place.mall.request_return(order_id, [(place.items(order_id)[1], 1)])
    place.read(order_id)
    assert stands(root, part) == ["complete", "return_in_process"]
    line = part.lines.get()
    claims.receive_return(lines={line.pk: (1, 0)}, **who(part))
    place.tell()

    assert (stands(root, part), road.on_hand("BLUE")) == (["complete", "returned"], 9)
    assert [debt.sent_at is not None for debt in StatusDebt.objects.filter(kind="claim")] == [True]


def test_read_again_nothing_moves_back_and_nothing_is_written(place: Place) -> None:
    order_id, root, part = halved(place, ("RED", 3))
    before = (goods(root), goods(part), won(root, part), OrderEvent.objects.count())

    place.mall.hold(order_id)
    place.mall.unhold(order_id)
    place.read(order_id)
    place.read(order_id)

    assert (goods(root), goods(part), won(root, part)) == before[:3]
    assert (OrderEvent.objects.count(), Order.objects.count()) == (before[3], 2)
