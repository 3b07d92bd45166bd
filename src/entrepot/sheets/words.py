"""What was found in a file, as sentences in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from entrepot.channels.words import filled, messages
from entrepot.sheets.kinds import KINDS
from entrepot.sheets.kinds.kind import Kind
from entrepot.sheets.models import Upload

MARKS = {True: "✓", False: "–"}


def wrong(kind: Kind, errors: Iterable[Sequence[Any]]) -> str:
    """All that is wrong with a row, each with its column."""
    told = []
    for code, sentence, fields in errors:
        column = kind.column(code)
        words = filled(sentence, fields)
        told.append(f"{gettext(column.heading)}: {words}" if column else words)
    return " ".join(told)


def told(msgid: str) -> str:
    """A sentence in the reader's language."""
    return gettext(msgid)


def title(code: str) -> str:
    """A kind's name."""
    kind = KINDS.get(code)
    return gettext(kind.title) if kind else code


def trouble(upload: Upload) -> str:
    """Why a file could not be used, or why it stands still."""
    if not upload.error_code:
        return ""
    message = messages().get(upload.error_code)
    return filled(message, upload.error_fields) if message else upload.error_code


def changes(kind: Kind, values: Mapping[str, Any], before: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What a row changes: (heading, before, after), only where they differ."""
    told = []
    for column in kind.columns:
        if column.shown or column.code not in values or column.code not in before:
            continue
        old, new = shown(before[column.code]), shown(values[column.code])
        if old != new:
            told.append((gettext(column.heading), old, new))
    if "after" in before and "on_hand" not in values:
        told.append((gettext("On hand"), shown(before["on_hand"]), shown(before["after"])))
    return told


def given(kind: Kind, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a row says, for rows that change nothing yet known: (heading, value)."""
    return [
        (gettext(column.heading), shown(values[column.code]))
        for column in kind.columns
        if column.code in values and not column.shown and shown(values[column.code])
    ]


def shown(value: object) -> str:
    """A value as a person reads it."""
    match value:
        case None:
            return ""
        case bool():
            return MARKS[value]
        case list():
            return ", ".join(str(one) for one in value)
        case _:
            return str(value)
