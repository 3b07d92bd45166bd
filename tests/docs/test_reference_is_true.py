"""The docs say what the code does."""

import ast
import re
from pathlib import Path

import pytest

from tools import reference_docs

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)#\s]+)(#[^)]*)?\)")


@pytest.mark.parametrize("page", sorted(reference_docs.PAGES))
def test_a_page_made_from_code_is_up_to_date(page):
    reference_docs._load_everything()
    committed = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert committed == reference_docs.PAGES[page](), "run: python -m tools.reference_docs"


def environment_names():
    named = set()
    for path in (ROOT / "src" / "entrepot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named |= set(re.findall(r"\bENTREPOT_[A-Z_]+\b", node.value))
    return named


def test_every_setting_is_documented():
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert sorted(name for name in environment_names() if f"`{name}`" not in page) == []


def test_every_link_between_pages_leads_somewhere():
    dead = []
    for page in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]:
        for found in LINK.finditer(page.read_text(encoding="utf-8")):
            target = found["target"]
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)} -> {target}")
    assert dead == []
