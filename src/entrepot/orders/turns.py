"""Which move brings an order's status in line with its stock."""

from collections.abc import Mapping, Sequence

from entrepot.orders.flow import NEW, ON_HOLD, PARTIAL, RFP
from entrepot.orders.holds import UNMATCHED
from entrepot.orders.life import Turn
from entrepot.orders.lines import Covered
from entrepot.orders.models import Order


def hold_unmatched(order: Order, stands: Covered, move: str = "hold") -> Turn:
    """On hold, because lines have no item; it remembers how its other lines stand."""
    held_from = PARTIAL if stands.short else NEW
    return Turn(order, move, {"unmatched": stands.unmatched, "short": stands.short}, UNMATCHED, held_from.value)


def unhold(order: Order, stands: Covered) -> Turn:
    """Off hold: to where it came from, as far as its stock allows."""
    if stands.short:
        return Turn(order, "unhold_short", {"short": stands.short})
    return Turn(order, "unhold_released" if order.held_from == RFP else "unhold")


def revive(order: Order, stands: Covered, move: str) -> Turn:
    """Back to life from a cancellation; what held it before holds it again."""
    if stands.unmatched:
        return hold_unmatched(order, stands, f"{move}_on_hold")
    if order.hold_code and order.hold_code != UNMATCHED:
        held_from = PARTIAL if stands.short else NEW
        return Turn(order, f"{move}_on_hold", {}, order.hold_code, held_from.value)
    return Turn(order, f"{move}_short", {"short": stands.short}) if stands.short else Turn(order, move)


def follow(order: Order, stands: Covered, *, recalled: bool = False) -> Turn | None:
    """The move, if any, that the stock asks of an order before it is packed. `recalled`: its goods have changed."""
    if order.status == ON_HOLD:
        matched = order.hold_code == UNMATCHED and not stands.unmatched
        return unhold(order, stands) if matched else None
    if stands.unmatched:
        return hold_unmatched(order, stands)
    if order.status == PARTIAL:
        return None if stands.short else Turn(order, "stock_arrived")
    if stands.short:
        return Turn(order, "run_short", {"short": stands.short})
    return Turn(order, "recall") if order.status == RFP and recalled else None


def first(orders: Sequence[Order], standing: Mapping[int, Covered], holds: Mapping[int, str]) -> list[Turn]:
    """The moves of freshly placed orders that are not simply New; `holds` = what holds some of them from the start."""
    turns = [_first(order, standing[order.pk], holds.get(order.pk, "")) for order in orders]
    return [turn for turn in turns if turn is not None]


def _first(order: Order, stands: Covered, hold: str) -> Turn | None:
    if not hold:
        return follow(order, stands)
    held_from = PARTIAL if stands.short else NEW
    return Turn(order, "hold", {"code": hold}, hold, held_from.value)
