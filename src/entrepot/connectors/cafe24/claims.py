"""Answering buyers' wishes in a mall: accept or refuse a cancellation, take goods back.

The order is read first: a wish that is decided as we want it already is answered as a repeat, another decision is told.
"""

from collections.abc import Mapping, Sequence

from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.errors import OrderStateRefused, RefusedByMall, SameAlready
from entrepot.connectors.cafe24.mapping_claims import claim_id, own_code
from entrepot.connectors.cafe24.mapping_order_parts import item_code_of
from entrepot.connectors.cafe24.order_desk import OpenOrder, OrderDesk, first_of, item_codes, wished_units
from entrepot.connectors.cafe24.order_errors import ClaimNotOpen, ExchangeInMall, MarketDecides
from entrepot.connectors.cafe24.order_sinks import OTHER_REASON, cancel_items
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.state import ClaimState, claim_kind, claim_state
from entrepot.connectors.cafe24.values import text
from entrepot.connectors.contract import ClaimWrite, WriteAnswer

_ASKED: frozenset[ClaimState] = frozenset({"asked"})
_ON_ITS_WAY: frozenset[ClaimState] = frozenset({"asked", "accepted"})
_GRANTED: frozenset[ClaimState] = frozenset({"accepted", "received", "done"})
_BACK: frozenset[ClaimState] = frozenset({"received", "done"})
_REQUESTS: Mapping[str, str] = {
    "cancel": "cancellationrequests",
    "return": "returnrequests",
    "exchange": "exchangerequests",
}
_REFUSED = (OrderStateRefused, SameAlready)
NO_REASON = "Refused by the seller"


