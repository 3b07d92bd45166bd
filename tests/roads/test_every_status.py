"""The status map as a table (R-ORD-3): what each store shows of an order here, and what its own statuses mean here."""

from collections.abc import Callable

import pytest

from entrepot.channels.services import claims
from entrepot.channels.services.statuses import cancel_in_store
from entrepot.connectors.opencart.simulator import Item
from entrepot.orders.models import Order
from tests.roads.rig import COMPLETE, MINA, PROCESSING, SHIPPED, Road
from tests.roads.worlds import WORLDS, MallWorld, OpenCartWorld, deliver, hand_over, pack, release, who

PENDING = "1"
OUT: list[tuple[str, Callable[[Order], object], int, dict[str, str]]] = [
    ("new", lambda _order: None, 2, {"opencart": PENDING, "cafe24": "N20"}),
    ("partial", lambda _order: None, 7, {"opencart": PENDING, "cafe24": "N20"}),
    ("rfp", release, 2, {"opencart": PENDING, "cafe24": "N20"}),
    ("ready_to_ship", pack, 2, {"opencart": PENDING, "cafe24": "N21"}),
    ("in_transit", hand_over, 2, {"opencart": str(SHIPPED), "cafe24": "N30"}),
    ("complete", deliver, 2, {"opencart": str(COMPLETE), "cafe24": "N40"}),
]
"""A status here, how an order comes to it, of how many pieces, and what each store shows then."""


@pytest.mark.parametrize("store", WORLDS)
@pytest.mark.parametrize(("status", "walk", "pieces", "shown"), OUT, ids=[row[0] for row in OUT])
def test_the_store_shows_what_an_order_is_here(  # noqa: PLR0917 - the columns of the table
    road: Road, store: str, status: str, walk: Callable[[Order], object], pieces: int, shown: dict[str, str]
) -> None:
    world = WORLDS[store](road)
    order = world.buy(pieces)
    lines = world.history(order)
    walk(order)

    world.tell()
    world.read(order)

    order.refresh_from_db()
    assert (order.status, world.shows(order), world.problems()) == (status, shown[store], [])
    if (store, status) == ("opencart", "ready_to_ship"):
        assert world.history(order) == lines + 2  # a line for Ready to Ship, and one for the parcel's number


@pytest.mark.parametrize(("store", "shown"), [("opencart", "7"), ("cafe24", "C40")])
def test_the_sellers_cancellation_is_in_process_until_the_store_shows_it(road: Road, store: str, shown: str) -> None:
    world = WORLDS[store](road)
    order = world.buy()
    cancel_in_store(**who(order))
    order.refresh_from_db()
    assert (order.status, road.reserved("RED")) == ("seller_cancel_in_process", 2)

    world.tell()
    world.read(order)

    order.refresh_from_db()
    assert (order.status, world.shows(order), road.reserved("RED")) == ("seller_canceled", shown, 0)


OPENCART_IN = [
    (PENDING, "new"),
    (str(PROCESSING), "new"),
    ("15", "new"),
    (str(SHIPPED), "in_transit"),
    (str(COMPLETE), "complete"),
    ("7", "canceled"),
]


@pytest.mark.parametrize(("there", "here"), OPENCART_IN, ids=[f"{there}-{here}" for there, here in OPENCART_IN])
def test_an_opencart_status_is_this_here(road: Road, there: str, here: str) -> None:
    world = OpenCartWorld(road)
    order = world.buy()
    world.place.shop.set_status(int(order.remote_id), PROCESSING if there == PENDING else int(PENDING))
    world.place.shop.set_status(int(order.remote_id), int(there))

    world.read(order)

    order.refresh_from_db()
    assert (order.status, world.problems()) == (here, [])
    left = {"new": (5, 2), "canceled": (5, 0)}.get(here, (3, 0))
    assert (road.on_hand("RED"), road.reserved("RED")) == left


def _shipped(world: MallWorld, order: Order) -> None:
    world.place.mall.ship_in_admin(order.remote_id)


def _delivered(world: MallWorld, order: Order) -> None:
    _shipped(world, order)
    world.place.mall.deliver(order.remote_id)
    world.read(order)


def _asked_back(world: MallWorld, order: Order) -> None:
    _delivered(world, order)
    world.place.mall.request_return(order.remote_id)


def _came_back(world: MallWorld, order: Order) -> None:
    _asked_back(world, order)
    world.read(order)
    lines = {line.pk: (2, 0) for line in order.lines.all()}
    claims.receive_return(seller_id=order.seller_id, order_id=order.pk, lines=lines, actor=MINA)


MALL_IN: list[tuple[str, Callable[[MallWorld, Order], object], str, tuple[int, int]]] = [
    ("preparing", lambda _world, _order: None, "new", (5, 2)),
    (
        "awaiting shipment",
        lambda world, order: world.place.mall.set_item_state(order.remote_id, "N21"),
        "ready_to_ship",
        (5, 2),
    ),
    ("in transit", _shipped, "in_transit", (3, 0)),
    ("delivered", _delivered, "complete", (3, 0)),
    ("cancellation in progress", lambda world, order: world.ask_there(order), "cancel_in_process", (5, 2)),
    ("cancelled", lambda world, order: world.cancel_there(order), "canceled", (5, 0)),
    ("return in progress", _asked_back, "return_in_process", (3, 0)),
    ("return complete", _came_back, "returned", (5, 0)),
]


@pytest.mark.parametrize(("_words", "act", "here", "figures"), MALL_IN, ids=[row[0] for row in MALL_IN])
def test_a_malls_status_is_this_here(
    road: Road, _words: str, act: Callable[[MallWorld, Order], object], here: str, figures: tuple[int, int]
) -> None:
    world = MallWorld(road)
    order = world.buy()
    act(world, order)

    world.read(order)

    order.refresh_from_db()
    assert (order.status, road.on_hand("RED"), road.reserved("RED")) == (here, *figures)


def test_what_was_never_paid_holds_nothing_and_never_enters_from_opencart(road: Road) -> None:
    shop = OpenCartWorld(road)
    before = Order.objects.count()
    shop.place.shop.place_order([Item(1, 1)], confirm=False, check=False)
    shop.place.pull()
    assert Order.objects.count() == before


def test_what_was_never_paid_is_canceled_before_payment_in_a_mall(road: Road) -> None:
    world = MallWorld(road)
    order_id = world.place.buy(("RED", 2), paid=False, method="cash")
    world.place.read(order_id)
    world.place.mall.cancel_unpaid(order_id, by="timer")
    world.place.read(order_id)

    assert (world.place.order(order_id).status, road.reserved("RED")) == ("unpaid_canceled", 0)
