"""An order that was split here, and a shop that knows one order with one status."""

from decimal import Decimal

import pytest

from entrepot.channels.errors import PartUntold
from entrepot.channels.models import StatusDebt, Store
from entrepot.channels.services import claims
from entrepot.channels.services.cancel_parts import cancel_whole
from entrepot.channels.services.intake import check_states
from entrepot.channels.services.lifecycle import change_settings
from entrepot.channels.services.statuses import cancel_in_store, push_statuses
from entrepot.connectors.contract import StatusWrite, WriteAnswer
from entrepot.connectors.opencart.order_sinks import OpenCartCancellations
from entrepot.connectors.opencart.simulator import Item
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.services.carrier_rules import keep_rule
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.waybills import add_range
from entrepot.orders import services as orders
from entrepot.orders.errors import TooLateToCancel
from entrepot.orders.models import Order, OrderEvent, OrderTotal
from tests.roads.rig import CANCELED, COMPLETE, MINA, PROCESSING, SHIPPED, Place, Road, small_shop


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=9, BLUE=9))


def bought(place: Place, *items: Item) -> Order:
    order_id = place.shop.place_order(items or [Item(1, 3), Item(2, 2)], status=PROCESSING)
    place.pull()
    return place.order(order_id)


def halved(place: Place, *items: Item) -> tuple[Order, Order]:
    """An order of which the second line (or one piece of its only one) is a part of its own."""
    root = bought(place, *items)
    lines = list(root.lines.order_by("position"))
    wanted = {lines[1].pk: lines[1].quantity} if len(lines) > 1 else {lines[0].pk: 1}
    part = orders.split_order(seller_id=root.seller_id, order_id=root.pk, lines=wanted, actor=MINA)
    return root, part


def who(order: Order) -> dict[str, object]:
    return {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}


def packed(order: Order, **words: str) -> Shipment:
    orders.release_to_warehouse(**who(order))
    return fulfilment.pack(**words, **who(order))


def sent(order: Order) -> None:
    packed(order)
    fulfilment.hand_over(**who(order))


def tell(place: Place) -> None:
    push_statuses(Store.objects.get(pk=place.store.pk))


def history(place: Place, order: Order) -> list[int]:
    return [int(row["order_status_id"]) for row in place.shop.history_of(int(order.remote_id.split("~")[0]))]


def stands(*members: Order) -> list[str]:
    return [Order.objects.get(pk=one.pk).status for one in members]


def goods(order: Order) -> list[tuple[str, int]]:
    return list(order.lines.order_by("position").values_list("item__sku", "quantity"))


def money(*members: Order) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in OrderTotal.objects.filter(order__in=members):
        sums[row.code] = sums.get(row.code, Decimal(0)) + row.amount
    return sums


# --------------------------------------------------------------------------- out


def test_the_shop_shows_shipped_when_the_last_part_has_left(road: Road, place: Place) -> None:
    root, part = halved(place)

    sent(part)
    tell(place)
    assert (history(place, root), stands(root, part)) == ([PROCESSING], ["new", "in_transit"])
    sent(root)
    tell(place)
    tell(place)
    place.pull()

    assert history(place, root) == [PROCESSING, SHIPPED]
    assert stands(root, part) == ["in_transit", "in_transit"]
    assert (place.problems(), road.reserved("RED"), road.on_hand("BLUE")) == ([], 0, 7)
    assert StatusDebt.objects.get(kind="status").seen_at is not None


def test_both_parts_ready_is_ready_in_the_shop_once(place: Place) -> None:
    root, part = halved(place)

    packed(root)
    tell(place)
    assert len(history(place, root)) == 1
    packed(part)
    tell(place)

    assert history(place, root) == [PROCESSING, PROCESSING]
    assert [debt.payload["meaning"] for debt in StatusDebt.objects.all()] == ["processed"]


def test_told_with_the_first_part_the_others_stay_where_they_are(place: Place) -> None:
    change_settings(
        seller_id=place.store.seller_id, store_id=place.store.pk, changes={"split_tell": "first"}, actor=MINA
    )
    root, part = halved(place)

    sent(part)
    tell(place)
    place.pull()
    check_states(Store.objects.get(pk=place.store.pk))
    assert (history(place, root), stands(root, part)) == ([PROCESSING, SHIPPED], ["new", "in_transit"])

    fulfilment.deliver(**who(part))
    tell(place)
    assert history(place, root) == [PROCESSING, SHIPPED]
    sent(root)
    fulfilment.deliver(**who(root))
    tell(place)
    place.pull()
    assert (history(place, root), stands(root, part)) == (
        [PROCESSING, SHIPPED, COMPLETE],
        ["complete", "complete"],
    )
    assert place.problems() == []


