"""What every test may ask for. The database, home and settings of a run are in tests/settings.py."""

import os
import tempfile
from pathlib import Path

import pytest
from django.utils import translation

from tests.emptying import empty_quickly

empty_quickly()


def roomy_folder() -> Path:
    """A new folder below the run's own home, which goes away with it."""
    folder = Path(tempfile.mkdtemp(dir=os.environ["ENTREPOT_TESTS_HOME"]))
    folder.chmod(0o711)
    return folder


@pytest.fixture(autouse=True)
def _no_surprises_from_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own switches do not change what a test sees."""
    for name in ("ENTREPOT_DEBUG", "ENTREPOT_PUBLIC_URL", "ENTREPOT_POSTGRES_BIN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_language_left_behind() -> None:
    """A request in Korean leaves its language to the thread; the next test begins in English."""
    translation.deactivate()


@pytest.fixture
def roomy() -> Path:
    """A short temporary folder that an unprivileged database user may walk through (`tmp_path` is 0700 and long)."""
    return roomy_folder()
