"""Start, adopt and stop the embedded cluster: SCRAM passwords, a socket in a 0700 folder, no TCP, checksums."""

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

import psycopg
from psycopg import sql

from entrepot.project.children import die_with_parent, is_alive, wait_until_gone
from entrepot.project.errors import (
    NoPostgres,
    NotAFolderOfOurs,
    PasswordsDoNotFit,
    PostgresDidNotStart,
    WrongPostgresMajor,
)
from entrepot.project.postgres.binaries import Binaries, candidates, readable_copy
from entrepot.project.postgres.places import Layout, layout, settle

SUPERUSER = "postgres"
NAME = "entrepot"
START_SECONDS = 60.0
STOP_SECONDS = 30.0
STATUS_LINE = 7
LARGEST_LOG = 10 * 1024 * 1024
FIRST_BUILTIN_LOCALE = 17
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": NAME,
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


class _Spawning(TypedDict, total=False):
    """Arguments for subprocess."""

    env: dict[str, str]
    cwd: str
    stdin: int
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Server:
    """A running cluster. `process` is None when it ran already and was adopted."""

    layout: Layout
    pid: int
    process: subprocess.Popen[bytes] | None

    @property
    def url(self) -> str:
        """The application's address, as DATABASE_URL would give it."""
        password = self.layout.password.read_text().strip()
        return f"postgresql://{NAME}:{password}@/{NAME}?host={quote(str(self.layout.socket), safe='')}"

    def is_running(self) -> bool:
        """Whether it still runs; reaps our own child."""
        if self.process is not None:
            return self.process.poll() is None
        return is_alive(self.pid)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop it cleanly: open transactions are rolled back, everything committed is on disk."""
        for number, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
            if self._gone(patience):
                return

    def _gone(self, seconds: float) -> bool:
        if self.process is None:
            return wait_until_gone(self.pid, seconds)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def start(home: Path, *, environ: Mapping[str, str] = os.environ, settings: Mapping[str, str] | None = None) -> Server:
    """Start the cluster of `home`, making it on the first start, or adopt the one that already runs.

    Raises:
        NoPostgres: There are no programs to start.
        PasswordsDoNotFit: The home's password files are not those of the data.
        WrongPostgresMajor: The data was made by another major version; nothing is changed.
        NotAFolderOfOurs: A folder we need belongs to somebody else.
        PostgresDidNotStart: It went away at once or did not answer in time.
    """
    own = layout(home, environ).own
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    own.mkdir(exist_ok=True, mode=0o700)
    with _one_launcher_at_a_time(own):
        settle(home, environ)
        places = layout(home, environ)
        if (pid := _running_pid(places)) is not None:
            _await_ready(places, None)
            return Server(places, pid, None)
        binaries = _choose(places, environ)
        _make_folders(places)
        binaries = readable_copy(binaries, places.place) if places.run_as else binaries
        if not (places.data / "PG_VERSION").exists():
            _make_cluster(places, binaries)
        process = _spawn(places, binaries, SETTINGS | dict(settings or {}))
        server = Server(places, process.pid, process)
        try:
            _make_role_and_database(places)
        except psycopg.OperationalError as error:
            server.stop()
            raise PasswordsDoNotFit(str(error), folder=places.data, file=places.superuser_password) from None
        except BaseException:
            server.stop()
            raise
        return server


@contextmanager
def attached(home: Path, *, environ: Mapping[str, str] = os.environ) -> Iterator[Server]:
    """The cluster for the length of one command: an already running one is left running, ours is stopped."""
    server = start(home, environ=environ)
    try:
        yield server
    finally:
        if server.process is not None:
            server.stop()


def programs(home: Path, environ: Mapping[str, str] = os.environ) -> Binaries:
    """The programs that fit the cluster of `home` (or the best there are): for pg_dump and pg_restore."""
    return _choose(layout(home, environ), environ)


@contextmanager
def _one_launcher_at_a_time(own: Path) -> Iterator[None]:
    with (own / "launch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _choose(places: Layout, environ: Mapping[str, str]) -> Binaries:
    """The best programs, or those of the major version that made the data."""
    version = places.data / "PG_VERSION"
    made = int(version.read_text()) if version.exists() else None
    best: Binaries | None = None
    for binaries in candidates(environ):
        if made in {None, binaries.major}:
            return binaries
        best = best or binaries
    if best is None:
        raise NoPostgres
    raise WrongPostgresMajor(folder=places.data, made=made, found=best.major)


def _running_pid(places: Layout) -> int | None:
    """The pid of a postmaster that already serves this data folder; a stale file left by kill -9 is cleared away."""
    for path in (places.data / "postmaster.pid", places.socket / ".s.PGSQL.5432.lock"):
        try:
            pid = int(path.read_text().split("\n")[0])
        except (OSError, ValueError):
            continue
        if is_alive(pid) and _is_postgres(pid):
            return pid
        path.unlink()
    return None


def _is_postgres(pid: int) -> bool:
    """Whether process `pid` is a PostgreSQL; where there is no /proc, the pid file is believed."""
    try:
        program = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
        return program.rpartition(b"/")[2] == b"postgres"
    except OSError:
        return not Path("/proc/self").exists()


def _make_folders(places: Layout) -> None:
    """Our own folders with their modes and owners. Folders that were there before us are never touched."""
    for parent in reversed([places.place, *places.place.parents]):
        if not parent.exists():
            parent.mkdir()
            parent.chmod(0o711 if places.run_as else 0o700)
    owner = places.run_as.pw_uid if places.run_as else os.geteuid()
    for folder in (places.data, places.socket):
        if not folder.exists():
            folder.mkdir(mode=0o700)
            if places.run_as:
                os.chown(folder, places.run_as.pw_uid, places.run_as.pw_gid)
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise NotAFolderOfOurs(folder=folder)
        folder.chmod(0o700)


def _password(path: Path) -> str:
    """The password in `path`, made once, readable by us alone."""
    if not path.exists():
        making = path.with_suffix(".making")
        making.touch(mode=0o600)
        making.write_text(secrets.token_urlsafe(32) + "\n")
        making.rename(path)
    return path.read_text().strip()


def _make_cluster(places: Layout, binaries: Binaries) -> None:
    """Run initdb beside the data folder and move the result there, so an interrupted one leaves nothing half made."""
    making = places.place / "data.making"
    secret = places.place / "initdb.secret"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    secret.unlink(missing_ok=True)
    secret.touch(mode=0o600)
    secret.write_text(_password(places.superuser_password))
    if places.run_as:
        for path in (making, secret):
            os.chown(path, places.run_as.pw_uid, places.run_as.pw_gid)
    command = [binaries.program("initdb"), "-D", str(making), f"--username={SUPERUSER}", f"--pwfile={secret}"]
    command += ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    if binaries.major >= FIRST_BUILTIN_LOCALE:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        done = subprocess.run(  # noqa: S603 - our own initdb
            command, capture_output=True, text=True, check=False, **_as_database_user(places)
        )
    finally:
        secret.unlink()
    if done.returncode:
        shutil.rmtree(making, ignore_errors=True)
        places.log.write_text(done.stdout + done.stderr)
        raise PostgresDidNotStart(log=places.log, words=_last_words(places.log))
    places.data.rmdir()
    making.rename(places.data)


def _as_database_user(places: Layout) -> _Spawning:
    """Keyword arguments for subprocess: the right user, no inherited secrets, a folder that can be read."""
    options = _Spawning(env={"LC_ALL": "C.UTF-8", "PATH": os.defpath}, cwd="/", stdin=subprocess.DEVNULL)
    if places.run_as:
        options |= _Spawning(user=places.run_as.pw_uid, group=places.run_as.pw_gid, extra_groups=[])
    return options


def _spawn(places: Layout, binaries: Binaries, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the postmaster and wait until it takes connections.

    The workers of a postmaster that was killed need a moment to notice; until then the new one is refused.
    """
    command = [binaries.program("postgres"), "-D", str(places.data), "-k", str(places.socket)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    if places.log.exists() and places.log.stat().st_size > LARGEST_LOG:
        places.log.replace(places.log.with_suffix(".old"))
    deadline = time.monotonic() + START_SECONDS
    while True:
        with places.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own PostgreSQL
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - no other thread runs while we spawn
                **_as_database_user(places),
            )
        try:
            _await_ready(places, process)
        except PostgresDidNotStart as refusal:
            _give_up(process)
            still_leaving = "still in use" in str(refusal) and time.monotonic() < deadline
            if not still_leaving:
                raise
            time.sleep(0.2)
        except BaseException:
            _give_up(process)
            raise
        else:
            return process


