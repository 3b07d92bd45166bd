"""Goods come in as announced, otherwise, or from another warehouse; nothing on its way is lost."""

import pytest

from entrepot.accounts.models import AuditEntry
from entrepot.inventory import services as inventory
from entrepot.inventory.errors import (
    KitHasNoStock,
    NotEnoughStock,
    NotThere,
    QuantityInvalid,
    ReasonMissing,
    StockItemNotFound,
    WarehouseNotFound,
)
from entrepot.inventory.models import Movement, Stock
from entrepot.inventory.services import Want
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.errors import MoreThanSent, NothingExpected, ReceiptBegun, ReceiptNotFound, ReceiptOver
from entrepot.warehouse.models import Receipt, ReceiptLine
from entrepot.warehouse.queries import papers, places
from entrepot.warehouse.services import Departure
from tests.books import (
    MINA,
    assert_books_add_up,
    draft,
    line,
    make_channel,
    make_items,
    make_kit,
    make_seller,
    place_one,
)
from tests.books import status as status_of
from tests.shelves import assert_bins_add_up, lying, make_bins, unlocated


@pytest.fixture
def words(seller):
    return {"seller_id": seller.pk, "actor": MINA}


@pytest.fixture
def here(words, place):
    return {"warehouse_id": place.pk, **words}


def stock(item_id: int, code: str = "MAIN") -> tuple[int, int, int]:
    """On hand, reserved, incoming."""
    row = Stock.objects.filter(item_id=item_id, warehouse__code=code).first()
    return (row.on_hand, row.reserved, row.incoming) if row else (0, 0, 0)


def came(receipt: Receipt) -> dict[str, tuple[int, int]]:
    """`{sku: (expected, received)}`."""
    rows = ReceiptLine.objects.filter(receipt=receipt).values_list("item__sku", "expected", "received")
    return {sku: (expected, received) for sku, expected, received in rows}


def test_what_is_expected_stands_as_incoming_and_becomes_on_hand_piece_by_piece(seller, words, here, place):
    ids = make_items(seller, RED=1, BLUE=0)
    bins = make_bins(place, "A1")
    receipt = warehouse.expect(quantities={ids["RED"]: 10, ids["BLUE"]: 4}, supplier="Mill", reference="PO-77", **here)
    assert (receipt.number, receipt.kind, receipt.state) == ("R-000001", "expected", "open")
    assert [stock(ids[sku]) for sku in ("RED", "BLUE")] == [(1, 0, 10), (0, 0, 4)]

    take = {"receipt_id": receipt.pk, **words}
    warehouse.receive_item(item_id=ids["RED"], quantity=4, **take)
    warehouse.receive_item(item_id=ids["RED"], quantity=8, bin_id=bins["A1"], **take)  # two more than expected
    warehouse.receive_item(item_id=ids["BLUE"], quantity=1, **take)

    assert [stock(ids[sku]) for sku in ("RED", "BLUE")] == [(13, 0, 0), (1, 0, 3)]
    assert (lying(ids["RED"]), unlocated(ids["RED"])) == ({"A1": 8}, 5)
    warehouse.close_receipt(**take)
    assert stock(ids["BLUE"]) == (1, 0, 0)
    assert came(receipt) == {"RED": (10, 12), "BLUE": (4, 1)}
    lines = papers.receipt_lines(seller_id=seller.pk, receipt_id=receipt.pk)
    assert [(one.item.sku, one.apart) for one in lines] == [("BLUE", -3), ("RED", 2)]
    moves = Movement.objects.filter(reference=f"receipt:{receipt.pk}").order_by("id")
    assert list(moves.values_list("kind", "on_hand_delta")) == [("receipt", 4), ("receipt", 8), ("receipt", 1)]
    assert AuditEntry.objects.get(verb="warehouse.close_receipt").facts["missing"] == {str(ids["BLUE"]): 3}
    assert_books_add_up([seller.pk])
    assert_bins_add_up([seller.pk])


