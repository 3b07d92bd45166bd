"""Promises about who the shop is and what it sells. They only read."""

import html
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from entrepot.connectors.conformance.bench import MOST_SAMPLES, Bench
from entrepot.connectors.conformance.model import Broken, NotApplicable, Register, expect, expect_equal
from entrepot.connectors.contract import BadItem, ChannelCategory

REGISTER = Register()
check = REGISTER.check
UNKNOWN_ID = "987654321"
_CURRENCY = re.compile(r"[A-Z]{3}")


def plain_text(text: str, where: str) -> None:
    """Text is as a person reads it: no HTML escapes are left."""
    expect(html.unescape(text) == text, f"{where} is still escaped: {text!r}")


def exact(amount: object, where: str) -> None:
    """An amount is a finite Decimal."""
    expect(isinstance(amount, Decimal) and amount.is_finite(), f"{where} is no exact Decimal: {amount!r}")


def aware(moment: datetime | None, where: str) -> None:
    """A time is aware and not of tomorrow."""
    if moment is None:
        return
    expect(moment.tzinfo is not None and moment.utcoffset() is not None, f"{where} is a naive time: {moment}")
    expect(moment < datetime.now(UTC) + timedelta(days=1), f"{where} lies in the future: {moment}")


@check("shop.identity", "The connection test tells who the shop is, the same each time.")
def shop_identity(bench: Bench) -> None:
    """Identity, currency and statuses are there and stay."""
    first, second = bench.connector.shop.info(), bench.connector.shop.info()
    expect(first.identity, "identity is empty")
    expect_equal(second.identity, first.identity, "identity of the second call")
    expect(_CURRENCY.fullmatch(first.currency), f"currency is no ISO code: {first.currency!r}")
    expect(first.timezone, "the timezone is not told")
    plain_text(first.name, "the shop's name")


@check("shop.statuses", "The shop's statuses have ids and names of their own.", parts=("orders",))
def shop_statuses(bench: Bench) -> None:
    """Status ids are unique and named."""
    ids = [status.remote_id for status in bench.info.statuses]
    expect(ids, "no statuses are told")
    expect_equal(sorted(set(ids)), sorted(ids), "status ids without repeats")
    expect(all(any(status.names.values()) for status in bench.info.statuses), "a status has no name")
    expect(any(status.takes_stock for status in bench.info.statuses), "no status takes stock")


@check("products.complete", "Product pages hold every product once.", parts=("products",))
def products_complete(bench: Bench) -> None:
    """No product twice; as many as the store says; `next` None on the last page alone."""
    ids = [product.remote_id for product in bench.all_products]
    ids += [bad.remote_id for page in bench.product_pages for bad in page.bad if bad.kind == "product"]
    expect_equal(len(set(ids)), len(ids), "products without repeats")
    totals = {page.total for page in bench.product_pages if page.total is not None}
    if totals:
        expect_equal(len(ids), max(totals), "products in all pages, against the store's own count")
    expect_equal(
        [page.next is None for page in bench.product_pages].index(True), len(bench.product_pages) - 1, "last page"
    )


@check("products.order", "Product pages ascend by remote id, so that new products come last.", parts=("products",))
def products_order(bench: Bench) -> None:
    """Numeric ids ascend as numbers, others as text."""
    ids = [product.remote_id for product in bench.all_products]
    numeric = all(text.isdigit() for text in ids)
    expect_equal(ids, sorted(ids, key=(lambda text: (int(text), text)) if numeric else (lambda text: (0, text))), "ids")


@check("products.resume", "Going on from a page's cursor gives exactly the rest.", parts=("products",))
def products_resume(bench: Bench) -> None:
    """Each page's `next` leads to the following page and nothing else."""
    if len(bench.product_pages) < 2:
        raise NotApplicable("the catalogue fits on one page")
    following = [product.remote_id for page in bench.product_pages[1:] for product in page.products]
    again = [row.remote_id for page in bench.products.pages(bench.product_pages[0].next) for row in page.products]
    expect_equal(again, following, "products after the first page's cursor")


@check("products.text", "Names come as a person reads them, not HTML-escaped.", parts=("products",))
def products_text(bench: Bench) -> None:
    """Products, variations, categories and brands."""
    for product in bench.all_products:
        plain_text(product.name, f"name of product {product.remote_id}")
        plain_text(product.model, f"model of product {product.remote_id}")
        plain_text(product.sku or "", f"SKU of product {product.remote_id}")
        for name, value in [*product.options, *(pair for row in product.variations for pair in row.options)]:
            plain_text(name + value, f"an option of product {product.remote_id}")
    for entry in [*bench.products.categories(), *bench.products.brands(), *bench.products.attributes()]:
        if not isinstance(entry, BadItem):
            plain_text(entry.name, f"name of {type(entry).__name__} {entry.remote_id}")


