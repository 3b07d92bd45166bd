"""What a label is drawn with, in dots of 1/8 mm from its upper left corner. Two pens draw it: typst and ZPL."""

from dataclasses import dataclass
from typing import NamedTuple

from entrepot.fulfilment.documents.code128 import Code128
from entrepot.fulfilment.documents.qr import Qr
from entrepot.fulfilment.documents.typeface import Weight

DOTS_PER_MM = 8
WIDTH, HEIGHT = 800, 1200
"""100 × 150 mm."""


class Box(NamedTuple):
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `box` holds all its ink; the base line is `ascent` below the box's top."""

    box: Box
    text: str
    size: int
    weight: Weight
    family: str
    ascent: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A black bar."""

    box: Box


@dataclass(frozen=True, slots=True)
class Frame:
    """The outline of a box, drawn inwards."""

    box: Box
    thick: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Code 128 without its quiet zones, which the box leaves white. `module`: dots of the narrowest bar."""

    box: Box
    symbol: Code128
    module: int


@dataclass(frozen=True, slots=True)
class Square:
    """A QR code without its quiet zone, which the box leaves white."""

    box: Box
    symbol: Qr
    module: int


Piece = Line | Rule | Frame | Bars | Square