def test_goods_nobody_announced_are_taken_as_they_come(seller, words, here):
    red = make_items(seller, RED=0)["RED"]
    receipt = warehouse.begin_receipt(supplier="Somebody", **here)
    for _ in range(3):
        warehouse.receive_item(receipt_id=receipt.pk, item_id=red, quantity=2, **words)
    assert came(receipt) == {"RED": (0, 6)}
    assert stock(red) == (6, 0, 0)
    warehouse.close_receipt(receipt_id=receipt.pk, **words)
    page = papers.receipts(seller_id=seller.pk)
    assert [(row.number, row.state, row.due, row.came) for row in page.rows] == [("R-000001", "closed", 0, 6)]


def test_who_waits_for_the_goods_gets_them_at_once(seller, words, here, django_capture_on_commit_callbacks):
    red = make_items(seller, RED=0)["RED"]
    order = place_one(make_channel(seller), draft("7", line(red, 2)))
    receipt = warehouse.begin_receipt(**here)
    assert status_of(order) == "partial"
    with django_capture_on_commit_callbacks(execute=True):
        warehouse.receive_item(receipt_id=receipt.pk, item_id=red, quantity=2, **words)
    assert status_of(order) == "new"
    assert stock(red) == (2, 2, 0)


def test_a_receipt_that_is_over_or_begun_is_refused_and_nothing_changes(seller, words, here):
    red = make_items(seller, RED=0)["RED"]
    begun = warehouse.expect(quantities={red: 5}, **here)
    warehouse.receive_item(receipt_id=begun.pk, item_id=red, quantity=1, **words)
    with pytest.raises(ReceiptBegun):
        warehouse.cancel_receipt(receipt_id=begun.pk, **words)
    gone = warehouse.expect(quantities={red: 7}, **here)
    assert stock(red) == (1, 0, 11)
    warehouse.cancel_receipt(receipt_id=gone.pk, **words)
    assert stock(red) == (1, 0, 4)
    for deed in (
        lambda: warehouse.receive_item(receipt_id=gone.pk, item_id=red, quantity=1, **words),
        lambda: warehouse.close_receipt(receipt_id=gone.pk, **words),
        lambda: warehouse.cancel_receipt(receipt_id=gone.pk, **words),
    ):
        with pytest.raises(ReceiptOver):
            deed()
    assert stock(red) == (1, 0, 4)
    assert came(gone) == {"RED": (7, 0)}


@pytest.mark.parametrize(
    ("sku", "quantity", "error"),
    [("RED", 0, NothingExpected), ("PAIR", 1, KitHasNoStock), ("BOOT", 1, StockItemNotFound)],
)
def test_what_cannot_be_expected_writes_no_paper(seller, here, sku, quantity, error):
    ids = make_items(seller, RED=2) | make_items(make_seller("Busan Boots"), BOOT=1)
    ids["PAIR"] = make_kit(seller, "PAIR", {ids["RED"]: 2})
    with pytest.raises(error):
        warehouse.expect(quantities={ids[sku]: quantity}, **here)
    assert Receipt.objects.count() == 0
    assert stock(ids["RED"]) == (2, 0, 0)


def test_a_piece_that_cannot_be_received_changes_nothing(seller, words, here):
    ids = make_items(seller, RED=2) | make_items(make_seller("Busan Boots"), BOOT=1)
    ids["PAIR"] = make_kit(seller, "PAIR", {ids["RED"]: 2})
    receipt = warehouse.begin_receipt(**here)
    for sku, quantity, error in (
        ("RED", 0, QuantityInvalid),
        ("PAIR", 1, KitHasNoStock),
        ("BOOT", 1, StockItemNotFound),
    ):
        with pytest.raises(error):
            warehouse.receive_item(receipt_id=receipt.pk, item_id=ids[sku], quantity=quantity, **words)
    assert came(receipt) == {}
    assert Movement.objects.exclude(kind="opening").count() == 0


