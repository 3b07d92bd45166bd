"""Whatever happens in two warehouses, in whatever order: bins, ledger, papers and a model in plain numbers agree."""

from collections import Counter

from django.db.models import F
from django.test import TestCase
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from entrepot.inventory import services as inventory
from entrepot.inventory.errors import BelowZero, BinClosed, NotEnoughStock, NotThere, StockIsReserved
from entrepot.inventory.models import BinMove, Stock
from entrepot.inventory.services import Carry, Departure, Want
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.errors import BinNotEmpty, CountOutdated, MoreThanSent, ReceiptBegun
from entrepot.warehouse.models import Count, Receipt, ReceiptLine
from tests.books import MINA, assert_books_add_up, make_items, make_seller
from tests.shelves import assert_bins_add_up, make_bins

SKUS = ("RED", "BLUE")
PLACES = ("MAIN", "BUSAN")
SHELVES = ("A1", "A2", "B1", "B2")
some = st.integers(1, 5)
sku = st.sampled_from(SKUS)
where = st.sampled_from(PLACES)
shelf = st.sampled_from(SHELVES)
nth = st.integers(0, 9)


class Warehouses(RuleBasedStateMachine):
    """Two items, two warehouses with two bins and a staging bin each, beside a model in plain numbers.

    `there[sku, place]` is what is on hand, `way[receipt]` what is due on each paper, `held[line]` what is set aside.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seller = make_seller()
        self.words = {"seller_id": self.seller.pk, "actor": MINA}
        self.ids = make_items(self.seller, RED=6, BLUE=6)
        main = inventory.default_warehouse(**self.words)
        busan = inventory.add_warehouse(code="BUSAN", name="Busan", **self.words)
        self.places = {"MAIN": main.pk, "BUSAN": busan.pk}
        self.bins = {
            "MAIN": make_bins(main, "A1", "A2", staging=["S-A"]),
            "BUSAN": make_bins(busan, "B1", "B2", staging=["S-B"]),
        }
        self.staging = {"MAIN": self.bins["MAIN"]["S-A"], "BUSAN": self.bins["BUSAN"]["S-B"]}
        self.there: Counter[tuple[str, str]] = Counter({(name, "MAIN"): 6 for name in SKUS})
        self.way: dict[int, Counter[str]] = {}
        self.lines = 0

    def bin_of(self, code: str) -> tuple[str, int]:
        place = "MAIN" if code in self.bins["MAIN"] else "BUSAN"
        return place, self.bins[place][code]

    def carry(self, place: str, one: Carry, kind: str) -> None:
        try:
            inventory.carry(warehouse_id=self.places[place], carries=[one], kind=kind, **self.words)
        except (NotThere, BinClosed):
            return

    def paper(self, number: int) -> Receipt | None:
        rows = list(Receipt.objects.filter(seller=self.seller, state="open").order_by("id"))
        return rows[number % len(rows)] if rows else None

    @rule(name=sku, quantity=some, place=where)
    def expect(self, name, quantity, place):
        made = warehouse.expect(warehouse_id=self.places[place], quantities={self.ids[name]: quantity}, **self.words)
        self.way[made.pk] = Counter({name: quantity})

    @rule(place=where)
    def begin_blind(self, place):
        self.way[warehouse.begin_receipt(warehouse_id=self.places[place], **self.words).pk] = Counter()

    @rule(number=nth, name=sku, quantity=some, code=st.one_of(st.none(), shelf))
    def receive(self, number, name, quantity, code):
        paper = self.paper(number)
        if paper is None:
            return
        place = next(key for key, pk in self.places.items() if pk == paper.warehouse_id)
        bin_id = self.bins[place].get(code)
        due = self.way[paper.pk][name]
        try:
            warehouse.receive_item(
                receipt_id=paper.pk, item_id=self.ids[name], quantity=quantity, bin_id=bin_id, **self.words
            )
        except MoreThanSent:
            assert (paper.kind, quantity > due) == ("transfer", True)
            return
        except BinClosed:
            return
        self.there[name, place] += quantity
        self.way[paper.pk][name] -= min(quantity, due)

    @rule(number=nth, canceled=st.booleans())
    def end(self, number, canceled):
        paper = self.paper(number)
        if paper is None:
            return
        if not canceled:
            warehouse.close_receipt(receipt_id=paper.pk, reason="that was all", **self.words)
        else:
            try:
                warehouse.cancel_receipt(receipt_id=paper.pk, **self.words)
            except ReceiptBegun:
                return
            origin = next((key for key, pk in self.places.items() if pk == paper.from_warehouse_id), None)
            if origin:
                self.there.update({(name, origin): quantity for name, quantity in self.way[paper.pk].items()})
        self.way[paper.pk] = Counter()

    @rule(name=sku, quantity=some, place=where, code=st.one_of(st.none(), shelf))
    def send(self, name, quantity, place, code):
        other = next(key for key in PLACES if key != place)
        one = Departure(self.ids[name], quantity, self.bins[place].get(code))
        try:
            made = warehouse.send(
                from_warehouse_id=self.places[place],
                to_warehouse_id=self.places[other],
                departures=[one],
                **self.words,
            )
        except (NotEnoughStock, NotThere):
            return
        self.there[name, place] -= quantity
        self.way[made.pk] = Counter({name: quantity})

    @rule(name=sku, quantity=some, place=where, code=st.one_of(st.none(), shelf))
    def send_and_call_back(self, name, quantity, place, code):
        known = set(self.way)
        self.send(name=name, quantity=quantity, place=place, code=code)
        for pk in set(self.way) - known:
            warehouse.cancel_receipt(receipt_id=pk, **self.words)
            self.there[name, place] += quantity
            self.way[pk] = Counter()

    @rule(name=sku, quantity=some, code=shelf)
    def put_away(self, name, quantity, code):
        place, bin_id = self.bin_of(code)
        self.carry(place, Carry(self.ids[name], quantity, None, bin_id), BinMove.Kind.PUT_AWAY)

    @rule(name=sku, quantity=some, code=shelf, other=shelf)
    def move(self, name, quantity, code, other):
        place, bin_id = self.bin_of(code)
        target = self.bins[place].get(other)
        if target != bin_id:
            self.carry(place, Carry(self.ids[name], quantity, bin_id, target), BinMove.Kind.MOVE)

    @rule(name=sku, quantity=some, code=shelf)
    def pick(self, name, quantity, code):
        place, bin_id = self.bin_of(code)
        self.carry(place, Carry(self.ids[name], quantity, bin_id, self.staging[place]), BinMove.Kind.PICK)

    @rule(name=sku, quantity=some, leaves=st.booleans())
    def sell(self, name, quantity, leaves):
        self.lines += 1
        line = f"line:{self.lines}"
        try:
            inventory.reserve(wants=[Want(line, self.ids[name], quantity)], **self.words)
        except NotEnoughStock:
            return
        before = {row.warehouse_id: row.on_hand for row in Stock.objects.filter(item_id=self.ids[name])}
        if leaves:
            inventory.ship(references=[line], **self.words)
            after = {row.warehouse_id: row.on_hand for row in Stock.objects.filter(item_id=self.ids[name])}
            assert sum(before.values()) - sum(after.values()) == quantity
            for place, pk in self.places.items():
                self.there[name, place] = after.get(pk, 0)

    @rule(name=sku, delta=st.integers(-5, 5), place=where, code=st.one_of(st.none(), shelf))
    def adjust(self, name, delta, place, code):
        words = {"warehouse_id": self.places[place], "bin_id": self.bins[place].get(code), **self.words}
        try:
            inventory.adjust(item_id=self.ids[name], delta=delta, reason="check", **words)
        except (BelowZero, StockIsReserved, NotThere, BinClosed):
            return
        self.there[name, place] += delta

    @rule(name=sku, quantity=some, place=where, code=st.one_of(st.none(), shelf))
    def take_back(self, name, quantity, place, code):
        words = {"warehouse_id": self.places[place], "bin_id": self.bins[place].get(code), **self.words}
        try:
            inventory.restock(quantities={self.ids[name]: quantity}, reference="order:1", **words)
        except BinClosed:
            return
        self.there[name, place] += quantity

    @rule(code=shelf, red=st.integers(0, 4), blue=st.integers(0, 4), moved=st.booleans())
    def count(self, code, red, blue, moved):
        place, bin_id = self.bin_of(code)
        count = warehouse.start_count(warehouse_id=self.places[place], bin_ids=[bin_id], **self.words)
        found = {self.ids["RED"]: red, self.ids["BLUE"]: blue}
        warehouse.enter_count(count_id=count.pk, bin_id=bin_id, found=found, **self.words)
        if moved:
            self.carry(place, Carry(self.ids["RED"], 1, bin_id, self.staging[place]), BinMove.Kind.PICK)
        if warehouse.finish_count(count_id=count.pk, **self.words).state == Count.State.DONE:
            return
        apart = {row.item_id: row.counted - row.expected for row in count.lines.exclude(counted=F("expected"))}
        try:
            warehouse.approve_count(count_id=count.pk, reason="counted", **self.words)
        except (StockIsReserved, CountOutdated, BinClosed):
            warehouse.cancel_count(count_id=count.pk, **self.words)
            return
        for name in SKUS:
            self.there[name, place] += apart.get(self.ids[name], 0)

    @rule(code=shelf)
    def close_or_open(self, code):
        _, bin_id = self.bin_of(code)
        try:
            warehouse.close_bin(bin_id=bin_id, **self.words)
        except BinNotEmpty:
            warehouse.open_bin(bin_id=bin_id, **self.words)

    @precondition(lambda self: self.lines)
    @rule(code=shelf)
    def open_again(self, code):
        warehouse.open_bin(bin_id=self.bin_of(code)[1], **self.words)

    @invariant()
    def bins_and_ledger_add_up(self):
        assert_books_add_up([self.seller.pk])
        assert_bins_add_up([self.seller.pk])

    @invariant()
    def what_is_there_and_on_its_way_is_what_the_model_says(self):
        rows = {(row.item_id, row.warehouse_id): row for row in Stock.objects.filter(seller=self.seller)}
        due: Counter[tuple[int, int]] = Counter()
        for line in ReceiptLine.objects.filter(receipt__seller=self.seller, receipt__state="open").select_related():
            left = max(line.expected - line.received, 0)
            due[line.item_id, line.receipt.warehouse_id] += left
            assert left == self.way[line.receipt_id][line.item.sku]
        for name, item_id in self.ids.items():
            for place, pk in self.places.items():
                row = rows.get((item_id, pk))
                assert (row.on_hand if row else 0) == self.there[name, place]
                assert (row.incoming if row else 0) == due[item_id, pk]


class RandomHistories(TestCase):
    def test_after_any_history_bins_and_unlocated_are_what_is_on_hand(self):
        quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
        run_state_machine_as_test(
            Warehouses,
            settings=settings(max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=quiet),
        )
