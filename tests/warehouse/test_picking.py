"""Released, divided into waves, picked by scan: Ready to Ship by itself. What is wrong is named, what lacks is said."""

import pytest

from entrepot.catalog.models import Item
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Reservation, Stock
from entrepot.orders import services as orders
from entrepot.orders.errors import OrderNotFound
from entrepot.orders.models import Order
from entrepot.warehouse.models import PickLine, PickList, Wave, WorkOrder
from entrepot.warehouse.services import picking, release, waves
from entrepot.warehouse.work_errors import (
    ListClosed,
    NoFreeTote,
    NothingToPick,
    PickListNotFound,
    TooManyPicked,
    WaveNotFound,
    WorkRecalled,
    WrongBin,
    WrongItem,
    WrongTote,
)
from tests.books import MINA, assert_books_add_up, draft, held, line, make_kit, place_one, status, story
from tests.floor import Floor, assert_bins_add_up, make_floor, walk, work, work_lines


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def short(floor: Floor, order: Order, **words: object) -> bool:
    """Say that the first open pick line of an order is short."""
    lines = PickLine.objects.filter(work_line__work__order=order).order_by("position")
    first = next(one for one in lines if one.quantity > one.picked + one.short)
    return picking.report_short(seller_id=floor.seller_id, pick_line_id=first.pk, actor=MINA, **words)


def state(thing: Wave | PickList | WorkOrder) -> str:
    return type(thing).objects.get(pk=thing.pk).state


def test_a_released_order_is_work_of_its_warehouse(floor):
    order = floor.order("7", ("RED", 2), ("BLUE", 1))

    made = work(order)
    assert (made.state, made.number, made.warehouse_id) == ("released", "#7", floor.warehouse_id)
    assert made.ship_to == {"name": "김서연", "city": "서울", "postcode": "03172"}
    assert work_lines(order) == [("RED", 2, 0, 0, 0), ("BLUE", 1, 0, 0, 0)]
    assert status(order) == "rfp"


def test_following_an_order_again_makes_no_second_work(floor):
    order = floor.order("7", ("RED", 2))

    release.follow(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)

    assert WorkOrder.objects.count() == 1
    assert release.follow_all(actor=MINA) == {}


def test_the_tick_finds_an_order_that_was_released_at_the_desk(floor):
    order = place_one(floor.channel, draft("7", line(floor.items["RED"], 2)))
    orders.release_to_warehouse(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)

    assert release.follow_all(actor=MINA) == {floor.seller_id: 1}
    assert work(order).state == "released"


def test_where_people_at_the_desk_pick_nothing_is_released(floor):
    inventory.set_mode(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, mode="oms_only", actor=MINA)

    floor.order("7", ("RED", 2))

    assert not WorkOrder.objects.exists()


def test_orders_of_another_seller_are_neither_released_nor_picked(floor):
    other = make_floor("Busan Hats")
    order = floor.order("7", ("RED", 2))
    wave = floor.wave()

    with pytest.raises(OrderNotFound):
        release.follow(seller_id=other.seller_id, order_id=order.pk, actor=MINA)
    with pytest.raises(NothingToPick):
        other.wave(work_ids=[work(order).pk])
    with pytest.raises(PickListNotFound):
        picking.open_lines(seller_id=other.seller_id, pick_list_id=PickList.objects.get().pk)
    with pytest.raises(PickListNotFound):
        short(Floor(other.channel, floor.warehouse_id, {}), order)
    with pytest.raises(WaveNotFound):
        waves.cancel_wave(seller_id=other.seller_id, wave_id=wave.pk, actor=MINA)
    assert work_lines(order) == [("RED", 2, 0, 0, 0)]


def test_a_kit_is_picked_as_its_parts(floor):
    kit = make_kit(floor.channel.seller, "PAIR", {floor.items["RED"]: 2, floor.items["BLUE"]: 1})
    order = place_one(floor.channel, draft("7", line(kit, 2, sku="PAIR")))
    release.release(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)
    wave = floor.wave("zone")

    assert work_lines(order) == [("BLUE", 2, 0, 0, 0), ("RED", 4, 0, 0, 0)]
    floor.pick_all(wave)

    assert status(order) == "ready_to_ship"
    assert list(order.shipments.get().lines.values_list("quantity", flat=True)) == [2]


