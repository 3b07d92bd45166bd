"""Telling a mall what becomes of an order before it is packed: prepared, held, released, canceled.

Every write begins with reading the order, so a repeat, also after a lost answer, finds its work done.
"""

from collections.abc import Mapping, Sequence

from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.errors import OrderStateRefused, RefusedByMall, SameAlready
from entrepot.connectors.cafe24.order_desk import OpenOrder, OrderDesk, all_units, first_of, item_codes
from entrepot.connectors.cafe24.order_errors import (
    AlreadyShipped,
    MarketDecides,
    OrderMovedOn,
    ParcelsTellThis,
    UnknownStatus,
)
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.state import CANCELED, CANCELED_UNPAID, claim_kind, has_left, line_state
from entrepot.connectors.cafe24.values import text, truth
from entrepot.connectors.contract import StatusWrite, WriteAnswer

OF_PARCELS = frozenset({"N21", "N30", "N40", "N50"})
_MOVES: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    "N10": (("unhold", ("N22",)), ("prepareproduct", ("N20",))),
    "N20": (("unhold", ("N22",)), ("prepare", ("N01", "N10"))),
    "N22": (("hold", ("N10", "N20")),),
}
"""Which words lead to a state, in their order, and from which states each leads on."""
CANCEL_REASON, OTHER_REASON = "Canceled by the seller", "I"
_CANCELING = frozenset({"C34", "C35", "C36"})
_REFUSED = (OrderStateRefused, SameAlready)


class Cafe24Statuses:
    """The states before a parcel: N10, N20, N22. What comes later is told by parcels."""

    def __init__(self, session: MallSession) -> None:
        self._session = session
        self._desk = OrderDesk(session)

    def tell(self, write: StatusWrite) -> WriteAnswer:
        """Prepare, hold or release the lines that can be.

        Raises:
            ParcelsTellThis: The state is a parcel's.
            UnknownStatus: No order can be told so.
            OrderMovedOn: The order is not in `expected_status_id`, or past this.
            GoneFromMall: The order was deleted there.
        """
        if write.status_id in OF_PARCELS:
            raise ParcelsTellThis(status_id=write.status_id)
        if write.status_id not in _MOVES:
            raise UnknownStatus(status_id=write.status_id)
        opened = self._desk.open(write.order_id, write.line_ids)
        if write.expected_status_id and opened.code != write.expected_status_id:
            raise OrderMovedOn(found=opened.code)
        repeated, before = True, opened
        for word, sources in _MOVES[write.status_id]:
            seen = before if word == "prepareproduct" else opened  # what is released stays where it comes back to
            if (items := seen.of(*sources)) and self._is_used(word):
                repeated = self._put(write, opened.order.order_id, word, items) and repeated
                opened = self._desk.open(write.order_id, write.line_ids)
        there = opened.of(write.status_id) or (write.status_id == "N10" and opened.of("N20"))
        if not there:
            raise OrderMovedOn(found=opened.code)
        return WriteAnswer(remote_id=write.order_id, repeated=repeated)

    def _is_used(self, word: str) -> bool:
        """N10 is there only in malls that use it; elsewhere N20 is the beginning."""
        return word != "prepareproduct" or truth(self._session.order_setting().use_product_prepare_status)

    def _put(self, write: StatusWrite, order_id: str, word: str, items: Sequence[wire.Item]) -> bool:
        """Say the word; True when others had said it meanwhile."""
        request = {"process_status": word, "order_item_code": item_codes(items)}
        try:
            self._session.client.put(f"orders/{order_id}", request)
        except _REFUSED:
            now = self._desk.open(write.order_id, write.line_ids)
            if not set(item_codes(items)) <= set(item_codes(now.of(write.status_id))):
                raise
            return True
        return False


class Cafe24Cancellations:
    """Cancelling for the seller; the refund stays the mall's business."""

    def __init__(self, session: MallSession) -> None:
        self._session = session
        self._desk = OrderDesk(session)

    def cancel(self, write: StatusWrite) -> WriteAnswer:
        """Cancel the lines that have not left, and let the mall put their stock back.

        Raises:
            AlreadyShipped: All of it has left.
            OrderMovedOn: The order is not in `expected_status_id`.
            MarketDecides: Only the market it was bought at may cancel it.
            GoneFromMall: The order was deleted there.
        """
        opened = self._desk.open(write.order_id, write.line_ids)
        items = _cancelable(opened)
        if not items:
            return _canceled_before(opened)
        if write.expected_status_id and opened.code != write.expected_status_id:
            raise OrderMovedOn(found=opened.code)
        try:
            code = cancel_items(self._session, opened, all_units(items), reason=write.comment)
        except _REFUSED:
            now = self._desk.open(write.order_id, write.line_ids)
            if _cancelable(now):
                raise
            return _canceled_before(now)
        return WriteAnswer(remote_id=code, repeated=False)


def cancel_items(session: MallSession, opened: OpenOrder, items: Sequence[Mapping[str, object]], *, reason: str) -> str:
    """Cancel these units now; answers the claim's code.

    Raises:
        MarketDecides: Only the market may.
        ChannelError: The mall refused, or nobody knows.
    """
    request: dict[str, object] = {
        "status": "canceled",
        "recover_inventory": "T",
        "reason": (reason or CANCEL_REASON)[:2000],
        "items": items,
    }
    if not opened.market:  # markets have reasons of their own
        request["claim_reason_type"] = OTHER_REASON
    try:
        answer = session.client.post(f"orders/{opened.order.order_id}/cancellation", request)
    except RefusedByMall as refusal:
        if opened.market:
            raise MarketDecides(refusal.detail, market=opened.market, reason=refusal.fields["reason"]) from refusal
        raise
    return str(first_of(answer, "cancellation", "cancellations").get("claim_code") or "")


def _cancelable(opened: OpenOrder) -> list[wire.Item]:
    """Items that are neither canceled, nor being canceled, nor gone."""
    return [
        item
        for item in opened.items
        if not has_left(opened.state(item))
        and line_state(opened.state(item)) != "canceled"
        and text(item.order_status) not in _CANCELING
    ]


def _canceled_before(opened: OpenOrder) -> WriteAnswer:
    over = {*CANCELED, *CANCELED_UNPAID, *_CANCELING}
    canceled = [item for item in opened.items if text(item.order_status) in over]
    if not canceled:
        raise AlreadyShipped(order_id=opened.part.number)
    codes = [text(item.claim_code) for item in canceled if claim_kind(text(item.order_status)) == "cancel"]
    return WriteAnswer(remote_id=next((code for code in codes if code), ""), repeated=True)
