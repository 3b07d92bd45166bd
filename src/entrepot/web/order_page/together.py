"""What the order page says of parts and of parcels that orders share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from entrepot.orders.flow import CANCELED_FOR_GOOD, ON_HOLD, open_to_change
from entrepot.orders.groups import suggested_for, together
from entrepot.orders.holds import UNMATCHED
from entrepot.orders.models import Order, OrderLine
from entrepot.orders.parts import family, root_of
from entrepot.web.desk import Desk


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the order on the page; it may be joined again with the one it came from."""

    order: Order
    joins: bool


def panel(here: Desk, found: Order, lines: Sequence[OrderLine]) -> dict[str, Any]:
    """Parts of the order, the orders in its parcel, and those that could be."""
    members = family(here.seller_id, root_of(found))
    alive = [one for one in members if one.status not in CANCELED_FOR_GOOD]
    root = members[0] if members else found
    group = together(seller_id=here.seller_id, order_id=found.pk) if found.pack_group_id else []
    mates = [one for one in group if one.pk != found.pk]
    return {
        "family": [PartRow(one, _joins(one, root)) for one in members] if len(members) > 1 else [],
        "may_split": may_split(found) and sum(line.quantity - line.canceled for line in lines) > 1,
        "may_cancel_all": len(alive) > 1 and all(open_to_change(one) for one in alive),
        "mates": mates,
        "could_share": suggested_for(seller_id=here.seller_id, order=found, channel_ids=here.store_ids),
    }


def may_split(order: Order) -> bool:
    """Whether the order stands where it can be split."""
    return open_to_change(order) and (order.status != ON_HOLD or order.hold_code == UNMATCHED)


def _joins(part: Order, root: Order) -> bool:
    return part.split_from_id is not None and may_split(part) and open_to_change(root)
