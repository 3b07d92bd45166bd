"""What a person does with a file: give it, look at it, have it applied, stop it, take it back."""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from entrepot.accounts.services import audit
from entrepot.channels import engine
from entrepot.channels.errors import StoreNotFound
from entrepot.channels.live import announce
from entrepot.channels.models import Store
from entrepot.channels.words import filled
from entrepot.kernel.actor import Actor
from entrepot.sheets.errors import (
    NothingToApply,
    NoWayBack,
    StoreNeeded,
    UploadNeedsApproval,
    UploadNotFound,
    UploadNotReady,
)
from entrepot.sheets.guard import look
from entrepot.sheets.kinds import kind_of
from entrepot.sheets.models import Upload, UploadFile, UploadRow

State = Upload.State
OPEN = (State.WAITING, State.CHECKING, State.APPLYING)
FILES_DAYS, ROWS_DAYS = 30, 90


@transaction.atomic
def take_upload(
    *,
    seller_id: int,
    kind: str,
    name: str,
    content: bytes,
    actor: Actor,
    store_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Upload:
    """Keep a file to be checked in the background; nothing is changed before somebody applies it.

    `facts`: `reason` for stock, `apply` = apply good rows at once where no guard rail stops them, `warehouse_ids`.

    Raises:
        KindUnknown, StoreNeeded, StoreNotFound: What it is for is not clear.
        SheetTooBig, SheetEmpty, SheetBomb, SheetTooWide, SheetHasMacros, SheetEncrypted, SheetIsPage, SheetBroken:
            The file is not taken.
    """
    found = kind_of(kind)
    store = _store(seller_id, store_id) if found.needs_store or store_id is not None else None
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file:
        file.write(content)
        file.flush()
        look(Path(file.name))
    now = timezone.now()
    upload = Upload.objects.create(
        seller_id=seller_id, kind=kind, store=store, name=_file_name(name), size=len(content),
        digest=hashlib.sha256(content).hexdigest(), language=translation.get_language() or "en",
        facts=dict(facts or {}), actor_kind=actor.kind, actor_label=actor.label[:120], user_id=actor.user_id,
        created_at=now,
    )  # fmt: skip
    UploadFile.objects.create(
        upload=upload, role=UploadFile.Role.SOURCE, name=upload.name, content=content, made_at=now
    )
    _story(upload, "sheets.upload", actor, kind=kind, name=upload.name, store=store_id)
    _go_on(upload)
    return upload


@transaction.atomic
def apply_upload(
    *,
    seller_id: int,
    upload_id: int,
    actor: Actor,
    approved: bool = False,
    store_ids: Sequence[int] | None = None,
) -> Upload:
    """Have the good rows applied in the background; a repeat is harmless. `store_ids`: of who says so; None = all.

    Raises:
        UploadNotFound: There is none of this seller.
        UploadNotReady: It is not checked yet, or over.
        NothingToApply: No row is good.
        UploadNeedsApproval: A guard rail stops it and nobody has approved that.
    """
    upload = _locked(seller_id, upload_id)
    if upload.state == State.APPLYING:
        return upload
    if upload.state != State.READY:
        raise UploadNotReady(state=str(State(upload.state).label).lower())
    if not upload.counts.get("good"):
        raise NothingToApply
    if upload.alarms and not approved:
        raise UploadNeedsApproval(alarms="; ".join(filled(one["sentence"], one) for one in upload.alarms))
    upload.approved_by = str(actor)[:120] if upload.alarms else ""
    upload.facts = _within(upload.facts, store_ids)
    begin_applying(upload=upload, actor=actor)
    upload.save(update_fields=["approved_by", "facts"])
    return upload


def begin_applying(*, upload: Upload, actor: Actor) -> None:
    """Enter the second phase."""
    now = timezone.now()
    upload.state, upload.phase_started_at, upload.progressed_at = State.APPLYING, now, now
    upload.done, upload.total = 0, upload.counts.get("good", 0)
    upload.error_code, upload.error_fields = "", {}
    upload.save(
        update_fields=["state", "phase_started_at", "progressed_at", "done", "total", "error_code", "error_fields"]
    )
    _story(upload, "sheets.apply", actor, rows=upload.total, alarms=[one["code"] for one in upload.alarms])
    _go_on(upload)


@transaction.atomic
def cancel_upload(*, seller_id: int, upload_id: int, actor: Actor) -> Upload:
    """Stop it, or throw it away. What is applied already stays; the result says which rows.

    Raises:
        UploadNotFound: There is none of this seller.
        UploadNotReady: It is over.
    """
    upload = _locked(seller_id, upload_id)
    if upload.state not in {*OPEN, State.READY}:
        raise UploadNotReady(state=str(State(upload.state).label).lower())
    upload.state, upload.ended_at = State.CANCELED, timezone.now()
    upload.save(update_fields=["state", "ended_at"])
    _story(upload, "sheets.cancel", actor, done=upload.done)
    announce(seller_id, f"upload:{upload.pk}")
    return upload


@transaction.atomic
def take_back(*, seller_id: int, upload_id: int, actor: Actor, store_ids: Sequence[int] | None = None) -> Upload:
    """Plan the way back of what an upload did, as an upload of its own that is looked at and applied like any other.

    `store_ids`: of who says so; None = all.

    Raises:
        UploadNotFound: There is none of this seller.
        UploadNotReady: It has not been applied.
        NoWayBack: This kind cannot be taken back, or its rows are no longer kept.
    """
    upload = _locked(seller_id, upload_id)
    if upload.state not in {State.DONE, State.CANCELED}:
        raise UploadNotReady(state=str(State(upload.state).label).lower())
    if kind_of(upload.kind).reverse is None or not UploadRow.objects.filter(upload=upload, state="done").exists():
        raise NoWayBack
    standing = upload.undone_by.filter(state__in=[*OPEN, State.READY]).first()
    if standing is not None:
        return standing
    kept = {key: value for key, value in upload.facts.items() if key in {"warehouse_ids", "store_ids"}}
    back = Upload.objects.create(
        seller_id=seller_id, kind=upload.kind, store_id=upload.store_id, undoes=upload, name=upload.name,
        language=translation.get_language() or "en", facts=_within(kept, store_ids), actor_kind=actor.kind,
        actor_label=actor.label[:120], user_id=actor.user_id, created_at=timezone.now(),
    )  # fmt: skip
    _story(back, "sheets.take_back", actor, undoes=upload.pk)
    _go_on(back)
    return back


def forget_old(*, now: datetime | None = None) -> int:  # house: verb-signature the clock does it
    """Delete files after 30 days and rows after 90; the upload itself, with its counts, stays. How many files."""
    now = now or timezone.now()
    closed = Upload.objects.exclude(state__in=OPEN)  # house: seller the clock tidies for all
    files, _each = UploadFile.objects.filter(upload__in=closed, made_at__lt=now - timedelta(days=FILES_DAYS)).delete()
    UploadRow.objects.filter(upload__in=closed.filter(created_at__lt=now - timedelta(days=ROWS_DAYS))).delete()
    return files


def _within(facts: Mapping[str, Any], store_ids: Sequence[int] | None) -> dict[str, Any]:
    """The same for stores that both the uploader and this person work for."""
    if store_ids is None:
        return dict(facts)
    known = facts.get("store_ids")
    return {**facts, "store_ids": [one for one in store_ids if known is None or one in known]}


def _store(seller_id: int, store_id: int | None) -> Store:
    if store_id is None:
        raise StoreNeeded(field="store", reason="")
    found = Store.objects.filter(seller_id=seller_id, pk=store_id).select_related("sales_channel").first()
    if found is None:
        raise StoreNotFound(store_id=store_id)
    return found


def _file_name(name: str) -> str:
    """The name as it was, without folders or characters a download must not have."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in bare if sign.isprintable() and sign not in '"<>|:*?')[-200:].strip(" .") or "file"


def _locked(seller_id: int, upload_id: int) -> Upload:
    found = Upload.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=upload_id).first()
    if found is None:
        raise UploadNotFound(upload_id=upload_id)
    return found


def _go_on(upload: Upload) -> None:
    engine.wake("work_upload", upload.pk)
    announce(upload.seller_id, f"upload:{upload.pk}")


def _story(upload: Upload, verb: str, actor: Actor, **facts: object) -> None:
    audit(seller_id=upload.seller_id, actor=actor, verb=verb, object_type="upload", object_id=upload.pk, facts=facts)
