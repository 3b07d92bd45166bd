"""What buyers and the mall's owner do with orders, as verbs of the mall: `mall.place_order(…)`, `mall.deliver(…)`.

`items` = order item codes, or (code, quantity); None = all that can. Each verb holds the mall's lock, tells its event,
and raises `Refusal` having changed nothing where the state machine knows no such move.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from entrepot.connectors.cafe24.simulator import claim_books, order_placing, order_wire, shipments
from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.claim_books import NEWS
from entrepot.connectors.cafe24.simulator.order_placing import Basket
from entrepot.connectors.cafe24.simulator.order_rows import Kind, Order, OrderItem
from entrepot.connectors.cafe24.simulator.order_states import may

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

Items = Sequence[str | Sequence[Any]] | None
_BY = {"buyer": "buyer_cancels_unpaid", "timer": "timer_cancels_unpaid", "admin": "admin_cancels_unpaid"}
_EVENT_OF = {"C": "cancel", "R": "return", "E": "exchange"}


class OrderDeeds:
    """Mixed into `Mall`."""

    @property
    def _mall(self) -> "Mall":
        return cast("Mall", self)

    # ------------------------------------------------------------------ the buyer

    def place_order(self, items: Sequence[Sequence[object]] = (), **asked: Any) -> str:  # noqa: ANN401 - the fields of Basket
        """Somebody orders; answers the order's id. The words are the fields of `Basket`.

        Raises:
            SoldOut: Something is not there; nothing has changed.
        """
        mall = self._mall
        with mall.deed():
            order = order_placing.place(mall, Basket(items=items, **asked))
            mall.orders.tell("received", [order])
            return order.order_id

    def pay(self, order_id: str) -> None:
        """The money comes."""
        with self._mall.deed():
            self._mall.orders.pay(self._mall.orders.find(order_id))

    def cancel_unpaid(self, order_id: str, by: str = "buyer") -> None:
        """An unpaid order is dropped by "buyer" (C47), "timer" (C48) or "admin" (C49)."""
        mall = self._mall
        with mall.deed():
            order = mall.orders.find(order_id)
            items = self._chosen(order, None, _BY[by]) or order.items
            mall.orders.move(_BY[by], items)
            order.canceled_at = mall.clock.now()
            for item in items:
                mall.orders.give_back(item, "T")
            mall.orders.tell("cancel", [order])

    def confirm_purchase(self, order_id: str, items: Items = None) -> None:
        """N40 → N50."""
        self._move(order_id, "confirm", items, "shipping")

    def request_cancel(self, order_id: str, items: Items = None, reason: str = "단순 변심") -> list[str]:
        """C00; answers the items that carry the wish (new ones where part of a quantity is meant)."""
        return self._wish("cancellation", order_id, items, {"reason_type": "A", "reason": reason})

    def request_return(self, order_id: str, items: Items = None, reason: str = "사이즈 불만") -> list[str]:
        """R00."""
        return self._wish("return", order_id, items, {"reason_type": "A", "reason": reason})

    def request_exchange(self, order_id: str, items: Items = None, reason: str = "다른 색으로 교환") -> list[str]:
        """E00."""
        return self._wish("exchange", order_id, items, {"reason_type": "A", "reason": reason})

    def withdraw_wish(self, order_id: str) -> None:
        """The buyer takes every open wish of the order back."""
        with self._mall.deed():
            order = self._mall.orders.find(order_id)
            wishes = [item for item in order.items if item.status in {"C00", "R00", "E00"}]
            events = [_EVENT_OF[item.status[0]] for item in wishes]
            claim_books.withdraw(self._mall, order, wishes)
            for event in dict.fromkeys(events):
                self._mall.orders.tell(event, [order])

    # ------------------------------------------------------------------ the owner, goods going out

    def prepare(self, order_id: str, items: Items = None) -> None:
        """N10 → N20."""
        self._move(order_id, "prepare", items, "shipping")

    def hold(self, order_id: str, items: Items = None) -> None:
        """N22."""
        self._move(order_id, "hold", items, "shipping")

    def unhold(self, order_id: str, items: Items = None) -> None:
        """Back from N22."""
        self._move(order_id, "unhold", items, "shipping")

    def ship_in_admin(
        self,
        order_id: str,
        tracking_no: str = "600000012345",
        carrier: str = "",
        status: str = "shipping",
        items: Items = None,
    ) -> Row:
        """The owner issues a parcel in the mall's own administration, for N10 as well; answers it."""
        mall = self._mall
        with mall.deed():
            order = mall.orders.find(order_id)
            first = [item for item in self._chosen(order, items, "prepare") if may("prepare", item.acts_as)]
            mall.orders.move("prepare", first)
            request: Row = {"tracking_no": tracking_no, "status": status}
            request["shipping_company_code"] = carrier or order_placing.default_carrier(mall)
            if items is not None:
                request["order_item_code"] = [code for code, _ in _pairs(items)]
            row = shipments.issue(mall, order, request)
            mall.orders.tell("shipping", [order])
            return row

    def deliver(self, order_id: str, items: Items = None) -> None:
        """N30 → N40."""
        self._move(order_id, "put_shipped", items, "shipping")

    # ------------------------------------------------------------------ the owner, claims

    def accept_cancel(self, order_id: str, items: Items = None, status: str = "canceled") -> str:
        """Accept the buyer's wish, or cancel by himself ("canceling" C34, "canceled" C40); answers the claim's code."""
        return self._start("cancellation", order_id, f"cancel_{status}", items, {})

    def refuse_cancel(self, order_id: str, reason: str = "이미 포장되었습니다") -> None:
        """C11, and on as before."""
        self._refuse("cancellation", order_id, "C00", reason)

    def refuse_return(self, order_id: str, reason: str = "기간이 지났습니다") -> None:
        """R11."""
        self._refuse("return", order_id, "R00", reason)

    def refuse_exchange(self, order_id: str, reason: str = "재고가 없습니다") -> None:
        """E11."""
        self._refuse("exchange", order_id, "E00", reason)

    def accept_return(self, order_id: str, items: Items = None, status: str = "accepted") -> str:
        """R10 (or R30, R40); answers the claim's code."""
        return self._start("return", order_id, f"return_{status}", items, {})

    def move_return(self, claim_code: str, step: str = "collected", *, recover_inventory: str | None = None) -> None:
        """`step` = collected (R20), processing (R30), processing_collected (R31) or returned (R40)."""
        self._advance(claim_code, f"return_{step}", {"recover_inventory": recover_inventory})

    def exchange(
        self, order_id: str, items: Items = None, variants: Sequence[str] = (), status: str = "accepted"
    ) -> str:
        """E10 or E40 with new items beside the old ones, for `variants` or the same ones; answers the claim's code."""
        mall = self._mall
        with mall.deed():
            order = mall.orders.find(order_id)
            wants = self._wants(order, items, f"exchange_{status}")
            rows = [
                {"order_item_code": item.code, "quantity": quantity, "exchange_variant_code": variant}
                for (item, quantity), variant in zip(wants, [*variants, *[None] * len(wants)], strict=False)
            ]
            claim, _ = claim_books.exchange(mall, order, f"exchange_{status}", wants, {"items": rows})
            mall.orders.tell("exchange", [order])
            return claim.claim_code

    def move_exchange(self, claim_code: str, step: str = "exchanged") -> None:
        """`step` = collected (E20, the new items can go) or exchanged (E40)."""
        self._advance(claim_code, f"exchange_{step}", {})

    def undo_claim(self, claim_code: str, *, recover_inventory: str = "T") -> None:
        """Take a claim back."""
        mall = self._mall
        with mall.deed():
            claim = mall.orders.claim(claim_code)
            claim_books.undo(mall, claim, {"recover_inventory": recover_inventory, "undone_reason_type": "I"})
            mall.orders.tell(NEWS[claim.kind], [mall.orders.find(claim.order_id)])

    # ------------------------------------------------------------------ the owner, the order itself

    def set_item_state(self, order_id: str, code: str, items: Items = None) -> None:
        """Put items into any state, also one that nobody has heard of (case 56)."""
        mall = self._mall
        with mall.deed():
            order = mall.orders.find(order_id)
            for item in order.items if items is None else mall.orders.items(order, [one for one, _ in _pairs(items)]):
                mall.orders.put(item, code)
            mall.orders.tell(_EVENT_OF.get(code[:1], "shipping"), [order])

    def add_item(self, order_id: str, variant_code: str, quantity: int = 1) -> str:
        """One more line, as the order stands; answers its code."""
        mall = self._mall
        with mall.deed():
            order = mall.orders.find(order_id)
            item = order_placing.add_item(mall, order, variant_code, quantity)
            mall.orders.tell("item_added", [order])
            return item.code

    def change_receiver(self, order_id: str, shipping_code: str = "", **fields: str) -> None:
        """The buyer moves."""
        mall = self._mall
        with mall.deed():
            order = mall.orders.find(order_id)
            row = next(row for row in order.receivers if shipping_code in {"", row["shipping_code"]})
            row |= fields
            row["address_full"] = f"{row['address1']} {row['address2']}".strip()
            mall.orders.tell("receiver", [order])

    def change_time(self, order_id: str, at: datetime | str) -> None:
        """Let the order have been placed, and paid if it is, at another time; its id stays."""
        with self._mall.deed():
            order = self._mall.orders.find(order_id)
            order.placed_at = datetime.fromisoformat(at) if isinstance(at, str) else at
            order.paid_at = order.placed_at if order.paid_at else None

    def delete_order(self, order_id: str) -> None:
        """The order form is deleted; the order is gone for every reader."""
        mall = self._mall
        with mall.deed():
            order = mall.orders.find(order_id)
            for item in order.items:
                mall.orders.give_back(item)
            del mall.orders.rows[order_id]
            for code in order.claim_codes:
                del mall.orders.claims[code]
            mall.orders.tell("deleted", [order])

    def order(self, order_id: str) -> Row:
        """The order with everything in it, as the API would write it."""
        mall = self._mall
        with mall.lock:
            order = mall.orders.find(order_id)
            row = order_wire.order_row(mall, order) | order_wire.embedded(mall, order, ("items", "receivers", "buyer"))
            return row | {"shipments": shipments.shipment_rows(mall, order), "parcels_issued": len(order.parcels)}

    def parcels(self) -> Row:
        """Every parcel issued and not taken back; `doubled` = items that lie in more than one (case 28)."""
        with self._mall.lock:
            orders = list(self._mall.orders.rows.values())
            issued = [parcel for order in orders for parcel in order.parcels]
            packed = Counter(code for parcel in issued for code in parcel.item_codes)
            return {
                "issued": len(issued),
                "orders": sum(bool(order.parcels) for order in orders),
                "doubled": sorted(code for code, times in packed.items() if times > 1),
            }

    # ------------------------------------------------------------------ how

    def _chosen(self, order: Order, items: Items, trigger: str) -> list[OrderItem]:
        if items is not None:
            return self._mall.orders.items(order, [code for code, _ in _pairs(items)])
        return [item for item in order.items if may(trigger, item.acts_as)]

    def _wants(self, order: Order, items: Items, trigger: str) -> claim_books.Wants:
        rows = None
        if items is not None:
            named = [(self._mall.orders.items(order, code)[0], quantity) for code, quantity in _pairs(items)]
            rows = [{"order_item_code": item.code, "quantity": quantity or item.quantity} for item, quantity in named]
        return claim_books.wants_of(self._mall, order, rows, trigger)

    def _move(self, order_id: str, trigger: str, items: Items, event: str) -> Order:
        with self._mall.deed():
            order = self._mall.orders.find(order_id)
            self._mall.orders.move(trigger, self._chosen(order, items, trigger) or order.items)
            self._mall.orders.tell(event, [order])
            return order

    def _wish(self, kind: Kind, order_id: str, items: Items, request: Row) -> list[str]:
        with self._mall.deed():
            order = self._mall.orders.find(order_id)
            wants = self._wants(order, items, claim_books.WISHES[kind])
            pieces = claim_books.ask(self._mall, order, kind, wants, request)
            self._mall.orders.tell(NEWS[kind], [order])
            return [item.code for item in pieces]

    def _refuse(self, kind: Kind, order_id: str, wish: str, reason: str) -> None:
        with self._mall.deed():
            order = self._mall.orders.find(order_id)
            codes = [item.code for item in order.items if item.status == wish]
            claim_books.refuse(self._mall, order, kind, codes, {"reject_reason": reason})
            self._mall.orders.tell(NEWS[kind], [order])

    def _start(self, kind: Kind, order_id: str, trigger: str, items: Items, request: Row) -> str:
        with self._mall.deed():
            order = self._mall.orders.find(order_id)
            wished = [item.code for item in order.items if item.status in {"C00", "R00", "E00"}]
            wants = self._wants(order, items if items is not None or not wished else wished, trigger)
            claim = claim_books.start(self._mall, order, kind, trigger, wants, request=request)
            self._mall.orders.tell(NEWS[kind], [order])
            return claim.claim_code

    def _advance(self, claim_code: str, trigger: str, request: Row) -> None:
        with self._mall.deed():
            claim = self._mall.orders.claim(claim_code)
            claim_books.advance(self._mall, claim, trigger, request)
            self._mall.orders.tell(NEWS[claim.kind], [self._mall.orders.find(claim.order_id)])


def _pairs(items: Sequence[str | Sequence[Any]]) -> list[tuple[str, int | None]]:
    return [(one, None) if isinstance(one, str) else (str(one[0]), int(one[1])) for one in items]
