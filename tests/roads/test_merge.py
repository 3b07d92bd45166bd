"""Orders of a shop and a mall in one parcel: packed under one number, each store told its own order with it."""

import pytest

from entrepot.accounts.models import Seller
from entrepot.channels.models import RemoteCarrier, Store
from entrepot.channels.services import claims
from entrepot.channels.services.lifecycle import change_settings
from entrepot.channels.services.packing import CarrierUnknown, number_parcel, pack_order
from entrepot.channels.services.statuses import push_statuses
from entrepot.connectors.opencart.simulator import Item
from entrepot.fulfilment import prints
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Carrier, Shipment, Waybill
from entrepot.fulfilment.services.carrier_rules import keep_rule
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.waybills import add_range
from entrepot.orders import services as orders
from entrepot.orders.merge_errors import GroupNotReady, GroupPackedWhole, MergedPacked, MergeNotOpen
from entrepot.orders.models import Order
from tests.roads.mall import CJ, connect_mall, mall_with
from tests.roads.mall import Place as MallPlace
from tests.roads.rig import MINA, PROCESSING, SHIPPED, Place, Road, small_shop

HOME = {"name": "김서연", "country_code": "KR", "postcode": "03172", "city": "서울", "line1": "세종대로 1"}


@pytest.fixture
def shop(road: Road) -> Place:
    return road.connect(small_shop(RED=9))


@pytest.fixture
def mall(road: Road, shop: Place) -> MallPlace:
    return connect_mall(road, mall_with(BLUE=9))


@pytest.fixture
def pair(shop: Place, mall: MallPlace) -> tuple[Order, Order]:
    """An order of the shop and one of the mall, of one buyer, that share a parcel."""
    order_id = shop.shop.place_order([Item(1, 2)], status=PROCESSING)
    shop.pull()
    there = mall.buy(("BLUE", 1))
    mall.read(there)
    one, two = shop.order(order_id), mall.order(there)
    words = {"buyer_name": "김서연", "buyer_phone": "01012345678", "shipping": HOME}
    Order.objects.filter(pk__in=[one.pk, two.pk]).update(**words)
    orders.merge_orders(seller_id=one.seller_id, order_ids=[one.pk, two.pk], actor=MINA)
    return one, two


def who(order: Order) -> dict[str, object]:
    return {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}


def stands(*members: Order) -> list[str]:
    return [Order.objects.get(pk=one.pk).status for one in members]


def numbers(*members: Order) -> list[str]:
    rows = Shipment.objects.filter(order__in=members).exclude(state="void").order_by("order_id")
    return list(rows.values_list("tracking_number", flat=True))


def tell(*stores: Store) -> None:
    for store in stores:
        push_statuses(Store.objects.get(pk=store.pk))


def test_packed_together_each_store_is_told_its_own_order_with_the_one_number(
    road: Road, shop: Place, mall: MallPlace, pair: tuple[Order, Order]
) -> None:
    one, two = pair
    name = RemoteCarrier.objects.get(store=mall.store, remote_id=CJ).name

    pack_order(carrier=name, tracking_number="601-7", **who(one))
    assert (stands(one, two), numbers(one, two)) == (["ready_to_ship", "ready_to_ship"], ["601-7", "601-7"])
    tell(shop.store, mall.store)
    fulfilment.hand_over(**who(two))
    tell(shop.store, mall.store)

    assert stands(one, two) == ["in_transit", "in_transit"]
    said = shop.shop.history_of(int(one.remote_id))
    assert int(said[-1]["order_status_id"]) == SHIPPED
    assert [row for row in said if "601-7" in row["comment"]] != []
    items = mall.mall.orders.find(two.remote_id).items
    assert [(item.status, item.tracking_no) for item in items] == [("N30", "601-7")]
    assert (shop.problems(), mall.problems(), road.on_hand("RED"), road.on_hand("BLUE")) == ([], [], 7, 8)


