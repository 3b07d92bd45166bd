"""What a split would make of an order: by warehouse, or by what is there and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entrepot.inventory.parts import recipes
from entrepot.inventory.services import granted, held_by
from entrepot.orders.errors import KitAcrossWarehouses, NothingMissing, NothingThere, OneWarehouse
from entrepot.orders.lines import open_quantity
from entrepot.orders.models import Order, OrderLine
from entrepot.orders.parts import wants_of


@dataclass(frozen=True, slots=True)
class Share:
    """What goes into a part, `{line id: quantity}`; the warehouse whose goods go along (None: whatever is spare)."""

    lines: Mapping[int, int]
    warehouse_id: int | None = None


def by_warehouse(order: Order, lines: Sequence[OrderLine]) -> list[Share]:
    """A share for each warehouse that holds something; the first, with most of it and all that is missing, stays.

    Raises:
        OneWarehouse: Everything set aside lies in one.
        KitAcrossWarehouses: The parts of a kit lie in several, so that no warehouse has it whole.
    """
    held: dict[str, dict[int, dict[int, int]]] = {}
    for one in held_by(seller_id=order.seller_id, references=[line.reference for line in lines]):
        held.setdefault(one.reference, {}).setdefault(one.warehouse_id, {})[one.item_id] = one.quantity
    known = recipes(order.seller_id, {line.item_id for line in lines if line.item_id is not None})
    shares: dict[int, dict[int, int]] = {}
    for line in lines:
        recipe = known.get(line.item_id or 0, {})
        places = held.get(line.reference, {})
        whole = {place: _whole(goods, recipe) for place, goods in places.items()}
        if len(places) > 1 and any(_torn(places[place], recipe, count) for place, count in whole.items()):
            raise KitAcrossWarehouses(sku=line.sku, order_id=order.pk)
        for place, count in whole.items():
            if count:
                shares.setdefault(place, {})[line.pk] = count
    if len(shares) < 2:
        raise OneWarehouse(number=order.number, order_id=order.pk)
    ranked = sorted(shares, key=lambda place: (-sum(shares[place].values()), place))
    stays = {line.pk: open_quantity(line) for line in lines if open_quantity(line) > 0}
    for place in ranked[1:]:
        for line_id, quantity in shares[place].items():
            stays[line_id] -= quantity
    rest = {line_id: quantity for line_id, quantity in stays.items() if quantity > 0}
    return [Share(rest, ranked[0]), *(Share(shares[place], place) for place in ranked[1:])]


def _whole(goods: Mapping[int, int], recipe: Mapping[int, int]) -> int:
    return min((goods.get(item_id, 0) // each for item_id, each in recipe.items()), default=0)


def _torn(goods: Mapping[int, int], recipe: Mapping[int, int], whole: int) -> bool:
    """Whether goods lie in a warehouse that are no whole kit there."""
    return any(quantity > whole * recipe.get(item_id, 0) for item_id, quantity in goods.items())


def missing(order: Order, lines: Sequence[OrderLine]) -> Share:
    """What is not in stock (or has no item yet), so that the rest can go ahead.

    Raises:
        NothingMissing: All of it is there.
        NothingThere: None of it is.
    """
    there = granted(seller_id=order.seller_id, wants=wants_of(lines))
    lacks = {line.pk: open_quantity(line) - there.get(line.reference, 0) for line in lines}
    share = {line_id: quantity for line_id, quantity in lacks.items() if quantity > 0}
    if not share:
        raise NothingMissing(number=order.number, order_id=order.pk)
    if not any(there.values()):
        raise NothingThere(number=order.number, order_id=order.pk)
    return Share(share)
