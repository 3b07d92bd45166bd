"""A MariaDB of our own and fixture shops on it, each served by `php -S` with the built extension unpacked beside it."""
# ruff: noqa: S608 - a test's own SQL on its own database

from __future__ import annotations

import contextlib
import getpass
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from entrepot.connectors.opencart import bridge_build
from tests.bridge import schemas, seeds
from tests.bridge.client import SECRET, Client
from tests.needs import missing, need_program

HARNESS = Path(__file__).parent / "harness"


def server_program() -> str:
    for name in ("mariadbd", "mysqld"):
        found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
        if found:
            return found
    return missing("needs mariadbd or mysqld on PATH or in /usr/sbin")


@dataclass
class Database:
    socket: Path
    client: str

    def run(self, sql: str, database: str = "") -> list[list[str | None]]:
        """Rows of the last statement; NULL is None."""
        done = subprocess.run(
            [
                self.client,
                "--no-defaults",
                "-S",
                str(self.socket),
                "-u",
                getpass.getuser(),
                "--default-character-set=utf8mb4",
                "-N",
                "-B",
                database,
            ],
            input=sql.encode(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        lines = done.stdout.decode().splitlines()
        return [[None if cell == "NULL" else cell for cell in line.split("\t")] for line in lines]


def _make_data_folder(command: list[str], data: Path) -> None:
    """Fill the data folder. Two installers at once on one machine have been seen to stumble: up to three tries."""
    for pause in (1, 3, None):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode == 0:
            return
        if pause is None:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        shutil.rmtree(data, ignore_errors=True)
        time.sleep(pause)


@contextlib.contextmanager
def database(home: Path) -> Iterator[Database]:
    """A server on a private data folder and socket, without a network port; gone with its data afterwards."""
    server, client = server_program(), need_program("mariadb", "mysql")
    install = need_program("mariadb-install-db", "mysql_install_db")
    user = getpass.getuser()
    data, sock = home / "d", home / "s"
    common = ["--no-defaults", f"--datadir={data}"] + ([f"--user={user}"] if os.geteuid() == 0 else [])
    _make_data_folder([install, *common, "--auth-root-authentication-method=socket", "--skip-test-db"], data)
    log = (home / "log").open("wb")
    process = subprocess.Popen(
        [
            server,
            *common,
            f"--socket={sock}",
            f"--pid-file={home}/pid",
            "--skip-networking",
            "--innodb-buffer-pool-size=64M",
            "--innodb-log-file-size=16M",
            "--innodb-flush-log-at-trx-commit=0",
            "--character-set-server=utf8mb4",
        ],
        stdout=log,
        stderr=log,
    )
    db = Database(sock, client)
    try:
        wait_for(lambda: sock.exists() and db.run("SELECT 1") == [["1"]], 60)
        yield db
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def wait_for(question: Any, seconds: float = 10) -> None:
    """Return when `question()` is true; an error counts as not yet."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(AssertionError, LookupError, OSError):
            if question():
                return
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@dataclass
class Shop:
    """One fixture shop, served over HTTP."""

    generation: schemas.Generation
    db: Database
    home: Path
    host: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"shop_{self.generation.name}"

    @property
    def notes(self) -> Path:
        return self.home / "notes"

    @property
    def client(self) -> Client:
        return Client(self.host)

    def sql(self, query: str) -> list[list[str | None]]:
        return self.db.run(query.replace("#", schemas.PREFIX), self.name)

    def one(self, query: str) -> str | None:
        return self.sql(query)[0][0]

    def page(self, route: str, **params: object) -> Any:
        """A page of the shop itself."""
        return self.client.send("GET", "/index.php?" + urlencode({"route": route, **params}))

    def act(self, action: str, *, modify: bool = True, language: str = "en", enabled: str = "1") -> Any:
        target = "/index.php?" + urlencode(
            {"route": "harness/act", "action": action, "modify": int(modify), "language": language}
        )
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.client.send("POST", target, f"enabled={enabled}".encode(), form).json

    def wart(self, name: str) -> None:
        (self.notes / "wart").write_text(name)

    def cache_clears(self) -> list[str]:
        path = self.notes / "cache"
        return path.read_text().split() if path.exists() else []

    def count_queries(self) -> Path:
        path = self.notes / "queries"
        path.write_text("")
        return path

    def setting(self, name: str, value: str | None) -> None:
        if value is None:
            self.sql(f"DELETE FROM #oms_bridge_setting WHERE name='{name}'")
        else:
            self.sql(f"REPLACE INTO #oms_bridge_setting (name, value) VALUES ('{name}', '{value}')")

    def fresh(self) -> None:
        """Back to the seed: the shop as installed a moment ago, with a known secret."""
        for note in ("wart", "cache", "queries", "log"):
            (self.notes / note).unlink(missing_ok=True)
        shutil.rmtree(self.home / "images", ignore_errors=True)
        (self.home / "images" / "catalog").mkdir(parents=True)
        schema = schemas.create(self.generation) + seeds.seed(self.generation)
        self.db.run(
            f"DROP DATABASE IF EXISTS {self.name}; CREATE DATABASE {self.name};"
            f" USE {self.name}; SET sql_mode=''; {schema}"
        )
        # What breaks in PHP is printed and answered with 200; a worker of the test before may still hold a row.
        tries = (self.page("harness/install") for _ in range(3))
        said = [(one.status, one.raw) for one in itertools.takewhile(lambda one: one.raw != b"", tries)]
        assert len(said) < 3, said
        self.setting("secret", SECRET)


@contextlib.contextmanager
def serve(generation: schemas.Generation, db: Database, home: Path) -> Iterator[Shop]:
    php = need_program("php")
    shop = Shop(generation, db, home)
    shop.notes.mkdir()
    archive = bridge_build.build(generation.line, home)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(home / "extension")
    setup = {
        "prefix": schemas.PREFIX,
        "version": generation.version,
        "line": generation.line,
        "database": shop.name,
        "timezone": "Asia/Seoul",
        "charset": generation.charset,
        "user": getpass.getuser(),
        "socket": str(db.socket),
        "images": str(home / "images"),
        "extension": str(home / "extension"),
        "notes": str(shop.notes),
    }
    (home / "setup.json").write_text(json.dumps(setup))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        shop.host = f"127.0.0.1:{probe.getsockname()[1]}"
    log = (home / "php.log").open("wb")
    process = subprocess.Popen(
        [
            php,
            "-d",
            "display_errors=1",
            "-d",
            "memory_limit=64M",
            "-d",
            "post_max_size=8M",
            "-S",
            shop.host,
            str(HARNESS / "shop.php"),
        ],
        env={**os.environ, "HARNESS_SETUP": str(home / "setup.json"), "PHP_CLI_SERVER_WORKERS": "4"},
        stdout=log,
        stderr=log,
        start_new_session=True,
        cwd=home,
    )
    try:
        wait_for(lambda: shop.page("harness/ready").raw == b"ready", 20)
        yield shop
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        log.close()
