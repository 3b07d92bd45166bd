"""What is asked of the stock: how much of which item, under which name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Want:
    """`quantity` of an item (or kit) to be set aside under `reference`, the name of an order line."""

    reference: str
    item_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Take:
    """Part of a reservation to be given back: `quantity` of what `reference` holds of an item in a warehouse."""

    reference: str
    item_id: int
    warehouse_id: int
    quantity: int
