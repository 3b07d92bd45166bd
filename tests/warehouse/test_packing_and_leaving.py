"""The packing table, the manifest at the door, what comes back, and what turns back half way."""

import pytest

from entrepot.fulfilment import port
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Box, Shipment
from entrepot.fulfilment.port_errors import ShortInvalid, WeightInvalid
from entrepot.inventory import services as inventory
from entrepot.inventory.errors import BinNotFound
from entrepot.inventory.models import Stock
from entrepot.orders import services as orders
from entrepot.orders.errors import MoveNotPossible, OrderNotFound, ReturnInvalid, TooLateToCancel
from entrepot.orders.holds import CANCEL_AFTER_PACKING
from entrepot.orders.models import Order
from entrepot.warehouse.models import Manifest, ManifestLine, Pack, PickLine, Return, ReturnLine, Tote
from entrepot.warehouse.services import hand_over, packing, put_back, release, returns, waves
from entrepot.warehouse.services.returns import Graded
from entrepot.warehouse.work_errors import (
    GradeInvalid,
    ListClosed,
    ManifestEmpty,
    ManifestNotFound,
    NotAllPacked,
    NothingToPutBack,
    NotInOrder,
    OtherCarrier,
    ParcelNotPacked,
    ParcelOnManifest,
    ParcelStopped,
    ParcelUnknown,
    ReturnNotFound,
    WorkClosed,
    WorkNotFound,
    WorkRecalled,
)
from tests.books import MINA, SHOP, assert_books_add_up, figure, held, status, story
from tests.floor import Floor, assert_bins_add_up, make_floor, walk, work, work_lines


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def scan(floor: Floor, order: Order, code: str, quantity: int = 1) -> int:
    return packing.scan_item(
        seller_id=floor.seller_id, work_id=work(order).pk, item_code=code, quantity=quantity, actor=MINA
    )


def close(floor: Floor, order: Order, **words: object) -> Pack:
    return packing.close_parcel(seller_id=floor.seller_id, work_id=work(order).pk, actor=MINA, **words)


def manifest(floor: Floor, carrier: str = "") -> int:
    made = hand_over.open_manifest(
        seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, carrier=carrier, actor=MINA
    )
    return made.pk


def load(floor: Floor, manifest_id: int, number: str) -> ManifestLine:
    return hand_over.scan_parcel(seller_id=floor.seller_id, manifest_id=manifest_id, tracking_number=number, actor=MINA)


def leave(floor: Floor, manifest_id: int) -> hand_over.Gone:
    return hand_over.close_manifest(seller_id=floor.seller_id, manifest_id=manifest_id, actor=MINA)


def shelve(floor: Floor, order: Order, item: str, code: str, quantity: int = 1) -> int:
    return put_back.put_back(
        seller_id=floor.seller_id,
        work_id=work(order).pk,
        item_code=item,
        bin_code=code,
        quantity=quantity,
        actor=MINA,
    )


def ask_cancel(floor: Floor, order: Order) -> None:
    orders.ask_cancel(seller_id=floor.seller_id, order_id=order.pk, actor=SHOP)
    release.follow_all(actor=MINA)


# The packing table


def test_every_piece_is_scanned_and_the_parcel_has_box_and_weight(floor):
    Box.objects.create(seller_id=floor.seller_id, name="M", length_mm=300, width_mm=200, height_mm=100)
    order = floor.picked("7", ("RED", 2), ("BLUE", 1))

    assert scan(floor, order, "RED", 2) == 1
    with pytest.raises(NotAllPacked) as refusal:
        close(floor, order)
    assert scan(floor, order, "blue") == 0
    pack = close(floor, order, box="M", weight_grams=730)

    parcel = Shipment.objects.get()
    assert refusal.value.fields == {"number": "#7", "left": 1}
    assert (parcel.box.name, parcel.weight_grams, parcel.version) == ("M", 730, 1)
    assert (pack.shipment_id, pack.box, pack.weight_grams, pack.packed_by) == (parcel.pk, "M", 730, "Mina")
    assert (work(order).state, status(order)) == ("packed", "ready_to_ship")
    assert [step[0] for step in story(order)][-2:] == ["parcel.weighed", "work.pack"]


