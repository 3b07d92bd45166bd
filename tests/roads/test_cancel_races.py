"""A cancellation arrives while an order is being worked on: who cancels, how far the order is, and what comes of it.

`docs/explanation/cancel-races.md` is this table in words. How two of them meet in the same moment is in `tests/race`.
"""

from collections.abc import Callable

import pytest

from entrepot.channels.services import claims
from entrepot.channels.services.statuses import cancel_in_store
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.inventory import services as inventory
from entrepot.kernel.errors import Refused
from entrepot.orders.errors import MoveNotPossible, TooLateToCancel
from entrepot.orders.models import Order
from entrepot.warehouse.models import PickLine, WorkOrder
from entrepot.warehouse.services import picking, put_back, waves
from entrepot.warehouse.services import release as floor
from tests.books import assert_books_add_up
from tests.roads.rig import MINA, Road
from tests.roads.worlds import WORLDS, MallWorld, World, hand_over, pack, release, who


def _picking(order: Order) -> None:
    """One of two pieces is picked by scan."""
    place = inventory.default_warehouse(seller_id=order.seller_id, actor=MINA).pk
    words = {"seller_id": order.seller_id, "actor": MINA}
    inventory.set_mode(warehouse_id=place, mode="wms", **words)
    floor.release(order_id=order.pk, **words)
    waves.make_wave(warehouse_id=place, kind="zone", **words)
    line = PickLine.objects.get()
    picking.pick(pick_list_id=line.pick_list_id, bin_code="", item_code="RED", quantity=1, **words)


def _told(world: World, walk: Callable[[Order], None]) -> Callable[[Order], None]:
    def go(order: Order) -> None:
        walk(order)
        world.tell()

    return go


STAGES: dict[str, Callable[[Order], None]] = {
    "new": lambda _order: None,
    "released": release,
    "picking": _picking,
    "packed": pack,
    "handed over": hand_over,
}
BEFORE = ("new", "released", "picking")
ALL = [*STAGES, "labelled"]


def reached(world: World, stage: str) -> Order:
    """An order that is so far; "labelled": packed, and its store has accepted Ready to Ship and knows the number."""
    order = world.buy()
    (_told(world, pack) if stage == "labelled" else STAGES[stage])(order)
    return order


def after(road: Road, world: World, order: Order) -> tuple[str, str, int, int, list[str]]:
    """Status, what holds it, reserved, on hand, and the open problems."""
    world.read(order)
    order.refresh_from_db()
    hold = order.hold_code if order.status == "on_hold" else ""
    return order.status, hold, road.reserved("RED"), road.on_hand("RED"), world.problems()


def nothing_leaves(order: Order) -> None:
    """A parcel that is stopped stays."""
    with pytest.raises(MoveNotPossible):
        fulfilment.hand_over(**who(order))


# --------------------------------------------------------------------------- canceled in the store


@pytest.mark.parametrize("store", WORLDS)
@pytest.mark.parametrize("stage", ALL)
def test_an_order_canceled_in_its_store(road: Road, store: str, stage: str) -> None:
    world = WORLDS[store](road)
    order = reached(world, stage)
    world.cancel_there(order)

    found = after(road, world, order)

    if stage in BEFORE:
        assert found == ("canceled", "", 0, 5, [])
    elif stage == "handed over":
        assert found == ("in_transit", "", 0, 3, ["canceled_too_late"])
    else:
        assert found == ("on_hold", "canceled_after_packing", 2, 5, ["canceled_after_packing"])
        nothing_leaves(order)
        assert claims.unpack_and_cancel(**who(order)) == "canceled"
        assert (road.reserved("RED"), Shipment.objects.get().state) == (0, "void")
    if stage == "picking":
        _goes_back(order)
    assert_books_add_up([road.seller.pk])


def _goes_back(order: Order) -> None:
    """What was picked is called back, and lies on its shelf again."""
    floor.follow_all(actor=MINA)
    [line] = put_back.to_put_back(seller_id=order.seller_id, warehouse_id=WorkOrder.objects.get().warehouse_id)
    assert (line.picked, line.work.state) == (1, "recalled")
    words = {"seller_id": order.seller_id, "actor": MINA}
    assert put_back.put_back(work_id=line.work_id, item_code="RED", bin_code="", **words) == 0


# --------------------------------------------------------------------------- the buyer asks (a mall)


@pytest.mark.parametrize("stage", ALL)
def test_a_buyers_wish_to_cancel_in_a_mall(road: Road, stage: str) -> None:
    world = MallWorld(road)
    order = reached(world, stage)
    world.ask_there(order)

    found = after(road, world, order)

    if stage in BEFORE:
        assert found == ("cancel_in_process", "", 2, 5, ["cancel_asked"])
    elif stage == "handed over":
        assert (found[0], found[2], found[3]) == ("in_transit", 0, 3)
    else:
        assert found == ("on_hold", "cancel_after_packing", 2, 5, ["cancel_after_packing"])
        nothing_leaves(order)
    if stage == "picking":
        _goes_back(order)
    assert_books_add_up([road.seller.pk])


@pytest.mark.parametrize("answer", ["accepted", "refused"])
@pytest.mark.parametrize("stage", ["new", "released", "packed", "labelled"])
def test_how_a_buyers_wish_is_answered(road: Road, stage: str, answer: str) -> None:
    """Accepted it is canceled there and here; refused the order goes on from where it was."""
    world = MallWorld(road)
    order = reached(world, stage)
    world.ask_there(order)
    world.read(order)
    packed = stage in {"packed", "labelled"}

    if answer == "accepted":
        (claims.unpack_and_cancel if packed else claims.accept_cancel)(**who(order))
    else:
        refuse = claims.refuse_and_go_on if packed else claims.refuse_cancel
        refuse(reason="이미 준비되었습니다", **who(order))
    for _ in range(2):
        world.tell()
        world.place.look()

    order.refresh_from_db()
    if answer == "accepted":
        assert (order.status, world.shows(order), road.reserved("RED")) == ("canceled", "C40", 0)
    else:
        assert (order.status, road.reserved("RED")) == ("ready_to_ship" if packed else "new", 2)
    assert world.problems() == []


# --------------------------------------------------------------------------- the seller cancels


@pytest.mark.parametrize("store", WORLDS)
@pytest.mark.parametrize("stage", ALL)
def test_an_order_canceled_by_the_seller(road: Road, store: str, stage: str) -> None:
    world = WORLDS[store](road)
    order = reached(world, stage)
    order.refresh_from_db()
    before = (order.status, world.shows(order), road.reserved("RED"), road.on_hand("RED"))

    if stage not in BEFORE:
        with pytest.raises(TooLateToCancel):
            cancel_in_store(**who(order))
        order.refresh_from_db()
        assert (order.status, world.shows(order), road.reserved("RED"), road.on_hand("RED")) == before
        return
    cancel_in_store(**who(order))
    order.refresh_from_db()
    assert (order.status, road.reserved("RED")) == ("seller_cancel_in_process", 2)
    for verb in (fulfilment.pack, fulfilment.hand_over):
        with pytest.raises(Refused):
            verb(**who(order))

    world.tell()

    assert after(road, world, order) == ("seller_canceled", "", 0, 5, [])
    if stage == "picking":
        _goes_back(order)
    assert_books_add_up([road.seller.pk])
