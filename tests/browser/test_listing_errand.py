"""A shirt in two colours and two sizes: made on the desk, listed in a shop and a mall at once, and seen in both."""

import os
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from playwright.sync_api import Browser, Page, expect

from entrepot.accounts.models import Membership, Seller
from entrepot.catalog.models import Product
from entrepot.channels.models import Listing, Store
from entrepot.channels.services.offers_push import push_listings
from entrepot.channels.services.push import push_stock
from entrepot.connectors.cafe24.simulator import Mall
from entrepot.connectors.cafe24.simulator import SimulatorServer as MallServer
from entrepot.connectors.opencart.simulator import Shop
from entrepot.inventory import services as inventory
from tests.browser.accessible import wrong_with
from tests.browser.mall import connected, served
from tests.browser.world import sit
from tests.roads.rig import MINA, Place, Road
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
SHOTS = os.environ.get("SHOTS", "")
NAME = "들꽃 셔츠"
SKUS = ["SH-RED-L", "SH-RED-M", "SH-SKY-L", "SH-SKY-M"]


def looked_at(page: Page, name: str, language: str) -> None:
    """Nothing wrong for a screen reader, nothing too wide, at the desk and on a phone; a picture where asked."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_load_state()
        assert wrong_with(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"list-{language}-{width}-{name}.png"), full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def make_the_shirt(page: Page, picture: str, language: str) -> Product:
    page.goto("/products/new/group/")
    page.fill("#id_name", NAME)
    page.fill("#id_image_url", picture)
    page.fill("#id_images", picture.replace("shirt", "back"))
    page.fill("#id_description", "<p>바람이 통하는 셔츠</p>")
    page.fill("#id_attributes", "소재: 면")
    page.fill("#id_axes-stem", "SH")
    for number, (axis, values) in enumerate([("Colour", "Red, Sky"), ("Size", "M, L")], 1):
        page.fill(f"#id_axes-axis{number}", axis)
        page.fill(f"#id_axes-values{number}", values)
    press(page, _("Make the variations"))
    expect(page.locator("#rows-head")).to_be_visible()
    looked_at(page, "1-variations", language)
    press(page, _("Make the product"))
    page.wait_for_url("**/products/*/")
    return Product.objects.get(name=NAME)


def list_it_in_both(page: Page, product: Product, shop: Store, mall: Store, language: str) -> None:
    page.goto(f"/products/{product.pk}/stores/list/")
    page.fill(f"#id_s{shop.pk}-price", "24.90")
    page.fill(f"#id_s{mall.pk}-price", "32000")
    looked_at(page, "2-offers", language)
    page.locator("button[name=deed][value=list]").click()
    page.wait_for_url("**/stores/")
    for store in (shop, mall):
        assert push_listings(Store.objects.get(pk=store.pk)).done == 1
        push_stock(Store.objects.get(pk=store.pk), full=True)
    page.reload()


def seen_on_the_desk(page: Page, language: str) -> None:
    """Each of the four SKUs stands in both stores, with its price and its figure."""
    table = page.locator("section[aria-labelledby=prices-head]")
    for sku in SKUS:
        row = table.get_by_role("row", name=sku)
        expect(row).not_to_contain_text(_("not listed"))
    looked_at(page, "3-in-the-stores", language)


def seen_in_the_shop(page: Page, place: Place) -> None:
    """A master with its options, and a variant of it for each SKU."""
    master, *variants = place.shop.tables.products.values()
    assert sorted(str(variant.columns["model"]) for variant in variants) == SKUS
    assert [(variant.price, variant.quantity, variant.status) for variant in variants] == [("24.9000", 5, 1)] * 4
    assert {variant.master_id for variant in variants} == {master.product_id}
    assert all(path.startswith("catalog/entrepot/") for path in [master.columns["image"], *master.images])
    assert (len(master.images), {text for *_place, text in master.attributes}) == (1, {"면"})
    page.goto(place.server.url)
    expect(page.get_by_text(f"{NAME} (Red, M)")).to_be_visible()


def seen_in_the_mall(page: Page, server: MallServer) -> None:
    [made] = server.mall.products.values()
    assert sorted(str(variant.custom_variant_code) for variant in made.variants) == SKUS
    assert {(variant.quantity, variant.selling) for variant in made.variants} == {(5, "T")}
    assert (made.price(), made.row["description"]) == ("32000.00", "<p>바람이 통하는 셔츠</p>")
    assert made.row["detail_image"].startswith("/web/product/big/")
    assert (made.row["product_material"], len(made.additional_images)) == ("면", 1)
    page.goto(server.url)
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()


def owner_of(seller: Seller, language: str) -> Membership:
    return make_person(seller, "owner", f"mina-{language}@example.com", language=language)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_group_product_is_made_listed_in_both_stores_and_seen_there(
    transactional_db: None, settings, chromium: Browser, live_server, language: str
) -> None:
    settings.PRIVATE_TARGETS = True  # the picture lies on this machine
    seller = Seller.objects.create(name="한빛상회", language=language, timezone="Asia/Seoul")
    owner, road = owner_of(seller, language), Road(seller)
    with road.stack, translation.override(language):
        place = road.connect(Shop.empty(), name="Shop")
        server = road.stack.enter_context(served(Mall.empty()))
        mall = connected(server, seller.pk, MINA, name="소담상점")
        context = sit(chromium, owner, live_server.url, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        product = make_the_shirt(page, f"{server.url}/web/product/big/202511/shirt.jpg", language)
        for item in product.items.all():
            inventory.receive(seller_id=seller.pk, item_id=item.pk, quantity=5, actor=MINA)
        list_it_in_both(page, product, place.store, mall, language)
        seen_on_the_desk(page, language)
        assert Listing.objects.filter(item__product=product, state="active").count() == 8
        seen_in_the_shop(page, place)
        seen_in_the_mall(page, server)
        context.close()
