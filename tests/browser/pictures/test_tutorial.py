"""A reader follows the tutorial in Chromium, on the demo that one command starts; in English and in Korean."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import Browser

from tests.browser.pictures import tutorial
from tests.browser.pictures.camera import WIDE, Camera
from tests.cli.conftest import Home, new_home  # noqa: F401 - a fixture
from tests.cli.test_system_up import Running, begin, end

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("up")]
UNSEEN = {
    "로그인",
    "Retry",
    "다시 시도",
    "What going live would change first",
    "개시하면 먼저 바뀔 것",
    "Go live",
    "연동 개시",
}
"""The Korean reader is signed in already; a problem's button; the page of a shop that the demo does not have."""


@pytest.fixture(scope="module")
def demo(new_home: Callable[[], Home]) -> Iterator[Running]:  # noqa: F811 - the fixture
    started = begin(new_home(), "--demo")
    yield started
    end(started)


def words_of(page: str) -> set[str]:
    """What a page says is on the screen."""
    named = re.findall(r"\*\*([^*]+)\*\*", Path(page).read_text())
    return {re.sub(r"(?<=Why is it )3|(?<=왜 )3(?=개)", "%(n)s", word) for word in named} - {"bold", "굵은 글씨"}


def _printed(demo: Running, name: str) -> str:
    found = re.search(rf"{name}\s+(http\S+)", "".join(demo.said))
    assert found is not None
    return found[1]


def test_the_tutorial_leads_from_nothing_to_a_shipped_order(demo: Running, chromium: Browser) -> None:
    """The second reader is the first one in the other language: the link works once."""
    context = chromium.new_context(base_url=demo.url, viewport=WIDE)
    desk = context.new_page()
    wrong: list[str] = []
    desk.on("pageerror", lambda error: wrong.append(str(error)))
    camera = Camera()
    link = _printed(demo, "Sign in")
    for language in ("en", "ko"):
        with translation.override(language):
            reader = tutorial.Reader(context, desk, camera, link, _printed(demo, "Shop"), _printed(demo, "Mall"))
            tutorial.the_whole_tutorial(reader)
        link = ""
    context.close()
    assert wrong == []
    for page in ("docs/tutorial.md", "docs/ko/tutorial.md"):
        assert words_of(page) - tutorial.SAID - UNSEEN == set(), f"nobody looked for these words of {page}"
    assert set(camera.taken) == {name for name in camera.taken if name.split("/")[-2] == "tutorial"}
    assert len(camera.taken) == 2 * len(tutorial.TAKEN)
