"""What lies on the floor under the label of an item that became another one's second SKU."""

import pytest

from entrepot.catalog.models import Item
from entrepot.channels.merge_errors import MergeStopped
from entrepot.channels.services.merging import merge_items
from entrepot.inventory import parts
from entrepot.inventory.services import Want, reserve_taken_before, restock
from entrepot.orders import services as orders
from entrepot.warehouse.services import packing, put_back, release
from tests.books import MINA, SHOP, figure
from tests.floor import Floor, make_floor, work, work_lines


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def merge(floor: Floor, kept: str, merged: str) -> None:
    ids = {kept: floor.items[kept], merged: floor.items[merged]}
    merge_items(seller_id=floor.seller_id, kept_id=ids[kept], merged_id=ids[merged], actor=MINA)


@pytest.mark.parametrize("label", ["blue", "8801234567893"])
def test_a_piece_with_the_label_of_the_merged_item_is_picked_and_packed_as_the_kept_one(floor: Floor, label: str):
    Item.objects.filter(pk=floor.items["RED"]).update(barcode="111")
    Item.objects.filter(pk=floor.items["BLUE"]).update(barcode="8801234567893")
    merge(floor, "RED", "BLUE")
    order = floor.order("1", ("RED", 2))
    wave = floor.wave()
    assert floor.pick(wave, "A-1", label).sku == "RED"
    floor.pick(wave, "A-1", label)
    table = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id, "scanned": label, "actor": MINA}
    assert packing.to_the_table(**table) == work(order)
    packing.scan_item(seller_id=floor.seller_id, work_id=work(order).pk, item_code=label, actor=MINA)
    assert work_lines(order) == [("RED", 2, 2, 0, 2)]


def test_what_is_to_be_put_back_of_it_stops_a_merge_until_it_lies_in_its_bin(floor: Floor):
    order = floor.order("1", ("BLUE", 2))
    floor.pick(floor.wave(), "A-2", "BLUE")
    orders.cancel_by_buyer(seller_id=floor.seller_id, order_id=order.pk, actor=SHOP)
    before = floor.lying()
    for state in ("picking", "recalled"):  # the floor hears of it a moment later
        assert work(order).state == state
        with pytest.raises(MergeStopped, match=r"1 of BLUE are to be put back \(#1\)"):
            merge(floor, "RED", "BLUE")
        assert (floor.lying(), Item.objects.filter(sku="BLUE").count()) == (before, 1)
        release.follow_all(actor=MINA)

    put_back.put_back(
        seller_id=floor.seller_id, work_id=work(order).pk, item_code="BLUE", bin_code="A-2", quantity=1, actor=MINA
    )
    merge(floor, "RED", "BLUE")
    assert figure(floor.items["RED"]) == (15, 0)


def test_a_return_that_met_the_merge_lies_on_the_kept_ones_shelf(floor: Floor, monkeypatch):
    """The recipe was read a moment before the merge; it is looked at again once the stock is held."""
    real, done = parts.demand, []

    def a_moment_before(seller_id, wants):
        asked = real(seller_id, wants)
        if not done:
            done.append(1)
            merge(floor, "RED", "BLUE")
        return asked

    monkeypatch.setattr(parts, "demand", a_moment_before)
    restock(
        seller_id=floor.seller_id, quantities={floor.items["BLUE"]: 1}, reference="return:1", actor=MINA,
        warehouse_id=floor.warehouse_id,
    )  # fmt: skip
    assert (figure(floor.items["RED"]), figure(floor.items["BLUE"])) == ((16, 0), (0, 0))


def test_what_a_store_had_sold_before_the_import_is_set_aside_of_the_kept_one(floor: Floor, monkeypatch):
    real, done = parts.demand, []

    def a_moment_before(seller_id, wants):
        asked = real(seller_id, wants)
        if not done:
            done.append(1)
            merge(floor, "RED", "BLUE")
        return asked

    monkeypatch.setattr(parts, "demand", a_moment_before)
    wants = [Want("line:1", floor.items["BLUE"], 2)]
    assert reserve_taken_before(seller_id=floor.seller_id, wants=wants, actor=MINA) == {"line:1": 2}
    assert (figure(floor.items["RED"]), figure(floor.items["BLUE"])) == ((17, 2), (0, 0))
