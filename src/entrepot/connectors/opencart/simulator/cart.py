"""What a cart costs and whether the shop lets it through, by OpenCart's own arithmetic (reference §4, §5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from entrepot.connectors.opencart.simulator.rows import CartRefused, Customer, Item, OptionValue, Product, Row
from entrepot.connectors.opencart.simulator.text import ZERO_DATE, escape, stored

if TYPE_CHECKING:
    from entrepot.connectors.opencart.simulator.shop import Shop

TAXED_COUNTRY = "GB"
TAX_CLASS = 9
ECO_TAX = ("Eco Tax (-2.00)", Decimal(2))
VAT = ("VAT (20%)", Decimal(20))
COUPONS = {"2222": Decimal(10)}
FLAT_SHIPPING = Decimal(5)
COUPON_SORT, SHIPPING_SORT, TAX_SORT, TOTAL_SORT = 4, 3, 5, 9


@dataclass(slots=True)
class PricedLine:
    """A cart line with its price per unit without tax, tax per unit, and the option rows it will leave."""

    product: Product
    quantity: int
    price: Decimal
    tax: Decimal
    taxed: bool
    options: list[Row]
    master_id: int = 0

    @property
    def total(self) -> Decimal:
        """Price times quantity, without tax."""
        return self.price * self.quantity


@dataclass(slots=True)
class PricedCart:
    """All lines, the total rows in their order, and the sum of those rows."""

    lines: list[PricedLine]
    totals: list[Row] = field(default_factory=list)
    total: Decimal = Decimal(0)

    def add(self, code: str, title: str, value: Decimal, sort_order: int) -> None:
        """Append one total row, rounded as the database rounds it."""
        rounded = Decimal(stored(value))
        self.totals.append({"code": code, "title": title, "value": stored(value), "sort_order": str(sort_order)})
        if code != "total":
            self.total += rounded


def price_cart(shop: "Shop", items: Sequence[Item], customer: Customer, coupon: str | None) -> PricedCart:
    """Price a cart.

    Raises:
        CartRefused: A product is unknown or switched off, or an option is missing or not the product's.
    """
    counts: dict[int, int] = {}
    for item in items:
        counts[item.product_id] = counts.get(item.product_id, 0) + item.quantity
    taxed_country = customer.country_code == TAXED_COUNTRY
    lines = [_price_line(shop, item, counts[item.product_id], taxed_country=taxed_country) for item in items]
    cart = PricedCart(lines)
    _add_totals(shop, cart, coupon, taxed_country=taxed_country)
    return cart


def check_stock(shop: "Shop", items: Sequence[Item]) -> None:
    """Refuse a cart the storefront would refuse: the product's counter must cover it even if it is not counted.

    Raises:
        CartRefused: Not enough there.
    """
    wanted: dict[int, int] = {}
    for item in items:
        product, options, _ = _sold_as(shop, item)
        wanted[product.product_id] = wanted.get(product.product_id, 0) + item.quantity
        if product.quantity < wanted[product.product_id]:
            raise CartRefused(f"product {product.product_id} has {product.quantity}")
        for value in chosen_values(shop, product, options):
            if value.subtract and value.quantity < item.quantity:
                raise CartRefused(f"option value {value.product_option_value_id} has {value.quantity}")


def chosen_values(shop: "Shop", product: Product, options: Mapping[int, object]) -> Iterator[OptionValue]:
    """The option values a choice names, from the rows of the product or of its master."""
    owner = shop.tables.products.get(product.master_id, product) if product.master_id else product
    for option in owner.options:
        chosen = options.get(option.product_option_id)
        wanted = set(chosen) if isinstance(chosen, list | tuple) else {chosen}
        yield from (value for value in option.values if value.product_option_value_id in wanted)


def _sold_as(shop: "Shop", item: Item) -> tuple[Product, dict[int, object], int]:
    """Which product row a click on `item` really sells: up to 4.1.0.3 a variant turns into its master."""
    product = shop.tables.products.get(item.product_id)
    if product is None or not product.status:
        raise CartRefused(f"product {item.product_id} is not for sale")
    options: dict[int, object] = dict(item.options)
    master = shop.tables.products.get(product.master_id) if product.master_id else None
    if product.master_id and (master is None or not master.status):
        raise CartRefused(f"the master of product {item.product_id} is not for sale")
    for key, value in product.variant.items() if master else ():
        if value:
            options[int(key)] = int(value)
    if item.values:
        options |= _options_of_values(master or product, item.values)
    if master and not shop.line.sells_variant:
        return master, options, 0
    return product, options, product.master_id


def _options_of_values(product: Product, values: Iterable[int]) -> dict[int, object]:
    found: dict[int, object] = {}
    wanted = set(values)
    for option in product.options:
        rows = [row.product_option_value_id for row in option.values if row.option_value_id in wanted]
        if rows:
            found[option.product_option_id] = rows[0] if len(rows) == 1 else rows
    return found


def _price_line(shop: "Shop", item: Item, count: int, *, taxed_country: bool) -> PricedLine:
    if item.quantity < 1:
        raise CartRefused("a quantity must be 1 or more")
    product, options, master_id = _sold_as(shop, item)
    rows = list(_option_rows(shop, product, options))
    extra = sum(
        (
            Decimal(value.price) * (-1 if value.price_prefix == "-" else 1)
            for value in chosen_values(shop, product, options)
        ),
        Decimal(0),
    )
    price = _discounted(shop, product, extra, count)
    taxed = taxed_country and str(product.columns.get("tax_class_id")) == str(TAX_CLASS)
    tax = ECO_TAX[1] + price * VAT[1] / 100 if taxed else Decimal(0)
    return PricedLine(product, item.quantity, price, tax, taxed, rows, master_id)


def _option_rows(shop: "Shop", product: Product, options: Mapping[int, object]) -> Iterator[Row]:
    owner = shop.tables.products.get(product.master_id, product) if product.master_id else product
    language = shop.language_id
    for option in owner.options:
        definition = shop.option(option.option_id)
        chosen = options.get(option.product_option_id)
        if chosen is None:
            if option.required and not product.master_id:
                raise CartRefused(f"option {option.product_option_id} is required")
            continue
        head = {
            "product_option_id": str(option.product_option_id),
            "name": definition.names.get(language) or definition.names[1],
            "type": definition.type,
        }
        if not option.values:
            yield {**head, "product_option_value_id": "0", "value": escape(str(chosen))}
            continue
        values = list(chosen_values(shop, product, {option.product_option_id: chosen}))
        if not values:
            raise CartRefused(f"option {option.product_option_id} has no value {chosen}")
        for value in values:
            yield {
                **head,
                "product_option_value_id": str(value.product_option_value_id),
                "value": shop.option_value_name(value.option_value_id, language),
            }


def _open_rows(rows: Sequence[dict[str, str]], stamp: str) -> list[dict[str, str]]:
    today = stamp[:10]
    return [
        row
        for row in rows
        if row["customer_group_id"] == "1"
        and row["date_start"] <= today
        and (row["date_end"] == ZERO_DATE or row["date_end"] > today)
    ]


def _discounted(shop: "Shop", product: Product, extra: Decimal, count: int) -> Decimal:
    """The unit price: a quantity discount, on older lines overruled by a special, plus the options' deltas."""
    stamp = shop.clock.stamp()
    price = Decimal(product.price)
    fitting = [row for row in _open_rows(product.discounts, stamp) if int(row["quantity"]) <= count]
    fitting.sort(key=lambda row: (-int(row["quantity"]), int(row["priority"]), Decimal(row["price"])))
    if shop.line.specials_are_discounts:
        match fitting:
            case [{"type": "F", "price": amount}, *_]:
                return Decimal(amount) + extra
            case [{"type": "P", "price": amount}, *_]:
                return (price + extra) * (1 - Decimal(amount) / 100)
            case [{"type": "S", "price": amount}, *_]:
                return price + extra - Decimal(amount)
            case _:
                return price + extra
    specials = sorted(
        _open_rows(product.specials, stamp), key=lambda row: (int(row["priority"]), Decimal(row["price"]))
    )
    chosen = specials or fitting
    return (Decimal(chosen[0]["price"]) if chosen else price) + extra


