"""Any history of releases, waves, picks, short picks, cancels and manifests: ledger, bins and staging agree."""

import random
from collections.abc import Callable

import pytest
from django.db import transaction

from entrepot.inventory.models import Stock
from entrepot.inventory.services import add_warehouse
from entrepot.kernel.errors import Refused
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.models import Count, Manifest, PickLine, Receipt, Return, Wave, WorkLine, WorkOrder
from entrepot.warehouse.queries.agreement import differences
from entrepot.warehouse.services import Departure, hand_over, packing, picking, put_back, release, returns, waves
from tests.books import MINA, SHOP, assert_books_add_up
from tests.floor import Floor, assert_bins_add_up, make_floor, work

SKUS = ("RED", "BLUE", "GREEN")


class History:
    """One random walk over the verbs of a warehouse; a refusal is an answer, and changes nothing."""

    def __init__(self, floor: Floor, seed: int) -> None:
        self.floor = floor
        self.dice = random.Random(seed)  # noqa: S311 - a repeatable walk, no secret
        self.who = {"seller_id": floor.seller_id, "actor": MINA}
        self.other = add_warehouse(code="BUSAN", name="Busan", **self.who).pk
        self.turned = 0

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
                self.goods_in,
                self.put_away,
                self.move,
                self.transfer,
                self.take_transfer,
                self.count,
                *[self.come_back] * 2,
                self.recall,
                self.wave_given_up,
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

    def _bin(self) -> int:
        return self.dice.choice(list(self.floor.bins.values()))

    def _item(self) -> int:
        return self.floor.items[self.dice.choice(SKUS)]

    def goods_in(self) -> None:
        item, count = self._item(), self.dice.randint(1, 4)
        expected = self.dice.random() < 0.5
        paper = (
            warehouse.expect(warehouse_id=self.floor.warehouse_id, quantities={item: count}, **self.who)
            if expected
            else warehouse.begin_receipt(warehouse_id=self.floor.warehouse_id, **self.who)
        )
        where = self.dice.choice([None, self._bin()])
        some = self.dice.randint(1, count)
        warehouse.receive_item(receipt_id=paper.pk, item_id=item, quantity=some, bin_id=where, **self.who)
        if self.dice.random() < 0.7:
            warehouse.close_receipt(receipt_id=paper.pk, **self.who)

    def put_away(self) -> None:
        loose = [row for row in Stock.objects.filter(warehouse_id=self.floor.warehouse_id) if row.on_hand > row.located]
        for row in loose[:1]:
            words = {"item_id": row.item_id, "quantity": self.dice.randint(1, row.on_hand - row.located)}
            warehouse.put_away(warehouse_id=self.floor.warehouse_id, bin_id=self._bin(), **words, **self.who)

    def move(self) -> None:
        words = {"from_bin_id": self._bin(), "to_bin_id": self.dice.choice([None, self._bin()]), "quantity": 1}
        if words["from_bin_id"] != words["to_bin_id"]:
            warehouse.move(warehouse_id=self.floor.warehouse_id, item_id=self._item(), **words, **self.who)

    def transfer(self) -> None:
        here, there = self.floor.warehouse_id, self.other
        if self.dice.random() < 0.5:
            here, there = there, here
        gone = [Departure(self._item(), self.dice.randint(1, 2))]
        warehouse.send(from_warehouse_id=here, to_warehouse_id=there, departures=gone, **self.who)

    def take_transfer(self) -> None:
        for paper in Receipt.objects.filter(kind="transfer", state="open").order_by("pk")[:1]:
            line = paper.lines.get()
            if not line.received and self.dice.random() < 0.3:
                warehouse.cancel_receipt(receipt_id=paper.pk, **self.who)
                return
            warehouse.receive_item(receipt_id=paper.pk, item_id=line.item_id, quantity=1, **self.who)
            if line.expected == line.received + 1 or self.dice.random() < 0.3:
                warehouse.close_receipt(receipt_id=paper.pk, reason="lost on the way", **self.who)

    def count(self) -> None:
        place = self._bin()
        paper = warehouse.start_count(warehouse_id=self.floor.warehouse_id, bin_ids=[place], **self.who)
        found = {self._item(): self.dice.randint(0, 4)}
        warehouse.enter_count(count_id=paper.pk, bin_id=place, found=found, **self.who)
        if warehouse.finish_count(count_id=paper.pk, **self.who).state == "to_approve":
            decide = self.dice.choice([warehouse.approve_count, warehouse.drop_differences])
            decide(count_id=paper.pk, reason="counted", **self.who)

    def come_back(self) -> None:
        gone = list(Order.objects.filter(status="in_transit").order_by("pk"))
        if not gone:
            return
        order = self.dice.choice(gone)
        paper = returns.expect_return(
            warehouse_id=self.floor.warehouse_id, order_id=order.pk, received=True, **self.who
        )
        if self.dice.random() < 0.2:
            returns.cancel_return(return_id=paper.pk, **self.who)
            return
        graded = [
            returns.Graded(
                line_id=line.pk,
                grade=self.dice.choice(["as_new", "opened", "damaged"]),
                quantity=line.shipped - line.returned,
                bin_code=self.dice.choice(["", *self.floor.bins]),
            )
            for line in order.lines.all()
            if line.shipped > line.returned
        ]
        returns.grade_return(return_id=paper.pk, graded=graded, **self.who)

    def recall(self) -> None:
        rows = list(Order.objects.filter(status="rfp").order_by("pk"))
        if rows:
            order = self.dice.choice(rows)
            orders.recall(seller_id=self.floor.seller_id, order_id=order.pk, actor=MINA)
            release.follow(seller_id=self.floor.seller_id, order_id=order.pk, actor=MINA)
            self.turned += 1
            if self.dice.random() < 0.7:
                release.release(seller_id=self.floor.seller_id, order_id=order.pk, actor=MINA)

    def wave_given_up(self) -> None:
        for wave in Wave.objects.filter(state__in=["open", "picking"]).order_by("pk")[:1]:
            waves.cancel_wave(wave_id=wave.pk, **self.who)

    def check(self) -> None:
        """Staging holds what is picked and has neither left nor gone back, and orders fit their work."""
        assert_books_add_up([self.floor.seller_id])
        assert_bins_add_up([self.floor.seller_id])
        assert differences(seller_id=self.floor.seller_id) == []
        staged = self.floor.lying().get("STAGING", {})
        for sku, item_id in self.floor.items.items():
            rows = WorkLine.objects.filter(item_id=item_id).exclude(work__state="handed_over")
            assert staged.get(sku, 0) == sum(rows.values_list("picked", flat=True))
            assert Stock.objects.get(item_id=item_id, warehouse_id=self.floor.warehouse_id).on_hand >= staged.get(
                sku, 0
            )
        for made in Order.objects.filter(work__isnull=False).distinct():  # others are set aside in Busan alone
            expected = {"in_transit": {"handed_over"}, "ready_to_ship": {"picked", "packed"}}
            expected["return_in_process"] = expected["returned"] = expected["complete"] = {"handed_over"}
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
    assert {"expected", "blind", "transfer"} == set(Receipt.objects.values_list("kind", flat=True))
    assert Count.objects.filter(state="done").exists()
    assert Wave.objects.exclude(state="open").exists()
    assert history.turned or Return.objects.filter(state="done").exists()