def test_each_parcels_number_is_told_to_the_one_order_and_labels_do_not_wait_for_the_last_part(
    road: Road, place: Place
) -> None:
    carrier = add_carrier(seller_id=road.seller.pk, kind="cj", actor=MINA)
    add_range(seller_id=road.seller.pk, carrier_id=carrier.pk, first="640000000001", last="640000000009", actor=MINA)
    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    change_settings(seller_id=road.seller.pk, store_id=place.store.pk, changes={"shipping": "self"}, actor=MINA)
    root, part = halved(place)

    first = packed(part)
    tell(place)
    first.refresh_from_db()
    assert (first.tracking_number, first.label_made_at is not None) == ("640000000001", True)
    packed(root)
    tell(place)
    tell(place)

    said = " ".join(row["comment"] for row in place.shop.history_of(int(root.remote_id)))
    assert ("640000000001" in said, "640000000002" in said) == (True, True)
    assert place.problems() == []


def test_a_part_cannot_be_canceled_alone_where_the_shop_could_not_say_so(road: Road, place: Place) -> None:
    root, part = halved(place)

    for one in (root, part):
        with pytest.raises(PartUntold):
            cancel_in_store(**who(one))

    assert stands(root, part) == ["new", "new"]
    assert (StatusDebt.objects.count(), road.reserved("RED"), road.reserved("BLUE")) == (0, 3, 2)


def test_all_parts_are_canceled_with_one_telling(road: Road, place: Place) -> None:
    root, part = halved(place)

    cancel_whole(seller_id=road.seller.pk, order_id=part.pk, actor=MINA, reason="Out of stock")
    assert stands(root, part) == ["seller_cancel_in_process", "seller_cancel_in_process"]
    tell(place)
    place.pull()

    assert history(place, root) == [PROCESSING, CANCELED]
    assert stands(root, part) == ["seller_canceled", "seller_canceled"]
    assert (road.reserved("RED"), road.reserved("BLUE"), place.problems()) == (0, 0, [])


def test_whoever_keeps_one_part_keeps_the_whole_and_the_store_is_told_nothing(road: Road, place: Place) -> None:
    root, part = halved(place)
    cancel_whole(seller_id=road.seller.pk, order_id=root.pk, actor=MINA)

    orders.keep(**who(part))
    tell(place)
    place.pull()

    assert (stands(root, part), history(place, root)) == (["new", "new"], [PROCESSING])
    assert (road.reserved("RED"), road.reserved("BLUE"), place.problems()) == (3, 2, [])
    cancel_whole(seller_id=road.seller.pk, order_id=root.pk, actor=MINA)
    tell(place)
    assert stands(root, part) == ["seller_canceled", "seller_canceled"]