@pytest.mark.parametrize(("code", "quantity"), [("BLUE", 1), ("RED", 3), ("RED", 0), ("", 1)])
def test_what_does_not_belong_into_the_parcel_is_refused(floor, code, quantity):
    order = floor.picked("7", ("RED", 2))

    with pytest.raises(NotInOrder):
        scan(floor, order, code, quantity)

    assert work_lines(order) == [("RED", 2, 2, 0, 0)]


def test_a_parcel_of_no_weight_is_refused_and_stays_open(floor):
    order = floor.picked("7", ("RED", 1))
    scan(floor, order, "RED")

    with pytest.raises(WeightInvalid):
        close(floor, order, weight_grams=0)

    assert (work(order).state, Pack.objects.count()) == ("picked", 0)


def test_what_is_not_picked_is_not_packed_and_what_is_packed_not_packed_again(floor):
    unpicked, packed = floor.order("1", ("RED", 1)), floor.packed("2", ("BLUE", 1))

    for order in (unpicked, packed):
        with pytest.raises(WorkClosed):
            scan(floor, order, "RED")
        with pytest.raises(WorkClosed):
            close(floor, order)
    assert Pack.objects.count() == 1


def test_the_packer_finds_the_order_by_its_tote_or_number_and_the_tote_is_free_afterwards(floor):
    waves.add_totes(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, count=1, actor=MINA)
    order = floor.order("7", ("RED", 1))
    floor.pick_all(floor.wave("cart"))
    find = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id}

    assert packing.find_work(scanned="t-001", **find) == packing.find_work(scanned="#7", **find) == work(order)
    scan(floor, order, "RED")
    close(floor, order)

    assert Tote.objects.get().work_id is None
    with pytest.raises(WorkNotFound):
        packing.find_work(scanned="T-001", **find)


def test_a_parcel_unpacked_at_the_desk_lies_on_the_packing_table_again(floor):
    order = floor.packed("7", ("RED", 2))
    fulfilment.unpack(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)
    release.follow_all(actor=MINA)

    assert (status(order), work(order).state, work_lines(order)) == ("rfp", "picked", [("RED", 2, 2, 0, 0)])
    scan(floor, order, "RED", 2)
    close(floor, order)

    assert (status(order), work(order).state) == ("ready_to_ship", "packed")
    assert list(order.shipments.order_by("pk").values_list("state", flat=True)) == ["void", "packed"]


# The door


def test_parcels_scanned_at_the_door_are_gone_when_the_manifest_is_closed(floor):
    first = floor.packed("1", ("RED", 2), tracking="6011")
    second = floor.packed("2", ("BLUE", 1), tracking="6012")
    door = manifest(floor)
    load(floor, door, " 6011 ")
    load(floor, door, "6012")
    assert load(floor, door, "6012").pk == ManifestLine.objects.latest("pk").pk

    assert leave(floor, door) == hand_over.Gone(2, [])

    assert (status(first), status(second)) == ("in_transit", "in_transit")
    assert (work(first).state, Manifest.objects.get().state) == ("handed_over", "closed")
    assert set(Shipment.objects.values_list("state", flat=True)) == {"handed_over"}
    assert (figure(floor.items["RED"]), figure(floor.items["BLUE"])) == ((8, 0), (4, 0))
    assert "STAGING" not in floor.lying()
    assert_bins_add_up([floor.seller_id])
    assert_books_add_up([floor.seller_id])
    with pytest.raises(ListClosed):
        leave(floor, door)


def test_an_unknown_number_is_refused(floor):
    floor.packed("1", ("RED", 1), tracking="6011")
    door = manifest(floor)

    for number in ("6099", "", "   "):
        with pytest.raises(ParcelUnknown):
            load(floor, door, number)
    assert not ManifestLine.objects.exists()


def test_a_parcel_that_is_not_closed_or_is_on_another_manifest_is_refused(floor):
    picked = floor.picked("1", ("RED", 1))
    picked.shipments.update(tracking_number="6011")
    floor.packed("2", ("BLUE", 1), tracking="6012")
    first, second = manifest(floor), manifest(floor)
    load(floor, first, "6012")

    with pytest.raises(ParcelNotPacked):
        load(floor, first, "6011")
    with pytest.raises(ParcelOnManifest) as refusal:
        load(floor, second, "6012")
    assert refusal.value.fields["manifest"] == "M-000001"
    assert ManifestLine.objects.count() == 1