def test_a_batch_of_single_lines_takes_no_order_of_two_lines_and_walks_by_path(floor):
    floor.order("1", ("RED", 4))
    floor.order("2", ("BLUE", 1))
    floor.order("3", ("RED", 3))
    two = floor.order("4", ("RED", 1), ("GREEN", 1))

    wave = floor.wave("single")

    assert walk(wave) == [("A-1", "RED", 4), ("A-1", "RED", 1), ("A-2", "BLUE", 1), ("A-10", "RED", 2)]
    assert (wave.number, PickList.objects.get().number) == ("W-000001", "P-000001")
    assert state(work(two)) == "released"


def test_what_another_list_is_sent_for_is_not_promised_again(floor):
    floor.order("1", ("RED", 4))
    floor.wave("single")
    floor.order("2", ("RED", 3))

    assert walk(floor.wave("single")) == [("A-1", "RED", 1), ("A-10", "RED", 2)]


def test_what_has_no_bin_is_walked_to_last(floor):
    inventory.receive(seller_id=floor.seller_id, item_id=floor.items["BLUE"], quantity=2, actor=MINA)
    order = floor.order("1", ("BLUE", 7))
    wave = floor.wave("single")

    assert walk(wave) == [("A-2", "BLUE", 5), ("", "BLUE", 2)]
    floor.pick_all(wave)

    assert status(order) == "ready_to_ship"
    assert floor.lying()["STAGING"] == {"BLUE": 7}


def test_a_cart_has_a_tote_for_each_order_and_as_many_orders_as_totes(floor):
    waves.add_totes(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, count=2, actor=MINA)
    for number in ("1", "2", "3"):
        floor.order(number, ("RED", 1), ("BLUE", 1))

    wave = floor.wave("cart")

    rows = PickLine.objects.filter(pick_list__wave=wave).order_by("position")
    assert [(row.bin.code, row.tote.code, row.work_line.work.number) for row in rows] == [
        ("A-1", "T-001", "#1"),
        ("A-1", "T-002", "#2"),
        ("A-2", "T-001", "#1"),
        ("A-2", "T-002", "#2"),
    ]
    with pytest.raises(NoFreeTote):
        floor.wave("cart")


def test_a_scan_into_the_wrong_tote_is_refused_and_names_the_right_one(floor):
    waves.add_totes(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, count=2, actor=MINA)
    first, second = floor.order("1", ("RED", 1)), floor.order("2", ("RED", 1))
    wave = floor.wave("cart")

    with pytest.raises(WrongTote) as refusal:
        floor.pick(wave, "A-1", "RED", tote_code="T-009")
    scan = floor.pick(wave, "A-1", "RED", tote_code="T-002")

    assert refusal.value.fields == {"scanned": "T-009", "tote": "T-001"}
    assert (scan.totes, status(first), status(second)) == (["T-002"], "rfp", "ready_to_ship")


def test_a_wave_by_zone_has_a_list_for_each_zone_and_the_order_is_picked_with_the_last(floor):
    order = floor.order("1", ("RED", 1), ("GREEN", 2))
    wave = floor.wave("zone")
    first, second = PickList.objects.filter(wave=wave).order_by("pk")

    floor.pick(wave, "A-1", "RED")
    assert (state(first), state(second), state(wave), status(order)) == ("done", "open", "picking", "rfp")
    picking.pick(
        seller_id=floor.seller_id,
        pick_list_id=second.pk,
        bin_code="B-1",
        item_code="GREEN",
        quantity=2,
        actor=MINA,
    )

    assert (state(second), state(wave), status(order)) == ("done", "done", "ready_to_ship")


def test_no_wave_without_work(floor):
    with pytest.raises(NothingToPick):
        floor.wave()
    assert not Wave.objects.exists()


