"""Any history of releases, waves, picks, short picks, cancels and manifests: ledger, bins and staging agree."""

import random
from collections.abc import Callable

import pytest
from django.db import transaction

from entrepot.inventory.models import Stock
from entrepot.kernel.errors import Refused
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from entrepot.warehouse.models import Manifest, PickLine, WorkLine, WorkOrder
from entrepot.warehouse.services import hand_over, packing, picking, put_back, release, waves
from tests.books import MINA, SHOP, assert_books_add_up
from tests.floor import Floor, assert_bins_add_up, make_floor, work

SKUS = ("RED", "BLUE", "GREEN")


class History:
    """One random walk over the verbs of a warehouse; a refusal is an answer, and changes nothing."""

    def __init__(self, floor: Floor, seed: int) -> None:
        self.floor = floor
        self.dice = random.Random(seed)  # noqa: S311 - a repeatable walk, no secret
        self.who = {"seller_id": floor.seller_id, "actor": MINA}

    def step(self, number: int) -> None:
        deed: Callable[[], object] = self.dice.choice(
            [
                lambda: self.order(number),
                lambda: self.order(number),
                self.wave,
                *[self.pick] * 4,
                self.short,
                self.cancel,
                self.put_back,
                *[self.pack] * 2,
                self.leave,
                self.receive,
            ]
        )
        try:
            with transaction.atomic():
                deed()
        except Refused:
            pass
        release.follow_all(actor=MINA)
        orders.fill_waiting(seller_id=self.floor.seller_id, item_ids=None, actor=MINA)

    def order(self, number: int) -> None:
        wants = [(sku, self.dice.randint(1, 3)) for sku in self.dice.sample(SKUS, self.dice.randint(1, 3))]
        self.floor.order(str(number), *wants)

    def wave(self) -> None:
        self.floor.wave(self.dice.choice(["single", "cart", "zone"]), limit=self.dice.randint(1, 4))

    def _line(self) -> PickLine:
        lines = [one for one in PickLine.objects.order_by("pk") if one.quantity > one.picked + one.short]
        return self.dice.choice(lines) if lines else PickLine(pk=0, pick_list_id=0, quantity=1)

    def pick(self) -> None:
        line = self._line()
        picking.pick(
            pick_list_id=line.pick_list_id,
            bin_code=line.bin.code if line.bin else "",
            item_code=line.item.sku if line.item_id else "",
            quantity=self.dice.choice([1, line.quantity - line.picked - line.short, 3]),
            **self.who,
        )

    def short(self) -> None:
        picking.report_short(pick_line_id=self._line().pk, quantity=1, **self.who)

    def cancel(self) -> None:
        made = self.dice.choice([*Order.objects.order_by("pk"), Order(pk=0)])
        orders.cancel_by_buyer(seller_id=self.floor.seller_id, order_id=made.pk, actor=SHOP)

    def put_back(self) -> None:
        for line in put_back.to_put_back(seller_id=self.floor.seller_id, warehouse_id=self.floor.warehouse_id)[:1]:
            place = self.dice.choice([*self.floor.bins, ""])
            put_back.put_back(
                work_id=line.work_id, item_code=line.item.sku, bin_code=place, quantity=line.picked, **self.who
            )

    def pack(self) -> None:
        for one in WorkOrder.objects.filter(state="picked").order_by("pk")[:1]:
            for line in WorkLine.objects.filter(work=one):
                packing.scan_item(
                    work_id=one.pk, item_code=line.item.sku, quantity=line.picked - line.packed, **self.who
                )
            packing.close_parcel(work_id=one.pk, **self.who)
            one.order.shipments.update(tracking_number=f"64{one.order_id}")

    def leave(self) -> None:
        door = hand_over.open_manifest(warehouse_id=self.floor.warehouse_id, **self.who)
        for one in WorkOrder.objects.filter(state="packed"):
            hand_over.scan_parcel(manifest_id=door.pk, tracking_number=f"64{one.order_id}", **self.who)
        hand_over.close_manifest(manifest_id=door.pk, **self.who)

    def receive(self) -> None:
        item = self.floor.items[self.dice.choice(SKUS)]
        orders.receive_stock(seller_id=self.floor.seller_id, item_id=item, quantity=self.dice.randint(1, 5), actor=MINA)

    def check(self) -> None:
        """Staging holds what is picked and has neither left nor gone back, and orders fit their work."""
        assert_books_add_up([self.floor.seller_id])
        assert_bins_add_up([self.floor.seller_id])
        staged = self.floor.lying().get("STAGING", {})
        for sku, item_id in self.floor.items.items():
            rows = WorkLine.objects.filter(item_id=item_id).exclude(work__state="handed_over")
            assert staged.get(sku, 0) == sum(rows.values_list("picked", flat=True))
            assert Stock.objects.get(item_id=item_id).on_hand >= staged.get(sku, 0)
        for made in Order.objects.all():
            expected = {"in_transit": {"handed_over"}, "ready_to_ship": {"picked", "packed"}}
            expected["rfp"] = {"released", "picking"}
            assert work(made).state in expected.get(made.status, {"recalled"})
        assert not Manifest.objects.filter(state="open").exists()


@pytest.mark.parametrize("seed", range(4))
def test_any_history_of_a_floor_adds_up(db, seed):
    floor = make_floor()
    waves.add_totes(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, count=3, actor=MINA)
    history = History(floor, seed)

    for number in range(150):
        history.step(number)
        if number % 5 == 4:
            history.check()
    states = set(WorkOrder.objects.values_list("state", flat=True))
    assert "recalled" in states  # it was a history worth walking
    assert states & {"packed", "handed_over"}
