"""An import that dies at any moment goes on at the page it had reached, and nothing is there twice."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from entrepot.catalog.models import Item, Product
from entrepot.channels import engine
from entrepot.channels.models import Finding, Listing, Run, StockTold, Store
from entrepot.channels.opening import opened
from entrepot.channels.services import lifecycle, runs
from entrepot.channels.services.importing.errand import TakenOver, move_on, run_import
from entrepot.connectors.opencart.simulator import Item as CartItem
from entrepot.connectors.opencart.simulator import Shop
from entrepot.inventory.models import Movement, Stock
from entrepot.orders.models import Order, OrderLine
from tests.channels.conftest import MINA, World, last_run, shop_of


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Die just before the n-th statement that the writing side sends."""
    left = [statement]

    def count(execute, sql, params, many, context):
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def picture(store: Store) -> dict[str, object]:
    """Everything an import leaves behind, without ids and times."""
    return {
        "items": sorted(Item.objects.values_list("sku", "name", "kind")),
        "products": sorted(Product.objects.values_list("name", "is_group")),
        "listings": sorted(
            Listing.objects.filter(store=store).values_list("remote_id", "variation_key", "item__sku", "seen_quantity")
        ),
        "stock": sorted(Stock.objects.values_list("item__sku", "on_hand", "reserved")),
        "moved": sorted(Movement.objects.values_list("item__sku", "kind", "on_hand_delta", "reserved_delta")),
        "told": StockTold.objects.filter(kind="seen", cause="import").count(),
        "findings": sorted(Finding.objects.filter(resolved_at=None).values_list("code", "remote_id", "variation_key")),
        "orders": sorted(Order.objects.values_list("remote_id", "status")),
        "lines": sorted(OrderLine.objects.values_list("order__remote_id", "item__sku", "quantity")),
    }


def busy_shop() -> Shop:
    """A shop of 30 products in pages of 4, with a duplicate SKU across pages, one without, and waiting orders."""
    rows = [(number, f"SKU-{number}", 10 + number) for number in range(1, 31)]
    rows[3], rows[20] = (4, "SAME", 7), (21, "SAME", 9)
    rows[10] = (11, "", 5)
    shop = shop_of(*rows)
    for number in (1, 2, 2, 4, 29):
        shop.place_order([CartItem(number, 2)])
    return shop


def small_pages(store: Store) -> None:
    store.settings = {"page_size": 4, "order_page_size": 2}
    store.save(update_fields=["settings"])


@pytest.mark.parametrize("seed", range(6))
def test_killed_again_and_again_the_import_ends_as_if_nothing_had_happened(world: World, seed: int):
    dice = random.Random(seed)  # noqa: S311 - a repeatable choice of moments
    server = world.serve(busy_shop())
    store = world.connect(server)
    small_pages(store)
    deaths = 0
    for _ in range(12):
        with killed_at(dice.randrange(1, 120)):
            try:
                run_import(store=store)
            except Killed:
                deaths += 1
                connection.close()
            else:
                break
    run_import(store=store)

    assert deaths > 0
    assert last_run(store).state == Run.State.DONE
    assert picture(store) == EXPECTED
    assert last_run(store).counts["new_listings"] == 30
    assert world.available() == dict(Listing.objects.exclude(item=None).values_list("item__sku", "seen_quantity"))


NAMES = {number: f"SKU-{number}" for number in range(1, 31)} | {4: "SAME", 11: "M11"}
COUNTED = {number: 10 + number for number in range(1, 31)} | {4: 5, 11: 5, 1: 9, 2: 8, 29: 37}
HELD = {1: 2, 2: 4, 4: 2, 29: 2}
EXPECTED = {
    "items": sorted((NAMES[number], f"Sock {number}", "single") for number in range(1, 31) if number != 21),
    "products": sorted((f"Sock {number}", False) for number in range(1, 31) if number != 21),
    "listings": sorted(
        (str(number), "", None if number == 21 else NAMES[number], 9 if number == 21 else COUNTED[number])
        for number in range(1, 31)
    ),
    "stock": sorted(
        (NAMES[number], COUNTED[number] + HELD.get(number, 0), HELD.get(number, 0))
        for number in range(1, 31)
        if number != 21
    ),
    "moved": sorted(
        [(NAMES[number], "opening", COUNTED[number], 0) for number in range(1, 31) if number != 21]
        + [(NAMES[number], "opening", 2, 2) for number in (1, 2, 2, 4, 29)]
    ),
    "told": 30,
    "findings": [("duplicate_sku", "21", ""), ("missing_sku", "11", "")],
    "orders": [(str(number), "new") for number in range(1, 6)],
    "lines": [(str(order), NAMES[product], 2) for order, product in enumerate((1, 2, 2, 4, 29), 1)],
}


def test_a_crash_costs_no_page_that_was_written(world: World):
    server = world.serve(busy_shop())
    store = world.connect(server)
    small_pages(store)
    with killed_at(150), pytest.raises(Killed):
        run_import(store=store)
    connection.close()
    run = last_run(store)
    reached, asked = run.done, server.counters.requests["products"]
    assert run.phase == "products"
    assert 0 < reached < 30
    assert reached % 4 == 0

    run_import(store=store)

    counts = last_run(store).counts
    assert (counts["products"], counts["new_listings"], counts["stock_opened"]) == (30, 30, 29)
    assert server.counters.requests["products"] - asked == (30 - reached + 3) // 4


def test_of_two_workers_on_one_run_the_second_writes_nothing(world: World):
    server = world.serve(busy_shop())
    store = world.connect(server)
    small_pages(store)
    stale = last_run(store)
    runs.begin_phase(run=stale, phase="products")
    ahead = last_run(store)
    move_on(ahead, cursor="4", done=4, counts={})

    with pytest.raises(TakenOver):
        move_on(stale, cursor="4", done=4, counts={"products": 4})

    assert last_run(store).done == 4
    assert "products" not in last_run(store).counts


def test_a_run_that_was_ended_by_hand_writes_no_further_page(world: World):
    server = world.serve(busy_shop())
    store = world.connect(server)
    run = last_run(store)
    lifecycle.disconnect(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    with pytest.raises(TakenOver):
        move_on(run, cursor="", done=4, counts={})

    assert last_run(store).state == Run.State.CANCELED
    assert run_import(store=store) is None


def test_the_import_holds_up_neither_pushes_nor_pulls_of_its_store(world: World):
    _, store = world.imported(busy_shop())
    with engine.store_lock(store.pk, "catalogue") as catalogue, opened(store, lane="catalogue"):
        assert catalogue
        with engine.store_lock(store.pk, "stock") as stock, engine.store_lock(store.pk, "orders") as orders:
            assert stock
            assert orders
