"""Price lists at the desk: made, written in, followed by a store after a look at every price."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entrepot.accounts.models import Role, Seller
from entrepot.catalog.models import Item
from entrepot.channels.models import ListingChange, ListPrice, PriceList, StorePricing
from entrepot.channels.queries import following
from tests.books import make_items
from tests.roads.rig import Place, Road, small_shop
from tests.web.factories import full_house, make_person, sit_down

FORM = {"name": "Shops", "currency": "USD", "kind": "fixed", "rounding": "nearest"}


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


def make(browser: Client, **words: str) -> PriceList:
    assert browser.post("/prices/new/", {**FORM, **words}).status_code == 302
    return PriceList.objects.latest("pk")


def write(browser: Client, price_list: PriceList, sku: str, price: str):
    return browser.post(f"/prices/{price_list.pk}/", {"sku": sku, "price": price})


def test_a_margin_list_shows_price_cost_and_margin(browser: Client, place: Place):
    Item.objects.filter(sku="RED").update(cost=Decimal(7), cost_currency="USD")
    made = make(browser, kind="margin", percent="30", step="1", ending="0.01", least_margin="40")
    page = browser.get(f"/prices/{made.pk}/", {"q": "red"})
    assert [(row.sku, row.price, row.margin, row.low) for row in page.context["page"].rows] == [
        ("RED", Decimal("9.99"), Decimal("29.9"), True)
    ]
    assert "29.9 %" in page.content.decode()


def test_a_list_that_cannot_be_says_why_beside_its_field_and_is_not_made(browser: Client, place: Place):
    page = browser.post("/prices/new/", {**FORM, "kind": "margin", "percent": "100"})
    assert (page.status_code, PriceList.objects.count()) == (422, 0)
    assert page.context["form"].errors["percent"] == [
        "The percentage must be from 0 to 99; 100 is not. Enter another one."
    ]


def test_a_price_is_written_down_and_taken_out(browser: Client, place: Place):
    made = make(browser)
    assert write(browser, made, "RED", "12").status_code == 302
    assert ListPrice.objects.get().price == 12
    wrong = write(browser, made, "BOOT", "12")
    assert (wrong.status_code, ListPrice.objects.count()) == (422, 1)
    item = Item.objects.get(sku="RED")
    assert browser.post(f"/prices/{made.pk}/out/{item.pk}/").status_code == 302
    assert ListPrice.objects.count() == 0


def test_a_store_follows_after_a_look_and_what_falls_far_waits(browser: Client, place: Place):
    made = make(browser)
    write(browser, made, "RED", "12")
    write(browser, made, "BLUE", "5")
    address = f"/stores/{place.store.pk}/prices/"
    look = browser.get(address, {"list": made.pk})
    assert [(row.sku, row.moves, row.step) for row in look.context["page"].rows] == [
        ("BLUE", -50, "falls"), ("RED", 20, "change"),
    ]  # fmt: skip
    assert (ListingChange.objects.count(), StorePricing.objects.count()) == (0, 0)

    assert browser.post(f"{address}follow/", {"list": made.pk}).status_code == 302
    assert [change.fields["price"] for change in ListingChange.objects.all()] == ["12"]
    assert "Tell this too: 1 falls far" in browser.get(address).content.decode()
    browser.post(f"{address}approve/")
    assert [change.fields["price"] for change in ListingChange.objects.order_by("id")] == ["12", "5"]
    browser.post(f"{address}stop/")
    assert StorePricing.objects.count() == 0


def test_a_store_that_sells_very_much_is_compared_with_its_list_when_that_is_asked_for(
    db: None, monkeypatch: pytest.MonkeyPatch
):
    house = full_house()
    browser, address = sit_down(house.owner), f"/stores/{house.store.pk}/prices/"
    StorePricing.objects.get_or_create(store=house.store, defaults={"price_list": house.price_list})
    few = browser.get(address)
    monkeypatch.setattr(following, "AT_ONCE", 0)

    many, asked = browser.get(address), browser.get(address, {"compare": "1"})

    assert few.context["counts"]
    assert "Compare every listing with the list" in many.content.decode()
    assert "page" not in many.context
    assert asked.context["counts"] == few.context["counts"]


def test_a_deed_that_is_none_is_not_found(browser: Client, place: Place):
    assert browser.post(f"/stores/{place.store.pk}/prices/explode/").status_code == 404


def test_who_may_only_look_neither_makes_nor_writes_nor_follows(place: Place, browser: Client):
    made = make(browser)
    looker = sit_down(make_person(place.store.seller, Role.READ_ONLY))
    assert looker.get(f"/prices/{made.pk}/").status_code == 200
    assert looker.post("/prices/new/", {**FORM, "name": "Other"}).status_code == 403
    assert write(looker, made, "RED", "12").status_code == 403
    assert looker.post(f"/stores/{place.store.pk}/prices/follow/", {"list": made.pk}).status_code == 403
    assert (PriceList.objects.count(), ListPrice.objects.count(), StorePricing.objects.count()) == (1, 0, 0)


def test_a_list_costs_the_same_for_twice_the_prices(db: None):
    house = full_house()
    desk, address = sit_down(house.owner), f"/prices/{house.price_list.pk}/?show=missing"
    asked = []
    for start in (1, 2):
        make_items(house.seller, **{f"S{start}N{n}": 1 for n in range(8)})
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_who_changes_one_price_is_told_that_the_store_follows_a_list(browser: Client, place: Place):
    made = make(browser)
    address = f"/listings/{place.listing(1).pk}/price/"
    assert "This store follows" not in browser.get(address).content.decode()
    browser.post(f"/stores/{place.store.pk}/prices/follow/", {"list": made.pk})
    assert "This store follows “Shops”." in browser.get(address).content.decode()


def test_who_works_for_some_stores_writes_no_price_that_another_store_follows(
    browser: Client, road: Road, place: Place
):
    other = road.connect(small_shop(RED=1), name="Second shop")
    base = make(browser)
    derived = make(browser, name="Derived", kind="base", base=str(base.pk), percent="10")
    write(browser, base, "RED", "12")
    browser.post(f"/stores/{place.store.pk}/prices/follow/", {"list": derived.pk})
    item = Item.objects.get(sku="RED")
    member = make_person(road.seller, "manager", "second@example.com")
    member.store_ids = [other.store.pk]
    member.save(update_fields=["store_ids"])
    limited = sit_down(member)

    answers = [
        write(limited, base, "RED", "99"),
        write(limited, derived, "RED", "99"),
        limited.post(f"/prices/{base.pk}/out/{item.pk}/"),
        limited.post(
            f"/prices/{derived.pk}/edit/", {**FORM, "name": "Mine", "kind": "base", "base": base.pk, "percent": "90"}
        ),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 302, 422]
    assert "also makes prices of stores that are not yours" in answers[0].content.decode()
    assert list(ListPrice.objects.values_list("price_list", "price")) == [(base.pk, 12)]
    assert PriceList.objects.get(pk=derived.pk).percent == 10

    member.store_ids = [other.store.pk, place.store.pk]
    member.save(update_fields=["store_ids"])
    assert write(limited, base, "RED", "13").status_code == 302
    assert ListPrice.objects.get().price == 13
