"""What a script shows to a person stands in the page's own templates, where it is translated: no script has a sentence.

A literal that is one must be what a machine reads: a selector, a mark of a date, an error nobody sees.
"""

import re
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parents[2] / "src/entrepot/web/static/web").glob("*.js"))
TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`""", re.DOTALL)
FILLED = re.compile(r"\$\{[^}]*\}")
NAME = re.compile(r"\bEntrepot\b")
THROWN = re.compile(r"new Error\($")
SHOWN = re.compile(r"(?:textContent|innerText|title|placeholder|ariaLabel)\s*=\s*$|(?:alert|confirm|prompt|append)\($")


def sentences(script: str) -> list[str]:
    """The literals that read like English: two words beginning with a capital, or any word set before a person."""
    found = []
    for match in TOKEN.finditer(script):
        before = script[: match.start()].rstrip(" ")[-40:]
        text = NAME.sub("", FILLED.sub("", next((one for one in match.groups() if one is not None), ""))).strip()
        if THROWN.search(before) or not re.search(r"[A-Za-z]{2}", text):
            continue
        if SHOWN.search(before) or re.match(r"[A-Z][a-z]+ [A-Za-z]+", text):
            found.append(text)
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda one: one.name)
def test_a_script_holds_no_sentence_for_a_person(path: Path) -> None:
    assert sentences(path.read_text()) == []


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('say("The connection is lost.");', ["The connection is lost."]),
        ("place.textContent = 'saved';", ["saved"]),
        ("alert(`Row ${n} is wrong`);", ["Row  is wrong"]),
        ('throw new Error("Come back later");', []),
        ('say("live-lost"); // The connection is lost', []),
        ('document.querySelectorAll("table td[data-label]")', []),
        ("button.textContent = `${word} ✓`;", []),
    ],
)
def test_a_sentence_is_told_from_what_a_machine_reads(script: str, found: list[str]) -> None:
    assert sentences(script) == found
