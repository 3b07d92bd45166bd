"""What Cafe24's events are about (reference §6). Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

ORDER_EVENTS = frozenset(
    {90023, 90024, 90025, 90026, 90027, 90028, 90029, 90031, 90064, 90066, 90068, 90069, 90070}
    | {90071, 90072, 90073, 90074, 90160, 90162}
)
"""They name orders and say nothing of their items: whoever hears one reads the order."""
PRODUCT_EVENTS = frozenset({90001, 90002, 90003, 90022, 90041, 90075, 90150})
REVOKED_EVENTS = frozenset({90077, 90078})
"""The app was deleted, or has expired."""


def event_number(body: Mapping[str, Any]) -> int:
    """The event's number, also one written as text; 0 = none."""
    stated = str(body.get("event_no") or "").strip()
    return int(stated) if stated.isascii() and stated.isdigit() else 0


def resource_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the event is about; some events come without the wrapper."""
    resource = body.get("resource")
    return resource if isinstance(resource, dict) else body


def listed(stated: object) -> Sequence[str]:
    """Ids out of one id or several joined by commas, each once."""
    names = (part.strip() for part in str("" if stated is None else stated).split(","))
    return tuple(dict.fromkeys(name for name in names if name))
