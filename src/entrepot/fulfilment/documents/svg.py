"""Barcodes as vector pictures: one path each, a module to a unit."""

from functools import lru_cache

from entrepot.fulfilment.documents.code128 import Code128
from entrepot.fulfilment.documents.qr import Qr


@lru_cache(maxsize=4096)
def bars_svg(symbol: Code128, *, quiet: int = 0) -> str:
    """Code 128, one unit high, to be stretched; `quiet` modules stay white on either side."""
    path = "".join(f"M{quiet + at} 0h{width}v1h-{width}z" for at, width in symbol.bars())
    return _svg(symbol.modules + 2 * quiet, 1, path)


@lru_cache(maxsize=4096)
def qr_svg(symbol: Qr) -> str:
    """A QR code without its quiet zone."""
    parts = []
    for number, row in enumerate(symbol.rows()):
        at = 0
        for run in row.replace("01", "0 1").replace("10", "1 0").split(" "):
            if run[0] == "1":
                parts.append(f"M{at} {number}h{len(run)}v1h-{len(run)}z")
            at += len(run)
    return _svg(symbol.modules, symbol.modules, "".join(parts))


def _svg(width: int, height: int, path: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        f'<path d="{path}"/></svg>'
    )
