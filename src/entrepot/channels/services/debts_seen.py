"""Told and seen are two things: what a store shows of what it was told is written down when it is read back."""

from datetime import datetime

from entrepot.channels.models import StatusDebt, StatusMapping
from entrepot.channels.services.intake_apply import PROGRESS
from entrepot.orders.models import Order, OrderClaim

Meaning = StatusMapping.Meaning
_ENDED = frozenset({Meaning.CANCELED, Meaning.UNPAID_CANCELED, Meaning.CANCEL_ASKED})
_SHOWN = {
    "accept": {OrderClaim.State.ACCEPTED, OrderClaim.State.RECEIVED, OrderClaim.State.DONE},
    "refuse": {OrderClaim.State.REFUSED, OrderClaim.State.WITHDRAWN},
    "receive": {OrderClaim.State.RECEIVED, OrderClaim.State.DONE},
}


def note_seen_debts(*, order: Order, meaning: str | None, now: datetime) -> int:  # house: verb-signature nobody's deed
    """Mark what the store shows by now of what it was told about an order; how many."""
    told = StatusDebt.objects.filter(order=order, seller_id=order.seller_id, seen_at=None).exclude(sent_at=None)
    claims = dict(OrderClaim.objects.filter(order=order).values_list("pk", "state"))
    seen = [debt.pk for debt in told if _shows(debt, meaning, claims)]
    if seen:
        StatusDebt.objects.filter(pk__in=seen, seller_id=order.seller_id).update(seen_at=now)
    return len(seen)


def _shows(debt: StatusDebt, meaning: str | None, claims: dict[int, str]) -> bool:
    match debt.kind:
        case "cancel":
            return meaning in _ENDED
        case "claim":
            return claims.get(debt.payload["claim"]) in _SHOWN[debt.payload["deed"]]
        case _:
            return PROGRESS.get(meaning or "", -1) >= PROGRESS[debt.payload["meaning"]]
