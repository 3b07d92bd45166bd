"""Codes as sentences, in the reader's language; the same words for screens, API and commands.

A code that belongs to an error class has its sentence there (`message`, an English msgid with `{fields}`); a problem's
is in `problems.PROBLEMS`.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from django.utils.translation import gettext

from entrepot.channels.problems import PROBLEMS, problem_kind
from entrepot.kernel.errors import EntrepotError


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


class _Blank(dict[str, object]):
    """A field nobody gave is shown as a gap, never as an exception."""

    def __missing__(self, key: str) -> str:
        return "…"


def filled(message: str, fields: Mapping[str, object]) -> str:
    """The sentence in the reader's language with its fields in; a field that is itself a msgid is translated too."""
    table = {name: gettext(value) if isinstance(value, str) and value else value for name, value in fields.items()}
    if isinstance(msgid := fields.get("reason_msgid"), str):
        told = {name: value for name, value in fields.items() if name not in {"reason_msgid", "reason"}}
        table["reason"] = filled(msgid, told)
    try:
        return gettext(message).format_map(_Blank(table))
    except (ValueError, IndexError, AttributeError):
        return gettext(message)


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
