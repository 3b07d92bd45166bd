"""The gallery in light and dark, wide and narrow: every component is accessible and fits."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.accessible import wrong_with
from tests.browser.world import sit
from tests.web.factories import full_house

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("transactional_db")
def test_every_component_is_accessible_and_fits(chromium: Browser, live_server, settings) -> None:
    settings.DEBUG = True
    house = full_house()
    wrong: list[str] = []
    for width, theme in ((1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")):
        context = sit(
            chromium, house.owner, live_server.url, viewport={"width": width, "height": 900}, color_scheme=theme
        )
        page = context.new_page()
        page.goto("/design/")
        wrong += [f"{width} {theme}: {found}" for found in wrong_with(page)]
        if os.environ.get("SHOTS"):
            page.screenshot(path=Path(os.environ["SHOTS"]) / f"design-{width}-{theme}.png", full_page=True)
        context.close()
    assert wrong == []


@pytest.mark.usefixtures("transactional_db")
def test_a_long_table_keeps_its_head_in_sight(chromium: Browser, live_server, settings) -> None:
    settings.DEBUG = True
    context = sit(chromium, full_house().owner, live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto("/design/#tables")
    page.get_by_text("M-40", exact=True).scroll_into_view_if_needed()
    page.locator(".table-fits").first.wait_for()

    head = page.get_by_role("columnheader", name="Placed").bounding_box()

    assert head is not None
    assert 0 <= head["y"] < 5
    context.close()
