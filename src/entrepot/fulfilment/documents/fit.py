"""Text made to fit a box: the largest size at which it fits, wrapped at spaces, inside a word only where it must be.

Nothing is ever clipped: text that does not fit at the smallest size ends with `…`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from entrepot.fulfilment.documents.pieces import Box
from entrepot.fulfilment.documents.typeface import (
    ASCENT,
    DESCENT,
    TALL_ASCENT,
    Advances,
    Weight,
    face,
    family_of,
    is_tall,
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines at a size. `ascent` and `pitch` = from a line's top to its base, and to the next line's top, in dots.

    `whole` is False when something had to be left out.
    """

    size: int
    family: str
    lines: tuple[str, ...]
    widths: tuple[int, ...]
    ascent: int
    pitch: int
    whole: bool = True

    @property
    def height(self) -> int:
        return self.pitch * len(self.lines)


@lru_cache(maxsize=4096)
def fit(text: str, *, width: int, height: int, sizes: tuple[int, ...], weight: Weight = Weight.REGULAR) -> Fitted:
    """Set `text` (its own line breaks kept) into `width` × `height` dots at the first of `sizes` that will do.

    A somewhat smaller size is taken rather than a break inside a word.
    """
    family = family_of(text.replace("\n", ""))
    measure = face(weight, family)
    above = TALL_ASCENT if not text.isascii() and any(map(is_tall, text)) else ASCENT
    size, lines = _chosen(text, Box(0, 0, width, height), sizes, measure, above + DESCENT)
    pitch = _dots(above + DESCENT, size)
    room = max(1, height // pitch)
    whole = len(lines) <= room
    if not whole:
        lines = _cut(lines[:room], width * 1000 // size, measure)
    widths = tuple(_dots(measure.of(line), size) for line in lines)
    return Fitted(size, family, lines, widths, _dots(above, size), pitch, whole)


def _chosen(text: str, box: Box, sizes: tuple[int, ...], measure: Advances, pitch: int) -> tuple[int, tuple[str, ...]]:
    """The size and its lines; the smallest size when none will do."""
    longest = max(map(measure.of, text.split()), default=0)
    broken: tuple[int, tuple[str, ...]] | None = None
    lines: tuple[str, ...] = ()
    for size in sizes:
        if broken and size * 3 < broken[0] * 2:
            return broken
        room = box.height // _dots(pitch, size)
        lines = tuple(_wrapped(text, box.width * 1000 // size, measure))
        if len(lines) > room:
            continue
        if longest * size <= box.width * 1000:
            return size, lines
        broken = broken or (size, lines)
    return broken or (sizes[-1], lines)


def _dots(thousandths: int, size: int) -> int:
    return -(-thousandths * size // 1000)


def _wrapped(text: str, width: int, measure: Advances) -> Iterator[str]:
    """Lines no wider than `width` thousandths of the size."""
    if "\n" not in text and measure.of(text) <= width:
        yield text
        return
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if measure.of(longer) <= width:
                line = longer
                continue
            if line:
                yield line
            *full, line = _pieces(word, width, measure)
            yield from full
        yield line


def _pieces(word: str, width: int, measure: Advances) -> list[str]:
    """A word in parts that fit; one part where it fits as it is. A part has one character at least."""
    if measure.of(word) <= width:
        return [word]
    found, part, used = [], "", 0
    for char in word:
        used += measure[char]
        if part and used > width:
            found.append(part)
            part, used = "", measure[char]
        part += char
    return [*found, part]


def _cut(lines: tuple[str, ...], width: int, measure: Advances) -> tuple[str, ...]:
    last = lines[-1]
    while last and measure.of(last + "…") > width:
        last = last[:-1]
    return (*lines[:-1], last.rstrip() + "…")
