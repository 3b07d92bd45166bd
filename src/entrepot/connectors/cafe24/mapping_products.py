"""Product rows → ChannelProduct. Pure: the shop's facts and the categories' members are given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote

from entrepot.connectors.cafe24 import kst, wire
from entrepot.connectors.cafe24.mapping_shop import NO_BRAND
from entrepot.connectors.cafe24.values import each, money, text, truth, whole
from entrepot.connectors.contract import BadItem, ChannelProduct, ChannelVariation, SeenLevel

ZERO = Decimal(0)
ATTRIBUTES: Mapping[str, str] = {"product_material": "소재", "summary_description": "상품요약설명", "hscode": "HS코드"}
"""What a product says of itself beside its words, by field, and what the mall's admin calls it (reference §4.2)."""


@dataclass(frozen=True, slots=True)
class ProductReading:
    """What reading product rows needs: the shop, and which categories a product is in, where the row does not say.

    `codes_stand_in` False: what has no code of the seller's own stays without SKU.
    """

    mall_id: str
    currency: str
    url: str
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    codes_stand_in: bool = True


@dataclass(frozen=True, slots=True)
class Stock:
    """A variant's counter. `quantity` None = the mall does not count it; it may be below zero."""

    quantity: int | None
    sells_below_zero: bool


def channel_product(
    row: wire.Product, variants: Sequence[wire.Variant], reading: ProductReading
) -> ChannelProduct | BadItem:
    """A product as the mall shows it, or a report when its price cannot be used.

    One variant without options = a single product; else each variant is a variation under its code. SKU: the seller's
    own code of the variant, for single products also that of the product, else the mall's code of the variant.
    """
    variants = offered(variants)
    try:
        price, retail = money(row.price) or ZERO, money(row.retail_price) or ZERO
        extras = [money(variant.additional_amount) or ZERO for variant in variants]
    except ValueError as problem:
        return _bad_price(row, str(problem))
    if price < 0:
        return _bad_price(row, f"price: {price}")
    single = single_variant(variants)
    sku = _single_sku(row, single) if single else text(row.custom_product_code)
    return ChannelProduct(
        remote_id=str(row.product_no),
        name=text(row.product_name),
        sku=sku or None,
        model=single.variant_code if single and not sku else text(row.model_name) or text(row.product_code),
        price=price,
        currency=reading.currency,
        quantity=stock_of(single).quantity if single else None,
        active=is_active(row),
        retail_price=retail if retail > price else None,
        image_url=_address(row.detail_image or row.list_image, reading),
        images=_images(row, reading),
        description=row.description,
        attributes=tuple(attributes_of(row).items()),
        url=f"{reading.url}product/detail.html?product_no={row.product_no}",
        brand_id=_brand(row),
        category_ids=_categories(row, reading),
        variations=()
        if single
        else tuple(
            _variation(variant, price + extra, reading) for variant, extra in zip(variants, extras, strict=True)
        ),
        updated_at=kst.moment(row.updated_date),
        findings=tuple(_findings(row, variants, price)),
    )


def single_variant(variants: Sequence[wire.Variant]) -> wire.Variant | None:
    """The one variant of a product without options; None for a product with options (or without any variant)."""
    if len(variants) == 1 and not choices(variants[0]):
        return variants[0]
    return None


def offered(variants: Sequence[wire.Variant]) -> Sequence[wire.Variant]:
    """The variants that stand for goods.

    Cafe24 makes every combination of options, and a merchant shuts those there are none of: neither shown nor sold, and
    without a code of the seller's own. Where all are shut, all are kept.
    """
    found = [
        variant
        for variant in variants
        if text(variant.custom_variant_code) or not (variant.display == "F" and variant.selling == "F")
    ]
    return found or variants


def choices(variant: wire.Variant) -> tuple[tuple[str, str], ...]:
    """The choices that make a variant, as pairs of axis and value."""
    return tuple((text(option.name), text(option.value)) for option in each(variant.options))


