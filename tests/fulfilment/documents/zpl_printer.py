"""A small label printer: reads the ZPL we write, as the manual says it, and gives the picture that would come out.

It knows nothing of how the ZPL was made. `overprinted` counts dots that two fields have blackened.
"""

import re
from dataclasses import dataclass, field

import segno
from PIL import Image, ImageChops

from entrepot.fulfilment.documents.code128 import Code128

FIELD = re.compile(r"\^FO(\d+),(\d+)(.*?)\^FS", re.DOTALL)
STARTS = {"9": 103, ":": 104, ";": 105}
MODES = {103: "A", 104: "B", 105: "C"}


@dataclass
class Printed:
    picture: Image.Image
    fields: list[str] = field(default_factory=list)
    overprinted: int = 0


def values_of_field(words: str) -> tuple[int, ...]:
    """The symbol values that ^BC makes of its ^FD: `>` invokes, sets A and C are written in pairs of digits."""
    assert words[0] == ">"
    found = [STARTS[words[1]]]
    mode = back = MODES[found[0]]
    at = 2
    while at < len(words):
        if words[at] == ">":
            value = {"0": 30, "<": 62, "=": 94}.get(words[at + 1])
            value = int(words[at + 1]) + 94 if value is None else value
            at += 2
        elif mode == "B":
            value = ord(words[at]) - 32
            at += 1
        else:
            value = int(words[at : at + 2])
            at += 2
        found.append(value)
        mode = back
        if value >= 98:
            if value == 98 and mode in "AB":
                mode = "B" if mode == "A" else "A"
            elif value in (99, 100, 101):
                mode = back = {99: "C", 100: "B", 101: "A"}[value]
    return tuple(found)


def printed(zpl: str, *, width: int = 800, height: int = 1200) -> list[Printed]:
    """Every label of a file."""
    labels = re.findall(r"\^XA(.*?)\^XZ", zpl, re.DOTALL)
    assert re.sub(r"\^XA.*?\^XZ\n", "", zpl, flags=re.DOTALL) == ""
    return [_label(label, width, height) for label in labels]


def _label(words: str, width: int, height: int) -> Printed:
    assert f"^PW{width}^LL{height}" in words
    assert "^CI28" in words
    out = Printed(Image.new("1", (width, height)))
    rest = FIELD.sub("", words).strip()
    assert rest == f"^CI28^PW{width}^LL{height}^LH0,0"
    for x, y, commands in FIELD.findall(words):
        one = _field(commands, out)
        assert int(x) + one.width <= width, f"{commands[:60]} leaves the label at the right"
        assert int(y) + one.height <= height, f"{commands[:60]} leaves the label below"
        layer = Image.new("1", (width, height))
        layer.paste(one, (int(x), int(y)))
        out.overprinted += ImageChops.logical_and(out.picture, layer).histogram()[-1]
        out.picture = ImageChops.logical_or(out.picture, layer)
    return out


def _field(commands: str, out: Printed) -> Image.Image:
    if box := re.fullmatch(r"\^GB(\d+),(\d+),(\d+)", commands):
        return _box(*map(int, box.groups()))
    if graphic := re.fullmatch(r"\^GFA,(\d+),(\d+),(\d+),([0-9A-F]+)", commands):
        length, total, step = map(int, graphic.groups()[:3])
        data = bytes.fromhex(graphic[4])
        assert length == total == len(data)
        return Image.frombytes("1", (step * 8, len(data) // step), data)
    if bars := re.fullmatch(r"\^BY(\d+)\^BCN,(\d+),N,N,N\^FD(.+)", commands):
        out.fields.append(bars[3])
        return _bars(values_of_field(bars[3]), int(bars[1]), int(bars[2]))
    square = re.fullmatch(r"\^BQN,2,(\d+)\^FH_\^FDMA,(.+)", commands)
    assert square, f"an unknown field: {commands[:80]}"
    text = re.sub("_([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), square[2])
    out.fields.append(text)
    return _square(text, int(square[1]))


def _box(width: int, height: int, thick: int) -> Image.Image:
    one = Image.new("1", (width, height), 1)
    if thick * 2 < min(width, height):
        one.paste(0, (thick, thick, width - thick, height - thick))
    return one


def _bars(values: tuple[int, ...], module: int, height: int) -> Image.Image:
    symbol = Code128("", values)
    one = Image.new("1", (symbol.modules * module, height))
    for at, width in symbol.bars():
        one.paste(1, (at * module, 0, (at + width) * module, height))
    return one


def _square(text: str, module: int) -> Image.Image:
    rows = segno.make_qr(text, error="m", boost_error=False).matrix
    one = Image.new("1", (len(rows), len(rows)))
    one.putdata([int(dot) for row in rows for dot in row])
    return one.resize((len(rows) * module,) * 2, Image.Resampling.NEAREST)
