"""The deeds of a warehouse system beside the desk's: waves, picks, short picks, packing, manifests, bins, counts."""

from collections.abc import Callable

from benchmarks.flow.desk import Desk
from benchmarks.flow.model import ON_THE_FLOOR
from entrepot.fulfilment.models import Shipment
from entrepot.inventory import services as inventory
from entrepot.inventory.models import BinStock, Stock
from entrepot.inventory.services import Departure
from entrepot.kernel.errors import Refused
from entrepot.orders.models import OrderLine
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.models import Count, CountLine, Manifest, PickLine, Receipt, ReceiptLine, WorkLine, WorkOrder
from entrepot.warehouse.services import hand_over, packing, picking, put_back, release, waves
from entrepot.warehouse.services.approval import approve_count, drop_differences
from entrepot.warehouse.services.bins import add_bin, add_zone
from entrepot.warehouse.services.counts import cancel_count, enter_count, finish_count, start_count
from entrepot.warehouse.services.returns import Graded, expect_return, grade_return
from entrepot.warehouse.services.unpick import unpick


class Floor(Desk):
    """Both warehouses are worked by the warehouse system."""

    by_themselves = ON_THE_FLOOR

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.bins: dict[int, dict[str, int]] = {}
        for place in self.places:
            inventory.set_mode(warehouse_id=place, mode="wms", **self.who)
            self.bins[place] = {}
            for zone in ("A", "B"):
                made = add_zone(warehouse_id=place, code=zone, **self.who)
                for number in (1, 2):
                    code = f"{zone}-{number}"
                    self.bins[place][code] = add_bin(zone_id=made.pk, code=code, **self.who).pk
            waves.add_totes(warehouse_id=place, count=4, **self.who)

    def shipping(self) -> list[tuple[Callable[[], str | None], int]]:
        return [
            (self.follow, 8),
            (self.wave, 6),
            (self.pick, 22),
            (self.unpick, 2),
            (self.short, 2),
            (self.put_back, 4),
            (self.pack, 9),
            (self.unpack, 2),
            (self.leave, 4),
            (self.put_away, 6),
            (self.move, 3),
            (self.count_bin, 3),
            (self.send, 2),
            (self.expect, 2),
            (self.take_delivery, 4),
            (self.come_back, 2),
        ]

    def must(self, name: str, order_id: int) -> bool:
        """What a warehouse holds it may refuse to let go."""
        return name in {"deliver", "confirm_seller_cancel"} and super().must(name, order_id)

    # ------------------------------------------------------------------ release and waves

    def follow(self) -> str:
        """What the engine's tick does."""
        found = release.follow_all(actor=self.who["actor"])
        return f"{found}"

    def wave(self) -> str:
        made = waves.make_wave(
            warehouse_id=self.dice.choice(self.places),
            kind=self.dice.choice(["single", "cart", "zone"]),
            limit=self.dice.randint(1, 5),
            **self.who,
        )
        return made.number

    # ------------------------------------------------------------------ picking

    def _open_line(self) -> PickLine | None:
        rows = PickLine.objects.filter(
            pick_list__seller_id=self.seller_id, pick_list__state__in=["open", "picking"]
        ).select_related("bin", "item")
        lines = [line for line in rows.order_by("pk") if line.quantity > line.picked + line.short]
        return self.dice.choice(lines) if lines else None

    def pick(self) -> str | None:
        line = self._open_line()
        if line is None:
            return None
        left = line.quantity - line.picked - line.short
        scan = picking.pick(
            pick_list_id=line.pick_list_id,
            bin_code=line.bin.code if line.bin else "",
            item_code=line.item.sku,
            quantity=self.dice.choice([1, left, left, 3]),
            **self.who,
        )
        return f"{scan.quantity} of {scan.sku}"

    def unpick(self) -> str | None:
        rows = PickLine.objects.filter(pick_list__seller_id=self.seller_id, picked__gt=0).order_by("-pk")[:20]
        line = self.dice.choice([*rows]) if rows else None
        if line is None:
            return None
        unpick(lines={line.pk: self.dice.randint(1, line.picked)}, **self.who)
        return f"pick line {line.pk}"

    def short(self) -> str | None:
        line = self._open_line()
        if line is None:
            return None
        there = self._by_the_books(line)
        goes_on = picking.report_short(pick_line_id=line.pk, quantity=1, **self.who)
        self.delta[line.item_id] -= min(1, there)
        return f"pick line {line.pk}, goes on: {goes_on}"

    def _by_the_books(self, line: PickLine) -> int:
        """What lies where a line sends its picker; what the books do not have there cannot be written off."""
        if line.bin_id is not None:
            rows = BinStock.objects.filter(bin_id=line.bin_id, item_id=line.item_id)
            return rows.values_list("quantity", flat=True).first() or 0
        stock = Stock.objects.get(item_id=line.item_id, warehouse_id=line.pick_list.wave.warehouse_id)
        return stock.unlocated

    def put_back(self) -> str | None:
        for place in self.places:
            for line in put_back.to_put_back(seller_id=self.seller_id, warehouse_id=place)[:1]:
                left = put_back.put_back(
                    work_id=line.work_id,
                    item_code=line.item.sku,
                    bin_code=self.dice.choice([*self.bins[place], ""]),
                    quantity=self.dice.randint(1, line.picked),
                    **self.who,
                )
                return f"work {line.work_id}, {left} left"
        return None

    # ------------------------------------------------------------------ packing and leaving

    def pack(self) -> str | None:
        waiting = list(WorkOrder.objects.filter(seller_id=self.seller_id, state="picked").order_by("pk"))
        if not waiting:
            return None
        work = self.dice.choice(waiting)
        for line in WorkLine.objects.filter(work=work).select_related("item"):
            if line.picked > line.packed:
                packing.scan_item(
                    work_id=work.pk, item_code=line.item.sku, quantity=line.picked - line.packed, **self.who
                )
        packing.close_parcel(work_id=work.pk, weight_grams=500, **self.who)
        return f"order {work.order_id}"

    def leave(self) -> str | None:
        """A manifest is opened, some parcels are scanned, and it is closed or given up."""
        place = self.dice.choice(self.places)
        standing = Manifest.objects.filter(seller_id=self.seller_id, warehouse_id=place, state="open").first()
        paper = standing or hand_over.open_manifest(warehouse_id=place, **self.who)
        rows = Shipment.objects.filter(seller_id=self.seller_id, state="packed").exclude(tracking_number="")
        for number in rows.order_by("pk").values_list("tracking_number", flat=True)[:5]:
            try:
                hand_over.scan_parcel(manifest_id=paper.pk, tracking_number=number, **self.who)
            except Refused:
                continue
        if self.dice.random() < 0.1:
            hand_over.cancel_manifest(manifest_id=paper.pk, **self.who)
            return f"{paper.number} given up"
        gone = hand_over.close_manifest(manifest_id=paper.pk, **self.who)
        return f"{paper.number}: {gone}"

    # ------------------------------------------------------------------ bins

    def _bin(self, place: int) -> int:
        return self.dice.choice(list(self.bins[place].values()))

    def put_away(self) -> str:
        place = self.dice.choice(self.places)
        item, some = self._item(), self.dice.randint(1, 5)
        warehouse.put_away(warehouse_id=place, item_id=item, quantity=some, bin_id=self._bin(place), **self.who)
        return f"{some} of {item}"

    def move(self) -> str:
        place = self.dice.choice(self.places)
        here, there = self.dice.sample(list(self.bins[place].values()), 2)
        item, some = self._item(), self.dice.randint(1, 3)
        warehouse.move(warehouse_id=place, item_id=item, quantity=some, from_bin_id=here, to_bin_id=there, **self.who)
        return f"{some} of {item}"

    def count_bin(self) -> str:
        """A bin is counted, and the differences are approved or dropped."""
        place = self.dice.choice(self.places)
        bin_id = self._bin(place)
        count = start_count(warehouse_id=place, bin_ids=[bin_id], **self.who)
        found = {item: self.dice.randint(0, 6) for item in self.dice.sample(list(self.items.values()), 2)}
        enter_count(count_id=count.pk, bin_id=bin_id, found=found, **self.who)
        if self.dice.random() < 0.1:
            cancel_count(count_id=count.pk, **self.who)
            return f"{count.number} given up"
        finish_count(count_id=count.pk, **self.who)
        waiting = list(CountLine.objects.filter(count=count, state="counted"))
        if Count.objects.get(pk=count.pk).state == Count.State.DONE or not waiting:
            return f"{count.number} agrees"
        if self.dice.random() < 0.3:
            drop_differences(count_id=count.pk, reason="walk", **self.who)
            return f"{count.number} dropped"
        approve_count(count_id=count.pk, reason="walk", **self.who)
        for line in waiting:
            self.delta[line.item_id or 0] += (line.counted or 0) - (line.expected or 0)
        return f"{count.number} approved"

    # ------------------------------------------------------------------ goods in, goods back

    def send(self) -> str:
        """Goods leave for the other warehouse and are on the way."""
        here, there = self.dice.sample(self.places, 2)
        item, some = self._item(), self.dice.randint(1, 4)
        bin_id = self.dice.choice([None, self._bin(here)])
        made = warehouse.send(
            from_warehouse_id=here, to_warehouse_id=there, departures=[Departure(item, some, bin_id)], **self.who
        )
        self.delta[item] -= some
        return f"{made.number}: {some} of {item}"

    def expect(self) -> str:
        made = warehouse.expect(
            warehouse_id=self.dice.choice(self.places), quantities={self._item(): self.dice.randint(1, 9)}, **self.who
        )
        return made.number

    def take_delivery(self) -> str | None:
        """Something of a paper arrives, and now and then it is closed or called back."""
        papers = list(Receipt.objects.filter(seller_id=self.seller_id, state="open").order_by("pk")[:10])
        if not papers:
            return None
        paper = self.dice.choice(papers)
        lines = list(ReceiptLine.objects.filter(receipt=paper))
        if self.dice.random() < 0.3:
            if paper.kind == Receipt.Kind.TRANSFER and self.dice.random() < 0.5:
                warehouse.cancel_receipt(receipt_id=paper.pk, **self.who)
                for line in lines:
                    self.delta[line.item_id] += line.expected
                return f"{paper.number} called back"
            warehouse.close_receipt(receipt_id=paper.pk, reason="walk", **self.who)
            return f"{paper.number} closed"
        line = self.dice.choice(lines)
        some = self.dice.randint(1, 3)
        warehouse.receive_item(
            receipt_id=paper.pk,
            item_id=line.item_id,
            quantity=some,
            bin_id=self.dice.choice([None, self._bin(paper.warehouse_id)]),
            **self.who,
        )
        self.delta[line.item_id] += some
        return f"{paper.number}: {some} of {line.item_id}"

    def come_back(self) -> str | None:
        """A parcel comes back to the warehouse and is looked into."""
        order_id = self.one("in_transit", "complete", "return_in_process")
        if order_id is None:
            return None
        place = self.dice.choice(self.places)
        graded = []
        lines = OrderLine.objects.filter(order_id=order_id)
        for line in lines:
            if (left := line.shipped - line.returned) > 0:
                some = self.dice.randint(1, left)
                grade = self.dice.choice(["as_new", "opened", "damaged"])
                code = (
                    self.dice.choice(["", *self.bins[place]]) if grade != "damaged" and line.item_id != self.kit else ""
                )
                graded.append(Graded(line_id=line.pk, grade=grade, quantity=some, bin_code=code))
                if grade != "damaged":
                    for item_id, each in self.recipe(line.item_id).items():
                        self.delta[item_id] += some * each
        self.touched[order_id] = None
        made = expect_return(warehouse_id=place, order_id=order_id, received=True, **self.who)
        grade_return(return_id=made.pk, graded=graded, **self.who)
        self.touched[order_id] = {"returned", "complete", "return_in_process"}
        return f"{made.number}"
