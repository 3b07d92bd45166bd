"""Two people at one form, each in a browser of their own."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from entrepot.catalog.models import Item
from tests.browser.world import sit
from tests.web.factories import House, full_house, make_person

pytestmark = pytest.mark.browser

WORDS: dict[str, dict[str, str]] = {
    "en": {"save": "Save", "name": "Name of the item", "chosen": "Save what I chose", "what": "See what changed"},
    "ko": {"save": "저장", "name": "품목명", "chosen": "고른 대로 저장", "what": "바뀐 내용 보기"},
}


def two(chromium: Browser, house: House, base: str, language: str, **words: Any) -> tuple[Page, Page]:
    """The owner's page and Mina's, both on the form of the red sock."""
    house.owner.user.language = language
    house.owner.user.save(update_fields=["language"])
    mina = make_person(house.seller, "manager", "mina@example.com")
    mina.user.name = "Mina"
    mina.user.save(update_fields=["name"])
    pages = [sit(chromium, member, base, **words).new_page() for member in (house.owner, mina)]
    for page in pages:
        page.goto(f"/products/items/{house.items['RED']}/")
    return pages[0], pages[1]


def snap(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("ko", 390)])
def test_who_saves_second_is_told_at_once_and_chooses(
    chromium: Browser, live_server: Any, language: str, width: int
) -> None:
    house, words = full_house(), WORDS[language]
    mine, hers = two(chromium, house, live_server.url, language, viewport={"width": width, "height": 900})
    mine.locator("#id_name").fill("Red sock")
    mine.locator("#id_barcode").fill("8801234567893")
    hers.locator("#id_name").fill("Wool sock, red")
    hers.get_by_role("button", name="Save", exact=True).click()
    hers.wait_for_url("**/products/*/")

    topic = f"item:{house.items['RED']}"
    mine.evaluate("topic => document.dispatchEvent(new CustomEvent('entrepot:moved', {detail: topic}))", topic)

    notice = mine.locator(".live-changed")
    expect(notice).to_contain_text("Mina")
    notice.get_by_text(words["what"]).click()
    expect(notice.locator("dd")).to_have_text(["Wool sock, red"])
    expect(mine.locator("#id_name")).to_have_value("Red sock")
    snap(mine, f"meanwhile-{language}-{width}")

    mine.get_by_role("button", name=words["save"], exact=True).click()
    expect(mine.locator(".torn-field")).to_have_count(1)
    expect(mine.locator(".torn-value")).to_have_text(["Wool sock, red", "Red sock"])
    expect(mine.locator(".torn input").first).to_be_focused()
    assert mine.evaluate("document.documentElement.scrollWidth <= innerWidth")
    snap(mine, f"choice-{language}-{width}")
    assert Item.objects.get(pk=house.items["RED"]).name == "Wool sock, red"

    mine.keyboard.press("ArrowDown")
    mine.get_by_role("button", name=words["chosen"]).click()
    mine.wait_for_url("**/products/*/")
    item = Item.objects.get(pk=house.items["RED"])
    assert (item.name, item.barcode) == ("Red sock", "8801234567893")
    for page in (mine, hers):
        page.context.close()


@pytest.mark.usefixtures("transactional_db")
def test_an_ended_session_keeps_what_was_typed_until_one_has_signed_in_again(
    chromium: Browser, live_server: Any
) -> None:
    house = full_house()
    mine, hers = two(chromium, house, live_server.url, "en")
    mine.locator("#id_name").fill("Red sock")
    Session.objects.all().delete()

    mine.get_by_role("button", name="Save", exact=True).click()

    expect(mine.locator("[data-said=live-signed-out]")).to_contain_text("What you typed is still here")
    expect(mine.locator("#id_name")).to_have_value("Red sock")
    mine.context.add_cookies(sit(chromium, house.owner, live_server.url).cookies())  # type: ignore[arg-type]
    mine.get_by_role("button", name="Save", exact=True).click()
    mine.wait_for_url("**/products/*/")
    assert Item.objects.get(pk=house.items["RED"]).name == "Red sock"
    for page in (mine, hers):
        page.context.close()


@pytest.mark.usefixtures("transactional_db")
def test_a_server_that_does_not_answer_loses_nothing(chromium: Browser, live_server: Any) -> None:
    house = full_house()
    mine, hers = two(chromium, house, live_server.url, "en")
    mine.locator("#id_name").fill("Red sock")
    mine.context.set_offline(True)

    mine.get_by_role("button", name="Save", exact=True).click()

    expect(mine.locator("[data-said=live-no-answer]")).to_contain_text("save again in a moment")
    mine.context.set_offline(False)
    mine.get_by_role("button", name="Save", exact=True).click()
    mine.wait_for_url("**/products/*/")
    assert Item.objects.get(pk=house.items["RED"]).name == "Red sock"
    for page in (mine, hers):
        page.context.close()
