"""What a store's trouble does to the store: wait, slow down, or stop and call a person. One place for all errands."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.flow import STORE_FLOW
from entrepot.channels.limiter import throttle
from entrepot.channels.live import announce
from entrepot.channels.models import Problem, Store
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.registry import connector_type
from entrepot.channels.services.tokens import drop_grant
from entrepot.connectors.contract import ConsentNeeded, RenewalWaits
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.crypto import KeyMissing, SealBroken
from entrepot.kernel.errors import ChannelError, ChannelMisconfigured, ChannelThrottled, EntrepotError

log = structlog.get_logger(__name__)

UNREACHABLE_AFTER = timedelta(minutes=5)
"""How long a store may be silent before a person is told. Entrepot tries on either way."""
SHORTEST_REST, LONGEST_REST = 1.0, 60.0
"""Seconds in which a silent store is left alone: half as long as it has been silent."""
CONSENT_CODES = ("consent_needed", "app_removed")
"""What only the shop's owner can mend. Such a store is not asked again by itself: every answer would be the same."""
CONNECTION_CODES = ("store_misconfigured", "store_unreachable", "credentials_unreadable", *CONSENT_CODES)


class AppRemoved(ChannelMisconfigured):
    """The shop's owner has removed our app in the store's admin; the store told us so."""

    code = "app_removed"
    message = (
        "Entrepot's app was removed in the admin of {name}, so its access has ended. If that was not meant, open the "
        "store in Entrepot and press Authorize again."
    )


def words_of(error: EntrepotError) -> dict[str, Any]:
    """An error as a problem's fields: its English sentence as `reason`, and what saying it in any language needs."""
    plain = {name: value for name, value in error.fields.items() if isinstance(value, int | float | str)}
    return plain | {"reason": error.sentence(), "reason_msgid": error.message, "error_code": error.code}


def note_trouble(*, store: Store, error: EntrepotError, now: datetime | None = None) -> None:
    """Draw the consequence of an errand's error. Never raises for a store that has gone meanwhile."""
    now = now or timezone.now()
    log.info("store_trouble", store=store.pk, code=error.code, detail=error.detail[:300])
    match error:
        case RenewalWaits():
            _note_silence(store, error, now, rest=_rest_alone)
        case ChannelThrottled():
            _let_rest(store, error.retry_after)
        case KeyMissing() | SealBroken():
            _break(store, "credentials_unreadable", error, now)
        case ConsentNeeded():
            _break(store, "consent_needed", error, now)
        case ChannelMisconfigured():
            _break(store, "store_misconfigured", error, now)
        case ChannelError():
            _note_silence(store, error, now, rest=_let_rest)


def note_answer(*, store: Store) -> None:
    """The store did what was asked: whatever stood against its connection is settled."""
    if store.info.get("silent_since"):
        _remember_silence(store.pk, None)
        store.info.pop("silent_since")
        resolve_problems(
            seller_id=store.seller_id,
            object_type="store",
            object_id=store.pk,
            codes=["store_unreachable"],
            actor=SYSTEM,
        )


@transaction.atomic
def mend(*, store: Store) -> bool:
    """A broken store works again: back to what it was, everything owed is looked at. False when it was not broken."""
    row = Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    if row.state != Store.State.BROKEN:
        return False
    back = "resume_live" if row.resume_state == Store.State.LIVE else "resume_shadow"
    row.state = STORE_FLOW.target(back, row.state)
    row.state_reason = row.resume_state = ""
    row.save(update_fields=["state", "state_reason", "resume_state"])
    resolve_problems(
        seller_id=row.seller_id, object_type="store", object_id=row.pk, codes=CONNECTION_CODES, actor=SYSTEM
    )
    announce(row.seller_id, f"store:{row.pk}")
    for task in ("import_store", "pull_orders", "push_stock", "push_statuses"):
        engine.wake(task, row.pk)
    return True


@transaction.atomic
def note_removal(*, store: Store, now: datetime | None = None) -> None:
    """The store's owner has removed our app: its tokens are forgotten, its errands end, a person is told."""
    row = Store.objects.select_for_update(no_key=True, of=("self",)).select_related("sales_channel").get(pk=store.pk)
    if row.state == Store.State.DISCONNECTED:
        return
    drop_grant(row)
    error = AppRemoved(name=row.sales_channel.name)
    if row.state == Store.State.PAUSED:
        _tell(row, AppRemoved.code, error, now or timezone.now())
    else:
        _break(row, AppRemoved.code, error, now or timezone.now())


@transaction.atomic
def _break(store: Store, code: str, error: EntrepotError, now: datetime) -> None:
    row = Store.objects.select_for_update(no_key=True).filter(pk=store.pk).first()
    if row is None or row.state in {Store.State.PAUSED, Store.State.DISCONNECTED}:
        return
    if row.state != Store.State.BROKEN:
        row.resume_state = row.state
        row.state = STORE_FLOW.target("break", row.state)
    elif row.state_reason == AppRemoved.code:
        return  # whatever was under way when the app went fails now, and says nothing new
    row.state_reason = error.code[:40]
    row.save(update_fields=["state", "state_reason", "resume_state"])
    _tell(row, code, error, now)


def _tell(row: Store, code: str, error: EntrepotError, now: datetime) -> None:
    open_problem(
        seller_id=row.seller_id,
        store_id=row.pk,
        code=code,
        object_type="store",
        object_id=row.pk,
        fields=words_of(error),
        detail=error.detail,
        now=now,
    )
    announce(row.seller_id, f"store:{row.pk}")


def _note_silence(store: Store, error: EntrepotError, now: datetime, *, rest: Callable[[Store, float], None]) -> None:
    info: Mapping[str, Any] = Store.objects.values_list("info", flat=True).get(pk=store.pk)
    since = info.get("silent_since")
    if since is None:
        _remember_silence(store.pk, now.isoformat())
        rest(store, SHORTEST_REST)
        return
    silence = now - datetime.fromisoformat(since)
    rest(store, min(max(silence.total_seconds() / 2, SHORTEST_REST), LONGEST_REST))
    if silence < UNREACHABLE_AFTER:
        return
    standing = Problem.objects.filter(
        seller_id=store.seller_id, code="store_unreachable", object_type="store", object_id=str(store.pk)
    ).filter(resolved_at=None)
    if standing.exists():
        return
    open_problem(
        seller_id=store.seller_id,
        store_id=store.pk,
        code="store_unreachable",
        object_type="store",
        object_id=store.pk,
        fields=words_of(error) | {"since": since},
        detail=error.detail,
        now=now,
    )
    announce(store.seller_id, f"store:{store.pk}")


def _let_rest(store: Store, seconds: float) -> None:
    throttle(store, connector_type(store.connector), lane="orders").penalise(seconds)


def rest_stamp(at: datetime) -> str:
    """A moment as `Store.info["rests_until"]` keeps it: texts that sort as the moments do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


@transaction.atomic
def _rest_alone(store: Store, seconds: float) -> None:
    """Leave this store alone for a while; those that share its limit go on."""
    row = Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    row.info["rests_until"] = rest_stamp(timezone.now() + timedelta(seconds=seconds))
    row.save(update_fields=["info"])


def _remember_silence(store_id: int, since: str | None) -> None:
    """Keep or forget since when a store has been silent, touching nothing else of its row."""
    with transaction.atomic():
        row = Store.objects.select_for_update(no_key=True).get(pk=store_id)
        if since is None:
            row.info.pop("silent_since", None)
            row.info.pop("rests_until", None)
        else:
            row.info.setdefault("silent_since", since)
        row.save(update_fields=["info"])
