"""The tour of the demo is walked from stop to stop, and every stop has something to see."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from entrepot.web.way.tour import STOPS
from tests.browser.world import World, make_world, sit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
LOOKS = [("en", 1440), ("ko", 390)]


@pytest.fixture
def demo(settings, language: str) -> Iterator[World]:
    settings.DEMO = True
    world = make_world(language)
    yield world
    world.stack.close()


def _seen(page: Page) -> bool:
    """Whether some of the element meant stands on the screen and above the card."""
    return bool(
        page.evaluate(
            """() => { const box = document.querySelector(".tour-mark").getBoundingClientRect();
            const card = document.getElementById("tour").getBoundingClientRect();
            return box.height > 0 && box.top >= 0 && box.top < Math.min(innerHeight, card.top); }"""
        )
    )


def _clean(page: Page, name: str) -> None:
    assert [(row["id"], row["nodes"][0]["html"][:120]) for row in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_every_stop_of_the_tour_shows_what_it_speaks_of(
    chromium: Browser, live_server, demo, language: str, width: int
):
    context = sit(
        chromium, demo.owner, live_server.url, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(reverse("web:dashboard"))
    page.locator("section:has(#tour-offer) button").click()

    for number, stop in enumerate(STOPS, start=1):
        expect(page.locator(".tour-at")).to_contain_text(f"{number}")
        expect(page.locator("#tour")).to_have_attribute("data-tour-shows", stop.shows)
        expect(page.locator("#tour")).to_be_focused()
        assert page.locator(stop.shows).count() >= 1, stop.key
        assert _seen(page), stop.key
        _clean(page, f"tour-{number:02}-{stop.key}-{language}-{width}")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

    page.wait_for_url("**/start/")
    expect(page.locator("#tour")).to_have_count(0)
    page.goto(reverse("web:dashboard"))
    expect(page.locator("#tour-offer")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("language", ["en"])
def test_the_tour_waits_where_one_left_it_goes_back_and_ends(chromium: Browser, live_server, demo):
    context = sit(chromium, demo.owner, live_server.url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(reverse("web:start"))
    page.get_by_role("button", name="Take the tour").click()
    page.locator("#tour").get_by_role("button", name="Next").click()
    expect(page.locator("#tour-head")).to_have_text("A connected store")

    page.goto(reverse("web:products"))
    expect(page.locator("#tour")).to_contain_text("The tour waits for you")
    page.get_by_role("button", name="Back to the tour").click()
    expect(page.locator("#tour-head")).to_have_text("A connected store")
    page.locator("#tour").get_by_role("button", name="Back", exact=True).click()
    expect(page.locator("#tour-head")).to_have_text("The morning begins here")
    page.get_by_role("button", name="End the tour").click()

    expect(page.locator("#tour")).to_have_count(0)
    page.get_by_text("Owner").first.click()
    page.get_by_role("button", name="Tour of the demo").click()
    expect(page.locator("#tour-head")).to_have_text("The morning begins here")
    context.close()
