"""Making and changing products at the desk."""

import pytest
from django.test import Client

from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ProductDraft
from entrepot.catalog.models import Change, Item, KitPart, Product
from tests.books import MINA
from tests.web.conftest import AtDesk
from tests.web.factories import House

WORDS = {"name": "Linen shirt", "brand": "Hanbok", "categories": "Clothes > Shirts\nNew", "image_url": ""}
AXES = {
    "axes-stem": "SHIRT", "axes-axis1": "Colour", "axes-values1": "Red, Blue", "axes-axis2": "Size",
    "axes-values2": "M, L", "axes-axis3": "", "axes-values3": "",
}  # fmt: skip


@pytest.fixture
def house(at_desk: AtDesk) -> House:
    return at_desk.house


@pytest.fixture
def browser(at_desk: AtDesk) -> Client:
    return at_desk.browser


@pytest.fixture
def shirt(house: House) -> Product:
    items = [
        ItemDraft(sku="SHIRT-RED", options=(("Colour", "Red"),)),
        ItemDraft(sku="SHIRT-BLUE", options=(("Colour", "Blue"),)),
    ]
    draft = ProductDraft(name="Shirt", items=items, brand="Hanbok")
    return catalog.create_product(seller_id=house.seller.pk, draft=draft, actor=MINA)


def rows_of(page) -> dict[str, str]:
    """What the table of variations would send back as it stands."""
    forms = page.context["rows"]
    facts = {"rows-TOTAL_FORMS": str(len(forms.forms)), "rows-INITIAL_FORMS": str(len(forms.forms))}
    for number, form in enumerate(forms.forms):
        facts |= {
            f"rows-{number}-options": form.initial["options"],
            f"rows-{number}-keep": "on",
            f"rows-{number}-sku": form.initial["sku"],
        }
    return facts


def test_a_single_product_is_made_with_everything_of_its_item(browser: Client, house: House):
    item = {
        "item-sku": "MUG-1", "item-barcode": "8801234567893", "item-weight_grams": "350.5", "item-cost": "2.5",
        "item-cost_currency": "USD", "item-low_stock_at": "4",
    }  # fmt: skip
    answer = browser.post("/products/new/single/", {**WORDS, **item})
    made = Item.objects.get(sku="MUG-1")
    assert (answer.status_code, answer["Location"]) == (302, f"/products/{made.product_id}/")
    assert (made.name, made.barcode, str(made.weight_grams), str(made.cost), made.cost_currency, made.low_stock_at) == (
        "Linen shirt", "8801234567893", "350.500", "2.5000", "USD", 4,
    )  # fmt: skip
    assert sorted(made.product.categories.values_list("name", flat=True)) == ["New", "Shirts"]
    assert (made.product.brand.name, made.seller_id) == ("Hanbok", house.seller.pk)


def test_a_cost_without_its_currency_is_asked_about_and_nothing_is_made(browser: Client, house: House):
    before = Product.objects.count()
    answer = browser.post("/products/new/single/", {**WORDS, "item-sku": "MUG-1", "item-cost": "2.5"})
    assert (answer.status_code, Product.objects.count()) == (422, before)
    assert "Say in which currency the cost is." in answer.content.decode()


def test_a_sku_that_is_taken_is_said_and_nothing_is_made(browser: Client, house: House):
    before = Product.objects.count()
    answer = browser.post("/products/new/single/", {**WORDS, "item-sku": "RED"})
    assert (answer.status_code, Product.objects.count()) == (422, before)
    assert "The SKU RED is already used by another item." in answer.content.decode()


def test_axes_make_a_row_for_each_combination_and_the_kept_rows_become_variations(browser: Client, house: House):
    page = browser.post("/products/new/group/", {**WORDS, **AXES, "deed": "rows"})
    assert page.status_code == 200
    assert [form.title for form in page.context["rows"]] == ["Red / M", "Red / L", "Blue / M", "Blue / L"]
    facts = {**WORDS, **AXES, **rows_of(page)}
    del facts["rows-3-keep"]
    assert browser.post("/products/new/group/", facts).status_code == 302
    product = Product.objects.get(name="Linen shirt")
    assert product.is_group
    assert list(product.items.order_by("id").values_list("sku", "options", "kind")) == [
        ("SHIRT-RED-M", [["Colour", "Red"], ["Size", "M"]], "variation"),
        ("SHIRT-RED-L", [["Colour", "Red"], ["Size", "L"]], "variation"),
        ("SHIRT-BLUE-M", [["Colour", "Blue"], ["Size", "M"]], "variation"),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"axes-values1": ""}, "This field is required."),
        ({"axes-axis2": "colour"}, "Give every option a name of its own."),
        ({"axes-values1": ",".join(map(str, range(150))), "axes-values2": "M,L"}, "More than 200 variations at once."),
    ],
)
def test_axes_that_cannot_be_are_said(browser: Client, house: House, change: dict[str, str], words: str):
    page = browser.post("/products/new/group/", {**WORDS, **AXES, **change, "deed": "rows"})
    assert words in page.content.decode()
    assert not page.context["rows"].forms


