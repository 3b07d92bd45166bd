"""A parcel's life: packed, numbered, handed over, delivered; or unpacked again."""

from collections.abc import Callable

import pytest

from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.drafts import ParcelDraft
from entrepot.fulfilment.errors import (
    NothingToPack,
    PartNotPacked,
    ShipmentClosed,
    ShipmentNotFound,
    TooMuchPacked,
    TrackingInvalid,
)
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.queries import left_to_pack, shipments_of
from entrepot.orders import services as orders
from entrepot.orders.errors import MoveNotPossible, OrderNotFound
from entrepot.orders.models import Order, OrderEvent
from tests.books import MINA, SHOP, assert_books_add_up, figure, held, make_seller, status, story


def do(verb: Callable[..., object], order: Order, *, actor=MINA, **words: object):
    return verb(seller_id=order.seller_id, order_id=order.pk, actor=actor, **words)


def lines_of(shipment: Shipment) -> dict[str, int]:
    return {row.order_line.remote_id: row.quantity for row in shipment.lines.select_related("order_line")}


def states(order: Order) -> list[str]:
    return list(Shipment.objects.filter(order=order).order_by("id").values_list("state", flat=True))


def told(order: Order, kind: str) -> dict[str, object]:
    return OrderEvent.objects.filter(order=order, kind=kind).latest("id").facts


def test_packing_puts_everything_open_into_one_parcel_and_the_order_waits_for_its_carrier(order, items):
    made = do(fulfilment.pack, order, carrier="0006", carrier_name="CJ", tracking_number=" 6012-3456 ")

    assert status(order) == "ready_to_ship"
    assert (made.state, made.carrier, made.tracking_number, made.version) == ("packed", "0006", "6012-3456", 1)
    assert lines_of(made) == {"a": 2, "b": 3}
    assert held(order) == 5
    assert [step[0] for step in story(order)][-2:] == ["order.pack", "parcel.packed"]
    assert told(order, "parcel.packed") == {
        "parcel": made.pk,
        "carrier": "CJ",
        "tracking_number": "6012-3456",
        "pieces": 5,
    }


def test_a_parcel_packed_twice_is_one_parcel_and_takes_the_number_given_then(order):
    first = do(fulfilment.pack, order)
    second = do(fulfilment.pack, order, tracking_number="0012")

    assert second.pk == first.pk
    assert (second.tracking_number, second.version) == ("0012", 2)
    assert Shipment.objects.count() == 1


def test_a_number_keeps_its_zeros_and_its_letters(order):
    made = do(fulfilment.pack, order, tracking_number="00RR-0012KR")
    made.refresh_from_db()
    assert made.tracking_number == "00RR-0012KR"


@pytest.mark.parametrize("number", ["12 34", "12;34", "송장1", "1/2", "9" * 41, "１２３"])
def test_what_cannot_be_a_tracking_number_is_refused_and_nothing_is_packed(order, number):
    with pytest.raises(TrackingInvalid):
        do(fulfilment.pack, order, tracking_number=number)
    assert (status(order), Shipment.objects.count()) == ("rfp", 0)


def test_an_order_in_two_parcels_leaves_only_when_both_are_packed(order, items):
    lines = {one.remote_id: one.pk for one in order.lines.all()}
    first = do(fulfilment.pack, order, line_quantities={lines["a"]: 2, lines["b"]: 1})
    assert (lines_of(first), status(order)) == ({"a": 2, "b": 1}, "ready_to_ship")
    assert left_to_pack(seller_id=order.seller_id, order_id=order.pk) == {lines["b"]: 2}

    with pytest.raises(PartNotPacked) as refusal:
        do(fulfilment.hand_over, order)
    assert refusal.value.fields == {"number": "#7", "left": 2}
    assert figure(items["BLUE"]) == (5, 3)

    second = do(fulfilment.pack, order)
    assert lines_of(second) == {"b": 2}
    with pytest.raises(NothingToPack):
        do(fulfilment.pack, order)

    assert do(fulfilment.hand_over, order) is True
    assert states(order) == ["handed_over", "handed_over"]
    assert (figure(items["RED"]), figure(items["BLUE"])) == ((3, 0), (2, 0))
    assert_books_add_up([order.seller_id])


@pytest.mark.parametrize("quantities", [{"a": 3}, {"a": -1}, {"a": 0}, {}])
def test_no_parcel_holds_more_than_there_is_or_nothing(order, quantities):
    lines = {one.remote_id: one.pk for one in order.lines.all()}
    with pytest.raises(TooMuchPacked):
        do(fulfilment.pack, order, line_quantities={lines[name]: n for name, n in quantities.items()})
    assert (status(order), Shipment.objects.count()) == ("rfp", 0)


