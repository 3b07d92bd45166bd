"""Then act: kept orders become orders on the desk, or change the ones that are there. One bad order stops nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import msgspec
from django.db import DataError, IntegrityError, transaction
from django.db.models import Exists, OuterRef

from entrepot.channels.live import announce
from entrepot.channels.models import IncomingOrder, StatusMapping, Store
from entrepot.channels.services.intake_apply import UNMAPPED_SKU, Trouble
from entrepot.channels.services.intake_desk import (
    Desk,
    Entered,
    Errand,
    Row,
    alone,
    mark_rows,
    note_unreadable,
    open_on_order,
)
from entrepot.channels.services.intake_follow import follow
from entrepot.channels.services.intake_keep import (
    NOT_IMPORTED,
    SETTLING,
    UNCONFIRMED,
    AtHand,
    content_digest,
    kept_order,
)
from entrepot.channels.services.intake_match import line_matcher, opened_elsewhere, to_draft
from entrepot.channels.services.wakes import doubt_figures
from entrepot.connectors.contract import ChannelOrder
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.orders import services as orders
from entrepot.orders.drafts import OrderDraft, Placed
from entrepot.orders.flow import LEFT
from entrepot.orders.holds import AWAITING_PAYMENT, HELD_IN_STORE
from entrepot.orders.models import Order, Status

CHUNK = 200
SETTLE_TIME = timedelta(seconds=60)

Meaning = StatusMapping.Meaning
_NEVER: Mapping[str, str] = {Meaning.CANCELED: Status.CANCELED, Meaning.UNPAID_CANCELED: Status.UNPAID_CANCELED}
"""What an order enters as that was canceled before we saw it: nothing was ever set aside for it."""
_OVER: Mapping[str, str] = {
    Meaning.IN_TRANSIT: Status.IN_TRANSIT,
    Meaning.COMPLETE: Status.COMPLETE,
    Meaning.RETURN_ASKED: Status.RETURN_IN_PROCESS,
    Meaning.RETURNED: Status.RETURNED,
}
"""What one enters as that had left before our stock was opened."""
_HELD: Mapping[str, str] = {Meaning.UNPAID: AWAITING_PAYMENT, Meaning.HELD: HELD_IN_STORE}
_DONE = frozenset({Status.COMPLETE, Status.RETURNED})
State = IncomingOrder.State


def enter_waiting(
    *,
    store: Store,
    actor: Actor,
    now: datetime,
    incoming_ids: Sequence[int] | None = None,
    settled: frozenset[int] = frozenset(),
    at_hand: AtHand | None = None,
) -> Entered:
    """Enter the store's waiting orders (these, or all): new ones as a set in one transaction, known ones each alone.

    `at_hand`: orders that need not be read back. `settled`: rows whose passing state was read again and has stayed.
    Whoever comes second waits for the first and finds nothing left to do, so any number of callers enter an order once.
    """
    report = Entered()
    ids = list(incoming_ids) if incoming_ids is not None else _waiting_ids(store)
    for start in range(0, len(ids), CHUNK):
        errand = Errand(store, actor, now, settled, at_hand or {})
        with transaction.atomic():
            known = _enter_new(errand, sorted(ids[start : start + CHUNK]))
        for incoming_id in known:
            with transaction.atomic():
                _follow_one(errand, incoming_id)
        report.add(errand.report)
    if report.moved:
        announce(store.seller_id, "orders")
    return report


def _waiting_ids(store: Store) -> list[int]:
    waiting = IncomingOrder.objects.filter(store=store, seller_id=store.seller_id, state=State.WAITING)
    return list(waiting.order_by("id").values_list("id", flat=True))


def _enter_new(errand: Errand, ids: Sequence[int]) -> list[int]:
    """Place the orders that the desk has not seen; the rows of those it has, to be followed one by one.

    Orders and stock are locked in a fixed order within one verb; two verbs in one transaction would break that order.
    """
    rows = _locked_rows(errand, ids)
    desk = _load(errand, rows)
    fresh: list[Row] = []
    known: list[Row] = []
    for row in rows:
        if _unsettled(desk, row):
            row.code = SETTLING
            errand.report.waiting += 1
        elif row.order.remote_id in desk.known:
            known.append(row)
        elif not row.order.confirmed:
            _ignore(desk, row, UNCONFIRMED)
        elif desk.meaning(row.order.status_id) == Meaning.IGNORE:
            _ignore(desk, row, NOT_IMPORTED)
        else:
            fresh.append(row)
    _place(desk, fresh)
    doubt_figures(store=errand.store, product_ids=(line.product_id for row in fresh for line in row.order.lines))
    mark_rows(errand, rows=[row for row in rows if row not in known])
    return sorted(row.kept.pk for row in [*known, *fresh] if row in known or row.state == State.WAITING)


def _follow_one(errand: Errand, incoming_id: int) -> None:
    rows = _locked_rows(errand, [incoming_id])
    if rows:
        desk = _load(errand, rows)
        known = desk.known[rows[0].order.remote_id]
        before = known.lines.values_list("product_remote_id", flat=True)
        now = [line.product_id for line in rows[0].order.lines]
        doubt_figures(store=errand.store, product_ids=[*before, *now])
        alone(desk, row=rows[0], deed=partial(follow, desk, row=rows[0], order=known))
        mark_rows(errand, rows=rows)


def _locked_rows(errand: Errand, ids: Sequence[int]) -> list[Row]:
    """Lock these rows as far as they still wait. Whoever comes second waits here and finds nothing left."""
    ours = IncomingOrder.objects.filter(store=errand.store, seller_id=errand.store.seller_id, id__in=ids)
    locked = ours.filter(state=State.WAITING).select_for_update().defer("raw").order_by("id")
    waiting = list(locked)
    absent = [kept.pk for kept in waiting if (kept.remote_id, kept.digest) not in errand.at_hand]
    raws = dict(ours.filter(id__in=absent).values_list("id", "raw")) if absent else {}
    rows: list[Row] = []
    for kept in waiting:
        try:
            order = errand.at_hand.get((kept.remote_id, kept.digest)) or kept_order(raws[kept.pk])
        except msgspec.ValidationError as error:
            note_unreadable(errand, kept=kept, why=str(error))
        else:
            rows.append(Row(kept, order, kept.content_digest))
    return rows


def _load(errand: Errand, rows: Sequence[Row]) -> Desk:
    store = errand.store
    ours = Order.objects.filter(
        seller_id=store.seller_id, sales_channel_id=store.pk, remote_id__in=[row.order.remote_id for row in rows]
    )
    known = ours.annotate(is_split=Exists(Order.objects.filter(split_from=OuterRef("pk"))))  # house: seller its parts
    matcher = line_matcher(store, lines=[line for row in rows for line in row.order.lines])
    return Desk(
        errand=errand,
        mappings={mapping.remote_id: mapping for mapping in StatusMapping.objects.filter(store=store)},
        known={order.remote_id: order for order in known},
        split=frozenset(order.pk for order in known if order.is_split),
        matcher=matcher,
        opened_elsewhere=opened_elsewhere(store, items=matcher.items) if store.orders_seen_at is None else frozenset(),
    )


def _unsettled(desk: Desk, row: Row) -> bool:
    """An edit in the store passes through a void state for a moment; acting on it would cancel a living order."""
    passing = row.order.settling or (row.order.remote_id in desk.known and not row.order.confirmed)
    return passing and row.kept.pk not in desk.errand.settled


def _ignore(desk: Desk, row: Row, code: str) -> None:
    row.state, row.code = State.IGNORED, code
    desk.errand.report.ignored += 1


# --------------------------------------------------------------------------- orders the desk has not seen


def _place(desk: Desk, fresh: Sequence[Row]) -> None:
    """Place new orders as one set; where that fails, one by one, so that the bad one stands alone."""
    if not fresh:
        return
    try:
        with transaction.atomic():
            placed = _place_set(desk, fresh)
    except (EntrepotError, DataError, IntegrityError):
        for row in fresh:
            alone(desk, row=row, deed=partial(_place_alone, desk, row))
        return
    for row in fresh:
        _placed(desk, row, placed[row.order.remote_id])


def _place_set(desk: Desk, rows: Sequence[Row]) -> dict[str, Placed]:
    answers = orders.place_orders(
        seller_id=desk.errand.store.seller_id,
        sales_channel_id=desk.errand.store.pk,
        drafts=[_draft(desk, row.order) for row in rows],
        actor=desk.errand.actor,
        now=desk.errand.now,
    )
    return {answer.remote_id: answer for answer in answers}


def _place_alone(desk: Desk, row: Row) -> None:
    _placed(desk, row, _place_set(desk, [row])[row.order.remote_id])


def _draft(desk: Desk, order: ChannelOrder) -> OrderDraft:
    """The order with how it enters: over already, or counted by the store before our stock was opened."""
    draft = to_draft(order, matcher=desk.matcher)
    mapping = desk.mappings.get(order.status_id)
    if mapping is None:
        return draft
    if entered_as := _NEVER.get(mapping.meaning) or (_OVER.get(mapping.meaning) if desk.historic else None):
        return replace(draft, entered_as=entered_as)
    draft = replace(draft, hold=_HELD.get(mapping.meaning, ""), left_before=desk.historic)
    if not (desk.historic and mapping.takes_stock):
        return draft
    return replace(draft, taken_before=True, opened_elsewhere=desk.opened_elsewhere)


def _placed(desk: Desk, row: Row, answer: Placed) -> None:
    """Write down what it became. What says more than "new" is followed next, in a transaction of its own."""
    simple = {Meaning.NEW, Meaning.CANCELED, Meaning.UNPAID_CANCELED, *_HELD}
    plain = desk.meaning(row.order.status_id) in simple or answer.status in LEFT
    plain = plain and not row.order.claims and not (row.order.parcels and answer.status not in _DONE)
    plain = plain and (desk.historic or all(line.state in {"open", "canceled"} for line in row.order.lines))
    row.state = State.ENTERED if plain and answer.created else State.WAITING
    row.desk_id, row.content = answer.order_id, content_digest(row.order)
    desk.errand.report.placed += answer.created
    if answer.unmatched:
        open_on_order(desk, order_id=answer.order_id, trouble=Trouble(UNMAPPED_SKU, {"number": row.order.number}))
