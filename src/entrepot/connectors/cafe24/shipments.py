"""Telling a mall of parcels: packed, with the carrier, delivered. One parcel, never two.

In Cafe24 a parcel's state is its items' state: standby N21, shipping N30, shipped N40. Nothing there makes a repeated
POST harmless, so every telling begins with reading the parcels the mall has; the same tracking number means: done.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.client import Answer
from entrepot.connectors.cafe24.errors import OrderStateRefused, RefusedByMall, SameAlready
from entrepot.connectors.cafe24.mapping_order_parts import item_code_of
from entrepot.connectors.cafe24.order_desk import OpenOrder, OrderDesk, first_of, item_codes
from entrepot.connectors.cafe24.order_errors import (
    CancelAskedFirst,
    CarrierUnknown,
    NothingToShip,
    NotPaidYet,
    OnHoldInMall,
    ParcelIncomplete,
)
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.state import AWAITING_PAYMENT, claim_kind, line_state, lives_by, parcel_code
from entrepot.connectors.cafe24.values import text, truth
from entrepot.connectors.contract import ChannelCarrier, ShipmentWrite, WriteAnswer

OWN_DELIVERY = "0001"
PICKUP_NUMBER = "PICKUP"
"""What stands as carrier and number of goods that the buyer fetches; Cafe24 moves no order without them."""

READY, HANDED_OVER, DELIVERED = 1, 2, 3
_GOALS: Mapping[str, int] = {"ready": READY, "handed_over": HANDED_OVER, "delivered": DELIVERED}
_WORDS: Mapping[str, int] = {"standby": READY, "shipping": HANDED_OVER, "shipped": DELIVERED}
_CODES: Mapping[str, int] = {"": 0, "N21": READY, "N30": HANDED_OVER, "N40": DELIVERED}
_REFUSED = (OrderStateRefused, SameAlready)


@dataclass(slots=True)
class _Telling:
    """A parcel, where it shall get to, and the order it belongs to, as it was read a moment ago."""

    write: ShipmentWrite
    goal: int
    opened: OpenOrder
    carrier: str
    number: str
    written: bool = False
    codes: list[str] = field(default_factory=list)

    @property
    def order_id(self) -> str:
        return self.opened.order.order_id

    def rank(self, item: wire.Item) -> int:
        """How far the item's parcel is."""
        return _CODES[parcel_code(self.opened.state(item))]


