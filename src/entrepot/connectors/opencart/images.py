"""Pictures on their way into the shop: each is uploaded through the bridge under a name made of its content."""

import base64
import hashlib
from collections.abc import Sequence
from urllib.parse import unquote

import msgspec

from entrepot.connectors.contract import Making
from entrepot.connectors.opencart.errors import ImageRefused, ImageUnusable, RefusedByShop
from entrepot.connectors.opencart.session import ShopSession
from entrepot.connectors.pictures import PictureTrouble, picture_bytes, short
from entrepot.kernel.reasons import marked

KINDS = frozenset({"jpg", "png", "gif", "webp"})
ENVELOPE = 1024
"""Bytes of a request beside the picture's own."""


class _Kept(msgspec.Struct):
    path: str


class OpenCartImages:
    """The shop's image folder."""

    def __init__(self, session: ShopSession) -> None:
        self._session = session
        self._known: dict[str, str] = {}

    def placed(self, images: Sequence[str], making: Making) -> list[str]:
        """The places of these pictures below `image/`: those that lie there already, and the others uploaded.

        Raises:
            ImageUnusable: One cannot be fetched, is no JPEG, PNG, GIF or WebP, or is too large.
            ImageRefused: The shop did not take one. Those before it are kept in `making`.
        """
        return list(dict.fromkeys(self._own(image) or self._uploaded(image, making) for image in images))

    def _own(self, image: str) -> str:
        base = self._session.facts().image_base
        if base and image.startswith(base):
            return unquote(image.removeprefix(base))
        return "" if ":" in image or image.startswith("/") or ".." in image else image

    def _uploaded(self, image: str, making: Making) -> str:
        name = hashlib.sha256(image.encode()).hexdigest()[:32]
        if place := making.images.get(name) or self._known.get(name, ""):
            return place
        raw, ending = self._read(image)
        digest = hashlib.sha256(raw).hexdigest()[:40]
        path = f"catalog/entrepot/{digest[:2]}/{digest}.{ending}"
        try:
            answer = self._session.client.post("image", {"path": path, "content": base64.b64encode(raw).decode()})
        except RefusedByShop as refusal:
            raise ImageRefused(refusal.detail, image=short(image), reason=refusal.fields.get("reason", "")) from refusal
        place = self._session.decode(answer, _Kept, "image").path
        making.images[name] = self._known[name] = place
        making.keep(making)
        return place

    def _read(self, image: str) -> tuple[bytes, str]:
        most = (self._session.facts().max_body - ENVELOPE) * 3 // 4
        try:
            raw, ending = picture_bytes(image, most=most, around=self._session.surroundings)
        except PictureTrouble as trouble:
            raise ImageUnusable(str(trouble.__cause__ or ""), image=short(image), reason=trouble.reason) from trouble
        if ending not in KINDS:
            raise ImageUnusable(image=short(image), reason=marked("It is no JPEG, PNG, GIF or WebP."))
        return raw, ending
