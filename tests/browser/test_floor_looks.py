"""Every scan screen on a telephone and on a desk: accessible, not too wide, its buttons for a thumb."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.accessible import wrong_with
from tests.browser.floor_world import FloorWorld, make_floor_world
from tests.browser.world import sit

SHOTS = os.environ.get("SHOTS", "")
ONLY = os.environ.get("SHOTS_ONLY", "").split()
SIZES = {"narrow": (390, 844), "wide": (1440, 900)}
EVERY = [("en", "narrow-light"), ("ko", "narrow-light"), ("en", "wide-light"), ("ko", "narrow-dark")]
LOOKS = EVERY if SHOTS else [("en", "wide-light"), ("ko", "narrow-dark")]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def world(transactional_db: None, language: str) -> Iterator[FloorWorld]:
    return make_floor_world(language)


def complaints(page: Page, name: str) -> list[str]:
    said = [f"{name}: {one}" for one in wrong_with(page)]
    small = page.evaluate(
        "[...document.querySelectorAll('#floor button, #floor a.floor-tile, #floor summary')]"
        ".filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43).map((one) => one.outerHTML)"
    )
    return said + [f"{name}: too small for a thumb: {one[:120]}" for one in small]


@pytest.mark.parametrize(("language", "look"), LOOKS)
def test_every_scan_screen_is_accessible_and_fits(
    world: FloorWorld, chromium: Browser, live_server, language: str, look: str
) -> None:
    size, theme = look.split("-")
    width, height = SIZES[size]
    shape = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
    page = sit(chromium, world.boss, live_server.url, **shape).new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    for name, address in world.addresses.items():
        if ONLY and name not in ONLY:
            continue
        answer = page.goto(address, wait_until="load")
        if answer is None or answer.status != 200:
            wrong.append(f"{name}: {answer.status if answer else 'no answer'}")
        wrong += complaints(page, name)
        if SHOTS:
            folder = Path(SHOTS) / f"floor-{language}-{look}"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png")
    page.context.close()
    assert not wrong, "\n".join(wrong)