class Cafe24Shipments:
    """Parcels of one shop of a mall."""

    moves_orders = True
    needs_tracking = True

    def __init__(self, session: MallSession) -> None:
        self._session = session
        self._desk = OrderDesk(session)

    def carriers(self) -> Sequence[ChannelCarrier]:
        """The carriers the mall has registered; it takes no other (case 25)."""
        return [
            ChannelCarrier(
                remote_id=text(row.shipping_carrier_code),
                name=text(row.shipping_carrier),
                tracking_url=text(row.track_shipment_url),
                default=truth(row.default_shipping_carrier),
            )
            for row in self._session.carriers(fresh=True)
            if text(row.shipping_carrier_code)
        ]

    def ship(self, write: ShipmentWrite) -> WriteAnswer:
        """Tell a parcel, or how far it has got. What the mall shows already is not told again.

        Raises:
            ParcelIncomplete: Carrier or tracking number is missing.
            CarrierUnknown: The mall has not registered the carrier.
            CancelAskedFirst, OnHoldInMall, NotPaidYet, NothingToShip: The goods may not go.
            OrderStateRefused: The mall says the order has moved on, and reading it again did not show it done.
            GoneFromMall: The order was deleted there.
        """
        if code := self._shown(write):
            return WriteAnswer(remote_id=code, repeated=True)
        telling = self._telling(write)
        try:
            self._tell(telling)
        except _REFUSED:
            code = self._shown(write) or self._reached(write)
            if not code:
                raise
            return WriteAnswer(remote_id=code, repeated=True)
        return WriteAnswer(remote_id=next(iter(telling.codes), write.remote_id), repeated=not telling.written)

    # ----------------------------------------------------------------- what is there already

    def _shown(self, write: ShipmentWrite) -> str:
        """The shipping code under which the mall shows this parcel as far as it shall get, or ""."""
        wanted = {item_code_of(line_id) for line_id in write.line_ids}
        number, goal = write.tracking_number.strip(), _GOALS[write.state]
        if not number:
            return ""
        rows = [row for row in self._desk.shipments(write.order_id) if text(row.tracking_no) == number]
        rows = [row for row in rows if not write.carrier or text(row.shipping_company_code) == write.carrier]
        reached = {
            text(item.order_item_code): _WORDS.get(text(item.status), 0) for row in rows for item in row.items or ()
        }
        is_there = wanted <= reached.keys() if wanted else bool(reached)
        if not is_there or min((reached[code] for code in wanted or reached), default=0) < goal:
            return ""
        return text(rows[0].shipping_code)

    def _reached(self, write: ShipmentWrite) -> str:
        """The same by the order itself, for a parcel whose number is not ours: somebody in the mall was quicker."""
        telling = self._telling(write)
        items = telling.opened.items
        if not items or min(map(telling.rank, items)) < max(telling.goal, HANDED_OVER):
            return ""
        return text(items[0].shipping_code)

    def _telling(self, write: ShipmentWrite) -> _Telling:
        opened = self._desk.open(write.order_id, write.line_ids)
        carrier, number = write.carrier.strip(), write.tracking_number.strip()
        if truth(opened.order.store_pickup) and not (carrier and number):
            carrier, number = carrier or self._own_delivery(), number or PICKUP_NUMBER
        telling = _Telling(write, _GOALS[write.state], opened, carrier, number)
        alive = [item for item in opened.items if line_state(opened.state(item)) not in {"canceled", "returned"}]
        if not alive:
            raise NothingToShip(order_id=opened.part.number)
        if not write.line_ids:  # all that has not got so far; or what is just there, whose number may have changed
            alive = [item for item in alive if write.remote_id == text(item.shipping_code)] or alive
            going = [item for item in alive if telling.rank(item) < telling.goal]
            alive = going or [item for item in alive if telling.rank(item) == telling.goal] or alive
        telling.opened = OpenOrder(opened.order, opened.part, alive)
        return telling

    def _own_delivery(self) -> str:
        rows = self._session.carriers()
        codes = {text(row.shipping_carrier_code): truth(row.default_shipping_carrier) for row in rows}
        if OWN_DELIVERY in codes:
            return OWN_DELIVERY
        return next((code for code, is_default in codes.items() if is_default), next(iter(codes), OWN_DELIVERY))

    # ----------------------------------------------------------------- telling

    def _tell(self, telling: _Telling) -> None:
        items = telling.opened.items
        self._may_go(telling, [item for item in items if telling.rank(item) < telling.goal])
        fresh = [item for item in items if telling.rank(item) == 0]
        issued = [item for item in items if telling.rank(item) > 0]
        if fresh and truth(telling.opened.order.store_pickup) and telling.goal == READY:
            self._prepare(telling, fresh)  # what is fetched at the shop needs no parcel to be ready
            return
        if fresh:
            self._issue(telling, fresh)
        for code, members in _by_parcel(issued):
            self._correct(telling, code, members)
            self._move(telling, code, min(map(telling.rank, members)))

    def _issue(self, telling: _Telling, items: Sequence[wire.Item]) -> None:
        """A new parcel. Straight to N30 where it has left already."""
        if not (telling.carrier and telling.number):
            raise ParcelIncomplete
        if self._early(telling, items):
            self._known_carrier(telling)  # nothing is to be prepared for a parcel that is refused then
            self._prepare(telling, items)
        request = {
            "tracking_no": telling.number,
            "shipping_company_code": telling.carrier,
            "status": "standby" if telling.goal == READY else "shipping",
            "order_item_code": item_codes(items),
        }
        answer = first_of(self._written(telling, "POST", "", request), "shipments", "shipment")
        code = str(answer.get("shipping_code") or "") or text(items[0].shipping_code)
        telling.codes.append(code)
        self._move(telling, code, min(telling.goal, HANDED_OVER))

    def _may_go(self, telling: _Telling, items: Sequence[wire.Item]) -> None:
        codes = {lives_by(telling.opened.state(item)) for item in items}
        if any(claim_kind(code) == "cancel" for code in codes):
            raise CancelAskedFirst
        if "N22" in codes:
            raise OnHoldInMall
        if codes & set(AWAITING_PAYMENT):
            raise NotPaidYet(order_id=telling.opened.part.number)

    def _early(self, telling: _Telling, items: Sequence[wire.Item]) -> list[wire.Item]:
        return [item for item in items if lives_by(telling.opened.state(item)) in {"N01", "N10"}]

    def _prepare(self, telling: _Telling, items: Sequence[wire.Item]) -> None:
        """N10 → N20: parcels are issued from there."""
        if early := self._early(telling, items):
            request = {"process_status": "prepare", "order_item_code": item_codes(early)}
            self._session.client.put(f"orders/{telling.order_id}", request)
            telling.written = True

    def _correct(self, telling: _Telling, code: str, members: Sequence[wire.Item]) -> None:
        """Another number or carrier than the mall has: a write of its own, never with a status (case 21).

        Goods that are further than we know were sent by somebody else: their number stands.
        """
        telling.codes.append(code)
        there = {(text(item.tracking_no), text(item.shipping_company_code)) for item in members}
        wanted = telling.number, telling.carrier
        is_ours = max(map(telling.rank, members)) <= telling.goal < DELIVERED
        if all(wanted) and there != {wanted} and is_ours:
            request = {"tracking_no": telling.number, "shipping_company_code": telling.carrier}
            self._written(telling, "PUT", code, request)

    def _move(self, telling: _Telling, code: str, rank: int) -> None:
        """On to the goal, step by step."""
        for word in ("shipping", "shipped"):
            if rank < _WORDS[word] <= telling.goal:
                self._written(telling, "PUT", code, {"status": word})

    def _written(self, telling: _Telling, method: str, code: str, request: Mapping[str, object]) -> Answer:
        """Write a shipment.

        Raises:
            CarrierUnknown: The mall refused, and it does not have the carrier.
        """
        client, path = self._session.client, f"orders/{telling.order_id}/shipments"
        try:
            answer = client.post(path, request) if method == "POST" else client.put(f"{path}/{code}", request)
        except RefusedByMall as refusal:
            if "shipping_company_code" in request:
                self._known_carrier(telling, refusal)
            raise
        telling.written = True
        return answer

    def _known_carrier(self, telling: _Telling, refusal: RefusedByMall | None = None) -> None:
        """Go on if the mall has the carrier; one registered a moment ago is looked for once."""
        for fresh in (False, True) if refusal is None else (True,):
            rows = self._session.carriers(fresh=fresh)
            known = {text(row.shipping_carrier_code): text(row.shipping_carrier) for row in rows}
            if telling.carrier in known:
                return
        names = ", ".join(f"{name} ({code})" for code, name in known.items()) or "–"
        raise CarrierUnknown(refusal.detail if refusal else "", carrier=telling.carrier, known=names) from refusal


def _by_parcel(items: Sequence[wire.Item]) -> Iterator[tuple[str, list[wire.Item]]]:
    """Items by the parcel they lie in."""
    found: dict[str, list[wire.Item]] = {}
    for item in items:
        found.setdefault(text(item.shipping_code), []).append(item)
    yield from found.items()
