"""The mapping screen: what each unmatched listing may be, why, and many matched at once."""

import pytest
from django.test import Client

from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ProductDraft
from entrepot.catalog.models import Item
from entrepot.channels.models import Listing
from entrepot.channels.queries.mapping import suggestions, unmatched
from tests.books import MINA, make_seller
from tests.web.conftest import AtDesk
from tests.web.factories import House


@pytest.fixture
def house(at_desk: AtDesk) -> House:
    return at_desk.house


@pytest.fixture
def browser(at_desk: AtDesk) -> Client:
    return at_desk.browser


def make_item(house: House, sku: str, name: str, barcode: str = "") -> int:
    draft = ProductDraft(name=name, items=[ItemDraft(sku=sku, name=name, barcode=barcode)])
    catalog.create_product(seller_id=house.seller.pk, draft=draft, actor=MINA)
    return Item.objects.get(seller=house.seller, sku=sku).pk


def make_unmatched(house: House, remote_id: str, *, sku: str = "", title: str = "Something") -> Listing:
    return Listing.objects.create(
        seller=house.seller, store=house.store, remote_id=remote_id, remote_sku=sku, title=title, currency="USD"
    )


def suggested(house: House, listing: Listing) -> list[tuple[str, str, bool]]:
    found = suggestions(seller_id=house.seller.pk, listing_ids=[listing.pk]).get(listing.pk, [])
    return [(row.sku, row.why, row.certain) for row in found]


def test_the_same_sku_is_certain_whatever_its_case_and_spaces(house: House):
    make_item(house, "MUG-7", "Mug")
    assert suggested(house, make_unmatched(house, "900", sku=" mug-7 ")) == [("MUG-7", "sku", True)]


def test_the_same_barcode_is_certain(house: House):
    make_item(house, "MUG-7", "Mug", barcode="8801234567893")
    assert suggested(house, make_unmatched(house, "900", sku="8801234567893")) == [("MUG-7", "barcode", True)]


def test_a_barcode_of_two_items_is_certain_of_neither(house: House):
    make_item(house, "MUG-7", "Mug", barcode="8801234567893")
    make_item(house, "MUG-8", "Other mug", barcode="8801234567893")
    assert suggested(house, make_unmatched(house, "900", sku="8801234567893")) == [
        ("MUG-7", "barcode", False), ("MUG-8", "barcode", False),
    ]  # fmt: skip


def test_the_same_name_is_suggested_and_never_certain(house: House):
    make_item(house, "MUG-7", "Blue enamel mug")
    assert suggested(house, make_unmatched(house, "900", title="blue ENAMEL mug")) == [("MUG-7", "name", False)]


def test_a_name_like_it_is_only_looked_for_where_nothing_is_the_same(house: House):
    make_item(house, "MUG-7", "Blue enamel mug")
    make_item(house, "CUP-1", "Cup")
    assert suggested(house, make_unmatched(house, "900", title="Blue enamel mugs")) == [("MUG-7", "alike", False)]
    assert suggested(house, make_unmatched(house, "901", sku="CUP-1", title="Blue enamel mug")) == [
        ("CUP-1", "sku", True), ("MUG-7", "name", False),
    ]  # fmt: skip


def test_an_item_that_the_store_lists_already_is_never_certain(house: House):
    mug = make_item(house, "MUG-7", "Mug")
    twin = make_unmatched(house, "900", sku="MUG-7", title="Cup")
    Listing.objects.create(
        seller=house.seller, store=house.store, remote_id="899", title="Mug", currency="USD", item_id=mug
    )
    found = suggestions(seller_id=house.seller.pk, listing_ids=[twin.pk])[twin.pk]
    assert [(row.why, row.taken, row.certain) for row in found] == [("sku", True, False)]


def test_another_sellers_items_are_never_suggested(house: House):
    stranger = make_seller("Stranger")
    draft = ProductDraft(name="Mug", items=[ItemDraft(sku="MUG-7", name="Mug", barcode="8801234567893")])
    catalog.create_product(seller_id=stranger.pk, draft=draft, actor=MINA)
    for number, (sku, title) in enumerate([("MUG-7", "x"), ("8801234567893", "x"), ("", "Mug"), ("", "Mugs")]):
        assert suggested(house, make_unmatched(house, f"90{number}", sku=sku, title=title)) == []


def test_a_page_of_suggestions_costs_three_queries(house: House, django_assert_num_queries):
    make_item(house, "MUG-7", "Mug")
    for number in range(30):
        make_unmatched(house, f"9{number}", sku="MUG-7" if number % 2 else "", title=f"Thing {number}")
    with django_assert_num_queries(3):
        assert len(unmatched(seller_id=house.seller.pk).rows) == 31


def test_chosen_listings_are_matched_as_their_rows_say(browser: Client, house: House):
    mug = make_item(house, "MUG-7", "Mug")
    first, second, third = (make_unmatched(house, f"90{n}", sku=f"NEW-{n}", title=f"New {n}") for n in range(3))
    page = browser.get("/listings/mapping/").content.decode()
    assert "New 0" in page
    facts = {
        "listing": [first.pk, second.pk, third.pk], f"item-{first.pk}": mug, f"item-{second.pk}": "new",
        f"item-{third.pk}": "", "deed": "match",
    }  # fmt: skip
    said = browser.post("/listings/mapping/apply/", facts, follow=True).content.decode()
    assert "2 listings matched." in said
    assert "1 listing had no item chosen and stays." in said
    rows = Listing.objects.filter(pk__in=[first.pk, second.pk, third.pk]).order_by("pk")
    assert list(rows.values_list("item__sku", flat=True)) == ["MUG-7", "NEW-1", None]


def test_what_was_matched_meanwhile_is_said_and_the_others_go_on(browser: Client, house: House):
    mug, cup = make_item(house, "MUG-7", "Mug"), make_item(house, "CUP-1", "Cup")
    first, second = (make_unmatched(house, f"90{n}", title=f"New {n}") for n in range(2))
    Listing.objects.filter(pk=first.pk).update(item_id=cup)
    facts = {"listing": [first.pk, second.pk], f"item-{first.pk}": mug, f"item-{second.pk}": mug, "deed": "match"}
    said = browser.post("/listings/mapping/apply/", facts, follow=True).content.decode()
    assert "1 listing matched." in said
    assert "CUP-1" in said
    rows = Listing.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk").values_list("item__sku", flat=True)
    assert list(rows) == ["CUP-1", "MUG-7"]
