"""A small warehouse for tests: items in bins, released orders, and what lies where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Sum

from entrepot.inventory import services as inventory
from entrepot.inventory.models import BinStock, Stock
from entrepot.orders.models import Order, SalesChannel
from entrepot.warehouse.models import PickLine, PickList, Wave, WorkLine, WorkOrder
from entrepot.warehouse.services import add_bin, add_zone, packing, picking, put_away, release, waves
from tests.books import MINA, draft, line, make_channel, make_items, make_seller, place_one


@dataclass
class Floor:
    """A warehouse of mode `wms`: 5 RED in A-1, 5 more in A-10, 5 BLUE in A-2 of zone A, 5 GREEN in B-1 of zone B."""

    channel: SalesChannel
    warehouse_id: int
    items: Mapping[str, int]
    bins: dict[str, int] = field(default_factory=dict)

    @property
    def seller_id(self) -> int:
        return self.channel.seller_id

    def order(self, number: str, *wants: tuple[str, int], minute: int = 0) -> Order:
        """A released order of `(SKU, quantity)` lines."""
        lines = [line(self.items[sku], quantity, remote_id=f"{number}-{sku}", sku=sku) for sku, quantity in wants]
        made = place_one(self.channel, draft(number, *lines, minute=minute))
        release.release(seller_id=self.seller_id, order_id=made.pk, actor=MINA)
        return made

    def wave(self, kind: str = "single", **words: object) -> Wave:
        return waves.make_wave(seller_id=self.seller_id, warehouse_id=self.warehouse_id, kind=kind, actor=MINA, **words)

    def pick(self, wave: Wave, bin_code: str, item_code: str, quantity: int = 1, **words: object) -> picking.Scan:
        return picking.pick(
            seller_id=self.seller_id,
            pick_list_id=PickList.objects.filter(wave=wave).order_by("pk")[0].pk,
            bin_code=bin_code,
            item_code=item_code,
            quantity=quantity,
            actor=MINA,
            **words,
        )

    def picked(self, number: str, *wants: tuple[str, int]) -> Order:
        """An order of which everything is picked."""
        made = self.order(number, *wants)
        wave = self.wave("zone", work_ids=[work(made).pk])
        self.pick_all(wave)
        return made

    def pick_all(self, wave: Wave) -> None:
        for one in PickLine.objects.filter(pick_list__wave=wave).order_by("pick_list_id", "position"):
            picking.pick(
                seller_id=self.seller_id,
                pick_list_id=one.pick_list_id,
                bin_code=one.bin.code if one.bin else "",
                item_code=one.item.sku,
                quantity=one.quantity,
                actor=MINA,
            )

    def packed(self, number: str, *wants: tuple[str, int], tracking: str = "") -> Order:
        """An order whose parcel is closed, with its number."""
        made = self.picked(number, *wants)
        for sku, quantity in wants:
            packing.scan_item(
                seller_id=self.seller_id, work_id=work(made).pk, item_code=sku, quantity=quantity, actor=MINA
            )
        packing.close_parcel(seller_id=self.seller_id, work_id=work(made).pk, actor=MINA, weight_grams=500)
        if tracking:
            made.shipments.update(tracking_number=tracking)
        return made

    def lying(self) -> dict[str, dict[str, int]]:
        """What lies in bins: `{bin: {SKU: quantity}}`."""
        found: dict[str, dict[str, int]] = {}
        for row in BinStock.objects.filter(seller_id=self.seller_id, quantity__gt=0).order_by("bin__path"):
            found.setdefault(row.bin.code, {})[row.item.sku] = row.quantity
        return found


def make_floor(name: str = "Seoul Socks") -> Floor:
    channel = make_channel(make_seller(name))
    items = make_items(channel.seller, RED=10, BLUE=5, GREEN=5)
    place = inventory.default_warehouse(seller_id=channel.seller_id, actor=MINA).pk
    inventory.set_mode(seller_id=channel.seller_id, warehouse_id=place, mode="wms", actor=MINA)
    floor = Floor(channel, place, items)
    for zone, codes in {"A": ["A-1", "A-2", "A-10"], "B": ["B-1"]}.items():
        made = add_zone(seller_id=floor.seller_id, warehouse_id=place, code=zone, actor=MINA)
        for code in codes:
            floor.bins[code] = add_bin(seller_id=floor.seller_id, zone_id=made.pk, code=code, actor=MINA).pk
    for sku, code in [("RED", "A-1"), ("RED", "A-10"), ("BLUE", "A-2"), ("GREEN", "B-1")]:
        put_away(
            seller_id=floor.seller_id,
            warehouse_id=place,
            item_id=items[sku],
            quantity=5,
            bin_id=floor.bins[code],
            actor=MINA,
        )
    return floor


def work(order: Order) -> WorkOrder:
    """The newest work of an order."""
    return WorkOrder.objects.filter(order=order).latest("pk")


def work_lines(order: Order) -> list[tuple[str, int, int, int, int]]:
    """`(SKU, quantity, picked, short, packed)` of its newest work."""
    rows = WorkLine.objects.filter(work=work(order)).order_by("order_line__position", "item__sku")
    return list(rows.values_list("item__sku", "quantity", "picked", "short", "packed"))


def walk(wave: Wave) -> list[tuple[str, str, int]]:
    """`(bin, SKU, quantity)` of a wave in walking order, list by list."""
    rows = PickLine.objects.filter(pick_list__wave=wave).order_by("pick_list_id", "position")
    return [(row.bin.code if row.bin else "", row.item.sku, row.quantity) for row in rows]


def assert_bins_add_up(seller_ids: Sequence[int]) -> None:
    """What lies in bins is what the stock row says lies in bins, and never more than is on hand."""
    for stock in Stock.objects.filter(seller_id__in=seller_ids):
        rows = BinStock.objects.filter(item_id=stock.item_id, warehouse_id=stock.warehouse_id)
        assert (rows.aggregate(sum=Sum("quantity"))["sum"] or 0) == stock.located
        assert stock.located <= stock.on_hand
