"""Every term is explained in both languages, stands somewhere, and opens where it stands."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from entrepot.web.way.first_steps import KINDS
from entrepot.web.wording.field_terms import FIELDS
from entrepot.web.wording.terms import TERMS
from tests.web.conftest import AtDesk
from tests.web.pages import LISTS, WITH_IDS, address

TEMPLATES = Path("src/entrepot/web/templates")
STANDS = re.compile(r'\{% term "(\w+)"')
HANGUL = re.compile("[가-힣]")
PRESSED = re.compile(r'popovertarget="(term-\w+)"')
ONCE = re.compile(r'id="(term-\w+)" popover')
PAGES = sorted(LISTS - {"orders_template", "waybill_file"})


def _used() -> set[str]:
    found = {key for path in TEMPLATES.rglob("*.html") for key in STANDS.findall(path.read_text())}
    return found | set(FIELDS.values()) | {key for kind in KINDS for key in kind.terms}


def test_every_term_stands_on_some_screen_and_every_one_that_stands_is_known():
    assert _used() == set(TERMS)


@pytest.mark.parametrize("key", sorted(TERMS))
def test_a_term_is_explained_in_english_and_in_korean(key: str):
    term = TERMS[key]
    with translation.override("en"):
        english = str(term.word), str(term.text)
    with translation.override("ko"):
        korean = str(term.word), str(term.text)

    assert english[1].endswith(".")
    assert 1 <= english[1].count(". ") + 1 <= 2
    assert HANGUL.search(korean[1])
    assert english[1] != korean[1]


@pytest.mark.parametrize("key", sorted(key for key in TERMS if TERMS[key].page))
def test_a_term_names_a_page_of_the_documentation(key: str):
    assert (Path("docs") / f"{TERMS[key].page}.md").exists()


def test_every_term_can_be_pressed_open_on_the_page_it_stands_on(at_desk: AtDesk):
    seen = set()
    for name in PAGES:
        text = at_desk.browser.get(reverse(f"web:{name}"), follow=True).content.decode()
        assert set(PRESSED.findall(text)) == set(ONCE.findall(text)), name
        assert len(ONCE.findall(text)) == len(set(ONCE.findall(text))), name
        seen |= set(PRESSED.findall(text))
    for name, (method, _filled) in WITH_IDS.items():
        if method == "get" and "floor" not in name:
            answer = at_desk.browser.get(address(name, at_desk.house))
            text = answer.content.decode() if "html" in answer.headers["Content-Type"] else ""
            assert set(PRESSED.findall(text)) == set(ONCE.findall(text)), name
            seen |= set(PRESSED.findall(text))

    assert len(seen) > 30


def test_the_glossary_has_every_term_at_its_own_address(at_desk: AtDesk):
    text = at_desk.browser.get(reverse("web:terms")).content.decode()

    assert [key for key in TERMS if f'<div id="{key}">' not in text] == []
    assert reverse("web:terms") == "/help/terms/"