def test_a_group_without_rows_is_not_made(browser: Client, house: House):
    before = Product.objects.count()
    answer = browser.post("/products/new/group/", {**WORDS, **AXES})
    assert (answer.status_code, Product.objects.count()) == (422, before)


def test_a_group_gets_further_variations_and_keeps_the_old_ones_as_they_are(browser: Client, house: House, shirt):
    Item.objects.filter(sku="SHIRT-RED").update(barcode="8801234567893")
    axes = {"axes-stem": "SHIRT", "axes-axis1": "Colour", "axes-values1": "Red, Blue, Green"}
    page = browser.post(f"/products/{shirt.pk}/edit/", {**WORDS, **axes, "deed": "rows"})
    assert [form.title for form in page.context["rows"]] == ["Green"]
    assert browser.post(f"/products/{shirt.pk}/edit/", {**WORDS, **axes, **rows_of(page)}).status_code == 302
    assert list(shirt.items.order_by("id").values_list("sku", "barcode")) == [
        ("SHIRT-RED", "8801234567893"), ("SHIRT-BLUE", ""), ("SHIRT-GREEN", ""),
    ]  # fmt: skip
    shirt.refresh_from_db()
    assert shirt.name == "Linen shirt"


def test_the_words_of_a_product_change_alone_and_the_history_says_by_whom(browser: Client, house: House, shirt):
    assert browser.post(f"/products/{shirt.pk}/edit/", {**WORDS, "brand": "Moda"}).status_code == 302
    page = browser.get(f"/products/{shirt.pk}/history/").content.decode()
    assert Change.objects.filter(field="brand", before="Hanbok", after="Moda", object_id=shirt.pk).count() == 1
    assert "Moda" in page
    assert (house.owner.user.name or house.owner.user.email) in page


def test_an_item_is_changed_whole(browser: Client, house: House, shirt):
    item = shirt.items.get(sku="SHIRT-RED")
    facts = {"sku": "SHIRT-R", "name": "Red shirt", "barcode": "1", "weight_grams": "200", "low_stock_at": "2"}
    assert browser.post(f"/products/items/{item.pk}/", facts).status_code == 302
    item.refresh_from_db()
    assert (item.sku, item.name, item.barcode, str(item.weight_grams), item.options) == (
        "SHIRT-R", "Red shirt", "1", "200.000", [["Colour", "Red"]],
    )  # fmt: skip


def test_a_kit_is_made_of_items_and_changed(browser: Client, house: House):
    head = {"sku": "TRIO", "name": "Three socks", "barcode": ""}
    lines = {"line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0"}
    facts = {
        **head,
        **lines,
        "line-0-sku": "RED",
        "line-0-quantity": "1",
        "line-1-sku": "GREEN",
        "line-1-quantity": "2",
    }
    assert browser.post("/products/new/kit/", facts).status_code == 302
    kit = Item.objects.get(sku="TRIO")
    parts = KitPart.objects.filter(kit=kit).order_by("item__sku").values_list("item__sku", "quantity")
    assert (kit.kind, list(parts)) == ("kit", [("GREEN", 2), ("RED", 1)])
    facts = {**head, **lines, "line-TOTAL_FORMS": "1", "line-0-sku": "RED", "line-0-quantity": "3"}
    assert browser.post(f"/products/kits/{kit.pk}/", facts).status_code == 302
    assert list(parts.all()) == [("RED", 3)]


@pytest.mark.parametrize(
    ("line", "words"),
    [({"line-0-sku": "NOBODY", "line-0-quantity": "1"}, "You have no item with this SKU."),
     ({"line-0-sku": "", "line-0-quantity": "1"}, "A kit needs at least one part.")],
)  # fmt: skip
def test_a_kit_of_nothing_is_not_made(browser: Client, house: House, line: dict[str, str], words: str):
    lines = {"line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0", **line}
    answer = browser.post("/products/new/kit/", {"sku": "TRIO", "name": "Three", **lines})
    assert (answer.status_code, Item.objects.filter(sku="TRIO").exists()) == (422, False)
    assert words in answer.content.decode()


