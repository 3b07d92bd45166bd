"""A scan is taken back; a bin holds less than the books say for several orders at once; a piece names its order."""

import pytest

from entrepot.inventory.models import BinMove
from entrepot.orders import services as orders
from entrepot.warehouse.models import PickLine, PickList
from entrepot.warehouse.services import packing, picking, waves
from entrepot.warehouse.services.release import follow
from entrepot.warehouse.services.unpick import Missing, report_missing, unpick
from entrepot.warehouse.services.walking import Step, walk_on
from entrepot.warehouse.work_errors import (
    ListClosed,
    NotToBePacked,
    PickedWhole,
    PickListNotFound,
    TooManyPicked,
    TooManyTakenBack,
    WorkClosed,
    WorkRecalled,
    WrongBin,
    WrongItem,
    WrongTote,
)
from tests.books import MINA, make_seller, status
from tests.floor import Floor, assert_bins_add_up, make_floor, work, work_lines


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def first_line(wave) -> PickLine:
    return PickLine.objects.filter(pick_list__wave=wave).order_by("position")[0]


def on_a_cart(floor: Floor, *orders):
    waves.add_totes(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, count=len(orders), actor=MINA)
    return floor.wave("cart", work_ids=[work(order).pk for order in orders])


def test_a_scan_taken_back_lies_in_its_bin_and_is_to_be_picked_again(floor: Floor):
    order = floor.order("1", ("RED", 2), ("GREEN", 1))
    wave = on_a_cart(floor, order)
    floor.pick(wave, "A-1", "RED", 2)

    (line,) = unpick(seller_id=floor.seller_id, lines={first_line(wave).pk: 1}, actor=MINA)

    assert (line.picked, floor.lying()["A-1"]) == (1, {"RED": 4})
    assert work_lines(order) == [("RED", 2, 1, 0, 0), ("GREEN", 1, 0, 0, 0)]
    assert BinMove.objects.latest("pk").kind == "put_away"
    assert_bins_add_up([floor.seller_id])


def test_no_more_is_taken_back_than_was_picked_and_nothing_of_a_whole_order(floor: Floor):
    order = floor.order("1", ("RED", 2), ("GREEN", 1))
    wave = floor.wave("zone", work_ids=[work(order).pk])  # RED lies in another zone than GREEN
    line = PickLine.objects.get(pick_list__wave=wave, item__sku="RED")
    words = {"seller_id": floor.seller_id, "lines": {line.pk: 1}, "actor": MINA}
    with pytest.raises(TooManyTakenBack):
        unpick(**words)
    floor.pick(wave, "A-1", "RED", 2)  # its zone's list is done with it
    with pytest.raises(ListClosed):
        unpick(**words)
    with pytest.raises(PickListNotFound):
        unpick(**{**words, "seller_id": make_seller("Busan Boots").pk})
    whole = floor.picked("2", ("BLUE", 1))
    done = PickLine.objects.get(work_line__work=work(whole))
    with pytest.raises(PickedWhole):
        unpick(**{**words, "lines": {done.pk: 1}})
    assert (floor.lying()["A-1"], status(whole)) == ({"RED": 3}, "ready_to_ship")


def open_lines_of(floor: Floor, wave):
    return picking.open_lines(seller_id=floor.seller_id, pick_list_id=PickList.objects.get(wave=wave).pk)


def test_of_several_orders_the_last_on_the_walk_lacks_first(floor: Floor):
    one, two, three = (floor.order(str(n), ("BLUE", 1), minute=n) for n in (1, 2, 3))
    wave = floor.wave()
    ids = list(PickLine.objects.filter(pick_list__wave=wave).values_list("pk", flat=True))

    told = report_missing(seller_id=floor.seller_id, pick_line_ids=ids, quantity=2, actor=MINA)

    assert told == [Missing("#3", 1, True), Missing("#2", 1, True)]  # five lay there by the books: three are left
    assert (status(one), status(two), status(three)) == ("rfp", "rfp", "rfp")
    floor.pick(wave, "A-2", "BLUE", 3)
    assert {status(order) for order in (one, two, three)} == {"ready_to_ship"}


def test_who_finds_nothing_waits_as_partial_and_the_others_go_on(floor: Floor):
    one, two = (floor.order(str(n), ("BLUE", 2), minute=n) for n in (1, 2))
    wave = floor.wave()
    ids = list(PickLine.objects.filter(pick_list__wave=wave).values_list("pk", flat=True))

    told = report_missing(seller_id=floor.seller_id, pick_line_ids=ids, quantity=2, actor=MINA)

    assert told == [Missing("#2", 2, False)]
    assert (status(one), status(two)) == ("rfp", "partial")
    assert [one.work_line.work.number for one in open_lines_of(floor, wave)] == ["#1"]
    floor.pick(wave, "A-2", "BLUE", 2)
    assert status(one) == "ready_to_ship"
    assert PickList.objects.get(wave=wave).state == "done"
    assert_bins_add_up([floor.seller_id])


