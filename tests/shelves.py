"""Small factories for zones and bins, and the sum that must always hold."""

from collections.abc import Sequence

from entrepot.inventory.models import Bin, BinMove, BinStock, Stock, Warehouse, Zone
from entrepot.warehouse import services as warehouse
from tests.books import MINA


def make_bins(place: Warehouse, *codes: str, staging: Sequence[str] = ()) -> dict[str, int]:
    """Bins by their labels; a zone `S` holds them, and a zone `Z` those of `staging`."""
    made: dict[str, int] = {}
    for kind, zone_code, names in (("storage", "S", codes), ("staging", "Z", staging)):
        zone = Zone.objects.filter(warehouse=place, code=zone_code).first()
        if names and zone is None:
            zone = warehouse.add_zone(
                seller_id=place.seller_id, warehouse_id=place.pk, code=zone_code, kind=kind, actor=MINA
            )
        for name in names:
            made[name] = warehouse.add_bin(seller_id=place.seller_id, zone_id=zone.pk, code=name, actor=MINA).pk
    return made


def lying(item_id: int) -> dict[str, int]:
    """What lies in bins, `{label: quantity}`."""
    rows = BinStock.objects.filter(item_id=item_id, quantity__gt=0)
    return dict(rows.values_list("bin__code", "quantity"))


def unlocated(item_id: int) -> int:
    """What lies in no bin, over all warehouses."""
    return sum(row.on_hand - row.located for row in Stock.objects.filter(item_id=item_id))


def assert_bins_add_up(seller_ids: Sequence[int]) -> None:
    """Σ bin stock + unlocated = on hand, unlocated ≥ 0, and every bin is the sum of its history."""
    for stock in Stock.objects.filter(seller_id__in=seller_ids):
        rows = BinStock.objects.filter(item_id=stock.item_id, warehouse_id=stock.warehouse_id)
        located = sum(rows.values_list("quantity", flat=True))
        assert (stock.located, stock.on_hand >= located) == (located, True)
    for row in BinStock.objects.filter(seller_id__in=seller_ids):
        moves = BinMove.objects.filter(item_id=row.item_id)
        came = sum(moves.filter(to_bin_id=row.bin_id).values_list("quantity", flat=True))
        went = sum(moves.filter(from_bin_id=row.bin_id).values_list("quantity", flat=True))
        assert row.quantity == came - went
    for place in Bin.objects.filter(seller_id__in=seller_ids, active=False):
        assert not BinStock.objects.filter(bin=place, quantity__gt=0).exists()
