"""Real `entrepot` processes on homes of their own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from entrepot.project import postgres
from entrepot.project.children import is_alive
from tests.conftest import roomy_folder

INHERITED = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")


class Home:
    """A home with an embedded database of its own, and commands run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
            "ENTREPOT_HOME": str(folder),
            "ENTREPOT_POSTGRES_FOLDER": str(folder / "cluster"),
            "HOME": str(folder),
        }

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "entrepot", *arguments],
            env=self.environ | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
            stdin=subprocess.DEVNULL,
        )

    def begin(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start a command that goes on."""
        return subprocess.Popen(
            [sys.executable, "-m", "entrepot", *arguments],
            env=self.environ | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    def database(self) -> postgres.Server:
        """The home's cluster, started or adopted."""
        return postgres.start(self.folder, environ=self.environ)

    def processes(self) -> Mapping[int, str]:
        """Every process that has this home in its environment or its cluster on its command line."""
        found: dict[int, str] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            mine = f"ENTREPOT_HOME={self.folder}".encode() in environment.split(b"\0")
            if (mine or str(self.folder) in command) and is_alive(int(entry.name)):
                found[int(entry.name)] = command
        return found


@pytest.fixture(scope="module")
def new_home() -> Iterator[Callable[[], Home]]:
    """Homes that an unprivileged database user may walk through; their databases are stopped at the end."""
    made: list[Home] = []

    def make() -> Home:
        made.append(Home(roomy_folder()))
        return made[-1]

    yield make
    for home in made:
        assert home.processes() == {}
