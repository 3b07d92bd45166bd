"""How a database is emptied after a test that committed: only what holds rows, and only its rows.

Django's own way writes new files for all tables and their indexes and makes every permission anew: 0.4 s for each
such test, and there are many hundreds. What it leaves behind is the same.
"""

from functools import cache
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ProgrammingError
from django.test import TransactionTestCase
from psycopg.errors import InsufficientPrivilege

MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}
"""Django empties these too, and then makes the same rows again."""

_in_djangos_way = TransactionTestCase._fixture_teardown


@cache
def _deed(alias: str) -> str:
    """Who still writes is waited for, as TRUNCATE would; keys and triggers are not asked, as all rows go."""
    tables = connections[alias].introspection.django_table_names(only_existing=True, include_views=False)
    names = [connections[alias].ops.quote_name(name) for name in sorted(set(tables) - MADE_BY_MIGRATE)]
    return f"""DO $$
        DECLARE name text;
        BEGIN
            SET LOCAL session_replication_role = replica;
            LOCK TABLE {", ".join(names)} IN ACCESS EXCLUSIVE MODE;
            FOREACH name IN ARRAY ARRAY['{"', '".join(names)}'] LOOP
                IF pg_relation_size(name::regclass) > 0 THEN
                    EXECUTE 'DELETE FROM ' || name;
                END IF;
            END LOOP;
        END $$"""  # noqa: S608 - names of our own tables


def _emptied(connection: BaseDatabaseWrapper) -> bool:
    """Whether it could be done; not when this role may not leave the keys unasked."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_deed(connection.alias))
    except ProgrammingError as refusal:
        if not isinstance(refusal.__cause__, InsufficientPrivilege):
            raise
        return False
    return True


def _quickly(self: Any) -> None:
    plain = self.available_apps is None and not self.serialized_rollback and not self.reset_sequences
    if plain and all(_emptied(connections[alias]) for alias in self._databases_names(include_mirrors=False)):
        return
    _in_djangos_way(self)


def empty_quickly() -> None:
    """From now on."""
    TransactionTestCase._fixture_teardown = _quickly
