"""The palette finds what is the seller's and what the role may see, the exact first, and does what the role may."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entrepot.accounts.models import User
from entrepot.channels.models import Store
from tests.books import draft, line, place
from tests.web.conftest import AtDesk
from tests.web.factories import full_house, make_person, sit_down

GROUP = re.compile(r'class="hits-title"[^>]*>([^<]*)<|class="hit-word">([^<]*)<')
HREF = re.compile(r'<a href="([^"]+)" class="hit"')


def _found(browser: Client, text: str, **headers: str) -> dict[str, list[str]]:
    """The lines by the title of their group, in order."""
    answer = browser.get(reverse("web:find"), {"q": text}, headers={"HX-Request": "true", **headers})
    assert answer.status_code == 200
    groups: dict[str, list[str]] = {}
    title = ""
    for head, word in GROUP.findall(answer.content.decode()):
        title = unescape(head) or title
        groups.setdefault(title, [])
        if word:
            groups[title].append(unescape(word))
    return groups


def test_the_order_of_a_number_comes_before_all_whose_number_holds_it(at_desk: AtDesk) -> None:
    channel = at_desk.house.store.sales_channel
    place(channel, draft("77", line(None), buyer_name="Old Buyer"))
    place(channel, *(draft(f"77{n:02d}", line(None), minute=n + 1) for n in range(60)))

    groups = _found(at_desk.browser, "77")

    assert next(iter(groups)) == "Exactly this"
    assert groups["Exactly this"] == ["Order #77"]
    assert groups["Orders"] == [f"Order #77{n:02d}" for n in range(59, 53, -1)]


def test_a_sku_gives_its_product_its_stock_and_its_listings(at_desk: AtDesk) -> None:
    house = at_desk.house

    groups = _found(at_desk.browser, "red")

    assert groups["Exactly this"][:2] == ["RED", "Stock of RED"]
    assert groups["Exactly this"][2:] == [f"Listing: {house.listing.title}"]


def test_a_listing_is_found_by_its_id_in_the_store(at_desk: AtDesk) -> None:
    listing = at_desk.house.listing

    groups = _found(at_desk.browser, listing.remote_id)

    assert f"Listing: {listing.title}" in groups["Exactly this"]


def test_an_order_is_found_by_the_number_on_its_parcel(at_desk: AtDesk) -> None:
    house = at_desk.house
    house.parcel.tracking_number = "6400-1234-5678"
    house.parcel.save()

    groups = _found(at_desk.browser, "6400-1234-5678")

    assert groups["Exactly this"] == [f"Order {house.parcel.order.number}"]


def test_pages_are_found_in_the_readers_language_and_in_english(at_desk: AtDesk) -> None:
    at_desk.house.owner.user.language = "ko"
    at_desk.house.owner.user.save()

    english = at_desk.browser.get(reverse("web:find"), {"q": "connect a st"}, headers={"HX-Request": "true"})
    korean = at_desk.browser.get(reverse("web:find"), {"q": "재고"}, headers={"HX-Request": "true"})

    assert reverse("web:connect") in HREF.findall(english.content.decode())
    assert reverse("web:stock") in HREF.findall(korean.content.decode())


def test_a_store_is_synced_by_a_form_and_only_by_those_who_may(at_desk: AtDesk) -> None:
    house = at_desk.house
    name = house.store.sales_channel.name
    words = f"sync orders {name}"
    reader = sit_down(make_person(house.seller, "read_only", "them@example.com"))

    owner_sees = at_desk.browser.get(reverse("web:find"), {"q": words}, headers={"HX-Request": "true"}).content.decode()
    reader_sees = _found(reader, words)

    address = reverse("web:store_sync", args=[house.store.pk, "orders"])
    form = owner_sees[owner_sees.index("<form") :]
    assert f'method="post" action="{address}"' in form
    assert "csrfmiddlewaretoken" in form
    assert f'href="{address}"' not in owner_sees
    assert "Do" not in reader_sees
    assert at_desk.browser.get(address).status_code == 405


@pytest.mark.parametrize("text", ["77", "RED", "Jane", "Shirt", "sync"])
def test_nothing_of_another_seller_is_found(db: None, text: str) -> None:
    mine, theirs = full_house(), full_house("Other")
    theirs.store.sales_channel.name = "Sync Jane Shirt 77"
    theirs.store.sales_channel.save()
    place(theirs.store.sales_channel, draft("77", line(None), buyer_name="Jane Other"))
    browser = sit_down(mine.owner)

    answer = browser.get(reverse("web:find"), {"q": text}, headers={"HX-Request": "true"})

    addresses = HREF.findall(answer.content.decode())
    ids = {f"/{row}/" for row in (theirs.order.pk, theirs.product.pk, theirs.listing.pk, theirs.store.pk)}
    assert [one for one in addresses if any(one.endswith(row) for row in ids)] == []
    assert "Jane Other" not in answer.content.decode()
    assert "Sync Jane Shirt" not in answer.content.decode()


def test_who_works_for_one_store_finds_nothing_of_the_others(db: None) -> None:
    house = full_house()
    person = make_person(house.seller, "operator", "them@example.com")
    person.store_ids = [house.mall.pk]
    person.save()
    place(house.store.sales_channel, draft("4711", line(None)))

    groups = _found(sit_down(person), "4711")
    listed = _found(sit_down(person), house.listing.remote_id)
    shops = _found(sit_down(person), house.store.sales_channel.name)

    assert "Exactly this" not in groups
    assert "Orders" not in groups
    assert [row for row in listed.get("Exactly this", []) if row.startswith("Listing")] == []
    assert "Ecommerce Sales Channels" not in shops


def test_a_picker_is_offered_no_page_and_no_deed_of_others(db: None) -> None:
    house = full_house()
    browser = sit_down(make_person(house.seller, "picker", "them@example.com"))

    answer = browser.get(reverse("web:find"), headers={"HX-Request": "true"}).content.decode()
    connect = _found(browser, "connect")

    assert "Go to" in answer
    assert reverse("web:problems") not in answer
    assert reverse("web:order_new") not in answer
    assert "Go to" not in connect
    assert "Do" not in connect


def test_the_language_is_changed_and_one_stays_where_one_was(at_desk: AtDesk) -> None:
    answer = at_desk.browser.get(
        reverse("web:find"),
        {"q": "한국어"},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/orders/?status=new"},
    ).content.decode()

    assert 'name="language" value="ko"' in answer
    assert 'name="back" value="/orders/?status=new"' in answer


def test_without_scripts_it_is_a_page(at_desk: AtDesk) -> None:
    answer = at_desk.browser.get(reverse("web:find"), {"q": "orders"}).content.decode()

    assert "<h1>Find or do</h1>" in answer
    assert f'<a href="{reverse("web:orders")}" class="hit"' in answer
    assert 'class="top-find" href="/find/"' in answer


@pytest.mark.parametrize("text", ["%", "_", "a" * 500, "(", "'", "sku:", "number:%", "🧵"])
def test_no_word_breaks_it(at_desk: AtDesk, text: str) -> None:
    _found(at_desk.browser, text)


def test_a_word_costs_the_same_however_many_fit(at_desk: AtDesk) -> None:
    channel = at_desk.house.store.sales_channel

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            _found(at_desk.browser, "8800")
        return len(queries)

    place(channel, draft("8800", line(None)))
    asked()
    few = asked()
    place(channel, *(draft(f"8800{n}", line(None), minute=n + 1) for n in range(20)))

    assert asked() <= few
    assert few <= 20


def test_what_stood_open_lately_is_kept_for_one_person_alone(at_desk: AtDesk) -> None:
    house = at_desk.house

    page = at_desk.browser.get(reverse("web:order", args=[house.order.pk])).content.decode()
    gone = at_desk.browser.get(reverse("web:order", args=[999_999])).content.decode()

    assert f'data-person="{house.owner.user.pk}-{house.seller.pk}"' in page
    assert 'data-object="clipboard-list" data-object-of="Orders"' in page
    assert "data-object=" not in gone


def test_an_address_that_is_none_is_passed_over(at_desk: AtDesk, client: Client) -> None:
    assert "Orders" in _found(at_desk.browser, "", **{"HX-Current-URL": "http://[x"})["Go to"]

    answer = client.post(reverse("web:me"), headers={"Referer": "http://[x"})

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("web:sign_in"))


def test_keys_of_one_letter_are_switched_off_in_ones_settings(at_desk: AtDesk) -> None:
    user = at_desk.house.owner.user
    before = at_desk.browser.get(reverse("web:me"))

    form = before.context["form"]
    told = {name: form[name].value() or "" for name in form.fields if name != "shortcuts"}
    hidden = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^>]*?)"[ >]', unescape(before.content.decode())))
    saved = at_desk.browser.post(reverse("web:me"), {**hidden, **told, "form": "profile"})
    after = at_desk.browser.get(reverse("web:orders")).content.decode()

    assert 'data-keys="off"' not in before.content.decode()
    assert saved.status_code == 302
    assert 'data-keys="off"' in after
    assert User.objects.get(pk=user.pk).shortcuts is False


def test_the_sheet_of_keys_names_the_places_of_ones_role(db: None) -> None:
    house = full_house()
    browser = sit_down(make_person(house.seller, "picker", "them@example.com"))

    page = browser.get(reverse("web:stock")).content.decode()
    sheet = page[page.index('id="keys-sheet"') :]

    assert "<kbd>G</kbd><kbd>O</kbd></dt><dd>Orders</dd>" in sheet
    assert "<dd>People</dd>" not in sheet


def test_a_disconnected_store_is_not_offered_to_be_synced(at_desk: AtDesk) -> None:
    store = at_desk.house.store
    store.state = Store.State.DISCONNECTED
    store.save()

    assert "Do" not in _found(at_desk.browser, f"sync orders {store.sales_channel.name}")


def test_the_manual_is_found_too_and_its_page_opens(at_desk: AtDesk) -> None:
    answer = at_desk.browser.get(reverse("web:find"), {"q": "tracking number"}, headers={"HX-Request": "true"})

    pages = [one for one in HREF.findall(answer.content.decode()) if one.startswith("/help/")]
    assert pages != []
    assert at_desk.browser.get(pages[0]).status_code == 200
