"""Entrepot's settings in a home of the test run's own, with a database that is there when nobody gave one.

The xdist controller (or the only process) starts the cluster; its workers inherit DATABASE_URL and share it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _home() -> Path:
    """A home for this run: never the developer's own."""
    home = Path(tempfile.mkdtemp(prefix="entrepot-tests-"))
    home.chmod(0o711)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


if "PYTEST_XDIST_WORKER" not in os.environ or "ENTREPOT_TESTS_HOME" not in os.environ:
    os.environ["ENTREPOT_TESTS_HOME"] = str(_home())
os.environ["ENTREPOT_HOME"] = os.environ["ENTREPOT_TESTS_HOME"]
os.environ["ENTREPOT_SECRET_KEYS"] = "key-of-the-test-run-0123456789-0123456789"

if not os.environ.get("DATABASE_URL"):
    import psycopg

    from entrepot.project import postgres

    os.environ["ENTREPOT_POSTGRES_FOLDER"] = os.environ["ENTREPOT_TESTS_HOME"] + "/cluster"
    _server = postgres.start(
        Path(os.environ["ENTREPOT_TESTS_HOME"]),
        settings={
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": "200",
            "max_wal_size": "4GB",
            "wal_level": "minimal",
            "max_wal_senders": "0",
        },
    )
    atexit.register(_server.stop)
    with psycopg.connect(
        host=str(_server.layout.socket),
        user="postgres",
        password=_server.layout.superuser_password.read_text().strip(),
        dbname="postgres",
    ) as _connection:  # tests/emptying.py needs it
        _connection.execute("GRANT SET ON PARAMETER session_replication_role TO entrepot")
    os.environ["DATABASE_URL"] = _server.url
    del os.environ["ENTREPOT_POSTGRES_FOLDER"]

from entrepot.project.settings import *  # noqa: E402, F403 - the environment had to be ready first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages of tests name the sources: what a test prepares must not change what another's browser is told to fetch.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
