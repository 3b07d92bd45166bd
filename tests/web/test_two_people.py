"""Two people on one form: what the other changed is taken in, shown, or asked about; never silently overwritten."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entrepot.catalog.models import Item
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Stock
from tests.books import MINA
from tests.web.conftest import AtDesk
from tests.web.factories import make_person, sit_down


def the_form(page: str) -> str:
    """The form of a page that carries what was seen."""
    return next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if "data-seat" in one)


def opened(browser: Client, address: str) -> dict[str, Any]:
    """What a browser would send back of a page's form that carries what was seen."""
    return fields_of(the_form(browser.get(address).content.decode()))


def fields_of(form: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def put(name: str, value: str) -> None:
        found.setdefault(name, []).append(value)

    for tag in re.findall(r"<input[^>]*>", form):
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name = facts.get("type", "text"), facts.get("name")
        if not name or kind in {"file", "submit"} or (kind in {"checkbox", "radio"} and " checked" not in tag):
            continue
        put(name, _text(facts.get("value", "on" if kind == "checkbox" else "")))
    for name, inside in re.findall(r'<textarea[^>]*?name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        put(name, _text(inside.removeprefix("\n")))
    for tag, inside in re.findall(r"<select([^>]*)>(.*?)</select>", form, re.DOTALL):
        name = re.search(r'name="([^"]*)"', tag)
        chosen = re.findall(r'<option value="([^"]*)"[^>]*? selected', inside)
        first = re.search(r'<option value="([^"]*)"', inside)
        if name:
            put(name[1], _text(chosen[0] if chosen else first[1] if first else ""))
    return found


def _text(value: str) -> str:
    for sign, plain in (("&quot;", '"'), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        value = value.replace(sign, plain)
    return value


@pytest.fixture
def mina(at_desk: AtDesk) -> Client:
    """A colleague's browser."""
    person = make_person(at_desk.house.seller, "manager", "mina@example.com")
    person.user.name = "Mina"
    person.user.save(update_fields=["name"])
    return sit_down(person)


def _red(at_desk: AtDesk) -> tuple[str, Item]:
    item = Item.objects.get(pk=at_desk.house.items["RED"])
    return reverse("web:item_edit", args=[item.pk]), item


def test_what_another_changed_and_i_did_not_touch_is_kept_and_told(at_desk: AtDesk, mina: Client) -> None:
    address, item = _red(at_desk)
    mine, theirs = opened(at_desk.browser, address), opened(mina, address)
    assert mina.post(address, theirs | {"name": "Wool sock, red"}).status_code == 302

    answer = at_desk.browser.post(address, mine | {"barcode": "8801234567893"}, follow=True)

    item.refresh_from_db()
    assert (item.name, item.barcode) == ("Wool sock, red", "8801234567893")
    words = [str(message) for message in answer.context["messages"]]
    assert any(re.fullmatch(r"Mina, .+ changed “Name of the item” meanwhile; that was kept\.", word) for word in words)


def test_what_both_changed_otherwise_is_asked_about_and_nothing_is_written(at_desk: AtDesk, mina: Client) -> None:
    address, item = _red(at_desk)
    mine, theirs = opened(at_desk.browser, address), opened(mina, address)
    mina.post(address, theirs | {"name": "Wool sock, red"})

    answer = at_desk.browser.post(address, mine | {"name": "Red sock", "barcode": "8801234567893"})

    item.refresh_from_db()
    assert answer.status_code == 409
    assert (item.name, item.barcode) == ("Wool sock, red", "")
    page = answer.content.decode()
    assert page.count('name="choose-name"') == 2
    assert 'name="choose-barcode"' not in page
    assert '<span class="torn-value">Wool sock, red</span>' in page
    assert '<span class="torn-value">Red sock</span>' in page
    assert re.search(r'<span class="torn-who">Mina, ', page)


@pytest.mark.parametrize(("choice", "name"), [("theirs", "Wool sock, red"), ("mine", "Red sock")])
def test_what_was_chosen_is_saved(at_desk: AtDesk, mina: Client, choice: str, name: str) -> None:
    address, item = _red(at_desk)
    mine, theirs = opened(at_desk.browser, address), opened(mina, address)
    mina.post(address, theirs | {"name": "Wool sock, red"})
    asked = at_desk.browser.post(address, mine | {"name": "Red sock", "barcode": "8801234567893"})
    again = fields_of(the_form(asked.content.decode()))

    answer = at_desk.browser.post(address, again | {"choose-name": choice})

    item.refresh_from_db()
    assert answer.status_code == 302
    assert (item.name, item.barcode) == (name, "8801234567893")


def test_without_a_choice_it_is_asked_again(at_desk: AtDesk, mina: Client) -> None:
    address, item = _red(at_desk)
    mine, theirs = opened(at_desk.browser, address), opened(mina, address)
    mina.post(address, theirs | {"name": "Wool sock, red"})
    asked = at_desk.browser.post(address, mine | {"name": "Red sock"})
    again = fields_of(the_form(asked.content.decode()))

    answer = at_desk.browser.post(address, again)

    item.refresh_from_db()
    assert answer.status_code == 409
    assert item.name == "Wool sock, red"


def test_a_choice_is_asked_again_where_it_changed_once_more(at_desk: AtDesk, mina: Client) -> None:
    address, item = _red(at_desk)
    mine, theirs = opened(at_desk.browser, address), opened(mina, address)
    mina.post(address, theirs | {"name": "Wool sock, red"})
    asked = at_desk.browser.post(address, mine | {"name": "Red sock"})
    again = fields_of(the_form(asked.content.decode()))
    mina.post(address, opened(mina, address) | {"name": "Warm sock"})

    answer = at_desk.browser.post(address, again | {"choose-name": "mine"})

    item.refresh_from_db()
    assert answer.status_code == 409
    assert item.name == "Warm sock"
    assert '<span class="torn-value">Warm sock</span>' in answer.content.decode()


def test_both_changed_it_to_the_same(at_desk: AtDesk, mina: Client) -> None:
    address, item = _red(at_desk)
    mine, theirs = opened(at_desk.browser, address), opened(mina, address)
    mina.post(address, theirs | {"name": "Wool sock, red"})

    answer = at_desk.browser.post(address, mine | {"name": "Wool sock, red", "barcode": "8801234567893"})

    item.refresh_from_db()
    assert answer.status_code == 302
    assert item.barcode == "8801234567893"


def test_what_was_seen_cannot_be_made_up_or_carried_from_another(at_desk: AtDesk, mina: Client) -> None:
    address, item = _red(at_desk)
    theirs = opened(mina, address)
    mine = opened(at_desk.browser, address)
    mina.post(address, theirs | {"name": "Wool sock, red"})

    for seen in (theirs["seen"], ["rubbish"], [""]):
        answer = at_desk.browser.post(address, mine | {"seen": seen, "name": "Red sock"})
        assert answer.status_code == 409

    item.refresh_from_db()
    assert item.name == "Wool sock, red"


def test_a_variation_that_changed_is_not_taken_away_unseen(at_desk: AtDesk, mina: Client) -> None:
    address, item = _red(at_desk)
    mine, theirs = opened(at_desk.browser, address), opened(mina, address)
    mina.post(address, theirs | {"name": "Wool sock, red"})

    answer = at_desk.browser.post(
        reverse("web:item_delete", args=[item.pk]), {"seen": mine["seen"][0], "back": address}, follow=True
    )

    assert Item.objects.filter(pk=item.pk).exists()
    words = [str(message) for message in answer.context["messages"]]
    assert len(words) == 1
    assert re.fullmatch(
        r"Mina, .+ changed this after you opened it: Name of the item\. Nothing was done\. Look at it as it is now, "
        r"then repeat what you wanted\.",
        words[0],
    )


def test_a_variation_that_is_taken_away_holds_its_product_first_as_who_edits_the_product_does(at_desk: AtDesk) -> None:
    _address, item = _red(at_desk)

    with CaptureQueriesContext(connection) as asked:
        at_desk.browser.post(reverse("web:item_delete", args=[item.pk]))

    held = [one["sql"].split('"')[1] for one in asked if "FOR NO KEY UPDATE" in one["sql"]]
    assert held[:2] == ["catalog_product", "catalog_item"]


def test_a_count_against_a_figure_that_moved_is_asked_once_more(at_desk: AtDesk) -> None:
    seller_id, red = at_desk.house.seller.pk, at_desk.house.items["RED"]
    page = at_desk.browser.get(reverse("web:stock_item", args=[red])).content.decode()
    saw = re.search(r'name="saw" value="([^"]*)"', page)
    assert saw
    (house, before), *_others = [pair.split(":") for pair in saw[1].split()]
    inventory.adjust(seller_id=seller_id, item_id=red, delta=-1, reason="Broken", actor=MINA, warehouse_id=int(house))
    said = {"how": "set", "quantity": "5", "reason": "Counted", "warehouse": house}

    asked = at_desk.browser.post(reverse("web:stock_adjust", args=[red]), said | {"saw": saw[1]})

    now = int(before) - 1
    assert asked.status_code == 422
    words = f"{before} were on hand when you looked, and {now} are now: some came or went while you counted."
    assert words in asked.content.decode()
    there = Stock.objects.get(item_id=red, warehouse_id=house)
    assert there.on_hand == now
    again = re.search(r'name="saw" value="([^"]*)"', asked.content.decode())
    assert again
    assert at_desk.browser.post(reverse("web:stock_adjust", args=[red]), said | {"saw": again[1]}).status_code == 302
    there.refresh_from_db()
    assert there.on_hand == 5