@check(
    "products.money",
    "Prices are exact Decimals in a named currency, and counts are whole numbers.",
    parts=("products",),
)
def products_money(bench: Bench) -> None:
    """What the buyer pays is never above the regular price."""
    for product in bench.all_products:
        exact(product.price, f"price of product {product.remote_id}")
        expect(product.price >= 0, f"price of product {product.remote_id} is negative")
        expect_equal(product.currency, bench.info.currency, f"currency of product {product.remote_id}")
        if product.retail_price is not None:
            exact(product.retail_price, f"regular price of product {product.remote_id}")
            expect(
                product.retail_price >= product.price, f"product {product.remote_id} costs more than its regular price"
            )
        for quantity in (product.quantity, *(row.quantity for row in product.variations)):
            known = type(quantity) in {int, type(None)}
            expect(known, f"quantity of product {product.remote_id} is {quantity!r}")
        for variation in product.variations:
            exact(variation.price, f"price of variation {variation.key} of product {product.remote_id}")


@check("products.times", "Times are aware.", parts=("products",))
def products_times(bench: Bench) -> None:
    """`updated_at` has a zone and is not of tomorrow."""
    for product in bench.all_products:
        aware(product.updated_at, f"updated_at of product {product.remote_id}")


@check(
    "products.keys",
    "A variation's key is its own within the product and the same at each reading.",
    parts=("products",),
)
def products_keys(bench: Bench) -> None:
    """Keys are unique, not empty, and stable."""
    with_variations = [product for product in bench.all_products if product.variations]
    for product in with_variations:
        keys = [variation.key for variation in product.variations]
        expect(all(keys), f"a variation of product {product.remote_id} has no key")
        expect_equal(len(set(keys)), len(keys), f"keys of product {product.remote_id} without repeats")
    for product in with_variations[:MOST_SAMPLES]:
        again = [variation.key for variation in bench.product(product.remote_id).variations]
        expect_equal(
            again, [variation.key for variation in product.variations], f"keys of {product.remote_id} read again"
        )


@check(
    "products.fetch",
    "Products fetched by id are those of the pages; an unknown id is simply absent.",
    parts=("products",),
)
def products_fetch(bench: Bench) -> None:
    """Same content by either way."""
    known = {product.remote_id: product for product in bench.all_products[:MOST_SAMPLES]}
    page = bench.products.fetch([*known, UNKNOWN_ID])
    expect_equal({row.remote_id for row in page.products}, set(known), "products fetched by id")
    for product in page.products:
        expect_equal(product.name, known[product.remote_id].name, f"name of product {product.remote_id} fetched by id")
        expect_equal(product.price, known[product.remote_id].price, f"price of {product.remote_id} fetched by id")


@check("categories.tree", "Categories are a tree: parents exist and nothing is its own ancestor.", parts=("products",))
def categories_tree(bench: Bench) -> None:
    """Walk every category up to its root."""
    parents = {row.remote_id: row.parent_id for row in bench.products.categories() if isinstance(row, ChannelCategory)}
    for start, above in parents.items():
        seen, here = {start}, above
        while here is not None:
            if here not in parents:
                raise Broken(f"category {start} lies below {here}, which does not exist")
            expect(here not in seen, f"category {start} is its own ancestor")
            seen.add(here)
            here = parents[here]


@check("stock.agrees", "What the store shows for stock is what its catalogue shows.", parts=("products", "stock"))
def stock_agrees(bench: Bench) -> None:
    """`seen` and `fetch` tell the same figures under the same keys."""
    sample = [product.remote_id for product in bench.all_products[:MOST_SAMPLES]]
    for product in bench.products.fetch(sample).products:
        shown = bench.shown(product.remote_id)
        if product.variations:
            for variation in product.variations:
                expect(variation.key in shown, f"variation {variation.key} of {product.remote_id} is not seen")
                expect_equal(shown[variation.key], variation.quantity, f"seen of {product.remote_id}/{variation.key}")
        elif product.quantity is not None:
            expect_equal(shown.get(""), product.quantity, f"seen of product {product.remote_id}")
