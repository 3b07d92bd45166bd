"""What we decide about an order reaches the shop once; what the shop decides meanwhile is respected."""

import pytest

from entrepot.channels.errors import StoreStateForbids
from entrepot.channels.models import StatusDebt, Store
from entrepot.channels.services import claims
from entrepot.channels.services.lifecycle import back_to_shadow
from entrepot.channels.services.statuses import cancel_in_store, owes_statuses, push_statuses, set_meaning
from entrepot.connectors.opencart.simulator import Item
from entrepot.connectors.opencart.simulator.rows import OrderStatus
from entrepot.fulfilment import services as fulfilment
from entrepot.kernel.errors import ChannelError, NotFound
from entrepot.orders import services as orders
from entrepot.orders.errors import MoveNotPossible
from entrepot.orders.models import OrderEvent
from tests.roads.rig import CANCELED, COMPLETE, MINA, PROCESSING, SHIPPED, Place, Road, small_shop

PROCESSED = 15


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5))


def tell(place: Place) -> None:
    push_statuses(Store.objects.get(pk=place.store.pk))


def history(place: Place, order_id: int) -> list[int]:
    return [int(row["order_status_id"]) for row in place.shop.history_of(order_id)]


def bought(place: Place, pieces: int = 2) -> int:
    order_id = place.shop.place_order([Item(1, pieces)])
    place.pull()
    return order_id


def test_a_cancellation_by_the_seller_is_in_process_until_the_shop_knows_it(road: Road, place: Place) -> None:
    order_id = bought(place)

    order = cancel_in_store(
        seller_id=road.seller.pk, order_id=place.order(order_id).pk, actor=MINA, reason="Out of stock"
    )
    assert order.status == "seller_cancel_in_process"
    assert road.reserved("RED") == 2
    assert owes_statuses(store_id=place.store.pk)

    tell(place)
    place.pull()
    place.push()

    assert place.order(order_id).status == "seller_canceled"
    assert history(place, order_id)[-1] == CANCELED
    assert place.shop.history_of(order_id)[-1]["comment"] == "Out of stock"
    assert (road.reserved("RED"), place.shows(1)) == (0, 5)
    assert not owes_statuses(store_id=place.store.pk)
    assert place.problems() == []


def test_a_cancellation_whose_answer_was_lost_is_told_once(road: Road, place: Place) -> None:
    order_id = bought(place)
    cancel_in_store(seller_id=road.seller.pk, order_id=place.order(order_id).pk, actor=MINA)
    place.server.faults.add("lost", resource="order_history")
    with pytest.raises(ChannelError):
        tell(place)

    tell(place)

    assert history(place, order_id).count(CANCELED) == 1
    assert place.order(order_id).status == "seller_canceled"
    assert OrderEvent.objects.filter(kind="order.confirm_seller_cancel").count() == 1


def test_an_order_the_shop_dies_of_holds_up_no_cancellation_behind_it(road: Road, place: Place) -> None:
    sick, well = bought(place), bought(place)
    for order_id in (sick, well):
        cancel_in_store(seller_id=road.seller.pk, order_id=place.order(order_id).pk, actor=MINA)
    place.shop.dies_at = {sick}

    report = push_statuses(Store.objects.get(pk=place.store.pk))

    assert (report.told, report.refused) == (1, 1)
    assert place.order(well).status == "seller_canceled"
    assert place.order(sick).status == "seller_cancel_in_process"
    assert place.problems() == ["status_refused"]
    assert StatusDebt.objects.get(order=place.order(sick)).next_try_at is not None

    place.shop.dies_at = set()
    StatusDebt.objects.filter(sent_at=None).update(next_try_at=None)
    tell(place)
    assert place.order(sick).status == "seller_canceled"
    assert place.problems() == []


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_shop_that_fails_at_all_it_is_told_is_down_and_no_order_is_blamed(
    road: Road, place: Place, count: int
) -> None:
    ids = [bought(place, 1) for _ in range(count)]
    for order_id in ids:
        cancel_in_store(seller_id=road.seller.pk, order_id=place.order(order_id).pk, actor=MINA)
    place.shop.dies_at = set(ids)

    with pytest.raises(ChannelError):
        tell(place)

    assert place.problems() == []
    assert StatusDebt.objects.filter(sent_at=None, attempts=0).count() == count


def test_a_cancellation_pressed_twice_is_one_debt(road: Road, place: Place) -> None:
    order_id = bought(place)
    for _ in range(2):
        cancel_in_store(seller_id=road.seller.pk, order_id=place.order(order_id).pk, actor=MINA)
    assert StatusDebt.objects.count() == 1


