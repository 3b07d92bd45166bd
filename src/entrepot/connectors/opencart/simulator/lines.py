"""What differs between OpenCart 4.1, 4.0 and 3.0, as one table (reference §1, §5, §6)."""

from dataclasses import dataclass

_CODES = ("sku", "upc", "ean", "jan", "isbn", "mpn")
_PRODUCT_HEAD = ("product_id", "master_id", "model")
_PRODUCT_BODY = (
    "quantity",
    "stock_status_id",
    "image",
    "manufacturer_id",
    "shipping",
    "price",
    "points",
    "tax_class_id",
    "date_available",
    "weight",
    "weight_class_id",
    "length",
    "width",
    "height",
    "length_class_id",
    "subtract",
    "minimum",
)
_PRODUCT_TAIL = ("sort_order", "status", "date_added", "date_modified")
VALUE_COLUMNS = (
    "product_option_value_id",
    "product_option_id",
    "product_id",
    "option_id",
    "option_value_id",
    "quantity",
    "subtract",
    "price",
    "price_prefix",
    "points",
    "points_prefix",
    "weight",
    "weight_prefix",
)


def _address(kind: str, *, with_id: bool, with_code: bool) -> tuple[str, ...]:
    names = [
        "firstname",
        "lastname",
        "company",
        "address_1",
        "address_2",
        "city",
        "postcode",
        "country",
        "country_id",
        "zone",
        "zone_id",
    ]
    names += ["address_format", "custom_field", "method"]
    head = [f"{kind}_address_id"] if with_id else []
    return (*head, *(f"{kind}_{name}" for name in names), *([f"{kind}_code"] if with_code else []))


def _order_columns(*, four: bool) -> tuple[str, ...]:
    head = ["order_id", *(["subscription_id"] if four else []), "invoice_no", "invoice_prefix"]
    head += ["transaction_id"] if four else []
    head += [
        "store_id",
        "store_name",
        "store_url",
        "customer_id",
        "customer_group_id",
        "firstname",
        "lastname",
        "email",
        "telephone",
    ]
    head += ["custom_field"] if four else ["fax", "custom_field"]
    tail = [
        "comment",
        "total",
        "order_status_id",
        "affiliate_id",
        "commission",
        "marketing_id",
        "tracking",
        "language_id",
    ]
    tail += ["language_code"] if four else []
    tail += ["currency_id", "currency_code", "currency_value", "ip", "forwarded_ip", "user_agent", "accept_language"]
    tail += ["date_added", "date_modified"]
    addresses = [_address(kind, with_id=four, with_code=not four) for kind in ("payment", "shipping")]
    return (*head, *addresses[0], *addresses[1], *tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of OpenCart. Each field is a difference that a connector can see."""

    name: str
    version: str
    bridge_line: str
    product_columns: tuple[str, ...]
    order_columns: tuple[str, ...]
    tables: tuple[str, ...]
    sku_in_codes: bool
    has_variants: bool
    sells_variant: bool
    specials_are_discounts: bool
    fixed_tax_per_line: bool
    json_methods: bool
    guest_payment_address: bool
    history_moves_date_modified: bool
    edit_passes_through: int
    delete_restocks: bool
    copy_keeps_sku: bool
    maintenance_blocks: bool
    void_status: int | None
    fraud_status: int | None
    empty_text: str | None


LINE_41 = Line(
    name="4.1",
    version="4.1.0.4",
    bridge_line="oc4",
    product_columns=(
        *_PRODUCT_HEAD,
        "location",
        "variant",
        "override",
        *_PRODUCT_BODY,
        "rating",
        *_PRODUCT_TAIL,
    ),
    order_columns=_order_columns(four=True),
    tables=("product_code", "product_discount", "identifier", "order_subscription", "zone_description", "startup"),
    sku_in_codes=True,
    has_variants=True,
    sells_variant=True,
    specials_are_discounts=True,
    fixed_tax_per_line=True,
    json_methods=True,
    guest_payment_address=False,
    history_moves_date_modified=False,
    edit_passes_through=16,
    delete_restocks=False,
    copy_keeps_sku=True,
    maintenance_blocks=False,
    void_status=16,
    fraud_status=8,
    empty_text=None,
)

LINE_40 = Line(
    name="4.0",
    version="4.0.2.3",
    bridge_line="oc4",
    product_columns=(
        *_PRODUCT_HEAD,
        *_CODES,
        "location",
        "variant",
        "override",
        *_PRODUCT_BODY,
        "rating",
        *_PRODUCT_TAIL,
    ),
    order_columns=_order_columns(four=True),
    tables=(
        "product_special",
        "product_discount",
        "order_voucher",
        "order_subscription",
        "api_session",
        "startup",
    ),
    sku_in_codes=False,
    has_variants=True,
    sells_variant=False,
    specials_are_discounts=False,
    fixed_tax_per_line=False,
    json_methods=True,
    guest_payment_address=False,
    history_moves_date_modified=True,
    edit_passes_through=0,
    delete_restocks=True,
    copy_keeps_sku=False,
    maintenance_blocks=False,
    void_status=None,
    fraud_status=8,
    empty_text="",
)

LINE_30 = Line(
    name="3.0",
    version="3.0.5.1",
    bridge_line="oc3",
    product_columns=(
        "product_id",
        "model",
        *_CODES,
        "location",
        *_PRODUCT_BODY,
        "sort_order",
        "status",
        "viewed",
        "date_added",
        "date_modified",
    ),
    order_columns=_order_columns(four=False),
    tables=("product_special", "product_discount", "order_voucher", "api_session"),
    sku_in_codes=False,
    has_variants=False,
    sells_variant=False,
    specials_are_discounts=False,
    fixed_tax_per_line=False,
    json_methods=False,
    guest_payment_address=True,
    history_moves_date_modified=True,
    edit_passes_through=0,
    delete_restocks=True,
    copy_keeps_sku=False,
    maintenance_blocks=True,
    void_status=None,
    fraud_status=None,
    empty_text="",
)

LINES = {line.name: line for line in (LINE_41, LINE_40, LINE_30)}
CODE_COLUMNS = _CODES