def stock_of(variant: wire.Variant) -> Stock:
    """The counter, from the variant's own level or from what is embedded in it."""
    inner = variant.inventories
    if isinstance(inner, list):
        inner = inner[0] if inner else None
    if not isinstance(inner, wire.Inventory):
        inner = wire.Inventory()
    quantity = whole(variant.quantity)
    counted = variant.use_inventory if variant.use_inventory is not None else inner.use_inventory
    shown = variant.display_soldout if variant.display_soldout is not None else inner.display_soldout
    if quantity is None:
        quantity = whole(inner.quantity)
    counts = counted is None or truth(counted)
    return Stock(quantity if counts else None, sells_below_zero=shown is not None and not truth(shown))


def is_active(row: wire.Product) -> bool:
    """Shown and sold; both are needed."""
    return truth(row.display) and truth(row.selling)


def seen_levels(row: wire.Product, variants: Sequence[wire.Variant]) -> Iterator[SeenLevel]:
    """The figures of one product, keyed as in the catalogue."""
    variants = offered(variants)
    is_single = single_variant(variants) is not None
    for variant in variants:
        yield SeenLevel(
            remote_id=str(row.product_no),
            variation_key="" if is_single else variant.variant_code,
            quantity=stock_of(variant).quantity,
            active=is_active(row),
            updated_at=kst.moment(row.updated_date),
        )


def _single_sku(row: wire.Product, variant: wire.Variant) -> str:
    return text(variant.custom_variant_code) or text(row.custom_product_code)


def _variation(variant: wire.Variant, price: Decimal, reading: ProductReading) -> ChannelVariation:
    own = text(variant.custom_variant_code)
    return ChannelVariation(
        key=variant.variant_code,
        options=choices(variant),
        sku=own or (variant.variant_code if reading.codes_stand_in else None),
        price=max(price, ZERO),
        quantity=stock_of(variant).quantity,
        image_url=_address(variant.image, reading),
    )


def _brand(row: wire.Product) -> str | None:
    code = text(row.brand_code)
    return code if code and code != NO_BRAND else None


def _categories(row: wire.Product, reading: ProductReading) -> tuple[str, ...]:
    own = each(row.category)
    if own:
        return tuple(str(link.category_no) for link in own)
    return tuple(reading.members.get(str(row.product_no), ()))


def attributes_of(row: wire.Product) -> dict[str, str]:
    """What the product says of itself, by the name in the mall's admin; what is empty is left out."""
    stated = {name: text(getattr(row, field)) for field, name in ATTRIBUTES.items()}
    return {name: value for name, value in stated.items() if value}


def _images(row: wire.Product, reading: ProductReading) -> tuple[str, ...]:
    """The addresses of all pictures, the main one first, each once."""
    beside = (image.big for image in each(row.additional_image or row.additionalimages))
    paths = (row.detail_image or row.list_image, *beside)
    return tuple(dict.fromkeys(found for path in paths if (found := _address(path, reading))))


def _address(stated: str | None, reading: ProductReading) -> str:
    """An image's address; paths are the mall's own, and Korean file names come as they are."""
    path = text(stated)
    if not path:
        return ""
    if path.startswith("//"):
        path = f"https:{path}"
    elif not path.startswith(("http://", "https://")):
        path = f"https://{reading.mall_id}.cafe24.com/{path.lstrip('/')}"
    return quote(path, safe="/:?=&%~()!,+@#;$'*[]")


def _bad_price(row: wire.Product, detail: str) -> BadItem:
    return BadItem(
        kind="product",
        remote_id=str(row.product_no),
        code="bad_price",
        detail=detail,
        sku=text(row.custom_product_code),
    )


# --------------------------------------------------------------------------- findings: facts for the SKU doctor


def _findings(row: wire.Product, variants: Sequence[wire.Variant], price: Decimal) -> Iterator[str]:
    if not price:
        yield "price_missing"
    if not text(row.product_name):
        yield "missing_name"
    single = single_variant(variants)
    if single is not None and not _single_sku(row, single):
        yield "missing_sku"
    if single is None and not all(text(variant.custom_variant_code) for variant in variants):
        yield "sku_from_code"
    stocks = [stock_of(variant) for variant in variants]
    if any((stock.quantity or 0) < 0 for stock in stocks):
        yield "negative_quantity"
    if any(stock.quantity is None for stock in stocks) or not stocks:
        yield "inventory_off"
    if any(stock.sells_below_zero and stock.quantity is not None for stock in stocks):
        yield "sells_below_zero"