def test_an_order_shipped_in_the_shop_meanwhile_is_not_canceled_over_it(road: Road, place: Place) -> None:
    order_id = bought(place)
    cancel_in_store(seller_id=road.seller.pk, order_id=place.order(order_id).pk, actor=MINA)
    place.shop.set_status(order_id, SHIPPED)

    tell(place)

    assert history(place, order_id)[-1] == SHIPPED
    assert place.order(order_id).status == "seller_cancel_in_process"
    assert place.problems() == ["status_refused"]
    debt = StatusDebt.objects.get()
    assert (debt.attempts, debt.sent_at) == (1, None)
    assert debt.next_try_at is not None


def test_a_store_in_shadow_cannot_be_canceled_in(road: Road, place: Place) -> None:
    order_id = bought(place)
    back_to_shadow(seller_id=road.seller.pk, store_id=place.store.pk, actor=MINA)

    with pytest.raises(StoreStateForbids):
        cancel_in_store(seller_id=road.seller.pk, order_id=place.order(order_id).pk, actor=MINA)

    assert place.order(order_id).status == "new"
    assert StatusDebt.objects.count() == 0


def test_a_parcel_handed_over_here_is_shipped_in_the_shop_and_comes_back_as_nothing_new(
    road: Road, place: Place
) -> None:
    order_id = bought(place)
    who = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    for verb in (orders.release_to_warehouse, orders.mark_ready, orders.hand_over):
        verb(**who)

    tell(place)
    tell(place)
    place.pull()

    assert history(place, order_id) == [1, SHIPPED]
    assert place.order(order_id).status == "in_transit"
    assert place.order(order_id).remote_status_id == str(SHIPPED)
    assert place.problems() == []


def test_an_order_packed_here_is_a_line_of_history_in_the_shop_and_moves_no_stock(road: Road, place: Place) -> None:
    order_id = bought(place)
    who = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    orders.mark_ready(**who)

    tell(place)
    tell(place)

    assert history(place, order_id) == [1, 1]
    assert place.shows(1) == 3


def test_a_tracking_number_is_told_beside_the_status_once_and_a_corrected_one_again(road: Road, place: Place) -> None:
    order_id = bought(place)
    who = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    parcel = fulfilment.pack(carrier_name="DHL", tracking_number="0012-X", **who)
    for _ in range(2):
        tell(place)
    fulfilment.hand_over(**who)
    tell(place)
    words = {"carrier": "", "carrier_name": "DHL", "tracking_number": "0012-Y", "actor": MINA}
    fulfilment.set_tracking(seller_id=road.seller.pk, shipment_id=parcel.pk, **words)
    tell(place)
    tell(place)

    assert [row["tracking_number"] for row in place.shop.tables.orders[order_id].shipments] == ["0012-X", "0012-Y"]
    assert {row["carrier"] for row in place.shop.tables.orders[order_id].shipments} == {"DHL"}
    assert place.order(order_id).status == "in_transit"
    assert history(place, order_id)[-1] == SHIPPED
    assert sorted(StatusDebt.objects.values_list("kind", flat=True)) == ["parcel", "parcel", "status", "status"]
    assert not owes_statuses(store_id=place.store.pk)


def test_a_number_corrected_before_it_was_told_is_the_only_one_told(road: Road, place: Place) -> None:
    order_id = bought(place)
    who = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    parcel = fulfilment.pack(carrier_name="DHL", tracking_number="1", **who)
    place.pull()
    words = {"carrier": "", "carrier_name": "DHL", "tracking_number": "2", "actor": MINA}
    fulfilment.set_tracking(seller_id=road.seller.pk, shipment_id=parcel.pk, **words)

    tell(place)

    assert [row["tracking_number"] for row in place.shop.tables.orders[order_id].shipments] == ["2"]
    assert not owes_statuses(store_id=place.store.pk)


def test_nobody_elses_order_can_be_canceled(road: Road, place: Place) -> None:
    order_id = bought(place)
    with pytest.raises(NotFound):
        cancel_in_store(seller_id=road.seller.pk + 1, order_id=place.order(order_id).pk, actor=MINA)
    assert place.order(order_id).status == "new"


# --------------------------------------------------------------------------- the shop's own statuses


