"""Pictures: uploaded as base64, kept as a path of the mall (reference §4.4)."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, created, needs, ok, unprocessable
from entrepot.connectors.cafe24.simulator.catalogue import rows, shelf
from entrepot.connectors.cafe24.simulator.catalogue.fields import IMAGES
from entrepot.connectors.cafe24.simulator.catalogue.reading import find_product
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

MOST_IMAGES = 20
MEGABYTE = 1024 * 1024
LARGEST, LARGEST_EXTRA, LARGEST_CALL = 10 * MEGABYTE, 5 * MEGABYTE, 30 * MEGABYTE
_FOLDERS = dict(zip(IMAGES, ("big", "medium", "tiny", "small"), strict=True))
_MONTH = "202511"
_KINDS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"RIFF": "webp"}


def upload(mall: "Mall", ask: Ask) -> Answer:
    """POST /products/images: up to 20 pictures for descriptions, 10 MB each, 30 MB a call."""
    requests = ask.requests(MOST_IMAGES)
    total, paths = 0, []
    for row in requests:
        needs(row, "image")
        name, size = _file(row["image"], "image", LARGEST)
        total += size
        paths.append({"path": f"{mall.url}/web/upload/NNEditor/{mall.clock.now():%Y%m%d}/{name}"})
    if total > LARGEST_CALL:
        raise unprocessable("Up to 30 MB can be uploaded at once.", "image")
    return created({"images": paths})


def set_images(mall: "Mall", ask: Ask) -> Answer:
    """POST /products/{product_no}/images: the product's four pictures, all from one (A) or each its own (B)."""
    product, request = find_product(mall, ask), ask.request
    needs(request, "image_upload_type")
    pictures = of_product(request)
    if not pictures:
        raise unprocessable("This field is required.", "detail_image")
    shelf.write(mall, product, pictures)
    shown = {name: rows.address(mall, product.row[name]) for name in IMAGES}
    return created({"image": {"shop_no": ask.shop_no, "product_no": product.product_no, **shown}})


def drop_images(mall: "Mall", ask: Ask) -> Answer:
    """DELETE /products/{product_no}/images."""
    product = find_product(mall, ask)
    shelf.write(mall, product, dict.fromkeys(IMAGES))
    return ok({"image": {"shop_no": ask.shop_no, "product_no": product.product_no}})


def add_extra(mall: "Mall", ask: Ask) -> Answer:
    """POST /products/{product_no}/additionalimages: more of them, up to 20."""
    product, request = find_product(mall, ask), ask.request
    needs(request, "additional_image")
    paths = [*product.additional_images, *extra_of(request)]
    if len(paths) > MOST_IMAGES:
        raise unprocessable(f"Up to {MOST_IMAGES} additional images can be kept.", "additional_image")
    product.additional_images = paths
    shelf.touch(mall, product)
    return created(_extra_body(mall, ask))


def replace_extra(mall: "Mall", ask: Ask) -> Answer:
    """PUT /products/{product_no}/additionalimages: these instead of all before."""
    product, request = find_product(mall, ask), ask.request
    needs(request, "additional_image")
    product.additional_images = extra_of(request)
    shelf.touch(mall, product)
    return ok(_extra_body(mall, ask))


def drop_extra(mall: "Mall", ask: Ask) -> Answer:
    """DELETE /products/{product_no}/additionalimages."""
    product = find_product(mall, ask)
    product.additional_images = []
    shelf.touch(mall, product)
    return ok({"additionalimage": {"shop_no": ask.shop_no, "product_no": product.product_no}})


def _extra_body(mall: "Mall", ask: Ask) -> Row:
    shown = rows.extra_images(mall, find_product(mall, ask))
    return {"additionalimage": {"shop_no": ask.shop_no, "additional_image": shown}}


def of_product(request: Mapping[str, Any]) -> Row:
    """The product's own pictures that a write sets, as paths.

    Raises:
        Refusal: 422, one is no picture.
    """
    kind = request.get("image_upload_type", "A")
    if kind not in {"A", "B", "C"}:
        raise unprocessable("Invalid value.", "image_upload_type")
    given = {name: request[name] for name in IMAGES if request.get(name)}
    if kind == "A":
        if "detail_image" not in given:
            return {}
        name = _named(given["detail_image"], "detail_image", LARGEST)
        return {key: f"/web/product/{folder}/{_MONTH}/{name}" for key, folder in _FOLDERS.items()}
    return {key: f"/web/product/{_FOLDERS[key]}/{_MONTH}/{_named(value, key, LARGEST)}" for key, value in given.items()}


def extra_of(request: Mapping[str, Any]) -> list[str]:
    """The additional pictures of a write, as paths.

    Raises:
        Refusal: 422, too many, or one is no picture.
    """
    given = request.get("additional_image") or []
    if not isinstance(given, list):
        raise unprocessable("Invalid value.", "additional_image")
    if len(given) > MOST_IMAGES:
        raise unprocessable(f"Up to {MOST_IMAGES} additional images can be kept.", "additional_image")
    names = [_named(value, "additional_image", LARGEST_EXTRA) for value in given]
    return [f"/web/product/extra/big/{_MONTH}/{name}" for name in names]


def _named(value: object, parameter: str, largest: int) -> str:
    """The file name a picture gets; one that was uploaded before is named by its path."""
    if isinstance(value, str) and (value.startswith("/web/") or "/web/" in value[:200]):
        return value.rpartition("/")[2]
    return _file(value, parameter, largest)[0]


def _file(value: object, parameter: str, largest: int) -> tuple[str, int]:
    if not isinstance(value, str):
        raise unprocessable("Invalid image.", parameter)
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise unprocessable("Invalid image. Send it as base64.", parameter) from None
    if not content:
        raise unprocessable("Invalid image.", parameter)
    if len(content) > largest:
        raise unprocessable(f"Up to {largest // MEGABYTE} MB can be uploaded for one image.", parameter)
    ending = next((kind for magic, kind in _KINDS.items() if content.startswith(magic)), "jpg")
    return f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}", len(content)


_ONE = "/products/{product_no:int}"
ROUTES: Sequence[Route] = (
    Route("POST", "/products/images", upload, "write_product"),
    Route("POST", f"{_ONE}/images", set_images, "write_product"),
    Route("DELETE", f"{_ONE}/images", drop_images, "write_product"),
    Route("POST", f"{_ONE}/additionalimages", add_extra, "write_product"),
    Route("PUT", f"{_ONE}/additionalimages", replace_extra, "write_product"),
    Route("DELETE", f"{_ONE}/additionalimages", drop_extra, "write_product"),
)
