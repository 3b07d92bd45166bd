"""Tests that need a program of the machine: left out with a reason, or failed where everything is required."""

import os
import shutil
from typing import NoReturn

import pytest


def need_program(*names: str) -> str:
    """The path of the first of `names` on PATH.

    Without one the test is skipped, or fails under ENTREPOT_REQUIRE_ALL=1.
    """
    found = next(filter(None, map(shutil.which, names)), None)
    return found or missing(f"needs {' or '.join(names)} on PATH")


def missing(reason: str) -> NoReturn:
    """Leave the test out for `reason`, or fail it where nothing may be left out."""
    if os.environ.get("ENTREPOT_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and ENTREPOT_REQUIRE_ALL=1 allows no gap")
    pytest.skip(reason)
