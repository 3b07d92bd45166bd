"""The worker's part: check a file row by row, apply its good rows, write the workbook that goes back.

Each chunk of 2,000 rows and how far it went are one transaction: SIGKILL at any moment costs the chunk in hand.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Literal, cast

import structlog
from django.db import transaction
from django.utils import timezone, translation

from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.models import Store
from entrepot.channels.services.importing.errand import analyze
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.sheets import headings, reading, staging
from entrepot.sheets.errors import FileGone, SheetEmpty
from entrepot.sheets.headings import Layout
from entrepot.sheets.kinds import kind_of
from entrepot.sheets.kinds.kind import Draft, Here, Kind
from entrepot.sheets.models import Upload, UploadFile, UploadRow
from entrepot.sheets.reading import Table
from entrepot.sheets.results import write_result
from entrepot.sheets.services.uploads import OPEN, begin_applying

MANY = 5_000
"""So many rows are worth fresh statistics after the first of them: until then the planner believes in empty tables."""
log = structlog.get_logger(__name__)
State = Upload.State


class Stopped(Exception):
    """Somebody canceled the upload; what was in hand is not written."""


def wake_uploads() -> int:  # house: verb-signature the clock does it
    """Wake every upload that is not through; harmless as often as you like."""
    open_ids = Upload.objects.filter(state__in=OPEN).values_list("pk", flat=True)  # house: seller the clock asks
    for upload_id in open_ids:
        engine.wake("work_upload", upload_id)
    return len(open_ids)


def owes_work(upload_id: int) -> bool:  # house: verb-signature asks, writes nothing
    """Whether an upload waits to be checked or applied."""
    return Upload.objects.filter(pk=upload_id, state__in=OPEN).exists()  # house: seller the engine asks by id


def work_upload(upload_id: int) -> bool:  # house: verb-signature the engine's entry
    """Carry an upload on as far as it goes: to its preview, or to its end; True, for it may have been applied since.

    Only one worker at a time may.
    """
    upload = Upload.objects.select_related("store__sales_channel").filter(pk=upload_id).first()  # house: seller by id
    if upload is None:
        return False
    with translation.override(upload.language or "en"):
        try:
            if upload.state in {State.WAITING, State.CHECKING}:
                _check(upload)
            if upload.state == State.APPLYING:
                _apply(upload)
        except Stopped:
            log.info("upload_stopped", upload=upload.pk)
        except EntrepotError as error:
            _stand_still(upload, error)
    return True


def here_of(upload: Upload) -> Here:  # house: verb-signature asks, writes nothing
    """For whom an upload is looked at."""
    kind = cast("Literal['user', 'api_key', 'store', 'system', 'cli']", upload.actor_kind)
    actor = Actor(kind, upload.actor_label, upload.user_id)
    store: Store | None = upload.store
    facts = {"reason": f"{upload.name} (#{upload.pk})"[:300]} | upload.facts
    return Here(upload.seller_id, actor, upload.pk, store, facts)


# --------------------------------------------------------------------------- checking


def _check(upload: Upload) -> None:
    kind, here = kind_of(upload.kind), here_of(upload)
    if kind.check_file:
        kind.check_file(here)
    if kind.remembers and upload.cursor:
        UploadRow.objects.filter(upload=upload).delete()
        upload.cursor = upload.done = 0
    if upload.undoes_id is not None:
        _stage_all(upload, kind, here, _backwards(upload, kind))
        _ready(upload, kind, here)
        return
    with source_of(upload) as path, reading.opened(path) as table:
        layout = headings.recognise(kind, table)
        upload.total = max(table.total - layout.head_row, 0)
        upload.facts |= {
            "sheet": table.sheet, "others": table.others[:10], "encoding": table.encoding, "form": table.form,
            "unknown": [heading[:80] for heading in layout.unknown][:20],
        }  # fmt: skip
        _stage_all(upload, kind, here, headings.drafts(layout, table, after=upload.cursor))
        if upload.cursor == 0:
            raise SheetEmpty(field="file", reason="")
        _ready(upload, kind, here, layout, table)


def _stage_all(upload: Upload, kind: Kind, here: Here, rows: Iterator[Draft]) -> None:
    now = timezone.now()
    upload.state, upload.phase_started_at = State.CHECKING, now
    while chunk := list(islice(rows, staging.CHUNK)):
        with transaction.atomic():
            _still(upload, State.WAITING, State.CHECKING)
            kind.judge(here, chunk)
            staging.stage(upload, chunk)
            upload.cursor, upload.done = chunk[-1].number, upload.done + len(chunk)
            _progress(upload, "cursor", "total", "facts", "phase_started_at")


def _backwards(upload: Upload, kind: Kind) -> Iterator[Draft]:
    """What the undone upload did, turned round, the last row first."""
    parent = Upload.objects.get(pk=upload.undoes_id or 0, seller_id=upload.seller_id)
    after = upload.cursor
    while rows := staging.take(parent, states=["done"], after=after):
        for _pk, row in rows:
            values = kind.reverse(row.values, row.before) if kind.reverse else None
            if values is not None:
                yield Draft(row.number, values)
        after = rows[-1][1].number


def _ready(upload: Upload, kind: Kind, here: Here, layout: Layout | None = None, table: Table | None = None) -> None:
    """The end of checking: twins refused, counts and guard rails, the workbook; applied at once where asked."""
    with transaction.atomic():
        _still(upload, State.WAITING, State.CHECKING)
        staging.mark_doubled(upload, kind)
        staging.sum_up(upload, kind)
        upload.facts["news"] = {code: sorted(words)[:50] for code, words in here.memory.get("news", {}).items()}
        if layout is not None and table is not None and upload.counts["bad"]:
            _keep_result(upload, here, layout, table)
        upload.state = State.READY
        _progress(upload, "counts", "alarms", "facts", "total")
        if upload.facts.get("apply") and upload.counts["good"] and not upload.alarms:
            begin_applying(upload=upload, actor=here.actor)


# --------------------------------------------------------------------------- applying


def _apply(upload: Upload) -> None:
    kind, here = kind_of(upload.kind), here_of(upload)
    after = 0
    while True:
        with transaction.atomic():
            _still(upload, State.APPLYING)
            rows = _next(upload, kind, after)
            if not rows:
                break
            drafts = [row for _pk, row in rows]
            kind.apply(here, drafts)
            staging.write_outcomes(rows)
            upload.done += len(rows)
            _progress(upload)
        after = 0 if kind.together else rows[-1][1].number
        if upload.done == len(rows) and (upload.total or 0) > MANY:
            analyze()
    _finish(upload, kind, here)


def _next(upload: Upload, kind: Kind, after: int) -> list[tuple[int, Draft]]:
    """The next good rows; where rows go together, with all of their fellows."""
    rows = staging.take(upload, states=["good"], after=after, limit=staging.CHUNK)
    if kind.together and len(rows) == staging.CHUNK:
        words = {str(row.values.get(kind.together)) for _pk, row in rows}
        named = UploadRow.objects.filter(upload=upload, state="good", number__gt=rows[-1][1].number)
        fellows = set(named.filter(**{f"values__{kind.together}__in": sorted(words)}).values_list("number", flat=True))
        rows += [pair for number in sorted(fellows) for pair in staging.take(
            upload, states=["good"], after=number - 1, limit=1)]  # fmt: skip
    return rows


def _finish(upload: Upload, kind: Kind, here: Here) -> None:
    with transaction.atomic():
        _still(upload, State.APPLYING)
        staging.sum_up(upload, kind)
        upload.state, upload.alarms, upload.ended_at = State.DONE, [], timezone.now()
        if upload.undoes_id is None:
            _write_again(upload, here)
        _progress(upload, "counts", "ended_at")
    log.info("upload_applied", upload=upload.pk, kind=upload.kind, **upload.counts)


def _write_again(upload: Upload, here: Here) -> None:
    """The workbook with what became of each row. A file that is gone meanwhile costs the workbook, not the upload."""
    try:
        with source_of(upload) as path, reading.opened(path) as table:
            layout = headings.recognise(kind_of(upload.kind), table)
            _keep_result(upload, here, layout, table)
    except FileGone:
        return


def _keep_result(upload: Upload, here: Here, layout: Layout, table: Table) -> None:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        write_result(Path(file.name), upload=upload, here=here, layout=layout, table=table)
        content = Path(file.name).read_bytes()
    stem = Path(upload.name).stem[:180]
    UploadFile.objects.update_or_create(
        upload=upload,
        role=UploadFile.Role.RESULT,
        defaults={"name": f"{stem}-result.xlsx", "content": content, "made_at": timezone.now()},
    )


# --------------------------------------------------------------------------- how far it is


@contextmanager
def source_of(upload: Upload) -> Iterator[Path]:
    """The file that came, on disk for as long as it is read.

    Raises:
        FileGone: It is no longer kept.
    """
    kept = UploadFile.objects.filter(upload=upload, role=UploadFile.Role.SOURCE).first()
    if kept is None:
        raise FileGone(upload_id=upload.pk)
    with tempfile.NamedTemporaryFile(suffix=Path(kept.name).suffix[:8]) as file:
        file.write(bytes(kept.content))
        file.flush()
        del kept
        yield Path(file.name)


def _still(upload: Upload, *states: str) -> None:
    """Hold the upload's row, unless somebody has canceled it.

    Raises:
        Stopped: It is no longer in one of these states.
    """
    rows = Upload.objects.select_for_update(no_key=True).filter(pk=upload.pk, seller_id=upload.seller_id)
    if rows.values_list("state", flat=True).first() not in states:
        upload.refresh_from_db(fields=["state"])
        raise Stopped


def _progress(upload: Upload, *also: str) -> None:
    upload.progressed_at = timezone.now()
    upload.save(update_fields=["state", "done", "progressed_at", *also])
    announce(upload.seller_id, f"upload:{upload.pk}")


@transaction.atomic
def _stand_still(upload: Upload, error: EntrepotError) -> None:
    """The file cannot be used, or its store cannot be written to now: say so. What was done before stays."""
    fields: dict[str, Any] = {
        name: value if isinstance(value, int | bool) else str(value) for name, value in error.fields.items()
    }
    rows = Upload.objects.select_for_update(no_key=True).filter(pk=upload.pk, seller_id=upload.seller_id)
    standing = rows.first()
    if standing is None or standing.state not in OPEN:
        return
    standing.error_code, standing.error_fields = error.code, fields
    if standing.state == State.APPLYING:
        standing.state = State.READY
        staging.sum_up(standing, kind_of(standing.kind))
    else:
        standing.state, standing.ended_at = State.FAILED, timezone.now()
    standing.progressed_at = timezone.now()
    standing.save(
        update_fields=["state", "error_code", "error_fields", "ended_at", "progressed_at", "counts", "alarms"]
    )
    upload.state = standing.state
    announce(upload.seller_id, f"upload:{upload.pk}")
