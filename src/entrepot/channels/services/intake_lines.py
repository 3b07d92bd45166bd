"""What a store did to single lines of an order: parts of it canceled, sent ahead, asked back; and its parcels."""

from collections.abc import Collection, Sequence
from functools import partial

from django.db.models import F

from entrepot.channels.services.intake_apply import (
    CANCEL_TOO_LATE,
    EDITED_LATE,
    RETURN_TO_COUNT,
    SHIPPED_SHORT,
    Meaning,
    Trouble,
    done,
    hold_or_stop,
    take_edit,
    who,
)
from entrepot.connectors.contract import ChannelOrder
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.drafts import ParcelDraft
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.claims import OPEN, RETURNING, State, outstanding
from entrepot.orders.drafts import ClaimDraft, OrderDraft
from entrepot.orders.flow import CANCELED_FOR_GOOD, CANCELING, LEFT, open_to_change
from entrepot.orders.holds import CANCEL_ASKED_PARTLY, LINES_CANCELED_AFTER_PACKING
from entrepot.orders.models import Order, OrderClaim, Status

BY_LINES = (CANCEL_ASKED_PARTLY, LINES_CANCELED_AFTER_PACKING)
"""Holds and problems about single lines."""


def take_claims(*, order: Order, seen: ChannelOrder, past: bool, actor: Actor) -> bool:
    """Take in the wishes that the store names; whether the order has, or had, any."""
    had = order.claims.filter(order__seller_id=order.seller_id).exists()
    if not seen.claims and not had:
        return False
    drafts = [
        ClaimDraft(
            remote_id=claim.remote_id,
            kind=claim.kind,
            state=claim.state,
            lines=claim.lines,
            reason=claim.reason,
            asked_at=claim.asked_at,
        )
        for claim in seen.claims
    ]
    orders.take_claims(seller_id=order.seller_id, order_id=order.pk, claims=drafts, past=past, actor=actor)
    return True


def take_lines(*, order: Order, draft: OrderDraft, edited: bool, claimed: bool, actor: Actor) -> list[Trouble]:
    """Bring the lines to what the store shows: an edit, and what became of each line in stores that keep that."""
    by_line = claimed or any(line.state != "open" for line in draft.lines)
    gone = order.lines.filter(order__seller_id=order.seller_id, canceled__gt=0)
    if order.status in CANCELED_FOR_GOOD | CANCELING or not (edited or by_line or gone.exists()):
        return []
    if by_line and (parts := orders.take_apart(draft=draft, **who(order, actor))):
        fulfilment.split(parts=parts, **who(order, actor))
    troubles: list[Trouble | None] = []
    if open_to_change(order) or not by_line:
        troubles.append(take_edit(order=order, draft=draft, actor=actor) if edited or open_to_change(order) else None)
    if by_line:
        troubles += _settle(order, draft, actor)
    return [trouble for trouble in troubles if trouble]


def _settle(order: Order, draft: OrderDraft, actor: Actor) -> list[Trouble]:
    facts: dict[str, object] = {"number": order.number}
    told = orders.settle_lines(seller_id=order.seller_id, order_id=order.pk, draft=draft, actor=actor)
    order.refresh_from_db(fields=["status", "hold_code", "held_from", "version"])
    troubles = []
    if told.short:
        troubles.append(Trouble(SHIPPED_SHORT, facts | {"status": Status(order.status).label}))
    alive = any(line.state != "canceled" for line in draft.lines)
    if told.canceled_late and alive:
        stopped = order.status not in LEFT and hold_or_stop(order, LINES_CANCELED_AFTER_PACKING, actor)
        troubles.append(Trouble(LINES_CANCELED_AFTER_PACKING if stopped else CANCEL_TOO_LATE, facts))
    elif order.status == Status.ON_HOLD and order.hold_code == LINES_CANCELED_AFTER_PACKING:
        done(partial(orders.hold_is_over, codes=[LINES_CANCELED_AFTER_PACKING], **who(order, actor)), order)
    if told.edited and not told.canceled_late:
        troubles.append(Trouble(EDITED_LATE, facts))
    return troubles


def follow_claims(*, order: Order, meaning: str | None, actor: Actor) -> list[Trouble]:
    """Act on wishes about some of an order's lines; one about all of it is its status' business."""
    if order.status in CANCELED_FOR_GOOD | CANCELING:
        return []
    return [*_cancel_partly(order, meaning, actor), *_return_partly(order, meaning, actor)]


def _cancel_partly(order: Order, meaning: str | None, actor: Actor) -> list[Trouble]:
    facts: dict[str, object] = {"number": order.number}
    rows = [claim for claim in _open_cancels(order) if claim.state == State.ASKED or _names_goods(order, claim)]
    if meaning == Meaning.CANCEL_ASKED or not rows:
        if order.hold_code == CANCEL_ASKED_PARTLY and meaning != Meaning.CANCEL_ASKED:
            done(partial(orders.hold_is_over, codes=[CANCEL_ASKED_PARTLY], **who(order, actor)), order)
        return []
    if order.status in LEFT:
        return [Trouble(CANCEL_TOO_LATE, facts)]
    if order.status != Status.ON_HOLD:
        hold_or_stop(order, CANCEL_ASKED_PARTLY, actor)
    is_said = order.hold_code == LINES_CANCELED_AFTER_PACKING and all(one.state != State.ASKED for one in rows)
    return [] if is_said else [Trouble(CANCEL_ASKED_PARTLY, facts)]


def _open_cancels(order: Order) -> Sequence[OrderClaim]:
    rows = order.claims.filter(order__seller_id=order.seller_id, kind=OrderClaim.Kind.CANCEL, state__in=OPEN)
    return list(rows.order_by("pk"))


def _names_goods(order: Order, claim: OrderClaim) -> bool:
    """Whether a granted cancellation is about goods that are not canceled here yet."""
    named = [remote_id for remote_id, _ in claim.lines]
    lines = order.lines.filter(order__seller_id=order.seller_id, remote_id__in=named)
    return lines.filter(quantity__gt=F("canceled")).exists()


def _return_partly(order: Order, meaning: str | None, actor: Actor) -> list[Trouble]:
    rows = order.claims.filter(order__seller_id=order.seller_id, kind__in=RETURNING)
    if order.status not in LEFT - {Status.RETURNED} or not rows.exists():
        return []
    if not outstanding(order, list(order.lines.filter(order__seller_id=order.seller_id))):
        done(partial(orders.return_is_over, **who(order, actor)), order)
        return []
    if order.status in {Status.IN_TRANSIT, Status.COMPLETE}:
        done(partial(orders.ask_return, **who(order, actor)), order)
    waits = rows.filter(state=State.DONE).exists() and meaning != Meaning.RETURNED
    return [Trouble(RETURN_TO_COUNT, {"number": order.number})] if waits else []


def take_parcels(*, order: Order, seen: ChannelOrder, actor: Actor) -> None:
    """Take in the parcels that the store shows; of what it has still to be told, our words stand."""
    if not seen.parcels or order.status in CANCELED_FOR_GOOD:
        return
    drafts = [
        ParcelDraft(
            remote_id=parcel.remote_id,
            carrier=parcel.carrier,
            tracking_number=parcel.tracking_number,
            state=parcel.state,
            line_ids=parcel.line_ids,
        )
        for parcel in seen.parcels
    ]
    fulfilment.note_remote(parcels_seen=drafts, ours=_untold(order), **who(order, actor))


def _untold(order: Order) -> Collection[int]:
    rows = Shipment.objects.filter(seller_id=order.seller_id, order=order, version__gt=F("told_version"))
    return set(rows.values_list("pk", flat=True))