def test_a_manifest_of_one_carrier_takes_no_parcel_of_another(floor):
    order = floor.packed("1", ("RED", 1), tracking="6011")
    order.shipments.update(carrier="0006", carrier_name="CJ")

    with pytest.raises(OtherCarrier):
        load(floor, manifest(floor, "Hanjin"), "6011")
    assert load(floor, manifest(floor, "cj"), "6011").scanned == "6011"


def test_an_empty_manifest_is_not_closed_and_a_parcel_can_come_off_again(floor):
    order = floor.packed("1", ("RED", 1), tracking="6011")
    door = manifest(floor)
    line = load(floor, door, "6011")
    words = {"seller_id": floor.seller_id, "manifest_id": door, "shipment_id": line.shipment_id, "actor": MINA}

    assert hand_over.unscan_parcel(**words) is True
    assert hand_over.unscan_parcel(**words) is False
    with pytest.raises(ManifestEmpty):
        leave(floor, door)
    assert (status(order), Manifest.objects.get().state) == ("ready_to_ship", "open")


# Cancels, at every stage


def test_a_cancel_before_picking_makes_the_work_vanish(floor):
    order, other = floor.order("1", ("RED", 1)), floor.order("2", ("BLUE", 1))
    wave = floor.wave()

    ask_cancel(floor, order)

    assert (status(order), work(order).state) == ("cancel_in_process", "recalled")
    assert walk(wave) == [("A-2", "BLUE", 1)]
    assert put_back.to_put_back(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id) == []
    assert work(other).state == "picking"


def test_what_was_picked_of_a_cancelled_order_is_put_back_where_people_say(floor):
    order = floor.order("1", ("RED", 3))
    wave = floor.wave()
    floor.pick(wave, "A-1", "RED", 2)

    ask_cancel(floor, order)
    with pytest.raises(ListClosed):
        floor.pick(wave, "A-1", "RED")
    tasks = put_back.to_put_back(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id)
    assert [(one.item.sku, one.picked) for one in tasks] == [("RED", 2)]
    assert shelve(floor, order, "RED", "A-1") == 1
    assert shelve(floor, order, "RED", "a-10") == 0

    assert floor.lying() == {"A-1": {"RED": 4}, "A-2": {"BLUE": 5}, "A-10": {"RED": 6}, "B-1": {"GREEN": 5}}
    with pytest.raises(NothingToPutBack):
        shelve(floor, order, "RED", "A-1")
    assert_bins_add_up([floor.seller_id])


def test_nothing_is_put_back_that_was_not_recalled_nor_into_a_bin_that_is_not_there(floor):
    living, gone = floor.picked("1", ("RED", 1)), floor.order("2", ("RED", 2))
    floor.pick(floor.wave(), "A-1", "RED")
    ask_cancel(floor, gone)

    with pytest.raises(NothingToPutBack):
        shelve(floor, living, "RED", "A-1")
    with pytest.raises(NothingToPutBack):
        shelve(floor, gone, "RED", "A-1", 2)
    with pytest.raises(BinNotFound):
        shelve(floor, gone, "RED", "Z-9")
    assert floor.lying()["STAGING"] == {"RED": 2}


def test_between_the_cancel_and_the_tick_no_scan_goes_on_with_the_order(floor):
    order = floor.order("1", ("RED", 3))
    wave = floor.wave()
    floor.pick(wave, "A-1", "RED")
    orders.ask_cancel(seller_id=floor.seller_id, order_id=order.pk, actor=SHOP)

    with pytest.raises(WorkRecalled) as refusal:
        floor.pick(wave, "A-1", "RED")

    assert refusal.value.fields["number"] == "#1"
    assert work_lines(order) == [("RED", 3, 1, 0, 0)]


def test_a_picked_order_cannot_be_cancelled_but_is_stopped_and_does_not_leave(floor):
    order = floor.packed("1", ("RED", 1), tracking="6011")
    with pytest.raises(TooLateToCancel):
        orders.ask_cancel(seller_id=floor.seller_id, order_id=order.pk, actor=SHOP)
    orders.stop(seller_id=floor.seller_id, order_id=order.pk, code=CANCEL_AFTER_PACKING, actor=SHOP)

    with pytest.raises(ParcelStopped):
        load(floor, manifest(floor), "6011")
    assert release.follow_all(actor=MINA) == {}
    assert work(order).state == "packed"


