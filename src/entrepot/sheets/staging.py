"""Rows of an upload in the database, in sets: written by COPY, summed up and marked by single statements."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from entrepot.catalog.rows import as_json, copy_in, fetch, run
from entrepot.sheets.kinds.kind import Draft, Kind
from entrepot.sheets.models import Upload, UploadRow

CHUNK: Final = 2_000
TWICE: Final = _("The same thing stands in the rows {first} and {last}. Keep one of them.")
TOGETHER: Final = _("Another row of the same thing is wrong (row {row}); all of its rows go together.")

STAGE = """
COPY sheets_uploadrow (upload_id, number, state, key, values, before, errors, alarm, weight, object_id) FROM STDIN
"""
# Asked first and marked then: as one statement the planner, which knows nothing of rows just written, compares each
# row with each (10,000 rows took a minute).
DOUBLED = """
SELECT key, min(number), max(number) FROM sheets_uploadrow
WHERE upload_id = %s AND key <> '' AND state IN ('good', 'same') GROUP BY key HAVING count(*) > 1
"""
MARK_DOUBLED = """
UPDATE sheets_uploadrow r SET state = 'bad', errors = r.errors || jsonb_build_array(jsonb_build_array(
    %s::text, %s::text, jsonb_build_object('first', t.first, 'last', t.last)))
FROM unnest(%s::text[], %s::int[], %s::int[]) AS t(key, first, last)
WHERE r.upload_id = %s AND r.key = t.key AND r.state IN ('good', 'same')
"""
SPOILT = """
SELECT values ->> %s, min(number) FROM sheets_uploadrow
WHERE upload_id = %s AND state = 'bad' AND values ->> %s IS NOT NULL GROUP BY 1
"""
MARK_FELLOWS = """
UPDATE sheets_uploadrow r SET state = 'bad', errors = r.errors || jsonb_build_array(jsonb_build_array(
    '', %s::text, jsonb_build_object('row', t.number)))
