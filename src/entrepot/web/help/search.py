"""Finding words in the manual: in memory, over the few hundred sections that it has.

Words are looked for as pieces of text and not as whole words: Korean glues its particles on (`송장을`, `송장번호`).
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from entrepot.web.help import contents, pages

AROUND = 70
AT_MOST = 20
OF_ONE_PAGE = 3


@dataclass(frozen=True)
class Hit:
    """A place in the manual. `before`, `match`, `after` are the words around what was found, to be shown in a row."""

    path: str
    language: str
    title: str
    heading: str
    anchor: str
    before: str
    match: str
    after: str


@dataclass(frozen=True)
class Entry:
    """A section as the search reads it, its words once more in the one spelling that is compared."""

    path: str
    language: str
    title: str
    heading: str
    anchor: str
    text: str
    folded_title: str
    folded_heading: str
    folded_text: str
    developers: bool


def normal(text: str) -> str:
    """One spelling for comparing: whole syllables, no case."""
    return unicodedata.normalize("NFC", text).casefold()


def entries(language: str) -> tuple[Entry, ...]:
    """Every section of the manual in a language, English where a page has no other."""
    known = [found for path in contents.reading_order() if (found := pages.best(path, language))]
    return _entries(tuple(known))


@lru_cache(maxsize=4)
def _entries(known: tuple[pages.Page, ...]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            path=page.path,
            language=page.language,
            title=page.title,
            heading=section.title if number else "",
            anchor=section.anchor if number else "",
            text=section.text,
            folded_title=normal(page.title),
            folded_heading=normal(section.title if number else ""),
            folded_text=normal(section.text),
            developers=contents.part_of(page.path).developers,
        )
        for page in known
        for number, section in enumerate(page.sections)
    )


def _rank(entry: Entry, words: list[str]) -> int | None:
    """How well a section answers, less is better: all words in its title, its heading, or its text; None = not."""
    title, heading, text = entry.folded_title, entry.folded_heading, entry.folded_text
    if not all(word in title or word in heading or word in text for word in words):
        return None
    behind = 10 if entry.developers else 0
    if all(word in title for word in words):
        return behind + (1 if heading else 0)
    if all(word in title or word in heading for word in words):
        return behind + 2
    return behind + 3


def _shown(entry: Entry, words: list[str]) -> Hit:
    text = entry.text
    folded = entry.folded_text if len(entry.folded_text) == len(text) else ""
    found = [at for word in words if (at := folded.find(word)) >= 0]
    at = min(found, default=-1)
    if at < 0:
        before, match, after = text[: 2 * AROUND], "", text[2 * AROUND :]
    else:
        word = next(word for word in words if folded.startswith(word, at))
        before, match, after = text[max(at - AROUND, 0) : at], text[at : at + len(word)], text[at + len(word) :]
        before = f"… {before}" if at > AROUND else before
    after = f"{after[:AROUND]} …" if len(after) > AROUND else after
    return Hit(entry.path, entry.language, entry.title, entry.heading, entry.anchor, before, match, after)


def search(text: str, language: str, *, limit: int = AT_MOST) -> list[Hit]:
    """The places of the manual that have all words of `text`: titles first, then headings, then plain text."""
    words = normal(text[:200]).split()
    if not words:
        return []
    known = entries(language)
    ranked = sorted((rank, place) for place, entry in enumerate(known) if (rank := _rank(entry, words)) is not None)
    hits: list[Hit] = []
    taken: Counter[str] = Counter()
    for _how_well, place in ranked:
        entry = known[place]
        taken[entry.path] += 1
        if taken[entry.path] <= OF_ONE_PAGE:
            hits.append(_shown(entry, words))
    return hits[:limit]
