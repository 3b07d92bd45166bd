"""Every form filled with kept values carries what was seen; two who change one field differently must choose."""

import re
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import resolve, reverse

from entrepot.channels.models import RemoteCategory
from tests.web.conftest import AtDesk
from tests.web.factories import House, make_person, sit_down
from tests.web.pages import address, screens
from tests.web.test_two_people import fields_of

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


class Both(NamedTuple):
    """A field, and two values for it."""

    page: str
    field: str
    theirs: str
    mine: str
    also: dict[str, str] = {}
    """What else must be filled in."""


TABLE = [
    Both("product_edit", "name", "Wool socks", "Warm socks"),
    Both("item_edit", "name", "Wool sock", "Warm sock"),
    Both("kit_edit", "name", "Wool kit", "Warm kit"),
    Both("category", "name", "Wool", "Warm"),
    Both("store_settings", "buffer", "3", "4"),
    Both("listing", "buffer", "3", "4"),
    Both("price_list_edit", "name", "Retail 2027", "Retail 2028"),
    Both("company", "name", "Wool Company", "Warm Company"),
    Both("carrier", "service", "Branch 1", "Branch 2"),
    Both("carrier_rule", "sku", "WOOL-*", "WARM-*"),
    Both("senders", "name", "Wool Company", "Warm Company", {"address": "1 Mill Street"}),
    Both("endpoint", "name", "Wool books", "Warm books"),
    Both("wms_house", "name", "Wool hall", "Warm hall"),
    Both("people", "role", "manager", "read_only"),
]
OWN = {"me"}
"""Only its owner sits there; two windows of one person are watched like two people."""
ELSEWHERE = {"store_statuses", "listing_price"}
"""Watched; looked at in tests of their own."""
IN_ITS_OWN_WAY = ('name="version"', 'name="shown"', 'name="saw')
"""An order says its version; a store's words, its shelves and a count what they showed: each has tests of its own."""
NEW = {
    ("carriers", "carriers"): "another carrier",
    ("connect_channel", "connect_channel"): "another store",
    ("floor_pick_list", "floor_pick_list"): "pieces that are taken now",
    ("listing_match", "listing_match"): "another item",
    ("order_new", "order_new"): "another order",
    ("order_split", "order_split"): "pieces of another part",
    ("orders", "orders_columns"): "one's own columns",
    ("people", "people"): "an invitation",
    ("price_list_new", "price_list_new"): "another list",
    ("product_list", "product_list"): "what a store is told of a product it does not have",
    ("promotion_new", "promotion_new"): "another promotion",
    ("senders", "senders"): "another box",
    ("wms_count_new", "wms_count_new"): "another count",
    ("wms_house", "wms_house_deed"): "more totes",
    ("wms_put_away", "wms_put_away_do"): "pieces that are put away now",
}
"""What stands in these fields to begin with is a proposal; nothing kept is overwritten by it."""


def posting(page: str) -> list[str]:
    return [form for form in FORM.findall(page) if 'method="post"' in form.split(">", 1)[0]]


def goes_to(form: str, page: str) -> str:
    found = re.search(r'action="([^"]*)"', form.split(">", 1)[0])
    return found[1].replace("&amp;", "&") if found and found[1] else page


def preset(form: str) -> dict[str, Any]:
    """What stands in the fields a person sees."""
    seen = re.sub(r'<input[^>]*type="hidden"[^>]*>|<template.*?</template>', "", form, flags=re.DOTALL)
    unset = re.sub(r"<select(?:(?!</select>).)*</select>", _unless_selected, seen, flags=re.DOTALL)
    return {name: value for name, value in fields_of(unset).items() if any(value)}


def _unless_selected(found: re.Match[str]) -> str:
    return found[0] if re.search(r'<option value="[^"]+"[^>]* selected', found[0]) else ""


def at(house: House, name: str) -> str:
    return address(name, house)