def test_an_order_that_is_not_with_the_warehouse_is_not_packed(order):
    do(orders.recall, order)
    with pytest.raises(MoveNotPossible):
        do(fulfilment.pack, order)
    assert (status(order), Shipment.objects.count()) == ("new", 0)


def test_a_corrected_number_counts_the_version_up_and_the_same_again_does_not(order):
    made = do(fulfilment.pack, order, carrier="0006", tracking_number="1")
    words = {"carrier": "0018", "carrier_name": "Hanjin", "tracking_number": "2", "actor": MINA}

    for _ in range(2):
        fulfilment.set_tracking(seller_id=order.seller_id, shipment_id=made.pk, **words)

    made.refresh_from_db()
    assert (made.carrier, made.tracking_number, made.version, made.told_version) == ("0018", "2", 2, 0)
    assert told(order, "parcel.tracking")["before"] == "1"
    assert OrderEvent.objects.filter(kind="parcel.tracking").count() == 1


def test_the_whole_way_of_a_parcel_counts_its_versions(order):
    made = do(fulfilment.pack, order, tracking_number="1")
    assert do(fulfilment.hand_over, order) is True
    assert do(fulfilment.hand_over, order) is False
    assert do(fulfilment.deliver, order) is True
    assert do(fulfilment.deliver, order) is False

    made.refresh_from_db()
    assert (made.state, made.version, made.told_version, status(order)) == ("delivered", 3, 0, "complete")
    assert None not in {made.handed_over_at, made.delivered_at}


def test_what_a_store_reports_of_a_parcel_it_need_not_be_told(order):
    made = do(fulfilment.pack, order)
    do(fulfilment.hand_over, order, actor=SHOP)
    made.refresh_from_db()
    assert (made.state, made.version, made.told_version) == ("handed_over", 2, 2)


def test_unpacking_voids_the_parcels_and_gives_the_order_back_to_the_warehouse(order, items):
    made = do(fulfilment.pack, order, tracking_number="1")

    assert do(fulfilment.unpack, order, reason="wrong box") == "rfp"

    made.refresh_from_db()
    assert (made.state, held(order), figure(items["RED"])) == ("void", 5, (5, 2))
    assert told(order, "parcel.void")["reason"] == "wrong box"
    with pytest.raises(ShipmentClosed):
        fulfilment.set_tracking(
            seller_id=order.seller_id,
            shipment_id=made.pk,
            carrier="",
            carrier_name="",
            tracking_number="2",
            actor=MINA,
        )


def test_a_parcel_packed_again_goes_on_under_the_stores_own_id(order):
    first = do(fulfilment.pack, order, tracking_number="1")
    fulfilment.note_told(seller_id=order.seller_id, shipment_id=first.pk, version=1, remote_id="D-7-01", actor=MINA)
    do(fulfilment.unpack, order)

    second = do(fulfilment.pack, order, tracking_number="2")

    first.refresh_from_db()
    assert (first.remote_id, second.remote_id, second.told_version) == ("", "D-7-01", 0)


def test_a_parcel_that_has_left_is_not_unpacked(order):
    do(fulfilment.pack, order)
    do(fulfilment.hand_over, order)
    with pytest.raises(ShipmentClosed):
        do(fulfilment.unpack, order)
    assert (status(order), states(order)) == ("in_transit", ["handed_over"])


def test_a_stopped_parcel_is_not_handed_over(order, items):
    do(fulfilment.pack, order)
    do(orders.stop, order, code="cancel_after_packing", actor=SHOP)

    with pytest.raises(MoveNotPossible):
        do(fulfilment.hand_over, order)

    assert (status(order), states(order), figure(items["RED"])) == ("on_hold", ["packed"], (5, 2))


def test_orders_moved_along_without_the_packing_table_get_their_parcel(order):
    do(orders.mark_ready, order)
    do(orders.hand_over, order)

    for _ in range(2):
        do(fulfilment.catch_up, order)

    (made,) = shipments_of(seller_id=order.seller_id, order_id=order.pk)
    assert (made.state, lines_of(made)) == ("handed_over", {"a": 2, "b": 3})


