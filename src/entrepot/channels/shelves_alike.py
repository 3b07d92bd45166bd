"""Which category or brand of a store one of ours may be. Pure: pairs of letters, so that two Korean syllables count."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Why = Literal["path", "name", "alike"]
LEAST: Final = 0.5
"""Below this two names have nothing to do with one another."""
UPPER: Final = 0.25
"""What the names above count beside the last one."""


KEPT: Final = 20_000
"""Names that are taken to pieces once and not for every page."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A place of the store, why it may be the one, and whether nothing else fits as well."""

    remote_id: str
    why: Why
    certain: bool


@lru_cache(maxsize=KEPT)
def plain(text: str) -> str:
    """A name as it is compared: without case, blanks and signs."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@lru_cache(maxsize=KEPT)
def _pairs(text: str) -> frozenset[str]:
    word = f" {plain(text)} "
    return frozenset(word[at : at + 2] for at in range(len(word) - 1)) if len(word) > 2 else frozenset()


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


@lru_cache(maxsize=8)
def pool_of(places: tuple[tuple[str, tuple[str, ...]], ...]) -> "Pool":
    """The pool of these places: a large store's are taken to pieces once and not for every page."""
    return Pool(places)


class Pool:
    """The places of a store, `(remote id, path)`, ready to be compared with many of ours."""

    def __init__(self, places: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._by_path: dict[tuple[str, ...], list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._pairs: list[tuple[str, frozenset[str], frozenset[str]]] = []
        self._having: dict[str, list[int]] = {}
        for remote_id, path in places:
            self._by_path.setdefault(tuple(map(plain, path)), []).append(remote_id)
            self._by_name.setdefault(plain(path[-1]), []).append(remote_id)
            name = _pairs(path[-1])
            for pair in name:
                self._having.setdefault(pair, []).append(len(self._pairs))
            self._pairs.append((remote_id, name, _pairs(" ".join(path[:-1]))))

    def nearest(self, path: Sequence[str]) -> Guess | None:
        """The likeliest place: the same path, a name that only one place has, or the name most like it."""
        words = tuple(map(plain, path))
        if same := self._by_path.get(words):
            return Guess(same[0], "path" if len(path) > 1 else "name", len(same) == 1)
        if words[-1] and len(named := self._by_name.get(words[-1], [])) == 1:
            return Guess(named[0], "name", certain=False)
        name, above = _pairs(path[-1]), _pairs(" ".join(path[:-1]))
        least = LEAST * (1 - UPPER)
        best, found = 0.0, ""
        shared = Counter(place for pair in name for place in self._having.get(pair, ()))
        for place in sorted(shared):
            remote_id, theirs, upper = self._pairs[place]
            score = (1 - UPPER) * 2 * shared[place] / (len(name) + len(theirs))
            if score + UPPER < least or score + UPPER < best:  # whatever stands above it
                continue
            score += UPPER * _dice(above, upper)
            if score > best:
                best, found = score, remote_id
        return Guess(found, "alike", certain=False) if best >= least else None
