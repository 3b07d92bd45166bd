"""Codes as sentences, in the reader's language; the same words for screens, API and commands.

A code that belongs to an error class has its sentence there (`message`, an English msgid with `{fields}`); a problem's
is in `problems.PROBLEMS`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from django.utils.translation import gettext

from entrepot.channels.models import JournalEntry
from entrepot.channels.problems import PROBLEMS, problem_kind
from entrepot.channels.registry import connector_types
from entrepot.connectors.call_words import ANNOUNCED, purpose
from entrepot.kernel.errors import EntrepotError
from entrepot.kernel.reasons import fields_of, taken_apart


def _classes(root: type[EntrepotError]) -> Iterator[type[EntrepotError]]:
    yield root
    for child in root.__subclasses__():
        yield from _classes(child)


@cache
def messages() -> Mapping[str, str]:
    """The sentence of each error class by its code; the nearest to the root wins where a code is inherited."""
    table: dict[str, str] = {}
    for cls in _classes(EntrepotError):
        table.setdefault(cls.code, cls.message)
    return table


FIELDS: Final = re.compile(r"\{([a-z_]+)\}")
SENTENCES: Final = frozenset({"reason", "field", "said"})
"""Fields that hold words, not names."""


class _Blank(dict[str, object]):
    """A field nobody gave is shown as a gap, never as an exception."""

    def __missing__(self, key: str) -> str:
        return "…"


def spoken(reason: str) -> str:
    """A reason that was kept in English, in the reader's language; what is no sentence of ours stays as it is."""
    if not reason or (known := gettext(reason)) != reason:
        return reason and known
    found = taken_apart(reason) or _as_error(reason)
    return filled(*found) if found else reason


def _as_error(text: str) -> tuple[str, dict[str, str]] | None:
    """The error class's sentence that a text was made from, and its fields."""
    for message in _sentences_of_errors():
        if (fields := fields_of(message, text)) is not None:
            return message, fields
    return None


@cache
def _sentences_of_errors() -> tuple[str, ...]:
    """Those that begin or end with words of their own; the longest first, so that the nearest fits."""
    whole = {cls.message for cls in _classes(EntrepotError)} - {"{reason}"}
    return tuple(sorted(whole, key=len, reverse=True))


def filled(message: str, fields: Mapping[str, object]) -> str:
    """The sentence in the reader's language with its fields in; a field that is itself a msgid is translated too.

    A `reason` is a sentence: it may have fields of its own, which stand beside it.
    """
    table = {name: gettext(value) if isinstance(value, str) and value else value for name, value in fields.items()}
    for name in SENTENCES & table.keys():
        table[name] = _with_fields(str(fields[name]), fields)
    if isinstance(msgid := fields.get("reason_msgid"), str):
        told = {name: value for name, value in fields.items() if name not in {"reason_msgid", "reason"}}
        table["reason"] = filled(msgid, told)
    try:
        return gettext(message).format_map(_Blank(table))
    except (ValueError, IndexError, AttributeError):
        return gettext(message)


def _with_fields(reason: str, fields: Mapping[str, object]) -> str:
    """A reason whose own fields were given beside it, or that was kept with them filled in."""
    told = {name: value for name, value in fields.items() if name not in SENTENCES or name == "field"}
    names = set(FIELDS.findall(reason))
    if names and names <= told.keys():
        return FIELDS.sub(lambda found: str(told[found[1]]), gettext(reason))
    return spoken(reason)


def sentence(error: EntrepotError) -> str:
    """What a person reads of a refusal or a trouble with a store."""
    return filled(type(error).message, error.fields)


def problem_sentence(code: str, fields: Mapping[str, object]) -> str:
    """What went wrong."""
    if code not in PROBLEMS and code in messages():
        return filled(messages()[code], fields)
    return filled(problem_kind(code).sentence, {"code": code, **fields})


def problem_remedy(code: str, fields: Mapping[str, object]) -> str:
    """What to do about it."""
    return filled(problem_kind(code).remedy, {"code": code, **fields})


def call_purpose(entry: JournalEntry) -> str:
    """What a call between Entrepot and a store was for; "" where its kind of store does not say."""
    if entry.incoming:
        return gettext(ANNOUNCED)
    kind = connector_types.get(entry.store.connector)
    words = purpose(kind.calls, method=entry.method, target=entry.target) if kind else ""
    return gettext(words) if words else ""
