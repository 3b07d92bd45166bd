"""The manual in the application: who reads it, in which language, what a search finds, which page a screen names."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from entrepot.channels.problems import PROBLEMS
from entrepot.web.help import book, contents, explaining, pages, search
from entrepot.web.help.addresses import InApplication
from tests.web.conftest import AtDesk
from tests.web.factories import House, full_house, sit_down
from tests.web.pages import address, names, screens

LINK = re.compile(r'href="/help/(?P<language>en|ko)/(?P<path>[a-z0-9/-]+)/(?:#(?P<anchor>[^"]+))?"[^>]*data-help')


def test_every_page_of_the_docs_stands_in_the_manual_once() -> None:
    root = pages.folder()
    written = {
        str(path.relative_to(root))[:-3] for path in root.rglob("*.md") if path.relative_to(root).parts[0] != "ko"
    }
    order = contents.reading_order()

    assert sorted(order) == sorted(written), "name the page in web/help/contents.py"


def test_every_translation_is_of_a_page_that_exists() -> None:
    root = pages.folder() / "ko"

    assert {str(path.relative_to(root))[:-3] for path in root.rglob("*.md")} <= set(contents.reading_order())


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_no_link_heading_or_picture_of_the_manual_leads_nowhere(language: str) -> None:
    here = InApplication()
    known = [found for path in contents.reading_order() if (found := pages.page(path, language))]

    assert {f"{page.language}/{page.path}": book.broken(page, here) for page in known if book.broken(page, here)} == {}


def test_a_link_that_leads_nowhere_is_told() -> None:
    tutorial = pages.page("tutorial", "en")
    wrong = "# T\n\n[a](gone.md) [b](errors.md#gone) [c](#gone) ![d](pictures/gone.png) ![](pictures/gone.png)\n"
    page = pages.Page("tutorial", "en", wrong, tutorial.sections[:1])

    assert book.broken(page, InApplication()) == (
        "no page: gone.md",
        "no heading: errors.md#gone",
        "no heading: #gone",
        "no picture: pictures/gone.png",
        "a picture without words: pictures/gone.png",
        "no picture: pictures/gone.png",
    )


def test_markup_in_a_page_is_shown_and_not_done() -> None:
    page = pages.Page("tutorial", "en", "# T\n\n<script>alert(1)</script> [x](javascript:alert(1))", ())
    page = pages.Page(page.path, "en", page.source, pages.page("tutorial", "en").sections[:1])

    html = book.shown(page, InApplication())

    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert 'href="javascript' not in html


def test_a_stranger_reads_the_manual_and_learns_nothing_of_anybody(at_desk: AtDesk) -> None:
    answer = Client().get("/help/en/how-to/install/")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<h1>" in text
    assert "Sign in" in text
    assert at_desk.house.seller.name not in text
    assert "data-live-url" not in text


def test_a_page_is_read_in_the_readers_language(at_desk: AtDesk) -> None:
    at_desk.house.owner.user.language = "ko"
    at_desk.house.owner.user.save()

    answer = at_desk.browser.get("/help/how-to/stock/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/help/ko/how-to/stock/")
    assert '<article class="help-words" lang="ko">' in at_desk.browser.get("/help/ko/how-to/stock/").content.decode()


def test_a_page_that_nobody_translated_is_read_in_english_and_says_so(client: Client, db: None) -> None:
    text = client.get("/help/ko/locks/").content.decode()

    assert '<html lang="ko"' in text
    assert '<article class="help-words" lang="en">' in text
    assert '<div class="notice notice-info" lang="ko">' in text


NO_PAGES = [
    "en/gone/", "en/../errors/", "en/decisions/../errors/", "gone/", "de/tutorial/",
    "pictures/../../pyproject.toml", "pictures/..%2ferrors.md", f"pictures/{'a' * 300}.png",
]  # fmt: skip


@pytest.mark.parametrize("path", NO_PAGES)
def test_what_is_no_page_is_not_found(client: Client, db: None, path: str) -> None:
    assert client.get(f"/help/{path}").status_code == 404


def test_a_heading_is_the_same_place_in_both_languages() -> None:
    english, korean = pages.page("how-to/stock", "en"), pages.page("how-to/stock", "ko")

    assert [section.anchor for section in korean.sections] == [section.anchor for section in english.sections]
    assert korean.sections[1].title != english.sections[1].title


@pytest.mark.parametrize(
    ("words", "language", "first"),
    [
        ("reconciliation", "en", ("explanation/reconciliation", "")),
        ("Saved views", "en", ("how-to/order-desk", "Saved views")),
        ("재고", "ko", ("how-to/stock", "")),
        ("송장", "ko", ("how-to/carriers", "")),
        ("", "en", None),
        ("zebra unicorn", "en", None),
    ],
)
def test_words_are_found_titles_first(words: str, language: str, first: tuple[str, str] | None) -> None:
    hits = search(words, language)

    assert (hits[0].path, hits[0].heading) == first if first else hits == []


def test_two_syllables_within_a_korean_word_are_found() -> None:
    assert "how-to/split-and-merge" in {hit.path for hit in search("합포장", "en")}
    assert all("송장" in hit.match for hit in search("송장", "ko") if hit.match)


def test_what_is_for_developers_comes_last() -> None:
    found = [contents.part_of(hit.path).developers for hit in search("order", "en")]

    assert found == sorted(found)


def test_the_search_page_says_what_it_found(client: Client, db: None) -> None:
    found = client.get("/help/en/search/", {"q": "saved views"}).content.decode()
    nothing = client.get("/help/en/search/", {"q": "<zebra>"}).content.decode()

    assert 'href="/help/en/how-to/order-desk/#saved-views"' in found
    assert "Nothing in the manual has all of these words" in nothing
    assert "<zebra>" not in nothing


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_every_screen_leads_to_the_page_that_explains_it(db: None, language: str) -> None:
    house = full_house()
    house.owner.user.language = language
    house.owner.user.save()
    browser = sit_down(house.owner)

    assert {name: wrong for name in screens() if (wrong := what_is_wrong(browser, name, house, language))} == {}


def what_is_wrong(browser: Client, name: str, house: House, language: str) -> str:
    if name not in explaining.PAGE_OF_SCREEN:
        return "say in web/help/explaining.py which page explains it"
    found = LINK.search(browser.get(address(name, house)).content.decode())
    if not found:
        return "the screen has no link to the manual"
    page = pages.best(found["path"], language)
    known = {section.anchor for section in page.sections} if page else set()
    return "" if found["language"] == language and found["anchor"] in {None, *known} else found[0]


def test_no_page_is_named_for_a_screen_that_is_gone() -> None:
    assert set(explaining.PAGE_OF_SCREEN) - names() == set()


@pytest.mark.parametrize("target", sorted({*explaining.PAGE_OF_SCREEN.values(), *explaining.PAGE_OF_PROBLEM.values()}))
def test_every_page_and_heading_that_is_named_exists(target: str) -> None:
    path, _hash, heading = target.partition("#")
    page = pages.page(path, "en")

    assert page, target
    assert not heading or page.anchor(heading) == heading


def test_every_problem_has_a_page() -> None:
    assert set(explaining.PAGE_OF_PROBLEM) == set(PROBLEMS)


def test_a_problem_leads_to_the_page_that_explains_it(at_desk: AtDesk) -> None:
    text = at_desk.browser.get(reverse("web:problems")).content.decode()

    assert "problem-help" in text
