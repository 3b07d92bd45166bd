"""Code 128 (ISO/IEC 15417): text of ASCII characters to symbol values and bar widths, in the fewest symbols there are.

Set A holds control characters and capitals, B capitals and small letters, C two digits in a symbol. A is used for
control characters only.
"""

from dataclasses import dataclass
from functools import lru_cache

SHIFT, TO_C, TO_B, TO_A = 98, 99, 100, 101
START = {"B": 104, "A": 103, "C": 105}
STOP = 106
QUIET = 10
"""Modules that stay white on either side."""

WIDTHS = (  # noqa: SIM905 - as the standard prints them, a table to compare
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
).split(" ")
"""Bar, space, bar, space … of each value, in modules; 106 is the stop with its closing bar."""


class NotEncodable(ValueError):
    """Code 128 holds ASCII only, and at least one character."""


@dataclass(frozen=True, slots=True)
class Code128:
    """`values` from the start to the last character; the check value and the stop follow from them."""

    text: str
    values: tuple[int, ...]

    @property
    def check(self) -> int:
        """The start plus each value times its place, modulo 103."""
        return (self.values[0] + sum(place * value for place, value in enumerate(self.values))) % 103

    @property
    def widths(self) -> str:
        """Modules of bar, space, bar … of the whole symbol, without the quiet zones."""
        return "".join(WIDTHS[value] for value in (*self.values, self.check, STOP))

    @property
    def modules(self) -> int:
        """How many modules wide the bars are, without the quiet zones."""
        return 11 * (len(self.values) + 1) + 13

    def bars(self) -> tuple[tuple[int, int], ...]:
        """`(from, width)` of each black bar, in modules."""
        found, at = [], 0
        for number, width in enumerate(map(int, self.widths)):
            if number % 2 == 0:
                found.append((at, width))
            at += width
        return tuple(found)


@lru_cache(maxsize=4096)
def code128(text: str) -> Code128:
    """The shortest symbol that says `text`.

    Raises:
        NotEncodable: It is empty, or holds a character beyond ASCII.
    """
    if not text or not text.isascii():
        raise NotEncodable(f"not ASCII, or nothing: {text!r}")
    ways: dict[str, tuple[int, ...]] = {name: (start,) for name, start in START.items()}
    later: dict[str, tuple[int, ...]] = {}
    """The best ways that end one character further on already: set C takes two at once."""
    for at, char in enumerate(text):
        pair = text[at : at + 2]
        after = dict(later)
        later = {}
        for name, values in ways.items():
            _spell(char, name, values, after)
        if "C" in ways and len(pair) == 2 and pair.isdigit():
            _offer(later, "C", (*ways["C"], int(pair)))
        ways = _switched(after)
        later = later and {"C": later["C"]}
    return Code128(text, min(ways.values(), key=len))


def _spell(char: str, name: str, values: tuple[int, ...], after: dict[str, tuple[int, ...]]) -> None:
    """One character in set A or B, or by a shift in the other one."""
    if name == "C":
        return
    own = _value(char, name)
    if own is not None:
        _offer(after, name, (*values, own))
        return
    other = _value(char, "B" if name == "A" else "A")
    if other is not None:
        _offer(after, name, (*values, SHIFT, other))


def _switched(ways: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Add to each way what a change of the set would cost."""
    found = dict(ways)
    for name, values in ways.items():
        for other, change in (("B", TO_B), ("A", TO_A), ("C", TO_C)):
            if other != name:
                _offer(found, other, (*values, change))
    return found


def _offer(ways: dict[str, tuple[int, ...]], name: str, values: tuple[int, ...]) -> None:
    if name not in ways or len(values) < len(ways[name]):
        ways[name] = values


def _value(char: str, name: str) -> int | None:
    code = ord(char)
    if name == "A":
        return code - 32 if 32 <= code < 96 else code + 64 if code < 32 else None
    return code - 32 if code >= 32 else None
