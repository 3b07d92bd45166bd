"""How far a change of stores may go before a person has looked at it: the one place for these limits (R-CAT-10)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

FALLS_FAR: Final = Decimal("0.30")
"""A price that falls by more than this is asked about once more."""
MANY: Final = Decimal("0.10")
"""Hiding or deleting more than this share of what a store sells is asked about once more."""

PRICE_FALLS: Final = "price_falls"
PRICE_IMPOSSIBLE: Final = "price_impossible"
MANY_HIDDEN: Final = "many_hidden"
DELETIONS: Final = "deletions"
STOPS: Final = (PRICE_IMPOSSIBLE, DELETIONS, MANY_HIDDEN, PRICE_FALLS)
"""What stops a plan until a person has approved it, the gravest first."""

GONE: Final = "no_longer_listed"
LISTED: Final = "listed_already"
CHANGED_SINCE: Final = "changed_since"
PROMOTED: Final = "in_promotion"
NOT_KNOWN: Final = "not_known_before"
FOR_GOOD: Final = "deleted_for_good"
OVERTAKES: Final = "overtakes"
NOTES: Final = (GONE, LISTED, PROMOTED, CHANGED_SINCE, NOT_KNOWN, FOR_GOOD)
"""What a plan leaves out, and says so. `OVERTAKES` is what it does not leave out: wishes that give way to it."""

IMPOSSIBLE: Final = Decimal(2)
"""The gravity of a price that no store can show. Such a line is never sent."""
DELETED: Final = Decimal(1)
HIDDEN: Final = Decimal("0.5")
LEAST: Final = Decimal("0.0001")


def stopped(rails: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of these has to be approved."""
    return any(rail["code"] in STOPS for rail in rails)


def possible(*, price: Decimal, retail_price: Decimal | None) -> bool:
    """Whether a store can show this price: above zero, and not above the retail price."""
    return price > 0 and (retail_price is None or price <= retail_price)


def gravity(*, before: Decimal | None, after: Decimal, retail_price: Decimal | None = None) -> Decimal:
    """How grave a new price is: the share by which it falls. Rises are below zero, the steepest nearest to it."""
    if not possible(price=after, retail_price=retail_price):
        return IMPOSSIBLE
    if not before:
        return Decimal(0)
    share = 1 - after / before
    return (share if share >= 0 else -before / after).quantize(LEAST)


def falls_far(*, before: Decimal | None, after: Decimal) -> bool:
    """Whether a price falls by more than 30 %."""
    return bool(before) and before is not None and 1 - after / before > FALLS_FAR