def form_with(browser: Client, where: str, field: str) -> tuple[str, dict[str, Any]]:
    """The watched form of a page that has the field, and what a browser would send of it."""
    page = browser.get(where).content.decode()
    form = [one for one in posting(page) if "data-seat" in one and f'name="{field}"' in one][-1]
    return goes_to(form, where), fields_of(form)


def test_every_form_filled_with_kept_values_carries_what_was_seen(at_desk: AtDesk) -> None:
    bare: dict[str, str] = {}
    watched = set()
    for name in screens():
        where = at(at_desk.house, name)
        page = at_desk.browser.get(where).content.decode()
        for form in posting(page):
            target = resolve(goes_to(form, where).split("?")[0]).url_name or ""
            if 'name="seen"' in form:
                watched.add(name)
            elif any(sign in form for sign in IN_ITS_OWN_WAY) or (name, target) in NEW:
                continue
            elif preset(form):
                bare[f"{name} -> {target}"] = ", ".join(preset(form))

    assert "\n".join(f"{form}: {fields}" for form, fields in sorted(bare.items())) == ""
    assert watched >= {one.page for one in TABLE} | OWN | ELSEWHERE


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.page)
def test_two_who_change_a_field_differently_must_choose(at_desk: AtDesk, case: Both) -> None:
    mina = sit_down(make_person(at_desk.house.seller, "owner", "mina@example.com"))
    where = at(at_desk.house, case.page)
    target, mine = form_with(at_desk.browser, where, case.field)
    _, theirs = form_with(mina, where, case.field)

    assert mina.post(target, theirs | {case.field: case.theirs, **case.also}).status_code == 302
    answer = at_desk.browser.post(target, mine | {case.field: case.mine, **case.also})

    assert answer.status_code == 409
    assert answer.content.decode().count(f'name="choose-{case.field}"') == 2
    assert form_with(mina, where, case.field)[1][case.field] == [case.theirs]


def test_two_who_map_a_status_differently_must_choose(at_desk: AtDesk) -> None:
    mina = sit_down(make_person(at_desk.house.seller, "owner", "mina@example.com"))
    where = reverse("web:store_statuses", args=[at_desk.house.store.pk])
    page = at_desk.browser.get(where).content.decode()
    field = re.findall(r'name="(status_[^"]+)"', page)[0]
    _, mine = form_with(at_desk.browser, where, field)
    _, theirs = form_with(mina, where, field)
    first, second = [value for value in ("processed", "complete", "canceled") if [value] != mine[field]][:2]

    assert mina.post(where, theirs | {field: first}).status_code == 302
    assert at_desk.browser.post(where, mine | {field: second}).status_code == 409
    assert form_with(mina, where, field)[1][field] == [first]


def test_two_who_map_a_shelf_differently_are_told_and_the_second_may_insist(at_desk: AtDesk) -> None:
    store = at_desk.house.store
    for remote_id, name in (("771", "Wool things"), ("772", "Warm things")):
        RemoteCategory.objects.create(store=store, remote_id=remote_id, name=name)
    mina = sit_down(make_person(at_desk.house.seller, "owner", "mina@example.com"))
    where = reverse("web:store_shelves", args=[store.pk])

    def shelf(page: str) -> tuple[str, dict[str, Any]]:
        form = next(one for one in posting(page) if 'name="saw-' in one)
        field = re.findall(r'name="(to-\d+)"', form)[0]
        return field, fields_of(form) | {"deed": "save"}

    field, opened = shelf(at_desk.browser.get(where).content.decode())
    saw = f"saw-{field.removeprefix('to-')}"
    assert mina.post(where, opened | {field: "Wool things"}).status_code == 302

    asked = at_desk.browser.post(where, opened | {field: "Warm things"})

    assert asked.status_code == 409
    assert "It is “Wool things” now. Save again to have yours." in asked.content.decode()
    assert shelf(at_desk.browser.get(where).content.decode())[1][saw] == ["771"]
    again = shelf(asked.content.decode())[1]
    assert again[field] == ["Warm things", ""]  # and a place for one more
    assert at_desk.browser.post(where, again).status_code == 302
    assert shelf(at_desk.browser.get(where).content.decode())[1][saw] == ["772"]
