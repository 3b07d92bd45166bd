"""The manual in a real browser: in the desk, for strangers, and as files without any server."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from entrepot.web.help import site
from tests.books import make_seller
from tests.browser.accessible import wrong_with
from tests.browser.world import sit
from tests.web.factories import make_person

SHOTS = os.environ.get("SHOTS", "")
PAGES = ["index", "tutorial", "how-to/run-a-warehouse", "explanation/ledger", "reference/settings", "search"]
LOOKS = [("en", 1440, "light"), ("ko", 390, "light"), ("en", 1440, "dark"), ("ko", 390, "dark")]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manual") / "site"
    site.write(folder)
    return folder


def keep(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name.replace('/', '-')}.png")


@pytest.mark.parametrize(("language", "width", "theme"), LOOKS)
def test_the_files_are_accessible_and_fit(
    chromium: Browser, built: Path, language: str, width: int, theme: str
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    for name in PAGES:
        page.goto((built / language / f"{name}.html").as_uri() + ("?q=송장" if name == "search" else ""))
        wrong += [f"{name}: {said}" for said in wrong_with(page)]
        keep(page, f"site-{language}-{width}-{theme}-{name}")
    page.close()
    assert not wrong, "\n".join(wrong)


def test_words_are_found_in_the_files_by_keyboard(chromium: Browser, built: Path) -> None:
    page = chromium.new_page()
    page.goto((built / "en" / "tutorial.html").as_uri())
    page.get_by_role("search").get_by_role("searchbox").fill("saved views")
    page.keyboard.press("Enter")

    first = page.locator(".help-hits li").first
    expect(first.get_by_role("link")).to_have_text("Work at the order desk › Saved views")

    page.locator(".help-search-wide input").fill("zebra unicorn")
    expect(page.get_by_text("Nothing in the manual has all of these words.")).to_be_visible()

    page.locator(".help-search-wide input").fill("saved views")
    first.get_by_role("link").click()
    expect(page.locator("#saved-views")).to_be_in_viewport()
    page.close()


def test_a_choice_of_dark_holds_on_the_next_file(chromium: Browser, built: Path) -> None:
    page = chromium.new_page(color_scheme="light")
    page.goto((built / "en" / "tutorial.html").as_uri())
    page.get_by_role("button", name="Light or dark").click()
    page.goto((built / "en" / "errors.html").as_uri())

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.close()


@pytest.mark.parametrize(("language", "width", "theme"), LOOKS[:3])
def test_the_manual_in_the_desk_is_accessible_and_fits(  # noqa: PLR0917 - fixtures
    transactional_db: None, chromium: Browser, live_server, language: str, width: int, theme: str
) -> None:
    owner = make_person(make_seller("Mine"))
    owner.user.language = language
    owner.user.save(update_fields=["language"])
    context = sit(chromium, owner, live_server.url, viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    for name in ["", "how-to/run-a-warehouse/", "search/?q=stock"]:
        page.goto(f"{live_server.url}/help/{language}/{name}")
        wrong += [f"{name}: {said}" for said in wrong_with(page)]
        keep(page, f"desk-{language}-{width}-{theme}-{name.partition('?')[0] or 'contents'}")
    context.close()
    assert not wrong, "\n".join(wrong)


def test_a_screen_opens_its_page_beside_itself(transactional_db: None, chromium: Browser, live_server) -> None:
    context = sit(chromium, make_person(make_seller("Mine")), live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/orders/")

    with context.expect_page() as opened:
        page.get_by_role("link", name="Help Work at the order desk (opens in another tab)").click()

    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Work at the order desk")
    expect(page).to_have_url(f"{live_server.url}/orders/")
    keep(page, "orders-with-help")
    context.close()
