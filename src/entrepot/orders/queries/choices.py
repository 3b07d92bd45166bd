"""What there is to choose from above the list of orders, as far as its newest orders tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from entrepot.orders.models import Order

NEWEST_READ: Final = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """Countries by their codes, payment methods and markets as stores name them, and codes of holds."""

    countries: Sequence[str]
    payments: Sequence[str]
    origins: Sequence[str]
    holds: Sequence[str]


def tags_in_use(*, seller_id: int, limit: int = 50) -> Sequence[str]:
    """Tags on the seller's newest orders."""
    tagged = Order.objects.filter(seller_id=seller_id).exclude(tags=[]).order_by("-placed_at", "-id")
    seen = {tag for tags in tagged.values_list("tags", flat=True)[:NEWEST_READ] for tag in tags}
    return sorted(seen)[:limit]


def choices(*, seller_id: int) -> Choices:
    """What the newest orders, and the newest on hold, have."""
    rows = Order.objects.filter(seller_id=seller_id).order_by("-placed_at", "-id")
    found = list(rows.values_list("shipping__country_code", "payment_method", "origin")[:NEWEST_READ])
    held = set(rows.filter(hold_code__gt="").values_list("hold_code", flat=True)[:NEWEST_READ])
    countries, payments, origins = (sorted({row[at] for row in found if row[at]}) for at in range(3))
    return Choices(countries, payments, origins, sorted(held))
