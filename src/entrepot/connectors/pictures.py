"""Pictures of products on their way to a store: fetched from where they are, looked at, measured."""

import base64
import binascii
import struct
import zlib
from urllib.parse import unquote, urljoin, urlsplit

from entrepot.connectors.contract import Surroundings
from entrepot.connectors.http import HttpAnswer, HttpClient, HttpRequest
from entrepot.kernel.addresses import addresses_of, is_public
from entrepot.kernel.errors import ChannelError
from entrepot.kernel.reasons import marked

ENDINGS = {
    b"\xff\xd8\xff": "jpg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"RIFF": "webp",
    b"BM": "bmp",
    b"<svg": "svg",
    b"<?xml": "svg",
}
KEPT = "/pictures/"
"""So begins the address of a picture that the books keep."""
MEGABYTE = 1024 * 1024
_REDIRECTS = 3
_TOO_LARGE = marked("It is larger than {megabytes} MB.")
_NOT_GIVEN_OUT = marked("Its host does not give it out (answer {status}).")
_WANTED = "image/jpeg, image/png, image/gif, image/webp"


class PictureTrouble(Exception):
    """A picture cannot be had or used; `reason` is a sentence for the person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def picture_bytes(image: str, *, most: int, around: Surroundings) -> tuple[bytes, str]:
    """The picture at an address, in a `data:` text or kept by the books, and the ending that fits its content.

    It has at most `most` bytes.

    Raises:
        PictureTrouble: It cannot be fetched, is no picture, or is too large.
    """
    if image.startswith(KEPT):
        raw = _kept(image, around)
    elif image.startswith("data:"):
        raw = _from_text(image)
    elif image.startswith(("http://", "https://")):
        raw = _fetched(image, most, around)
    else:
        raise PictureTrouble(marked("It is no address of an image (https://…)."))
    ending = next((name for beginning, name in ENDINGS.items() if raw.startswith(beginning)), "")
    if not ending or (ending == "webp" and raw[8:12] != b"WEBP"):
        raise PictureTrouble(marked("It is no image."))
    if len(raw) > most:
        raise PictureTrouble(_TOO_LARGE.format(megabytes=f"{most / MEGABYTE:.3g}"))
    return raw, ending


def short(image: str) -> str:
    """An address as a sentence can hold it."""
    return image if len(image) <= 120 else f"{image[:117]}…"


def square(name: str) -> bytes:
    """A PNG of one colour, the same for the same name: what a simulator has for a picture."""
    colour = zlib.crc32(name.encode()).to_bytes(4, "big")[:3]
    rows = b"".join(b"\x00" + colour * 64 for _ in range(64))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def drawn(accept: str) -> bool:
    """Whether who asks for a picture with this `Accept` header takes a drawing (SVG)."""
    return "svg" in accept or "*/*" in accept or not accept


def _kept(image: str, around: Surroundings) -> bytes:
    raw = around.kept_picture(image)
    if not raw:
        raise PictureTrouble(marked("It is not kept here (any more)."))
    return raw


def _fetched(image: str, most: int, around: Surroundings) -> bytes:
    """The bytes at an address. The store's limit and journal have no part in it."""
    http = HttpClient(Surroundings(timeout_seconds=around.timeout_seconds), max_answer_bytes=most)
    address = image
    try:
        for _ in range(_REDIRECTS):
            if not around.private_targets:
                _check_public(address)
            answer = _at(http, address)
            if not 300 <= answer.status < 400:
                break
            address = urljoin(address, answer.headers.get("location", ""))
    except ChannelError as trouble:
        raise PictureTrouble(trouble.message.format(**trouble.fields)) from trouble
    finally:
        http.close()
    if answer.status != 200:
        raise PictureTrouble(_NOT_GIVEN_OUT.format(status=answer.status))
    return answer.body


def _check_public(address: str) -> None:
    """Nobody may have Entrepot look around in the network it stands in, neither by an address nor by a redirect.

    Raises:
        PictureTrouble: The host is unknown, or one of its addresses lies in a private network.
    """
    parts = urlsplit(address)
    try:
        found = addresses_of(parts.hostname or "", parts.port or 443)
    except (OSError, ValueError) as failure:
        raise PictureTrouble(marked("Its host is unknown.")) from failure
    if not all(is_public(one) for one in found):
        raise PictureTrouble(marked("Its host lies inside a private network, from where no image is fetched."))


def _at(http: HttpClient, address: str) -> HttpAnswer:
    request = HttpRequest(method="GET", url=address, headers={"Accept": _WANTED})
    return http.exchange(lambda: request, lambda answer: answer, repeatable=True)


def _from_text(image: str) -> bytes:
    """The bytes of a `data:` address."""
    head, _, body = image.partition(",")
    try:
        return base64.b64decode(unquote(body), validate=True) if head.endswith(";base64") else b""
    except (binascii.Error, ValueError):
        return b""
