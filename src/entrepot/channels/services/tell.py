"""Telling a store what it is owed about its orders, oldest first.

A refusal stands on its row; where an answer was lost, the same row is told again under the same key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog
from django.db import transaction
from django.utils import timezone

from entrepot.channels.errors import NoSuchPart
from entrepot.channels.live import announce
from entrepot.channels.models import Problem, StatusDebt, StatusMapping, Store
from entrepot.channels.opening import lent_or_opened
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.services.cancel_parts import cancel_is_over, note_canceled
from entrepot.channels.services.debts import (
    CANCEL,
    CLAIM,
    PARCEL,
    STATUS,
    close,
    due_debts,
    owe,
)
from entrepot.channels.services.intake_apply import PROGRESS, REACHED
from entrepot.channels.services.look_again import look_again
from entrepot.channels.services.push_answers import back_off
from entrepot.channels.services.tell_claims import CLAIM_REFUSED, claim_is_over, note_claim_told, tell_claim
from entrepot.channels.services.tell_lot import Lot, lots
from entrepot.channels.services.tell_parcels import parcel_is_over, parcel_write
from entrepot.channels.services.trouble import words_of
from entrepot.connectors.contract import Connector, ShipmentWrite, StatusWrite, WriteAnswer
from entrepot.fulfilment import services as fulfilment
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.errors import ChannelDown, ChannelError, ChannelRejected, Refused
from entrepot.orders.parts import known_as

log = structlog.get_logger(__name__)

STATUS_REFUSED = "status_refused"
ROUNDS = 30
"""What is told makes more to tell: an answer sets a parcel free, an accepted status makes a label with its number."""
MOST_FAILURES = 3
"""A store that fails at so many debts in a row is down; at fewer, with others told, it fails at those."""
_Part = TypeVar("_Part")


@dataclass(slots=True)
class TellReport:
    """What a store was told of its orders, counted."""

    told: int = 0
    refused: int = 0


def push_statuses(store: Store, *, connector: Connector | None = None) -> TellReport:
    """Tell the store what became of its orders, oldest first; each write has a key, so a repeat is harmless.

    An order that is further here than its store shows is owed by itself. A store that is not live is told nothing.

    Raises:
        ChannelError: The store cannot be talked to; what was told before stays written down.
    """
    report = TellReport()
    store.refresh_from_db(fields=["state", "settings"])
    if not store.writable:
        return report
    with lent_or_opened(store, connector, lane="statuses") as open_connector:
        for _ in range(ROUNDS):
            owe(store, connector=open_connector)
            if not (debts := _due(store)):
                break
            _tell_all(lots(store, debts=debts, connector=open_connector), open_connector, report)
            announce(store.seller_id, "orders")
    return report


def _due(store: Store) -> Sequence[StatusDebt]:
    rows = due_debts(now=timezone.now()).filter(store=store, seller_id=store.seller_id)
    return list(rows.order_by("id")[:500])


def _tell_all(turns: Iterable[Lot], connector: Connector, report: TellReport) -> None:
    """Lot after lot. One that the store fails at holds up none behind it: it is noted as soon as another is told.

    Raises:
        ChannelDown: The store fails at several in a row, or at all there is.
    """
    failed: list[tuple[StatusDebt, ChannelDown]] = []
    for lot in turns:
        waiting = [debt for debt in lot.debts if not _is_over(lot, debt)]
        if not waiting:
            continue
        try:
            _tell_lot(lot, waiting, connector, report)
        except ChannelDown as failure:
            failed += [(debt, failure) for debt in waiting]
            if len(waiting) > 1 or len(failed) == MOST_FAILURES:
                raise
        else:
            _note_failures(lot.store, failed, report)
            failed = []
    if failed:
        raise failed[0][1]


def _tell_lot(lot: Lot, waiting: Sequence[StatusDebt], connector: Connector, report: TellReport) -> None:
    if connector.many is None or len(waiting) == 1:
        for debt in waiting:
            _tell(lot, connector, debt, report)
        return
    answers = connector.many.tell_many([_write(lot, debt) for debt in waiting])
    _note_answers(lot.store, list(zip(waiting, answers, strict=True)), report)


def _is_over(lot: Lot, debt: StatusDebt) -> bool:
    """Close a debt that would tell the store what is not true any more, or what it has shown meanwhile."""
    match debt.kind:
        case "parcel":
            return parcel_is_over(lot.store, debt=debt, parcel=lot.parcel(debt))
        case "claim":
            return claim_is_over(debt)
        case "cancel":
            return cancel_is_over(debt)
        case "status":
            return _status_is_over(debt)
    return False


def _status_is_over(debt: StatusDebt) -> bool:
    """Its order has gone on since: told late, it would turn the store back behind what it shows."""
    reached = REACHED.get(debt.order.status)
    if reached is None or reached <= PROGRESS[str(debt.payload["meaning"])]:
        return False
    newer = StatusDebt.objects.filter(order_id=debt.order_id, seller_id=debt.seller_id, kind=STATUS, pk__gt=debt.pk)
    if not newer.exists():
        return False
    close(debt)
    return True


def _tell(lot: Lot, connector: Connector, debt: StatusDebt, report: TellReport) -> None:
    try:
        answer = _told(lot, connector, debt)
    except (ChannelRejected, Refused) as refusal:
        _note_refusal(lot.store, debt, refusal)
        report.refused += 1
    else:
        _note_told(lot.store, debt, answer)
        report.told += 1


def _told(lot: Lot, connector: Connector, debt: StatusDebt) -> WriteAnswer | None:
    """Tell it alone. A store without statuses has nothing to be told of one."""
    if debt.kind == CLAIM:
        return tell_claim(lot.store, connector, debt)
    write = _write(lot, debt)
    if isinstance(write, ShipmentWrite):
        return _part(connector.shipments, "shipments").ship(write)
    if debt.kind == CANCEL:
        return _part(connector.cancellations, "cancellations").cancel(_expecting(lot.store, debt, write))
    return None if connector.statuses is None else connector.statuses.tell(write)


def _part(part: _Part | None, name: str) -> _Part:
    if part is None:
        raise NoSuchPart(part=name)
    return part


def _write(lot: Lot, debt: StatusDebt) -> StatusWrite | ShipmentWrite:
    parcel = lot.parcel(debt) if debt.kind == PARCEL else None
    if parcel is not None:
        return parcel_write(lot.store, debt=debt, parcel=parcel)
    facts: Mapping[str, Any] = debt.payload
    return StatusWrite(
        key=debt.key,
        order_id=known_as(debt.order),
        status_id=lot.status_for(str(facts["meaning"])) or debt.order.remote_status_id,
        comment=str(facts.get("comment", "")),
        notify=False,
        expected_status_id=facts.get("expected") or None,
        line_ids=[line.remote_id for line in debt.order.lines.all() if line.quantity > line.canceled + line.shipped],
    )


def _expecting(store: Store, debt: StatusDebt, write: StatusWrite) -> StatusWrite:
    """A cancellation that was refused because the order had moved on is told of where it stands, if not packed yet."""
    seen = debt.order.remote_status_id
    if not debt.attempts or seen == write.expected_status_id:
        return write
    meanings = StatusMapping.objects.filter(store=store, remote_id=seen).values_list("meaning", flat=True)
    if PROGRESS.get(meanings.first() or "", -1) != 0:
        return write
    return replace(write, key=f"{write.key}:{seen}", expected_status_id=seen)


# --------------------------------------------------------------------------- what was answered


def _note_answers(
    store: Store, answers: Sequence[tuple[StatusDebt, WriteAnswer | ChannelError]], report: TellReport
) -> None:
    """Parcels first: whoever dies in between finds the debts open, and tells them again under their keys."""
    told: list[StatusDebt] = []
    for debt, answer in answers:
        if isinstance(answer, ChannelError):
            _note_refusal(store, debt, answer)
            report.refused += 1
            continue
        if debt.kind == PARCEL:
            _note_parcel(debt, answer)
        told.append(debt)
    report.told += len(told)
    with transaction.atomic():
        rows = StatusDebt.objects.filter(seller_id=store.seller_id, pk__in=[debt.pk for debt in told])
        rows.update(sent_at=timezone.now(), error_code="", error_reason="", next_try_at=None)
        standing = Problem.objects.filter(
            seller_id=store.seller_id,
            object_type="order",
            object_id__in=[str(debt.order_id) for debt in told],
            code=STATUS_REFUSED,
            resolved_at=None,
        )
        over = set(standing.values_list("object_id", flat=True))
        for debt in told:
            if str(debt.order_id) in over:
                _resolve(debt)


def _note_parcel(debt: StatusDebt, answer: WriteAnswer | None) -> None:
    fulfilment.note_told(
        seller_id=debt.seller_id,
        shipment_id=debt.payload["parcel"],
        version=debt.payload["version"],
        remote_id=answer.remote_id if answer else "",
        actor=SYSTEM,
    )


def _note_told(store: Store, debt: StatusDebt, answer: WriteAnswer | None) -> None:
    now = timezone.now()
    with transaction.atomic():
        debt.sent_at, debt.error_code, debt.error_reason, debt.next_try_at = now, "", "", None
        debt.save(update_fields=["sent_at", "error_code", "error_reason", "next_try_at"])
        if debt.kind == CANCEL:
            note_canceled(debt)
        if debt.kind == PARCEL:
            _note_parcel(debt, answer)
        if debt.kind == CLAIM:
            note_claim_told(debt)
        _resolve(debt)
    if debt.kind == CLAIM:
        look_again(store, order=debt.order)


def _resolve(debt: StatusDebt) -> None:
    resolve_problems(
        seller_id=debt.seller_id,
        object_type="order",
        object_id=debt.order_id,
        codes=[CLAIM_REFUSED if debt.kind == CLAIM else STATUS_REFUSED],
        actor=SYSTEM,
        now=timezone.now(),
    )


def _note_failures(store: Store, failed: Sequence[tuple[StatusDebt, ChannelDown]], report: TellReport) -> None:
    for debt, failure in failed:
        _note_refusal(store, debt, failure)
    report.refused += len(failed)


def _note_refusal(store: Store, debt: StatusDebt, refusal: ChannelError | Refused) -> None:
    """The store will not have it: keep trying, rarely, tell a person, and look at what the order has become there.

    A store that fails at one order of many is not down: that order is tried again, and is a problem like a refusal.
    """
    now = timezone.now()
    words = words_of(refusal)
    debt.next_try_at = now + back_off(debt.attempts)
    debt.attempts += 1
    debt.error_code, debt.error_reason = refusal.code[:40], str(words["reason"])[:500]
    debt.save(update_fields=["next_try_at", "attempts", "error_code", "error_reason"])
    open_problem(
        seller_id=debt.seller_id,
        store_id=store.pk,
        code=CLAIM_REFUSED if debt.kind == CLAIM else STATUS_REFUSED,
        object_type="order",
        object_id=debt.order_id,
        fields={"number": debt.order.number} | words,
        detail=refusal.detail,
        now=now,
    )
    look_again(store, order=debt.order)
