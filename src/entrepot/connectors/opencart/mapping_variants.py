"""OpenCart 4.x variants: product rows of their own below a master, sharing its options (cases 19, 20). Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from entrepot.connectors.opencart import wire

Choices = frozenset[tuple[int, int]]
"""Pairs (product_option_id, product_option_value_id)."""


@dataclass(frozen=True, slots=True)
class Variants:
    """By master: each variant's product id and the choices that make it."""

    of_master: Mapping[int, Mapping[int, Choices]] = field(default_factory=dict)

    def is_master(self, product_id: int) -> bool:
        """Whether other rows are variants of this one."""
        return product_id in self.of_master

    def carried_values(self, master_id: int) -> frozenset[int]:
        """The product_option_value_ids of a master that some variant is made of."""
        return frozenset(value_id for choices in self.of_master.get(master_id, {}).values() for _, value_id in choices)

    def sold(self, master_id: int, choices: Choices) -> int | None:
        """The variant that exactly these choices on the master make, if all its choices are among them.

        Before 4.1.0.4 the shop sells the master in the variant's place (case 19), and only the choices tell.
        Of several that fit, the one with most choices, then the lowest id.
        """
        fitting = [
            (-len(made_of), variant_id)
            for variant_id, made_of in self.of_master.get(master_id, {}).items()
            if made_of and made_of <= choices
        ]
        return min(fitting)[1] if fitting else None


def variants(rows: Iterable[wire.StockRow | wire.ProductRow]) -> Variants:
    """Collect the variants among rows (`master_id` > 0)."""
    found: dict[int, dict[int, Choices]] = {}
    for row in rows:
        if row.master_id:
            found.setdefault(row.master_id, {})[row.product_id] = variant_choices(row.variant)[0]
    return Variants(found)


def variant_choices(stored: str | dict[str, Any] | list[Any] | None) -> tuple[Choices, bool]:
    """The choices of the `variant` column, and whether one is left open (`{"226": ""}`, not fixed)."""
    if isinstance(stored, str):
        try:
            stored = json.loads(stored) if stored.strip() else {}
        except ValueError:
            return frozenset(), True
    if not isinstance(stored, dict):
        return frozenset(), False
    chosen, is_open = set(), False
    for option, value in stored.items():
        if str(option).isdigit() and str(value).isdigit() and int(value) > 0:
            chosen.add((int(option), int(value)))
        else:
            is_open = True
    return frozenset(chosen), is_open
