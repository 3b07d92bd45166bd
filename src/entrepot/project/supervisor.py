"""One parent for the database and the parts: starts them, restarts what falls, stops all in order, leaves nobody."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from entrepot.project.children import die_with_parent
from entrepot.project.errors import HomeInUse, PortTaken
from entrepot.project.postgres import Server

TICK_SECONDS = 0.1
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
WELL_AFTER_SECONDS = 60.0
STOP_SECONDS = 20.0
HIGHEST_PORT = 65_000


@dataclass(frozen=True, slots=True)
class Part:
    """A process of Entrepot. `once` = it has an end; exit code 0 means done."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    once: bool = False
    quiet: bool = False


@dataclass
class Child:
    """A part as it stands: running, or waiting for its next start after `falls` in a row."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    next_start: float = 0.0
    done: bool = False


def entrepot(*arguments: str) -> list[str]:
    """The command line of another `entrepot` process with this very interpreter."""
    return [sys.executable, "-m", "entrepot", *arguments]


class Supervisor:
    """Runs parts until told to stop. `database` is watched too; `revive` starts it again when it went away."""

    def __init__(
        self,
        run_folder: Path,
        database: Server | None,
        revive: Callable[[], Server] | None,
        say: Callable[[str], None],
    ) -> None:
        self.run_folder = run_folder
        self.database = database
        self.revive = revive
        self.say = say
        self.children: list[Child] = []
        run_folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def add(self, part: Part) -> Child:
        """Start a part now and keep it running."""
        child = Child(part)
        self.children.append(child)
        self._start(child)
        return child

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Look after database and parts until `until` says so (or an interrupt comes)."""
        while not until():
            self._look_at_database()
            for child in self.children:
                self._look_at(child)
            time.sleep(TICK_SECONDS)

    def stop(self) -> None:
        """End the parts, last started first, then the database. A part that does not listen is killed."""
        for child in reversed(self.children):
            self._end(child)
        if self.database is not None:
            self.database.stop()

    def _start(self, child: Child) -> None:
        child.started = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603 - our own parts
            child.part.command,
            env=os.environ | dict(child.part.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if child.part.quiet else None,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - this process has no other thread
        )
        self._pid_file(child).write_text(f"{child.process.pid}\n")

    def _look_at(self, child: Child) -> None:
        """Note a fall, or start again when its pause is over."""
        if child.done:
            return
        if child.process is None:
            if time.monotonic() >= child.next_start:
                self._start(child)
            return
        code = child.process.poll()
        if code is None:
            return
        self._sweep(child.process.pid)
        child.process = None
        if code == 0 and child.part.once:
            child.done = True
            return
        lived = time.monotonic() - child.started
        child.falls = 1 if lived > WELL_AFTER_SECONDS else child.falls + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (child.falls - 1))
        child.next_start = time.monotonic() + pause
        self.say(f"{child.part.name} ended ({_how(code)}); it starts again in {pause:g} s")

    def _look_at_database(self) -> None:
        if self.database is None or self.revive is None or self.database.is_running():
            return
        self.say("the database went away; it starts again")
        self.database = self.revive()

    def _end(self, child: Child) -> None:
        if child.process is not None:
            child.process.terminate()
            try:
                child.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.say(f"{child.part.name} does not stop; it is killed")
            self._sweep(child.process.pid)
            child.process.wait()
        self._pid_file(child).unlink(missing_ok=True)

    @staticmethod
    def _sweep(group: int) -> None:
        """Kill whatever is left of a part's process group (a server's own workers)."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)

    def _pid_file(self, child: Child) -> Path:
        return self.run_folder / f"{child.part.name}.pid"


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home: a second `up` on it is refused.

    Raises:
        HomeInUse: Another process holds it.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise HomeInUse(home=home, pid=lock.read().strip() or "?") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def running_pid(home: Path) -> str | None:
    """The pid of the `up` that holds this home, or None."""
    try:
        with (home / "up.lock").open("r") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read().strip() or "?"
    except FileNotFoundError:
        pass
    return None


def is_free(host: str, port: int) -> bool:
    """Whether this port can be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def need_ports(host: str, first: int, count: int) -> None:
    """See that `count` ports from `first` on are free.

    Raises:
        PortTaken: One is not; the message names a first port that would do.
    """
    for port in range(first, first + count):
        if not is_free(host, port):
            fits = (base for base in range(first + count, HIGHEST_PORT, 10) if _all_free(host, base, count))
            raise PortTaken(port=port, host=host, free=next(fits, 0))


def _all_free(host: str, first: int, count: int) -> bool:
    return all(is_free(host, port) for port in range(first, first + count))