def test_what_is_in_no_parcel_gets_one_beside_those_that_are_there(order):
    lines = {one.remote_id: one.pk for one in order.lines.all()}
    do(fulfilment.pack, order, line_quantities={lines["a"]: 2})
    do(fulfilment.catch_up, order)
    assert [lines_of(one) for one in Shipment.objects.order_by("id")] == [{"a": 2}, {"b": 3}]

    do(orders.hand_over, order)
    do(fulfilment.catch_up, order)
    assert states(order) == ["handed_over", "handed_over"]


def test_nobody_touches_another_sellers_parcel(order):
    made = do(fulfilment.pack, order)
    other = make_seller("Busan Boots").pk
    for verb in (fulfilment.pack, fulfilment.hand_over, fulfilment.deliver, fulfilment.unpack, fulfilment.catch_up):
        with pytest.raises(OrderNotFound):
            verb(seller_id=other, order_id=order.pk, actor=MINA)
    with pytest.raises(ShipmentNotFound):
        fulfilment.void(seller_id=other, shipment_id=made.pk, actor=MINA)
    assert (status(order), states(order)) == ("ready_to_ship", ["packed"])


# --------------------------------------------------------------------------- what a store knows of parcels


def seen(remote_id: str = "D-7-01", number: str = "601", state: str = "ready", *line_ids: str) -> ParcelDraft:
    return ParcelDraft(remote_id=remote_id, carrier="0006", tracking_number=number, state=state, line_ids=line_ids)


def note(order: Order, *drafts: ParcelDraft, ours=()) -> list[Shipment]:
    return do(fulfilment.note_remote, order, actor=SHOP, parcels_seen=drafts, ours=ours)


def test_a_parcel_made_in_the_stores_admin_is_made_here_once_and_known_there(order):
    do(orders.mark_ready, order, actor=SHOP)
    for _ in range(2):
        note(order, seen("D-7-01", "601", "ready", "a"))

    (made,) = shipments_of(seller_id=order.seller_id, order_id=order.pk)
    assert (made.remote_id, made.tracking_number, made.state, lines_of(made)) == ("D-7-01", "601", "packed", {"a": 2})
    assert made.told_version == made.version == 1


def test_our_parcel_is_known_again_by_its_number(order):
    made = do(fulfilment.pack, order, carrier="0006", tracking_number="601")
    fulfilment.note_told(seller_id=order.seller_id, shipment_id=made.pk, version=1, remote_id="", actor=MINA)

    note(order, seen())

    (only,) = shipments_of(seller_id=order.seller_id, order_id=order.pk)
    assert (only.pk, only.remote_id) == (made.pk, "D-7-01")


def test_a_parcel_whose_answer_was_lost_is_found_to_be_told(order):
    made = do(fulfilment.pack, order, carrier="0006", tracking_number="601")

    note(order, seen(), ours=[made.pk])

    made.refresh_from_db()
    assert (made.remote_id, made.version, made.told_version) == ("D-7-01", 1, 1)


def test_a_number_we_have_still_to_tell_is_not_overwritten_by_the_old_one(order):
    made = do(fulfilment.pack, order, carrier="0006", tracking_number="601")
    note(order, seen(), ours=[made.pk])
    words = {"carrier": "0006", "carrier_name": "", "tracking_number": "602", "actor": MINA}
    fulfilment.set_tracking(seller_id=order.seller_id, shipment_id=made.pk, **words)

    note(order, seen(), ours=[made.pk])

    made.refresh_from_db()
    assert (made.tracking_number, made.version, made.told_version) == ("602", 2, 1)


def test_a_number_changed_in_the_store_is_taken_over(order):
    made = do(fulfilment.pack, order, carrier="0006", tracking_number="601")
    note(order, seen(), ours=[made.pk])
    note(order, seen("D-7-01", "777"))

    made.refresh_from_db()
    assert (made.tracking_number, made.version, made.told_version) == ("777", 2, 2)


def test_a_parcel_never_goes_back(order):
    do(fulfilment.pack, order, tracking_number="601")
    do(fulfilment.hand_over, order)
    note(order, seen("D-7-01", "601", "delivered"))
    note(order, seen("D-7-01", "601", "ready"))
    assert states(order) == ["delivered"]


def test_a_parcel_unpacked_here_does_not_come_back_from_the_store_until_it_was_shipped_there(order):
    made = do(fulfilment.pack, order, tracking_number="601")
    fulfilment.note_told(seller_id=order.seller_id, shipment_id=made.pk, version=1, remote_id="D-7-01", actor=MINA)
    do(fulfilment.unpack, order)

    note(order, seen())
    assert states(order) == ["void"]

    note(order, seen("D-7-01", "601", "handed_over"))
    assert states(order) == ["void", "handed_over"]
