"""The deeds of a desk without a warehouse system: orders, stock, packing by hand, cancels, parts, returns."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from benchmarks.flow.checks import asked
from benchmarks.flow.model import BEFORE, CANCELED, PACKED_HOLD, WAITING, Whole
from benchmarks.flow.walk import SHOP, Walk
from entrepot.accounts.models import Seller
from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ItemRow, ProductRow
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.rules import BY_HAND, Choice
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.label import give_number, make_label
from entrepot.fulfilment.services.waybills import add_range
from entrepot.inventory import services as inventory
from entrepot.orders import services as orders
from entrepot.orders.drafts import LineDraft, OrderDraft, TotalDraft
from entrepot.orders.models import OrderLine, SalesChannel
from entrepot.orders.services.recount import recount

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SKUS = ("RED", "BLUE", "GREEN", "GREY")
MOST = 45
"""Orders that live at once."""


class Desk(Walk):
    """Four items and a kit of two, in two warehouses; one channel, one carrier with a range."""

    def __init__(self, seed: str) -> None:
        seller = Seller.objects.create(name=f"Walk {seed}")
        super().__init__(seller.pk, seed)
        self.channel = SalesChannel.objects.create(
            seller=seller, name="Sock shop", kind="opencart", country="KR", currency="KRW"
        )
        rows = [ItemRow(sku=sku, name=sku, product=ProductRow(key=sku, name=sku)) for sku in SKUS]
        self.items = catalog.upsert_items(rows=rows, **self.who)
        opened = dict.fromkeys(self.items.values(), 10)
        inventory.open_stock(figures=opened, reference="import:1", **self.who)
        parts = {self.items["RED"]: 1, self.items["BLUE"]: 2}
        self.kit = catalog.create_kit(draft=ItemDraft(sku="KIT", name="Kit"), parts=parts, **self.who).pk
        main = inventory.default_warehouse(**self.who)
        busan = inventory.add_warehouse(code="BUSAN", name="Busan", **self.who)
        self.places = [main.pk, busan.pk]
        self.carrier = add_carrier(kind="cj", **self.who)
        add_range(carrier_id=self.carrier.pk, first="640000000000", last="640000999999", **self.who)
        self.book.on_hand.update(opened)
        self.bought = 0

    def deeds(self) -> list[tuple[Callable[[], str | None], int]]:
        return [
            (self.buy, 8 if len(self.book.orders) < MOST else 1),
            (self.receive, 5),
            (self.adjust, 3),
            (self.count_stock, 2),
            (self.transfer, 3),
            (self.release, 9),
            (self.recall, 1),
            (self.hold, 2),
            (self.unhold, 3),
            (self.stop, 2),
            (self.go_on, 2),
            (self.cancel_by_buyer, 3),
            (self.ask_cancel, 2),
            (self.keep, 2),
            (self.cancel_by_seller, 2),
            (self.confirm_seller_cancel, 2),
            (self.cancel_unpaid, 1),
            (self.reopen, 1),
            (self.split, 3),
            (self.split_missing, 2),
            (self.split_by_warehouse, 2),
            (self.join, 3),
            (self.ask_return, 2),
            (self.withdraw_return, 1),
            (self.receive_return, 3),
            (self.deliver, 6),
            (self.number, 5),
            *self.shipping(),
        ]

    def shipping(self) -> list[tuple[Callable[[], str | None], int]]:
        """How parcels are made and leave here."""
        return [(self.pack, 9), (self.unpack, 2), (self.hand_over, 7), (self.repack, 1)]

    # ------------------------------------------------------------------ orders come

    def buy(self) -> str:
        """A page of orders; each is a step."""
        drafts = [self._draft() for _ in range(self.dice.randint(1, 6))]
        placed = orders.place_orders(
            seller_id=self.seller_id, sales_channel_id=self.channel.pk, drafts=drafts, actor=SHOP
        )
        for made, draft in zip(placed, drafts, strict=True):
            pieces = Counter({line.remote_id: line.quantity for line in draft.lines})
            self.book.wholes[made.order_id] = Whole(pieces, draft.total, {row.code: row.amount for row in draft.totals})
        self.count = len(drafts)
        return f"{[made.order_id for made in placed]}"

    def _draft(self) -> OrderDraft:
        self.bought += 1
        chosen = self.dice.sample([*self.items.values(), self.kit], self.dice.randint(1, 3))
        lines = [self._line(number, item_id) for number, item_id in enumerate(chosen, 1)]
        goods = sum((line.line_total for line in lines), Decimal(0))
        extra = {
            "sub_total": goods,
            "coupon": -(goods * self.dice.randint(0, 20) / 100).quantize(Decimal("0.0001")),
            "shipping": Decimal(self.dice.choice([0, 3000, 2999])),
            "tax": (goods / 11).quantize(Decimal("0.0001")),
        }
        total = sum(extra.values(), Decimal(0))
        rows = [TotalDraft(code=code, title=code, amount=amount) for code, amount in (extra | {"total": total}).items()]
        return OrderDraft(
            remote_id=str(self.bought),
            number=f"#{self.bought}",
            remote_status_id="2",
            remote_version=1,
            placed_at=NOON + timedelta(minutes=self.bought),
            base_currency=self.dice.choice(["KRW", "USD"]),
            currency="USD",
            rate=Decimal(1),
            total=total,
            buyer_name="A buyer",
            buyer_email="buyer@example.com",
            buyer_phone="",
            shipping={"name": "A buyer", "city": "Seoul", "postcode": "03172"},
            billing=None,
            payment_method="Card",
            shipping_method="Flat rate",
            comment="",
            lines=lines,
            totals=rows,
        )

    def _line(self, number: int, item_id: int) -> LineDraft:
        quantity, price = self.dice.randint(1, 4), Decimal(self.dice.randint(1, 99999)) / 7
        price = price.quantize(Decimal("0.0001"))
        return LineDraft(
            remote_id=str(number),
            item_id=item_id,
            product_remote_id=f"p{item_id}",
            variation_key="",
            sku=f"sku-{item_id}",
            name="Sock",
            model="",
            options=[],
            quantity=quantity,
            unit_price=price,
            line_total=price * quantity,
            unit_tax=Decimal(0),
        )

    # ------------------------------------------------------------------ stock

    def _item(self) -> int:
        return self.dice.choice(list(self.items.values()))

    def receive(self) -> str:
        item, quantity, place = self._item(), self.dice.randint(1, 8), self.dice.choice(self.places)
        orders.receive_stock(item_id=item, quantity=quantity, warehouse_id=place, **self.who)
        self.delta[item] += quantity
        return f"+{quantity} of {item} in {place}"

    def adjust(self) -> str:
        item, delta, place = self._item(), self.dice.randint(-3, 3), self.dice.choice(self.places)
        orders.adjust_stock(item_id=item, delta=delta, reason="walk", warehouse_id=place, **self.who)
        self.delta[item] += delta
        return f"{delta:+} of {item} in {place}"

    def count_stock(self) -> str | None:
        """A count; what is set aside beyond it is taken back from the newest orders."""
        item, found, place = self._item(), self.dice.randint(0, 9), self.dice.choice(self.places)
        done = recount(item_id=item, on_hand=found, reason="walk", warehouse_id=place, **self.who)
        self.delta[item] += done.difference
        return f"{found} of {item} in {place}, from {list(done.order_ids)}"

    def transfer(self) -> str:
        item, quantity = self._item(), self.dice.randint(1, 4)
        here, there = self.dice.sample(self.places, 2)
        inventory.transfer(item_id=item, quantity=quantity, from_warehouse_id=here, to_warehouse_id=there, **self.who)
        return f"{quantity} of {item} from {here} to {there}"

    # ------------------------------------------------------------------ the life of an order

    def _do(self, name: str, standings: tuple[str, ...] | set[str], act: Callable[..., object]) -> str | None:
        order_id = self.one(*standings)
        if order_id is None:
            return None
        return self.deed(name, order_id, lambda: act(order_id=order_id, **self.who))

    def release(self) -> str | None:
        return self._do("release", ("new",), orders.release_to_warehouse)

    def recall(self) -> str | None:
        return self._do("recall", ("rfp",), orders.recall)

    def hold(self) -> str | None:
        def act(**who: object) -> object:
            return orders.hold(code="person", **who)  # type: ignore[arg-type]

        return self._do("hold", ("new", "partial", "rfp"), act)

    def unhold(self) -> str | None:
        return self._do("unhold", ("on_hold",), orders.unhold)

    def stop(self) -> str | None:
        def act(**who: object) -> object:
            return orders.stop(code="cancel_after_packing", **who)  # type: ignore[arg-type]

        return self._do("stop", ("ready_to_ship",), act)

    def go_on(self) -> str | None:
        return self._do("go_on", (PACKED_HOLD,), orders.go_on)

    def pack(self) -> str | None:
        return self._do("pack", ("rfp",), fulfilment.pack)

    def unpack(self) -> str | None:
        return self._do("unpack", ("ready_to_ship", PACKED_HOLD), fulfilment.unpack)

    def hand_over(self) -> str | None:
        return self._do("hand_over", ("ready_to_ship",), fulfilment.hand_over)

    def deliver(self) -> str | None:
        return self._do("deliver", ("in_transit",), fulfilment.deliver)

    def cancel_by_buyer(self) -> str | None:
        return self._do("cancel_by_buyer", (*BEFORE, "cancel_in_process"), orders.cancel_by_buyer)

    def ask_cancel(self) -> str | None:
        return self._do("ask_cancel", BEFORE, orders.ask_cancel)

    def keep(self) -> str | None:
        return self._do("keep", ("cancel_in_process", "seller_cancel_in_process"), orders.keep)

    def cancel_by_seller(self) -> str | None:
        return self._do("cancel_by_seller", BEFORE, orders.cancel_by_seller)

    def confirm_seller_cancel(self) -> str | None:
        return self._do("confirm_seller_cancel", ("seller_cancel_in_process",), orders.confirm_seller_cancel)

    def cancel_unpaid(self) -> str | None:
        return self._do("cancel_unpaid", ("new", "partial"), orders.cancel_unpaid)

    def reopen(self) -> str | None:
        """Only the store puts a canceled order back to work; it knows no parts."""
        order_id = self.one(*CANCELED)
        if order_id is None or order_id in self.book.joined or self.book.orders[order_id].root != order_id:
            return None
        return self.deed("reopen", order_id, lambda: orders.reopen(order_id=order_id, **self.who))

    def ask_return(self) -> str | None:
        return self._do("ask_return", ("in_transit", "complete"), orders.ask_return)

    def withdraw_return(self) -> str | None:
        return self._do("withdraw_return", ("return_in_process",), orders.withdraw_return)

    def receive_return(self) -> str | None:
        order_id = self.one("return_in_process")
        if order_id is None:
            return None
        lines: dict[int, tuple[int, int]] = {}
        for line in OrderLine.objects.filter(order_id=order_id):
            good = self.dice.randint(0, line.shipped - line.returned)
            lines[line.pk] = (good, self.dice.randint(0, line.shipped - line.returned - good))
            for item_id, each in self.recipe(line.item_id).items():
                self.delta[item_id] += good * each
        return self.deed(
            "receive_return", order_id, lambda: orders.receive_return(order_id=order_id, lines=lines, **self.who)
        )

    def recipe(self, item_id: int | None) -> dict[int, int]:
        """What one piece of it is on the shelf."""
        return {self.items["RED"]: 1, self.items["BLUE"]: 2} if item_id == self.kit else {item_id or 0: 1}

    # ------------------------------------------------------------------ parts

    def split(self) -> str | None:
        """Some pieces go into a part; both are New or Partial, or with the warehouse as before."""
        order_id = self.one("new", "partial", "rfp")
        if order_id is None:
            return None
        wanted = {
            line.pk: self.dice.randint(0, line.quantity - line.canceled)
            for line in OrderLine.objects.filter(order_id=order_id)
        }
        return self._parting(order_id, lambda: orders.split_order(order_id=order_id, lines=wanted, **self.who))

    def split_missing(self) -> str | None:
        order_id = self.one("partial")
        if order_id is None:
            return None
        return self._parting(order_id, lambda: orders.split_missing(order_id=order_id, **self.who))

    def split_by_warehouse(self) -> str | None:
        order_id = self.one("new", "partial")
        if order_id is None:
            return None
        return self._parting(order_id, lambda: orders.split_by_warehouse(order_id=order_id, **self.who))

    def _parting(self, order_id: int, act: Callable[[], object]) -> str:
        before = self.book.orders[order_id].standing
        self.touched[order_id] = WAITING if before in {*WAITING, "rfp"} else None
        made = act()
        parts = made if isinstance(made, list) else [made]
        return f"{before}, parts {[getattr(part, 'pk', 0) for part in parts]}"

    def join(self) -> str | None:
        """A part goes back; it stays, empty and canceled."""
        parts = [one for one, seen in self.book.orders.items() if seen.root != one and one not in self.book.joined]
        if not parts:
            return None
        order_id = self.dice.choice(parts)
        root = self.book.orders[order_id].root
        self.touched = {order_id: None, root: None}
        orders.join_order(order_id=order_id, **self.who)
        rooted = self.book.orders[root].standing
        self.touched = {order_id: {"canceled"}, root: WAITING if rooted in {*WAITING, "rfp"} else None}
        self.book.joined.add(order_id)
        return f"part {order_id} into {root}"

    # ------------------------------------------------------------------ numbers

    def number(self) -> str | None:
        """Carrier, number and label for a parcel."""
        parcels = asked(
            "SELECT id FROM fulfilment_shipment WHERE seller_id = %(seller)s AND state = 'packed'"
            " ORDER BY id DESC LIMIT 20",
            seller=self.seller_id,
        )
        if not parcels:
            return None
        [parcel] = self.dice.choice(parcels)
        give_number(shipment_id=parcel, choice=Choice(self.carrier, BY_HAND), **self.who)
        make_label(shipment_id=parcel, **self.who)
        return f"parcel {parcel}"

    def repack(self) -> str | None:
        """A parcel is voided and what was in it goes into another."""
        found = Shipment.objects.filter(seller_id=self.seller_id, state="packed", order__status="ready_to_ship").first()
        if found is None:
            return None
        fulfilment.void(shipment_id=found.pk, **self.who)
        fulfilment.pack(order_id=found.order_id, **self.who)
        return f"order {found.order_id}"