def test_more_than_is_wanted_cannot_be_missing_and_nothing_changes(floor: Floor):
    order = floor.order("1", ("BLUE", 2))
    wave = floor.wave()
    ids = [first_line(wave).pk]
    for quantity in (0, 3):
        with pytest.raises(TooManyPicked):
            report_missing(seller_id=floor.seller_id, pick_line_ids=ids, quantity=quantity, actor=MINA)
    for bad in ([], [0], [*ids, 0]):
        with pytest.raises(PickListNotFound):
            report_missing(seller_id=floor.seller_id, pick_line_ids=bad, actor=MINA)
    assert (status(order), work_lines(order)) == ("rfp", [("BLUE", 2, 0, 0, 0)])


def test_a_piece_on_the_packing_table_names_the_smallest_order_that_wants_it(floor: Floor):
    large = floor.picked("1", ("RED", 2), ("GREEN", 1))
    small = floor.picked("2", ("RED", 1))
    words = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id}

    assert packing.find_work_of_item(scanned="red", **words) == work(small)
    packing.scan_item(seller_id=floor.seller_id, work_id=work(small).pk, item_code="RED", actor=MINA)
    assert packing.find_work_of_item(scanned="RED", **words) == work(large)
    for strange in ("BLUE", "", "8801234567893"):
        with pytest.raises(NotToBePacked):
            packing.find_work_of_item(scanned=strange, **words)


def test_a_single_piece_scanned_at_the_table_opens_its_order_with_the_piece_in_it(floor: Floor):
    order = floor.picked("1", ("RED", 2))
    words = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id, "actor": MINA}

    assert packing.to_the_table(scanned="#1", **words) == work(order)
    assert work_lines(order) == [("RED", 2, 2, 0, 0)]
    assert packing.to_the_table(scanned="RED", **words) == work(order)
    assert work_lines(order) == [("RED", 2, 2, 0, 1)]


def test_an_order_that_turned_back_or_is_not_picked_is_named_at_the_table(floor: Floor):
    gone = floor.order("1", ("RED", 2))
    wave = floor.wave()
    words = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id, "scanned": "#1", "actor": MINA}
    floor.pick(wave, "A-1", "RED", 1)
    with pytest.raises(WorkClosed):
        packing.to_the_table(**words)
    orders.cancel_by_buyer(seller_id=floor.seller_id, order_id=gone.pk, actor=MINA)
    follow(seller_id=floor.seller_id, order_id=gone.pk, actor=MINA)
    with pytest.raises(WorkRecalled) as refusal:
        packing.to_the_table(**words)
    assert refusal.value.fields == {"number": "#1", "status": "Canceled", "work_id": work(gone).pk}


def walker(floor: Floor, wave):
    place = {"seller_id": floor.seller_id, "pick_list_id": PickList.objects.get(wave=wave).pk, "actor": MINA}
    return lambda code, **words: walk_on(scanned=code, **words, **place)


def test_a_walk_by_scan_is_bin_item_item(floor: Floor):
    order = floor.order("1", ("RED", 2))
    scan = walker(floor, floor.wave())

    with pytest.raises(WrongBin) as refusal:
        scan("RED")
    assert refusal.value.fields == {"scanned": "RED", "bin": "A-1"}
    with pytest.raises(WrongBin):
        scan("A-2")
    assert scan("a-1") == Step(at_bin="A-1")
    with pytest.raises(WrongItem) as refusal:
        scan("BLUE", at_bin="A-1")
    assert refusal.value.fields == {"scanned": "BLUE", "item": "RED"}
    with pytest.raises(TooManyPicked):
        scan("RED", at_bin="A-1", quantity=3)
    one = scan("RED", at_bin="A-1")
    assert (one.at_bin, one.scan.quantity, one.scan.next.item.sku) == ("A-1", 1, "RED")
    two = scan("RED", at_bin="A-1")
    assert (two.at_bin, two.scan.next, status(order)) == ("", None, "ready_to_ship")
    with pytest.raises(ListClosed):
        scan("RED")


def test_on_a_cart_the_tote_takes_all_that_it_wants(floor: Floor):
    one, two = floor.order("1", ("RED", 2)), floor.order("2", ("RED", 1), minute=1)
    scan = walker(floor, on_a_cart(floor, one, two))

    assert scan("RED", at_bin="A-1") == Step(at_bin="A-1", in_hand="RED")
    with pytest.raises(WrongTote):
        scan("T-009", at_bin="A-1", in_hand="RED")
    assert (status(one), status(two)) == ("rfp", "rfp")
    second = scan("T-002", at_bin="A-1", in_hand="RED")
    assert (second.scan.quantity, second.at_bin, status(two)) == (1, "A-1", "ready_to_ship")
    first = scan("T-001", at_bin="A-1", in_hand="RED")
    assert (first.scan.quantity, first.at_bin, status(one)) == (2, "", "ready_to_ship")
