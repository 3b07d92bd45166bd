"""What a product says of itself: taken once from the store that brought it, told to every store it is listed in."""

from decimal import Decimal

import pytest

from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ProductDraft
from entrepot.catalog.models import Product
from entrepot.channels.models import ListingChange, Store, StoreProduct
from entrepot.channels.services import offers, plans, sync
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.offers_push import push_listings
from entrepot.connectors.cafe24.simulator import Mall
from entrepot.connectors.opencart.simulator import Shop
from entrepot.web.wording.plans import shown
from tests.roads.mall import connect_mall
from tests.roads.rig import MINA, Place, Road, small_shop

pytestmark = pytest.mark.django_db

WARM = "<p>Warm &amp; soft</p>"


def described_shop() -> Shop:
    """A shop that says of its sock what there is to say, with two pictures."""
    shop = small_shop(RED=5)
    sock = shop.tables.products[1]
    sock.descriptions = {1: "&lt;p&gt;Warm &amp;amp; soft&lt;/p&gt;"}
    sock.columns["image"], sock.images = "catalog/red.png", ["catalog/side.png"]
    shop.tables.attributes = [
        {"attribute_id": 4, "attribute_group_id": 1, "sort_order": 0, "name": "소재", "group": "Facts"}
    ]
    sock.attributes = [(4, 1, "Wool")]
    return shop


@pytest.fixture
def place(road: Road, settings) -> Place:
    settings.PRIVATE_TARGETS = True  # the shops' pictures lie on this machine
    return road.connect(described_shop())


@pytest.fixture
def red(place: Place) -> Product:
    return Product.objects.get(items__sku="RED")


def told_to(place, product: Product, **words: object) -> None:
    offers.ask_listing(
        seller_id=product.seller_id,
        product_id=product.pk,
        store_id=place.store.pk,
        offer=Offer(price=Decimal(12000), **words),
        actor=MINA,
    )
    report = push_listings(Store.objects.get(pk=place.store.pk))
    assert (report.done, list(ListingChange.objects.exclude(error_reason="").values_list("error_reason"))) == (1, [])


def test_the_first_import_gives_a_new_product_its_stores_words_once(road, place, red):
    pictures = [f"{place.server.url}/image/catalog/{name}.png" for name in ("red", "side")]
    assert (red.description, red.attributes, [red.image_url, *red.images]) == (WARM, [["소재", "Wool"]], pictures)
    other = described_shop()
    other.tables.products[1].descriptions = {1: "Another shop's."}
    road.connect(other, name="Second shop")
    place.shop.tables.products[1].descriptions = {1: "Changed there."}
    sync.sync_products(seller_id=red.seller_id, store_id=place.store.pk, actor=MINA)
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))
    red.refresh_from_db()
    assert (red.description, red.attributes, [red.image_url, *red.images]) == (WARM, [["소재", "Wool"]], pictures)


def test_a_listing_in_a_shop_is_made_from_the_products_words(road, red):
    second = road.connect(Shop.empty(), name="Second shop")
    told_to(second, red)
    [made] = second.shop.tables.products.values()
    assert made.descriptions[1] == "&lt;p&gt;Warm &amp;amp; soft&lt;/p&gt;"
    assert {text for _number, _language, text in made.attributes} == {"Wool"}
    assert len({made.columns["image"], *made.images}) == 2
    row = StoreProduct.objects.get(store=second.store)
    assert (row.sent["description"], row.sent["attributes"]) == (WARM, [["소재", "Wool"]])
    assert row.sent["images"] == [red.image_url, *red.images]


def test_a_listing_in_a_mall_is_made_from_the_products_words(road, red):
    mall = connect_mall(road, Mall.empty())
    told_to(mall, red)
    [made] = mall.mall.products.values()
    assert (made.row["description"], made.row["product_material"]) == (WARM, "Wool")
    assert made.row["detail_image"]
    assert len(made.additional_images) == 1


def test_what_is_said_for_one_store_counts_more_there(road, red):
    second = road.connect(Shop.empty(), name="Second shop")
    told_to(second, red, description="Only here.", attributes=[("소재", "Silk")], images=[red.images[0]])
    [made] = second.shop.tables.products.values()
    assert (made.descriptions[1], made.images) == ("Only here.", [])
    assert {text for _number, _language, text in made.attributes} == {"Silk"}
    red.refresh_from_db()
    assert (red.description, red.attributes) == (WARM, [["소재", "Wool"]])


def test_a_plan_shows_the_words_that_will_go_and_those_go(road, red):
    second = road.connect(Shop.empty(), name="Second shop")
    offer = Offer(price=Decimal(12), description="Only here.")
    plan = plans.plan_creations(seller_id=red.seller_id, offers={(red.pk, second.store.pk): offer}, actor=MINA)
    [line] = shown(list(plan.lines.select_related("product", "store__sales_channel")), {})
    said = {field.word: field.after for field in line.fields}
    assert (said["Description"], said["Attributes"], said["Images"], said["Name"]) == (
        "Only here.", "소재: Wool", "2 pictures", "RED sock",
    )  # fmt: skip
    assert ListingChange.objects.count() == 0


def test_a_later_change_of_the_product_tells_no_store_by_itself(road, place, red):
    draft = ProductDraft(name="Sock", items=[], description="Soft.")
    catalog.edit_product(seller_id=red.seller_id, product_id=red.pk, draft=draft, actor=MINA)
    assert not push_listings(Store.objects.get(pk=place.store.pk)).done
    assert ListingChange.objects.count() == 0
