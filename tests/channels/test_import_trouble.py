"""A store that answers badly in the middle of an import, products that are broken, and a second store."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from entrepot.channels.errors import ImportNotFinished
from entrepot.channels.models import Listing, Run, Store
from entrepot.channels.services import connect, lifecycle, owed, runs
from entrepot.channels.services.doctor import FINDINGS, finding_kind, give_item
from entrepot.channels.services.importing.errand import run_import
from entrepot.connectors.opencart.simulator import Item as CartItem
from entrepot.connectors.opencart.simulator import Shop
from entrepot.inventory.models import Movement, Stock
from entrepot.kernel.errors import ChannelRejected
from entrepot.orders.models import Order
from entrepot.project import tasks
from tests.channels.conftest import MINA, World, last_run, listing, shop_of

ROOT = Path(__file__).resolve().parents[2]


def three_products() -> Shop:
    return shop_of((1, "RED", 5), (2, "BLUE", 6), (3, "GREEN", 7))


def paged(world: World, shop: Shop) -> tuple[object, Store]:
    server = world.serve(shop)
    store = world.connect(server)
    store.settings = {"page_size": 1}
    store.save(update_fields=["settings"])
    return server, store


def rested(store: Store) -> None:
    """The pause a store asked for is over, and so is the run's own."""
    Store.objects.filter(pk=store.pk).update(penalty_until=None)
    Run.objects.filter(store=store, state=Run.State.WAITING).update(progressed_at=timezone.now() - timedelta(hours=1))


@pytest.mark.parametrize("kind", ["error", "crash", "html", "notfound", "truncated", "empty", "shape", "cut"])
def test_a_bad_answer_in_the_middle_suspends_the_import_and_it_goes_on_from_there(world: World, kind: str):
    server, store = paged(world, three_products())
    server.faults.add(kind, resource="products", skip=1, times=10)

    tasks.import_store(store.pk)

    run = last_run(store)
    assert run.state == Run.State.WAITING
    assert (run.phase, run.done) == ("products", 1)
    assert run.error_code
    assert set(Listing.objects.filter(store=store).values_list("remote_id", flat=True)) == {"1"}
    server.faults.clear()
    rested(store)
    store.refresh_from_db()
    if store.state == Store.State.BROKEN:
        tasks.check_connection(store.pk)
    tasks.import_store(store.pk)

    run.refresh_from_db()
    assert (run.state, run.error_code) == (Run.State.DONE, "")
    assert world.available() == {"RED": 5, "BLUE": 6, "GREEN": 7}
    assert world.problems() == []


def test_a_store_that_asks_for_patience_gets_it(world: World):
    server, store = paged(world, three_products())
    server.faults.add("throttle", resource="products", skip=1, times=10, retry_after=120)

    tasks.import_store(store.pk)

    store.refresh_from_db()
    assert store.penalty_until is not None
    assert timedelta(seconds=110) < store.penalty_until - timezone.now() < timedelta(seconds=121)
    assert store.state == Store.State.SHADOW
    assert last_run(store).state == Run.State.WAITING
    asked = server.counters.requests["products"]
    tasks.import_store(store.pk)
    assert server.counters.requests["products"] == asked
    assert store.pk not in owed_by("import_store")


def owed_by(task: str) -> set[int]:
    return {store.pk for store in Store.objects.all() if owed.owes(task=task, store_id=store.pk)}


def test_a_wrong_key_in_the_middle_calls_a_person_and_a_new_key_goes_on(world: World):
    server, store = paged(world, three_products())
    server.faults.add("unauthorized", times=50)

    tasks.import_store(store.pk)

    store.refresh_from_db()
    assert store.state == Store.State.BROKEN
    assert world.problems() == ["store_misconfigured"]
    assert owed_by("import_store") == set()
    server.faults.clear()
    connect.replace_credentials(
        seller_id=world.seller.pk,
        store_id=store.pk,
        credentials={"domain_url": server.url, "secret_key": server.secret},
        actor=MINA,
    )
    store.refresh_from_db()
    assert store.state == Store.State.SHADOW
    assert world.problems() == []
    rested(store)
    tasks.import_store(store.pk)
    assert last_run(store).state == Run.State.DONE


