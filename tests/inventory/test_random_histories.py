"""After any history of changes the ledger adds up to the figures, and no unit is promised twice."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from entrepot.inventory import services as inventory
from entrepot.inventory.errors import BelowZero, NotEnoughStock, StockIsReserved
from entrepot.inventory.models import Reservation
from entrepot.inventory.services import Want
from tests.books import MINA, assert_books_add_up, figure, make_items, make_kit, make_seller

SKUS = ("RED", "BLUE")
some = st.integers(1, 6)
sku = st.sampled_from(SKUS)
reference = st.sampled_from([f"line:{n}" for n in range(5)])


class Shelves(RuleBasedStateMachine):
    """Two items in two warehouses and a kit of both, beside a model in plain numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.seller = make_seller()
        self.ids = make_items(self.seller, RED=4, BLUE=4)
        self.kit = make_kit(self.seller, "PAIR", {self.ids["RED"]: 2, self.ids["BLUE"]: 1})
        self.main = inventory.default_warehouse(seller_id=self.seller.pk, actor=MINA).pk
        self.other = inventory.add_warehouse(seller_id=self.seller.pk, code="B", name="B", actor=MINA).pk
        self.words = {"seller_id": self.seller.pk, "actor": MINA}
        self.on_hand = dict.fromkeys(SKUS, 4)
        self.held: dict[tuple[str, str], int] = {}
        self.versions = inventory.versions(self.seller.pk, [*self.ids.values(), self.kit])

    def free(self, name: str) -> int:
        return self.on_hand[name] - sum(count for (_, item), count in self.held.items() if item == name)

    @rule(name=sku, quantity=some, there=st.booleans())
    def receive(self, name, quantity, there):
        place = self.other if there else self.main
        inventory.receive(item_id=self.ids[name], quantity=quantity, warehouse_id=place, **self.words)
        self.on_hand[name] += quantity

    @rule(name=sku, delta=st.integers(-6, 6))
    def adjust(self, name, delta):
        try:
            inventory.adjust(item_id=self.ids[name], delta=delta, reason="check", **self.words)
        except (BelowZero, StockIsReserved):
            return
        self.on_hand[name] += delta

    @rule(name=sku, quantity=some, back=st.booleans())
    def transfer(self, name, quantity, back):
        ends = (self.other, self.main) if back else (self.main, self.other)
        words = {"from_warehouse_id": ends[0], "to_warehouse_id": ends[1], **self.words}
        try:
            inventory.transfer(item_id=self.ids[name], quantity=quantity, **words)
        except NotEnoughStock:
            return

    @rule(name=sku, line=reference, quantity=some)
    def reserve(self, name, line, quantity):
        wants = [Want(line, self.ids[name], quantity)]
        if (free := self.free(name)) < quantity:
            with pytest.raises(NotEnoughStock) as refusal:
                inventory.reserve(wants=wants, **self.words)
            assert refusal.value.fields["available"] == free
            return
        inventory.reserve(wants=wants, **self.words)
        self.held[line, name] = self.held.get((line, name), 0) + quantity

    @rule(name=sku, first=reference, second=reference, quantity=some)
    def reserve_up_to(self, name, first, second, quantity):
        wants = [Want(first, self.ids[name], quantity)]
        if second != first:
            wants.append(Want(second, self.ids[name], quantity))
        granted = inventory.reserve_up_to(wants=wants, **self.words)
        for want in wants:
            assert granted[want.reference] == min(quantity, self.free(name))
            key = want.reference, name
            self.held[key] = self.held.get(key, 0) + granted[want.reference]

    @rule(line=reference, quantity=some)
    def reserve_kit(self, line, quantity):
        enough = self.free("RED") >= 2 * quantity and self.free("BLUE") >= quantity
        wants = [Want(line, self.kit, quantity)]
        if not enough:
            with pytest.raises(NotEnoughStock):
                inventory.reserve(wants=wants, **self.words)
            return
        inventory.reserve(wants=wants, **self.words)
        for name, each in (("RED", 2), ("BLUE", 1)):
            self.held[line, name] = self.held.get((line, name), 0) + each * quantity

    @rule(name=sku, line=reference, quantity=some)
    def settle(self, name, line, quantity):
        for other in SKUS:
            self.held.pop((line, other), None)
        expected = min(quantity, self.free(name))
        granted = inventory.settle(wants=[Want(line, self.ids[name], quantity)], **self.words)
        assert granted == {line: expected}
        self.held[line, name] = expected

    @precondition(lambda self: any(self.held.values()))
    @rule(line=reference, shipped=st.booleans())
    def leave(self, line, shipped):
        verb = inventory.ship if shipped else inventory.release
        verb(references=[line], **self.words)
        for name in SKUS:
            gone = self.held.pop((line, name), 0)
            self.on_hand[name] -= gone if shipped else 0

    @invariant()
    def the_books_add_up(self):
        assert_books_add_up([self.seller.pk])
        for name, item_id in self.ids.items():
            reserved = self.on_hand[name] - self.free(name)
            assert figure(item_id) == (self.on_hand[name], reserved)
        rows = Reservation.objects.filter(seller=self.seller).values_list("reference", "item_id", "quantity")
        held: dict[tuple[str, int], int] = {}
        for line, item_id, quantity in rows:
            held[line, item_id] = held.get((line, item_id), 0) + quantity
        assert held == {(line, self.ids[name]): count for (line, name), count in self.held.items() if count}

    @invariant()
    def what_can_be_sold_is_computed_and_versions_only_grow(self):
        free = {name: self.free(name) for name in SKUS}
        expected = {self.ids[name]: free[name] for name in SKUS}
        expected[self.kit] = min(free["RED"] // 2, free["BLUE"])
        assert inventory.available(self.seller.pk, expected) == expected
        now = inventory.versions(self.seller.pk, expected)
        assert all(now[item_id] >= self.versions[item_id] for item_id in expected)
        self.versions = now


class RandomHistories(TestCase):
    def test_after_any_history_the_ledger_adds_up_to_the_figures(self):
        quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
        run_state_machine_as_test(
            Shelves,
            settings=settings(max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=quiet),
        )
        assert connection.vendor == "postgresql"