FROM unnest(%s::text[], %s::int[]) AS t(word, number)
WHERE r.upload_id = %s AND r.values ->> %s = t.word AND r.state IN ('good', 'same')
"""
COUNTS = "SELECT state, count(*) FROM sheets_uploadrow WHERE upload_id = %s GROUP BY state"
ALARMS = """
SELECT alarm, count(*) FROM sheets_uploadrow WHERE upload_id = %s AND state = 'good' AND alarm <> '' GROUP BY alarm
"""
DONE = """
UPDATE sheets_uploadrow r SET state = 'done', object_id = t.object_id
FROM unnest(%s::bigint[], %s::bigint[]) AS t(id, object_id) WHERE r.id = t.id
"""
OUTCOMES = """
UPDATE sheets_uploadrow r
SET state = t.state, before = t.before::jsonb, errors = t.errors::jsonb, object_id = t.object_id
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[]) AS t(id, state, before, errors, object_id)
WHERE r.id = t.id
"""
ROWS = """
SELECT number, state, values, before, errors, alarm, weight, object_id, id FROM sheets_uploadrow
WHERE upload_id = %s AND state = ANY(%s) AND number > %s ORDER BY number LIMIT %s
"""
BAD = """
SELECT number, errors FROM sheets_uploadrow WHERE upload_id = %s AND state = 'bad' AND number > %s
ORDER BY number LIMIT %s
"""
STATES = "SELECT number, state FROM sheets_uploadrow WHERE upload_id = %s AND number > %s ORDER BY number LIMIT %s"


def stage(upload: Upload, rows: Sequence[Draft]) -> None:
    """Write judged rows."""
    copy_in(
        STAGE,
        (
            (
                upload.pk, row.number, row.state, row.key[:600], as_json(row.values), as_json(row.before),
                as_json(row.errors), row.alarm, row.weight, row.object_id,
            )
            for row in rows
        ),
    )  # fmt: skip


def mark_doubled(upload: Upload, kind: Kind) -> None:
    """Refuse rows that ask for the same thing twice, and the fellows of refused rows where they go together."""
    column = kind.twins or kind.columns[0].code
    run("ANALYZE sheets_uploadrow", [])
    if doubled := fetch(DOUBLED, [upload.pk]):
        run(MARK_DOUBLED, [column, TWICE, *(list(part) for part in zip(*doubled, strict=True)), upload.pk])
    if kind.together and (spoilt := fetch(SPOILT, [kind.together, upload.pk, kind.together])):
        parts = (list(part) for part in zip(*spoilt, strict=True))
        run(MARK_FELLOWS, [TOGETHER, *parts, upload.pk, kind.together])


def sum_up(upload: Upload, kind: Kind) -> None:
    """Count the rows by state, and say which guard rails stand in the way. Not saved."""
    counted = dict(fetch(COUNTS, [upload.pk]))
    upload.counts = {state: counted.get(state, 0) for state in UploadRow.State.values} | {
        name: value for name, value in upload.counts.items() if name.startswith("_")
    }
    touched = dict(fetch(ALARMS, [upload.pk]))
    upload.alarms = []
    for alarm in kind.alarms:
        count = touched.get(alarm.code, 0)
        of = alarm.of(upload.seller_id, upload.store_id) if count and alarm.of else 0
        stops = bool(count) and (alarm.share is None or count > alarm.share * of)
        if stops:
            upload.alarms.append({"code": alarm.code, "sentence": alarm.sentence, "count": count, "of": of})


def take(upload: Upload, *, states: Sequence[str], after: int = 0, limit: int = CHUNK) -> list[tuple[int, Draft]]:
    """The next rows in these states, each with its key in the table."""
    return [(found[-1], _draft(found)) for found in fetch(ROWS, [upload.pk, list(states), after, limit])]


def _draft(found: Sequence[Any]) -> Draft:
    number, _state, values, before, errors, alarm, weight, object_id, _pk = found
    return Draft(
        number,
        _loaded(values),
        errors=[(one[0], one[1], one[2]) for one in _loaded(errors)],
        before=_loaded(before),
        alarm=alarm,
        weight=weight,
        object_id=object_id,
    )


def _loaded(value: Any) -> Any:  # noqa: ANN401 - JSON as the cursor gives it
    if value == "{}":
        return {}
    if value == "[]":
        return []
    return json.loads(value) if isinstance(value, str) else value


def write_outcomes(rows: Sequence[tuple[int, Draft]]) -> None:
    """What became of rows that were done, or refused on the way."""
    plain = [(pk, row.object_id) for pk, row in rows if not row.errors and not row.before]
    if plain:
        run(DONE, [list(part) for part in zip(*plain, strict=True)])
    rows = [(pk, row) for pk, row in rows if row.errors or row.before]
    if not rows:
        return
    run(
        OUTCOMES,
        [
            [pk for pk, _row in rows],
            ["bad" if row.errors else "done" for _pk, row in rows],
            [as_json(row.before) for _pk, row in rows],
            [as_json(row.errors) for _pk, row in rows],
            [row.object_id for _pk, row in rows],
        ],
    )


def bad_rows(upload: Upload) -> Iterator[tuple[int, list[Any]]]:
    """Every refused row's number and errors, in the order of the file."""
    after = 0
    while found := fetch(BAD, [upload.pk, after, CHUNK]):
        yield from ((number, _loaded(errors)) for number, errors in found)
        after = found[-1][0]


def states(upload: Upload) -> Iterator[tuple[int, str]]:
    """Every row's number and state, in the order of the file."""
    after = 0
    while found := fetch(STATES, [upload.pk, after, CHUNK * 5]):
        yield from found
        after = found[-1][0]


def decimal_of(value: object) -> Decimal | None:
    """A figure as JSON keeps it, back as a number."""
    return None if value in {None, ""} else Decimal(str(value))
