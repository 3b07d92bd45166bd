"""Questions about uploads."""

from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.channels.models import Store
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark
from entrepot.sheets.errors import FileGone, UploadNotFound
from entrepot.sheets.models import Upload, UploadFile, UploadRow


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the present phase is."""

    done: int
    total: int | None
    rate: float | None
    seconds_left: float | None


def uploads(
    *,
    seller_id: int,
    store_ids: Sequence[int] | None = None,
    kind: str = "",
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Upload]:
    """Uploads, newest first; `store_ids` leaves out those of other stores."""
    rows = Upload.objects.filter(seller_id=seller_id).select_related("store__sales_channel")
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids) | rows.filter(store=None)
    if kind:
        rows = rows.filter(kind=kind)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def upload(*, seller_id: int, upload_id: int, store_ids: Sequence[int] | None = None) -> Upload:
    """One upload.

    Raises:
        UploadNotFound: There is none, it is another seller's, or the person may not see its store.
    """
    rows = Upload.objects.filter(seller_id=seller_id, pk=upload_id).select_related("store__sales_channel", "undoes")
    found = rows.first()
    hidden = found is not None and store_ids is not None and found.store_id not in {None, *store_ids}
    if found is None or hidden:
        raise UploadNotFound(upload_id=upload_id)
    return found


def file_of(*, seller_id: int, upload: Upload, role: str) -> UploadFile:
    """The file that came (`source`) or goes back (`result`).

    Raises:
        FileGone: It is not kept, or not made yet.
    """
    found = UploadFile.objects.filter(upload=upload, upload__seller_id=seller_id, role=role).first()
    if found is None:
        raise FileGone(upload_id=upload.pk)
    return found


def roles_of(*, seller_id: int, upload: Upload) -> set[str]:
    """Which files of an upload are kept."""
    rows = UploadFile.objects.filter(upload=upload, upload__seller_id=seller_id)
    return set(rows.values_list("role", flat=True))


def rows(*, seller_id: int, upload: Upload, state: str, after: str = "", limit: int = PAGE_SIZE) -> Page[UploadRow]:
    """Rows of an upload in one state, in the order of the file."""
    found = UploadRow.objects.filter(upload=upload, upload__seller_id=seller_id, state=state)
    if key := read_bookmark(after, int):
        found = found.filter(number__gt=key[0])
    return page_of(found.order_by("number"), limit=limit, key=lambda row: (row.number,))


def worst(*, seller_id: int, upload: Upload, limit: int = 10) -> Sequence[UploadRow]:
    """The rows that change most, those that touch a guard rail first."""
    found = UploadRow.objects.filter(upload=upload, upload__seller_id=seller_id, state="good", weight__gt=0)
    alarmed = list(found.exclude(alarm="").order_by("-weight", "number")[:limit])
    calm = list(found.filter(alarm="").order_by("-weight", "number")[: limit - len(alarmed)])
    return [*alarmed, *calm]


def progress(upload: Upload) -> Progress:
    """How fast it goes; no query."""
    if upload.phase_started_at is None or upload.progressed_at is None or not upload.done:
        return Progress(upload.done, upload.total, None, None)
    elapsed = (upload.progressed_at - upload.phase_started_at).total_seconds()
    rate = upload.done / elapsed if elapsed > 0 else None
    left = None if rate is None or upload.total is None else max(upload.total - upload.done, 0) / rate
    return Progress(upload.done, upload.total, rate, left)


def stores_for(*, seller_id: int, store_ids: Sequence[int] | None = None) -> Sequence[Store]:
    """Stores that a file can be for: those with an interface that are not disconnected."""
    found = Store.objects.filter(seller_id=seller_id).exclude(state="disconnected").exclude(connector="offline")
    if store_ids is not None:
        found = found.filter(pk__in=store_ids)
    return list(found.select_related("sales_channel").order_by("sales_channel__name"))
