"""Following the store with an order that the desk has: wishes, lines, status and parcels, in this order."""

from collections.abc import Sequence

from entrepot.channels.models import IncomingOrder
from entrepot.channels.problems import resolve_problems
from entrepot.channels.services.debts_seen import note_seen_debts
from entrepot.channels.services.intake_apply import FOLLOWING, Trouble, follow_status, who
from entrepot.channels.services.intake_desk import Desk, Row, open_on_order
from entrepot.channels.services.intake_keep import content_digest
from entrepot.channels.services.intake_lines import (
    BY_LINES,
    follow_claims,
    take_claims,
    take_lines,
    take_parcels,
)
from entrepot.channels.services.intake_match import to_draft
from entrepot.channels.services.intake_parts import Part, parts_in
from entrepot.orders import services as orders
from entrepot.orders.flow import CANCELED_FOR_GOOD, CANCELING
from entrepot.orders.models import Order

LOST_STATUS = "unconfirmed_in_store"


def follow(desk: Desk, *, row: Row, order: Order) -> None:
    """Do with the order what its store did. An older copy than the one acted on last changes nothing."""
    row.state, row.desk_id = IncomingOrder.State.ENTERED, order.pk
    if row.order.version < order.remote_version:
        return
    desk.errand.report.followed += 1
    for part in _parts(desk, row, order):
        if row.order.confirmed:
            troubles = _follow_all(desk, row, part)
        else:
            troubles = [Trouble(LOST_STATUS, {"number": part.order.number})]
        _note_troubles(desk, part.order, troubles)
        orders.seen_remote(
            seller_id=order.seller_id,
            order_id=part.order.pk,
            remote_status_id=row.order.status_id,
            remote_version=row.order.version,
            actor=desk.errand.actor,
        )
        note_seen_debts(order=part.order, meaning=part.meaning, now=desk.errand.now)
    if row.order.confirmed:
        row.content = content_digest(row.order)


def _parts(desk: Desk, row: Row, order: Order) -> Sequence[Part]:
    """The order; where it was split here, its parts."""
    draft, meaning = to_draft(row.order, matcher=desk.matcher), desk.meaning(row.order.status_id)
    if order.pk not in desk.split:
        return [Part(order, draft, row.order, meaning)]
    return parts_in(desk.errand.store, root=order, seen=row.order, draft=draft, meaning=meaning)


def _follow_all(desk: Desk, row: Row, part: Part) -> list[Trouble]:
    order, draft, actor = part.order, part.draft, desk.errand.actor
    before = desk.meaning(order.remote_status_id)
    edited = row.kept.content_digest != content_digest(row.order) and not part.untouched
    was_over = order.status in CANCELED_FOR_GOOD | CANCELING
    claimed = take_claims(order=order, seen=part.seen, past=desk.historic, actor=actor)
    troubles = take_lines(order=order, draft=draft, edited=edited, claimed=claimed, actor=actor)
    name = desk.status_name(row.order.status_id)
    if trouble := follow_status(order=order, meaning=part.meaning, before=before, status_name=name, actor=actor):
        troubles.append(trouble)
    if was_over:  # back to work: what was edited while it was over is taken in now
        troubles += take_lines(order=order, draft=draft, edited=edited, claimed=claimed, actor=actor)
    if part.is_one_of_many and order.status in CANCELED_FOR_GOOD:
        orders.amend_words(draft=draft, **who(order, actor))
    if claimed:
        troubles += follow_claims(order=order, meaning=part.meaning, actor=actor)
    take_parcels(order=order, seen=part.seen, actor=actor)
    return troubles


def _note_troubles(desk: Desk, order: Order, troubles: Sequence[Trouble]) -> None:
    """Open what stands in the way, close what no longer does. An edit too late stays until a person looked."""
    unique = {trouble.code: trouble for trouble in troubles}
    resolve_problems(
        seller_id=order.seller_id,
        object_type="order",
        object_id=order.pk,
        codes=[code for code in (*FOLLOWING, *BY_LINES, LOST_STATUS) if code not in unique],
        actor=desk.errand.actor,
        now=desk.errand.now,
    )
    for trouble in unique.values():
        open_on_order(desk, order_id=order.pk, trouble=trouble)
