"""The mall's orders: finding, moving and splitting items, and what that does to the stock. ROUTES answers /orders….

`OrderBooks(mall)` hangs at `mall.orders`. Everything here is called with the mall's lock held.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator import order_notes, order_placing, order_reads, order_writes, webhook_bodies
from entrepot.connectors.cafe24.simulator.answers import Row, not_found, unprocessable
from entrepot.connectors.cafe24.simulator.order_rows import CENT, ZERO, Claim, Order, OrderItem, OrderSwitches
from entrepot.connectors.cafe24.simulator.order_states import BEFORE_CLAIM, BEFORE_HOLD, PAID, REFUSED, target
from entrepot.connectors.cafe24.simulator.routes import Route

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall
    from entrepot.connectors.cafe24.simulator.webhooks import WebhookSender

_STAMPS = {
    "N20": ("place_date",),
    "N30": ("shipped_date",),
    "N40": ("shipped_date", "delivered_date"),
    "N50": ("purchaseconfirmation_date",),
    "C00": ("cancel_request_date",),
    "C10": ("cancel_accept_date",),
    "R00": ("return_request_date",),
    "R10": ("return_accept_date",),
    "R20": ("return_accept_date", "return_collected_date"),
    "R31": ("return_accept_date", "return_collected_date"),
    "R40": ("return_accept_date", "return_collected_date", "return_confirmed_date", "refund_date"),
    "E00": ("exchange_request_date",),
    "E10": ("exchange_accept_date",),
    "E40": ("exchange_accept_date", "exchange_date"),
}
_OVER_AGAIN = frozenset({"cancel_request_date", "return_request_date", "exchange_request_date"})
_CLAIM_LETTERS = frozenset("CRE")


class OrderBooks:
    """Every order and claim of the mall."""

    def __init__(self, mall: "Mall") -> None:
        self.mall = mall
        self.switches = OrderSwitches()
        self.rows: dict[str, Order] = {}
        self.claims: dict[str, Claim] = {}
        self.labels: list[str] = []
        self.webhook_logs: list[Row] = []
        self.reception = True
        self.sender: WebhookSender | None = None

    # ------------------------------------------------------------------ finding

    def find(self, order_id: object, shop_no: int | None = None) -> Order:
        """An order of a shop (case 58).

        Raises:
            Refusal: 404, there is none.
        """
        order = self.rows.get(str(order_id))
        if order is None or shop_no not in {None, order.shop_no}:
            raise not_found("No order found.")
        return order

    def claim(self, claim_code: object, shop_no: int | None = None) -> Claim:
        """A claim by its code.

        Raises:
            Refusal: 404, there is none.
        """
        found = self.claims.get(str(claim_code))
        if found is None or shop_no not in {None, found.shop_no}:
            raise not_found("No claim found.")
        return found

    def items(self, order: Order, codes: object) -> list[OrderItem]:
        """The named items; a single code or a list of them.

        Raises:
            Refusal: 422, one is not of this order.
        """
        wanted = [codes] if isinstance(codes, str) else codes
        if not isinstance(wanted, list) or not wanted:
            raise unprocessable("Invalid value.", "order_item_code")
        found = [order.item(str(code)) for code in wanted]
        if None in found:
            raise unprocessable("Invalid value.", "order_item_code")
        return [item for item in found if item is not None]

    def of_shop(self, shop_no: int) -> Iterable[Order]:
        """All orders of a shop, the latest first."""
        return (order for order in reversed(self.rows.values()) if order.shop_no == shop_no)

    # ------------------------------------------------------------------ moving

    def goal(self, trigger: str, item: OrderItem) -> str:
        """The code this trigger leads an item to.

        Raises:
            Refusal: 422, the state machine knows no such move.
        """
        found = target(trigger, item.acts_as, loose=self.mall.settings.shipments_from_n10)
        if found == PAID:
            return "N10" if self.mall.settings.use_product_prepare_status else "N20"
        if found == BEFORE_CLAIM:
            return item.before_claim or "N20"
        return item.before_hold or "N20" if found == BEFORE_HOLD else found

    def move(self, trigger: str, items: Sequence[OrderItem], *, at: datetime | None = None) -> None:
        """Move all of them, or none.

        Raises:
            Refusal: 422, one of them cannot.
        """
        goals = [self.goal(trigger, item) for item in items]
        for item, code in zip(items, goals, strict=True):
            self.put(item, code, at=at)

    def put(self, item: OrderItem, code: str, *, at: datetime | None = None) -> None:
        """Set a state without asking, and what goes with it: the state before, the dates."""
        before, letter = item.acts_as, code[:1]
        if letter in _CLAIM_LETTERS and code not in REFUSED and before[:1] not in _CLAIM_LETTERS:
            item.before_claim = before
        if code == "N22" and before != "N22":
            item.before_hold = before
        if letter == "N" and item.status[:1] in _CLAIM_LETTERS:
            item.before_claim = None
            item.status_code = "N2" if item.original_numbers else "N1"
        item.status = code
        if code in REFUSED and not self.switches.refused_shows and item.before_claim:
            item.status, item.before_claim = item.before_claim, None
        self._stamp(item, code, at or self.mall.clock.now())

    def _stamp(self, item: OrderItem, code: str, at: datetime) -> None:
        if code[:2] == "C3":
            item.dates.setdefault("cancel_accept_date", at)
        if code[:2] == "C4":
            item.dates.setdefault("cancel_accept_date", at)
            item.dates["cancel_date"] = at
            item.status_code = "C2"
        if code in {"N10", "N20", "N21"}:
            item.dates.pop("shipped_date", None)
        if code[:1] == "R" and code not in {"R00", "R11"}:
            item.status_code = "C3"
        if code[:1] == "E" and code not in {"E00", "E11"} and not item.original_numbers:
            item.status_code = "E1"
        for name in _STAMPS.get(code, ()):
            if name in _OVER_AGAIN:
                item.dates[name] = at
            else:
                item.dates.setdefault(name, at)

    # ------------------------------------------------------------------ splitting

    def split(self, order: Order, item: OrderItem, quantity: int) -> OrderItem:
        """Cut `quantity` off an item as a new one right behind it; money is shared so that nothing is lost (case 19).

        Raises:
            Refusal: 422, the item has not that many.
        """
        if not 0 < quantity <= item.quantity:
            raise unprocessable("Invalid value.", "quantity")
        if quantity == item.quantity or not self.switches.split_partial_claims:
            return item
        share = Decimal(quantity) / item.quantity
        coupon, discount = (item.coupon * share).quantize(CENT), (item.discount * share).quantize(CENT)
        piece = OrderItem(
            code=order.new_item_code(),
            number=self.mall.next_number("order_item"),
            variant_code=item.variant_code,
            goods=dict(item.goods),
            quantity=quantity,
            price=item.price,
            option_price=item.option_price,
            status=item.status,
            shipping_code=item.shipping_code,
            carrier_code=item.carrier_code,
            tracking_no=item.tracking_no,
            tracking_at=item.tracking_at,
            coupon=coupon,
            discount=discount,
            supply_price=item.supply_price,
            gift=item.gift,
            bundle=item.bundle,
            before_claim=item.before_claim,
            before_hold=item.before_hold,
            status_code=item.status_code,
            original_numbers=list(item.original_numbers),
            dates=dict(item.dates),
            stock_taken=item.stock_taken,
        )
        item.quantity -= quantity
        item.coupon -= coupon
        item.discount -= discount
        order.items.append(piece)
        return piece

    # ------------------------------------------------------------------ stock

    def take(self, item: OrderItem, *, check: bool = True) -> None:
        """Take an item's goods from stock, each part of a bundle by itself (case 46).

        Raises:
            SoldOut: `check`, and one of them is not there; nothing was taken.
        """
        if item.stock_taken:
            return
        taken: list[tuple[str, int]] = []
        try:
            for code, quantity in self.contents(item):
                self.mall.take_stock(code, quantity, check=check)
                taken.append((code, quantity))
        except Exception:
            for code, quantity in taken:
                self.mall.give_stock(code, quantity)
            raise
        item.stock_taken = True

    def give_back(self, item: OrderItem, recover: object = None) -> None:
        """Put an item's goods back when the call says so, or the mall's own setting does (§10.1, stock)."""
        wanted = recover == "T" if recover in {"T", "F"} else self.mall.settings.stock_recover
        if not wanted or not item.stock_taken:
            return
        for code, quantity in self.contents(item):
            self.mall.give_stock(code, quantity)
        item.stock_taken = False

    @staticmethod
    def contents(item: OrderItem) -> list[tuple[str, int]]:
        """What lies in the box: `(variant_code, pieces)`."""
        if item.bundle:
            return [(part["variant_code"], part["quantity"] * item.quantity) for part in item.bundle]
        return [(item.variant_code, item.quantity)]

    def taken_when(self, variant_code: str) -> str:
        """A: when ordered, B: when paid."""
        return self.mall.find_variant(variant_code)[1].inventory_control_type

    def known(self, variant_code: str) -> bool:
        """Whether the mall sells such a variant."""
        try:
            self.mall.find_variant(variant_code)
        except KeyError:
            return False
        return True

    def there(self, variant_code: str, quantity: int) -> bool:
        """Whether the shop would sell that many."""
        _, variant = self.mall.find_variant(variant_code)
        return variant.use_inventory == "F" or variant.display_soldout == "F" or variant.quantity >= quantity

    def make_item(self, order: Order, variant_code: str, quantity: int, shipping_code: str) -> OrderItem:
        """A new line, not yet in the order."""
        return order_placing.make_item(self.mall, order, variant_code, quantity, shipping_code)

    # ------------------------------------------------------------------ money and news

    def pay(self, order: Order) -> None:
        """The money has come.

        Raises:
            Refusal: 422, there is nothing to pay.
        """
        order_placing.pay(self.mall, order)
        self.tell("payment", [order])

    def unpay(self, order: Order) -> None:
        """It has not come after all.

        Raises:
            Refusal: 422, an item has gone on already.
        """
        order_placing.unpay(self.mall, order)
        self.tell("payment", [order])

    def claimed_amount(self, items: Iterable[OrderItem]) -> Decimal:
        """What the buyer gets back for these items."""
        return sum((item.payment for item in items), ZERO)

    def tell(self, event: str, orders: Sequence[Order], items: Sequence[OrderItem] = ()) -> None:
        """Announce a change of one order, or of several by one bulk event."""
        unique = list({order.order_id: order for order in orders}.values())
        for event_no, body in webhook_bodies.of_orders(self.mall, event, unique, items):
            self.mall.tell(event_no, body)


ROUTES: Sequence[Route] = (*order_reads.ROUTES, *order_writes.ROUTES, *order_notes.ROUTES)
