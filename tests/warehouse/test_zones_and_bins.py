"""Zones and bins get labels, are laid out in rows, renamed, and closed when they are empty."""

import pytest

from entrepot.accounts.models import AuditEntry
from entrepot.inventory import services as inventory
from entrepot.inventory.errors import BinClosed, BinNotFound, WarehouseNotFound
from entrepot.inventory.models import Bin, Zone
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.errors import (
    BinCodeInvalid,
    BinNotEmpty,
    BinTaken,
    LayoutInvalid,
    LayoutTooLarge,
    ZoneNotFound,
    ZoneTaken,
)
from entrepot.warehouse.labels import row_of_labels, walking_path
from entrepot.warehouse.queries import places
from tests.books import MINA, make_items, make_seller
from tests.shelves import assert_bins_add_up, lying, make_bins


@pytest.fixture
def words(seller):
    return {"seller_id": seller.pk, "actor": MINA}


@pytest.fixture
def zone(words, place) -> Zone:
    return warehouse.add_zone(warehouse_id=place.pk, code=" a ", name="Aisle A", **words)


def test_a_row_of_bins_is_laid_out_part_by_part_and_walked_in_order(words, zone, place):
    assert warehouse.lay_out(zone_id=zone.pk, first="a-01-9", last="B-02-11", **words) == 12

    codes = [row.code for row in places.bins(seller_id=place.seller_id, warehouse_id=place.pk).rows]
    assert codes == [f"{aisle}-{rack}-{level}" for aisle in "AB" for rack in ("01", "02") for level in (9, 10, 11)]
    assert warehouse.lay_out(zone_id=zone.pk, first="A-01-9", last="A-01-12", **words) == 1
    assert Bin.objects.count() == 13
    last = AuditEntry.objects.order_by("-id")[0]
    assert (last.verb, last.facts) == ("warehouse.lay_out", {"first": "A-01-9", "last": "A-01-12", "new": 1})


@pytest.mark.parametrize(
    ("first", "last", "error"),
    [
        ("A-01", "A-01-02", LayoutInvalid),
        ("A-02", "A-01", LayoutInvalid),
        ("B-01", "A-02", LayoutInvalid),
        ("A-01", "A.02", LayoutInvalid),
        ("AB-01", "AC-02", LayoutInvalid),
        ("A-001", "A-02", LayoutInvalid),
        ("A-0001", "A-9999", LayoutTooLarge),
        ("A 01", "A 02", BinCodeInvalid),
        ("", "A", BinCodeInvalid),
        ("A" * 41, "A" * 41, BinCodeInvalid),
    ],
)
def test_what_is_no_row_lays_out_nothing(words, zone, first, last, error):
    with pytest.raises(error):
        warehouse.lay_out(zone_id=zone.pk, first=first, last=last, **words)
    assert Bin.objects.count() == 0


def test_labels_sort_as_people_walk():
    labels = ["B-1", "A-10-1", "A-2-10", "A-2-9"]
    assert sorted(labels, key=walking_path) == ["A-2-9", "A-2-10", "A-10-1", "B-1"]
    assert row_of_labels("P7", "P9") == ["P7", "P8", "P9"]


def test_codes_are_given_once_in_a_warehouse_and_again_in_another(words, zone, place):
    busan = inventory.add_warehouse(code="BUSAN", name="Busan", **words)
    warehouse.add_bin(zone_id=zone.pk, code="A1", **words)
    other = warehouse.add_zone(warehouse_id=busan.pk, code="A", **words)
    warehouse.add_bin(zone_id=other.pk, code="A1", **words)

    with pytest.raises(ZoneTaken):
        warehouse.add_zone(warehouse_id=place.pk, code="A", **words)
    with pytest.raises(BinTaken):
        warehouse.add_bin(zone_id=zone.pk, code="a1", **words)

    assert list(Bin.objects.values_list("warehouse__code", "code")) == [("MAIN", "A1"), ("BUSAN", "A1")]