def test_a_status_nobody_has_explained_holds_the_order_until_somebody_does(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.shop.tables.statuses.append(OrderStatus(order_status_id=99, names={1: "On its way to Mars"}))
    place.shop.set_status(order_id, 99)
    place.pull()

    assert (place.order(order_id).status, place.order(order_id).hold_code) == ("on_hold", "unmapped_status")
    assert place.problems() == ["unmapped_status"]
    assert road.reserved("RED") == 2

    set_meaning(seller_id=road.seller.pk, store_id=place.store.pk, remote_id="99", meaning="in_transit", actor=MINA)
    place.pull()

    assert place.order(order_id).status == "in_transit"
    assert place.problems() == []
    assert (road.on_hand("RED"), road.reserved("RED")) == (3, 0)


def test_orders_of_a_status_that_was_left_out_enter_when_it_is_let_in(road: Road, place: Place) -> None:
    set_meaning(seller_id=road.seller.pk, store_id=place.store.pk, remote_id="2", meaning="ignore", actor=MINA)
    order_id = place.shop.place_order([Item(1, 1)], status=PROCESSING)
    place.pull()
    assert road.reserved("RED") == 0

    set_meaning(seller_id=road.seller.pk, store_id=place.store.pk, remote_id="2", meaning="new", actor=MINA)
    place.pull()

    assert place.order(order_id).status == "new"
    assert road.reserved("RED") == 1


def test_a_cancel_that_comes_after_packing_stops_the_parcel_until_a_person_has_unpacked_it(
    road: Road, place: Place
) -> None:
    order_id = bought(place)
    who = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    fulfilment.pack(**who)
    place.shop.set_status(order_id, CANCELED)
    place.pull()

    order = place.order(order_id)
    assert (order.status, order.hold_code, order.held_from) == ("on_hold", "canceled_after_packing", "ready_to_ship")
    assert place.problems() == ["canceled_after_packing"]
    assert road.reserved("RED") == 2
    with pytest.raises(MoveNotPossible):
        fulfilment.hand_over(**who)

    assert claims.unpack_and_cancel(**who) == "canceled"
    place.pull()

    assert (road.on_hand("RED"), road.reserved("RED")) == (5, 0)
    assert place.problems() == []
    assert history(place, order_id) == [1, CANCELED]


def test_a_packed_order_that_the_shop_canceled_by_mistake_goes_on_when_it_is_put_back(road: Road, place: Place) -> None:
    order_id = bought(place)
    who = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    fulfilment.pack(**who)
    place.shop.set_status(order_id, CANCELED)
    place.pull()
    place.shop.set_status(order_id, PROCESSING)
    place.pull()

    assert place.order(order_id).status == "ready_to_ship"
    assert place.problems() == []
    assert road.reserved("RED") == 2


def test_an_edit_that_comes_after_packing_is_a_problem_and_changes_nothing(road: Road, place: Place) -> None:
    order_id = bought(place)
    who = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    orders.mark_ready(**who)
    place.shop.edit_order(order_id, [Item(1, 1)])
    place.pull()

    assert place.order(order_id).status == "ready_to_ship"
    assert place.order(order_id).lines.get().quantity == 2
    assert place.problems() == ["edited_too_late"]


def test_shipping_in_the_shop_what_is_not_in_stock_here_is_a_problem(road: Road) -> None:
    place = road.connect(small_shop(RED=1))
    first = bought_one(place)
    second = place.shop.place_order([Item(1, 1)], check=False)
    place.pull()
    place.shop.set_status(second, SHIPPED)
    place.pull()

    assert (place.order(first).status, place.order(second).status) == ("new", "partial")
    assert place.problems() == ["shipped_without_stock"]


def bought_one(place: Place) -> int:
    order_id = place.shop.place_order([Item(1, 1)])
    place.pull()
    return order_id


def test_an_order_complete_before_we_hear_of_it_has_left_the_shelf(road: Road, place: Place) -> None:
    order_id = place.shop.place_order([Item(1, 2)], status=COMPLETE)
    place.pull()
    place.push()

    assert place.order(order_id).status == "complete"
    assert (road.on_hand("RED"), road.reserved("RED"), place.shows(1)) == (3, 0, 3)


def test_a_shop_going_back_from_shipped_is_a_problem_and_moves_no_stock(road: Road, place: Place) -> None:
    order_id = bought(place)
    place.shop.set_status(order_id, SHIPPED)
    place.pull()
    place.shop.set_status(order_id, PROCESSING)
    place.pull()

    assert place.order(order_id).status == "in_transit"
    assert place.problems() == ["illegal_move"]
    assert road.on_hand("RED") == 3


def test_a_refused_status_is_not_told_after_a_later_one(road: Road, place: Place) -> None:
    order_id = bought(place)
    who = {"seller_id": road.seller.pk, "order_id": place.order(order_id).pk, "actor": MINA}
    store = Store.objects.get(pk=place.store.pk)
    Store.objects.filter(pk=store.pk).update(settings=store.settings | {"status_out": {"processed": "99"}})
    orders.release_to_warehouse(**who)
    orders.mark_ready(**who)
    tell(place)
    assert place.problems() == ["status_refused"]
    orders.hand_over(**who)
    tell(place)
    Store.objects.filter(pk=store.pk).update(settings=store.settings | {"status_out": {"processed": str(PROCESSED)}})
    StatusDebt.objects.update(next_try_at=None)

    tell(place)

    assert history(place, order_id) == [1, SHIPPED]
    assert not owes_statuses(store_id=place.store.pk)
    assert place.problems() == []
