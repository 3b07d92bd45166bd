"""Every screen in a real browser: nothing refused by the content security policy, no axe violation, nothing too wide,
all of it by keyboard.

Every run takes two looks that between them have both languages, widths and themes. With SHOTS=FOLDER (`make shots`) it
takes all of them and leaves a picture of each screen.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.accessible import wrong_with
from tests.browser.clipped import clipped
from tests.browser.looks import pages
from tests.browser.world import World, make_world, sit

SHOTS = os.environ.get("SHOTS", "")
WIDTHS = {"wide": 1440, "narrow": 390}
ONLY = os.environ.get("SHOTS_ONLY", "").split()

EVERY = [
    (language, look) for language in ("en", "ko") for look in ("wide-light", "wide-dark", "narrow-light", "narrow-dark")
]
LOOKS = EVERY if SHOTS else [("en", "wide-light"), ("ko", "narrow-dark")]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def world(transactional_db: None, language: str) -> Iterator[World]:
    made = make_world(language)
    with made.road.stack:
        yield made


@pytest.mark.parametrize(("language", "look"), LOOKS)
def test_every_screen_is_accessible_and_fits(
    world: World, chromium: Browser, live_server, language: str, look: str
) -> None:
    width, theme = look.split("-")
    if SHOTS and theme == "dark" and (width, language) != ("wide", "en"):
        pytest.skip("one set of dark pictures is enough")
    context = sit(
        chromium, world.owner, live_server.url, viewport={"width": WIDTHS[width], "height": 900}, color_scheme=theme
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if _matters(said) else None)
    for name, address in pages(world).items():
        if ONLY and name not in ONLY:
            continue
        answer = page.goto(address, wait_until="load")
        if answer is None or answer.status != (404 if name == "not-found" else 200):
            wrong.append(f"{name}: {address} answered {answer and answer.status}")
        wrong += [f"{name}: {one}" for one in [*wrong_with(page), *clipped(page)]]
        if SHOTS:
            folder = Path(SHOTS) / f"{language}-{look}"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)
    context.close()
    assert not wrong, "\n".join(wrong)


def _matters(said) -> bool:
    """Errors and policy violations, but not pictures of a shop that is not there or a live process nobody started."""
    quiet = ("Failed to load resource", "/live", "EventSource", "ERR_CONNECTION")
    return said.type == "error" and not any(word in said.text for word in quiet)
