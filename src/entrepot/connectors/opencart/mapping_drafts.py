"""Drafts of products → the fields the bridge takes. Pure.

One axis of choices becomes an option whose values are counted (every line). Combinations of several become variants
of a master (4.x): OpenCart counts option values each by itself, and only a variant is counted as a combination.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from entrepot.connectors.contract import ListingDraft, VariationDraft
from entrepot.connectors.opencart.errors import CombinationsImpossible, OldBridge, VariantPrices
from entrepot.connectors.opencart.mapping_shop import ShopFacts, Words

Fields = dict[str, Any]
FOUR_PLACES = Decimal("0.0001")


def product_fields(draft: ListingDraft, facts: ShopFacts, words: Words, images: Sequence[str] | None) -> Fields:
    """The fields of a draft that are given, as the bridge takes them; `images` = places below the shop's `image/`.

    Raises:
        CombinationsImpossible, VariantPrices, OldBridge: The shop cannot sell the draft's variations.
    """
    price = draft.price
    if price is None and draft.variations:
        price = min(variation.price for variation in draft.variations)
    given: Fields = {
        "model": draft.model,
        "sku": draft.sku,
        "barcode": draft.barcode,
        "names": None if draft.name is None else {facts.language: draft.name},
        "descriptions": None if draft.description is None else {facts.language: draft.description},
        "price": None if price is None else _amount(price),
        "quantity": draft.quantity,
        "status": None if draft.active is None else int(draft.active),
        "manufacturer": draft.brand,
        "category_ids": None if draft.category_ids is None else [int(one) for one in draft.category_ids],
        "attributes": _attributes(draft, facts, words),
        "image": None if images is None else (images[0] if images else ""),
        "images": None if images is None else list(images[1:]),
    }
    given |= _choices(draft, facts)
    return {name: value for name, value in given.items() if value is not None}


def _attributes(draft: ListingDraft, facts: ShopFacts, words: Words) -> list[Fields] | None:
    """By name, which the shop finds or makes; a bridge before 1.2 takes ids alone."""
    if draft.attributes is None:
        return None
    stated = [(name.strip(), value.strip()) for name, value in draft.attributes if name.strip() and value.strip()]
    if facts.products_at_once:
        return [{"name": name, "texts": {facts.language: value}} for name, value in stated]
    known = {name.casefold(): number for number, name in sorted(words.attributes.items(), reverse=True)}
    if any(name.casefold() not in known for name, _ in stated):
        raise OldBridge(thing="new attributes")
    return [{"attribute_id": known[name.casefold()], "texts": {facts.language: value}} for name, value in stated]


def _choices(draft: ListingDraft, facts: ShopFacts) -> Fields:
    if draft.variations:
        axes = _axes(draft.variations)
        if len(axes) > 1:
            return _variants(draft.variations, axes, facts)
        [(name, values)] = axes.items()
        priced = {row.options[0][1]: (row.quantity, row.price) for row in draft.variations}
        return {"options": [_option(name, [(value, *priced[value]) for value in values])]}
    if draft.options is None:
        return {}
    return {"options": [_option(name, values) for name, values in draft.options]}


def _axes(variations: Sequence[VariationDraft]) -> dict[str, list[str]]:
    """The axes and their values, in the order in which they come.

    Raises:
        CombinationsImpossible: They do not all choose along the same axes.
    """
    axes: dict[str, list[str]] = {name: [] for name, _ in variations[0].options}
    for variation in variations:
        if [name for name, _ in variation.options] != list(axes):
            raise CombinationsImpossible(options=", ".join(axes) or "–")
        for name, value in variation.options:
            if value not in axes[name]:
                axes[name].append(value)
    if not axes:
        raise CombinationsImpossible(options="–")
    return axes


def _variants(variations: Sequence[VariationDraft], axes: dict[str, list[str]], facts: ShopFacts) -> Fields:
    """A master with the options, and a variant for each combination. A value is counted as its variants' sum."""
    if not facts.has_variants:
        raise CombinationsImpossible(options=", ".join(axes))
    if not facts.products_at_once:
        raise OldBridge(thing="combinations of several options")
    if len({row.price for row in variations}) > 1 and not facts.sells_variants:
        raise VariantPrices(version=facts.version, options=", ".join(axes))
    options = []
    for name, values in axes.items():
        sums = dict.fromkeys(values, 0)
        for row in variations:
            sums[dict(row.options)[name]] += max(row.quantity, 0)
        options.append(_option(name, [(value, sums[value], None) for value in values]))
    variants = [
        {
            "choices": dict(row.options),
            "model": row.sku,
            "sku": row.sku,
            "price": _amount(row.price),
            "quantity": max(row.quantity, 0),
        }
        | ({"barcode": row.barcode} if row.barcode else {})
        for row in variations
    ]
    return {"options": options, "variants": variants}


def _option(name: str, values: Sequence[tuple[str, int, Decimal | None]]) -> Fields:
    """Value prices are what the buyer pays in all; the bridge keeps the difference to the product's price."""
    rows = [
        {"name": value, "quantity": quantity, "subtract": 1} | ({} if price is None else {"price": _amount(price)})
        for value, quantity, price in values
    ]
    return {"name": name, "type": "select", "required": 1, "values": rows}


def _amount(value: Decimal) -> str:
    return str(value.quantize(FOUR_PLACES))
