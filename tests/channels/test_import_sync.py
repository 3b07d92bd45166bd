"""Reading products again on demand: what changed, what is new, what is gone; our stock figures stay ours."""

from decimal import Decimal

import pytest

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item
from entrepot.channels.errors import NoSuchPart, StoreNotFound, StoreStateForbids
from entrepot.channels.models import Run
from entrepot.channels.services import connect, lifecycle, sync
from entrepot.channels.services.merging import merge_items
from entrepot.connectors.opencart.simulator import Item as CartItem
from entrepot.connectors.opencart.simulator import Shop
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Movement, Stock
from entrepot.orders.models import Order
from entrepot.project import tasks
from tests.books import make_items
from tests.channels.conftest import MINA, World, last_run, listing, shop_of


def ask(world: World, store, *remote_ids: int) -> Run:
    chosen = [listing(store, number).pk for number in remote_ids] if remote_ids else None
    run = sync.sync_products(seller_id=world.seller.pk, store_id=store.pk, listing_ids=chosen, actor=MINA)
    tasks.sync_products(store.pk)
    run.refresh_from_db()
    return run


def edit(shop: Shop, product_id: int, **columns: object) -> None:
    product = shop.tables.products[product_id]
    for name, value in columns.items():
        setattr(product, name, value)
    shop.product_changed(product)


def test_one_product_is_read_again_and_the_others_are_not(world: World):
    server, store = world.imported(shop_of((1, "RED", 5), (2, "BLUE", 6)))
    edit(server.shop, 1, price="12.5000", status=0, names={1: "Redder sock"}, quantity=77)
    edit(server.shop, 2, price="99.0000")

    run = ask(world, store, 1)

    red, blue = listing(store, 1), listing(store, 2)
    assert (run.state, run.counts["products"]) == (Run.State.DONE, 1)
    assert (red.price, red.title, red.state, red.seen_quantity) == (Decimal("12.5000"), "Redder sock", "inactive", 77)
    assert blue.price == Decimal("10.0000")
    assert world.available() == {"RED": 5, "BLUE": 6}
    assert Movement.objects.count() == 2


def test_a_full_sync_adds_what_is_new_and_marks_what_is_gone(world: World):
    server, store = world.imported(shop_of((1, "RED", 5), (2, "BLUE", 6)))
    server.shop.delete_product(1)
    server.shop.add_product(product_id=9, sku="NEW", name="New sock", model="M9", price="4", quantity=3)

    ask(world, store)

    assert (listing(store, 1).state, listing(store, 2).state, listing(store, 9).state) == (
        "missing",
        "active",
        "active",
    )
    assert world.available() == {"RED": 5, "BLUE": 6, "NEW": 3}
    assert world.problems() == ["listing_missing"]


def test_a_product_that_comes_back_settles_its_problem(world: World):
    server, store = world.imported(shop_of((1, "RED", 5), (2, "BLUE", 6)))
    kept = server.shop.tables.products[1]
    server.shop.delete_product(1)
    ask(world, store, 1)
    assert (listing(store, 1).state, world.problems()) == ("missing", ["listing_missing"])

    server.shop.keep_product(kept)
    ask(world, store, 1)

    assert (listing(store, 1).state, world.problems()) == ("active", [])
    assert listing(store, 1).item is not None


