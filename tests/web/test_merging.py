"""The screen on which two items that are one thing are made one."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from entrepot.catalog.models import Item
from entrepot.inventory import services as inventory
from tests.books import MINA, figure
from tests.web.conftest import AtDesk
from tests.web.factories import House, make_person, sit_down

ADDRESS = reverse("web:product_merge")


@pytest.fixture
def house(at_desk: AtDesk) -> House:
    return at_desk.house


@pytest.fixture
def browser(at_desk: AtDesk) -> Client:
    return at_desk.browser


def look(browser: Client, keep: str, other: str) -> str:
    return browser.get(f"{ADDRESS}?{urlencode({'keep': keep, 'other': other})}").content.decode()


def test_items_with_one_barcode_are_offered(house: House, browser: Client):
    Item.objects.filter(sku__in=["RED", "BLUE"]).update(barcode="8801234567893")
    page = browser.get(ADDRESS).content.decode()
    assert "8801234567893" in page
    assert "?keep=BLUE&amp;other=RED" in page


def test_what_would_happen_is_shown_and_nothing_happens_without_a_tick(house: House, browser: Client):
    page = look(browser, "RED", "BLUE")
    assert "What would happen" in page
    answer = browser.post(ADDRESS, {"keep": "RED", "other": "BLUE"})
    assert answer.status_code == 422
    assert Item.objects.filter(sku="BLUE").exists()


def test_two_become_one(house: House, browser: Client):
    answer = browser.post(ADDRESS, {"keep": "RED", "other": "BLUE", "sure": "on"}, follow=True)
    page = answer.content.decode()
    assert "BLUE is RED now. Both SKUs find it." in page
    assert '<div class="sub">also <span class="mono">BLUE</span></div>' in page
    assert not Item.objects.filter(sku="BLUE").exists()
    old = Item.everything.get(sku="BLUE")
    assert f"/stock/{house.items['RED']}/" in browser.get(reverse("web:stock_item", args=[old.pk])).content.decode()
    assert browser.get(reverse("web:item_edit", args=[old.pk])).headers["Location"] == reverse(
        "web:item_edit", args=[house.items["RED"]]
    )
    assert "BLUE" in browser.get(reverse("web:product_history", args=[house.product.pk])).content.decode()


def test_what_stands_in_the_way_is_said_and_there_is_no_button(house: House, browser: Client):
    page = look(browser, "BLUE", "RED")
    assert "This stands in the way" in page
    assert "2 of RED are set aside for orders (#1001)." in page
    assert 'name="sure"' not in page
    before = figure(house.items["RED"])
    answer = browser.post(ADDRESS, {"keep": "BLUE", "other": "RED", "sure": "on"})
    assert answer.status_code == 422
    assert (Item.objects.filter(sku="RED").count(), figure(house.items["RED"])) == (1, before)


@pytest.mark.parametrize(("keep", "other", "words"), [
    ("RED", "NOBODY", "You have no item with this SKU."),
    ("RED", "RED", "An item cannot be merged into itself."),
    ("RED", "PAIR", "PAIR is a kit."),
])  # fmt: skip
def test_what_cannot_be_merged_is_said(house: House, browser: Client, keep: str, other: str, words: str):
    assert words in look(browser, keep, other)


def test_who_sees_some_stores_only_does_not_merge(house: House):
    bound = make_person(house.seller, "manager", "bound@example.com")
    bound.store_ids = [house.store.pk]
    bound.save(update_fields=["store_ids"])
    answer = sit_down(bound).post(ADDRESS, {"keep": "RED", "other": "BLUE", "sure": "on"})
    assert answer.status_code == 403
    assert Item.objects.filter(sku="BLUE").exists()


def test_who_works_in_some_warehouses_only_does_not_merge(house: House):
    bound = make_person(house.seller, "manager", "bound@example.com")
    bound.warehouse_ids = [inventory.default_warehouse(seller_id=house.seller.pk, actor=MINA).pk]
    bound.save(update_fields=["warehouse_ids"])
    answer = sit_down(bound).post(ADDRESS, {"keep": "RED", "other": "BLUE", "sure": "on"})
    assert answer.status_code == 403
    assert Item.objects.filter(sku="BLUE").exists()
