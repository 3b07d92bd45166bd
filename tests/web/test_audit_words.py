"""The audit log speaks in words: every deed the books can hold has one, and no mark of a program is left."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from entrepot.accounts.access import ACTIONS
from entrepot.accounts.models import AuditEntry
from entrepot.web.wording.audit_words import AREAS, DEEDS, THINGS, told, value_words, verb_words
from tests.web.conftest import AtDesk

SOURCES = [path for path in Path("src/entrepot").rglob("*.py") if not {"migrations", "connectors"} & set(path.parts)]
FILES = {"html", "xlsx", "pdf", "zpl", "png", "py", "css", "js", "svg", "json", "csv"}


def verbs() -> set[str]:
    """Every text of the sources that reads like a deed of one of the areas."""
    found = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+\.[a-z_]+", node.value)
    }
    return {verb for verb in found if verb.split(".")[0] in AREAS and verb.split(".")[1] not in FILES}


def test_every_deed_has_its_words() -> None:
    deeds = {verb for verb in verbs() if verb not in ACTIONS and not verb.endswith("_")}
    deeds.discard("warehouse.code")  # a column of a query

    assert len(deeds) > 100
    assert {verb for verb in deeds if verb.split(".")[1] not in DEEDS} == set()


def test_every_kind_of_thing_has_its_word() -> None:
    text = "\n".join(path.read_text() for path in SOURCES if "audit" in path.read_text())
    kinds = set(re.findall(r'object_type="([a-z_]+)"', text)) - {"errand", "incoming_order", "listing_change"}

    assert kinds - set(THINGS) == set()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ([], ""),
        (True, "Yes"),
        (["name", "retail_price"], "name, retail price"),
        ({"price": "79.9", "brand": ""}, "price: 79.9, brand: –"),
        (0, "0"),
        ("소담상점", "소담상점"),
    ],
)
def test_a_fact_is_said_without_the_marks_of_a_program(value: object, words: str) -> None:
    assert value_words(value) == words


def test_a_line_names_the_deed_links_the_thing_and_leaves_out_what_is_empty() -> None:
    entry = AuditEntry(verb="stores.go_live", object_type="store", object_id="7", facts={"to": "live", "url": None})

    said = told(entry)

    assert (said.deed, said.thing, said.address) == ("Store · went live", "Store 7", "/stores/7/")
    assert [name for name, _value in said.facts] == ["to"]
    with translation.override("ko"):
        assert verb_words("stores.go_live") == "쇼핑몰 · 연동 개시"


def test_the_log_of_a_busy_seller_shows_no_code_words(at_desk: AtDesk) -> None:
    entries = AuditEntry.objects.filter(seller=at_desk.house.seller)
    assert entries.count() > 5

    page = at_desk.browser.get("/audit/").content.decode()

    cells = re.sub(r"<[^>]+>", " ", page[page.index("<tbody>") : page.index("</tbody>")])
    assert re.findall(r"\b[a-z]+_[a-z_]+\b|\bNone\b|[\[{]'", cells) == []
