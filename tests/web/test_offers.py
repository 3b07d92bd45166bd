"""Prices, visibility, new products and differences, as a person at the desk meets them; the shop answers over HTTP."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from entrepot.accounts.models import Seller
from entrepot.channels.models import Difference, ListingChange, Plan, RemoteCategory
from entrepot.channels.services.offers_push import push_listings
from tests.roads.rig import Place, Road, small_shop
from tests.web.factories import make_person, sit_down


@pytest.fixture
def road(transactional_db: None) -> Iterator[Road]:
    made = Road(Seller.objects.create(name="Seoul Socks"))
    with made.stack:
        yield made


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5, BLUE=3))


@pytest.fixture
def browser(road: Road) -> Client:
    return sit_down(make_person(road.seller))


def page(browser: Client, name: str, *args: object) -> str:
    answer = browser.get(reverse(f"web:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_price_is_changed_and_its_way_to_the_shop_is_shown(place: Place, browser: Client) -> None:
    listing = place.listing(1)
    answer = browser.post(reverse("web:listing_price", args=[listing.pk]), {"price": "9", "retail_price": "12"})
    assert answer.headers["Location"] == reverse("web:listing", args=[listing.pk])
    assert "Waiting" in page(browser, "listing", listing.pk)
    push_listings(place.store)
    text = page(browser, "listing", listing.pk)
    assert "Price: 10.00 USD → 9.00 USD · retail 12.00 USD" in text
    assert place.shop.tables.products[1].price == "12.0000"


def test_a_price_that_falls_far_needs_a_tick_and_nothing_is_asked_for_without_it(place: Place, browser: Client) -> None:
    address = reverse("web:listing_price", args=[place.listing(1).pk])
    answer = browser.post(address, {"price": "5"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "would fall by 50 % (10 → 5)" in text
    assert 'type="checkbox" name="approved"' in text
    assert ListingChange.objects.count() == 0
    assert browser.post(address, {"price": "5", "approved": "on"}).status_code == 302
    assert ListingChange.objects.get().fields == {"price": "5", "retail_price": None}


def test_a_product_is_hidden_from_the_list_of_listings(place: Place, browser: Client) -> None:
    browser.post(reverse("web:listings_deed"), {"listing": [place.listing(1).pk], "deed": "hide"})
    push_listings(place.store)
    assert [row.status for row in place.shop.tables.products.values()] == [0, 1]


@pytest.mark.parametrize("deed", ["hide", "delete"])
def test_many_are_hidden_or_deleted_only_after_a_look(place: Place, browser: Client, deed: str) -> None:
    chosen = [place.listing(1).pk, place.listing(2).pk]
    answer = browser.post(reverse("web:listings_deed"), {"listing": chosen, "deed": deed})
    plan = Plan.objects.get()
    assert answer["Location"] == reverse("web:plan", args=[plan.pk])
    assert {rail["code"] for rail in plan.rails} == {"many_hidden"} | ({"deletions"} if deed == "delete" else set())
    assert not ListingChange.objects.exists()
    assert [row.status for row in place.shop.tables.products.values()] == [1, 1]


def test_a_deed_nobody_knows_is_not_found(place: Place, browser: Client) -> None:
    answer = browser.post(reverse("web:listings_deed"), {"listing": [place.listing(1).pk], "deed": "explode"})
    assert answer.status_code == 404
    assert ListingChange.objects.count() == 0


def test_a_read_only_member_sees_no_deeds_and_may_do_none(place: Place, road: Road) -> None:
    browser = sit_down(make_person(road.seller, "read_only"))
    assert "listings/do/" not in page(browser, "listing", place.listing(1).pk)
    answer = browser.post(reverse("web:listings_deed"), {"listing": [place.listing(1).pk], "deed": "delete"})
    assert answer.status_code == 403
    assert ListingChange.objects.count() == 0


def test_a_refusal_of_the_shop_stands_on_the_listing_and_can_be_given_up(place: Place, browser: Client) -> None:
    listing = place.listing(1)
    browser.post(reverse("web:listing_price", args=[listing.pk]), {"price": "9"})
    place.shop.delete_product(1)
    push_listings(place.store)
    change = ListingChange.objects.get()
    assert "Refused by the store" in page(browser, "listing_changes")
    browser.post(reverse("web:listing_change", args=[change.pk, "cancel"]))
    change.refresh_from_db()
    assert change.state == "canceled"


def test_what_was_changed_in_the_shop_is_proposed_and_decided(place: Place, browser: Client) -> None:
    listing = place.listing(1)
    found = Difference.objects.create(
        seller=place.store.seller, listing=listing, field="price", ours="10", theirs="8", found_at=listing.created_at
    )
    said = "Selling price: the store shows 8.00 USD, here it was 10.00 USD"
    assert said in page(browser, "differences")
    assert said in page(browser, "listing", listing.pk)
    browser.post(reverse("web:difference_decide", args=[found.pk, "ours"]))
    assert ListingChange.objects.get().fields["price"] == f"{Decimal(10)}"
    assert said not in page(browser, "differences")


def test_the_rule_for_changes_in_the_store_is_set_on_its_page(place: Place, browser: Client) -> None:
    address = reverse("web:store_settings", args=[place.store.pk])
    form = browser.get(address).context["form"]
    told = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    told = {name: value for name, value in told.items() if value is not None}
    assert (told["edit_policy"], told["product_hours"]) == ("ask", 24)
    assert browser.post(address, told | {"edit_policy": "ours", "product_hours": 6}).status_code == 302
    place.store.refresh_from_db()
    assert place.store.settings == {"edit_policy": "ours", "product_hours": 6}
    single = {"edit_policy": "ours", "product_hours": 6, "edit_description": "theirs", "edit_price": "ask"}
    assert browser.post(address, told | single).status_code == 302
    place.store.refresh_from_db()
    assert place.store.settings["edit_policies"] == {"price": "ask", "description": "theirs"}
    assert browser.get(address).context["form"]["edit_description"].value() == "theirs"
    assert browser.post(address, told | {"edit_images": "sometimes"}).status_code == 422
    place.store.refresh_from_db()
    assert place.store.settings["edit_policies"] == {"price": "ask", "description": "theirs"}


def test_words_changed_in_the_shop_are_said_in_words(place: Place, browser: Client) -> None:
    RemoteCategory.objects.create(store=place.store, remote_id="7", name="양말")
    listing = place.listing(1)
    for field, ours, theirs in (
        ("category_ids", ["7", "8"], ["8"]),
        ("images", ["a.png"], ["b.png", "c.png"]),
        ("description", "<p>Soft <b>wool</b></p>", ""),
        ("attributes", [["Material", "Wool"]], []),
    ):
        Difference.objects.create(
            seller=place.store.seller, listing=listing, field=field, ours=ours, theirs=theirs,
            found_at=listing.created_at,
        )  # fmt: skip
    for said in (page(browser, "differences"), page(browser, "listing", listing.pk)):
        assert "Categories: the store shows #8, here it was 양말 · #8" in said
        assert "Images: the store shows 2 pictures, here it was 1 picture" in said
        assert "Description: the store shows –, here it was Soft wool" in said
        assert "Attributes: the store shows –, here it was Material: Wool" in said