def test_a_part_that_is_kept_while_the_store_is_told_does_not_stop_the_telling(
    road: Road, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, part = halved(place)
    cancel_whole(seller_id=road.seller.pk, order_id=root.pk, actor=MINA)
    real = OpenCartCancellations.cancel

    def cancel(self: OpenCartCancellations, write: StatusWrite) -> WriteAnswer:
        orders.keep(**who(part))
        return real(self, write)

    monkeypatch.setattr(OpenCartCancellations, "cancel", cancel)
    tell(place)

    assert (stands(root, part), history(place, root)) == (["seller_canceled", "new"], [PROCESSING, CANCELED])
    place.pull()
    assert (stands(root, part), road.reserved("BLUE")) == (["seller_canceled", "canceled"], 0)


def test_nothing_is_canceled_when_one_of_the_parts_is_packed(road: Road, place: Place) -> None:
    root, part = halved(place)
    packed(part)

    with pytest.raises(TooLateToCancel):
        cancel_whole(seller_id=road.seller.pk, order_id=root.pk, actor=MINA)

    assert stands(root, part) == ["new", "ready_to_ship"]
    assert StatusDebt.objects.filter(kind="cancel").count() == 0


# --------------------------------------------------------------------------- in


def test_read_again_nothing_moves_back_and_nothing_is_written(place: Place) -> None:
    root, part = halved(place)
    before = (goods(root), goods(part), money(root, part))
    events = OrderEvent.objects.count()
    place.shop.set_status(int(root.remote_id), PROCESSING, "A word of the shop's")

    place.pull()

    assert (goods(root), goods(part), money(root, part)) == before
    assert (OrderEvent.objects.count(), stands(root, part), Order.objects.count()) == (events, ["new", "new"], 2)


def test_a_new_address_in_the_shop_is_on_every_part(place: Place) -> None:
    root, part = halved(place)
    before = (goods(root), goods(part), money(root, part))

    place.shop.edit_order(int(root.remote_id), shipping={"city": "Busan"})
    place.pull()

    for one in (root, part):
        one.refresh_from_db()
        assert one.shipping["city"] == "Busan"
    assert (part.number, goods(root), goods(part), money(root, part)) == (f"{root.number}-2", *before)


def test_lines_edited_in_the_shop_change_in_the_part_that_has_them(road: Road, place: Place) -> None:
    root, part = halved(place)

    place.shop.edit_order(int(root.remote_id), [Item(1, 2), Item(2, 4)])
    place.pull()

    assert (goods(root), goods(part)) == ([("RED", 2)], [("BLUE", 4)])
    assert (road.reserved("RED"), road.reserved("BLUE")) == (2, 4)
    whole = Order.objects.get(pk=root.pk).total + Order.objects.get(pk=part.pk).total
    assert money(root, part)["total"] == whole == Decimal("60.0000") + money(root, part).get("shipping", 0)


def test_a_line_cut_in_two_loses_pieces_in_the_later_part_first(road: Road, place: Place) -> None:
    root, part = halved(place, Item(1, 3))
    assert (goods(root), goods(part)) == ([("RED", 2)], [("RED", 1)])

    place.shop.edit_order(int(root.remote_id), [Item(1, 2)])
    place.pull()

    assert (goods(root), goods(part)) == ([("RED", 2)], [])
    assert (stands(root, part), road.reserved("RED")) == (["new", "canceled"], 2)


def test_what_is_taken_off_in_the_shop_never_comes_from_a_packed_part(road: Road, place: Place) -> None:
    root, part = halved(place, Item(1, 3))
    packed(part)

    place.shop.edit_order(int(root.remote_id), [Item(1, 2)])
    place.pull()

    assert (goods(root), goods(part)) == ([("RED", 1)], [("RED", 1)])
    assert (stands(root, part), place.problems()) == (["new", "ready_to_ship"], [])


def test_a_cancellation_in_the_shop_cancels_every_part_that_is_not_packed_and_stops_the_rest(
    road: Road, place: Place
) -> None:
    root, part = halved(place)
    packed(part)

    place.shop.set_status(int(root.remote_id), CANCELED)
    place.pull()

    part.refresh_from_db()
    assert (stands(root, part), part.hold_code) == (["canceled", "on_hold"], "canceled_after_packing")
    assert (road.reserved("RED"), road.reserved("BLUE")) == (0, 2)
    claims.unpack(seller_id=road.seller.pk, order_id=part.pk, actor=MINA)
    assert (stands(root, part), road.reserved("BLUE")) == (["canceled", "canceled"], 0)


def test_shipped_by_the_shops_owner_all_parts_have_left(road: Road, place: Place) -> None:
    root, part = halved(place)

    place.shop.set_status(int(root.remote_id), SHIPPED)
    place.pull()

    assert (stands(root, part), road.on_hand("RED"), road.on_hand("BLUE")) == (["in_transit", "in_transit"], 6, 7)


def test_an_order_deleted_in_the_shop_frees_all_its_parts(road: Road, place: Place) -> None:
    root, part = halved(place)

    place.shop.delete_order(int(root.remote_id))
    check_states(Store.objects.get(pk=place.store.pk))

    assert stands(root, part) == ["canceled", "canceled"]
    assert (road.reserved("RED"), road.reserved("BLUE")) == (0, 0)


def test_joined_again_the_order_is_told_as_if_it_had_never_been_split(place: Place) -> None:
    root, part = halved(place)
    orders.join_order(**who(part))

    sent(root)
    tell(place)
    place.pull()

    assert history(place, root) == [PROCESSING, SHIPPED]
    assert (stands(root, part), place.problems()) == (["in_transit", "canceled"], [])
