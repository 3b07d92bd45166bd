"""Plans at the desk: chosen on the list of listings, looked at, stopped, approved, applied, taken back."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Product
from entrepot.channels.models import Listing, ListingChange, Plan, Store
from entrepot.channels.services.offers_push import push_listings
from entrepot.connectors.opencart.simulator import Shop
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


def plan_prices(browser: Client, place: Place, figure: str, *products: int, **more: str):
    form = {"way": "percent", "figure": figure, "step": "0.10", "retail": "keep"}
    listings = [place.listing(number).pk for number in products]
    return browser.post("/plans/new/", {**form, "listing": listings, **more})


def page(browser: Client, plan: Plan) -> str:
    return browser.get(f"/plans/{plan.pk}/").content.decode()


def press_apply(browser: Client, plan: Plan, **more: str):
    """As the page has it: with what it was when it was looked at."""
    stamp = browser.get(f"/plans/{plan.pk}/").context["stamp"]
    return browser.post(f"/plans/{plan.pk}/apply/", {"seen": stamp} | more)


def test_ticked_listings_become_a_plan_that_shows_each_price_before_and_after(browser: Client, place: Place):
    ids = [place.listing(1).pk, place.listing(2).pk]
    assert "For 2 listings" in browser.get("/plans/new/", {"listing": ids}).content.decode()
    answer = plan_prices(browser, place, "-15", 1, 2)
    made = Plan.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/plans/{made.pk}/")
    shown = browser.get(answer["Location"])
    [row, _] = shown.context["rows"]
    assert (row.title, row.moves, [(one.before, one.after) for one in row.fields]) == (
        "RED sock",
        -15,
        [("10.00 USD", "8.50 USD")],
    )
    assert shown.context["stops"] == []
    assert "Prices (2)" in browser.get("/plans/").content.decode()
    assert not ListingChange.objects.exists()


def test_half_the_price_is_stopped_and_goes_out_only_with_the_box_ticked(browser: Client, place: Place):
    plan_prices(browser, place, "-50", 1)
    made = Plan.objects.get()
    assert "1 price falls by more than 30 %, by 50 %." in page(browser, made)

    press_apply(browser, made)
    assert not ListingChange.objects.exists()
    assert "This plan goes further than is done without a second look" in page(browser, made)

    press_apply(browser, made, approved="1")
    push_listings(Store.objects.get(pk=place.store.pk))
    assert place.shop.tables.products[1].price == "5.0000"
    assert "Plan the way back" in page(browser, made)

    answer = browser.post(f"/plans/{made.pk}/undo/")
    back = Plan.objects.get(undo_of=made)
    assert answer["Location"] == f"/plans/{back.pk}/"
    assert "Back: Prices (1)" in page(browser, back)
    press_apply(browser, back)
    push_listings(Store.objects.get(pk=place.store.pk))
    assert place.shop.tables.products[1].price == "10.0000"
    assert "It was taken back" in page(browser, made)


def test_nobody_approves_what_was_laid_out_anew_since_the_page_was_opened(browser: Client, place: Place):
    plan_prices(browser, place, "-50", 1)
    made = Plan.objects.get()
    seen = browser.get(f"/plans/{made.pk}/").context["stamp"]
    assert f'name="seen" value="{seen}"' in page(browser, made)
    Listing.objects.filter(pk=place.listing(1).pk).update(price=Decimal(50))
    press_apply(browser, made, approved="1")  # a colleague, who finds that it moved

    browser.post(f"/plans/{made.pk}/apply/", {"seen": seen, "approved": "1"})
    made.refresh_from_db()
    assert (made.state, made.approved, ListingChange.objects.count()) == ("draft", False, 0)
    shown = page(browser, made)
    assert "This plan was laid out anew since you looked at it" in shown
    assert "by 90 %" in shown
    press_apply(browser, made, approved="1")
    assert [change.fields["price"] for change in ListingChange.objects.all()] == ["5"]


def test_everything_a_filter_finds_is_planned_without_ticking(browser: Client, place: Place):
    shown = browser.get("/plans/new/", {"whole": "1", "q": "RED"}).content.decode()
    assert "For 1 listing." in shown
    browser.post("/plans/new/", {"whole": "1", "q": "RED", "deed": "hide"})
    assert [line.remote_id for line in Plan.objects.get().lines.all()] == ["1"]


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        ("hide", "1 of the 2 listings that buyers see in First shop goes: more than a tenth."),
        ("delete", "1 product is deleted in its store. That cannot be taken back."),
    ],
)
def test_hiding_and_deleting_are_looked_at_too(browser: Client, place: Place, deed: str, sentence: str):
    browser.post("/plans/new/", {"listing": place.listing(1).pk, "deed": deed})
    assert sentence in page(browser, Plan.objects.get())


def test_the_price_of_one_listing_can_be_looked_at_first(browser: Client, place: Place):
    form = {"listing": place.listing(1).pk, "deed": "price", "price": "9", "retail_price": "12"}
    browser.post("/plans/new/", form)
    [line] = Plan.objects.get().lines.all()
    assert line.fields == {"price": "9", "retail_price": "12"}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"figure": "-100"}, "That leaves no price at all."),
        ({"figure": "0"}, "That changes nothing."),
        ({"figure": "x"}, "Enter a number."),
        ({"way": "price", "figure": "10"}, "Nothing would change"),
    ],
)
def test_a_figure_that_makes_no_sense_is_said_at_its_field(browser: Client, place: Place, form: dict, words: str):
    answer = browser.post(
        "/plans/new/", {"way": "percent", "step": "0.01", "retail": "keep", "listing": place.listing(1).pk} | form
    )
    assert (answer.status_code, Plan.objects.count()) == (422, 0)
    assert words in answer.content.decode()


def test_a_plan_thrown_away_tells_nobody(browser: Client, place: Place):
    plan_prices(browser, place, "-15", 1)
    made = Plan.objects.get()
    browser.post(f"/plans/{made.pk}/discard/")
    made.refresh_from_db()
    assert (made.state, made.lines.count()) == ("discarded", 0)
    assert "Thrown away" in page(browser, made)


def test_what_waits_can_be_given_up_from_its_page(browser: Client, place: Place):
    plan_prices(browser, place, "-15", 1, 2)
    made = Plan.objects.get()
    press_apply(browser, made)
    assert "Give up what waits" in page(browser, made)
    browser.post(f"/plans/{made.pk}/stop/")
    assert set(ListingChange.objects.values_list("state", flat=True)) == {"canceled"}
    assert "2 given up" in page(browser, made)


def test_who_only_looks_can_look_and_do_nothing(road: Road, place: Place, browser: Client):
    plan_prices(browser, place, "-50", 1)
    made = Plan.objects.get()
    viewer = sit_down(make_person(road.seller, "read_only"))
    assert "RED sock" in page(viewer, made)
    for address in ("/plans/new/", f"/plans/{made.pk}/apply/"):
        assert viewer.post(address, {"approved": "1"}).status_code == 403
    assert not ListingChange.objects.exists()


def test_a_plan_of_many_lines_costs_as_many_questions_as_one_of_few(browser: Client, place: Place):
    rows = [
        Listing(
            seller_id=place.store.seller_id, store=place.store, remote_id=str(number), title=f"Sock {number}",
            currency="USD", price=Decimal(10),
        )
        for number in range(100, 130)
    ]  # fmt: skip
    Listing.objects.bulk_create(rows)
    few = browser.post("/plans/new/", {"listing": [rows[0].pk, rows[1].pk], "deed": "hide"})["Location"]
    many = browser.post("/plans/new/", {"listing": [row.pk for row in rows], "deed": "hide"})["Location"]
    browser.get(few)
    with CaptureQueriesContext(connection) as first:
        browser.get(few)
    with CaptureQueriesContext(connection) as second:
        browser.get(many)
    assert len(second) == len(first)


def test_words_and_price_of_one_store_are_looked_at_before_they_are_told(browser: Client, place: Place):
    product = Product.objects.get(items__sku="RED")
    address = f"/products/{product.pk}/stores/{place.store.pk}/"
    form = browser.get(address).context["form"]
    listing = place.listing(1)
    sent = {field.html_name: field.value() or "" for field in form} | {
        "name": "Warm red sock", f"price_{listing.pk}": "4", "deed": "plan",
    }  # fmt: skip
    answer = browser.post(address, sent)
    made = Plan.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/plans/{made.pk}/")
    assert [(line.kind, line.before.get("name"), line.fields) for line in made.lines.order_by("kind")] == [
        ("price", None, {"price": "4", "retail_price": None}),
        ("update", "RED sock", {"name": "Warm red sock"}),
    ]
    assert "1 price falls by more than 30 %, by 60 %." in page(browser, made)
    assert not ListingChange.objects.exists()


def test_listing_a_product_in_another_store_is_looked_at_first(road: Road, browser: Client, place: Place):
    second = road.connect(Shop.empty(), name="Second shop")
    product = Product.objects.get(items__sku="RED")
    address = f"/products/{product.pk}/stores/list/?store={second.store.pk}"
    [(_place, form)] = browser.get(address).context["forms"]
    sent = {field.html_name: field.value() or "" for field in form}
    answer = browser.post(address, sent | {"store": second.store.pk, "deed": "plan"})
    made = Plan.objects.get()
    assert (answer["Location"], [line.kind for line in made.lines.all()]) == (f"/plans/{made.pk}/", ["create"])
    assert "not in the store" in page(browser, made)
    press_apply(browser, made)
    push_listings(Store.objects.get(pk=second.store.pk))
    assert len(second.shop.tables.products) == 1


def test_listings_of_several_currencies_move_by_percent_to_the_smallest_coin_alone(browser: Client, place: Place):
    Listing.objects.filter(pk=place.listing(2).pk).update(currency="KRW", price=Decimal(12345))
    refused = plan_prices(browser, place, "-10", 1, 2)
    assert (refused.status_code, Plan.objects.count()) == (422, 0)
    assert "These listings are priced in several currencies (KRW, USD)" in refused.content.decode()
    plan_prices(browser, place, "-10", 1, 2, step="")
    prices = Plan.objects.get().lines.order_by("remote_id").values_list("fields__price", flat=True)
    assert list(prices) == ["9", "11111"]