def test_a_variation_and_a_product_without_a_past_are_taken_away(browser: Client, house: House, shirt):
    item = shirt.items.get(sku="SHIRT-BLUE")
    assert browser.post(f"/products/items/{item.pk}/delete/").status_code == 302
    assert list(shirt.items.values_list("sku", flat=True)) == ["SHIRT-RED"]
    assert browser.post(f"/products/{shirt.pk}/delete/").status_code == 302
    assert not Product.objects.filter(pk=shirt.pk).exists()


def test_a_product_with_a_past_stays(browser: Client, house: House):
    answer = browser.post(f"/products/{house.product.pk}/delete/", follow=True)
    assert "has been stocked or sold" in answer.content.decode()
    assert Product.objects.filter(pk=house.product.pk).exists()


# --------------------------------------------------------------------------- what a product says of itself

SIDE, BACK = "https://img.example/side.jpg", "https://img.example/back.jpg"
SAID = {
    "description": "<p>Warm.</p>\r\n<p>Soft.</p>", "attributes": "Fabric: Wool\r\n\r\nMade in:  Korea",
    "images": f"{SIDE}\r\n {BACK} ",
}  # fmt: skip


def said_of(product: Product) -> tuple[object, object, object]:
    return Product.objects.values_list("description", "attributes", "images").get(pk=product.pk)


def test_a_product_is_made_with_description_attributes_and_further_pictures(browser: Client, house: House):
    answer = browser.post("/products/new/single/", {**WORDS, **SAID, "item-sku": "MUG-1"})
    product = Product.objects.get(items__sku="MUG-1")
    assert answer.status_code == 302
    assert said_of(product) == (
        "<p>Warm.</p>\n<p>Soft.</p>", [["Fabric", "Wool"], ["Made in", "Korea"]], [SIDE, BACK],
    )  # fmt: skip
    text = browser.get(f"/products/{product.pk}/").content.decode()
    assert all(word in text for word in ("<dt>Fabric</dt><dd>Wool</dd>", "Warm.<br>Soft.", SIDE, BACK))
    assert "&lt;p&gt;" not in text


def test_the_editor_shows_what_stands_there_and_saves_what_was_changed(browser: Client, shirt: Product):
    Product.objects.filter(pk=shirt.pk).update(description="Warm.", attributes=[["Fabric", "Wool"]], images=[SIDE])
    page = browser.get(f"/products/{shirt.pk}/edit/")
    assert {name: page.context["form"][name].value() for name in SAID} == {
        "description": "Warm.", "attributes": "Fabric: Wool", "images": SIDE,
    }  # fmt: skip
    assert f'<img class="thumb" src="{SIDE}"' in page.content.decode()
    told = {**WORDS, "description": "", "attributes": "Fabric: Silk", "images": f"{BACK}\n{SIDE}"}
    assert browser.post(f"/products/{shirt.pk}/edit/", told).status_code == 302
    assert said_of(shirt) == ("", [["Fabric", "Silk"]], [BACK, SIDE])
    history = browser.get(f"/products/{shirt.pk}/history/").content.decode()
    assert all(word in history for word in ("Further pictures", f"{BACK} · {SIDE}", "Attributes", "Fabric: Silk"))
    assert "[[" not in history


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"attributes": "Wool"}, "“Wool” has no name or no value."),
        ({"attributes": "\n".join(["Fabric: Wool"] * 51)}, "A product keeps 50 attributes; these are 51."),
        ({"images": "my desktop/sock.jpg"}, "is no address of a picture."),
        ({"images": "javascript:alert(1)"}, "is no address of a picture."),
        ({"images": "\n".join(f"{SIDE}?{n}" for n in range(21))}, "A product keeps 20 further pictures"),
        ({"description": "x" * 60_001}, "60000"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field_and_nothing_changes(browser, shirt, wrong, sentence):
    before = said_of(shirt)
    answer = browser.post(f"/products/{shirt.pk}/edit/", {**WORDS, **SAID, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert next(iter(wrong)) in answer.context["form"].errors
    assert (said_of(shirt), Product.objects.get(pk=shirt.pk).name) == (before, "Shirt")


def test_a_description_of_a_store_runs_nowhere_on_our_pages(browser: Client, shirt: Product):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>&lt;script&gt;alert(3)&lt;/script&gt;" + "<a" * 60
    Product.objects.filter(pk=shirt.pk).update(description=evil, attributes=[["<b>Fabric", "<i>Wool"]])
    Product.objects.filter(pk=shirt.pk).update(description=evil + "!")
    for address in ("", "history/", "edit/", "stores/list/"):
        answer = browser.get(f"/products/{shirt.pk}/{address}")
        text = answer.content.decode()
        assert answer.status_code == 200
        assert not [word for word in ("<script>alert", "<img src=x", "<b>Fabric", "<i>Wool") if word in text]
