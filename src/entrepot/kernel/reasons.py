"""Why something was refused, as text that is kept in English on a row and spoken in the reader's language.

A sentence of our own is marked where it is written (`_("It is larger than {megabytes} MB.")`): the mark changes nothing
but lets whoever shows the text later know it again, with its fields, and translate it. What somebody else said in words
of their own is `quoted`, so that nobody takes it for ours.
"""

import re
from functools import cache
from typing import Final

LONGEST_QUOTATION: Final = 300
_KNOWN: Final[dict[str, None]] = {}
_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_ADDRESS_OF_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER: Final = re.compile(r"(?<![\w.])\+?\d(?:[ -]?\d){8,}(?![\w.])")
_SECRET: Final = re.compile(r"\b[A-Za-z0-9_\-/+]{32,}={0,2}")
_MARKUP: Final = re.compile(r"(?:<[^>]{0,200}>|[\x00-\x1f\x7f\s])+")


def marked(sentence: str) -> str:
    """The sentence itself; from now on it is known when it comes back.

    One with fields is marked where its module is loaded: whoever shows it is another process than the one it befell.
    """
    _KNOWN[sentence] = None
    return sentence


SAID: Final = marked("It said: “{said}”")
SAID_NOTHING: Final = marked("It gave no reason.")


def quoted(said: object, *, longest: int = LONGEST_QUOTATION) -> str:
    """What a store, a carrier or a machine said, as a quotation: bounded, without markup, secrets, people's data."""
    text = _MARKUP.sub(" ", str(said or "")).strip()
    text = _ADDRESS_OF_MAIL.sub("•••", _LONG_NUMBER.sub("•••", _SECRET.sub("•••", text)))
    text = text.replace("“", "‘").replace("”", "’").rstrip(" :")
    if not text:
        return SAID_NOTHING
    whole = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return SAID.format(said=whole if whole.endswith((".", "!", "?", "…")) else f"{whole}.")


def taken_apart(text: str) -> tuple[str, dict[str, str]] | None:
    """The marked sentence a text was made from and what its fields were; None for words that are not ours."""
    if text in _KNOWN:
        return text, {}
    for sentence in _KNOWN:
        if (fields := fields_of(sentence, text)) is not None:
            return sentence, fields
    return None


def fields_of(sentence: str, text: str) -> dict[str, str] | None:
    """The fields with which a sentence makes this text, or None where it does not."""
    found = _pattern(sentence).fullmatch(text)
    return found.groupdict() if found else None


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def group(name: str) -> str:
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>.+?)"

    parts = _FIELD.split(sentence)
    pattern = "".join(group(part) if number % 2 else re.escape(part) for number, part in enumerate(parts))
    return re.compile(pattern, re.DOTALL)
