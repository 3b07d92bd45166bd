"""Backup, restore, doctor and the rest, as commands on homes of their own."""

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from entrepot.kernel.crypto import open_sealed, seal
from tests.cli.conftest import Home

pytestmark = pytest.mark.xdist_group("care")
TABLES = ["accounts_user", "accounts_seller", "accounts_membership", "accounts_auditentry", "django_migrations"]

QUESTION = "SELECT * FROM {} ORDER BY 1"


@pytest.fixture(scope="module")
def filled(new_home: Callable[[], Home]) -> Home:
    """A home with a seller and its owner."""
    home = new_home()
    done = home.run("prepare", "--demo")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["link"].startswith("http://127.0.0.1:8000/join/")
    return home


def rows(home: Home) -> dict[str, list[tuple[object, ...]]]:
    server = home.database()
    try:
        with psycopg.connect(server.url) as connection:
            return {table: connection.execute(QUESTION.format(table)).fetchall() for table in TABLES}
    finally:
        server.stop()


def keys(home: Home) -> list[str]:
    return (home.folder / "secret_keys").read_text().split()


def test_a_backup_brought_back_elsewhere_is_the_same_books_and_opens_the_same_secrets(
    filled: Home, new_home: Callable[[], Home], tmp_path: Path
) -> None:
    file = tmp_path / "entrepot.backup"
    done = filled.run("backup", "--with-keys", str(file))
    assert done.returncode == 0, done.stderr
    assert "keep it as you keep passwords" in done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    sealed = seal(b"s3cret", keys=keys(filled), context="here")

    other = new_home()
    back = other.run("restore", str(file))
    assert back.returncode == 0, back.stderr
    assert rows(other) == rows(filled)
    assert open_sealed(sealed, keys=keys(other), context="here") == b"s3cret"

    before = rows(other)
    refused = other.run("restore", str(file))
    assert (refused.returncode, "[database_not_empty]" in refused.stderr) == (1, True)
    assert rows(other) == before

    second = tmp_path / "second"
    assert other.run("backup", str(second)).returncode == 0
    assert other.run("restore", "--force", str(second)).returncode == 0
    assert rows(other) == before


def test_a_backup_without_keys_holds_none_and_says_so_where_it_is_brought_back(
    filled: Home, new_home: Callable[[], Home], tmp_path: Path
) -> None:
    file = tmp_path / "entrepot.backup"
    assert "keep those of ENTREPOT_HOME/secret_keys" in filled.run("backup", str(file)).stderr
    with tarfile.open(file) as bundle:
        assert bundle.getnames() == ["manifest.json", "database.dump"]
    assert keys(filled)[0].encode() not in file.read_bytes()
    back = new_home().run("restore", str(file))
    assert back.returncode == 0
    assert "stores need their credentials again" in back.stderr


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\0" * 2048])
def test_a_file_that_is_no_backup_is_refused_and_nothing_changes(filled: Home, tmp_path: Path, content: bytes) -> None:
    before = rows(filled)
    file = tmp_path / "wrong"
    file.write_bytes(content)
    refused = filled.run("restore", "--force", str(file))
    assert (refused.returncode, "[not_a_backup]" in refused.stderr) == (1, True)
    assert rows(filled) == before


def test_a_damaged_dump_is_refused_and_nothing_changes(filled: Home, tmp_path: Path) -> None:
    before = rows(filled)
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    assert filled.run("backup", str(whole)).returncode == 0
    with tarfile.open(whole) as source, tarfile.open(torn, "w") as target:
        for member in source:
            member.size = member.size // 2 if member.name == "database.dump" else member.size
            target.addfile(member, source.extractfile(member.name))
    refused = filled.run("restore", "--force", str(torn))
    assert (refused.returncode, "[backup_failed]" in refused.stderr) == (1, True)
    assert rows(filled) == before


def test_without_a_worker_the_doctor_says_what_to_start(filled: Home) -> None:
    report = filled.run("doctor")
    assert report.returncode == 1
    assert "no worker runs" in report.stdout
    assert "entrepot worker" in report.stdout


def test_a_database_that_is_not_there_is_a_sentence_not_a_traceback(filled: Home) -> None:
    done = filled.run("doctor", DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "[database_unreachable]" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_sign_in_link_is_made_for_somebody_known_only(filled: Home) -> None:
    assert "/join/" in filled.run("sign-in-link", "owner@demo.example").stdout
    assert "[not_found]" in filled.run("sign-in-link", "nobody@demo.example").stderr


def test_a_demo_is_not_put_into_real_books(new_home: Callable[[], Home]) -> None:
    home = new_home()
    assert home.run("prepare").returncode == 0
    server = home.database()
    with psycopg.connect(server.url) as connection:
        connection.execute(
            "INSERT INTO accounts_user (password, email, name, language, timezone,"
            " is_active, is_staff, is_superuser, created_at)"
            " VALUES ('', 'real@shop.example', '', '', '', true, false, false, now())"
        )
    server.stop()
    refused = home.run("prepare", "--demo")
    assert (refused.returncode, "[not_a_demo_home]" in refused.stderr) == (1, True)


def test_help_needs_no_database_and_names_every_command(new_home: Callable[[], Home]) -> None:
    home = new_home()
    text = home.run("--help").stdout
    for name in ("up", "web", "worker", "live", "doctor", "backup", "restore", "conformance", "simulator"):
        assert f"\n  {name} " in text
    assert home.run("backup", "--help").returncode == 0
    assert not (home.folder / "cluster").exists()


def test_an_unknown_command_is_refused(new_home: Callable[[], Home]) -> None:
    assert "No such command 'dance'" in new_home().run("dance").stderr
