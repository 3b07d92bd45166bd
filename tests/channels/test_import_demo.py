"""The first import of the demo shop: what is there, under which SKU, how much of it, and what the SKU doctor says."""

from decimal import Decimal

import pytest
from django.db.models import F

from entrepot.catalog.models import Item
from entrepot.channels.models import Listing, RemoteAttribute, RemoteBrand, RemoteCategory, Run
from entrepot.channels.services import connect
from entrepot.channels.services.importing.errand import run_import
from entrepot.channels.services.push import push_stock
from entrepot.channels.services.runs import results
from entrepot.connectors.opencart.simulator import Item as CartItem
from entrepot.connectors.opencart.simulator import Shop
from entrepot.inventory.models import Movement, Stock
from entrepot.orders.models import Order
from tests.channels.conftest import MINA, World, before, last_run, listing, shop_of


@pytest.mark.parametrize("line", ["4.1", "4.0", "3.0"])
def test_after_the_import_every_sku_has_available_what_the_shop_shows(world: World, line: str):
    _, store = world.imported(Shop.demo(line=line))

    assert last_run(store).state == Run.State.DONE
    matched = Listing.objects.filter(store=store).exclude(item=None)
    assert matched.count() > 15
    available = world.available()
    shown = dict(matched.values_list("item__sku", "seen_quantity"))
    assert available == shown
    assert Stock.objects.filter(reserved__gt=0).exists()
    assert not Stock.objects.filter(reserved__gt=F("on_hand")).exists()


def test_orders_that_wait_in_the_shop_are_on_hand_beside_its_counter(world: World):
    _, store = world.imported(Shop.demo())

    iphone = Item.objects.get(sku="PHONE-IPHONE")
    stock = Stock.objects.get(item=iphone)
    assert (stock.on_hand, stock.reserved) == (973, 3)
    assert listing(store, 40).seen_quantity == 970
    kinds = list(Movement.objects.filter(item=iphone).order_by("version").values_list("kind", "on_hand_delta"))
    assert kinds == [("opening", 970), ("opening", 1), ("opening", 2)]


def test_what_was_shipped_or_canceled_before_we_came_leaves_our_stock_alone(world: World):
    _, store = world.imported(Shop.demo())

    shipped = Order.objects.get(sales_channel_id=store.pk, remote_id="3")
    canceled = Order.objects.get(sales_channel_id=store.pk, remote_id="4")
    assert (shipped.status, canceled.status) == ("in_transit", "canceled")
    macbook = Stock.objects.get(item__sku="MAC-MACBOOK")
    assert (macbook.on_hand, macbook.reserved) == (929, 0)


def test_an_abandoned_cart_is_no_order(world: World):
    _, store = world.imported(Shop.demo())

    assert not Order.objects.filter(sales_channel_id=store.pk, remote_id="6").exists()
    assert Order.objects.filter(sales_channel_id=store.pk).count() == 7


def test_nothing_would_be_pushed_after_the_import(world: World):
    server, store = world.imported(Shop.demo())
    connect.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    before = {number: product.quantity for number, product in server.shop.tables.products.items()}

    report = push_stock(store, full=True)

    assert (report.sent, report.changed, report.refused) == (0, 0, 0)
    assert server.counters.stock_writes == []
    assert {number: product.quantity for number, product in server.shop.tables.products.items()} == before


def test_of_two_products_with_one_sku_the_lowest_id_is_taken_and_the_other_is_listed(world: World):
    _, store = world.imported(Shop.demo())

    taken, other = listing(store, 32), listing(store, 36)
    assert taken.item is not None
    assert taken.item.sku == "IPOD-TOUCH-8G"
    assert other.item is None
    assert ("duplicate_sku", "36", "") in world.findings()
    assert ("duplicate_sku", "32", "") not in world.findings()


def test_a_product_without_sku_goes_by_its_model_and_is_named(world: World):
    _, store = world.imported(Shop.demo())

    nameless = listing(store, 33)
    assert nameless.remote_sku == ""
    assert nameless.item is not None
    assert nameless.item.sku == "Product 6"
    assert ("missing_sku", "33", "") in world.findings()


def test_prices_options_images_and_states_are_the_shops(world: World):
    _, store = world.imported(Shop.demo())

    cinema = listing(store, 42)
    assert cinema.title == 'Apple Cinema 30"'
    assert (cinema.price, cinema.retail_price, cinema.currency) == (Decimal("100.0000"), None, "USD")
    assert cinema.image_url.endswith("image/catalog/demo/apple_cinema_30.jpg")
    assert cinema.state == Listing.State.ACTIVE


def test_a_variant_stands_under_its_masters_product(world: World):
    _, store = world.imported(Shop.demo())

    variant = listing(store, 50)
    assert variant.parent_id == "30"
    assert variant.item is not None
    assert variant.item.product.is_group
    siblings = set(variant.item.product.items.values_list("sku", flat=True))
    assert "CAM-EOS-5D-RED" in siblings
    masters = set(
        Listing.objects.filter(store=store, remote_id="30").exclude(item=None).values_list("item__sku", flat=True)
    )
    assert masters <= siblings


def test_categories_brands_and_attributes_are_read(world: World):
    _, store = world.imported(Shop.demo())

    counts = results(last_run(store))
    assert RemoteCategory.objects.filter(store=store).count() == counts["categories"] == 38
    assert RemoteBrand.objects.filter(store=store).count() == counts["brands"] == 6
    assert RemoteAttribute.objects.filter(store=store).count() == counts["attributes"]
    iphone = Item.objects.get(sku="PHONE-IPHONE")
    assert iphone.product.brand is not None
    assert iphone.product.brand.name == "Apple"
    assert {category.name for category in iphone.product.categories.all()} == {"Phones & PDAs", "Desktops"}


def test_an_order_placed_while_the_import_runs_is_counted_once(world: World):
    server = world.serve(Shop.demo())
    store = world.connect(server)
    before(server, "order_cursor", lambda: server.shop.place_order([CartItem(43, 5)]))

    run_import(store=store)

    assert server.shop.tables.products[43].quantity == 924
    assert world.available()["MAC-MACBOOK"] == 924
    macbook = Stock.objects.get(item__sku="MAC-MACBOOK")
    assert (macbook.on_hand, macbook.reserved) == (929, 5)


def test_an_order_placed_while_the_figures_are_read_again_is_counted_once(world: World):
    server = world.serve(Shop.demo())
    store = world.connect(server)
    before(server, "stock", lambda: server.shop.place_order([CartItem(43, 5)]))

    run_import(store=store)

    assert server.shop.tables.products[43].quantity == 924
    assert world.available()["MAC-MACBOOK"] == 924


def test_an_oversold_product_has_nothing_left_and_its_newest_order_waits(world: World):
    shop = shop_of((1, "RED", 2))
    first = shop.place_order([CartItem(1, 1)])
    shop.set_quantity(1, 1)
    second = shop.place_order([CartItem(1, 1)])
    shop.set_quantity(1, -1)

    _, store = world.imported(shop)

    assert world.available() == {"RED": 0}
    stock = Stock.objects.get(item__sku="RED")
    assert (stock.on_hand, stock.reserved) == (1, 1)
    statuses = dict(Order.objects.filter(sales_channel_id=store.pk).values_list("remote_id", "status"))
    assert statuses == {str(first): "new", str(second): "partial"}
    assert ("negative_quantity", "1", "") in world.findings()