def _add_totals(shop: "Shop", cart: PricedCart, coupon: str | None, *, taxed_country: bool) -> None:
    sub_total = sum((line.total for line in cart.lines), Decimal(0))
    shipped = any(str(line.product.columns.get("shipping")) == "1" for line in cart.lines)
    cart.add("sub_total", "Sub-Total", sub_total, 1)
    if shipped:
        cart.add("shipping", "Flat Shipping Rate", FLAT_SHIPPING, SHIPPING_SORT)
    vat_base = sum((line.total for line in cart.lines if line.taxed), Decimal(0))
    if coupon is not None:
        if coupon not in COUPONS:
            raise CartRefused(f"coupon {coupon} is not valid")
        share = COUPONS[coupon] / 100
        cart.add("coupon", f"Coupon ({coupon})", -sub_total * share, COUPON_SORT)
        vat_base -= vat_base * share
    taxed = [line for line in cart.lines if line.taxed]
    if taxed_country and (taxed or shipped):
        counted = (1 if shop.line.fixed_tax_per_line else line.quantity for line in taxed)
        eco = ECO_TAX[1] * (sum(counted) + (1 if shipped else 0))
        cart.add("tax", ECO_TAX[0], eco, TAX_SORT)
        vat = (vat_base + (FLAT_SHIPPING if shipped else 0)) * VAT[1] / 100
        cart.add("tax", VAT[0], vat, TAX_SORT)
    cart.add("total", "Total", cart.total, TOTAL_SORT)