def test_an_import_waits_longer_each_time_and_is_owed_again_after_its_pause(world: World):
    server, store = paged(world, three_products())
    server.faults.add("error", resource="products", times=50)
    pauses = []
    for _ in range(3):
        Store.objects.filter(pk=store.pk).update(penalty_until=None)
        tasks.import_store(store.pk)
        run = last_run(store)
        assert run.progressed_at is not None
        for seconds in (4, 9, 19, 39):
            if not runs.due(run, now=run.progressed_at + timedelta(seconds=seconds)):
                continue
            pauses.append(seconds)
            break
        rested(store)
    assert pauses == [9, 19, 39]


def test_going_live_before_the_import_is_done_is_refused_and_changes_nothing(world: World):
    server, store = paged(world, three_products())
    server.faults.add("error", resource="products", skip=1, times=10)
    tasks.import_store(store.pk)

    with pytest.raises(ImportNotFinished):
        lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    store.refresh_from_db()
    assert store.state == Store.State.SHADOW
    assert server.counters.requests["webhook"] == 0


def test_a_malformed_product_is_listed_and_the_good_ones_are_there(world: World):
    shop = three_products()
    shop.tables.products[2].price = "not a price"
    _, store = world.imported(shop)

    assert world.available() == {"RED": 5, "GREEN": 7}
    findings = [code for code, remote_id, _ in world.findings() if remote_id == "2"]
    assert len(findings) == 1
    assert last_run(store).state == Run.State.DONE
    assert last_run(store).counts["products"] == 2


def test_a_repaired_product_is_taken_in_and_its_finding_settled(world: World):
    shop = three_products()
    shop.tables.products[2].price = "not a price"
    _, store = world.imported(shop)
    shop.tables.products[2].price = "12.0000"
    shop.product_changed(shop.tables.products[2])

    runs.start_run(store=store, kind=Run.Kind.PRODUCTS, actor=MINA)
    tasks.sync_products(store.pk)

    assert world.available() == {"RED": 5, "BLUE": 6, "GREEN": 7}
    assert world.findings() == []
    assert len(world.findings(standing=False)) == 1


def test_the_second_store_that_brings_a_sku_changes_no_stock(world: World):
    _, first = world.imported(three_products())
    moved = Movement.objects.count()

    _, second = world.imported(shop_of((70, "RED", 99), (71, "NEW", 4)), name="Second shop")

    assert listing(second, 70).item_id == listing(first, 1).item_id
    assert listing(second, 70).seen_quantity == 99
    assert world.available() == {"RED": 5, "BLUE": 6, "GREEN": 7, "NEW": 4}
    assert Movement.objects.count() == moved + 1


def test_the_second_stores_open_orders_are_set_aside_from_the_stock_there_is(world: World):
    world.imported(three_products())
    shop = shop_of((70, "RED", 99))
    shop.place_order([CartItem(70, 2)])

    _, second = world.imported(shop, name="Second shop")

    red = Stock.objects.get(item__sku="RED")
    assert (red.on_hand, red.reserved) == (5, 2)
    assert Order.objects.get(sales_channel_id=second.pk).status == "new"


def test_what_the_second_store_had_shipped_before_leaves_the_stock_alone(world: World):
    world.imported(three_products())
    shop = shop_of((70, "RED", 99))
    number = shop.place_order([CartItem(70, 2)])
    shop.set_status(number, 3)

    world.imported(shop, name="Second shop")

    red = Stock.objects.get(item__sku="RED")
    assert (red.on_hand, red.reserved) == (5, 0)


def test_skus_that_differ_only_in_case_are_two_items_and_are_named(world: World):
    _, store = world.imported(shop_of((1, "Red", 5), (2, "RED", 6), (3, " RED ", 7)))

    assert world.available() == {"Red": 5, "RED": 6}
    assert [(code, remote_id) for code, remote_id, _ in world.findings(code="sku_case")] == [
        ("sku_case", "1"),
        ("sku_case", "2"),
    ]
    assert [remote_id for _, remote_id, _ in world.findings(code="duplicate_sku")] == ["3"]
    assert "{other}" in finding_kind("sku_case").sentence
    assert listing(store, 3).item is None


