"""Files of many changes over the API: upload, watch, look, apply, fetch the result."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from entrepot.api.door import CalledRequest, ScopeMissing, needs
from entrepot.api.words import REFUSALS, Listed
from entrepot.channels.errors import StoreNotFound
from entrepot.channels.models import Store
from entrepot.kernel.page import Page
from entrepot.sheets import queries, services, words
from entrepot.sheets.errors import StoreNeeded
from entrepot.sheets.kinds import kind_of
from entrepot.sheets.kinds.kind import Kind
from entrepot.sheets.models import Upload, UploadRow
from entrepot.sheets.templates import made_template

router = Router()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE = {"responses": {200: {"description": "The file", "content": {"*/*": {"schema": {"type": "string"}}}}}}
KindCode = Literal["products-new", "products", "kits", "listings", "prices", "stock"]


class UploadOut(Schema):
    """A file: `done` of `total` rows are checked or applied; `counts` by state: good, same, bad, done."""

    id: int
    kind: str
    store: int | None = Field(alias="store_id")
    undoes: int | None = Field(alias="undoes_id")
    state: str
    name: str
    done: int
    total: int | None
    counts: dict[str, Any]
    alarms: list[dict[str, Any]]
    error_code: str
    error: str
    created_at: datetime
    ended_at: datetime | None

    @staticmethod
    def resolve_error(upload: Upload) -> str:
        """Why it could not be used, in the caller's language."""
        return words.trouble(upload)


class RowOut(Schema):
    """A row of a file: what it asks for, what stood there, and what is wrong with it."""

    number: int
    state: str
    values: dict[str, Any]
    before: dict[str, Any]
    alarm: str
    wrong: str


class UploadIn(Schema):
    """`apply`: apply good rows at once where no guard rail stops them. `reason`: for stock, what the ledger keeps."""

    kind: KindCode
    store_id: int | None = Field(default=None, ge=1, lt=2**63)
    apply: bool = False
    reason: str = Field(default="", max_length=300)


class ApplyIn(Schema):
    """`approved`: what the guard rails stopped is meant."""

    approved: bool = False


def _allowed(request: CalledRequest, kind: Kind) -> None:
    if kind.needs not in request.auth.scopes:
        raise ScopeMissing(scope=kind.needs)


def _found(request: CalledRequest, upload_id: int) -> Upload:
    return queries.upload(seller_id=request.auth.seller_id, upload_id=upload_id)


@router.get("/template/{kind}", response=REFUSALS, openapi_extra=FILE)
@needs("catalog.view")
def get_template(
    request: CalledRequest, kind: KindCode, store_id: int | None = None, *, filled: bool = False
) -> HttpResponse:
    """The workbook to fill, in the language of `Accept-Language`; `filled`: with what stands now."""
    found = kind_of(kind)
    _allowed(request, found)
    content, name = made_template(
        seller_id=request.auth.seller_id,
        kind=found,
        store=_store(request, found, store_id),
        filled=filled,
        actor=request.auth.actor,
    )
    answer = HttpResponse(content.read(), content_type=XLSX)
    content.close()
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _store(request: CalledRequest, kind: Kind, store_id: int | None) -> Store | None:
    if store_id is None:
        if kind.needs_store:
            raise StoreNeeded(field="store_id", reason="")
        return None
    stores = queries.stores_for(seller_id=request.auth.seller_id)
    store = next((one for one in stores if one.pk == store_id), None)
    if store is None:
        raise StoreNotFound(store_id=store_id)
    return store


@router.post("", response={202: UploadOut, **REFUSALS})
@needs("catalog.view")
def upload_file(request: CalledRequest, facts: Form[UploadIn], file: File[UploadedFile]) -> Status[Upload]:
    """Take a file (multipart: `file`, `kind`, `store_id`) to be checked. Ask for it again to see how far it is."""
    kind = kind_of(facts.kind)
    _allowed(request, kind)
    more: dict[str, Any] = {"apply": facts.apply} | ({"reason": facts.reason} if facts.reason else {})
    upload = services.take_upload(
        seller_id=request.auth.seller_id,
        kind=kind.code,
        name=file.name or "file",
        content=file.read(),
        actor=request.auth.actor,
        store_id=facts.store_id,
        facts=more,
    )
    return Status(202, upload)


@router.get("", response={200: Listed[UploadOut], **REFUSALS})
@needs("catalog.view")
def list_uploads(request: CalledRequest, after: str = "") -> Page[Upload]:
    """Files so far, newest first."""
    return queries.uploads(seller_id=request.auth.seller_id, after=after)


@router.get("/{int:upload_id}", response={200: UploadOut, **REFUSALS})
@needs("catalog.view")
def get_upload(request: CalledRequest, upload_id: int) -> Upload:
    """One file: how far it is, and what was found."""
    return _found(request, upload_id)


@router.get("/{int:upload_id}/rows", response={200: Listed[RowOut], **REFUSALS})
@needs("catalog.view")
def list_rows(
    request: CalledRequest, upload_id: int, state: Literal["bad", "good", "same", "done"] = "bad", after: str = ""
) -> Page[UploadRow]:
    """Rows in one state, in the order of the file."""
    upload = _found(request, upload_id)
    page = queries.rows(seller_id=request.auth.seller_id, upload=upload, state=state, after=after)
    kind = kind_of(upload.kind)
    for row in page.rows:
        row.wrong = words.wrong(kind, row.errors)  # type: ignore[attr-defined] # for the answer only
    return page


@router.post("/{int:upload_id}/apply", response={200: UploadOut, **REFUSALS})
@needs("catalog.view")
def apply_upload(request: CalledRequest, upload_id: int, facts: ApplyIn | None = None) -> Upload:
    """Apply the good rows in the background."""
    upload = _found(request, upload_id)
    _allowed(request, kind_of(upload.kind))
    return services.apply_upload(
        seller_id=request.auth.seller_id,
        upload_id=upload.pk,
        actor=request.auth.actor,
        approved=bool(facts and facts.approved),
    )


@router.post("/{int:upload_id}/cancel", response={200: UploadOut, **REFUSALS})
@needs("catalog.view")
def cancel_upload(request: CalledRequest, upload_id: int) -> Upload:
    """Stop it; what is applied already stays."""
    upload = _found(request, upload_id)
    _allowed(request, kind_of(upload.kind))
    return services.cancel_upload(seller_id=request.auth.seller_id, upload_id=upload.pk, actor=request.auth.actor)


@router.post("/{int:upload_id}/undo", response={200: UploadOut, **REFUSALS})
@needs("catalog.view")
def undo_upload(request: CalledRequest, upload_id: int) -> Upload:
    """Plan the way back, as an upload of its own to look at and apply."""
    upload = _found(request, upload_id)
    _allowed(request, kind_of(upload.kind))
    return services.take_back(seller_id=request.auth.seller_id, upload_id=upload.pk, actor=request.auth.actor)


@router.get("/{int:upload_id}/result", response=REFUSALS, openapi_extra=FILE)
@needs("catalog.view")
def get_result(request: CalledRequest, upload_id: int) -> HttpResponse:
    """The workbook with what is to be corrected and what became of every row."""
    upload = _found(request, upload_id)
    _allowed(request, kind_of(upload.kind))
    kept = queries.file_of(seller_id=request.auth.seller_id, upload=upload, role="result")
    answer = HttpResponse(bytes(kept.content), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="upload-{upload.pk}-result.xlsx"'
    return answer
