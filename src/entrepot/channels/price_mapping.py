"""Which of our two amounts a store shows where (R-CAT-5), as its seller chose.

We keep what it sells for and the retail price (MRP). OpenCart has a regular price with a special below it, Cafe24 a
price with `retail_price` beside it: by default both are told. What is mapped once stays as it is when mapped again.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

BOTH: Final = "both"
SELLING: Final = "selling"
RETAIL: Final = "retail"
MAPPINGS: Final = (
    (BOTH, _("Selling price, with the retail price beside it")),
    (SELLING, _("Selling price alone")),
    (RETAIL, _("Retail price, where there is one, as the price")),
)

Amounts = tuple[Decimal, Decimal | None]


def mapped(mapping: str, price: Decimal, retail_price: Decimal | None) -> Amounts:
    """What the store is told: what the buyer pays, and what it costs without a reduction."""
    match mapping:
        case "selling":
            return price, None
        case "retail":
            return retail_price or price, None
    return price, retail_price


def told_amounts(mapping: str, fields: Mapping[str, Any]) -> Amounts:
    """The amounts of a wish for a price. A promotion is shown as one, however the store shows prices otherwise.

    What was mapped when it was planned (`as_shown`) is told as it was looked at.
    """
    retail = fields.get("retail_price")
    amounts = Decimal(fields["price"]), None if retail is None else Decimal(retail)
    return amounts if "promotion" in fields or "as_shown" in fields else mapped(mapping, *amounts)