def test_a_renamed_bin_keeps_what_lies_in_it_and_where_it_was_walked_changes(seller, words, zone, place):
    red = make_items(seller, RED=3)["RED"]
    bins = make_bins(place, "A1", "A3")
    warehouse.put_away(warehouse_id=place.pk, item_id=red, quantity=2, bin_id=bins["A1"], **words)

    with pytest.raises(BinTaken):
        warehouse.rename_bin(bin_id=bins["A1"], code="A3", **words)
    assert lying(red) == {"A1": 2}
    warehouse.rename_bin(bin_id=bins["A1"], code="a7", **words)
    warehouse.rename_zone(zone_id=zone.pk, code="B", name="Back", **words)

    assert lying(red) == {"A7": 2}
    rows = places.bins(seller_id=seller.pk, warehouse_id=place.pk).rows
    assert [(row.code, row.pieces) for row in rows] == [("A3", 0), ("A7", 2)]
    zone.refresh_from_db()
    assert (zone.code, zone.name) == ("B", "Back")


def test_a_bin_is_closed_only_when_it_is_empty_and_takes_nothing_until_it_is_opened(seller, words, place):
    red = make_items(seller, RED=3)["RED"]
    bins = make_bins(place, "A1", "A2")
    here = {"warehouse_id": place.pk, "item_id": red, **words}
    warehouse.put_away(quantity=2, bin_id=bins["A1"], **here)

    with pytest.raises(BinNotEmpty) as refusal:
        warehouse.close_bin(bin_id=bins["A1"], **words)
    assert refusal.value.fields == {"bin": "A1", "pieces": 2}
    assert warehouse.empty_bin(bin_id=bins["A1"], to_bin_id=bins["A2"], **words) == 2
    warehouse.close_bin(bin_id=bins["A1"], **words)
    warehouse.close_bin(bin_id=bins["A1"], **words)
    with pytest.raises(BinClosed):
        warehouse.put_away(quantity=1, bin_id=bins["A1"], **here)

    assert lying(red) == {"A2": 2}
    assert [row.code for row in places.bins(seller_id=seller.pk, warehouse_id=place.pk).rows] == ["A2"]
    assert AuditEntry.objects.filter(verb="warehouse.close_bin").count() == 1
    warehouse.open_bin(bin_id=bins["A1"], **words)
    warehouse.put_away(quantity=1, bin_id=bins["A1"], **here)
    assert_bins_add_up([seller.pk])


def test_picked_goods_have_a_bin_that_makes_itself_once(words, place):
    first = warehouse.staging_bin(warehouse_id=place.pk, **words)
    assert warehouse.staging_bin(warehouse_id=place.pk, **words) == first
    assert (first.code, first.zone.kind) == ("STAGING", "staging")
    make_bins(place, staging=["DOCK-1"])
    assert warehouse.staging_bin(warehouse_id=place.pk, **words).code == "DOCK-1"


def test_another_sellers_zones_and_bins_do_not_exist(words, zone, place):
    made = warehouse.add_bin(zone_id=zone.pk, code="A1", **words)
    theirs = {"seller_id": make_seller("Busan Boots").pk, "actor": MINA}
    deeds = [
        (WarehouseNotFound, lambda: warehouse.add_zone(warehouse_id=place.pk, code="X", **theirs)),
        (WarehouseNotFound, lambda: warehouse.staging_bin(warehouse_id=place.pk, **theirs)),
        (ZoneNotFound, lambda: warehouse.rename_zone(zone_id=zone.pk, code="X", **theirs)),
        (ZoneNotFound, lambda: warehouse.add_bin(zone_id=zone.pk, code="X", **theirs)),
        (ZoneNotFound, lambda: warehouse.lay_out(zone_id=zone.pk, first="X1", last="X2", **theirs)),
        (BinNotFound, lambda: warehouse.rename_bin(bin_id=made.pk, code="X", **theirs)),
        (BinNotFound, lambda: warehouse.close_bin(bin_id=made.pk, **theirs)),
        (BinNotFound, lambda: warehouse.open_bin(bin_id=made.pk, **theirs)),
        (BinNotFound, lambda: warehouse.empty_bin(bin_id=made.pk, to_bin_id=None, **theirs)),
        (BinNotFound, lambda: places.bin_of(seller_id=theirs["seller_id"], bin_id=made.pk)),
    ]
    for error, deed in deeds:
        with pytest.raises(error):
            deed()
    assert list(Bin.objects.values_list("code", "active")) == [("A1", True)]
    assert Zone.objects.get().code == "A"
    assert places.bins(seller_id=theirs["seller_id"], warehouse_id=place.pk).rows == []
    assert places.zones(seller_id=theirs["seller_id"], warehouse_id=place.pk) == []
