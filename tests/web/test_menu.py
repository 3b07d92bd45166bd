"""The menu, the breadcrumbs and where they lead are one table."""

import re
from collections import Counter
from html import unescape

import pytest
from django.urls import resolve, reverse

from entrepot.web.way.menu import SECTIONS, way_to, ways
from tests.web.conftest import AtDesk
from tests.web.factories import House, full_house, make_person, sit_down
from tests.web.pages import address, screens

CRUMBS = re.compile(r'<ol class="crumbs">(.*?)</ol>', re.DOTALL)
PIECE = re.compile(r"<li([^>]*)>(.*?)</li>", re.DOTALL)
LINK = re.compile(r'href="([^"]+)"')


def _pieces(page: str) -> list[tuple[str, str, str]]:
    """Attributes, word and address of each piece."""
    found = CRUMBS.findall(page)
    assert len(found) == 1
    rows = PIECE.findall(found[0])
    return [
        (marks, unescape(re.sub("<[^>]+>", "", inner)).strip(), "".join(LINK.findall(inner))) for marks, inner in rows
    ]


@pytest.mark.parametrize("name", screens())
def test_every_screen_says_where_one_is_and_each_piece_above_leads_there(house: House, name: str) -> None:
    browser = sit_down(house.owner)

    page = browser.get(address(name, house), follow=True).content.decode()

    pieces = _pieces(page)
    way = way_to(name)
    assert way is not None, f"{name} stands in no line of web/way/menu.py"
    assert [word for _, word, _ in pieces][: len(way.sections)] == [str(section.word) for section in way.sections]
    assert [marks for marks, _, _ in pieces if "aria-current" in marks] == [pieces[-1][0]]
    assert pieces[-1][1] != ""
    assert pieces[-1][2] == ""
    for _marks, word, there in pieces[len(way.sections) : -1]:
        assert browser.get(there, follow=True).status_code == 200, word


def test_a_store_is_connected_under_the_name_the_field_gives_it(at_desk: AtDesk) -> None:
    page = at_desk.browser.get(reverse("web:connect_channel", args=["opencart"])).content.decode()

    assert [word for _, word, _ in _pieces(page)] == [
        "OMS",
        "Integrations",
        "Ecommerce Sales Channels",
        "Connect a store",
        "Connect OpenCart",
    ]


def test_what_the_table_says_a_place_needs_is_what_its_view_asks() -> None:
    asked = {name: resolve(way.places[-1].address).func.desk_action for name, way in ways().items()}  # type: ignore[attr-defined]

    assert {name: way.places[-1].needs for name, way in ways().items()} == asked


def test_a_letter_after_g_leads_to_one_place() -> None:
    keys = Counter(place.key for way in ways().values() for place in way.places[-1:] if place.key)

    assert [key for key, times in keys.items() if times > 1] == []
    assert all(len(key) == 1 and key.isalpha() for key in keys)


def test_the_menu_shows_what_the_role_may_open_and_nothing_else(db: None) -> None:
    house = full_house()
    picker = sit_down(make_person(house.seller, "picker", "them@example.com"))

    page = picker.get(reverse("web:wms")).content.decode()
    menu = page[page.index('id="side-menu"') : page.index("page-wrapper")]

    shown = re.findall(r'class="menu-link"[^>]*>.*?</svg>([^<]+)', menu)
    assert shown == [
        "Dashboard", "Orders", "Products", "Listings", "Prices", "Stock", "Excel files", "Carriers",
        "Warehouse today", "Floor", "Picking and packing", "Receipts and transfers", "Stock by bin", "Counts",
        "Returns", "Warehouses",
    ]  # fmt: skip
    assert menu.count('aria-current="page"') == 1


def test_a_folded_section_stays_folded_until_one_works_in_it(at_desk: AtDesk) -> None:
    at_desk.browser.cookies["folded"] = "wms.administration"
    wide = re.compile(r'data-fold="(\w+)" open')

    outside = at_desk.browser.get(reverse("web:orders")).content.decode()
    inside = at_desk.browser.get(reverse("web:wms_work")).content.decode()

    assert wide.findall(outside) == ["oms", "integrations"]
    assert wide.findall(inside) == ["oms", "integrations", "wms"]


def test_the_pieces_above_a_page_that_is_not_there_still_lead_somewhere(at_desk: AtDesk) -> None:
    answer = at_desk.browser.get(reverse("web:order", args=[999_999]))

    assert answer.status_code == 404
    assert [(word, there) for _, word, there in _pieces(answer.content.decode())] == [
        ("OMS", ""),
        ("Orders", "/orders/"),
        ("Not found", ""),
    ]


def test_a_word_of_somebody_does_not_become_part_of_the_page(db: None) -> None:
    house = full_house()
    house.product.name = "<b>Tea</b>"
    house.product.save()

    page = sit_down(house.owner).get(reverse("web:product_history", args=[house.product.pk])).content.decode()

    assert "<b>Tea</b>" not in page
    assert _pieces(page)[2][1] == "<b>Tea</b>"


def test_sections_are_named_as_the_field_names_them() -> None:
    assert [(section.name, str(section.word)) for section in SECTIONS] == [
        ("oms", "OMS"),
        ("wms", "WMS"),
        ("administration", "Administration"),
        ("help", "Help"),
        ("you", "Your account"),
    ]
