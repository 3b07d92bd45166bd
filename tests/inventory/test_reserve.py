import pytest

from entrepot.inventory import services as inventory
from entrepot.inventory.errors import NotEnoughStock, QuantityInvalid
from entrepot.inventory.models import Movement, Reservation, Stock
from entrepot.inventory.services import Want
from tests.books import MINA, assert_books_add_up, figure, make_items, make_kit


def reserve(seller, *wants: Want) -> None:
    inventory.reserve(seller_id=seller.pk, wants=wants, actor=MINA)


def up_to(seller, *wants: Want) -> dict[str, int]:
    return inventory.reserve_up_to(seller_id=seller.pk, wants=wants, actor=MINA)


def test_all_is_set_aside_or_nothing(seller):
    ids = make_items(seller, RED=5, BLUE=1)

    with pytest.raises(NotEnoughStock) as refusal:
        reserve(seller, Want("line:1", ids["RED"], 2), Want("line:2", ids["BLUE"], 2))

    assert refusal.value.fields == {"item_id": ids["BLUE"], "wanted": 2, "available": 1}
    assert [figure(item_id) for item_id in ids.values()] == [(5, 0), (1, 0)]
    assert Reservation.objects.count() == 0
    assert Movement.objects.filter(kind="reservation").count() == 0


def test_as_much_as_there_is_goes_to_those_who_asked_first(seller):
    red = make_items(seller, RED=5)["RED"]
    wants = [Want(f"line:{n}", red, 2) for n in (3, 1, 2)]
    assert up_to(seller, *wants) == {"line:3": 2, "line:1": 2, "line:2": 1}
    assert figure(red) == (5, 5)
    assert_books_add_up([seller.pk])


def test_an_item_that_was_never_counted_gives_nothing(seller):
    red = make_items(seller, RED=5)["RED"]
    Stock.objects.all().delete()
    assert up_to(seller, Want("line:1", red, 2)) == {"line:1": 0}


def test_the_default_warehouse_gives_first_and_the_others_the_rest(seller):
    red = make_items(seller, RED=3)["RED"]
    busan = inventory.add_warehouse(seller_id=seller.pk, code="BUSAN", name="Busan", actor=MINA)
    inventory.receive(seller_id=seller.pk, item_id=red, quantity=4, warehouse_id=busan.pk, actor=MINA)

    reserve(seller, Want("line:1", red, 2), Want("line:2", red, 3))

    rows = Reservation.objects.order_by("reference", "warehouse_id")
    assert list(rows.values_list("reference", "warehouse__code", "quantity")) == [
        ("line:1", "MAIN", 2),
        ("line:2", "MAIN", 1),
        ("line:2", "BUSAN", 2),
    ]
    inventory.ship(seller_id=seller.pk, references=["line:2"], actor=MINA)
    assert dict(Stock.objects.values_list("warehouse__code", "on_hand")) == {"MAIN": 2, "BUSAN": 2}
    assert_books_add_up([seller.pk])


def test_reserving_under_one_name_twice_adds_up(seller):
    red = make_items(seller, RED=5)["RED"]
    reserve(seller, Want("line:1", red, 2))
    reserve(seller, Want("line:1", red, 1), Want("line:1", red, 1))
    assert Reservation.objects.get().quantity == 4
    assert_books_add_up([seller.pk])


@pytest.mark.parametrize("quantity", [0, -1])
def test_nothing_and_less_cannot_be_set_aside(seller, quantity):
    red = make_items(seller, RED=5)["RED"]
    with pytest.raises(QuantityInvalid):
        reserve(seller, Want("line:1", red, quantity))
    assert figure(red) == (5, 0)