def test_a_stop_after_the_scan_takes_the_parcel_off_the_manifest_and_the_others_leave(floor):
    stopped = floor.packed("1", ("RED", 1), tracking="6011")
    other = floor.packed("2", ("BLUE", 1), tracking="6012")
    door = manifest(floor)
    load(floor, door, "6011")
    load(floor, door, "6012")
    orders.stop(seller_id=floor.seller_id, order_id=stopped.pk, code=CANCEL_AFTER_PACKING, actor=SHOP)

    assert leave(floor, door) == hand_over.Gone(1, [("#1", "on_hold")])

    assert (status(stopped), status(other)) == ("on_hold", "in_transit")
    assert [line.scanned for line in ManifestLine.objects.all()] == ["6012"]
    assert figure(floor.items["RED"]) == (10, 1)


def test_a_stopped_order_whose_cancel_is_accepted_is_unpacked_and_put_back(floor):
    order = floor.packed("1", ("RED", 1))
    orders.stop(seller_id=floor.seller_id, order_id=order.pk, code=CANCEL_AFTER_PACKING, actor=SHOP)
    fulfilment.unpack(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)
    release.follow_all(actor=MINA)

    assert (status(order), work(order).state, work_lines(order)) == (
        "cancel_in_process",
        "recalled",
        [("RED", 1, 1, 0, 0)],
    )
    assert shelve(floor, order, "RED", "A-1") == 0


def test_what_was_handed_over_is_not_cancelled(floor):
    order = floor.packed("1", ("RED", 1), tracking="6011")
    door = manifest(floor)
    load(floor, door, "6011")
    leave(floor, door)

    with pytest.raises(TooLateToCancel):
        orders.ask_cancel(seller_id=floor.seller_id, order_id=order.pk, actor=SHOP)
    assert (status(order), work(order).state) == ("in_transit", "handed_over")


def test_an_order_that_its_store_says_has_left_ends_the_work(floor):
    packed, begun = floor.packed("1", ("RED", 1)), floor.order("2", ("BLUE", 2))
    for order in (packed, begun):
        fulfilment.hand_over(seller_id=floor.seller_id, order_id=order.pk, actor=SHOP)

    assert release.follow_all(actor=MINA) == {floor.seller_id: 2}
    assert (work(packed).state, work(begun).state) == ("handed_over", "recalled")


# What comes back


def bring_back(floor: Floor, order: Order, **words: object) -> Return:
    return returns.expect_return(
        seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, order_id=order.pk, actor=MINA, **words
    )


def grade(floor: Floor, back: Return, *graded: Graded) -> Return:
    return returns.grade_return(seller_id=floor.seller_id, return_id=back.pk, graded=graded, actor=MINA)


@pytest.fixture
def sent(floor: Floor) -> Order:
    """An order of three red socks that its buyer has."""
    order = floor.packed("1", ("RED", 3), tracking="6011")
    door = manifest(floor)
    load(floor, door, "6011")
    leave(floor, door)
    return order


def test_good_pieces_are_restocked_in_their_bin_and_damaged_ones_scrapped(floor, sent):
    back = bring_back(floor, sent, tracking_number="7001")
    returns.receive_return(seller_id=floor.seller_id, return_id=back.pk, actor=MINA)
    line_id = sent.lines.get().pk

    done = grade(
        floor,
        back,
        Graded(line_id=line_id, grade="as_new", quantity=1, bin_code="a-1"),
        Graded(line_id=line_id, grade="opened", quantity=1),
        Graded(line_id=line_id, grade="damaged", quantity=1, note="torn"),
    )

    assert (done.number, done.state, status(sent)) == ("B-000001", "done", "returned")
    assert figure(floor.items["RED"]) == (9, 0)
    assert floor.lying()["A-1"] == {"RED": 3}
    assert list(ReturnLine.objects.order_by("pk").values_list("grade", "quantity", "restocked")) == [
        ("as_new", 1, True),
        ("opened", 1, True),
        ("damaged", 1, False),
    ]
    assert_bins_add_up([floor.seller_id])
    assert_books_add_up([floor.seller_id])
    with pytest.raises(ListClosed):
        grade(floor, back, Graded(line_id=line_id, grade="as_new", quantity=1))


