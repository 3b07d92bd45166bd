"""Images for the mall: fetched from where they are, looked at, and written as Cafe24 takes them (base64)."""

import base64
from collections.abc import Sequence
from urllib.parse import urlsplit

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.errors import ImageUnusable
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.pictures import MEGABYTE, PictureTrouble, picture_bytes, short
from entrepot.kernel.reasons import marked

MOST_BYTES = 10 * MEGABYTE
MOST_BYTES_BESIDE = 5 * MEGABYTE
MOST_BYTES_A_CALL = 22 * MEGABYTE
"""30 MB of base64."""
MOST_BESIDE = 20


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
            raise ImageUnusable(image=images[0], reason=marked("All images together are larger than Cafe24 takes."))
        return [base64.b64encode(raw).decode() for raw in found]

    def _own_path(self, image: str) -> str:
        parts = urlsplit(image)
        host = parts.hostname or ""
        is_own = host == f"{self._session.client.mall_id}.cafe24.com" or (not host and image.startswith("/web/"))
        return parts.path if is_own and parts.path.startswith("/web/") else ""

    def _bytes(self, image: str, most: int) -> bytes:
        try:
            return picture_bytes(image, most=most, around=self._session.surroundings)[0]
        except PictureTrouble as trouble:
            raise ImageUnusable(str(trouble.__cause__ or ""), image=short(image), reason=trouble.reason) from trouble
