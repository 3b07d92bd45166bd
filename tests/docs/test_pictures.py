"""Every picture of the docs is made by a test that does the errand, says in words what it shows, and is small."""

import re
from pathlib import Path

from tests.browser.pictures import desk, goods, tutorial, warehouse, ways
from tests.browser.pictures.camera import MOST_BYTES, SHOWN

DOCS = Path(__file__).parents[2] / "docs"
IMAGE = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<target>[^)\s]+)\)")
MOST_OF_ALL = 4_000_000
LEAST_WORDS = 8
ERRANDS = {one.__name__ for one in [
    tutorial.the_whole_tutorial, *desk.errands(), *goods.errands(), *ways.errands(), *warehouse.at_the_desk(),
    *warehouse.on_the_floor(),
]}  # fmt: skip


ON_THE_COMMAND_LINE = {"backup", "bought-labels", "conformance", "install", "server"}
"""How-tos whose errand is done in a terminal, or with a part that does not come along."""


def named() -> dict[str, list[str]]:
    """`{picture: pages that show it}`, by the names that the errands use."""
    found: dict[str, list[str]] = {}
    for page in sorted(DOCS.rglob("*.md")):
        for image in IMAGE.finditer(page.read_text(encoding="utf-8")):
            if image["target"].endswith(".webp") and "://" not in image["target"]:
                path = (page.parent / image["target"]).resolve().relative_to(DOCS / "pictures")
                found.setdefault(str(path.with_suffix("")), []).append(page.name)
    return found


def kept() -> dict[str, int]:
    """`{picture: bytes}`."""
    folder = DOCS / "pictures"
    return {str(one.relative_to(folder).with_suffix("")): one.stat().st_size for one in folder.rglob("*.webp")}


def test_every_picture_of_the_docs_is_taken_by_an_errand_and_every_one_taken_is_shown() -> None:
    assert set(named()) == set(SHOWN)


def test_every_errand_that_takes_a_picture_is_done_by_the_tests() -> None:
    assert set(SHOWN.values()) == ERRANDS


def test_the_pictures_that_are_kept_are_those_that_are_shown_and_they_are_small() -> None:
    assert set(kept()) == set(SHOWN), "run: make pictures"
    assert {name: size for name, size in kept().items() if size > MOST_BYTES} == {}
    assert sum(kept().values()) <= MOST_OF_ALL


def test_every_how_to_shows_its_errand() -> None:
    bare = {page.stem for page in (DOCS / "how-to").glob("*.md") if not IMAGE.search(page.read_text(encoding="utf-8"))}

    assert bare == ON_THE_COMMAND_LINE


def test_every_picture_says_in_words_what_it_shows() -> None:
    said = [image for page in DOCS.rglob("*.md") for image in IMAGE.finditer(page.read_text(encoding="utf-8"))]

    assert [image["target"] for image in said if len(image["words"].strip()) < LEAST_WORDS] == []
