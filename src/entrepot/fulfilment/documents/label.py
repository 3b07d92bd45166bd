"""The parcel label, 100 × 150 mm: who gets it, by whom, and the barcode the carrier scans. Laid out once for all pens.

From top to bottom: carrier, routing code, receiver, sender, Code 128 of the tracking number, and a foot with the QR
code, the order and what is inside. A part with nothing to say leaves its room to the receiver.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from entrepot.fulfilment.documents.amounts import money_text, weight_text
from entrepot.fulfilment.documents.clean import clean, clean_code, clean_lines
from entrepot.fulfilment.documents.code128 import QUIET, Code128, NotEncodable, code128
from entrepot.fulfilment.documents.facts import LabelFacts
from entrepot.fulfilment.documents.fit import Fitted, fit
from entrepot.fulfilment.documents.pieces import HEIGHT, WIDTH, Bars, Box, Frame, Line, Piece, Rule, Square
from entrepot.fulfilment.documents.qr import QUIET as QR_QUIET
from entrepot.fulfilment.documents.qr import qr
from entrepot.fulfilment.documents.typeface import Weight
from entrepot.fulfilment.documents.words import WORDS, Language

LEFT, RIGHT, TOP, BOTTOM = 24, WIDTH - 24, 20, HEIGHT - 20
INNER = RIGHT - LEFT
RULE, GAP = 4, 8
HEAD, ROUTING, SENDER, CODE, FOOT = 92, 112, 112, 232, 240
"""Heights of the parts in dots; the receiver has the rest."""
CAPTION = 20
HUGE = (104, 96, 88, 80, 72, 64, 56, 48, 40, 32, 24, 20, 16)
BIG = (60, 56, 52, 48, 44, 40, 36, 32, 28, 24, 22, 20, 18, 16)
NAME = (52, 48, 44, 40, 36, 32, 28, 26, 24, 22, 20, 18)
ADDRESS = (40, 38, 36, 34, 32, 30, 28, 26, 24, 22, 20, 18, 16)
SMALL = (26, 24, 22, 20, 18, 16, 14)
FINEST = 2
"""Dots of the narrowest bar or module that a scanner still reads from a thermal label (0.25 mm)."""
Align = Literal["left", "center", "right"]


@dataclass
class _Label:
    facts: LabelFacts
    language: Language
    pieces: list[Piece] = field(default_factory=list)

    def word(self, key: str, **fields: object) -> str:
        return WORDS[self.language][key].format(**fields)

    def text(
        self,
        box: Box,
        words: str,
        sizes: Sequence[int],
        *,
        bold: bool = False,
        align: Align = "left",
        middle: bool = False,
    ) -> Fitted | None:
        """Set words into a box; what they came to, None where there are none."""
        if not words:
            return None
        weight = Weight.BOLD if bold else Weight.REGULAR
        set_ = fit(words, width=box.width, height=box.height, sizes=tuple(sizes), weight=weight)
        y = box.y + ((box.height - set_.height) // 2 if middle else 0)
        for line, width in zip(set_.lines, set_.widths, strict=True):
            spare = box.width - width
            x = box.x + {"left": 0, "center": spare // 2, "right": spare}[align]
            self.pieces.append(
                Line(Box(x, y, width, set_.pitch), line, set_.size, weight, set_.family, set_.ascent),
            )
            y += set_.pitch
        return set_

    def rule(self, y: int) -> int:
        """A line across; where the next part begins."""
        self.pieces.append(Rule(Box(LEFT, y, INNER, RULE)))
        return y + RULE + GAP


def label(facts: LabelFacts, language: Language) -> tuple[Piece, ...]:
    """What is drawn for one parcel."""
    made = _Label(facts, language)
    y = made.rule(_head(made, TOP))
    if clean(facts.routing_code):
        made.text(Box(LEFT, y, INNER, ROUTING), clean(facts.routing_code), HUGE, bold=True, align="center", middle=True)
        y = made.rule(y + ROUTING)
    rest = RULE + GAP
    foot = BOTTOM - FOOT
    code = foot - rest - CODE
    sender = code - rest - SENDER
    _receiver(made, Box(LEFT, y, INNER, sender - rest - y))
    made.rule(sender - rest)
    _sender(made, Box(LEFT, sender, INNER, SENDER))
    made.rule(code - rest)
    _code(made, Box(LEFT, code, INNER, CODE))
    made.rule(foot - rest)
    _foot(made, Box(LEFT, foot, INNER, FOOT))
    return tuple(made.pieces)


def _head(made: _Label, y: int) -> int:
    facts = made.facts
    side = 260
    made.text(
        Box(LEFT, y, INNER - side - GAP, HEAD),
        clean(facts.carrier) or clean(facts.sender.name),
        BIG,
        bold=True,
        middle=True,
    )
    right = RIGHT - side
    made.text(Box(right, y, side, 44), clean(facts.service), (28, *SMALL), align="right", middle=True)
    made.text(Box(right, y + 44, side, 48), f"{facts.piece} / {facts.pieces}", (36,), bold=True, align="right")
    return y + HEAD


def _receiver(made: _Label, box: Box) -> None:
    """Caption, telephone and postcode in a row; below them name and address, as large as they go."""
    party = made.facts.receiver
    row, caption = 52, 108
    half = (box.width - caption) // 2 - GAP
    made.text(Box(box.x, box.y, caption - GAP, row), made.word("to"), (CAPTION + 4, *SMALL), middle=True)
    made.text(Box(box.x + caption, box.y, half, row), clean(party.telephone), (36, 32, *SMALL), bold=True, middle=True)
    postcode = " ".join(part for part in (clean(party.country), clean(party.postcode)) if part)
    right = Box(box.x + caption + half + GAP, box.y, half + GAP, row)
    made.text(right, postcode, (40, 36, 32, *SMALL), bold=True, align="right", middle=True)
    room = box.height - row
    heading = "\n".join(part for part in (clean(party.name), clean(party.company)) if part)
    set_ = made.text(Box(box.x, box.y + row, box.width, room * 2 // 5), heading, NAME, bold=True)
    used = set_.height + GAP if set_ else 0
    made.text(Box(box.x, box.y + row + used, box.width, room - used), clean_lines("\n".join(party.address)), ADDRESS)


def _sender(made: _Label, box: Box) -> None:
    party = made.facts.sender
    side = 132
    made.text(Box(box.x, box.y, side - GAP, box.height), made.word("from"), (CAPTION,))
    first = " · ".join(part for part in map(clean, (party.name, party.company, party.telephone)) if part)
    address = clean(" ".join(party.lines()))
    words = "\n".join(part for part in (first, address, clean(party.country)) if part)
    made.text(Box(box.x + side, box.y, box.width - side, box.height), words, SMALL)


def _code(made: _Label, box: Box) -> None:
    """Bars as wide as they may be, what they say below them; only what they say where no bars can hold it."""
    says = clean_code(made.facts.tracking_number) or clean_code(made.facts.order_number)
    symbol = _symbol(says)
    module = _module(symbol, box.width) if symbol else 0
    text = 56
    if symbol is None or not module:
        made.text(box, clean(says), BIG, bold=True, align="center", middle=True)
        return
    quiet = QUIET * module
    width = symbol.modules * module
    x = box.x + (box.width - width) // 2 - quiet
    bars = Box(x, box.y + GAP, width + 2 * quiet, box.height - text - 2 * GAP)
    made.pieces.append(Bars(bars, symbol, module))
    below = Box(box.x, box.y + box.height - text, box.width, text)
    made.text(below, clean(says), (40, 36, 32, *SMALL), bold=True, align="center", middle=True)


def _symbol(says: str) -> Code128 | None:
    try:
        return code128(says) if len(says) <= 80 else None
    except NotEncodable:
        return None


def _module(symbol: Code128, width: int) -> int:
    """Dots of the narrowest bar, 4 at most, with which the symbol and its quiet zones fit; 0 where none will do."""
    most = width // (symbol.modules + 2 * QUIET)
    return min(4, most) if most >= FINEST else 0


def _foot(made: _Label, box: Box) -> None:
    left = _square(made, box)
    area = Box(box.x + left, box.y, box.width - left, box.height)
    y = _order(made, area)
    y = _cash(made, Box(area.x, y, area.width, 48))
    message = clean_lines(made.facts.message)
    rest = area.y + area.height - y
    if message:
        set_ = made.text(Box(area.x, y, area.width, rest * 3 // 5), message, (28, *SMALL), bold=True)
        y += (set_.height if set_ else 0) + GAP
    _contents(made, Box(area.x, y, area.width, area.y + area.height - y))


def _square(made: _Label, box: Box) -> int:
    """The QR code at the left; how much width it took."""
    symbol = qr(clean_code(made.facts.qr) or clean_code(made.facts.order_number))
    if symbol is None:
        return 0
    whole = symbol.modules + 2 * QR_QUIET
    module = box.height // whole
    side = whole * module
    made.pieces.append(Square(Box(box.x, box.y + (box.height - side) // 2, side, side), symbol, module))
    return box.height + GAP


def _order(made: _Label, area: Box) -> int:
    """Number, day, weight and who pays the carrier; where the next thing begins."""
    facts = made.facts
    first = clean(facts.order_number)
    set_ = made.text(Box(area.x, area.y, area.width, 44), first, (32, 28, *SMALL), bold=True)
    y = area.y + (set_.height if set_ else 0)
    parts = [
        facts.shipped_on.isoformat() if facts.shipped_on else "",
        weight_text(facts.weight) if facts.weight is not None else "",
        made.word(facts.freight) if facts.freight else "",
    ]
    second = made.text(Box(area.x, y, area.width, 34), " · ".join(filter(None, parts)), SMALL)
    return y + (second.height if second else 0) + GAP


def _cash(made: _Label, box: Box) -> int:
    """What the driver has to collect, framed."""
    cash = made.facts.cash_on_delivery
    if cash is None:
        return box.y
    words = f"{made.word('cash_on_delivery')} {money_text(cash, made.language)}"
    made.pieces.append(Frame(box, RULE))
    inner = Box(box.x + 3 * RULE, box.y + RULE, box.width - 6 * RULE, box.height - 2 * RULE)
    made.text(inner, words, (30, *SMALL), bold=True, middle=True)
    return box.y + box.height + GAP


def _contents(made: _Label, box: Box) -> None:
    """One line for each SKU, as many as fit; how many more there are is said."""
    lines = [
        " · ".join(filter(None, (f"{line.quantity} × {clean(line.sku)}", clean(line.name))))
        for line in made.facts.lines
    ]
    size = 22
    pitch = fit("가", width=100, height=100, sizes=(size,)).pitch
    rows = max(0, box.height // pitch)
    if not rows or not lines:
        return
    shown = lines if len(lines) <= rows else lines[: rows - 1]
    hidden = len(lines) - len(shown)
    if hidden:
        shown = [*shown, made.word("and_more" if shown else "items", count=hidden)]
    for number, line in enumerate(shown):
        made.text(Box(box.x, box.y + number * pitch, box.width, pitch), line, (size,))
