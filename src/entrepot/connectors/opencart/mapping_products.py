"""Product rows → ChannelProduct. Pure: the shop's clock, names and variants are given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from entrepot.connectors.contract import BadItem, ChannelProduct
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.mapping_options import (
    FREE_TYPES,
    BadPrice,
    Sellable,
    sellable,
    variations,
)
from entrepot.connectors.opencart.mapping_shop import OptionValue, ShopFacts, Words, in_language
from entrepot.connectors.opencart.mapping_values import ShopClock, grams, image_url, plain, wall_time
from entrepot.connectors.opencart.mapping_variants import Variants, variant_choices

MODEL_LENGTH = 64
NAME_LENGTH = 255
_PREFIXES = frozenset({"+", "-", "="})


@dataclass(frozen=True, slots=True)
class ProductReading:
    """What reading product rows needs: the shop, its names, its variants, its clock, and the rows of masters."""

    facts: ShopFacts
    words: Words
    clock: ShopClock
    variants: Variants = field(default_factory=Variants)
    masters: Mapping[int, wire.ProductRow] = field(default_factory=dict)
    separate: bool = False


def channel_product(row: wire.ProductRow, reading: ProductReading) -> ChannelProduct | BadItem:
    """A product as the shop shows it, or a report when its price cannot be used.

    `price` is what a buyer of the default customer group pays for one piece now, `retail_price` the regular price while
    that is another one. SKU: the code `SKU` in any case (4.1), else the column (case 26).
    """
    sku, model = sku_of(row), plain(row.model)
    if row.price is None or not row.price.is_finite() or row.price < 0:
        return _bad_price(row, sku, f"price: {row.price}")
    price = selling_price(row, reading.facts, reading.clock)
    plan = _sold_apart(row, reading)
    words, image_base = reading.words, reading.facts.image_base
    try:
        found = tuple(variations(plan, words, price=price, base_sku=sku or model, image_base=image_base))
    except BadPrice as problem:
        return _bad_price(row, sku, f"options.price: {problem}")
    facts = reading.facts
    return ChannelProduct(
        remote_id=str(row.product_id),
        name=in_language(row.descriptions, facts.language_id),
        sku=sku or None,
        model=model,
        price=price,
        currency=facts.currency,
        quantity=row.quantity or 0,
        active=row.status == 1,
        retail_price=row.price if row.price != price else None,
        barcode=_barcode(row),
        weight_grams=grams(row.weight, row.weight_unit),
        image_url=image_url(facts.image_base, row.image),
        images=_images(row, facts),
        description=_description(row, facts),
        url=f"{facts.url}index.php?route=product/product&product_id={row.product_id}",
        brand_id=str(row.manufacturer_id) if row.manufacturer_id else None,
        category_ids=tuple(map(str, row.categories)),
        attributes=_attributes(row, reading),
        variations=found,
        parent_id=str(row.master_id) if row.master_id else None,
        is_parent=reading.variants.is_master(row.product_id),
        shared_stock=plan.shared,
        options=_variant_options(row, reading),
        updated_at=reading.clock.aware(row.date_modified),
        findings=tuple(_findings(row, reading, plan)),
    )


def sku_of(row: wire.ProductRow) -> str:
    """The product's SKU, or "".

    Where the shop has a code row it decides, even when empty: on 4.1.0.1 to 4.1.0.3 the column beside it is stale.
    The admin writes `SKU`, the upgrade script `sku`; the admin's counts.
    """
    found = [code for code in row.codes if (code.code or "").lower() == "sku"]
    if found:
        found.sort(key=lambda code: code.code != "SKU")
        return plain(found[0].value)
    return plain(row.sku)


def selling_price(row: wire.ProductRow, facts: ShopFacts, clock: ShopClock) -> Decimal:
    """What one piece costs a buyer of the default group now: the special, else the discount from one piece on."""
    regular = row.price if row.price is not None else Decimal(0)
    now, group = clock.now, facts.customer_group_id
    specials = [*row.specials, *(row_ for row_ in row.discounts if row_.special)]
    single = [row_ for row_ in row.discounts if not row_.special and (row_.quantity or 0) == 1]
    for reductions in (specials, single):
        valid = [
            (reduction.priority or 0, reduced)
            for reduction in reductions
            if _is_valid(reduction, group, now) and (reduced := _reduced(regular, reduction)) is not None
        ]
        if valid:
            return min(valid)[1]
    return regular


def price_reduction(row: wire.ProductRow, facts: ShopFacts, clock: ShopClock) -> Decimal:
    """How far the selling price lies below the regular one now."""
    regular = row.price if row.price is not None and row.price.is_finite() else Decimal(0)
    return regular - selling_price(row, facts, clock)


def _is_valid(reduction: wire.Reduction, group: int, now: datetime) -> bool:
    """OpenCart's own rule: begun before, and ending after, this moment of the shop's clock; zero dates are open."""
    if reduction.customer_group_id not in {None, group}:
        return False
    start, end = wall_time(reduction.date_start), wall_time(reduction.date_end)
    return (start is None or start < now) and (end is None or end > now)


def _reduced(regular: Decimal, reduction: wire.Reduction) -> Decimal | None:
    """The price after a reduction: fixed (F), per cent off (P), or an amount off (S) (4.1; older rows are fixed)."""
    amount = reduction.price
    if amount is None or not amount.is_finite():
        return None
    match reduction.type:
        case "P":
            price = regular - regular * amount / 100
        case "S":
            price = regular - amount
        case _:
            price = amount
    return price if price >= 0 else None


def _code(row: wire.ProductRow, name: str) -> str:
    return next((plain(code.value) for code in row.codes if (code.code or "").upper() == name), "")


def _barcode(row: wire.ProductRow) -> str:
    columns = (("EAN", row.ean), ("UPC", row.upc), ("JAN", row.jan), ("ISBN", row.isbn))
    return next((found for name, column in columns if (found := plain(column) or _code(row, name))), "")


def _sold_apart(row: wire.ProductRow, reading: ProductReading) -> Sellable:
    is_master = reading.variants.is_master(row.product_id)
    carried = reading.variants.carried_values(row.product_id) if is_master else frozenset[int]()
    return sellable(row.options, separate=reading.separate, carried=carried, is_master=is_master)


def _attributes(row: wire.ProductRow, reading: ProductReading) -> tuple[tuple[str, str], ...]:
    """Pairs (attribute name, text) in the default language, or the first there is."""
    texts: dict[int, str] = {}
    for given in row.attributes:
        if given.language_id == reading.facts.language_id or given.attribute_id not in texts:
            texts[given.attribute_id] = plain(given.text)
    names = reading.words.attributes
    return tuple((names.get(number) or str(number), text) for number, text in texts.items())


def _images(row: wire.ProductRow, facts: ShopFacts) -> tuple[str, ...]:
    """The addresses of all pictures, the main one first, each once."""
    paths = (row.image, *(beside.image for beside in row.images))
    return tuple(dict.fromkeys(found for path in paths if (found := image_url(facts.image_base, path))))


def _description(row: wire.ProductRow, facts: ShopFacts) -> str | None:
    """The text in the default language, as HTML; None where this reading does not tell it.

    It is another language's where there is none in the default one, as the name is.
    """
    told = [text for text in row.descriptions if text.description is not None]
    told.sort(key=lambda text: text.language_id != facts.language_id)
    return next((found for text in told if (found := plain(text.description))), "" if told else None)


def _variant_options(row: wire.ProductRow, reading: ProductReading) -> tuple[tuple[str, str], ...]:
    """A variant's choices in words; its options stand in the master's row only."""
    master = reading.masters.get(row.master_id or 0)
    if master is None:
        return ()
    chosen, _ = variant_choices(row.variant)
    words = reading.words
    return tuple(
        (words.option_names.get(option.option_id, ""), words.values.get(value.option_value_id, OptionValue("")).name)
        for option in master.options
        for value in option.values
        if (option.product_option_id, value.product_option_value_id) in chosen
    )


def _bad_price(row: wire.ProductRow, sku: str, detail: str) -> BadItem:
    return BadItem(
        kind="product", remote_id=str(row.product_id), code="bad_price", detail=detail, sku=sku or plain(row.model)
    )


def unknown_words(rows: Sequence[wire.ProductRow], words: Words) -> bool:
    """Whether rows speak of an option, value or attribute that was made after `words` was read."""
    return any(
        any(option.option_id not in words.option_names for option in row.options)
        or any(value.option_value_id not in words.values for option in row.options for value in option.values)
        or any(text.attribute_id not in words.attributes for text in row.attributes)
        for row in rows
    )


# --------------------------------------------------------------------------- findings: facts for the SKU doctor


def _findings(row: wire.ProductRow, reading: ProductReading, plan: Sellable) -> Iterator[str]:
    is_sold_itself = not (reading.variants.is_master(row.product_id) and not plan.choices)
    if is_sold_itself and not sku_of(row):
        yield "missing_sku"
    if not row.price:
        yield "price_missing"
    if not in_language(row.descriptions, reading.facts.language_id):
        yield "missing_name"
    if _may_be_cut(row):
        yield "cut_text"
    if row.stores == []:
        yield "not_in_store"
    available = wall_time(row.date_available)
    if available is not None and available > reading.clock.now:
        yield "not_yet_available"
    if (row.weight or 0) > 0 and grams(row.weight, row.weight_unit) is None:
        yield "unknown_weight_unit"
    yield from _stock_findings(row, plan)
    yield from _option_findings(row, plan)
    yield from _variant_findings(row, reading)


def _may_be_cut(row: wire.ProductRow) -> bool:
    """Text that fills its column to the last character; the shop cuts without a word (case 30)."""
    return len(row.model or "") >= MODEL_LENGTH or any(len(text.name or "") >= NAME_LENGTH for text in row.descriptions)


def _stock_findings(row: wire.ProductRow, plan: Sellable) -> Iterator[str]:
    sold_apart = (value for choices in plan.choices for _, value in choices)
    if (row.quantity or 0) < 0 or any((value.quantity or 0) < 0 for value in sold_apart):
        yield "negative_quantity"
    if row.subtract != 1:
        yield "stock_not_counted"
    if plan.shared:
        yield "shared_stock"
    if plan.too_many:
        yield "too_many_combinations"


def _option_findings(row: wire.ProductRow, plan: Sellable) -> Iterator[str]:
    if plan.optional:
        yield "optional_choice"
    if any(option.required == 1 and option.type in FREE_TYPES for option in row.options):
        yield "required_free_input"
    boxes = (option for option in row.options if option.type == "checkbox")
    if any(value.subtract == 1 for option in boxes for value in option.values):
        yield "checkbox_stock"
    used = [value for choices in plan.choices for _, value in choices]
    if used and not all(plain(value.sku) for value in used):
        yield "sku_from_options"
    if any(value.price and value.price_prefix not in _PREFIXES for value in used):
        yield "unknown_price_prefix"


def _variant_findings(row: wire.ProductRow, reading: ProductReading) -> Iterator[str]:
    if not row.master_id:
        return
    if variant_choices(row.variant)[1]:
        yield "variant_open_option"
    master = reading.masters.get(row.master_id)
    if master is None:
        yield "missing_master"
    elif master.status != 1:
        yield "disabled_master"