def test_part_of_an_order_comes_back_into_the_warehouse_that_received_it(floor, sent):
    east = inventory.add_warehouse(seller_id=floor.seller_id, code="EAST", name="East", actor=MINA).pk
    back = returns.expect_return(
        seller_id=floor.seller_id, warehouse_id=east, order_id=sent.pk, received=True, actor=MINA
    )

    grade(floor, back, Graded(line_id=sent.lines.get().pk, grade="as_new", quantity=1))

    assert status(sent) == "complete"
    assert Stock.objects.get(item=floor.items["RED"], warehouse=east).on_hand == 1


def test_a_return_that_cannot_be_is_refused_and_nothing_is_restocked(floor, sent):
    back = bring_back(floor, sent, received=True)
    line_id = sent.lines.get().pk

    with pytest.raises(ReturnInvalid):
        grade(floor, back, Graded(line_id=line_id, grade="as_new", quantity=4))
    with pytest.raises(GradeInvalid):
        grade(floor, back, Graded(line_id=line_id, grade="splendid", quantity=1))
    with pytest.raises(BinNotFound):
        grade(floor, back, Graded(line_id=line_id, grade="as_new", quantity=1, bin_code="Z-9"))
    with pytest.raises(ListClosed):
        grade(floor, bring_back(floor, sent), Graded(line_id=line_id, grade="as_new", quantity=1))

    assert (figure(floor.items["RED"]), status(sent), ReturnLine.objects.count()) == ((7, 0), "in_transit", 0)


# The port


def test_the_port_gives_a_short_quantity_back_and_refuses_more_than_is_held(floor):
    order = floor.order("1", ("BLUE", 5))
    words = {"order_id": order.pk, "warehouse_id": floor.warehouse_id, "item_id": floor.items["BLUE"]}
    line_id = order.lines.get().pk

    def say(quantity: int, line: int = line_id) -> None:
        message = port.Short(line_id=line, quantity=quantity, bin_id=floor.bins["A-2"], **words)
        port.apply(seller_id=floor.seller_id, message=message, actor=MINA)

    for quantity, line in ((6, line_id), (0, line_id), (1, line_id + 1)):
        with pytest.raises(ShortInvalid):
            say(quantity, line)
    assert (status(order), held(order)) == ("rfp", 5)
    say(2)

    assert (status(order), held(order), figure(floor.items["BLUE"])) == ("partial", 3, (3, 3))
    with pytest.raises(MoveNotPossible):
        say(1)


def test_the_port_counts_stock_and_takes_nothing_of_another_seller(floor):
    other = make_floor("Busan Hats")
    order = floor.order("1", ("BLUE", 5))
    counted = port.StockCounted(
        warehouse_id=floor.warehouse_id, item_id=floor.items["BLUE"], on_hand=4, reason="external count"
    )

    for message in (port.Picked(order_id=order.pk), port.HandedOver(order_ids=[order.pk])):
        with pytest.raises(OrderNotFound):
            port.apply(seller_id=other.seller_id, message=message, actor=MINA)
    port.apply(seller_id=floor.seller_id, message=counted, actor=MINA)

    assert (status(order), figure(floor.items["BLUE"])) == ("partial", (4, 4))


def test_papers_of_another_seller_do_not_exist(floor, sent):
    other = make_floor("Busan Hats")
    door = manifest(floor)
    back = bring_back(floor, sent)
    gone = {"seller_id": other.seller_id, "actor": MINA}

    with pytest.raises(ManifestNotFound):
        hand_over.scan_parcel(manifest_id=door, tracking_number="6011", **gone)
    with pytest.raises(ManifestNotFound):
        hand_over.close_manifest(manifest_id=door, **gone)
    with pytest.raises(ReturnNotFound):
        returns.receive_return(return_id=back.pk, **gone)
    with pytest.raises(WorkNotFound):
        packing.scan_item(work_id=work(sent).pk, item_code="RED", **gone)
    with pytest.raises(WorkNotFound):
        put_back.put_back(work_id=work(sent).pk, item_code="RED", bin_code="", **gone)
    with pytest.raises(ParcelUnknown):
        hand_over.scan_parcel(manifest_id=manifest(other), tracking_number="6011", **gone)
    with pytest.raises(OrderNotFound):
        returns.expect_return(warehouse_id=other.warehouse_id, order_id=sent.pk, **gone)
    assert not PickLine.objects.filter(pick_list__seller=other.seller_id).exists()
