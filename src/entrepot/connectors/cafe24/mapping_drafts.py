"""Drafts of products → what the mall is told. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product as combinations
from typing import Any

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.errors import RefusedByMall
from entrepot.connectors.cafe24.mapping_products import ATTRIBUTES, choices, is_active, stock_of
from entrepot.connectors.cafe24.values import each, money, switch, text, won
from entrepot.connectors.contract import ListingDraft
from entrepot.kernel.reasons import marked

TOO_LONG = marked("“{sku}” is longer than the {most} characters that fit there.")
NO_CATEGORY = marked("“{number}” is not the number of a category.")
NOT_COMBINED = marked("The mall did not make the combination {words}.")
CODE_LENGTH = 40
ZERO = Decimal(0)

Body = dict[str, Any]
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """A combination of choices the mall is to sell."""

    choices: Choices
    sku: str
    price: Decimal
    quantity: int


def own_code(draft: ListingDraft) -> str:
    """The seller's code of the product, by which it is found again after a lost answer: SKU, model, else the key.

    Raises:
        RefusedByMall: The SKU is too long.
    """
    return whole_code(draft.sku) if draft.sku else (draft.model or draft.key)[:CODE_LENGTH]


def whole_code(sku: str) -> str:
    """A SKU that fits. Cut short it would be another one.

    Raises:
        RefusedByMall: It does not fit.
    """
    if len(sku) > CODE_LENGTH:
        raise RefusedByMall(
            field="SKU",
            reason=TOO_LONG.format(sku=sku, most=CODE_LENGTH),
        )
    return sku


def combinations_of(draft: ListingDraft) -> tuple[Combination, ...] | None:
    """The combinations a draft asks for; None = it says nothing about them."""
    if draft.variations is not None:
        return tuple(
            Combination(tuple((name, value) for name, value in row.options), row.sku, row.price, row.quantity)
            for row in draft.variations
        )
    if not draft.options:
        return None
    axes = [[(name, *value) for value in values] for name, values in draft.options]
    base = draft.price or ZERO
    return tuple(
        Combination(
            choices=tuple((name, value) for name, value, _, _ in chosen),
            sku="",
            price=base + sum((whole - base for _, _, _, whole in chosen), ZERO),
            quantity=min(quantity for _, _, quantity, _ in chosen),
        )
        for chosen in combinations(*axes)
    )


def axes_of(wanted: Sequence[Combination]) -> dict[str, list[str]]:
    """The axes and their values, in the order in which they come."""
    axes: dict[str, list[str]] = {}
    for combination in wanted:
        for name, value in combination.choices:
            values = axes.setdefault(name, [])
            if value not in values:
                values.append(value)
    return axes


def creation(draft: ListingDraft, wanted: Sequence[Combination] | None) -> Body:
    """The fields of a new product, hidden: it is shown only when its stock is set, since a new one counts none.

    Raises:
        RefusedByMall: It has no name or no price, or a SKU is too long.
    """
    if not draft.name:
        raise RefusedByMall(field=marked("the name"), reason=marked("A product needs a name."))
    for row in wanted or ():
        whole_code(row.sku)
    price = draft.price if draft.price is not None else min((row.price for row in wanted or ()), default=None)
    if price is None:
        raise RefusedByMall(field=marked("the price"), reason=marked("A product needs a price."))
    body: Body = {
        "product_name": draft.name,
        "custom_product_code": own_code(draft),
        "supply_price": "0.00",
        "price": won(price),
        "retail_price": _retail(draft.retail_price, price),
        "display": "F",
        "selling": "F",
    }
    if draft.model and draft.model != draft.sku:
        body["model_name"] = draft.model[:100]
    if draft.description:
        body["description"] = draft.description
    if draft.category_ids:
        body["add_category_no"] = added_categories(draft.category_ids)
    body |= {field: value for field, value in _attributes(draft).items() if value}
    if wanted:
        body["has_option"] = "T"
        body["options"] = [{"name": name, "value": values} for name, values in axes_of(wanted).items()]
    return body


def changes(draft: ListingDraft, row: wire.Product) -> Body:
    """The fields of a product that differ from what the mall shows; visibility is told apart, last of all."""
    price = draft.price if draft.price is not None else money(row.price) or ZERO
    given: Body = {
        "product_name": (draft.name, text(row.product_name)),
        "custom_product_code": (None if draft.sku is None else whole_code(draft.sku), text(row.custom_product_code)),
        "description": (draft.description, row.description or ""),
    }
    given |= {field: (value, text(getattr(row, field))) for field, value in _attributes(draft).items()}
    body = {name: wanted for name, (wanted, shown) in given.items() if wanted is not None and wanted != shown}
    if draft.price is not None and draft.price != money(row.price):
        body["price"] = won(draft.price)
    if draft.price is not None or draft.retail_price is not None:
        retail = _retail(draft.retail_price, price)
        if Decimal(retail) != (money(row.retail_price) or ZERO):
            body["retail_price"] = retail
    if draft.category_ids is not None:
        new = [number for number in draft.category_ids if number not in categories_of(row)]
        if new:
            body["add_category_no"] = added_categories(new)
    return body


def unkept_attributes(draft: ListingDraft) -> list[str]:
    """The names of attributes that a mall has no field for."""
    names = {_plain(name) for name in ATTRIBUTES.values()}
    return [name for name, _ in draft.attributes or () if _plain(name) not in names]


def _attributes(draft: ListingDraft) -> dict[str, str]:
    """The fields that keep a draft's attributes; one it does not name is emptied. Nothing where it says nothing."""
    if draft.attributes is None:
        return {}
    stated = {_plain(name): value.strip() for name, value in draft.attributes}
    return {field: stated.get(_plain(name), "") for field, name in ATTRIBUTES.items()}


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "")


