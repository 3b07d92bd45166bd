"""The order desk's list in a real browser, worked by keys alone, with a saved view, in English and in Korean."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from entrepot.accounts.models import SavedView
from tests.books import draft, line, place
from tests.browser.accessible import axe
from tests.browser.world import sit
from tests.web.factories import House, full_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]
WORDS = {
    "en": {"save": "Save as a view", "keep": "Save", "all": "Choose all that fit", "keys": "next and previous row"},
    "ko": {"save": "보기로 저장", "keep": "저장", "all": "조건에 맞는 주문 모두 선택", "keys": "다음 / 이전 행"},
}


@pytest.fixture
def house(transactional_db: None, language: str) -> House:
    """A seller whose second page of orders is short."""
    made = full_house()
    made.owner.user.language = language
    made.owner.user.save()
    orders = [draft(f"5{n:03d}", line(None), minute=n + 1, buyer_name=f"민준 {n}") for n in range(60)]
    place(made.store.sales_channel, *orders)
    return made


def _ticked(page: Page) -> int:
    return page.locator("input[data-row]:checked").count()


def _no_violation(page: Page) -> None:
    assert axe(page) == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_list_is_worked_by_keys_and_kept_as_a_view(
    house: House, chromium: Browser, live_server, language: str
) -> None:
    words = WORDS[language]
    context = sit(chromium, house.owner, live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/orders/", wait_until="load")
    _no_violation(page)

    for key in ("j", "j", "x", "j", "j", "Shift+X"):  # the second row, then all up to the fourth
        page.keyboard.press(key)
    assert _ticked(page) == 3
    assert page.evaluate("document.activeElement.textContent") == "#5056"
    page.keyboard.press("a")
    page.keyboard.press("a")
    page.keyboard.press("k")
    assert _ticked(page) == 0
    assert page.evaluate("document.activeElement.textContent") == "#5057"

    page.keyboard.press("a")
    page.get_by_role("button", name=words["all"]).click()
    assert page.locator("input[name=scope]").input_value() == "filter"
    page.keyboard.press("a")
    assert page.locator("input[name=scope]").input_value() == "chosen"

    page.keyboard.press("Shift+Slash")
    expect(page.get_by_text(words["keys"])).to_be_visible()
    _no_violation(page)
    page.keyboard.press("Escape")
    expect(page.locator("#keys-sheet")).to_be_hidden()

    page.keyboard.press("Slash")
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.type("민준 7")  # letters, not keys
    expect(page.locator("[data-rows] tbody tr")).to_have_count(1, timeout=20_000)
    page.get_by_role("button", name=words["save"]).click()
    page.locator("#view-name").fill("Seven")
    page.locator("#view-save").get_by_role("button", name=words["keep"], exact=True).click()
    page.wait_for_url("**view=*")
    view = SavedView.objects.get(name="Seven")
    assert view.query == "q=%EB%AF%BC%EC%A4%80+7"

    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/stock/")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/orders/")
    page.get_by_role("link", name="Seven").click()
    expect(page.locator("[data-rows] tbody tr")).to_have_count(1, timeout=20_000)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/orders/\d+/$"))
    context.close()
    assert wrong == []