def test_a_transfer_is_in_transit_between_two_warehouses(seller, words, place):
    ids = make_items(seller, RED=9, BLUE=2)
    busan = inventory.add_warehouse(code="BUSAN", name="Busan", **words)
    bins = make_bins(place, "A1") | make_bins(busan, "B1")
    warehouse.put_away(warehouse_id=place.pk, item_id=ids["RED"], quantity=5, bin_id=bins["A1"], **words)

    paper = warehouse.send(
        from_warehouse_id=place.pk,
        to_warehouse_id=busan.pk,
        departures=[Departure(ids["RED"], 4, bins["A1"]), Departure(ids["RED"], 2), Departure(ids["BLUE"], 2)],
        **words,
    )

    assert (paper.number, paper.kind, paper.from_warehouse_id) == ("T-000001", "transfer", place.pk)
    assert came(paper) == {"RED": (6, 0), "BLUE": (2, 0)}
    assert [stock(ids["RED"]), stock(ids["RED"], "BUSAN")] == [(3, 0, 0), (0, 0, 6)]
    assert (lying(ids["RED"]), unlocated(ids["RED"])) == ({"A1": 1}, 2)

    take = {"receipt_id": paper.pk, **words}
    warehouse.receive_item(item_id=ids["RED"], quantity=5, bin_id=bins["B1"], **take)
    with pytest.raises(MoreThanSent) as refusal:
        warehouse.receive_item(item_id=ids["RED"], quantity=2, **take)
    assert refusal.value.fields == {"quantity": 2, "sku": "RED", "left": 1}
    warehouse.receive_item(item_id=ids["BLUE"], quantity=2, **take)
    with pytest.raises(ReasonMissing):
        warehouse.close_receipt(**take)
    assert stock(ids["RED"], "BUSAN") == (5, 0, 1)
    warehouse.close_receipt(reason="one fell off the lorry", **take)

    assert stock(ids["RED"], "BUSAN") == (5, 0, 0)
    assert stock(ids["BLUE"], "BUSAN") == (2, 0, 0)
    moves = Movement.objects.filter(reference=f"receipt:{paper.pk}").order_by("id")
    out = moves.filter(kind="transfer_out").values_list("item__sku", "on_hand_delta")
    assert sorted(out) == [("BLUE", -2), ("RED", -4), ("RED", -2)]
    into = moves.filter(kind="transfer_in").values_list("item__sku", "on_hand_delta")
    assert list(into) == [("RED", 5), ("BLUE", 2)]
    assert_books_add_up([seller.pk])
    assert_bins_add_up([seller.pk])


def test_a_transfer_called_back_is_where_it_came_from(seller, words, place):
    red = make_items(seller, RED=9)["RED"]
    busan = inventory.add_warehouse(code="BUSAN", name="Busan", **words)
    way = {"from_warehouse_id": place.pk, "to_warehouse_id": busan.pk, **words}
    paper = warehouse.send(departures=[Departure(red, 4)], **way)
    warehouse.cancel_receipt(receipt_id=paper.pk, reason="no lorry", **words)
    assert [stock(red), stock(red, "BUSAN")] == [(9, 0, 0), (0, 0, 0)]
    assert Receipt.objects.get().state == "canceled"
    assert_books_add_up([seller.pk])


def test_what_cannot_be_sent_stays_and_has_no_paper(seller, words, place):
    red = make_items(seller, RED=9)["RED"]
    busan = inventory.add_warehouse(code="BUSAN", name="Busan", **words)
    bins = make_bins(place, "A1")
    inventory.reserve(wants=[Want("line:1", red, 6)], **words)
    way = {"from_warehouse_id": place.pk, "to_warehouse_id": busan.pk, **words}
    for departures, error in (
        ([], NothingExpected),
        ([Departure(red, 0)], QuantityInvalid),
        ([Departure(red, 2), Departure(red, 2)], NotEnoughStock),
        ([Departure(red, 1, bins["A1"])], NotThere),
    ):
        with pytest.raises(error):
            warehouse.send(departures=departures, **way)
    with pytest.raises(QuantityInvalid):
        warehouse.send(departures=[Departure(red, 1)], **{**way, "to_warehouse_id": place.pk})
    assert Receipt.objects.count() == 0
    assert [stock(red), stock(red, "BUSAN")] == [(9, 6, 0), (0, 0, 0)]


