"""A term says what it means where it stands: by mouse, by keys, on a phone, and to a screen reader."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from entrepot.accounts.models import Membership
from tests.books import make_items, make_seller
from tests.browser.world import sit
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
EDGE = "el => { const box = el.getBoundingClientRect(); return [box.left, innerWidth - box.right, box.top, innerHeight - box.bottom]; }"  # noqa: E501


def _someone(language: str) -> tuple[Membership, int]:
    seller = make_seller("한빛상회")
    return make_person(seller, "owner", "mina@example.com", language=language), make_items(seller, WOOL=3)["WOOL"]


def _clean(page: Page, name: str) -> None:
    assert [(row["id"], row["nodes"][0]["html"][:120]) for row in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("ko", 390)])
def test_a_term_opens_by_the_keyboard_beside_its_word_and_closes_by_escape(
    chromium: Browser, live_server, language, width
):
    owner, item_id = _someone(language)
    context = sit(chromium, owner, live_server.url, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(reverse("web:stock_item", args=[item_id]))
    word, card = page.locator("button.term[popovertarget=term-available]").first, page.locator("#term-available")
    expect(card).to_be_hidden()

    word.focus()
    page.keyboard.press("Enter")

    expect(card).to_be_visible()
    expect(word).to_have_attribute("aria-expanded", "true")
    assert word.get_attribute("aria-describedby") == "term-available-says"
    assert min(card.evaluate(EDGE)) >= 0, "it is on the screen"
    near = card.bounding_box()["y"] - (word.bounding_box()["y"] + word.bounding_box()["height"])
    assert abs(near) < 12, "it stands under its word"
    _clean(page, f"term-{language}-{width}")
    page.keyboard.press("Tab")
    expect(card.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(word).to_be_focused()
    expect(word).to_have_attribute("aria-expanded", "false")
    context.close()


def test_a_tap_opens_a_term_another_tap_elsewhere_closes_it_and_its_link_leads_to_the_glossary(
    chromium: Browser, live_server
):
    owner, item_id = _someone("en")
    context = sit(chromium, owner, live_server.url, viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(reverse("web:stock_item", args=[item_id]))
    word, card = page.locator("button.term[popovertarget=term-reserved]").first, page.locator("#term-reserved")

    word.tap()
    expect(card).to_be_visible()
    page.locator("h1").tap()
    expect(card).to_be_hidden()
    word.tap()
    card.get_by_role("link", name="All terms").tap()

    expect(page).to_have_url(f"{live_server.url}/help/terms/#reserved")
    expect(page.locator("#reserved")).to_be_in_viewport()
    _clean(page, "terms-page")
    context.close()