def test_our_own_figures_are_never_touched(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    red = Item.objects.get(sku="RED")
    inventory.adjust(seller_id=world.seller.pk, item_id=red.pk, delta=10, reason="found", actor=MINA)
    edit(server.shop, 1, quantity=1)

    ask(world, store)

    assert world.available() == {"RED": 15}
    assert listing(store, 1).seen_quantity == 1


def test_an_order_that_came_before_its_product_moves_on_with_the_sync(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    server.shop.add_product(product_id=9, sku="NEW", name="New sock", model="M9", price="4", quantity=8)
    number = server.shop.place_order([CartItem(9, 3)])
    tasks.pull_orders(store.pk)
    order = Order.objects.get(sales_channel_id=store.pk, remote_id=str(number))
    assert (order.status, order.hold_code) == ("on_hold", "unmapped_sku")

    ask(world, store)

    order.refresh_from_db()
    assert order.status == "new"
    new = Stock.objects.get(item__sku="NEW")
    assert (new.on_hand, new.reserved) == (8, 3)
    assert world.available()["NEW"] == server.shop.tables.products[9].quantity == 5
    assert world.problems() == []


def test_a_sku_changed_in_the_store_is_named_and_the_item_stays(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    item = listing(store, 1).item_id
    edit(server.shop, 1, codes=[("SKU", "CRIMSON")])

    ask(world, store)

    assert listing(store, 1).item_id == item
    assert listing(store, 1).remote_sku == "CRIMSON"
    assert ("sku_changed", "1", "") in world.findings()


def test_the_one_who_has_a_sku_keeps_it_whoever_takes_it_over_there(world: World):
    server, store = world.imported(shop_of((5, "RED", 5), (6, "BLUE", 6)))
    server.shop.add_product(product_id=2, sku="BLUE", name="Late", model="M2", price="4", quantity=3)

    ask(world, store)

    assert listing(store, 2).item is None
    assert listing(store, 6).item is not None
    assert world.findings(code="duplicate_sku") == [("duplicate_sku", "2", "")]


def test_a_duplicate_that_gets_its_own_sku_becomes_an_item(world: World):
    server, store = world.imported(shop_of((1, "RED", 5), (2, "RED", 6)))
    assert world.available() == {"RED": 5}
    edit(server.shop, 2, codes=[("SKU", "ROSE")])

    ask(world, store, 2)

    assert world.available() == {"RED": 5, "ROSE": 6}
    assert world.findings() == []


def test_a_selection_asked_for_while_another_waits_joins_it(world: World):
    _, store = world.imported(shop_of((1, "RED", 5), (2, "BLUE", 6)))
    chosen = {number: [listing(store, number).pk] for number in (1, 2)}
    first = sync.sync_products(seller_id=world.seller.pk, store_id=store.pk, listing_ids=chosen[1], actor=MINA)
    second = sync.sync_products(seller_id=world.seller.pk, store_id=store.pk, listing_ids=chosen[2], actor=MINA)
    assert first.pk == second.pk
    assert last_run(store, "products").counts["_remote_ids"] == ["1", "2"]

    sync.sync_products(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    assert "_remote_ids" not in last_run(store, "products").counts
    tasks.sync_products(store.pk)
    assert last_run(store, "products").state == Run.State.DONE


def test_a_store_that_cannot_be_talked_to_is_not_synced(world: World):
    _, store = world.imported(shop_of((1, "RED", 5)))
    lifecycle.pause(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    offline = connect.connect_store(
        seller_id=world.seller.pk,
        name="Stall",
        country="KR",
        currency="KRW",
        connector="offline",
        credentials={},
        actor=MINA,
    )
    stranger = Seller.objects.create(name="Stranger")
    for verb in (sync.sync_products, sync.sync_orders):
        with pytest.raises(StoreStateForbids):
            verb(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
        with pytest.raises(NoSuchPart):
            verb(seller_id=world.seller.pk, store_id=offline.pk, actor=MINA)
        with pytest.raises(StoreNotFound):
            verb(seller_id=stranger.pk, store_id=store.pk, actor=MINA)
    assert not Run.objects.filter(kind="products").exists()


def test_orders_are_read_at_once_when_a_person_asks(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    server.shop.place_order([CartItem(1, 1)])
    sync.sync_orders(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    tasks.pull_orders(store.pk)
    assert Order.objects.filter(sales_channel_id=store.pk).count() == 1


def test_a_second_product_with_the_other_sku_of_a_merged_item_is_a_double_like_any_other(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    red = Item.objects.get(sku="RED")
    rot = make_items(world.seller, ROT=4)["ROT"]
    merge_items(seller_id=world.seller.pk, kept_id=red.pk, merged_id=rot, actor=MINA)
    server.shop.add_product(product_id=2, sku="ROT", name="Sock 2", model="M2", price="4", quantity=3)

    ask(world, store)

    assert [remote_id for _, remote_id, _ in world.findings(code="duplicate_sku")] == ["2"]
    assert (listing(store, 1).item, listing(store, 2).item) == (red, None)