def _give_up(process: subprocess.Popen[bytes]) -> None:
    """Leave no half-started database behind."""
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def _await_ready(places: Layout, process: subprocess.Popen[bytes] | None) -> None:
    """Wait for the word `ready` in the pid file.

    Raises:
        PostgresDidNotStart: The process ended, or time is up.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        if process is not None and process.poll() is not None:
            raise PostgresDidNotStart(log=places.log, words=_last_words(places.log))
        with suppress(OSError):
            lines = (places.data / "postmaster.pid").read_text().splitlines()
            ready = [line.strip() for line in lines[STATUS_LINE:]] == ["ready"]  # it is written bit by bit
            if ready and (process is None or int(lines[0]) == process.pid):
                return
        if time.monotonic() > deadline:
            raise PostgresDidNotStart(log=places.log, words="no answer")
        time.sleep(0.01)


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return " / ".join(lines[-3:])


def _make_role_and_database(places: Layout) -> None:
    """The application's role (no superuser) with the password of its file, and its database; harmless when repeated."""
    password = _password(places.password)
    with psycopg.connect(
        host=str(places.socket), user=SUPERUSER, password=_password(places.superuser_password), dbname="postgres",
        autocommit=True,
    ) as connection:  # fmt: skip
        role, secret = sql.Identifier(NAME), sql.Literal(password)
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}").format(verb, role, secret))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