def test_picking_moves_goods_to_staging_and_makes_ready_to_ship_by_itself(floor):
    order = floor.order("7", ("RED", 2))
    wave = floor.wave()

    first = floor.pick(wave, " a-1 ", "red")
    assert (first.sku, first.quantity, first.next.quantity, first.next.picked) == ("RED", 1, 2, 1)
    assert (status(order), work_lines(order)) == ("rfp", [("RED", 2, 1, 0, 0)])
    last = floor.pick(wave, "A-1", "RED")

    assert (last.next, status(order), state(work(order))) == (None, "ready_to_ship", "picked")
    assert floor.lying() == {
        "A-1": {"RED": 3},
        "A-2": {"BLUE": 5},
        "A-10": {"RED": 5},
        "B-1": {"GREEN": 5},
        "STAGING": {"RED": 2},
    }
    assert held(order) == 2
    assert list(order.shipments.get().lines.values_list("quantity", flat=True)) == [2]
    assert [step[0] for step in story(order)] == [
        "order.placed",
        "order.release",
        "work.released",
        "work.start",
        "work.pick",
        "order.pack",
        "parcel.packed",
    ]
    assert_bins_add_up([floor.seller_id])
    assert_books_add_up([floor.seller_id])


def test_a_barcode_is_as_good_as_a_sku(floor):
    Item.objects.filter(pk=floor.items["RED"]).update(barcode="8801234567893")
    order = floor.order("7", ("RED", 1))

    floor.pick(floor.wave(), "A-1", "8801234567893")

    assert status(order) == "ready_to_ship"


@pytest.mark.parametrize(
    ("scan", "refusal", "named"),
    [
        (("A-2", "RED", 1), WrongBin, {"scanned": "A-2", "bin": "A-1"}),
        (("", "RED", 1), WrongBin, {"scanned": "–", "bin": "A-1"}),
        (("A-1", "BLUE", 1), WrongItem, {"scanned": "BLUE", "item": "RED"}),
        (("A-1", "", 1), WrongItem, {"scanned": "", "item": "RED"}),
        (("A-1", "RED", 3), TooManyPicked, {"quantity": 3, "left": 2, "item": "RED"}),
        (("A-1", "RED", 0), TooManyPicked, {"quantity": 0, "left": 2, "item": "RED"}),
        (("A-1", "RED", -1), TooManyPicked, {"quantity": -1, "left": 2, "item": "RED"}),
    ],
)
def test_a_wrong_scan_is_refused_names_what_is_right_and_changes_nothing(floor, scan, refusal, named):
    order = floor.order("7", ("RED", 2))
    wave = floor.wave()
    before = floor.lying()

    with pytest.raises(refusal) as refused:
        floor.pick(wave, *scan)

    assert refused.value.fields == named
    assert (work_lines(order), floor.lying(), state(wave)) == ([("RED", 2, 0, 0, 0)], before, "open")


def test_a_list_that_is_done_takes_no_scan(floor):
    floor.order("7", ("RED", 1))
    wave = floor.wave()
    floor.pick(wave, "A-1", "RED")

    with pytest.raises(ListClosed):
        floor.pick(wave, "A-1", "RED")


def test_a_batch_scan_of_many_serves_several_orders(floor):
    first, second = floor.order("1", ("RED", 2)), floor.order("2", ("RED", 2))

    scan = floor.pick(floor.wave(), "A-1", "RED", 3)

    assert (scan.quantity, status(first), status(second)) == (3, "ready_to_ship", "rfp")
    assert work_lines(second) == [("RED", 2, 1, 0, 0)]


def test_an_empty_bin_sends_the_picker_to_the_next_one(floor):
    order = floor.order("7", ("RED", 2))
    wave = floor.wave()
    floor.pick(wave, "A-1", "RED")

    assert short(floor, order) is True

    assert (status(order), state(wave)) == ("rfp", "picking")
    assert walk(wave) == [("A-1", "RED", 2), ("A-1", "RED", 1)]
    assert Stock.objects.get(item=floor.items["RED"]).on_hand == 9
    assert work_lines(order) == [("RED", 3, 1, 1, 0)]
    assert_bins_add_up([floor.seller_id])


