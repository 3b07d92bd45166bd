"""What the shop pushes to us, as it comes (docs/reference/opencart-bridge-v1.md §6)."""

from msgspec import Struct


class EventRow(Struct):
    """One thing that happened; `origin` "oms": we did it ourselves."""

    event_id: int | str
    kind: str
    object_id: int | str | None = None
    origin: str | None = "shop"


class EventBatch(Struct):
    """What one request brings."""

    shop: str = ""
    events: list[EventRow] = []
