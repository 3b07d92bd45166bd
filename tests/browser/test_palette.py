"""The palette and the keys in a real browser: by keys alone, with Hangul, on a telephone, and switched off."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.books import draft, line, place
from tests.browser.world import sit
from tests.web.factories import House, full_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]


@pytest.fixture
def house(transactional_db: None) -> House:
    """A seller with one order of a number of its own."""
    made = full_house()
    place(made.store.sales_channel, draft("90210", line(None), buyer_name="김민준"))
    return made


def _no_violation(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(row["id"], [node["target"] for node in row["nodes"]]) for row in found] == []


def _meant(page: Page) -> str:
    """The line that the field says is meant."""
    at = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    return page.locator(f"#{at}").inner_text()


def test_an_order_is_opened_by_its_number_and_stands_there_the_next_time(
    house: House, chromium: Browser, live_server
) -> None:
    context = sit(chromium, house.owner, live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/stock/", wait_until="load")
    opener = page.locator("[data-palette]")

    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name="Orders").first).to_be_visible(timeout=20_000)
    _no_violation(page)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(opener).to_be_focused()

    page.keyboard.press("Control+k")
    page.keyboard.type("90210")
    expect(page.get_by_role("option", name="Order #90210")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette-q")).to_be_focused()
    _no_violation(page)
    page.keyboard.press("ArrowDown")
    assert "90210" in _meant(page)  # all orders with the number
    page.keyboard.press("ArrowUp")
    assert _meant(page).startswith("Order #90210")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/orders/\d+/$"))

    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/listings/")
    page.keyboard.press("Control+k")
    lately = page.get_by_role("group", name="Opened lately")
    expect(lately.get_by_role("option").first).to_contain_text("Order #90210")
    page.keyboard.type("zzzz")
    expect(page.get_by_text("Nothing is called")).to_be_hidden()  # the lists to look through stand there instead
    expect(page.get_by_role("option", name="Orders with “zzzz”")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("Control+k")
    page.keyboard.type("light or")
    expect(page.get_by_role("option", name="Light or dark")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.keyboard.press("Control+k")
    page.keyboard.type("한국어")
    expect(page.get_by_role("option", name="한국어", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_function("document.documentElement.lang === 'ko'")
    assert page.url.endswith("/listings/")
    context.close()
    assert wrong == []


def test_who_signs_out_in_the_palette_leaves_nothing_they_opened_in_the_browser(
    house: House, chromium: Browser, live_server
) -> None:
    context = sit(chromium, house.owner, live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"/orders/{house.order.pk}/", wait_until="load")
    page.evaluate("localStorage.setItem('lately:1-999', '[]')")  # of another seller they work for
    kept = "Object.keys(localStorage).filter((name) => name.startsWith('lately:')).length"
    assert page.evaluate(kept) == 2

    page.keyboard.press("Control+k")
    page.keyboard.type("sign out")
    expect(page.get_by_role("option", name="Sign out", exact=True)).to_be_visible()
    page.keyboard.press("Enter")

    page.wait_for_url("**/sign-in/**")
    assert page.evaluate(kept) == 0
    context.close()


def test_on_a_telephone_the_palette_fills_the_screen_and_is_touched(
    house: House, chromium: Browser, live_server
) -> None:
    house.owner.user.language = "ko"
    house.owner.user.save()
    context = sit(chromium, house.owner, live_server.url, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto("/orders/", wait_until="load")

    page.locator("[data-palette]").tap()
    page.locator("#palette-q").fill("김민준")
    order = page.get_by_role("option", name="90210")
    expect(order).to_be_visible()
    _no_violation(page)
    box = order.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= 390
    order.tap()
    page.wait_for_url(re.compile(r"/orders/\d+/$"))
    context.close()


def test_the_sheet_of_keys_opens_anywhere_and_letters_are_switched_off(
    house: House, chromium: Browser, live_server
) -> None:
    context = sit(chromium, house.owner, live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto("/people/", wait_until="load")

    page.keyboard.press("Shift+Slash")
    expect(page.locator("#keys-sheet")).to_be_visible()
    _no_violation(page)
    page.keyboard.press("g")  # an open sheet takes no letters
    page.keyboard.press("o")
    page.keyboard.press("Escape")
    expect(page.locator("#keys-sheet")).to_be_hidden()
    assert page.url.endswith("/people/")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/products/")
    page.keyboard.press("n")
    page.wait_for_url("**/products/new/single/")

    page.goto("/me/")
    page.get_by_label("Keys of one letter").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state("load")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.keyboard.press("Shift+Slash")
    assert page.url.endswith("/me/")
    expect(page.locator("#keys-sheet")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    context.close()
