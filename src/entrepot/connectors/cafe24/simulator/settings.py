"""How a mall is set up, and which of the unconfirmed behaviours of reference §11 it shows."""

from dataclasses import dataclass

VERSIONS = (
    "2024-12-01",
    "2025-03-01",
    "2025-06-01",
    "2025-12-01",
    "2026-03-01",
)


@dataclass(slots=True)
class MallSettings:
    """Every field may be set at any time, also by `POST /_control/settings`."""

    # The mall's own settings
    use_product_prepare_status: bool = True
    """Paid orders start at N10 (T) or N20 (F) (case 29)."""
    stock_recover: bool = True
    """Canceled and returned goods go back to stock unless a call says recover_inventory."""
    calculate_price_based_on: str = "S"
    """B: POST product needs price_excluding_tax instead of price."""
    default_inventory_control_type: str = "A"
    """A: stock is taken when ordered, B: when paid; for variants made from now on."""

    # The app's versions (cases 1 and 2)
    app_default_version: str = "2025-03-01"
    living_versions: tuple[str, ...] = VERSIONS

    # Switches for what is not confirmed
    rejected_calls_fill_bucket: bool = False
    conflict_on_same_content: bool = True
    """409 when stock or a variant is written with what it has already (case 38)."""
    refresh_answers_refresh_token: bool = True
    """False: refresh answers come without a new refresh token, the old one lives on (case 5)."""
    abnormal_calls_refused: bool = False
    """True: more than 10 calls a second from one address are answered with 429 (case 12)."""
    plain_numbers: bool = False
    """True: amounts are JSON numbers instead of text with two decimals (case 33)."""
    nothing_is: str = ""
    """"null": empty texts are null; "text": nulls are empty texts (case 35)."""
    unknown_keys: bool = False
    """True: every object carries a key nobody has heard of (case 57)."""
    shipments_from_n10: bool = False
    """True: POST shipments is taken from N10 and N22 too."""
    return_shipping_fee_spelling: str = "return_shpping_fee"
    """The key in shipping_fee_detail; `return_shipping_fee` from 2026 (case 34)."""


@dataclass(slots=True)
class Shop:
    """One shop of a mall (case 58): same products and stock, its own currency and orders."""

    shop_no: int
    shop_name: str
    currency_code: str = "KRW"
    language_code: str = "ko_KR"
    country_code: str = "KR"
    default: str = "F"
    active: str = "T"
    timezone: str = "Asia/Seoul"
