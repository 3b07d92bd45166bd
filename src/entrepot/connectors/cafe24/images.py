"""Images for the mall: fetched from where they are, looked at, and written as Cafe24 takes them (base64)."""

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import unquote, urljoin, urlsplit

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.errors import ImageUnusable
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.contract import Surroundings
from entrepot.connectors.http import HttpAnswer, HttpClient, HttpRequest
from entrepot.kernel.errors import ChannelError

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_BYTES_BESIDE = 5 * MEGABYTE
MOST_BYTES_A_CALL = 22 * MEGABYTE
"""30 MB of base64."""
MOST_BESIDE = 20
_REDIRECTS = 3
_KINDS = (b"<svg", b"<?xml", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"RIFF", b"BM")


class Cafe24Images:
    """Pictures of products."""

    def __init__(self, session: MallSession) -> None:
        self._session = session

    def uploaded(self, image: str) -> str:
        """The image as a path in the mall: uploaded, unless it is the mall's own already.

        Raises:
            ImageUnusable: It cannot be fetched, is no image, or is larger than 10 MB.
        """
        if own := self._own_path(image):
            return own
        raw = self._bytes(image, MOST_BYTES)
        answer = self._session.client.post("products/images", [{"image": base64.b64encode(raw).decode()}])
        found = answer.read(list[wire.UploadedImage], "images")
        if not found:
            raise self._session.client.shape_error("products/images", "$.images", "no path")
        return urlsplit(found[0].path).path or found[0].path

    def beside(self, images: Sequence[str]) -> list[str]:
        """Images in base64 for the places beside the main one; the 21st and later are left out.

        Raises:
            ImageUnusable: One cannot be fetched, is no image, or is larger than 5 MB; or all together are too large.
        """
        found = [self._bytes(image, MOST_BYTES_BESIDE) for image in images[:MOST_BESIDE]]
        if sum(map(len, found)) > MOST_BYTES_A_CALL:
            raise ImageUnusable(image=images[0], reason="All images together are larger than Cafe24 takes.")
        return [base64.b64encode(raw).decode() for raw in found]

    def _own_path(self, image: str) -> str:
        parts = urlsplit(image)
        host = parts.hostname or ""
        is_own = host == f"{self._session.client.mall_id}.cafe24.com" or (not host and image.startswith("/web/"))
        return parts.path if is_own and parts.path.startswith("/web/") else ""

    def _bytes(self, image: str, most: int) -> bytes:
        raw = _from_text(image) if image.startswith("data:") else self._fetched(image, most)
        if not raw.startswith(_KINDS):
            raise ImageUnusable(image=_short(image), reason="It is no image.")
        if len(raw) > most:
            raise ImageUnusable(image=_short(image), reason=f"It is larger than {most // MEGABYTE} MB.")
        return raw

    def _fetched(self, image: str, most: int) -> bytes:
        """The bytes at an address. The mall's limit and journal have no part in it."""
        seconds = self._session.surroundings.timeout_seconds
        http = HttpClient(Surroundings(timeout_seconds=seconds), max_answer_bytes=most)
        address = image
        try:
            for _ in range(_REDIRECTS):
                answer = _at(http, address)
                if not 300 <= answer.status < 400:
                    break
                address = urljoin(address, answer.headers.get("location", ""))
        except ChannelError as trouble:
            reason = trouble.message.format(**trouble.fields)
            raise ImageUnusable(str(trouble), image=_short(image), reason=reason) from trouble
        finally:
            http.close()
        if answer.status != 200:
            raise ImageUnusable(image=_short(image), reason=f"Its host answers HTTP {answer.status}.")
        return answer.body


def _at(http: HttpClient, address: str) -> HttpAnswer:
    request = HttpRequest(method="GET", url=address, headers={"Accept": "image/*"})
    return http.exchange(lambda: request, lambda answer: answer, repeatable=True)


def _from_text(image: str) -> bytes:
    """The bytes of a `data:` address."""
    head, _, body = image.partition(",")
    try:
        return base64.b64decode(unquote(body), validate=True) if head.endswith(";base64") else b""
    except (binascii.Error, ValueError):
        return b""


def _short(image: str) -> str:
    return image if len(image) <= 120 else f"{image[:117]}…"
