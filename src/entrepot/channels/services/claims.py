"""Decisions about buyers' wishes: cancel or not, send back or not, and what to do with a parcel they have stopped.

What is decided here is a row that the store is told; the order goes on when the store has taken it.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.errors import (
    AnswerOnItsWay,
    ClaimDecided,
    ClaimNotFound,
    ReasonForBuyerMissing,
    StillPacked,
    StoreStateForbids,
)
from entrepot.channels.models import IncomingOrder, StatusDebt, Store
from entrepot.channels.services.debts import CLAIM
from entrepot.channels.services.intake import store_actor
from entrepot.channels.services.intake_enter import enter_waiting
from entrepot.channels.services.statuses import cancel_in_store
from entrepot.channels.services.wakes import wake_pushes
from entrepot.fulfilment import services as fulfilment
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.claims import OPEN, RETURNING, asked_to_cancel
from entrepot.orders.errors import OrderNotFound
from entrepot.orders.flow import packed
from entrepot.orders.holds import CANCEL_AFTER_PACKING, CANCEL_ASKED_PARTLY
from entrepot.orders.models import Order, OrderClaim, Status
from entrepot.orders.parts import on_all_parts, root_of

State = OrderClaim.State


@transaction.atomic
def answer_claim(*, seller_id: int, claim_id: int, deed: str, actor: Actor, reason: str = "") -> StatusDebt:
    """Accept a wish, refuse it with a reason the buyer reads, or say that its goods are back (`receive`).

    Pressed twice, it is one answer.

    Raises:
        ClaimNotFound: There is no such wish with this seller.
        ClaimDecided: It is not open any more.
        AnswerOnItsWay: The store is being told something else about it.
        ReasonForBuyerMissing: It is refused without saying why.
        StillPacked: It would be canceled while it lies in a parcel.
        StoreStateForbids: The store may not be written to now.
    """
    claim = OrderClaim.objects.filter(pk=claim_id, order__seller_id=seller_id).select_related("order").first()
    if claim is None:
        raise ClaimNotFound(claim_id=claim_id)
    order = _locked(seller_id, claim.order_id)
    claim.refresh_from_db(fields=["state"])
    _check(claim, order, deed, reason)
    store = _writable(order)
    before = StatusDebt.objects.filter(seller_id=seller_id, order=order, kind=CLAIM, payload__claim=claim.pk)
    waiting = before.filter(sent_at=None).first()
    if waiting is not None:
        if waiting.payload["deed"] != deed:
            raise AnswerOnItsWay(number=order.number)
        return waiting
    debt = StatusDebt.objects.create(
        seller_id=seller_id,
        store=store,
        order=order,
        kind=CLAIM,
        key=f"claim:{claim.pk}:{deed}:{before.count()}",
        payload={"claim": claim.pk, "deed": deed, "reason": reason.strip()[:1000], "by": str(actor)[:120]},
        created_at=timezone.now(),
    )
    engine.wake("push_statuses", store.pk)
    return debt


@transaction.atomic
def accept_cancel(*, seller_id: int, order_id: int, actor: Actor, reason: str = "") -> int:
    """Accept every wish to cancel that stands open on an order; how many. It is canceled once its store shows that.

    Raises:
        OrderNotFound: There is no such order of this seller.
        ClaimDecided: There is none.
        StillPacked: It lies in a parcel; see `unpack_and_cancel`.
        StoreStateForbids: The store may not be written to now.
    """
    return len(_answer_all(_locked(seller_id, order_id), "accept", actor, reason))


@transaction.atomic
def refuse_cancel(*, seller_id: int, order_id: int, actor: Actor, reason: str) -> int:
    """Refuse every wish to cancel that stands open on an order, with a reason its buyer reads; how many.

    Raises:
        OrderNotFound: There is no such order of this seller.
        ClaimDecided: There is none.
        ReasonForBuyerMissing: No reason was given.
        StoreStateForbids: The store may not be written to now.
    """
    return len(_answer_all(_locked(seller_id, order_id), "refuse", actor, reason))


@transaction.atomic
def refuse_and_go_on(*, seller_id: int, order_id: int, actor: Actor, reason: str) -> int:
    """Refuse the cancellation that has stopped an order; it goes on once its store has taken that.

    Where the wish is no longer open in the store, it goes on at once. Tells how many wishes are being refused.

    Raises:
        OrderNotFound: There is no such order of this seller.
        ClaimDecided: It was not stopped by a wish to cancel, or that is accepted.
        ReasonForBuyerMissing: No reason was given.
        StoreStateForbids: The store may not be written to now.
    """
    order = _locked(seller_id, order_id)
    if order.status != Status.ON_HOLD or order.hold_code not in {CANCEL_AFTER_PACKING, CANCEL_ASKED_PARTLY}:
        raise ClaimDecided(number=order.number)
    if asked_to_cancel(order):
        return len(_answer_all(order, "refuse", actor, reason))
    if order.claims.filter(order__seller_id=seller_id, kind=OrderClaim.Kind.CANCEL, state__in=OPEN).exists():
        raise ClaimDecided(number=order.number)
    orders.hold_is_over(seller_id=seller_id, order_id=order_id, codes=[order.hold_code], actor=actor, reason=reason)
    engine.wake("push_statuses", order.sales_channel_id)
    return 0


@transaction.atomic
def unpack(*, seller_id: int, order_id: int, actor: Actor, reason: str = "") -> str:
    """Void the parcels of an order, then follow what its store made of it meanwhile; tells its status before that.

    Raises:
        OrderNotFound: There is no such order of this seller.
        MoveNotPossible: It is not packed.
        ShipmentClosed: A parcel has left.
    """
    order = _locked(seller_id, order_id)
    status = fulfilment.unpack(seller_id=seller_id, order_id=order_id, actor=actor, reason=reason)
    rows = IncomingOrder.objects.filter(seller_id=seller_id, order_id=root_of(order), state=IncomingOrder.State.ENTERED)
    if rows.update(state=IncomingOrder.State.WAITING, content_digest=""):
        transaction.on_commit(partial(_follow_again, order), robust=True)
    wake_pushes(seller_id)
    return status


def _follow_again(order: Order) -> None:
    """What the store did to the order while it was packed counts now. Should this fail, the tick finds the row."""
    store = Store.objects.select_related("sales_channel").get(pk=order.sales_channel_id, seller_id=order.seller_id)
    rows = IncomingOrder.objects.filter(store=store, seller_id=order.seller_id, order_id=root_of(order))
    ids = list(rows.values_list("pk", flat=True))
    enter_waiting(store=store, actor=store_actor(store), now=timezone.now(), incoming_ids=ids)


@transaction.atomic
def unpack_and_cancel(*, seller_id: int, order_id: int, actor: Actor, reason: str = "") -> str:
    """Void the parcels of a stopped order and cancel what was asked for; tells its status.

    What its store has canceled is canceled at once; a wish is accepted in the store first. One that nobody asked to
    cancel is canceled for the seller.

    Raises:
        OrderNotFound: There is no such order of this seller.
        MoveNotPossible: It is not packed.
        ShipmentClosed: A parcel has left.
        StoreStateForbids: The store may not be written to now.
    """
    status = unpack(seller_id=seller_id, order_id=order_id, actor=actor, reason=reason)
    order = _locked(seller_id, order_id)
    if asked_to_cancel(order):
        _answer_all(order, "accept", actor, reason)
    elif status == Status.RFP:
        return cancel_in_store(seller_id=seller_id, order_id=order_id, actor=actor, reason=reason).status
    return status


@transaction.atomic
def receive_return(
    *, seller_id: int, order_id: int, lines: Mapping[int, tuple[int, int]], actor: Actor, reason: str = ""
) -> str:
    """Goods are back, `{line id: (restocked, scrapped)}`; the store is told of each return that is here as a whole.

    Tells the order's status. What is refunded stays the store's business.

    Raises:
        OrderNotFound, MoveNotPossible, ReturnInvalid: As `orders.services.receive_return`.
    """
    status = orders.receive_return(seller_id=seller_id, order_id=order_id, lines=lines, actor=actor, reason=reason)
    order = _locked(seller_id, order_id)
    store = Store.objects.filter(pk=order.sales_channel_id, seller_id=seller_id).first()
    if store is not None and store.writable:
        for claim in order.claims.filter(order__seller_id=seller_id, kind__in=RETURNING, state__in=OPEN):
            if all(_is_back(one) for one in on_all_parts(claim)):
                answer_claim(seller_id=seller_id, claim_id=claim.pk, deed="receive", actor=actor, reason=reason)
    wake_pushes(seller_id)
    return status


def _is_back(claim: OrderClaim) -> bool:
    """Whether all that a return names is here again."""
    lines = claim.order.lines.filter(order__seller_id=claim.order.seller_id)
    back = {line.remote_id: line.returned for line in lines}
    return all(back.get(remote_id, 0) >= quantity for remote_id, quantity in claim.lines)


def _answer_all(order: Order, deed: str, actor: Actor, reason: str) -> Sequence[StatusDebt]:
    asked = asked_to_cancel(order)
    if not asked:
        raise ClaimDecided(number=order.number)
    return [
        answer_claim(seller_id=order.seller_id, claim_id=claim.pk, deed=deed, actor=actor, reason=reason)
        for claim in asked
    ]


def _check(claim: OrderClaim, order: Order, deed: str, reason: str) -> None:
    receives = deed == "receive"
    if claim.state not in (OPEN if receives else {State.ASKED.value}) or (receives and claim.kind not in RETURNING):
        raise ClaimDecided(number=order.number)
    if deed == "refuse" and not reason.strip():
        raise ReasonForBuyerMissing(field="reason", reason="")
    if deed == "accept" and claim.kind == OrderClaim.Kind.CANCEL and packed(order):
        raise StillPacked(number=order.number)


def _locked(seller_id: int, order_id: int) -> Order:
    order = Order.objects.select_for_update(no_key=True).filter(pk=order_id, seller_id=seller_id).first()
    if order is None:
        raise OrderNotFound(order_id=order_id)
    return order


def _writable(order: Order) -> Store:
    store = Store.objects.filter(pk=order.sales_channel_id, seller_id=order.seller_id).first()
    if store is None or not store.writable:
        raise StoreStateForbids(state=Store.State(store.state).label if store else "")
    return store
