"""Pictures over the API: a file in, an address out."""

from typing import Final

from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from entrepot.api.door import CalledRequest, needs
from entrepot.api.words import REFUSALS
from entrepot.catalog.pictures import ENDINGS, MOST_BYTES
from entrepot.catalog.services.pictures import keep_picture

router = Router()
_BARE: Final = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ENDINGS}


class PictureOut(Schema):
    """`address`: how products, listings and files name the picture from now on."""

    address: str


@router.post("/pictures", response={201: PictureOut, **REFUSALS}, openapi_extra={"requestBody": {"content": _BARE}})
@needs("catalog.edit")
def add_picture(request: CalledRequest, file: File[UploadedFile | None] = None) -> Status[dict[str, str]]:
    """Keep a JPEG, PNG, GIF or WebP of at most 10 MB: as multipart (`file`), or as the bare body.

    The same file twice is one picture. Stores get its bytes; nobody else can open the address.
    """
    content = request.read(MOST_BYTES + 1) if file is None else file.read(MOST_BYTES + 1)
    address = keep_picture(seller_id=request.auth.seller_id, content=content, actor=request.auth.actor)
    return Status(201, {"address": address})