def categories_of(row: wire.Product) -> list[str]:
    """The categories a product is in, as its detail says."""
    return [str(link.category_no) for link in each(row.category)]


def added_categories(numbers: Sequence[str]) -> list[Body]:
    """Categories as the mall takes them.

    Raises:
        RefusedByMall: One is no category of a mall.
    """
    for number in numbers:
        if not (number.isascii() and number.isdigit()):
            raise RefusedByMall(
                field=marked("the category"),
                reason=NO_CATEGORY.format(number=number),
            )
    return [{"category_no": int(number), "recommend": "F", "new": "F"} for number in numbers]


def visibility(row: wire.Product, *, active: bool) -> Body:
    """The switches to write, empty where they stand right."""
    if is_active(row) == active and (active or row.display == row.selling):
        return {}
    return {"display": switch(active), "selling": switch(active)}


def option_body(wanted: Sequence[Combination]) -> Body:
    """The options of a product, as the options' own address takes them."""
    return {
        "has_option": "T",
        "option_type": "T",
        "option_list_type": "S",
        "options": [
            {
                "option_name": name,
                "option_value": [{"option_text": value} for value in values],
                "option_display_type": "S",
            }
            for name, values in axes_of(wanted).items()
        ],
    }


def has_axes(variants: Sequence[wire.Variant], wanted: Sequence[Combination]) -> bool:
    """Whether the mall's variants are made of the same axes and values."""
    shown = axes_of([Combination(choices(variant), "", ZERO, 0) for variant in variants])
    asked = axes_of(wanted)
    return {name: set(values) for name, values in shown.items()} == {
        name: set(values) for name, values in asked.items()
    }


def variant_bodies(variants: Sequence[wire.Variant], wanted: Sequence[Combination], base: Decimal) -> list[Body]:
    """What each variant is to carry and does not yet. The mall makes every combination; those nobody wants are shut.

    Raises:
        RefusedByMall: A combination that is wanted is not among the mall's.
    """
    asked = {frozenset(row.choices): row for row in wanted}
    bodies: list[Body] = []
    for variant in variants:
        row = asked.pop(frozenset(choices(variant)), None)
        body = _differing(_SHUT if row is None else _sold(row, base), variant)
        if body:
            bodies.append({"variant_code": variant.variant_code} | body)
    if asked:
        words = ", ".join(value for name, value in sorted(next(iter(asked))))
        raise RefusedByMall(
            field=marked("the options"),
            reason=NOT_COMBINED.format(words=words),
        )
    return bodies


def _sold(row: Combination, base: Decimal) -> Body:
    code: Mapping[str, str] = {"custom_variant_code": whole_code(row.sku)} if row.sku else {}
    return {
        **code,
        "additional_amount": won(row.price - base),
        "use_inventory": "T",
        "quantity": max(row.quantity, 0),
        "display": "T",
        "selling": "T",
    }


_SHUT: Body = {"use_inventory": "T", "quantity": 0, "display": "F", "selling": "F"}


def _differing(wanted: Body, variant: wire.Variant) -> Body:
    """Only what the variant does not show already; a figure always goes with the switch that makes it count."""
    shown: Body = {
        "custom_variant_code": text(variant.custom_variant_code),
        "additional_amount": won(money(variant.additional_amount) or ZERO),
        "quantity": stock_of(variant).quantity,
        "display": variant.display,
        "selling": variant.selling,
    }
    body = {name: value for name, value in wanted.items() if name != "use_inventory" and value != shown[name]}
    return body | {"use_inventory": "T"} if "quantity" in body else body


def _retail(retail: Decimal | None, price: Decimal) -> str:
    return won(retail if retail is not None and retail > price else ZERO)
