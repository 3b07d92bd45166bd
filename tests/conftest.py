"""What every test may ask for. The database, home and settings of a run are in tests/settings.py."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _no_surprises_from_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own switches do not change what a test sees."""
    for name in ("ENTREPOT_DEBUG", "ENTREPOT_PUBLIC_URL", "ENTREPOT_POSTGRES_BIN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def roomy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A short temporary folder that an unprivileged database user may walk through (`tmp_path` is 0700 and long)."""
    folder = Path(os.environ["ENTREPOT_TESTS_HOME"]) / tmp_path_factory.mktemp("r").name
    folder.mkdir(mode=0o711)
    return folder
