"""Telling a store what it is owed about its orders, oldest first.

A refusal stands on its row; where an answer was lost, the same row is told again under the same key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from entrepot.channels.errors import NoSuchPart
from entrepot.channels.live import announce
from entrepot.channels.models import StatusDebt, StatusMapping, Store
from entrepot.channels.opening import lent_or_opened
from entrepot.channels.problems import open_problem, resolve_problems
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
from entrepot.channels.services.tell_parcels import parcel_is_over, tell_parcel
from entrepot.channels.services.trouble import words_of
from entrepot.connectors.contract import Connector, StatusWrite, WriteAnswer
from entrepot.fulfilment import services as fulfilment
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.errors import ChannelRejected, Refused
from entrepot.orders import services as orders
from entrepot.orders.flow import CANCELED_FOR_GOOD
from entrepot.orders.models import Status

log = structlog.get_logger(__name__)

STATUS_REFUSED = "status_refused"
ROUNDS = 3
"""An answer to a buyer's wish may set an order free whose parcel is told next."""
Meaning = StatusMapping.Meaning


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
            for debt in debts:
                if not _is_over(store, debt):
                    _tell(store, open_connector, debt, report)
            announce(store.seller_id, "orders")
    return report


def _due(store: Store) -> Sequence[StatusDebt]:
    rows = due_debts(now=timezone.now()).filter(store=store, seller_id=store.seller_id)
    return list(rows.select_related("order").order_by("id")[:500])


def _is_over(store: Store, debt: StatusDebt) -> bool:
    """Close a debt that would tell the store what is not true any more, or what it has shown meanwhile."""
    debt.order.refresh_from_db(fields=["status", "hold_code", "held_from"])
    match debt.kind:
        case "parcel":
            return parcel_is_over(store, debt=debt)
        case "claim":
            return claim_is_over(debt)
        case "cancel" if debt.order.status in CANCELED_FOR_GOOD:
            close(debt)
            return True
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


_Way = Callable[[Store, Connector, StatusDebt], WriteAnswer | None]


def _tell(store: Store, connector: Connector, debt: StatusDebt, report: TellReport) -> None:
    try:
        answer = _WAYS[debt.kind](store, connector, debt)
    except (ChannelRejected, Refused) as refusal:
        _note_refusal(store, debt, refusal)
        report.refused += 1
    else:
        _note_told(store, debt, answer)
        report.told += 1


def _tell_status(store: Store, connector: Connector, debt: StatusDebt) -> WriteAnswer | None:
    write = _status_write(store, debt)
    return None if connector.statuses is None else connector.statuses.tell(write)


def _tell_cancel(store: Store, connector: Connector, debt: StatusDebt) -> WriteAnswer:
    if connector.cancellations is None:
        raise NoSuchPart(part="cancellations")
    return connector.cancellations.cancel(_expecting(store, debt, _status_write(store, debt)))


def _expecting(store: Store, debt: StatusDebt, write: StatusWrite) -> StatusWrite:
    """A cancellation that was refused because the order had moved on is told of where it stands, if not packed yet."""
    seen = debt.order.remote_status_id
    if not debt.attempts or seen == write.expected_status_id:
        return write
    meanings = StatusMapping.objects.filter(store=store, remote_id=seen).values_list("meaning", flat=True)
    if PROGRESS.get(meanings.first() or "", -1) != 0:
        return write
    return replace(write, key=f"{write.key}:{seen}", expected_status_id=seen)


_WAYS: Mapping[str, _Way] = {STATUS: _tell_status, CANCEL: _tell_cancel, PARCEL: tell_parcel, CLAIM: tell_claim}


def _status_write(store: Store, debt: StatusDebt) -> StatusWrite:
    facts: Mapping[str, Any] = debt.payload
    status_id = _status_for(store, str(facts["meaning"])) or debt.order.remote_status_id
    lines = debt.order.lines.filter(order__seller_id=store.seller_id).order_by("position")
    return StatusWrite(
        key=debt.key,
        order_id=debt.order.remote_id,
        status_id=status_id,
        comment=str(facts.get("comment", "")),
        notify=False,
        expected_status_id=facts.get("expected") or None,
        line_ids=[line.remote_id for line in lines if line.quantity > line.canceled + line.shipped],
    )


def _status_for(store: Store, meaning: str) -> str:
    """Which of the store's statuses says this: the seller's choice, else the one that keeps its stock counted.

    Ready to Ship has none of its own unless the seller chose one: the present status is repeated as a line of history.
    """
    chosen = store.settings.get("status_out", {}).get(meaning)
    if chosen or meaning == Meaning.PROCESSED:
        return str(chosen or "")
    rows = StatusMapping.objects.filter(store=store, meaning=meaning)
    ranked = sorted(rows, key=lambda row: (not row.takes_stock, not row.confirmed, row.remote_id.zfill(12)))
    return ranked[0].remote_id if ranked else ""


def _note_told(store: Store, debt: StatusDebt, answer: WriteAnswer | None) -> None:
    now = timezone.now()
    with transaction.atomic():
        debt.sent_at, debt.error_code, debt.error_reason, debt.next_try_at = now, "", "", None
        debt.save(update_fields=["sent_at", "error_code", "error_reason", "next_try_at"])
        if debt.kind == CANCEL and debt.order.status == Status.SELLER_CANCEL_IN_PROCESS:
            orders.confirm_seller_cancel(seller_id=debt.seller_id, order_id=debt.order_id, actor=SYSTEM)
        if debt.kind == PARCEL:
            fulfilment.note_told(
                seller_id=debt.seller_id,
                shipment_id=debt.payload["parcel"],
                version=debt.payload["version"],
                remote_id=answer.remote_id if answer else "",
                actor=SYSTEM,
            )
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


def _note_refusal(store: Store, debt: StatusDebt, refusal: ChannelRejected | Refused) -> None:
    """The store will not have it: keep trying, rarely, tell a person, and look at what the order has become there."""
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
