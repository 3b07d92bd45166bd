"""Make the books (settings, database, models) ready for a command."""

import os

import click
import django
import psycopg
from django.conf import settings
from django.db import connection, connections
from django.db.utils import OperationalError
from psycopg.conninfo import make_conninfo

from entrepot.project import postgres
from entrepot.project.environment import home_folder
from entrepot.project.errors import DatabaseUnreachable


def open_books(context: click.Context, *, connect: bool) -> None:
    """Load Django; with `connect`, see that the database answers, starting the embedded one for this command's length.

    Raises:
        DatabaseUnreachable: DATABASE_URL leads nowhere.
        Refused: The embedded database does not start; see `project.errors`.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.project.settings")
    if connect and not os.environ.get("DATABASE_URL"):
        context.find_root().with_resource(postgres.attached(home_folder(os.environ)))
    django.setup()
    context.find_root().call_on_close(connections.close_all)
    if connect:
        see_that_it_answers()


def see_that_it_answers() -> None:
    """One connection to the database.

    Raises:
        DatabaseUnreachable: There is none.
    """
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no answer"
        raise DatabaseUnreachable(reason=reason) from None


def connection_facts() -> dict[str, str]:
    """How psycopg and PostgreSQL's own programs reach the database, as libpq's keywords."""
    database = settings.DATABASES["default"]
    named = {
        "host": database["HOST"],
        "port": database["PORT"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "dbname": database["NAME"],
        **database.get("OPTIONS", {}),
    }
    return {name: str(value) for name, value in named.items() if value and isinstance(value, str | int)}


async def connect_for_listening() -> psycopg.AsyncConnection[tuple[object, ...]]:
    """A connection of its own that commits at once: for LISTEN."""
    return await psycopg.AsyncConnection.connect(make_conninfo(**connection_facts()), autocommit=True)
