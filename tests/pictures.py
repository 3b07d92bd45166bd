"""Small pictures, and files that only say they are pictures."""

import struct
import zlib
from io import BytesIO

from PIL import Image

from entrepot.accounts.models import Seller
from entrepot.catalog.services.pictures import keep_picture
from entrepot.connectors.pictures import square
from tests.books import MINA


def kept(seller: Seller, content: bytes = b"") -> str:
    """The address of a picture of this seller."""
    return keep_picture(seller_id=seller.pk, content=content or png(), actor=MINA)


def png(name: str = "red") -> bytes:
    return square(name)


def drawn(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 20, 60)).save(out, kind)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def with_words(content: bytes, words: bytes) -> bytes:
    """A PNG with a text inside, as programs write them."""
    body = b"Comment\x00" + words
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", zlib.crc32(b"tEXt" + body))
    return content[:33] + chunk + content[33:]


WRONG = {
    "an empty file": (b"", "picture_unreadable"),
    "a text": (b"hello", "picture_unreadable"),
    "a drawing that may hold a script": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "picture_unreadable"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "picture_unreadable"),
    "a page that begins like a PNG": (b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>", "picture_unreadable"),
    "a page that begins like a GIF": (b"GIF89a/*<script>*/=1;", "picture_unreadable"),
    "a page that begins like a JPEG": (b"\xff\xd8\xff<html></html>", "picture_unreadable"),
    "a page behind the head of a PNG": (png()[:33] + b"<html><script>alert(1)</script>", "picture_unreadable"),
    "a PNG with most rows missing": (bomb(60, 60), "picture_unreadable"),
    "a JPEG cut off": (drawn("JPEG", (800, 600))[:-1000], "picture_unreadable"),
    "a bitmap": (drawn("BMP"), "picture_unreadable"),
    "a picture with a page behind it": (png() + b"<p>hello", "picture_carries_more"),
    "a picture with a script inside": (with_words(png(), b"<ScRipt>alert(1)</script>"), "picture_carries_more"),
    "a picture with a program inside": (with_words(png(), b"<?php system($_GET[0]);"), "picture_carries_more"),
    "a picture that is an archive": (drawn("JPEG") + b"PK\x05\x06" + b"\x00" * 18, "picture_carries_more"),
    "a picture that is a document": (with_words(png(), b"%PDF-1.7"), "picture_carries_more"),
    "a GIF with more behind it": (drawn("GIF") + b"hello", "picture_carries_more"),
    "a WebP with more behind it": (drawn("WEBP") + b"hello", "picture_carries_more"),
    "8,000 × 6,251 pixels": (bomb(8_000, 6_251), "picture_too_many_pixels"),
    "10,000 × 10,000 pixels": (bomb(10_000, 10_000), "picture_too_many_pixels"),
    "a thousand million pixels": (bomb(50_000, 20_000), "picture_too_many_pixels"),
    "more than 10 MB": (png() + b"\x00" * (10 * 1024 * 1024), "picture_too_large"),
}
"""What it is: the file, and the code of the refusal."""