def test_by_our_rules_one_number_is_taken_for_the_parcel_and_one_label_printed(
    road: Road, shop: Place, mall: MallPlace, pair: tuple[Order, Order]
) -> None:
    carrier: Carrier = add_carrier(seller_id=road.seller.pk, kind="cj", actor=MINA)
    add_range(seller_id=road.seller.pk, carrier_id=carrier.pk, first="640000000001", last="640000000009", actor=MINA)
    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    for store in (shop.store, mall.store):
        change_settings(seller_id=road.seller.pk, store_id=store.pk, changes={"shipping": "self"}, actor=MINA)
    one, two = pair

    pack_order(**who(two))
    tell(mall.store, shop.store, mall.store)

    assert (numbers(one, two), Waybill.objects.count()) == (["640000000001", "640000000001"], 1)
    parcels = prints.parcels_of(seller_id=road.seller.pk, order_ids=[one.pk, two.pk])
    (label,) = prints.labels(seller=Seller.objects.get(pk=road.seller.pk), parcels=parcels)
    assert (label.tracking_number, label.order_number) == ("640000000001", f"{one.number} + {two.number}")
    assert [(line.quantity) for line in label.lines] == [2, 1]
    assert (shop.problems(), mall.problems()) == ([], [])


def test_a_number_corrected_on_one_is_corrected_on_all(mall: MallPlace, pair: tuple[Order, Order]) -> None:
    one, two = pair
    name = RemoteCarrier.objects.get(store=mall.store, remote_id=CJ).name
    parcel = pack_order(carrier=name, tracking_number="601-7", **who(one))

    number_parcel(seller_id=one.seller_id, shipment_id=parcel.pk, carrier=name, tracking_number="601-8", actor=MINA)

    assert numbers(one, two) == ["601-8", "601-8"]


def test_what_one_of_them_cannot_do_none_of_them_does(mall: MallPlace, pair: tuple[Order, Order]) -> None:
    one, two = pair

    with pytest.raises(CarrierUnknown):
        pack_order(carrier="Pigeon", tracking_number="601-7", **who(one))
    with pytest.raises(GroupPackedWhole):
        pack_order(line_quantities={one.lines.get().pk: 1}, **who(one))
    orders.hold(code="person", **who(two))
    with pytest.raises(MergeNotOpen):
        pack_order(**who(one))
    assert (stands(one, two), Shipment.objects.count()) == (["new", "on_hold"], 0)

    orders.leave_group(**who(two))
    orders.release_to_warehouse(**who(one))
    pack_order(**who(one))
    assert stands(one, two) == ["ready_to_ship", "on_hold"]


def test_unpacked_the_whole_parcel_is_unpacked_and_packed_anew(mall: MallPlace, pair: tuple[Order, Order]) -> None:
    one, two = pair
    name = RemoteCarrier.objects.get(store=mall.store, remote_id=CJ).name
    pack_order(carrier=name, tracking_number="601-7", **who(one))
    with pytest.raises(MergedPacked):
        orders.leave_group(**who(one))

    claims.unpack(**who(two))
    assert (stands(one, two), numbers(one, two)) == (["rfp", "rfp"], [])
    pack_order(carrier=name, tracking_number="601-9", **who(one))

    assert (stands(one, two), numbers(one, two)) == (["ready_to_ship", "ready_to_ship"], ["601-9", "601-9"])


def test_a_cancellation_of_one_stops_the_parcel_until_it_is_decided(
    road: Road, shop: Place, mall: MallPlace, pair: tuple[Order, Order]
) -> None:
    one, two = pair
    name = RemoteCarrier.objects.get(store=mall.store, remote_id=CJ).name
    pack_order(carrier=name, tracking_number="601-7", **who(one))
    tell(shop.store, mall.store)
    mall.mall.request_cancel(two.remote_id)
    mall.read(two.remote_id)
    assert stands(one, two) == ["ready_to_ship", "on_hold"]

    with pytest.raises(GroupNotReady):
        fulfilment.hand_over(**who(one))
    assert (stands(one, two), road.on_hand("RED")) == (["ready_to_ship", "on_hold"], 9)
    claims.unpack_and_cancel(**who(two))
    tell(mall.store)
    mall.look()
    assert stands(one, two) == ["rfp", "canceled"]

    pack_order(carrier=name, tracking_number="601-8", **who(one))
    fulfilment.hand_over(**who(one))
    assert (stands(one, two), numbers(one, two)) == (["in_transit", "canceled"], ["601-8"])


def test_a_store_that_ships_one_of_them_takes_that_one_only(shop: Place, pair: tuple[Order, Order]) -> None:
    one, two = pair

    shop.shop.set_status(int(one.remote_id), SHIPPED)
    shop.pull()

    assert stands(one, two) == ["in_transit", "new"]
