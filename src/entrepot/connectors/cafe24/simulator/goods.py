"""What a mall sells: products, their variants, and the stock each variant has of its own (reference §4)."""

from dataclasses import dataclass, field

from entrepot.connectors.cafe24.simulator.answers import Row


@dataclass(slots=True)
class Variant:
    """One combination of option values; a product without options has exactly one, with no options (case 40)."""

    variant_code: str
    options: list[Row] | None = None
    custom_variant_code: str | None = None
    display: str = "T"
    selling: str = "T"
    additional_amount: str = "0.00"
    use_inventory: str = "T"
    important_inventory: str = "A"
    inventory_control_type: str = "A"
    display_soldout: str = "T"
    quantity: int = 0
    safety_inventory: int = 0
    image: str | None = None
    supply_price: str = "0.00"
    display_order: int = 1

    @property
    def option_value(self) -> str:
        """The options as an order item writes them: `색상=블랙, 사이즈=M`."""
        return ", ".join(f"{option['name']}={option['value']}" for option in self.options or ())

    @property
    def sold_out(self) -> bool:
        """Whether the shop refuses to sell it: stock is managed, shown as sold out at 0, and at 0."""
        return self.use_inventory == "T" and self.display_soldout == "T" and self.quantity <= 0


@dataclass(slots=True)
class Product:
    """One product. `row` holds the detail answer's own fields as written for shop 1; `shops` what differs elsewhere.

    `option` is the options' definition as their endpoint answers it, None without options. `bundle` names the parts of
    a set product: `{"variant_code": …, "quantity": 1}`. `variants_made` counts variant codes ever given.
    """

    product_no: int
    row: Row
    variants: list[Variant] = field(default_factory=list)
    option: Row | None = None
    categories: list[Row] = field(default_factory=list)
    additional_images: list[str] = field(default_factory=list)
    shops: dict[int, Row] = field(default_factory=dict)
    bundle: list[Row] = field(default_factory=list)
    variants_made: int = 0

    @property
    def product_code(self) -> str:
        """`P` and seven more."""
        return str(self.row["product_code"])

    @property
    def sold_out(self) -> bool:
        """Whether no variant can be bought."""
        return all(variant.sold_out for variant in self.variants)

    def seen_in(self, shop_no: int) -> Row:
        """The row as that shop shows it; not to be changed."""
        return self.row | self.shops[shop_no] if shop_no in self.shops else self.row

    def name(self, shop_no: int = 1) -> str:
        """The product's name in that shop."""
        return str(self.seen_in(shop_no)["product_name"])

    def price(self, shop_no: int = 1) -> str:
        """The sale price in that shop's currency, as text with two decimals."""
        return str(self.seen_in(shop_no)["price"])
