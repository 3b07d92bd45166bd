"""What lies in bins and what has none is what is on hand; the ledger and the bins change in one transaction."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from entrepot.inventory import services as inventory
from entrepot.inventory.bins import NO_BIN
from entrepot.inventory.errors import (
    BinClosed,
    BinNotFound,
    KitHasNoStock,
    NotEnoughStock,
    NotThere,
    PickedStays,
    QuantityInvalid,
    StockIsReserved,
    StockItemNotFound,
    WarehouseNotFound,
)
from entrepot.inventory.ledger import Step, write
from entrepot.inventory.models import Bin, BinMove, BinStock, Movement, Stock, Warehouse, Zone
from entrepot.inventory.services import Arrival, Carry, Correction, Departure, Want
from entrepot.inventory.services.change_many import StockWish, change_many
from tests.books import MINA, assert_books_add_up, figure, make_items, make_kit, make_seller
from tests.shelves import assert_bins_add_up, lying, make_bins, unlocated


@pytest.fixture
def place(seller) -> Warehouse:
    return inventory.default_warehouse(seller_id=seller.pk, actor=MINA)


def steps_of(item_id: int) -> list[tuple[str, str | None, str | None, int]]:
    rows = BinMove.objects.filter(item_id=item_id).order_by("id")
    return list(rows.values_list("kind", "from_bin__code", "to_bin__code", "quantity"))


def lay(place: Warehouse, item_id: int, **quantities: int) -> None:
    """Put away: `lay(place, red, A1=3)`."""
    bins = dict(Bin.objects.filter(warehouse=place).values_list("code", "pk"))
    carries = [Carry(item_id, quantity, None, bins[code]) for code, quantity in quantities.items()]
    inventory.carry(
        seller_id=place.seller_id, warehouse_id=place.pk, carries=carries, actor=MINA, kind=BinMove.Kind.PUT_AWAY
    )


def test_what_is_put_into_bins_stays_on_hand_and_the_rest_has_no_bin(seller, place):
    red = make_items(seller, RED=10)["RED"]
    make_bins(place, "A1", "A2")

    lay(place, red, A1=3, A2=4)

    assert figure(red) == (10, 0)
    assert (lying(red), unlocated(red)) == ({"A1": 3, "A2": 4}, 3)
    assert steps_of(red) == [("put_away", None, "A1", 3), ("put_away", None, "A2", 4)]
    assert Stock.objects.get(item_id=red).version == 1
    assert_bins_add_up([seller.pk])


def test_goods_leave_staging_first_then_what_has_no_bin_then_bins_by_path(seller, place):
    red = make_items(seller, RED=12)["RED"]
    make_bins(place, "A10", "A2", staging=["OUT"])
    lay(place, red, A10=3, A2=4, OUT=2)  # 3 have no bin
    words = {"seller_id": seller.pk, "actor": MINA}
    inventory.reserve(wants=[Want("line:1", red, 4), Want("line:2", red, 3)], **words)

    inventory.ship(references=["line:1"], **words)
    assert (lying(red), unlocated(red)) == ({"A2": 4, "A10": 3}, 1)
    inventory.ship(references=["line:2"], **words)
    assert (lying(red), unlocated(red)) == ({"A2": 2, "A10": 3}, 0)
    inventory.adjust(item_id=red, delta=-3, reason="torn", **words)
    assert (lying(red), unlocated(red)) == ({"A10": 2}, 0)

    assert steps_of(red)[3:] == [
        ("leave", "OUT", None, 2),
        ("leave", "A2", None, 2),
        ("leave", "A2", None, 2),
        ("leave", "A10", None, 1),
    ]
    assert list(BinMove.objects.filter(kind="leave").values_list("reference", flat=True)) == [
        "line:1",
        "line:2",
        "adjustment",
        "adjustment",
    ]
    assert_books_add_up([seller.pk])
    assert_bins_add_up([seller.pk])


def test_what_left_without_being_picked_here_takes_what_is_picked_for_others_last(seller, place):
    red = make_items(seller, RED=5)["RED"]
    make_bins(place, "A1", staging=["OUT"])
    lay(place, red, A1=3, OUT=2)
    words = {"seller_id": seller.pk, "actor": MINA}
    inventory.reserve(wants=[Want("line:1", red, 3), Want("line:2", red, 1)], **words)

    inventory.ship(references=["line:1"], picked=False, **words)
    assert lying(red) == {"OUT": 2}
    inventory.ship(references=["line:2"], picked=False, **words)
    assert lying(red) == {"OUT": 1}
    assert_bins_add_up([seller.pk])


@pytest.mark.parametrize("deed", ["transfer", "adjust", "count", "depart"])
def test_only_what_is_sold_leaves_staging_first_all_else_leaves_what_is_picked_alone(seller, place, deed):
    """What lies in staging was picked for an order; a transfer that took it would leave a parcel without goods."""
    red = make_items(seller, RED=10)["RED"]
    make_bins(place, "A1", "A2", staging=["OUT"])
    lay(place, red, A1=3, A2=4, OUT=2)  # 1 has no bin
    busan = inventory.add_warehouse(seller_id=seller.pk, code="BUSAN", name="Busan", actor=MINA).pk
    words = {"seller_id": seller.pk, "actor": MINA}
    way = {"from_warehouse_id": place.pk, "to_warehouse_id": busan}
    match deed:
        case "transfer":
            inventory.transfer(item_id=red, quantity=5, **way, **words)
        case "adjust":
            inventory.adjust(item_id=red, delta=-5, reason="torn", **words)
        case "count":
            inventory.set_on_hand(item_id=red, on_hand=5, reason="counted", **words)
        case "depart":
            inventory.depart(departures=[Departure(red, 5)], reference="receipt:1", **way, **words)
    left = {"A2": 3, "OUT": 2}
    assert lying(red) == left
    with pytest.raises(PickedStays) as refusal:
        inventory.adjust(item_id=red, delta=-4, reason="torn", warehouse_id=place.pk, **words)
    assert refusal.value.fields == {"item_id": red, "sku": "RED", "staged": 2, "there": 3, "wanted": 4}
    assert lying(red) == left
    [answer] = change_many(
        seller_id=seller.pk, wishes=[StockWish(red, place.pk, "torn", on_hand=1)], reference="sheet:1", actor=MINA
    )
    assert (answer.after, type(answer.refusal), lying(red)) == (5, PickedStays, left)
    inventory.adjust(item_id=red, delta=-3, reason="torn", warehouse_id=place.pk, **words)
    assert lying(red) == {"OUT": 2}
    assert_books_add_up([seller.pk])
    assert_bins_add_up([seller.pk])


def test_many_lines_shipped_at_once_take_each_piece_from_one_bin_only(seller, place):
    ids = make_items(seller, RED=6, BLUE=5)
    make_bins(place, "A1", "A2")
    lay(place, ids["RED"], A1=3, A2=3)
    lay(place, ids["BLUE"], A2=5)
    wants = [Want(f"line:{n}", ids[sku], 2) for n, sku in enumerate(["RED", "RED", "RED", "BLUE", "BLUE"])]
    words = {"seller_id": seller.pk, "actor": MINA}
    inventory.reserve(wants=wants, **words)

    inventory.ship(references=[want.reference for want in wants], **words)

    assert lying(ids["RED"]) == {}
    assert lying(ids["BLUE"]) == {"A2": 1}
    assert_bins_add_up([seller.pk])


def test_a_count_a_transfer_and_an_adjustment_at_a_bin_change_that_bin(seller, place):
    red = make_items(seller, RED=9)["RED"]
    bins = make_bins(place, "A1", "A2", staging=["OUT"])
    lay(place, red, A1=3, A2=3, OUT=1)
    words = {"seller_id": seller.pk, "item_id": red, "actor": MINA}

    inventory.adjust(delta=-2, reason="torn", bin_id=bins["A2"], **words)
    inventory.adjust(delta=-1, reason="lost", bin_id=NO_BIN, **words)
    inventory.set_on_hand(on_hand=8, reason="found", bin_id=bins["A1"], **words)
    inventory.receive(quantity=5, bin_id=bins["A2"], **words)
    inventory.restock(seller_id=seller.pk, quantities={red: 1}, reference="order:1", actor=MINA, bin_id=bins["A1"])

    assert figure(red) == (14, 0)
    assert (lying(red), unlocated(red)) == ({"A1": 6, "A2": 6, "OUT": 1}, 1)
    assert steps_of(red)[3:] == [
        ("leave", "A2", None, 2),
        ("count", None, "A1", 2),
        ("arrive", None, "A2", 5),
        ("return", None, "A1", 1),
    ]
    assert_books_add_up([seller.pk])
    assert_bins_add_up([seller.pk])


def test_a_transfer_lowers_the_bins_of_the_first_warehouse(seller, place):
    red = make_items(seller, RED=5)["RED"]
    busan = inventory.add_warehouse(seller_id=seller.pk, code="BUSAN", name="Busan", actor=MINA)
    make_bins(place, "A1")
    lay(place, red, A1=4)

    inventory.transfer(
        seller_id=seller.pk,
        item_id=red,
        quantity=3,
        from_warehouse_id=place.pk,
        to_warehouse_id=busan.pk,
        actor=MINA,
    )

    assert lying(red) == {"A1": 2}
    assert list(Stock.objects.order_by("id").values_list("on_hand", "located")) == [(2, 2), (3, 0)]
    assert_bins_add_up([seller.pk])


def test_where_nothing_lies_in_bins_not_one_statement_more_is_run(seller, place):
    ids = make_items(seller, RED=9, BLUE=9)
    words = {"seller_id": seller.pk, "actor": MINA}
    inventory.reserve(wants=[Want("line:1", ids["RED"], 2), Want("line:2", ids["BLUE"], 2)], **words)
    inventory.reserve(wants=[Want("line:3", ids["RED"], 2), Want("line:4", ids["BLUE"], 2)], **words)

    def asked(*references: str) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            inventory.ship(references=references, **words)
        return [row["sql"].split()[0] for row in seen]

    lean = ["SAVEPOINT", "SELECT", "SELECT", "DELETE", "WITH", "RELEASE"]
    assert asked("line:1", "line:2") == lean

    make_bins(place, "A1")
    lay(place, ids["RED"], A1=7)
    assert asked("line:4") == lean
    assert asked("line:3") == ["SAVEPOINT", "SELECT", "SELECT", "DELETE", "SELECT", "WITH", "WITH", "RELEASE"]
    assert lying(ids["RED"]) == {"A1": 5}


@pytest.mark.parametrize(
    ("one", "error"),
    [
        ({"quantity": 0}, QuantityInvalid),
        ({"quantity": 1, "from_bin": "A1", "to_bin": "A1"}, QuantityInvalid),
        ({"quantity": 4, "from_bin": "A1", "to_bin": "A2"}, NotThere),
        ({"quantity": 3, "to_bin": "A2"}, NotThere),
        ({"quantity": 1, "to_bin": "SHUT"}, BinClosed),
        ({"quantity": 1, "to_bin": "B1"}, BinNotFound),
        ({"quantity": 1, "from_bin": "B1", "to_bin": "A1"}, BinNotFound),
        ({"quantity": 1, "to_bin": "A1", "item": "PAIR"}, KitHasNoStock),
        ({"quantity": 1, "to_bin": "A1", "item": "BOOT"}, StockItemNotFound),
        ({"quantity": 1, "to_bin": "A1", "warehouse": "theirs"}, WarehouseNotFound),
    ],
)
def test_a_way_that_cannot_be_gone_changes_nothing(seller, place, one, error):
    ids = make_items(seller, RED=5)
    ids["PAIR"] = make_kit(seller, "PAIR", {ids["RED"]: 2})
    other = make_seller("Busan Boots")
    ids |= make_items(other, BOOT=1)
    theirs = inventory.default_warehouse(seller_id=other.pk, actor=MINA)
    bins = make_bins(place, "A1", "A2", "SHUT") | make_bins(theirs, "B1")
    Bin.objects.filter(code="SHUT").update(active=False)
    lay(place, ids["RED"], A1=3)
    good = Carry(ids["RED"], 1, None, bins["A1"])
    bad = Carry(
        ids[one.get("item", "RED")], one["quantity"], bins.get(one.get("from_bin")), bins.get(one.get("to_bin"))
    )
    before = list(BinStock.objects.values_list("pk", "quantity")), BinMove.objects.count()

    with pytest.raises(error):
        inventory.carry(
            seller_id=seller.pk,
            warehouse_id=theirs.pk if "warehouse" in one else place.pk,
            carries=[good, bad],
            actor=MINA,
        )

    assert (list(BinStock.objects.values_list("pk", "quantity")), BinMove.objects.count()) == before
    assert_bins_add_up([seller.pk])


def test_a_refusal_names_what_lies_where(seller, place):
    red = make_items(seller, RED=5)["RED"]
    bins = make_bins(place, "A1", "A2")
    lay(place, red, A1=3)

    with pytest.raises(NotThere) as refusal:
        inventory.carry(
            seller_id=seller.pk,
            warehouse_id=place.pk,
            carries=[Carry(red, 2, bins["A1"], bins["A2"]), Carry(red, 2, bins["A1"], None)],
            actor=MINA,
        )

    assert "Only 3 of RED lie in A1; 4 were asked for." in str(refusal.value)


def test_on_hand_that_falls_out_of_a_bin_with_less_in_it_is_refused(seller, place):
    red = make_items(seller, RED=5)["RED"]
    bins = make_bins(place, "A1")
    lay(place, red, A1=3)
    words = {"seller_id": seller.pk, "item_id": red, "actor": MINA, "reason": "torn"}

    for bin_id, delta in ((bins["A1"], -4), (NO_BIN, -3)):
        with pytest.raises(NotThere):
            inventory.adjust(delta=delta, bin_id=bin_id, **words)

    assert (figure(red), lying(red), unlocated(red)) == ((5, 0), {"A1": 3}, 2)
    assert Movement.objects.filter(item_id=red).count() == 1


def test_the_database_refuses_more_in_bins_than_is_on_hand(seller, place):
    red = make_items(seller, RED=5)["RED"]
    make_bins(place, "A1")
    lay(place, red, A1=3)
    for deed in (
        "UPDATE inventory_stock SET on_hand = 2",
        "UPDATE inventory_stock SET located = 6",
        "UPDATE inventory_binstock SET quantity = -1",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
    for deed in ("UPDATE inventory_binmove SET quantity = 9", "DELETE FROM inventory_binmove"):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
        assert "never changed or deleted" in str(refusal.value)


def test_a_writer_who_did_not_lock_first_is_found_out(seller, place):
    red = make_items(seller, RED=5)["RED"]
    with pytest.raises(RuntimeError, match="lock the rows first"):
        write(seller.pk, [Step(red, place.pk, "adjustment", "x", on_hand=-1)], actor=MINA)
    assert figure(red) == (5, 0)


def test_what_is_announced_is_incoming_until_it_arrives(seller, place):
    red = make_items(seller, RED=5)["RED"]
    words = {"seller_id": seller.pk, "warehouse_id": place.pk, "actor": MINA}

    inventory.announce(quantities={red: 8}, **words)
    inventory.arrive(arrivals=[Arrival(red, 3, 3), Arrival(red, 2, 1)], reference="receipt:1", **words)
    inventory.announce(quantities={red: -1}, **words)

    stock = Stock.objects.get(item_id=red)
    assert (stock.on_hand, stock.incoming) == (10, 3)
    assert_books_add_up([seller.pk])


def test_what_departs_is_gone_here_and_incoming_there(seller, place):
    red = make_items(seller, RED=5)["RED"]
    busan = inventory.add_warehouse(seller_id=seller.pk, code="BUSAN", name="Busan", actor=MINA)
    bins = make_bins(place, "A1", "A2")
    lay(place, red, A1=2, A2=2)
    inventory.reserve(seller_id=seller.pk, wants=[Want("line:1", red, 1)], actor=MINA)
    words = {
        "seller_id": seller.pk,
        "from_warehouse_id": place.pk,
        "to_warehouse_id": busan.pk,
        "reference": "receipt:1",
        "actor": MINA,
    }

    with pytest.raises(NotEnoughStock):
        inventory.depart(departures=[Departure(red, 5)], **words)
    with pytest.raises(NotThere):
        inventory.depart(departures=[Departure(red, 1), Departure(red, 3, bins["A2"])], **words)
    inventory.depart(departures=[Departure(red, 2, bins["A2"]), Departure(red, 1)], **words)

    assert (lying(red), unlocated(red)) == ({"A1": 2}, 0)
    rows = Stock.objects.filter(item_id=red).order_by("id").values_list("on_hand", "reserved", "incoming")
    assert list(rows) == [(2, 1, 0), (0, 0, 3)]
    assert_bins_add_up([seller.pk])


def test_corrections_change_the_bins_they_name_and_refuse_as_one(seller, place):
    red = make_items(seller, RED=6)["RED"]
    bins = make_bins(place, "A1", "A2")
    lay(place, red, A1=3, A2=2)
    inventory.reserve(seller_id=seller.pk, wants=[Want("line:1", red, 5)], actor=MINA)
    words = {
        "seller_id": seller.pk,
        "warehouse_id": place.pk,
        "reference": "count:1",
        "reason": "counted",
        "actor": MINA,
    }

    with pytest.raises(StockIsReserved):
        inventory.correct(corrections=[Correction(red, bins["A1"], -3), Correction(red, bins["A2"], 1)], **words)
    assert (lying(red), figure(red)) == ({"A1": 3, "A2": 2}, (6, 5))
    inventory.correct(
        corrections=[Correction(red, bins["A1"], -3), Correction(red, bins["A2"], 3), Correction(red, None, -1)],
        **words,
    )

    assert (lying(red), unlocated(red), figure(red)) == ({"A2": 5}, 0, (5, 5))
    assert_books_add_up([seller.pk])
    assert_bins_add_up([seller.pk])


def test_a_warehouse_says_who_picks_and_packs_there(seller, place):
    assert place.mode == "oms_only"
    inventory.set_mode(seller_id=seller.pk, warehouse_id=place.pk, mode="wms", actor=MINA)
    place.refresh_from_db()
    assert place.mode == "wms"
    with pytest.raises(WarehouseNotFound):
        inventory.set_mode(seller_id=make_seller("B").pk, warehouse_id=place.pk, mode="external", actor=MINA)
    assert Zone.objects.count() == 0
