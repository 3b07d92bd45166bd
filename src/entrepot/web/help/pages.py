"""Pages of the manual as they are written: title, headings with their anchors, plain words. No Markdown parser here.

The menu, the search and every anchor come from these few lines, so that only showing a page loads the parser.
"""

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

PACKAGED = Path(__file__).resolve().parent.parent / "manual"
"""Where the pages lie in an installed package."""
IN_CHECKOUT = Path(__file__).resolve().parents[4] / "docs"
LANGUAGES = ("en", "ko")

NAME = re.compile(r"[a-z0-9-]{1,120}(?:/[a-z0-9-]{1,120})?")
"""What may stand in an address for a page."""
FENCE = re.compile(r"^\s*(?:```|~~~)")
HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<words>.+?)\s*#*$")
COMMENT = re.compile(r"\A(?:\s*<!--.*?-->)+", re.DOTALL)
"""The note at the head of a page that was made from code."""
PICTURE = re.compile(r"!\[(?P<words>[^\]]*)\]\([^)]*\)")
LINK = re.compile(r"\[(?P<words>[^\]]*)\]\([^)]*\)")
CELLS = re.compile(r"\|+|^[\s|:-]+$")
MARKS = re.compile(r"[*`]+|^\s*(?:[-+>]|\d+\.)\s")


@dataclass(frozen=True)
class Section:
    """A heading and the words under it up to the next."""

    level: int
    title: str
    anchor: str
    text: str


@dataclass(frozen=True, eq=False)
class Page:
    """One page in one language. `sections[0]` is the page's own heading."""

    path: str
    language: str
    source: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """The first heading."""
        return self.sections[0].title

    @cached_property
    def _known(self) -> Mapping[str, str]:
        written = anchors([section.title for section in self.sections])
        own = {name: section.anchor for name, section in zip(written, self.sections, strict=True)}
        return {**own, **{section.anchor: section.anchor for section in self.sections}}

    def anchor(self, wanted: str) -> str:
        """The anchor that `wanted` means here, or empty: its own, or that of the heading as it is written."""
        return self._known.get(wanted, "")


@cache
def folder() -> Path:
    """Where the pages lie: in the package, or in the checkout this code stands in."""
    return PACKAGED if PACKAGED.is_dir() else IN_CHECKOUT


def plain(line: str) -> str:
    """A line without the marks of Markdown."""
    return CELLS.sub(" ", MARKS.sub("", LINK.sub(r"\g<words>", PICTURE.sub(r"\g<words>", line)))).strip()


def anchors(titles: list[str]) -> list[str]:
    """The names of headings in an address, as code hosts write them: `## By command` is `#by-command`."""
    seen: dict[str, int] = {}
    names = []
    for title in titles:
        kept = (mark for mark in title.lower() if mark in " -_" or unicodedata.category(mark)[0] in "LN")
        name = "".join(kept).strip().replace(" ", "-")
        count = seen.get(name, 0)
        seen[name] = count + 1
        names.append(f"{name}-{count}" if count else name)
    return names


def _sections(source: str) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, list[str]]] = []
    fenced = False
    for line in source.splitlines():
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced and (heading := HEADING.match(line)):
            found.append((len(heading["marks"]), plain(heading["words"]), []))
        elif found and (words := line.strip() if fenced else plain(line)):
            found[-1][2].append(words)
    return [(level, title, " ".join(" ".join(words).split())) for level, title, words in found]


@lru_cache(maxsize=512)
def file_of(path: str, language: str) -> Path:
    """The file of a page in a language."""
    return (folder() if language == "en" else folder() / language) / f"{path}.md"


@cache
def _read(path: str, language: str, _changed: int) -> Page:
    source = COMMENT.sub("", file_of(path, language).read_text(encoding="utf-8")).lstrip()
    found = _sections(source)
    names = anchors([title for _level, title, _text in found])
    if language != "en":
        english = page(path, "en")
        shape = [section.level for section in english.sections] if english else []
        if english and shape == [level for level, _title, _text in found]:
            names = [section.anchor for section in english.sections]
    sections = tuple(Section(*row[:2], name, row[2]) for row, name in zip(found, names, strict=True))
    return Page(path, language, source, sections)


def page(path: str, language: str) -> Page | None:
    """A page in just this language, or None. A file that changed is read anew.

    A translation with the headings of the English page has its anchors too: `/help/ko/…#counts` and `/help/en/…#counts`
    are the same place.
    """
    if language not in LANGUAGES or not NAME.fullmatch(path):
        return None
    try:
        changed = os.stat(file_of(path, language)).st_mtime_ns  # noqa: PTH116 - a menu asks this of ninety pages
    except OSError:
        return None
    return _read(path, language, changed)


def best(path: str, language: str) -> Page | None:
    """A page in this language, else in English, else None."""
    return page(path, language) or page(path, "en")
