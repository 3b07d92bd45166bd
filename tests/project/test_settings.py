"""What the environment says, and what no environment may get wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from entrepot.project.environment import database_settings, home_folder, key_ring, live_sources, origin

APPS = ["accounts", "catalog", "inventory", "orders", "channels", "web", "project"]


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", *APPS, check=True, dry_run=True, verbosity=0)


def test_django_s_own_checks_find_nothing() -> None:
    call_command("check", fail_level="WARNING", verbosity=0)


def test_a_database_url_is_taken_apart_with_its_escapes_and_options() -> None:
    settings = database_settings(
        {"DATABASE_URL": "postgresql://us%40er:p%2Fw@db.example:5433/books?sslmode=require"}, Path()
    )
    assert {name: settings[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")} == {
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "NAME": "books",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("url", ["mysql://u@h/d", "postgresql://u@h", "books.sqlite3"])
def test_an_address_that_is_no_postgresql_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL must look like"):
        database_settings({"DATABASE_URL": url}, Path())


def test_the_first_start_makes_one_key_that_only_its_owner_reads_and_keeps_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    keys = key_ring({}, home)
    assert len(keys) == 1
    assert len(keys[0]) >= 43
    assert key_ring({}, home) == keys
    assert (home / "secret_keys").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == ["secret_keys"]


def test_given_keys_come_newest_first_and_short_ones_are_refused(tmp_path: Path) -> None:
    first, second = "a" * 32, "b" * 32
    assert key_ring({"ENTREPOT_SECRET_KEYS": f"{first}, {second}"}, tmp_path) == [first, second]
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="at least 24 characters"):
        key_ring({"ENTREPOT_SECRET_KEYS": "changeme"}, tmp_path)


def test_many_processes_starting_at_once_agree_on_one_key(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from entrepot.project.environment import key_ring; "
    code += "print(key_ring({}, Path(sys.argv[1]))[0])"
    command = [sys.executable, "-c", code, str(tmp_path / "home")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert len({process.communicate()[0] for process in running}) == 1


def test_home_is_where_the_environment_says_else_below_the_person_s_own() -> None:
    assert home_folder({"ENTREPOT_HOME": "/srv/books"}) == Path("/srv/books")
    assert home_folder({}) == Path.home() / ".entrepot"


def test_pages_may_listen_on_their_own_host_and_nowhere_else() -> None:
    assert live_sources("http://{host}:8001/live", "http://127.0.0.1:8000") == [
        "http://localhost:8001",
        "http://127.0.0.1:8001",
    ]
    assert live_sources("https://oms.example/live", "https://oms.example") == ["https://oms.example"]
    assert origin("https://oms.example:8443/a?b=c") == "https://oms.example:8443"


def test_behind_https_cookies_are_for_https_only(tmp_path: Path) -> None:
    code = "from entrepot.project import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
    code += " 'oms.example' in s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS, s.DEBUG)"
    environ = os.environ | {"ENTREPOT_PUBLIC_URL": "https://oms.example", "ENTREPOT_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True True True ['https://oms.example'] False"
