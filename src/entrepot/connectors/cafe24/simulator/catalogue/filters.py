"""Which products a list or a count means (reference §4.1)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Ask, unprocessable
from entrepot.connectors.cafe24.simulator.goods import Product

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

Test = Callable[[Product], bool]
Span = tuple[Decimal | None, Decimal | None]
_CONTAINS = (
    "product_name",
    "eng_product_name",
    "supply_product_name",
    "internal_product_name",
    "model_name",
)
_CODES = (
    "product_code",
    "custom_product_code",
    "brand_code",
    "manufacturer_code",
    "supplier_code",
    "trend_code",
    "classification_code",
)
_WORDS = {
    "display": ("T", "F"),
    "selling": ("T", "F"),
    "market_sync": ("T", "F"),
    "product_condition": tuple("NBRUEFS"),
    "approve_status": tuple("NECRI"),
}
_MONEY = ("price", "retail_price", "supply_price")
_OPTION_TYPES = {"C": ("T", "C"), "S": ("T", "S"), "E": ("E", None), "F": ("F", None)}


def matching(mall: "Mall", ask: Ask) -> list[Product]:
    """The products that fit, in product_no order.

    Raises:
        Refusal: 422, a filter cannot be read.
    """
    tests = [*_texts(ask), *_figures(ask), *_variants(ask), *_times(ask), *_categories(mall, ask)]
    found: Iterable[Product] = mall.products.values()
    numbers = ask.numbers("product_no")
    if numbers:
        found = (mall.products[number] for number in sorted(set(numbers)) if number in mall.products)
    since = ask.number("since_product_no", -1)
    return [product for product in found if product.product_no > since and all(test(product) for test in tests)]


def _texts(ask: Ask) -> Iterable[Test]:
    shop_no = ask.shop_no
    for name in _CONTAINS:
        words = [word.casefold() for word in ask.words(name)]
        if words:
            yield _containing(name, words, shop_no)
    tags = set(ask.words("product_tag"))
    if tags:
        yield lambda product: bool(tags & set(product.seen_in(shop_no)["product_tag"] or ()))
    for name in _CODES:
        codes = set(ask.words(name))
        if codes:
            yield _one_of(name, codes, shop_no)
    for name, allowed in _WORDS.items():
        given = set(ask.words(name))
        if not given <= set(allowed):
            raise unprocessable("Invalid value.", name)
        if given:
            yield _one_of(name, given, shop_no)


def _containing(name: str, words: list[str], shop_no: int) -> Test:
    def test(product: Product) -> bool:
        text = str(product.seen_in(shop_no)[name]).casefold()
        return any(word in text for word in words)

    return test


def _one_of(name: str, codes: set[str], shop_no: int) -> Test:
    return lambda product: product.seen_in(shop_no)[name] in codes


def _figures(ask: Ask) -> Iterable[Test]:
    for name in _MONEY:
        span = _span(ask, name)
        if span:
            yield _priced(name, span, ask.shop_no)
    option_type = ask.choice("option_type", tuple(_OPTION_TYPES))
    if option_type:
        kind, shown = _OPTION_TYPES[option_type]
        yield (
            lambda product: (
                product.option is not None
                and product.option["option_type"] == kind
                and shown in {None, product.option["option_list_type"]}
            )
        )
    bundle = ask.flag("product_bundle")
    if bundle:
        yield lambda product: bool(product.bundle) == (bundle == "T")


def _priced(name: str, span: Span, shop_no: int) -> Test:
    return lambda product: _between(Decimal(product.seen_in(shop_no)[name]), span)


def _variants(ask: Ask) -> Iterable[Test]:
    codes = set(ask.words("custom_variant_code"))
    if codes:
        yield lambda product: any(variant.custom_variant_code in codes for variant in product.variants)
    managed = ask.flag("use_inventory")
    if managed:
        yield lambda product: any(variant.use_inventory == managed for variant in product.variants)
    for name, figure in (("stock_quantity", "quantity"), ("stock_safety", "safety_inventory")):
        span = _span(ask, name)
        if span:
            yield _stocked(figure, span)


def _stocked(figure: str, span: Span) -> Test:
    return lambda product: any(_between(Decimal(getattr(row, figure)), span) for row in product.variants)


def _times(ask: Ask) -> Iterable[Test]:
    for name in ("created", "updated"):
        span = ask.dates(f"{name}_start_date", f"{name}_end_date")
        if span:
            yield _dated(f"{name}_date", *span)


def _dated(name: str, start: datetime, end: datetime) -> Test:
    return lambda product: start <= datetime.fromisoformat(product.row[name]) <= end


def _categories(mall: "Mall", ask: Ask) -> Iterable[Test]:
    wanted = set(ask.numbers("category"))
    if wanted and ask.flag("include_sub_category") == "T":
        wanted |= {number for number in mall.categories if wanted & set(mall.category_line(number))}
    if wanted:
        yield lambda product: any(row["category_no"] in wanted for row in product.categories)
    if ask.flag("category_unapplied") == "T":
        yield lambda product: not product.categories


def _span(ask: Ask, name: str) -> Span | None:
    """The two bounds of a filter, None when neither is given."""
    span = _amount(ask, f"{name}_min"), _amount(ask, f"{name}_max")
    return span if span != (None, None) else None


def _amount(ask: Ask, name: str) -> Decimal | None:
    text = ask.text(name)
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise unprocessable("Invalid value.", name) from None


def _between(value: Decimal, span: Span) -> bool:
    least, most = span
    return (least is None or value >= least) and (most is None or value <= most)
