"""What docs/explanation/simulator.md lists is what there is."""

from pathlib import Path

import pytest

from entrepot.connectors.opencart.simulator.__main__ import parser
from entrepot.connectors.opencart.simulator.control import VERBS
from entrepot.connectors.opencart.simulator.faults import KINDS

PAGE = (Path(__file__).parents[3] / "docs/explanation/simulator.md").read_text("utf-8")
OPTIONS = [action.option_strings[0] for action in parser()._actions if action.dest != "help"]


@pytest.mark.parametrize("word", [*KINDS, *VERBS, *OPTIONS])
def test_every_fault_verb_and_option_is_documented(word):
    assert f"`{word}`" in PAGE or f"`{word} " in PAGE