class Cafe24Claims:
    """Wishes of buyers in one shop of a mall. Refunds stay the mall's business."""

    def __init__(self, session: MallSession) -> None:
        self._session = session
        self._desk = OrderDesk(session)

    def answer(self, write: ClaimWrite) -> WriteAnswer:
        """Accept, refuse or receive.

        Raises:
            ClaimNotOpen: It was decided otherwise, or taken back.
            ExchangeInMall: Exchanges are accepted in the mall, where the replacement is chosen.
            MarketDecides: Only the market it was bought at may say so.
            GoneFromMall: The order was deleted there.
        """
        if (write.kind, write.deed) == ("exchange", "accept"):
            raise ExchangeInMall
        opened, items = self._look(write)
        waiting = _of(items, _ON_ITS_WAY if write.deed == "receive" else _ASKED)
        if not waiting:
            return self._decided(write, items)
        try:
            code = self._say(write, opened, waiting)
        except _REFUSED:
            _, now = self._look(write)
            if _of(now, _ON_ITS_WAY if write.deed == "receive" else _ASKED):
                raise
            return self._decided(write, now)
        except RefusedByMall as refusal:
            if opened.market:
                raise MarketDecides(refusal.detail, market=opened.market, reason=refusal.fields["reason"]) from refusal
            raise
        return WriteAnswer(remote_id=code or write.claim_id, repeated=False)

    def _look(self, write: ClaimWrite) -> tuple[OpenOrder, list[wire.Item]]:
        """The order, and the items the wish is or was about."""
        opened = self._desk.open(write.order_id)
        named = {item_code_of(line_id) for line_id, _ in write.lines}
        unnumbered = write.claim_id == claim_id(opened.order.order_id, write.kind, "")
        found: list[wire.Item] = []
        for item in opened.items:
            is_claimed = claim_kind(text(item.order_status)) == write.kind
            is_meant = unnumbered or own_code(write.kind, item) in {"", write.claim_id}
            if (item.order_item_code in named) if named else (is_claimed and is_meant):
                found.append(item)
        return opened, found

    def _decided(self, write: ClaimWrite, items: Sequence[wire.Item]) -> WriteAnswer:
        """The answer to a wish that waits for nobody: done as we want it, or otherwise.

        Raises:
            ClaimNotOpen: Otherwise.
        """
        ours = [item for item in items if claim_kind(text(item.order_status)) == write.kind]
        match write.deed:
            case "accept":
                is_done = bool(_of(ours, _GRANTED))
            case "receive":
                is_done = bool(_of(ours, _BACK))
            case "refuse":
                is_done = not _of(ours, _GRANTED)
        if not is_done:
            raise ClaimNotOpen
        codes = [own_code(write.kind, item) for item in ours]
        return WriteAnswer(remote_id=next((code for code in codes if code), write.claim_id), repeated=True)

    # ----------------------------------------------------------------- saying it

    def _say(self, write: ClaimWrite, opened: OpenOrder, items: Sequence[wire.Item]) -> str:
        match write.kind, write.deed:
            case _, "refuse":
                return self._refuse(write, opened, items)
            case "cancel", _:
                return cancel_items(self._session, opened, wished_units(items), reason=write.reason)
            case "return", "accept":
                return self._begin_return(opened, items, {"status": "accepted", "pickup_completed": "F"}, write.reason)
            case "return", _:
                return self._receive_return(write, opened, items)
            case _:
                return self._receive_exchange(opened, items)

    def _refuse(self, write: ClaimWrite, opened: OpenOrder, items: Sequence[wire.Item]) -> str:
        reason = (write.reason or NO_REASON)[:2000]
        request: dict[str, object] = {
            "order_id": opened.order.order_id,
            "order_item_code": item_codes(items),
            "undone": "T",
            "reason_type": OTHER_REASON,
            "reason": reason,
            "display_reject_reason": "T",
            "reject_reason": reason,
        }
        first_of(self._session.client.put(_REQUESTS[write.kind], [request]), _REQUESTS[write.kind])
        return ""

    def _begin_return(
        self, opened: OpenOrder, items: Sequence[wire.Item], step: Mapping[str, object], reason: str
    ) -> str:
        request: dict[str, object] = {
            **step,
            "recover_inventory": "F",
            "reason": reason or next((text(item.claim_reason) for item in items if text(item.claim_reason)), ""),
            "claim_reason_type": OTHER_REASON,
            "items": wished_units(items),
        }
        answer = self._session.client.post(f"orders/{opened.order.order_id}/return", request)
        return str(first_of(answer, "return", "returns").get("claim_code") or "")

    def _receive_return(self, write: ClaimWrite, opened: OpenOrder, items: Sequence[wire.Item]) -> str:
        """The goods are back. What becomes of them is decided here, so the mall puts nothing back by itself."""
        step = {"status": "processing", "pickup_completed": "T"}
        asked = _of(items, _ASKED)
        code = self._begin_return(opened, asked, step, write.reason) if asked else ""
        for claim_code, members in _by_code(write, [item for item in items if item not in asked]).items():
            request = {**step, "recover_inventory": "F", "items": _bare(members)}
            self._session.client.put(f"orders/{opened.order.order_id}/return/{claim_code}", request)
            code = claim_code
        return code

    def _receive_exchange(self, opened: OpenOrder, items: Sequence[wire.Item]) -> str:
        """The exchanged goods are back; the mall then lets the replacement go."""
        code = next((text(item.claim_code) for item in items if text(item.claim_code)), "")
        if not code:
            raise ClaimNotOpen
        request = {"pickup_completed": "T", "items": _bare(items)}
        self._session.client.put(f"orders/{opened.order.order_id}/exchange/{code}", request)
        return code


def _of(items: Sequence[wire.Item], states: frozenset[ClaimState]) -> list[wire.Item]:
    return [item for item in items if claim_state(text(item.order_status)) in states]


def _by_code(write: ClaimWrite, items: Sequence[wire.Item]) -> dict[str, list[wire.Item]]:
    found: dict[str, list[wire.Item]] = {}
    for item in items:
        found.setdefault(own_code(write.kind, item) or write.claim_id, []).append(item)
    return found


def _bare(items: Sequence[wire.Item]) -> list[dict[str, str]]:
    return [{"order_item_code": item.order_item_code} for item in items]
