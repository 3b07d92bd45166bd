"""An order walks from its shop through a warehouse that another system runs, over HTTP all the way, and back."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_django.live_server_helper import LiveServer

from entrepot.accounts.services import make_api_key
from entrepot.channels.models import Store
from entrepot.channels.services.lifecycle import change_settings
from entrepot.channels.services.statuses import push_statuses
from entrepot.connectors.opencart.simulator import Item
from entrepot.fulfilment.services.carrier_rules import keep_rule
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.waybills import add_range
from entrepot.inventory import services as inventory
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.outgoing.models import Endpoint
from entrepot.outgoing.services.deliver import deliver
from entrepot.outgoing.services.endpoints import add_endpoint
from entrepot.outgoing.simulator import OtherWarehouse, WarehouseServer
from entrepot.outgoing.simulator.house import ReportRefused
from entrepot.warehouse.services import release
from entrepot.warehouse.services.release import follow_all
from tests.books import SHOP
from tests.roads.rig import CANCELED, MINA, SHIPPED, Place, Road, small_shop
from tests.roads.test_webhook_over_http import soon


@dataclass
class Outside:
    road: Road
    place: Place
    house: OtherWarehouse
    endpoint: Endpoint

    def released(self, quantity: int = 2) -> int:
        """An order of the shop that is with the other warehouse, and told there; its id there."""
        order_id = self.place.shop.place_order([Item(1, quantity)])
        self.place.pull()
        release.release(seller_id=self.road.seller.pk, order_id=self.place.order(order_id).pk, actor=MINA)
        self.tell()
        return order_id

    def tell(self) -> None:
        follow_all(actor=MINA)
        deliver(self.endpoint)

    def told_the_shop(self) -> None:
        push_statuses(Store.objects.get(pk=self.place.store.pk))

    def heard(self) -> list[str]:
        return [one.kind for one in self.house.inbox]


@pytest.fixture
def outside(road: Road, live_server: LiveServer, settings) -> Iterator[Outside]:
    settings.PRIVATE_TARGETS = True
    settings.PUBLIC_URL = live_server.url
    seller_id = road.seller.pk
    place = road.connect(small_shop(RED=5))
    warehouse_id = inventory.default_warehouse(seller_id=seller_id, actor=MINA).pk
    inventory.set_mode(seller_id=seller_id, warehouse_id=warehouse_id, mode="external", actor=MINA)
    carrier = add_carrier(seller_id=seller_id, kind="cj", low_at=0, actor=MINA)
    add_range(seller_id=seller_id, carrier_id=carrier.pk, first="640000000001", last="640000000009", actor=MINA)
    keep_rule(seller_id=seller_id, carrier_id=carrier.pk, actor=MINA)
    change_settings(seller_id=seller_id, store_id=place.store.pk, changes={"shipping": "self"}, actor=MINA)
    key = make_api_key(seller_id=seller_id, name="3PL", scopes=["orders.pack"], actor=Actor("cli", "tests"))
    house = OtherWarehouse(api=live_server.url, key=key.secret)
    with WarehouseServer(house) as server:
        made = add_endpoint(
            seller_id=seller_id, name="3PL", url=server.url, warehouse_id=warehouse_id, label="zpl", actor=MINA
        )
        server.secret = made.secret
        yield Outside(road, place, house, made.endpoint)


def test_released_told_picked_labelled_handed_over_and_the_shop_says_shipped(outside: Outside) -> None:
    order_id = outside.released()
    order = outside.place.order(order_id)
    assert outside.heard() == ["order.released"]
    assert outside.house.jobs[order.pk].data["lines"][0]["sku"] == "RED"

    outside.house.pick(order.pk)
    assert outside.place.order(order_id).status == "ready_to_ship"
    outside.tell()
    assert outside.heard() == ["order.released"]

    outside.told_the_shop()
    outside.tell()
    assert outside.heard() == ["order.released", "parcel.labelled"]
    (label,) = outside.house.jobs[order.pk].parcels.values()
    assert (label["carrier"], label["tracking_number"]) == ("CJ대한통운", "640000000001")
    assert label["label"]["url"].startswith("http://")

    outside.house.pack(order.pk, box="L", weight_grams=420)
    outside.house.hand_over([order.pk])
    assert outside.place.order(order_id).status == "in_transit"
    assert order.shipments.get().weight_grams == 420
    outside.told_the_shop()
    outside.tell()
    assert int(outside.place.shop.history_of(order_id)[-1]["order_status_id"]) == SHIPPED
    assert outside.heard() == ["order.released", "parcel.labelled"]
    assert (outside.road.on_hand("RED"), outside.road.reserved("RED"), outside.road.ledger_adds_up()) == (3, 0, True)
    assert outside.place.problems() == []


def test_a_warehouse_that_works_by_itself_needs_nobody(outside: Outside) -> None:
    outside.house.by_itself = True
    order_id = outside.released()
    order = outside.place.order(order_id)
    assert _house_soon(outside, order.pk, "picked")
    assert outside.place.order(order_id).status == "ready_to_ship"
    outside.told_the_shop()
    outside.tell()

    assert _house_soon(outside, order.pk, "gone")
    assert (outside.house.refusals, outside.place.order(order_id).status) == ([], "in_transit")


def test_a_cancel_while_the_release_is_under_way_ends_as_recalled_and_nothing_is_picked(outside: Outside) -> None:
    order_id = outside.place.shop.place_order([Item(1, 2)])
    outside.place.pull()
    order = outside.place.order(order_id)
    release.release(seller_id=outside.road.seller.pk, order_id=order.pk, actor=MINA)
    take = outside.house.take

    def canceled_meanwhile(uid: str, kind: str, data: object) -> None:
        if kind == "order.released":
            outside.place.shop.set_status(order_id, CANCELED)
        take(uid, kind, data)

    outside.house.take = canceled_meanwhile
    outside.tell()
    outside.place.pull()
    with pytest.raises(ReportRefused) as refusal:
        outside.house.pick(order.pk)
    outside.tell()

    assert refusal.value.code == "work_recalled"
    assert outside.heard() == ["order.released", "order.recalled"]
    assert (outside.place.order(order_id).status, outside.road.reserved("RED")) == ("canceled", 0)
    assert outside.house.jobs[order.pk].state == "recalled"


def test_a_cancel_after_the_label_stops_the_parcel_there_and_it_cannot_leave(outside: Outside) -> None:
    order_id = outside.released()
    order = outside.place.order(order_id)
    outside.house.pick(order.pk)
    outside.told_the_shop()
    outside.tell()
    outside.house.pack(order.pk)
    outside.place.shop.set_status(order_id, CANCELED)
    outside.place.pull()
    outside.tell()

    assert outside.house.inbox[-1].data["stopped"] is True
    assert outside.house.jobs[order.pk].state == "stopped"
    with pytest.raises(ReportRefused):
        outside.house.hand_over([order.pk])
    assert outside.place.order(order_id).status == "on_hold"


def test_a_short_pick_takes_what_is_there_and_reports_the_rest(outside: Outside) -> None:
    order_id = outside.released(quantity=5)
    order = outside.place.order(order_id)

    outside.house.miss(order.pk, 0, 1)
    outside.tell()

    assert outside.place.order(order_id).status == "partial"
    assert outside.heard() == ["order.released", "order.recalled"]


def test_what_comes_back_is_expected_there_and_can_be_sold_again(outside: Outside) -> None:
    order_id = outside.released()
    order = outside.place.order(order_id)
    outside.house.pick(order.pk)
    outside.told_the_shop()
    outside.tell()
    outside.house.pack(order.pk)
    outside.house.hand_over([order.pk])
    orders.ask_return(seller_id=outside.road.seller.pk, order_id=order.pk, actor=SHOP)
    outside.tell()

    assert outside.heard() == ["order.released", "parcel.labelled", "return.expected"]
    outside.house.take_back(order.pk, good=1)
    assert (outside.place.order(order_id).status, outside.road.on_hand("RED")) == ("returned", 4)
    outside.tell()
    assert outside.heard()[-1] == "return.expected"


def _house_soon(outside: Outside, order_pk: int, state: str) -> bool:
    """Whether the house comes so far. Its own note of it comes after our answer, so it is never ahead of our books."""
    return soon(lambda: outside.house.jobs[order_pk].state == state)
