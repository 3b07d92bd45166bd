"""Many rows in one statement. Imports and order pages write sets, never row by row."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from entrepot.kernel.actor import Actor


def fetch(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement and give every row it answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def run(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> int:
    """Run one statement and tell how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        touched: int = cursor.rowcount
    return touched


def sign(actor: Actor) -> None:
    """Let the history name `actor` for what this transaction changes of products and items from here on."""
    fetch("SELECT set_config('entrepot.actor', %s, true)", [clip(str(actor), 140)])


def copy_in(statement: str, rows: Iterable[Sequence[object]]) -> None:
    """Stream rows into a table with `COPY … FROM STDIN`."""
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def new_ids(table: str, count: int) -> list[int]:
    """Take the next `count` primary keys of `table`, so that children can be written without reading back."""
    statement = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    return [row[0] for row in fetch(statement, [table, count])]


def clip(text: str, length: int) -> str:
    """Text of a store as a column can hold it: no NUL, at most `length` characters."""
    return text.replace("\x00", "")[:length]


def as_json(value: object) -> str:
    """A JSON document as PostgreSQL can hold it (it refuses the escaped NUL)."""
    return json.dumps(value, ensure_ascii=False, default=str).replace("\\u0000", "")