def test_a_product_with_neither_sku_nor_model_waits_without_an_item(world: World):
    shop = shop_of((1, "RED", 5))
    shop.add_product(product_id=2, sku="", name="Nameless", model="", price="3", quantity=8)

    _, store = world.imported(shop)

    assert listing(store, 2).item is None
    assert ("missing_sku", "2", "") in world.findings()
    assert world.available() == {"RED": 5}


def test_a_store_may_say_that_models_are_no_skus(world: World):
    server = world.serve(shop_of((1, "", 5)))
    store = world.connect(server)
    store.settings = {"missing_sku": "leave_unmatched"}
    store.save(update_fields=["settings"])

    run_import(store=store)

    assert listing(store, 1).item is None
    assert ("missing_sku", "1", "") in world.findings()


def test_a_person_gives_the_nameless_product_a_sku_and_its_order_moves_on(world: World):
    shop = shop_of((1, "RED", 5))
    shop.add_product(product_id=2, sku="", name="Nameless", model="", price="3", quantity=8)
    number = shop.place_order([CartItem(2, 3)])
    _, store = world.imported(shop)
    order = Order.objects.get(sales_channel_id=store.pk, remote_id=str(number))
    assert (order.status, order.hold_code) == ("on_hold", "unmapped_sku")

    give_item(seller_id=world.seller.pk, listing_id=listing(store, 2).pk, sku="NAMED", actor=MINA)

    named = Stock.objects.get(item__sku="NAMED")
    assert (named.on_hand, named.reserved) == (8, 3)
    assert world.available()["NAMED"] == 5 == shop.tables.products[2].quantity
    order.refresh_from_db()
    assert order.status == "new"
    assert world.findings() == []


def test_a_made_up_sku_is_one_nobody_has(world: World):
    shop = shop_of((1, "RED", 5))
    shop.add_product(product_id=2, sku="", name="Nameless", model="", price="3", quantity=8)
    _, store = world.imported(shop)

    made = give_item(seller_id=world.seller.pk, listing_id=listing(store, 2).pk, actor=MINA)

    assert made.item is not None
    assert made.item.sku.startswith(f"OP{store.pk}-2-")
    assert world.available()[made.item.sku] == 8


def test_the_sku_doctor_has_words_for_everything_the_connector_may_find():
    told = set()
    for path in (ROOT / "src/entrepot/connectors/opencart").glob("*.py"):
        told |= set(re.findall(r'^        yield "([a-z_]+)"$', path.read_text(encoding="utf-8"), re.MULTILINE))
        told |= set(re.findall(r'^    yield "([a-z_]+)"$', path.read_text(encoding="utf-8"), re.MULTILINE))
    assert len(told) > 12
    ours = {
        "duplicate_sku",
        "sku_too_long",
        "sku_changed",
        "sku_case",
        "bad_row",
        "bad_price",
        "category_bad",
        "brand_bad",
    }
    assert sorted((told | ours) - FINDINGS.keys()) == []


def test_a_store_that_refuses_the_errand_itself_stops_the_run_and_is_not_called_silent(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    _, store = paged(world, three_products())

    def refuse(**_: object) -> None:
        raise ChannelRejected("HTTP 422", reason="page size")

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "run_import", refuse)
        tasks.import_store(store.pk)

    store.refresh_from_db()
    assert last_run(store).state == Run.State.FAILED
    assert world.problems() == ["import_stopped"]
    assert "silent_since" not in store.info
    assert owed_by("import_store") == set()


def test_an_error_nobody_expected_is_a_problem_with_its_detail_and_stays_an_error(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    _, store = world.imported(three_products())

    def break_down(_store: Store) -> None:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "push_stock_of", break_down)
        with pytest.raises(ZeroDivisionError):
            tasks.push_stock(store.pk)
    assert world.problems() == ["errand_failed"]

    tasks.push_stock(store.pk)
    assert world.problems() == []
