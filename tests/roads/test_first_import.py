"""Orders from before our time: taken in as they stand, and what is available afterwards is what the shop shows."""

import pytest

from entrepot.channels.errors import ImportNotFinished
from entrepot.channels.services import connect, lifecycle
from entrepot.connectors.opencart.simulator import Item
from tests.roads.rig import CANCELED, COMPLETE, MINA, PROCESSING, SHIPPED, Road, small_shop


def test_orders_of_the_past_reserve_only_what_still_lies_here(road: Road) -> None:
    shop = small_shop(RED=10)
    open_one = shop.place_order([Item(1, 1)])
    working = shop.place_order([Item(1, 2)], status=PROCESSING)
    shipped = shop.place_order([Item(1, 1)], status=SHIPPED)
    complete = shop.place_order([Item(1, 1)], status=COMPLETE)
    canceled = shop.place_order([Item(1, 1)])
    shop.set_status(canceled, CANCELED)
    cart = shop.place_order([Item(1, 1)], confirm=False)
    assert shop.tables.products[1].quantity == 5

    place = road.connect(shop)

    statuses = {number: place.order(number).status for number in (open_one, working, shipped, complete, canceled)}
    assert statuses == {
        open_one: "new",
        working: "new",
        shipped: "in_transit",
        complete: "complete",
        canceled: "canceled",
    }
    assert (road.on_hand("RED"), road.reserved("RED"), road.available("RED")) == (8, 3, 5)
    assert road.ledger_adds_up()
    place.push()
    assert place.server.counters.stock_writes == []
    assert place.shows(1) == 5

    place.shop.confirm_order(cart)
    place.pull()
    assert place.order(cart).status == "new"
    assert road.available("RED") == 4


def test_a_canceled_order_of_the_past_put_back_to_work_takes_stock(road: Road) -> None:
    shop = small_shop(RED=10)
    order_id = shop.place_order([Item(1, 4)])
    shop.set_status(order_id, CANCELED)
    place = road.connect(shop)
    assert road.available("RED") == 10

    shop.set_status(order_id, PROCESSING)
    place.pull()

    assert place.order(order_id).status == "new"
    assert road.available("RED") == 6


def test_a_store_connected_again_is_told_nothing_before_it_was_read_again(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    lifecycle.disconnect(seller_id=road.seller.pk, store_id=place.store.pk, actor=MINA)
    place.shop.set_quantity(1, 2)  # it went on selling without us
    store = connect.connect_store(
        seller_id=road.seller.pk,
        name="First shop",
        country="US",
        currency="USD",
        connector="opencart",
        credentials={"domain_url": place.server.url, "secret_key": place.server.secret},
        actor=MINA,
    )
    assert store.pk == place.store.pk

    with pytest.raises(ImportNotFinished):
        lifecycle.go_live(seller_id=road.seller.pk, store_id=store.pk, actor=MINA)
    place.push()

    assert place.shows(1) == 2
