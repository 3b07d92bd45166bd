"""Whose parcel came back, by the number on it."""

import pytest

from entrepot.orders.models import Order
from entrepot.warehouse.models import Return
from entrepot.warehouse.services import hand_over
from entrepot.warehouse.services.come_back import take_in
from entrepot.warehouse.work_errors import NothingOut, SeveralOrders, WorkNotFound
from tests.books import MINA, make_seller
from tests.floor import Floor, make_floor


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def gone(floor: Floor, number: str, tracking: str) -> Order:
    """An order that has left under this tracking number."""
    order = floor.packed(number, ("RED", 1), tracking=tracking)
    said = {"seller_id": floor.seller_id, "actor": MINA}
    door = hand_over.open_manifest(warehouse_id=floor.warehouse_id, **said)
    hand_over.scan_parcel(manifest_id=door.pk, tracking_number=tracking, **said)
    hand_over.close_manifest(manifest_id=door.pk, **said)
    return order


def test_a_parcel_is_taken_in_once_by_tracking_number_order_or_paper(floor: Floor):
    order = gone(floor, "1", "6400")
    words = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id, "actor": MINA}

    back = take_in(scanned=" 6400 ", **words)

    assert (back.order_id, back.state, back.tracking_number) == (order.pk, "received", "6400")
    for code in ("6400", "#1", back.number.lower()):
        assert take_in(scanned=code, **words) == back
    assert Return.objects.count() == 1


def test_two_orders_with_one_number_need_the_tracking_number(floor: Floor):
    gone(floor, "1", "6400")
    second = gone(floor, "2", "6401")
    Order.objects.filter(pk=second.pk).update(number="#1")
    words = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id, "actor": MINA}

    with pytest.raises(SeveralOrders):
        take_in(scanned="#1", **words)
    assert not Return.objects.exists()
    assert take_in(scanned="6401", **words).order_id == second.pk


def test_what_never_left_or_is_anothers_cannot_come_back(floor: Floor):
    gone(floor, "1", "6400")
    floor.packed("2", ("RED", 1), tracking="6402")
    words = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id, "actor": MINA}
    for code in ("6402", "#2"):
        with pytest.raises(NothingOut):
            take_in(scanned=code, **words)
    for code in ("", "nothing"):
        with pytest.raises(WorkNotFound):
            take_in(scanned=code, **words)
    with pytest.raises(WorkNotFound):
        take_in(scanned="6400", **{**words, "seller_id": make_seller("Busan Boots").pk})
    assert not Return.objects.exists()
