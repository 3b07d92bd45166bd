"""One code, and every thing here that it can mean."""

from entrepot.catalog.models import Item
from entrepot.inventory import services as inventory
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.models import Tote
from entrepot.warehouse.queries.scans import scanned
from entrepot.warehouse.services import returns
from tests.books import MINA, make_items, make_seller
from tests.floor import make_floor, work
from tests.shelves import make_bins


def test_a_code_is_a_bin_an_item_a_tote_or_a_paper(seller, place):
    ids = make_items(seller, RED=1, BLUE=1, GREEN=1)
    Item.objects.filter(pk__in=[ids["RED"], ids["BLUE"]]).update(barcode="8801234567893")
    make_bins(place, "A-1")
    words = {"seller_id": seller.pk, "actor": MINA}
    receipt = warehouse.expect(warehouse_id=place.pk, quantities={ids["RED"]: 1}, reference="PO-7", **words)
    count = warehouse.start_count(warehouse_id=place.pk, item_ids=[ids["RED"]], **words)
    tote = Tote.objects.create(seller=seller, warehouse=place, code="TOTE-1")

    def read(code: str):
        return scanned(seller_id=seller.pk, warehouse_id=place.pk, code=code)

    assert [item.sku for item in read(" 8801234567893 ").items] == ["BLUE", "RED"]
    assert [item.sku for item in read("green").items] == ["GREEN"]
    assert read("a-1").bin.code == "A-1"
    assert read("tote-1").tote == tote
    assert list(read("r-000001").receipts) == list(read("PO-7").receipts) == [receipt]
    assert read("C-000001").count == count
    assert (read("nothing").known, read("").known, read("A-1").known) == (False, False, True)


def test_another_warehouse_and_another_seller_are_not_read(seller, place):
    make_items(seller, RED=1)
    make_bins(place, "A-1")
    words = {"seller_id": seller.pk, "actor": MINA}
    warehouse.begin_receipt(warehouse_id=place.pk, reference="PO-7", **words)
    busan = inventory.add_warehouse(code="BUSAN", name="Busan", **words)
    for code in ("A-1", "R-000001", "PO-7"):
        assert not scanned(seller_id=seller.pk, warehouse_id=busan.pk, code=code).known
    assert scanned(seller_id=seller.pk, warehouse_id=busan.pk, code="RED").known
    other = make_seller("Busan Boots")
    for code in ("A-1", "R-000001", "PO-7", "RED"):
        assert not scanned(seller_id=other.pk, warehouse_id=place.pk, code=code).known


def test_an_order_is_read_by_its_number_and_its_parcels_number(db):
    floor = make_floor()
    order = floor.packed("7", ("RED", 1), tracking="640011112222")
    busan = inventory.add_warehouse(seller_id=floor.seller_id, code="BUSAN", name="Busan", actor=MINA)

    def read(code: str, place: int = floor.warehouse_id):
        return scanned(seller_id=floor.seller_id, warehouse_id=place, code=code)

    assert list(read("#7").work) == [work(order)]
    assert [parcel.order_id for parcel in read("640011112222").parcels] == [order.pk]
    back = returns.expect_return(
        seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, order_id=order.pk, tracking_number="77", actor=MINA
    )
    assert list(read("77").returns) == list(read(back.number.lower()).returns) == [back]
    for code in ("#7", "640011112222", "77", back.number):
        assert not read(code, busan.pk).known
