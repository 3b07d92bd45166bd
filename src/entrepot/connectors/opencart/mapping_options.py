"""A product's options → variations. Pure.

OpenCart keeps a counter per option value and none per combination, and gives values no SKU (reference §4). So:

- one choice option (select, radio) with counted values: each value is a variation, keyed `o:5=39` (option id, option
  value id: those stay when the admin saves, row ids do not, case 24);
- several such options: one counter for all combinations (`shared_stock`), unless the store's setting
  `combination_stock` is `separate`: then every combination is a variation `o:5=39;o:11=46` without a quantity;
- none: the product is single. Checkboxes, texts, files and dates never make variations.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product as combinations
from math import prod
from unicodedata import normalize

from entrepot.connectors.contract import ChannelVariation
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.mapping_shop import OptionValue, Words
from entrepot.connectors.opencart.mapping_values import image_url, plain

CHOICE_TYPES = frozenset({"select", "radio"})
FREE_TYPES = frozenset({"text", "textarea", "file", "date", "datetime", "time"})
MAX_COMBINATIONS = 100

_NOT_IN_SLUG = re.compile(r"[\W_]+")
_NAMELESS = OptionValue("")

Choice = tuple[wire.OptionRow, wire.ValueRow]


class BadPrice(ValueError):
    """A variation's price would be negative or is no number."""


@dataclass(frozen=True, slots=True)
class Sellable:
    """What of a product's options can be sold apart: combinations of counted choices; `shared` when kept as one."""

    choices: Sequence[Sequence[Choice]] = ()
    shared: bool = False
    too_many: bool = False
    optional: bool = False


def variation_key(pairs: Collection[tuple[int, int]]) -> str:
    """`o:5=39;o:11=46` for (option id, option value id) pairs, sorted by option id."""
    return ";".join(f"o:{option_id}={value_id}" for option_id, value_id in sorted(pairs))


def key_pairs(key: str) -> list[tuple[int, int]]:
    """The pairs of a `variation_key`.

    Raises:
        ValueError: It is none.
    """
    pairs = []
    for part in key.split(";"):
        found = re.fullmatch(r"o:(\d+)=(\d+)", part)
        if found is None:
            raise ValueError(f"not a variation key: {key!r}")
        pairs.append((int(found[1]), int(found[2])))
    return pairs


def sellable(
    options: Sequence[wire.OptionRow], *, separate: bool, carried: Collection[int] = (), is_master: bool = False
) -> Sellable:
    """What can be sold apart. `carried`: row ids of a master's values that its own variants sell already."""
    counted = [option for option in options if option.type in CHOICE_TYPES and _is_counted(option)]
    if not counted or (is_master and len(counted) > 1):
        return Sellable()
    if len(counted) == 1:
        option = counted[0]
        left = [((option, value),) for value in _once(option) if value.product_option_value_id not in carried]
        return Sellable(choices=left, optional=option.required != 1)
    distinct = len({option.option_id for option in counted}) == len(counted)
    if not separate or not distinct:
        return Sellable(shared=True)
    if prod(len(_once(option)) for option in counted) > MAX_COMBINATIONS:
        return Sellable(shared=True, too_many=True)
    counted.sort(key=lambda option: option.option_id)
    rows = ([(option, value) for value in _once(option)] for option in counted)
    return Sellable(choices=list(combinations(*rows)), optional=any(option.required != 1 for option in counted))


def choice_key(choices: Sequence[Choice]) -> str:
    """The variation key of a combination."""
    return variation_key([(option.option_id, value.option_value_id) for option, value in choices])


def choice_quantity(choices: Sequence[Choice]) -> int | None:
    """The counter of a combination: its value's own when it is one counted value, else none."""
    if len(choices) != 1 or choices[0][1].subtract != 1:
        return None
    return choices[0][1].quantity or 0


def variations(
    plan: Sellable, words: Words, *, price: Decimal, base_sku: str, image_base: str
) -> Iterator[ChannelVariation]:
    """The variations of a plan.

    The SKU is the value row's own where an add-on made such a column; else `base_sku` (the product's SKU, or its model
    where that is empty), a hyphen, and the value's name in capitals (`TSHIRT-RED`; names of one spelling get the value
    id behind: `TSHIRT-RED-41`). With an empty base there is none. `price` is what the buyer pays for the product.

    Raises:
        BadPrice: A variation would cost less than nothing.
    """
    suffixes = _suffixes(plan, words.values)
    for choices in plan.choices:
        values = [value for _, value in choices]
        key = choice_key(choices)
        yield ChannelVariation(
            key=key,
            options=tuple(
                (
                    words.option_names.get(option.option_id, ""),
                    words.values.get(value.option_value_id, _NAMELESS).name,
                )
                for option, value in choices
            ),
            sku=_own_sku(values) or (f"{base_sku}-{suffixes[key]}" if base_sku else None),
            price=_price(price, values, key),
            quantity=choice_quantity(choices),
            barcode=(plain(values[0].ean) or plain(values[0].upc)) if len(values) == 1 else "",
            image_url=image_url(image_base, words.values.get(values[0].option_value_id, _NAMELESS).image),
        )


def _is_counted(option: wire.OptionRow) -> bool:
    return any(value.subtract == 1 for value in option.values)


def _once(option: wire.OptionRow) -> list[wire.ValueRow]:
    """Each option value once: the admin lets a value be added twice, and only the first is found by its key."""
    found: dict[int, wire.ValueRow] = {}
    for value in option.values:
        found.setdefault(value.option_value_id, value)
    return list(found.values())


def _own_sku(values: Sequence[wire.ValueRow]) -> str:
    return plain(values[0].sku) if len(values) == 1 else ""


def _suffixes(plan: Sellable, names: Mapping[int, OptionValue]) -> dict[str, str]:
    """By key: the names in capitals; the lowest ids keep a name that several share."""
    suffixes: dict[str, str] = {}
    taken: set[str] = set()
    for choices in sorted(plan.choices, key=lambda choices: [value.option_value_id for _, value in choices]):
        ids = [value.option_value_id for _, value in choices]
        slugs = [slug(names.get(number, _NAMELESS).name) or str(number) for number in ids]
        suffix = "-".join(slugs)
        while suffix in taken:
            suffix = f"{suffix}-{'-'.join(map(str, ids))}"
        taken.add(suffix)
        suffixes[choice_key(choices)] = suffix
    return suffixes


def slug(name: str) -> str:
    """Letters and digits of any script in capitals, the rest as single hyphens."""
    return _NOT_IN_SLUG.sub("-", normalize("NFKC", name)).strip("-").upper()


def _price(base: Decimal, values: Sequence[wire.ValueRow], key: str) -> Decimal:
    """The product's price with each value's own added (`+`), taken off (`-`) or put in its place (`=`, add-ons)."""
    price = base
    for value in values:
        amount = value.price if value.price is not None else Decimal(0)
        match value.price_prefix:
            case "-":
                price -= amount
            case "=":
                price = amount
            case _:
                price += amount
    if not price.is_finite() or price < 0:
        raise BadPrice(f"{key}: {price}")
    return price
