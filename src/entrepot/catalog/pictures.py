"""Pictures kept here: what makes a file one, and the address by which products name it."""

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from PIL import Image

from entrepot.catalog.errors import (
    PictureCarriesMore,
    PictureNotFound,
    PictureTooLarge,
    PictureTooManyPixels,
    PictureUnreadable,
)
from entrepot.catalog.models import Picture

MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = 10 * MEGABYTE
MOST_MEGAPIXELS: Final = 50
LONGEST_ADDRESS: Final = 1000
ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
WEB: Final = ("http://", "https://")

_BEGINNINGS: Final = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", "JPEG"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", "PNG"),
    (re.compile(rb"GIF8[79]a"), "image/gif", "GIF"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp", "WEBP"),
)
_PAGE: Final = re.compile(rb"<script|<\?php|<html|<!doctype|<iframe|<body", re.IGNORECASE)
_ARCHIVE: Final = b"PK\x05\x06"
_DOCUMENT: Final = b"%PDF-"
_REACH_OF_ARCHIVE: Final = 66_000
_KEPT: Final = re.compile(r"/pictures/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?:jpg|png|gif|webp)")
_NOT_DECODED: Final = (
    OSError, ValueError, TypeError, SyntaxError, EOFError, LookupError, OverflowError, RuntimeError,
    struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises for files that are not what they say."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a file's content says it is."""

    content_type: str
    width: int
    height: int


def look(content: bytes) -> Look:
    """See by its bytes which picture this is. Its name and what the sender calls it say nothing.

    Raises:
        PictureTooLarge, PictureTooManyPixels: It has more than 10 MB, or more than 50 million pixels.
        PictureUnreadable: It is no JPEG, PNG, GIF or WebP, or cannot be decoded.
        PictureCarriesMore: It is a picture and something else besides: a page, an archive, a document.
    """
    if len(content) > MOST_BYTES:
        raise PictureTooLarge(most=MOST_BYTES // MEGABYTE)
    kinds = [(content_type, name) for begins, content_type, name in _BEGINNINGS if begins.match(content)]
    if not kinds:
        raise PictureUnreadable
    content_type, name = kinds[0]
    width, height = _decoded(content, name)
    _check_alone(content, content_type)
    return Look(content_type, width, height)


def _decoded(content: bytes, name: str) -> tuple[int, int]:
    """Width and height of what can be decoded to its last row. The size is looked at before anything is unpacked."""
    try:
        with Image.open(BytesIO(content), formats=[name]) as image:
            width, height = image.size
            if width * height <= MOST_MEGAPIXELS * 1_000_000:
                image.draft(None, (width // 8, height // 8))  # a JPEG is unpacked to an eighth: less memory
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooManyPixels(str(error), most=MOST_MEGAPIXELS) from error
    except _NOT_DECODED as error:
        raise PictureUnreadable(str(error)) from error
    if width * height > MOST_MEGAPIXELS * 1_000_000:
        raise PictureTooManyPixels(f"{width} × {height}", most=MOST_MEGAPIXELS)
    return width, height


def _check_alone(content: bytes, content_type: str) -> None:
    """Whoever opens the file as something else than a picture finds nothing.

    Raises:
        PictureCarriesMore: There is a page, an archive or a document in it, or something behind its end.
    """
    document = _DOCUMENT in content[:1024] or _ARCHIVE in content[-_REACH_OF_ARCHIVE:]
    if document or _PAGE.search(content) or content[_end(content, content_type) :].strip(b"\x00"):
        raise PictureCarriesMore


def _end(content: bytes, content_type: str) -> int:
    """Where the picture ends, as far as its form says so. Telephones write a film behind a JPEG."""
    match content_type:
        case "image/png":
            place, kind = 8, b""
            while kind != b"IEND" and place + 12 <= len(content):
                length, kind = struct.unpack_from(">I4s", content, place)
                place += 12 + length
            return place
        case "image/webp":
            told = int.from_bytes(content[4:8], "little")
            return 8 + told + told % 2
        case "image/gif":
            return content.rfind(b";") + 1
        case _:
            return len(content)


def address_of(picture: Picture) -> str:
    """How products, listings and files name a kept picture."""
    return f"/pictures/{picture.public_id}.{ENDINGS[picture.content_type]}"


def kept_id(address: str) -> UUID | None:
    """Which kept picture an address names; None = it lies somewhere else."""
    found = _KEPT.fullmatch(address)
    return UUID(found[1]) if found else None


def is_image_address(text: str) -> bool:
    """Whether a picture may be named so: by an address on the web, or as one that is kept here."""
    if kept_id(text) is not None:
        return True
    if not text.startswith(WEB) or len(text) > LONGEST_ADDRESS or any(sign.isspace() for sign in text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def picture(*, seller_id: int, public_id: UUID) -> Picture:
    """A kept picture, without its content until that is asked for.

    Raises:
        PictureNotFound: This seller has none of this name.
    """
    found = Picture.objects.filter(seller_id=seller_id, public_id=public_id).defer("content").first()
    if found is None:
        raise PictureNotFound
    return found


def content_of(*, seller_id: int, address: str) -> bytes:
    """The bytes of a kept picture; b"" = this seller keeps none at this address."""
    public_id = kept_id(address)
    if public_id is None:
        return b""
    rows = Picture.objects.filter(seller_id=seller_id, public_id=public_id)
    return bytes(rows.values_list("content", flat=True).first() or b"")


def not_kept(*, seller_id: int, addresses: list[str]) -> list[str]:
    """Those that name a kept picture this seller does not have (any more), in one question."""
    wanted = {address: public_id for address in addresses if (public_id := kept_id(address)) is not None}
    if not wanted:
        return []
    rows = Picture.objects.filter(seller_id=seller_id, public_id__in=wanted.values())
    there = set(rows.values_list("public_id", flat=True))
    return [address for address, public_id in wanted.items() if public_id not in there]