def test_a_kit_takes_its_parts_and_gives_them_back(seller):
    ids = make_items(seller, RED=5, BLUE=3)
    kit = make_kit(seller, "PAIR", {ids["RED"]: 2, ids["BLUE"]: 1})
    assert inventory.available(seller.pk, [kit]) == {kit: 2}

    reserve(seller, Want("line:1", kit, 1))
    with pytest.raises(NotEnoughStock):
        reserve(seller, Want("line:2", kit, 2))
    assert up_to(seller, Want("line:2", kit, 2)) == {"line:2": 1}
    assert [figure(ids[sku]) for sku in ("RED", "BLUE")] == [(5, 5), (3, 3)]

    inventory.release(seller_id=seller.pk, references=["line:1", "line:2"], actor=MINA)
    assert inventory.available(seller.pk, [kit]) == {kit: 2}
    assert_books_add_up([seller.pk])


def test_settling_gives_back_what_is_too_much_and_takes_what_is_missing(seller):
    ids = make_items(seller, RED=5, BLUE=2)
    red, blue = ids["RED"], ids["BLUE"]
    reserve(seller, Want("line:1", red, 4), Want("line:2", blue, 1), Want("line:3", red, 1))

    held = inventory.settle(
        seller_id=seller.pk,
        wants=[Want("line:1", red, 1), Want("line:2", blue, 5)],
        references=["line:3"],
        actor=MINA,
    )

    assert held == {"line:1": 1, "line:2": 2}
    assert [figure(red), figure(blue)] == [(5, 1), (2, 2)]
    assert_books_add_up([seller.pk])


def test_settling_a_reference_on_another_item_moves_it_there(seller):
    ids = make_items(seller, RED=5, BLUE=2)
    reserve(seller, Want("line:1", ids["RED"], 4))
    inventory.settle(seller_id=seller.pk, wants=[Want("line:1", ids["BLUE"], 1)], actor=MINA)
    assert [figure(item_id) for item_id in ids.values()] == [(5, 0), (2, 1)]


def test_every_change_of_what_can_be_sold_raises_the_version_and_nothing_lowers_it(seller):
    ids = make_items(seller, RED=9, BLUE=9)
    red, blue = ids["RED"], ids["BLUE"]
    kit = make_kit(seller, "PAIR", {red: 2, blue: 1})
    words = {"seller_id": seller.pk, "actor": MINA}
    main = inventory.default_warehouse(**words)
    busan = inventory.add_warehouse(code="BUSAN", name="Busan", **words)
    deeds = [
        lambda: inventory.receive(item_id=red, quantity=1, **words),
        lambda: inventory.adjust(item_id=red, delta=-1, reason="torn", **words),
        lambda: inventory.set_on_hand(item_id=red, on_hand=7, reason="count", **words),
        lambda: reserve(seller, Want("line:1", red, 1), Want("line:2", kit, 1)),
        lambda: inventory.ship(references=["line:1"], **words),
        lambda: inventory.release(references=["line:2"], **words),
        lambda: inventory.restock(quantities={red: 1}, reference="order:1", **words),
        lambda: inventory.reserve_taken_before(wants=[Want("line:3", red, 1)], **words),
        lambda: inventory.transfer(
            item_id=red, quantity=1, from_warehouse_id=main.pk, to_warehouse_id=busan.pk, **words
        ),
        lambda: inventory.receive(item_id=red, quantity=1, warehouse_id=busan.pk, **words),
    ]
    for deed in deeds:
        before = inventory.figures(seller.pk, [red, kit])
        deed()
        after = inventory.figures(seller.pk, [red, kit])
        assert after[red].version > before[red].version
        assert after[kit].version > before[kit].version
    for parts in ({red: 1}, {blue: 9}, {red: 3, blue: 1}):
        before = inventory.versions(seller.pk, [kit])
        inventory.compose_kit(kit_id=kit, parts=parts, **words)
        assert inventory.versions(seller.pk, [kit])[kit] > before[kit]
    assert inventory.available(seller.pk, [kit]) == {kit: inventory.available(seller.pk, [red])[red] // 3}


def test_figures_of_another_seller_are_not_told(seller):
    red = make_items(seller, RED=9)["RED"]
    assert inventory.available(seller.pk + 1, [red]) == {}
    assert inventory.versions(seller.pk, [red, 10**9]) == {red: 1}
