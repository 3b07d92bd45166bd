"""Pictures and what a scanner sees on them."""

import io

import zxingcpp
from PIL import Image

from entrepot.fulfilment.documents.code128 import Code128


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("L")


def scanned(picture: Image.Image) -> list[tuple[str, str]]:
    """`(kind, text)` of every barcode, from top to bottom. Never made smaller: bars then melt into others."""
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain, try_downscale=False, try_rotate=False)
    found = sorted(found, key=lambda code: code.position.top_left.y)
    return [(code.format.name, code.text) for code in found]


def bars_picture(symbol: Code128, *, module: int = 2) -> Image.Image:
    """A barcode drawn dot by dot."""
    picture = Image.new("L", ((symbol.modules + 20) * module, 60), 255)
    for at, width in symbol.bars():
        picture.paste(0, ((at + 10) * module, 5, (at + 10 + width) * module, 55))
    return picture
