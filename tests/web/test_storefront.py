"""A product in all its stores, as a person at the desk meets it; the shops answer over HTTP."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entrepot.accounts.access import ROLES
from entrepot.accounts.models import Seller
from entrepot.catalog.models import Product
from entrepot.channels.models import ListingChange, Plan, RemoteCategory, Run, Store, StoreProduct
from entrepot.channels.services import storefront, sync
from entrepot.channels.services.offers_push import push_listings
from entrepot.channels.services.plans import approve_plan
from entrepot.channels.services.plans_apply import apply_plan
from entrepot.connectors.opencart.simulator import Shop
from tests.roads.rig import MINA, Place, Road, small_shop
from tests.web.factories import full_house, make_listing, make_person, make_store, sit_down


@pytest.fixture
def road(transactional_db: None) -> Iterator[Road]:
    made = Road(Seller.objects.create(name="Seoul Socks"))
    with made.stack:
        yield made


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5, BLUE=3))


@pytest.fixture
def second(road: Road) -> Place:
    return road.connect(Shop.empty(), name="Second shop")


@pytest.fixture
def red(place: Place) -> Product:
    return Product.objects.get(items__sku="RED")


@pytest.fixture
def browser(road: Road) -> Client:
    return sit_down(make_person(road.seller))


def page(browser: Client, name: str, *args: object, query: str = "") -> str:
    answer = browser.get(reverse(f"web:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def do(browser: Client, product: Product, *places: Place, deed: str) -> int:
    known = {row.store_id: row.remote_id for row in StoreProduct.objects.filter(product=product)}
    keys = [f"{one.store.pk}:{known.get(one.store.pk, '')}" for one in places]
    return browser.post(reverse("web:product_stores_do", args=[product.pk]), {"place": keys, "deed": deed}).status_code


def offer(*places: Place, **fields: str) -> dict[str, object]:
    facts: dict[str, object] = {"store": [one.store.pk for one in places]}
    for one in places:
        facts |= {f"s{one.store.pk}-{name}": value for name, value in {"price": "12.5", **fields}.items()}
    return facts


def test_a_product_is_listed_in_two_shops_from_one_page(road, place, second, red, browser) -> None:
    third = road.connect(Shop.empty(), name="Third shop")
    RemoteCategory.objects.create(store=second.store, remote_id="7", name="Socks")
    text = page(browser, "product_stores", red.pk)
    assert "Not listed" in text
    form = page(browser, "product_list", red.pk)
    assert all(word in form for word in ("Second shop", "Third shop", "Socks", 'value="10"'))
    assert "First shop" not in form

    address = reverse("web:product_list", args=[red.pk])
    bad = offer(second, third) | {f"s{third.store.pk}-price": "0"}
    assert browser.post(address, bad | {"deed": "list"}).status_code == 422
    assert ListingChange.objects.count() == 0
    good = offer(second, third, name="Warm red sock", active="on")
    assert browser.post(address, good | {"deed": "list"}).status_code == 302
    assert "On its way" in page(browser, "product_stores", red.pk)
    for one in (second, third):
        push_listings(one.store)
        [made] = one.shop.tables.products.values()
        assert (made.price, made.quantity, made.names[1]) == ("12.5000", 5, "Warm red sock")
    text = page(browser, "product_stores", red.pk)
    assert "Not listed" not in text
    assert "As we sent it" in text
    assert "Every live store has it" in page(browser, "product_list", red.pk)


def test_a_draft_is_saved_without_a_price_opened_again_and_listed(place, second, red, browser) -> None:
    address = reverse("web:product_list", args=[red.pk])
    told = offer(second, price="", name="Wool sock") | {"deed": "draft"}
    assert browser.post(address, told).status_code == 302
    assert StoreProduct.objects.get(remote_id="").wanted == {"name": "Wool sock", "active": False}
    text = page(browser, "product_stores", red.pk)
    assert "Draft" in text
    assert "Wool sock" in text
    assert 'value="Wool sock"' in page(browser, "product_list", red.pk, query=f"?store={second.store.pk}")
    assert browser.post(address, told | {"deed": "list"}).status_code == 422
    assert ListingChange.objects.count() == 0
    assert do(browser, red, second, deed="discard") == 302
    assert not StoreProduct.objects.filter(remote_id="").exists()


def test_what_the_product_says_itself_is_shown_where_a_store_has_no_words_of_its_own(second, red, browser) -> None:
    own = {
        "description": "<p>Warm.</p><p>Soft.</p>",
        "attributes": [["Fabric", "Wool"]],
        "images": ["https://img.example/a.jpg"],
    }
    Product.objects.filter(pk=red.pk).update(**own)
    form = browser.get(reverse("web:product_list", args=[red.pk])).context["forms"][0][1]
    hints = {name: form.fields[name].widget.attrs["placeholder"] for name in own}
    assert hints == {"description": "Warm.\nSoft.", "attributes": "Fabric: Wool", "images": "https://img.example/a.jpg"}
    assert not any(form[name].value() for name in own)
    assert form.fields["images"].help_text == "One on each line, the main picture first. Empty: the product's own."
    asked = offer(second, attributes="Fabric: Silk") | {"deed": "list"}
    assert browser.post(reverse("web:product_list", args=[red.pk]), asked).status_code == 302
    fields = ListingChange.objects.get().fields
    assert (fields["description"], fields["attributes"], fields["images"]) == ("", [["Fabric", "Silk"]], [])


def test_for_a_store_that_is_only_read_a_draft_can_be_kept_and_nothing_is_told(road, place, red, browser) -> None:
    quiet = road.connect(Shop.empty(), name="Quiet shop", live=False)
    text = page(browser, "product_list", red.pk)
    assert "Quiet shop" in text
    assert 'value="list"' not in text
    address = reverse("web:product_list", args=[red.pk])
    answer = browser.post(address, offer(quiet) | {"deed": "list"})
    assert answer.status_code == 422
    assert (ListingChange.objects.count(), StoreProduct.objects.filter(remote_id="").count()) == (0, 0)
    assert browser.post(address, offer(quiet) | {"deed": "draft"}).status_code == 302
    assert StoreProduct.objects.get(remote_id="").wanted == {"price": "12.5", "active": False}


def filled(browser: Client, address: str) -> dict[str, object]:
    """What a browser sends of a page that was opened now."""
    form = browser.get(address).context["form"]
    return {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}


def test_only_what_was_changed_is_told_to_the_store(place, red, browser) -> None:
    address = reverse("web:product_store", args=[red.pk, place.store.pk])
    told = filled(browser, address)
    assert browser.post(address, told).status_code == 302
    assert ListingChange.objects.count() == 0
    told |= {"name": "Warm red sock", f"price_{place.listing(1).pk}": "9"}
    assert browser.post(address, told).status_code == 302
    asked = ListingChange.objects.order_by("pk").values_list("kind", "fields")
    assert list(asked) == [
        ("update", {"name": "Warm red sock"}),
        ("price", {"price": "9", "retail_price": None}),
    ]
    text = page(browser, "product_stores", red.pk)
    assert all(word in text for word in ("On its way", "We want", "Warm red sock", "RED sock"))
    push_listings(place.store)
    assert place.shop.tables.products[1].names[1] == "Warm red sock"


def test_what_a_colleague_changed_meanwhile_is_not_put_back_by_the_next_who_saves(place, red, browser) -> None:
    address = reverse("web:product_store", args=[red.pk, place.store.pk])
    opened = filled(browser, address)
    price = f"price_{place.listing(1).pk}"
    assert browser.post(address, opened | {"name": "Warm red sock", price: "9"}).status_code == 302
    assert browser.post(address, opened | {"description": "Soft."}).status_code == 302
    asked = ListingChange.objects.order_by("pk").values_list("kind", "fields")
    assert list(asked) == [
        ("update", {"name": "Warm red sock"}),
        ("price", {"price": "9", "retail_price": None}),
        ("update", {"description": "Soft."}),
    ]
    push_listings(place.store)
    assert place.shop.tables.products[1].names[1] == "Warm red sock"


def test_a_field_that_two_people_changed_is_looked_at_again_by_the_second(place, red, browser) -> None:
    address = reverse("web:product_store", args=[red.pk, place.store.pk])
    opened = filled(browser, address)
    assert browser.post(address, opened | {"name": "Warm red sock", "description": "Soft."}).status_code == 302
    answer = browser.post(address, opened | {"name": "Ruby sock"})
    assert answer.status_code == 422
    assert "It is “Warm red sock” now." in answer.content.decode()
    assert ListingChange.objects.count() == 1
    again = opened | {"name": "Ruby sock", "shown": answer.context["form"]["shown"].value()}
    assert browser.post(address, again).status_code == 302
    assert ListingChange.objects.latest("pk").fields == {"name": "Ruby sock"}


def test_a_page_that_does_not_say_what_it_showed_changes_nothing(place, red, browser) -> None:
    address = reverse("web:product_store", args=[red.pk, place.store.pk])
    opened = filled(browser, address)
    for shown in ("", "[]", "no marks"):
        answer = browser.post(address, opened | {"name": "Ruby sock", "shown": shown})
        assert answer.status_code == 422
        assert "Open it again" in answer.content.decode()
    assert ListingChange.objects.count() == 0


def test_from_a_listing_one_comes_to_its_words_and_to_all_its_stores(place, red, browser) -> None:
    text = page(browser, "listing", place.listing(1).pk)
    words = f"{reverse('web:product_store', args=[red.pk, place.store.pk])}?at=1"
    assert words in text
    assert reverse("web:product_stores", args=[red.pk]) in text
    assert 'value="RED sock"' in browser.get(words).content.decode()
    assert browser.get(words.replace("at=1", "at=9")).status_code == 404


def test_a_price_that_falls_far_is_asked_about_once_more_and_tells_nothing(place, red, browser) -> None:
    address = reverse("web:product_store", args=[red.pk, place.store.pk])
    told = filled(browser, address) | {"name": "Warm", f"price_{place.listing(1).pk}": "5"}
    answer = browser.post(address, told)
    assert answer.status_code == 422
    assert 'type="checkbox" name="approved"' in answer.content.decode()
    assert (ListingChange.objects.count(), StoreProduct.objects.exclude(wanted={}).count()) == (0, 0)
    assert browser.post(address, told | {"approved": "on"}).status_code == 302
    assert ListingChange.objects.count() == 2


def test_a_line_that_is_no_picture_or_no_attribute_is_said_at_its_field(place, second, red, browser) -> None:
    address = reverse("web:product_list", args=[red.pk])
    answer = browser.post(address, offer(second, images="my desktop/sock.jpg") | {"deed": "draft"})
    assert "is no address of a picture" in answer.content.decode()
    assert not StoreProduct.objects.filter(remote_id="").exists()


def test_what_the_owner_changed_stands_beside_ours_and_is_settled_with_a_button(place, red, browser) -> None:
    who = {"seller_id": red.seller_id, "store_id": place.store.pk, "remote_id": "1", "actor": MINA}
    storefront.change_there(words={"name": "Warm red sock"}, **who)
    push_listings(place.store)
    place.shop.save_product(1, names={1: "Ruby sock"})
    assert do(browser, red, place, deed="pull") == 302
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))
    text = page(browser, "product_stores", red.pk)
    assert all(word in text for word in ("Changed in the store", "Ruby sock", "Warm red sock"))
    address = reverse("web:product_stores_do", args=[red.pk])
    assert browser.post(address, {"settle": f"ours|name|{place.store.pk}:9"}).status_code == 404
    browser.post(address, {"settle": f"ours|name|{place.store.pk}:1"})
    push_listings(place.store)
    assert place.shop.tables.products[1].names[1] == "Warm red sock"


def apply(plan: Plan) -> None:
    approve_plan(seller_id=plan.seller_id, plan_id=plan.pk, actor=MINA)
    apply_plan(seller_id=plan.seller_id, plan_id=plan.pk, actor=MINA)


def test_a_change_and_a_listing_are_looked_at_first_and_tell_no_store_before(place, second, red, browser) -> None:
    address = reverse("web:product_store", args=[red.pk, place.store.pk])
    told = filled(browser, address) | {"name": "Warm red sock", f"price_{place.listing(1).pk}": "5", "deed": "plan"}
    assert browser.post(address, told).status_code == 302
    listed = offer(second, name="Wool sock", active="on") | {"deed": "plan"}
    assert browser.post(reverse("web:product_list", args=[red.pk]), listed).status_code == 302
    change, creation = Plan.objects.order_by("pk")
    assert sorted(line.kind for line in change.lines.all()) == ["price", "update"]
    assert [line.kind for line in creation.lines.all()] == ["create"]
    assert ListingChange.objects.count() == 0
    assert "Draft" in page(browser, "product_stores", red.pk)
    for plan in (change, creation):
        apply(plan)
    push_listings(place.store)
    push_listings(second.store)
    assert (place.shop.tables.products[1].names[1], place.shop.tables.products[1].price) == ("Warm red sock", "5.0000")
    [made] = second.shop.tables.products.values()
    assert made.names[1] == "Wool sock"
    assert not StoreProduct.objects.filter(remote_id="").exists()


def test_it_is_hidden_and_deleted_in_the_chosen_stores_only(road, place, red, browser) -> None:
    other = road.connect(small_shop(RED=1), name="Second shop")
    assert do(browser, red, place, deed="hide") == 302
    push_listings(place.store)
    assert (place.shop.tables.products[1].status, other.shop.tables.products[1].status) == (0, 1)
    assert do(browser, red, other, deed="delete") == 302
    plan = Plan.objects.get()
    assert (plan.state, [line.kind for line in plan.lines.all()]) == ("draft", ["delete"])
    apply(plan)
    push_listings(other.store)
    assert (sorted(place.shop.tables.products), sorted(other.shop.tables.products)) == ([1, 2], [])
    text = page(browser, "product_stores", red.pk)
    assert all(word in text for word in ("Inactive", "Deleted in the store"))
    assert do(browser, red, place, deed="explode") == 404


def test_a_refusal_is_shown_with_what_to_do_and_can_be_tried_again(place, red, browser) -> None:
    storefront.change_there(
        seller_id=red.seller_id, store_id=place.store.pk, remote_id="1", words={"name": "Warm"}, actor=MINA
    )
    change = ListingChange.objects.get()
    ListingChange.objects.filter(pk=change.pk).update(state="failed", error_reason="The shop says no.")
    text = page(browser, "product_stores", red.pk)
    assert all(word in text for word in ("The shop says no.", "Try again", "Give up"))
    browser.post(reverse("web:listing_change", args=[change.pk, "again"]))
    push_listings(place.store)
    assert place.shop.tables.products[1].names[1] == "Warm"


def test_chosen_listings_are_read_from_their_stores(place, browser) -> None:
    place.shop.save_product(1, names={1: "Ruby sock"})
    answer = browser.post(reverse("web:listings_pull"), {"listing": [place.listing(1).pk]})
    assert answer.status_code == 302
    assert Run.objects.get(kind="products").counts["_remote_ids"] == ["1"]
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))
    assert place.listing(1).title == "Ruby sock"


def test_who_may_not_sync_by_hand_has_no_product_read_either(place, red, browser, monkeypatch) -> None:
    monkeypatch.setitem(ROLES, "owner", ROLES["owner"] - {"stores.sync"})
    assert 'value="pull"' not in page(browser, "product_stores", red.pk)
    before = Run.objects.count()
    assert do(browser, red, place, deed="pull") == 403
    assert Run.objects.count() == before


def test_drafts_are_thrown_away_in_all_chosen_stores_or_in_none(road, place, second, red, browser) -> None:
    third = road.connect(Shop.empty(), name="Third shop")
    storefront.save_draft(
        seller_id=red.seller_id, product_id=red.pk, store_id=second.store.pk, fields={"name": "Wool"}, actor=MINA
    )
    keys = [f"{one.store.pk}:" for one in (second, third)]
    answer = browser.post(reverse("web:product_stores_do", args=[red.pk]), {"place": keys, "deed": "discard"})
    assert answer.status_code in {302, 404}
    assert StoreProduct.objects.get(remote_id="").wanted == {"name": "Wool"}


def test_a_reader_sees_everything_and_may_do_nothing(place, red, road) -> None:
    reader = sit_down(make_person(road.seller, "read_only"))
    text = page(reader, "product_stores", red.pk)
    assert "RED sock" in text
    assert 'name="deed"' not in text
    assert do(reader, red, place, deed="hide") == 403
    assert reader.get(reverse("web:product_store", args=[red.pk, place.store.pk])).status_code == 403
    assert ListingChange.objects.count() == 0


def test_the_page_asks_as_often_for_many_variations_as_for_one(db: None) -> None:
    house = full_house()
    browser = sit_down(house.owner)
    address = reverse("web:product_stores", args=[house.product.pk])

    def cost() -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    first = cost()
    item = house.product.items.get()
    for number in range(20):
        item.pk, item.sku = None, f"RED-{number}"
        item.save(force_insert=True)
        make_listing(house.store, item.pk, "30", variation_key=str(number))
    assert cost() == first
    more = make_store(house.seller, "Another shop")
    make_listing(more, item.pk, "77")
    assert cost() <= first + 1


def test_a_draft_that_a_colleague_saved_meanwhile_is_told_before_it_is_written_over(
    place, second, red, browser
) -> None:
    address = reverse("web:product_list", args=[red.pk])
    saw = {f"s{second.store.pk}-saw": browser.get(address).context["forms"][0][1].saw}
    storefront.save_draft(
        seller_id=red.seller_id, product_id=red.pk, store_id=second.store.pk,
        fields={"name": "Merino sock", "price": "19.90"}, actor=MINA,
    )  # fmt: skip
    mine = offer(second, name="Wool sock") | {"deed": "draft"}

    answer = browser.post(address, mine | saw)

    assert answer.status_code == 422
    form = answer.context["forms"][0][1]
    told = "Mina saved another draft since you opened this page: Selling price: 19.9; Name in this store: Merino sock. "
    assert form.non_field_errors() == [f"{told}Save again to have yours instead."]
    assert StoreProduct.objects.get(remote_id="").wanted == {"name": "Merino sock", "price": "19.9"}
    for deed in ("list", "plan"):
        assert browser.post(address, mine | saw | {"deed": deed}).status_code == 422
    assert ListingChange.objects.count() == 0

    assert browser.post(address, mine | {f"s{second.store.pk}-saw": form.saw}).status_code == 302
    assert StoreProduct.objects.get(remote_id="").wanted == {"name": "Wool sock", "price": "12.5", "active": False}


def test_a_draft_that_a_colleague_threw_away_is_not_made_again_unasked(place, second, red, browser) -> None:
    address = reverse("web:product_list", args=[red.pk])
    there = {"seller_id": red.seller_id, "product_id": red.pk, "store_id": second.store.pk, "actor": MINA}
    storefront.save_draft(fields={"name": "Merino sock"}, **there)
    saw = {f"s{second.store.pk}-saw": browser.get(address).context["forms"][0][1].saw}
    storefront.discard_draft(**there)

    answer = browser.post(address, offer(second, name="Merino sock") | saw | {"deed": "draft"})

    assert answer.status_code == 422
    assert "The draft was thrown away since you opened this page. Save again to keep yours." in answer.text
    assert not StoreProduct.objects.filter(remote_id="").exists()
