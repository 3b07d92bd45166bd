"""Whatever a mall says and people do, in any order: nothing crashes, nothing is promised, sent or put back twice."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from entrepot.channels.models import IncomingOrder, Listing, Problem, StatusMapping, Store
from entrepot.channels.problems import PROBLEMS
from entrepot.channels.services import claims as wishes
from entrepot.channels.services.intake import take_in
from entrepot.connectors.cafe24.codes import statuses
from entrepot.connectors.cafe24.state import (
    ItemState,
    claim_kind,
    claim_state,
    least_far,
    line_state,
    order_code,
    parcel_code,
)
from entrepot.connectors.contract import ChannelClaim, ChannelOrder, ChannelOrderLine, ChannelParcel, OrderPage
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.inventory.models import Movement, Reservation
from entrepot.kernel.errors import EntrepotError
from entrepot.orders import services as orders
from entrepot.orders.flow import HOLDS_STOCK
from entrepot.orders.lines import open_quantity
from entrepot.orders.models import Order, OrderLine
from tests.books import MINA, NOON, assert_books_add_up, figure, make_channel, make_items, make_seller

PLENTY = 100
WALK = {
    "N00": ["N20", "C47"],
    "N20": ["N21", "N22", "N30", "C00", "C40"],
    "N21": ["N30", "N20", "C00", "C34", "C40"],
    "N22": ["N20", "C00"],
    "N30": ["N40", "N20", "R00"],
    "N40": ["N50", "R00", "E00", "R10"],
    "N50": ["R00"],
    "C00": ["C11", "C34", "C40"],
    "C11": ["N21", "N30", "C00"],
    "C34": ["C40", "C11"],
    "C40": ["N20"],
    "C47": ["N20"],
    "R00": ["R11", "R10", "R31"],
    "R11": ["R00", "N50"],
    "R10": ["R31", "R40", "R11"],
    "R31": ["R40"],
    "R40": [],
    "E00": ["E11", "E10"],
    "E10": ["E20", "E40"],
    "E11": ["E00"],
    "E20": ["E40"],
    "E40": [],
    "N77": ["N20"],
}
_NUMBERS = {"N21": "ready", "N30": "handed_over", "N40": "delivered"}


class Item:
    """An item of the mall's order."""

    def __init__(self, code: str, sku: str, quantity: int) -> None:
        self.item_code, self.sku, self.quantity = code, sku, quantity
        self.status, self.before = "N20", ""

    def go(self, status: str) -> None:
        if claim_kind(status) and not claim_kind(self.status):
            self.before = self.status
        self.status = status

    @property
    def state(self) -> ItemState:
        return ItemState(code=self.status, before=self.before, quantity=self.quantity)


