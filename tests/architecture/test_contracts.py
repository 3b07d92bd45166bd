"""The floor plan holds: import contracts, errors that are documented, and rooms that hold what they should."""

import subprocess
import sys
from pathlib import Path

from entrepot.connectors.contract import PARTS, Connector, capabilities
from tools.house_lint import check_tree


def test_the_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_part_that_is_not_there_is_no_capability():
    bare = Connector(name="bare", shop=None)
    assert capabilities(bare) == dict.fromkeys(PARTS, False)


def test_no_room_is_named_for_nothing():
    forbidden = {"utils.py", "helpers.py", "common.py", "misc.py", "base.py", "managers.py"}
    assert [path for path in Path("src/entrepot").rglob("*.py") if path.name in forbidden] == []


def test_the_tree_was_read():
    assert check_tree(Path("tests/architecture/no_such_folder")) == []
    assert len(list(Path("src/entrepot").rglob("*.py"))) > 30
