"""A machine's worth of Entrepot for one measurement: its own database, a simulated shop, web and worker, as processes.

Every run is a process of its own with a fresh database: `python -m benchmarks NAME` starts it as often as is asked, and
prints the median. Figures are wall-clock times of this machine with everything on it.
"""

import importlib
import json
import os
import platform
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psutil
import psycopg

from entrepot.project import postgres

SECRET = "a-secret-for-benchmarks-only"  # noqa: S105 - opens a simulated shop on loopback only
Figures = dict[str, Any]


@dataclass
class Shop:
    """A simulated shop as a process, spoken to by its control API."""

    url: str
    process: subprocess.Popen[str]

    def control(self, verb: str, **body: object) -> Any:  # noqa: ANN401 - whatever the verb answers
        """Have something happen in the shop."""
        request = urllib.request.Request(f"{self.url}/_control/{verb}", json.dumps(body).encode(), method="POST")  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return json.load(answer)["result"]


@dataclass
class World:
    """What a benchmark stands on. `children` are the processes whose memory is told."""

    home: Path
    stack: ExitStack
    postmaster: int = 0
    children: dict[str, int] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)

    def start(self, name: str, *command: str, wait_line: bool = False) -> subprocess.Popen[str]:
        """Run a process until the end of the benchmark; its words go to a file of the home."""
        log = (self.home / f"{name}.log").open("a")
        process = subprocess.Popen(
            [sys.executable, *command], stdout=subprocess.PIPE if wait_line else log, stderr=log, text=True
        )
        self.children[name] = process.pid
        self.stack.callback(_end, process)
        return process

    def shop(self, catalogue: str, *, name: str = "shop", orders: int = 0) -> Shop:
        """A simulated shop with its real limit of 1,200 requests a minute."""
        process = self.start(
            name,
            *("-m", "entrepot.connectors.opencart.simulator", "--port", "0", "--secret", SECRET),
            *("--catalogue", catalogue, "--orders", str(orders), "--name", name),
            wait_line=True,
        )
        return Shop(process.stdout.readline().strip() if process.stdout else "", process)

    def mall(self, catalogue: str, *, limited: bool = True, orders: int = 0) -> Shop:
        """A simulated Cafe24 mall at the address this installation's connector calls, with the mall's own limits."""
        port = str(urlsplit(os.environ["ENTREPOT_CAFE24_API_BASE"]).port)
        process = self.start(
            "mall",
            *("-m", "entrepot.connectors.cafe24.simulator", "--port", port, "--allow"),
            *("--catalogue", catalogue, "--orders", str(orders), *(() if limited else ("--no-limits",))),
            wait_line=True,
        )
        return Shop(process.stdout.readline().strip() if process.stdout else "", process)

    def worker(self, name: str = "worker", *, concurrency: int = 8) -> subprocess.Popen[str]:
        return self.start(name, "-m", "entrepot", "worker", "--concurrency", str(concurrency))

    def web(self) -> str:
        """The web process; its address, which it answers at soon."""
        port = _free_port()
        self.start("web", "-m", "entrepot", "web", "--port", str(port), "--workers", "1")
        return f"http://127.0.0.1:{port}"

    def memory(self) -> dict[str, float]:
        """Megabytes each process holds (with its children, shared pages counted once), and the most seen."""
        now = {name: _megabytes(pid) for name, pid in self.children.items()}
        now["benchmark"] = round(_one(psutil.Process()), 1)
        if self.postmaster:
            now["postgresql"] = _megabytes(self.postmaster)
        for name, megabytes in now.items():
            self.peaks[name] = max(self.peaks.get(name, 0.0), megabytes)
        return {name: megabytes for name, megabytes in self.peaks.items() if megabytes}


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _megabytes(pid: int) -> float:
    try:
        parent = psutil.Process(pid)
        return round(sum(_one(process) for process in [parent, *parent.children(recursive=True)]), 1)
    except psutil.NoSuchProcess:
        return 0.0


def _one(process: psutil.Process) -> float:
    try:
        return process.memory_full_info().pss / 1e6
    except (psutil.Error, AttributeError):
        return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def world() -> Iterator[World]:
    """A fresh database with Entrepot's tables, and Django ready in this process."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="entrepot-bench-")))
        home.chmod(0o711)
        os.environ["ENTREPOT_HOME"] = str(home)
        os.environ["ENTREPOT_POSTGRES_FOLDER"] = str(home / "cluster")
        os.environ["ENTREPOT_SECRET_KEYS"] = secrets.token_hex(24)
        os.environ["ENTREPOT_LOG_LEVEL"] = "warning"
        os.environ["ENTREPOT_CAFE24_API_BASE"] = f"http://127.0.0.1:{_free_port()}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "entrepot.project.settings"
        postmaster = stack.enter_context(_database(home))
        django.setup()
        importlib.import_module("entrepot.project.prepare").migrate()
        importlib.import_module("entrepot.project.rubbish").look_less_often()  # as web and worker do
        yield World(home, stack, postmaster)


@contextmanager
def _database(home: Path) -> Iterator[int]:
    """A database of this run's own: on the server of DATABASE_URL where one is given, else an embedded cluster.

    Yields the embedded cluster's process id, 0 where the server is somebody else's.
    """
    given = os.environ.get("DATABASE_URL")
    if not given:
        server = postgres.start(home)
        os.environ["DATABASE_URL"] = server.url
        try:
            yield server.pid
        finally:
            server.stop()
        return
    name = f"entrepot_bench_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    try:
        yield 0
    finally:
        with psycopg.connect(given, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


# --------------------------------------------------------------------------- figures


def spread(values: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the largest, in milliseconds."""
    ordered = sorted(values)
    cuts = quantiles(ordered, n=100, method="inclusive") if len(ordered) > 1 else ordered * 99
    return {
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "max_ms": round(ordered[-1] * 1000, 1),
    }


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def wait_until(true: Callable[[], bool], *, seconds: float, every: float = 0.05) -> float:
    """Wait for it; how long it took.

    Raises:
        TimeoutError: It did not come true in time.
    """
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not true after {seconds} s")
        time.sleep(every)
    return time.monotonic() - began


def must(true: object, words: str) -> None:
    """A figure whose run went wrong is no figure.

    Raises:
        RuntimeError: It is not true.
    """
    if not true:
        raise RuntimeError(words)


def kill_hard(process: subprocess.Popen[str]) -> None:
    """SIGKILL to it and to whatever it started."""
    for child in psutil.Process(process.pid).children(recursive=True):
        child.send_signal(signal.SIGKILL)
    process.kill()
    process.wait(10)
