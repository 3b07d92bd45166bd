"""Pictures from a person's own computer: with the product's form, or with a store's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ProductDraft
from entrepot.catalog.models import Item, Picture, Product
from entrepot.catalog.pictures import content_of
from entrepot.channels.models import ListingChange, StoreProduct
from tests.books import MINA, make_seller
from tests.pictures import WRONG, drawn, kept, png
from tests.roads.rig import Road, small_shop
from tests.web.conftest import AtDesk
from tests.web.factories import House, make_person, make_store, sit_down

WORDS = {"name": "Linen shirt", "brand": "", "categories": "Clothes", "description": "Soft", "attributes": ""}


@pytest.fixture
def house(at_desk: AtDesk) -> House:
    return at_desk.house


@pytest.fixture
def browser(at_desk: AtDesk) -> Client:
    return at_desk.browser


@pytest.fixture
def shirt(house: House) -> Product:
    draft = ProductDraft(name="Shirt", items=[ItemDraft(sku="SHIRT")])
    return catalog.create_product(seller_id=house.seller.pk, draft=draft, actor=MINA)


def file(content: bytes, name: str = "front.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def contents(house: House, *addresses: str) -> list[bytes]:
    return [content_of(seller_id=house.seller.pk, address=address) for address in addresses]


def test_several_files_become_the_main_picture_and_further_ones(browser: Client, house: House, shirt: Product):
    files = [file(png()), file(drawn("JPEG"), "back.jpg"), file(png(), "again.png")]

    answer = browser.post(f"/products/{shirt.pk}/edit/", {**WORDS, "image_url": "", "images": "", "pictures": files})

    assert answer.status_code == 302
    shirt.refresh_from_db()
    assert contents(house, shirt.image_url, *shirt.images) == [png(), drawn("JPEG")]
    assert Picture.objects.count() == 2


def test_where_there_is_a_main_picture_files_stand_behind_the_further_ones(browser: Client, house: House, shirt):
    known = {"image_url": "https://example.com/a.jpg", "images": "https://example.com/b.jpg"}

    browser.post(f"/products/{shirt.pk}/edit/", {**WORDS, **known, "pictures": [file(png())]})

    shirt.refresh_from_db()
    assert (shirt.image_url, shirt.images[0]) == ("https://example.com/a.jpg", "https://example.com/b.jpg")
    assert contents(house, *shirt.images[1:]) == [png()]


def test_a_new_product_is_made_with_its_pictures(browser: Client, house: House):
    facts = {**WORDS, "image_url": "", "images": "", "item-sku": "MUG-1", "pictures": [file(png())]}

    assert browser.post("/products/new/single/", facts).status_code == 302
    assert contents(house, Item.objects.get(sku="MUG-1").product.image_url) == [png()]


def test_a_file_that_is_refused_is_said_at_its_field_and_nothing_else_is_lost(browser: Client, house, shirt):
    files = [file(WRONG["a page that begins like a PNG"][0], "<b>page.png"), file(drawn("JPEG"), "back.jpg")]
    untouched = {"axes-stem": "", "axes-axis1": "", "axes-values1": ""}

    answer = browser.post(
        f"/products/{shirt.pk}/edit/", {**WORDS, **untouched, "image_url": "", "images": "", "pictures": files}
    )

    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors == {
        "pictures": ["<b>page.png: This is no picture that can be read. Give a JPEG, PNG, GIF or WebP file."]
    }
    assert "&lt;b&gt;page.png: This is no picture" in answer.content.decode()
    assert (form["name"].value(), form["description"].value()) == ("Linen shirt", "Soft")
    assert contents(house, form["image_url"].value()) == [drawn("JPEG")]
    assert f'src="{form["image_url"].value()}"' in answer.content.decode()
    assert answer.context["axes"].errors == {}
    shirt.refresh_from_db()
    assert (shirt.name, shirt.image_url, shirt.images) == ("Shirt", "", [])


def test_a_form_that_is_wrong_elsewhere_keeps_its_pictures(browser: Client, house: House, shirt: Product):
    answer = browser.post(
        f"/products/{shirt.pk}/edit/", {**WORDS, "name": "", "image_url": "", "images": "", "pictures": [file(png())]}
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])
    assert contents(house, answer.context["form"]["image_url"].value()) == [png()]


def test_pictures_stay_while_variations_are_made(browser: Client, house: House):
    axes = {"axes-stem": "S", "axes-axis1": "Size", "axes-values1": "M, L"}
    bad = file(b"hello", "page.png")

    answer = browser.post(
        "/products/new/group/",
        {**WORDS, **axes, "image_url": "", "images": "", "deed": "rows", "pictures": [file(png()), bad]},
    )

    assert contents(house, answer.context["form"]["image_url"].value()) == [png()]
    assert "page.png: This is no picture that can be read." in answer.content.decode()


def test_an_items_own_picture_may_be_a_kept_one(browser: Client, house: House, shirt: Product):
    item, address = shirt.items.get(), kept(house.seller)

    browser.post(f"/products/items/{item.pk}/", {"sku": "SHIRT", "low_stock_at": "0", "image_url": address})

    item.refresh_from_db()
    assert item.image_url == address


def test_an_items_own_picture_gives_way_to_a_file_and_stays_where_the_file_is_refused(browser, house, shirt):
    item, facts = shirt.items.get(), {"sku": "SHIRT", "low_stock_at": "0", "image_url": "https://example.com/a.jpg"}
    address = f"/products/items/{item.pk}/"

    answer = browser.post(address, {**facts, "pictures": file(b"hello", "page.png")})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["pictures"])
    assert answer.context["form"]["image_url"].value() == "https://example.com/a.jpg"
    item.refresh_from_db()
    assert (item.image_url, Picture.objects.count()) == ("", 0)

    assert browser.post(address, {**facts, "pictures": file(png())}).status_code == 302
    item.refresh_from_db()
    assert contents(house, item.image_url) == [png()]


def test_a_file_goes_with_the_form_of_one_store_only(browser: Client, house: House, shirt: Product):
    first, second = (make_store(house.seller, name) for name in ("North shop", "South shop"))
    facts = {"store": [first.pk, second.pk], "deed": "draft"}
    facts |= {f"s{store.pk}-images": "https://example.com/a.jpg" for store in (first, second)}

    browser.post(f"/products/{shirt.pk}/stores/list/", {**facts, f"s{first.pk}-pictures": [file(png())]})

    drafts = {row.store_id: row.wanted["images"] for row in StoreProduct.objects.filter(product=shirt)}
    assert drafts[second.pk] == ["https://example.com/a.jpg"]
    assert drafts[first.pk][0] == "https://example.com/a.jpg"
    assert contents(house, *drafts[first.pk][1:]) == [png()]


def test_a_listing_is_changed_by_a_file_and_its_wish_holds_the_address(transactional_db: None):
    road = Road(make_seller())
    with road.stack:
        place = road.connect(small_shop(RED=5))
        product, browser = Product.objects.get(items__sku="RED"), sit_down(make_person(road.seller))
        address = f"/products/{product.pk}/stores/{place.store.pk}/"
        shown = browser.get(address).context["form"]
        facts = {field.html_name: field.value() or "" for field in shown if field.name != "pictures"}

        answer = browser.post(address, {**facts, "pictures": [file(png())]})

    assert answer.status_code == 302
    [change] = ListingChange.objects.filter(store=place.store)
    assert (change.kind, list(change.fields)) == ("update", ["images"])
    assert content_of(seller_id=road.seller.pk, address=change.fields["images"][-1]) == png()


def test_who_may_not_change_products_keeps_no_picture(house: House, shirt: Product, at_desk: AtDesk):
    house.owner.role = "picker"
    house.owner.save(update_fields=["role"])

    answer = at_desk.browser.post(f"/products/{shirt.pk}/edit/", {**WORDS, "pictures": [file(png())]})

    assert answer.status_code == 403
    assert not Picture.objects.exists()


def test_with_another_sellers_product_no_picture_is_kept(browser: Client):
    other = make_seller("Busan Boots")
    draft = ProductDraft(name="Boot", items=[ItemDraft(sku="BOOT")])
    boot = catalog.create_product(seller_id=other.pk, draft=draft, actor=MINA)

    answer = browser.post(f"/products/{boot.pk}/edit/", {**WORDS, "pictures": [file(png())]})

    assert answer.status_code == 404
    assert not Picture.objects.exists()
