"""What docs/explanation/cafe24-simulator.md lists is what there is."""

from dataclasses import fields
from pathlib import Path

import pytest

from entrepot.connectors.cafe24.simulator.__main__ import parser
from entrepot.connectors.cafe24.simulator.control import VERBS
from entrepot.connectors.cafe24.simulator.faults import KINDS
from entrepot.connectors.cafe24.simulator.settings import MallSettings

PAGE = (Path(__file__).parents[4] / "docs/explanation/cafe24-simulator.md").read_text("utf-8")
OPTIONS = [action.option_strings[0] for action in parser()._actions if action.dest != "help"]
SETTINGS = [field.name for field in fields(MallSettings)]


@pytest.mark.parametrize("word", [*KINDS, *VERBS, *OPTIONS, *SETTINGS])
def test_every_fault_verb_option_and_setting_is_documented(word: str) -> None:
    assert f"`{word}`" in PAGE or f"`{word} " in PAGE
