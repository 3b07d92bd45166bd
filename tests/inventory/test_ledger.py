"""Every change of stock is one line of the ledger, with the figures after it."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from entrepot.inventory import services as inventory
from entrepot.inventory.errors import (
    BelowZero,
    KitHasNoStock,
    NotEnoughStock,
    QuantityInvalid,
    ReasonMissing,
    StockIsReserved,
    StockItemNotFound,
    WarehouseNotFound,
    WarehouseTaken,
)
from entrepot.inventory.models import Movement, Stock, Warehouse
from entrepot.inventory.services import Want
from tests.books import MINA, assert_books_add_up, figure, make_items, make_kit, make_seller


def ledger(item_id: int) -> list[tuple[str, int, int, int, int, int]]:
    rows = Movement.objects.filter(item_id=item_id).order_by("id")
    columns = "kind", "on_hand_delta", "reserved_delta", "on_hand_after", "reserved_after", "version"
    return list(rows.values_list(*columns))


def test_each_verb_writes_its_own_line_with_the_figures_after_it(seller):
    red = make_items(seller, RED=5)["RED"]
    words = {"seller_id": seller.pk, "actor": MINA}

    assert inventory.receive(item_id=red, quantity=3, reference="receipt:9", **words) == 8
    assert inventory.adjust(item_id=red, delta=-1, reason="torn", **words) == 7
    assert inventory.set_on_hand(item_id=red, on_hand=10, reason="shelf 4", **words) == 3
    inventory.reserve(wants=[Want("line:1", red, 2), Want("line:2", red, 1)], **words)
    assert inventory.release(references=["line:2"], reason="canceled", **words) == [red]
    inventory.ship(references=["line:1"], **words)
    inventory.restock(quantities={red: 1}, reference="order:1", **words)

    assert ledger(red) == [
        ("opening", 5, 0, 5, 0, 1),
        ("receipt", 3, 0, 8, 0, 2),
        ("adjustment", -1, 0, 7, 0, 3),
        ("count", 3, 0, 10, 0, 4),
        ("reservation", 0, 2, 10, 2, 5),
        ("reservation", 0, 1, 10, 3, 6),
        ("release", 0, -1, 10, 2, 7),
        ("sale", -2, -2, 8, 0, 8),
        ("return", 1, 0, 9, 0, 9),
    ]
    last = Movement.objects.get(kind="adjustment")
    assert (last.reason, last.actor_kind, last.actor_label) == ("torn", "user", "Mina")
    assert_books_add_up([seller.pk])


def test_a_count_that_agrees_is_kept_in_the_ledger(seller):
    red = make_items(seller, RED=5)["RED"]
    assert inventory.set_on_hand(seller_id=seller.pk, item_id=red, on_hand=5, reason="", actor=MINA) == 0
    assert ledger(red)[-1] == ("count", 0, 0, 5, 0, 2)


def test_the_ledger_is_never_changed_or_deleted(seller):
    make_items(seller, RED=5)
    for deed in ("UPDATE inventory_movement SET on_hand_delta = 9", "DELETE FROM inventory_movement"):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
        assert "never changed or deleted" in str(refusal.value)
    assert Movement.objects.get().on_hand_delta == 5


def test_opening_stock_twice_opens_it_once_and_below_zero_is_zero(seller):
    ids = make_items(seller, RED=5, BLUE=-3)
    words = {"seller_id": seller.pk, "reference": "import:2", "actor": MINA}

    assert inventory.open_stock(figures={ids["RED"]: 9, ids["BLUE"]: 9}, **words) == 0

    assert [figure(item_id) for item_id in ids.values()] == [(5, 0), (0, 0)]
    assert ledger(ids["BLUE"]) == [("opening", 0, 0, 0, 0, 1)]


def test_opening_stock_leaves_kits_and_other_sellers_items_alone(seller):
    red = make_items(seller, RED=5)["RED"]
    kit = make_kit(seller, "PAIR", {red: 2})
    boots = make_items(make_seller("Busan Boots"), BOOT=1)["BOOT"]
    Stock.objects.filter(item_id=boots).delete()
    figures = {kit: 4, boots: 4, 10**9: 4}
    assert inventory.open_stock(seller_id=seller.pk, figures=figures, reference="import:2", actor=MINA) == 0
    assert figure(kit) == figure(boots) == (0, 0)


@pytest.mark.parametrize(
    ("verb", "words", "error"),
    [
        (inventory.adjust, {"delta": -4, "reason": "torn"}, StockIsReserved),
        (inventory.adjust, {"delta": -6, "reason": "torn"}, BelowZero),
        (inventory.adjust, {"delta": 1, "reason": " "}, ReasonMissing),
        (inventory.set_on_hand, {"on_hand": 1, "reason": "count"}, StockIsReserved),
        (inventory.set_on_hand, {"on_hand": -1, "reason": "count"}, BelowZero),
        (inventory.receive, {"quantity": 0}, QuantityInvalid),
        (inventory.receive, {"quantity": 1, "warehouse_id": 10**9}, WarehouseNotFound),
    ],
)
def test_a_refused_change_changes_nothing(seller, verb, words, error):
    red = make_items(seller, RED=5)["RED"]
    inventory.reserve(seller_id=seller.pk, wants=[Want("line:1", red, 2)], actor=MINA)
    before = ledger(red)

    with pytest.raises(error):
        verb(seller_id=seller.pk, item_id=red, actor=MINA, **words)

    assert ledger(red) == before
    assert figure(red) == (5, 2)


def test_a_count_below_what_is_set_aside_names_the_amounts(seller):
    red = make_items(seller, RED=5)["RED"]
    inventory.reserve(seller_id=seller.pk, wants=[Want("line:1", red, 4)], actor=MINA)

    with pytest.raises(StockIsReserved) as refusal:
        inventory.set_on_hand(seller_id=seller.pk, item_id=red, on_hand=1, reason="count", actor=MINA)

    assert refusal.value.fields == {"item_id": red, "reserved": 4, "on_hand": 1, "missing": 3}
    assert "Take 3 back from the newest orders" in str(refusal.value)


def test_another_sellers_item_and_a_kit_have_no_stock_here(seller):
    red = make_items(seller, RED=5)["RED"]
    kit = make_kit(seller, "PAIR", {red: 2})
    boots = make_items(make_seller("Busan Boots"), BOOT=1)["BOOT"]
    words = {"seller_id": seller.pk, "actor": MINA, "quantity": 1}

    with pytest.raises(StockItemNotFound):
        inventory.receive(item_id=boots, **words)
    with pytest.raises(KitHasNoStock):
        inventory.receive(item_id=kit, **words)
    with pytest.raises(StockItemNotFound):
        inventory.reserve(seller_id=seller.pk, wants=[Want("line:1", boots, 1)], actor=MINA)

    assert figure(boots) == (1, 0)


def test_a_kit_that_got_other_parts_has_a_row_but_still_no_stock(seller):
    red = make_items(seller, RED=5)["RED"]
    kit = make_kit(seller, "PAIR", {red: 2})
    inventory.compose_kit(seller_id=seller.pk, kit_id=kit, parts={red: 3}, actor=MINA)
    with pytest.raises(KitHasNoStock):
        inventory.receive(seller_id=seller.pk, actor=MINA, item_id=kit, quantity=1)
    assert figure(kit) == (0, 0)


def test_a_transfer_moves_only_what_nobody_waits_for(seller):
    red = make_items(seller, RED=5)["RED"]
    inventory.reserve(seller_id=seller.pk, wants=[Want("line:1", red, 3)], actor=MINA)
    main = inventory.default_warehouse(seller_id=seller.pk, actor=MINA)
    busan = inventory.add_warehouse(seller_id=seller.pk, code="BUSAN", name="Busan", actor=MINA)
    words = {"seller_id": seller.pk, "item_id": red, "from_warehouse_id": main.pk, "actor": MINA}

    with pytest.raises(NotEnoughStock):
        inventory.transfer(quantity=3, to_warehouse_id=busan.pk, **words)
    with pytest.raises(QuantityInvalid):
        inventory.transfer(quantity=1, to_warehouse_id=main.pk, **words)
    inventory.transfer(quantity=2, to_warehouse_id=busan.pk, **words)

    rows = dict(Stock.objects.filter(item_id=red).values_list("warehouse__code", "on_hand"))
    assert rows == {"MAIN": 3, "BUSAN": 2}
    assert [step[0] for step in ledger(red)] == ["opening", "reservation", "transfer_out", "transfer_in"]
    assert_books_add_up([seller.pk])


def test_the_first_warehouse_makes_itself_and_codes_are_unique(seller):
    first = inventory.default_warehouse(seller_id=seller.pk, actor=MINA)
    assert inventory.default_warehouse(seller_id=seller.pk, actor=MINA) == first
    with pytest.raises(WarehouseTaken):
        inventory.add_warehouse(seller_id=seller.pk, code="MAIN", name="Again", actor=MINA)
    assert list(Warehouse.objects.values_list("code", "is_default")) == [("MAIN", True)]


def test_a_closed_warehouse_takes_nothing_and_gives_nothing(seller):
    red = make_items(seller, RED=1)["RED"]
    busan = inventory.add_warehouse(seller_id=seller.pk, code="BUSAN", name="Busan", actor=MINA)
    words = {"seller_id": seller.pk, "actor": MINA, "item_id": red, "quantity": 4, "warehouse_id": busan.pk}
    inventory.receive(**words)
    Warehouse.objects.filter(pk=busan.pk).update(active=False)

    with pytest.raises(WarehouseNotFound):
        inventory.receive(**words)
    granted = inventory.reserve_up_to(seller_id=seller.pk, wants=[Want("line:1", red, 5)], actor=MINA)

    assert granted == {"line:1": 1}
    assert inventory.available(seller.pk, [red]) == {red: 0}
