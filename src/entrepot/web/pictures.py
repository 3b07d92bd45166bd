"""Pictures that come with a form: kept at once, so that a form which is wrong elsewhere loses none of them."""

from collections.abc import Sequence
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from entrepot.catalog.errors import PictureTooLarge
from entrepot.catalog.pictures import MEGABYTE, MOST_BYTES
from entrepot.catalog.services.pictures import keep_picture
from entrepot.kernel.errors import EntrepotError
from entrepot.web.desk import DeskRequest
from entrepot.web.wording.words import sentence

FIELD: Final = "pictures"


def posted(
    request: DeskRequest, *, prefix: str = "", main: str = "", one: bool = False
) -> tuple[QueryDict | None, Sequence[str]]:
    """What was posted, with the addresses of its files in the fields they belong to; and why files were refused.

    They stand behind the lines of `images`; the first goes to the field `main` where that is there and empty. `one`:
    there is only `main`, and a file takes its place. None = nothing was posted.
    """
    if request.method != "POST":
        return None, ()
    start = f"{prefix}-" if prefix else ""
    files = request.FILES.getlist(f"{start}{FIELD}")
    if not files:
        return request.POST, ()
    kept, refused = [], []
    for file in files:
        try:
            kept.append(_kept(request, file))
        except EntrepotError as error:
            refused.append(f"{file.name}: {sentence(error)}")
    data = request.POST.copy()
    if one:
        data[f"{start}{main}"] = kept[-1] if kept else data.get(f"{start}{main}", "")
        return data, refused
    if main and kept and not data.get(f"{start}{main}", "").strip():
        data[f"{start}{main}"] = kept.pop(0)
    lines = [line.strip() for line in data.get(f"{start}images", "").splitlines() if line.strip()]
    there = {*lines, data.get(f"{start}{main}", "")}
    data[f"{start}images"] = "\n".join([*lines, *(one for one in dict.fromkeys(kept) if one not in there)])
    return data, refused


def _kept(request: DeskRequest, file: "UploadedFile[bytes]") -> str:
    if file.size is None or file.size > MOST_BYTES:
        raise PictureTooLarge(most=MOST_BYTES // MEGABYTE)
    return keep_picture(seller_id=request.desk.seller_id, content=file.read(), actor=request.desk.actor)