def test_a_short_pick_takes_what_is_missing_off_the_books_and_the_order_waits(floor):
    order, other = floor.order("7", ("BLUE", 3), ("RED", 1)), floor.order("8", ("BLUE", 2))
    wave = floor.wave("zone")
    floor.pick(wave, "A-1", "RED")

    assert short(floor, order, quantity=2) is False

    assert (status(order), state(work(order))) == ("partial", "recalled")
    assert Stock.objects.get(item=floor.items["BLUE"]).on_hand == 3
    assert (held(order), held(other)) == (2, 2)
    assert work_lines(order) == [("BLUE", 3, 0, 2, 0), ("RED", 1, 1, 0, 0)]
    assert status(other) == "rfp"
    assert walk(wave) == [("A-1", "RED", 1), ("A-2", "BLUE", 2), ("A-2", "BLUE", 2)]
    assert_bins_add_up([floor.seller_id])
    assert_books_add_up([floor.seller_id])


def test_others_of_the_wave_go_on_after_a_short_pick(floor):
    order, other = floor.order("7", ("BLUE", 3)), floor.order("8", ("BLUE", 2))
    wave = floor.wave()

    short(floor, order, quantity=3)
    floor.pick(wave, "A-2", "BLUE", 2)

    assert (status(order), status(other), state(wave)) == ("partial", "ready_to_ship", "done")


def test_when_stock_comes_the_short_order_is_new_and_released_again_from_the_start(floor):
    order = floor.order("7", ("BLUE", 5))
    floor.wave()
    short(floor, order, quantity=2)
    orders.receive_stock(seller_id=floor.seller_id, item_id=floor.items["BLUE"], quantity=2, actor=MINA)
    orders.fill_waiting(seller_id=floor.seller_id, item_ids=None, actor=MINA)

    assert status(order) == "new"
    release.release(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)

    assert work_lines(order) == [("BLUE", 5, 0, 0, 0)]
    assert list(WorkOrder.objects.order_by("pk").values_list("state", flat=True)) == ["recalled", "released"]


def test_more_cannot_be_short_than_is_left(floor):
    order = floor.order("7", ("BLUE", 3))
    floor.wave()

    with pytest.raises(TooManyPicked):
        short(floor, order, quantity=4)

    assert (status(order), held(order)) == ("rfp", 3)
    assert Stock.objects.get(item=floor.items["BLUE"]).on_hand == 5


def test_a_short_pick_is_covered_by_another_warehouse_which_then_has_its_own_work(floor):
    second = inventory.add_warehouse(seller_id=floor.seller_id, code="EAST", name="East", actor=MINA).pk
    inventory.set_mode(seller_id=floor.seller_id, warehouse_id=second, mode="wms", actor=MINA)
    inventory.receive(
        seller_id=floor.seller_id, item_id=floor.items["BLUE"], quantity=4, actor=MINA, warehouse_id=second
    )
    order = floor.order("7", ("BLUE", 5))
    wave = floor.wave()
    floor.pick(wave, "A-2", "BLUE", 3)

    assert short(floor, order) is True

    rows = WorkOrder.objects.order_by("pk").values_list("warehouse_id", "state")
    assert list(rows) == [(floor.warehouse_id, "picked"), (second, "released")]
    assert status(order) == "rfp"
    floor.pick_all(waves.make_wave(seller_id=floor.seller_id, warehouse_id=second, kind="single", actor=MINA))
    assert status(order) == "ready_to_ship"
    assert list(order.shipments.order_by("pk").values_list("lines__quantity", flat=True)) == [3, 2]
    assert_bins_add_up([floor.seller_id])


def test_a_cancelled_wave_releases_what_nobody_began(floor):
    begun, left = floor.order("1", ("RED", 2)), floor.order("2", ("BLUE", 1))
    wave = floor.wave()
    floor.pick(wave, "A-1", "RED")

    waves.cancel_wave(seller_id=floor.seller_id, wave_id=wave.pk, actor=MINA)

    assert (state(work(begun)), state(work(left)), state(wave)) == ("picking", "released", "picking")
    floor.pick(wave, "A-1", "RED")
    assert (status(begun), state(wave)) == ("ready_to_ship", "done")
    assert walk(floor.wave()) == [("A-2", "BLUE", 1)]


def test_an_order_that_holds_less_than_its_list_says_is_not_picked(floor):
    order = floor.order("7", ("RED", 2))
    wave = floor.wave()
    Reservation.objects.filter(item=floor.items["RED"]).update(quantity=1)

    with pytest.raises(WorkRecalled):
        floor.pick(wave, "A-1", "RED", 2)

    assert work_lines(order) == [("RED", 2, 0, 0, 0)]