class MallHistory(RuleBasedStateMachine):
    """One order of three items; the mall moves them as it likes, people press every button there is."""

    @initialize()
    def open(self) -> None:
        self.seller = make_seller()
        channel = make_channel(self.seller)
        self.ids = make_items(self.seller, RED=PLENTY, BLUE=PLENTY)
        self.store = Store.objects.create(
            sales_channel=channel, seller=self.seller, connector="opencart", identity="x", orders_seen_at=NOON
        )
        for row in statuses():
            StatusMapping.objects.create(
                store=self.store,
                remote_id=row.remote_id,
                name=row.names["en"],
                takes_stock=row.takes_stock,
                meaning=row.suggested or "problem",
                confirmed=True,
            )
        for number, sku in enumerate(("RED", "BLUE"), 1):
            Listing.objects.create(
                seller=self.seller, store=self.store, item_id=self.ids[sku], remote_id=str(number), currency="KRW"
            )
        self.items = [Item("1-01", "RED", 2), Item("1-02", "BLUE", 3), Item("1-03", "RED", 1)]
        self.said = 0
        self.read()

    # ----------------------------------------------------------------- the mall

    def read(self) -> None:
        self.said += 1
        page = OrderPage(orders=[self.copy()], cursor="", more=False)
        take_in(Store.objects.get(pk=self.store.pk), page=page, now=NOON + timedelta(minutes=self.said))

    def copy(self) -> ChannelOrder:
        return ChannelOrder(
            remote_id="1",
            number="1",
            version=0,
            confirmed=True,
            status_id=order_code(item.state for item in self.items),
            placed_at=NOON,
            changed_at=NOON,
            base_currency="KRW",
            currency="KRW",
            rate=Decimal(1),
            total=Decimal(60),
            lines=[self.line(item) for item in self.items],
            totals=(),
            buyer_name="김서연",
            buyer_email="",
            buyer_phone="",
            shipping=None,
            billing=None,
            claims=self.claims(),
            parcels=self.parcels(),
        )

    def line(self, item: Item) -> ChannelOrderLine:
        return ChannelOrderLine(
            remote_id=item.item_code,
            product_id="1" if item.sku == "RED" else "2",
            variation_keys=[""],
            name=item.sku,
            model="",
            quantity=item.quantity,
            unit_price=Decimal(10),
            line_total=Decimal(10) * item.quantity,
            unit_tax=Decimal(0),
            sku=item.sku,
            state=line_state(item.state),
        )

    def claims(self) -> list[ChannelClaim]:
        made = []
        for kind in ("cancel", "return", "exchange"):
            some = [item for item in self.items if claim_kind(item.status) == kind]
            if some:
                state = least_far(claim_state(item.status) for item in some)
                lines = [(item.item_code, item.quantity) for item in some]
                coded = "C1" if state not in {"asked", "refused"} else f"1:{kind}"
                made.append(ChannelClaim(remote_id=coded, kind=kind, state=state, lines=lines))
        return made

    def parcels(self) -> list[ChannelParcel]:
        rows = [(item, parcel_code(item.state)) for item in self.items]
        return [
            ChannelParcel(
                remote_id=f"D-{item.item_code}",
                carrier="0006",
                tracking_number=f"60{item.item_code}",
                line_ids=[item.item_code],
                state=_NUMBERS[code],
            )
            for item, code in rows
            if code
        ]

    @rule(which=st.integers(0, 7), step=st.integers(0, 7), whole=st.booleans())
    def the_mall_moves(self, which: int, step: int, *, whole: bool) -> None:
        chosen = self.items if whole else [self.items[which % len(self.items)]]
        for item in chosen:
            if ways := WALK.get(item.status, ["N20"]):
                item.go(ways[step % len(ways)])
        self.read()

    @rule(which=st.integers(0, 7))
    def the_mall_takes_a_line_apart(self, which: int) -> None:
        item = self.items[which % len(self.items)]
        if item.quantity > 1 and len(self.items) < 5:
            item.quantity -= 1
            part = Item(f"1-0{len(self.items) + 1}", item.sku, 1)
            part.status, part.before = item.status, item.before
            part.go((WALK[item.status] or [item.status])[-1])
            self.items.append(part)
            self.read()

    @rule(which=st.integers(0, 7))
    def the_mall_invents_a_state(self, which: int) -> None:
        self.items[which % len(self.items)].go("N77")
        self.read()

    @rule()
    def the_mall_repeats_itself(self) -> None:
        before = Order.objects.get(seller=self.seller).version
        report = take_in(
            Store.objects.get(pk=self.store.pk), page=OrderPage(orders=[self.copy()], cursor="", more=False), now=NOON
        )
        assert (report.kept, Order.objects.get(seller=self.seller).version) == (0, before)

    # ----------------------------------------------------------------- the desk

    def press(self, verb: Callable[..., object], **words: Any) -> None:
        order = Order.objects.get(seller=self.seller)
        try:
            verb(seller_id=self.seller.pk, order_id=order.pk, actor=MINA, **words)
        except EntrepotError:
            return

    @rule(
        verb=st.sampled_from(
            [
                orders.release_to_warehouse,
                orders.recall,
                orders.mark_ready,
                orders.hand_over,
                orders.complete,
                orders.unhold,
                orders.keep,
                orders.cancel_by_seller,
                orders.confirm_seller_cancel,
                orders.ask_return,
                orders.withdraw_return,
                fulfilment.pack,
                fulfilment.hand_over,
                fulfilment.deliver,
                fulfilment.catch_up,
                wishes.unpack,
            ]
        )
    )
    def somebody_presses(self, verb: Callable[..., object]) -> None:
        self.press(verb)

    @rule()
    def somebody_packs_and_sends(self) -> None:
        for verb in (orders.release_to_warehouse, fulfilment.pack, fulfilment.hand_over):
            self.press(verb)

    @rule(good=st.integers(0, 2), bad=st.integers(0, 2), which=st.integers(0, 7))
    def somebody_receives(self, good: int, bad: int, which: int) -> None:
        lines = list(OrderLine.objects.filter(order__seller=self.seller).order_by("position"))
        self.press(orders.receive_return, lines={lines[which % len(lines)].pk: (good, bad)})

    # ----------------------------------------------------------------- what always holds

    @invariant()
    def the_books_add_up(self) -> None:
        if not hasattr(self, "seller"):
            return
        assert_books_add_up([self.seller.pk])
        order = Order.objects.get(seller=self.seller)
        lines = list(order.lines.all())
        for sku, item_id in self.ids.items():
            mine = [line for line in lines if line.item_id == item_id]
            moved = Movement.objects.filter(item_id=item_id)
            sold = -(moved.filter(kind="sale").aggregate(n=Sum("on_hand_delta"))["n"] or 0)
            back = moved.filter(kind="return").aggregate(n=Sum("on_hand_delta"))["n"] or 0
            assert sold == sum(line.shipped for line in mine), sku
            assert back <= sum(line.returned for line in mine)
            waiting = sum(open_quantity(line) for line in mine)
            held = waiting if order.status in HOLDS_STOCK else 0
            assert figure(item_id) == (PLENTY - sold + back, held), (sku, order.status, order.hold_code)
        assert all(line.returned <= line.shipped <= line.quantity for line in lines)

    @invariant()
    def nothing_was_refused_by_the_books(self) -> None:
        if hasattr(self, "seller"):
            assert not IncomingOrder.objects.filter(store=self.store, state__in=["problem", "ignored"]).exists()
            codes = Problem.objects.filter(seller=self.seller).values_list("code", flat=True)
            assert set(codes) <= set(PROBLEMS)

    @invariant()
    def no_parcel_holds_what_another_holds(self) -> None:
        if not hasattr(self, "seller"):
            return
        alive = Shipment.objects.filter(seller=self.seller).exclude(state="void")
        packed = {
            row["lines__order_line"]: row["n"]
            for row in alive.values("lines__order_line").annotate(n=Sum("lines__quantity"))
        }
        for line in OrderLine.objects.filter(order__seller=self.seller):
            assert (packed.get(line.pk) or 0) <= line.quantity

    @invariant()
    def what_is_stopped_has_not_left(self) -> None:
        if hasattr(self, "seller"):
            order = Order.objects.get(seller=self.seller)
            references = [line.reference for line in order.lines.all()]
            if order.status in {"canceled", "seller_canceled", "unpaid_canceled"}:
                assert not Reservation.objects.filter(reference__in=references).exists()


class TestAnyHistoryOfAMall(TestCase):
    def test_it_keeps_the_books_in_order(self) -> None:
        run_state_machine_as_test(
            MallHistory,
            settings=settings(
                max_examples=20, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
