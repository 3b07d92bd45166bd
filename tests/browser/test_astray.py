"""Who goes astray is shown the ways on, at a desk and on a phone."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from entrepot.accounts.models import User
from tests.browser.accessible import wrong_with
from tests.browser.world import sit
from tests.web.factories import full_house

SHOTS = os.environ.get("SHOTS", "")

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("ko", 390)])
@pytest.mark.usefixtures("transactional_db")
def test_an_address_that_leads_nowhere_offers_the_way_back_and_the_search(
    chromium: Browser, live_server, language: str, width: int
) -> None:
    house = full_house()
    User.objects.filter(pk=house.owner.user_id).update(language=language)
    context = sit(chromium, house.owner, live_server.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto("/orders/?tab=all")

    page.evaluate("location.assign('/orders/no-such-order')")

    page.wait_for_url("**/no-such-order*")
    assert wrong_with(page) == []
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"astray-{language}-{width}.png")
    page.locator("main [data-palette]").click()
    expect(page.locator("dialog[open]").get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/orders/?tab=all")
    context.close()
