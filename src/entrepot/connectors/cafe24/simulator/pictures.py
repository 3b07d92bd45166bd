"""A picture for every image address, so that screens have something to show."""

import zlib
from pathlib import PurePosixPath
from urllib.parse import unquote


def picture(path: str) -> bytes:
    """An SVG with the file's name on a colour of its own."""
    name = PurePosixPath(unquote(path.partition("?")[0])).stem
    hue = zlib.crc32(name.encode()) % 360
    safe = "".join(letter for letter in name if letter.isalnum() or letter in "-_ ")[:18]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
        f'<rect width="400" height="400" fill="hsl({hue} 45% 82%)"/>'
        f'<circle cx="200" cy="170" r="90" fill="hsl({hue} 45% 62%)"/>'
        f'<text x="200" y="330" text-anchor="middle" font-family="sans-serif" font-size="30" '
        f'fill="hsl({hue} 45% 25%)">{safe}</text></svg>'
    ).encode()
