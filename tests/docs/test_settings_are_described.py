"""No switch is a secret: every variable that the code reads is described, and none is described that nobody reads."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\b(?:ENTREPOT_[A-Z_]+|DATABASE_URL)\b")
OF_TESTS = {"ENTREPOT_TESTS_HOME"}


def named_in(*patterns: str) -> set[str]:
    files = [path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()]
    return {name for path in files for name in NAME.findall(path.read_text())} - OF_TESTS


def test_settings_read_by_the_code_are_the_settings_of_the_reference() -> None:
    read = named_in("src/entrepot/**/*.py", "Makefile", "tests/needs.py")
    assert named_in("docs/reference/settings.md") == read