def test_put_away_goes_where_it_lies_then_to_an_empty_bin_of_its_zone_then_to_any(seller, words, place):
    ids = make_items(seller, RED=9, BLUE=9)
    zone = warehouse.add_zone(warehouse_id=place.pk, code="COLD", **words)
    bins = make_bins(place, "A1", "A2", staging=["OUT"])
    cold = {code: warehouse.add_bin(zone_id=zone.pk, code=code, **words).pk for code in ("C1", "C2")}
    here = {"warehouse_id": place.pk, **words}

    def suggested(sku: str) -> tuple[str, str]:
        found = places.suggested_bin(seller_id=seller.pk, warehouse_id=place.pk, item_id=ids[sku])
        return found.bin.code, found.because

    assert suggested("RED") == ("A1", "empty")
    warehouse.put_away(item_id=ids["RED"], quantity=2, bin_id=cold["C2"], **here)
    assert suggested("RED") == ("C2", "lies_there")
    warehouse.move(item_id=ids["RED"], quantity=2, from_bin_id=cold["C2"], to_bin_id=bins["OUT"], **here)
    assert suggested("RED") == ("C1", "empty_in_its_zone")
    warehouse.put_away(item_id=ids["BLUE"], quantity=2, bin_id=bins["A1"], **here)
    warehouse.close_bin(bin_id=cold["C1"], **words)
    warehouse.close_bin(bin_id=cold["C2"], **words)
    assert suggested("RED") == ("A2", "empty")
    warehouse.close_bin(bin_id=bins["A2"], **words)
    assert places.suggested_bin(seller_id=seller.pk, warehouse_id=place.pk, item_id=ids["RED"]) is None

    found = places.places_of(seller_id=seller.pk, warehouse_id=place.pk, item_id=ids["RED"])
    assert [(one.bin.code if one.bin else None, one.quantity) for one in found] == [("OUT", 2), (None, 7)]
    waiting = places.unlocated(seller_id=seller.pk, warehouse_id=place.pk).rows
    assert [(one.item.sku, one.quantity) for one in waiting] == [("BLUE", 7), ("RED", 7)]
    history = places.bin_history(seller_id=seller.pk, bin_id=cold["C2"]).rows
    assert [(row.kind, row.quantity) for row in history] == [("move", 2), ("put_away", 2)]
    assert [one.item.sku for one in places.contents(seller_id=seller.pk, bin_id=bins["A1"])] == ["BLUE"]


def test_another_sellers_receipts_do_not_exist(seller, words, here, place):
    red = make_items(seller, RED=3)["RED"]
    receipt = warehouse.expect(quantities={red: 5}, **here)
    other = make_seller("Busan Boots")
    theirs = {"seller_id": other.pk, "actor": MINA}
    mine = inventory.default_warehouse(**theirs)
    for deed in (
        lambda: warehouse.receive_item(receipt_id=receipt.pk, item_id=red, quantity=1, **theirs),
        lambda: warehouse.close_receipt(receipt_id=receipt.pk, **theirs),
        lambda: warehouse.cancel_receipt(receipt_id=receipt.pk, **theirs),
        lambda: papers.receipt(seller_id=other.pk, receipt_id=receipt.pk),
    ):
        with pytest.raises(ReceiptNotFound):
            deed()
    with pytest.raises(WarehouseNotFound):
        warehouse.send(from_warehouse_id=place.pk, to_warehouse_id=mine.pk, departures=[Departure(red, 1)], **theirs)
    with pytest.raises(WarehouseNotFound):
        warehouse.begin_receipt(warehouse_id=place.pk, **theirs)
    assert warehouse.begin_receipt(warehouse_id=mine.pk, **theirs).number == "R-000001"
    assert papers.receipt_lines(seller_id=other.pk, receipt_id=receipt.pk) == []
    assert (came(receipt), stock(red)) == ({"RED": (5, 0)}, (3, 0, 5))
