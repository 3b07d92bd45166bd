"""What must be true of the database before anything serves: its tables are this version's, and somebody can get in."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from entrepot.accounts import services

MIGRATION_LOCK = 7_305_002


@contextmanager
def alone(key: int) -> Iterator[None]:
    """Hold an advisory lock of this session; others who want it wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def waiting_migrations() -> list[str]:
    """Migrations of this version that the database has not had, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> list[str]:
    """Bring the tables to this version; of several processes that start at once one does it, the others wait."""
    if not waiting_migrations():
        return []
    with alone(MIGRATION_LOCK):
        waiting = waiting_migrations()
        if waiting:
            call_command("migrate", interactive=False, verbosity=0)
        return waiting


def link_address(token: str) -> str:
    """The address of a one-time link."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("web:join", args=[token])


def first_link() -> str | None:
    """The first owner's link, or None when somebody can sign in already."""
    token = services.first_owner_link()
    return link_address(token) if token else None
