"""Planning lower prices at the desk: a look at every price first."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client

from entrepot.accounts.models import Seller
from entrepot.channels.models import Promotion, Store
from tests.roads.rig import Place, Road, small_shop
from tests.web.factories import make_person, sit_down

FORM = {"name": "Autumn", "starts_at": "2126-10-01T00:00", "ends_at": "2126-10-08T00:00", "step": "0.10", "what": ""}


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


def send(browser: Client, place: Place, deed: str, **words: str):
    return browser.post("/promotions/new/", {**FORM, "store": place.store.pk, "deed": deed, **words})


def test_the_prices_are_looked_at_first_and_nothing_is_planned(browser: Client, place: Place):
    page = send(browser, place, "look", percent="15")
    assert page.status_code == 200
    shown = sorted((row.item.sku, price, fall) for row, price, fall in page.context["rows"])
    assert shown == [("BLUE", Decimal("8.5"), 15), ("RED", Decimal("8.5"), 15)]
    assert Promotion.objects.count() == 0


def test_it_is_planned_as_it_was_shown(browser: Client, place: Place):
    answer = send(browser, place, "plan", percent="15")
    made = Promotion.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/promotions/{made.pk}/")
    assert (made.name, made.percent, made.state, made.lines.count()) == ("Autumn", 15, "planned", 2)
    assert "Autumn" in browser.get("/promotions/").content.decode()
    assert "RED sock" in browser.get(f"/promotions/{made.pk}/").content.decode()


def test_a_sku_has_a_price_of_its_own_behind_it(browser: Client, place: Place):
    send(browser, place, "plan", what="RED 7.50\n")
    assert Promotion.objects.get().lines.get().price == Decimal("7.50")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({}, "Say by how much, or give every SKU its price."),
        ({"what": "RED"}, "RED has no price."),
        ({"what": "NOBODY 5"}, "This store does not sell: NOBODY"),
        ({"percent": "10", "ends_at": "2126-09-01T00:00"}, "A promotion ends after it begins"),
        ({"what": "RED 25"}, "price"),
    ],
)
def test_what_cannot_be_planned_is_said_and_nothing_is_made(
    browser: Client, place: Place, words: dict[str, str], said: str
):
    page = send(browser, place, "plan", **words)
    assert (page.status_code, Promotion.objects.count()) == (422, 0)
    assert said in page.content.decode()


def test_a_deep_cut_is_asked_about_once_more(browser: Client, place: Place):
    page = send(browser, place, "plan", percent="50")
    assert (page.status_code, Promotion.objects.count()) == (422, 0)
    assert "would fall by 50 %" in page.content.decode()
    assert send(browser, place, "plan", percent="50", approved="on").status_code == 302
    assert [line.price for line in Promotion.objects.get().lines.all()] == [Decimal(5), Decimal(5)]


def test_chosen_listings_come_along_as_skus(browser: Client, place: Place):
    page = browser.get(f"/promotions/new/?listing={place.listing(1).pk}").content.decode()
    assert "RED</textarea>" in page


def test_a_planned_one_is_given_up(browser: Client, place: Place):
    send(browser, place, "plan", percent="15")
    made = Promotion.objects.get()
    browser.post(f"/promotions/{made.pk}/cancel/")
    made.refresh_from_db()
    assert made.state == "canceled"


def test_without_a_live_store_nothing_can_be_planned(browser: Client, place: Place):
    Store.objects.filter(pk=place.store.pk).update(state="shadow")
    assert "No store is live" in browser.get("/promotions/new/").content.decode()
