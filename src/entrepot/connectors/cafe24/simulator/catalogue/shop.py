"""The mall about itself: store, shops, settings, the app (reference §1.4, §2, §6)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Answer, Ask, Row, not_found, ok, unprocessable
from entrepot.connectors.cafe24.simulator.catalogue.fields import flag
from entrepot.connectors.cafe24.simulator.routes import Route
from entrepot.connectors.cafe24.simulator.settings import Shop

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

_CURRENCIES = {"KRW": "대한민국 원 (KRW)", "USD": "미국 달러 (USD)", "JPY": "일본 엔 (JPY)", "CNY": "중국 위안 (CNY)"}
_LANGUAGES = {"ko_KR": "한국어", "en_US": "영어", "ja_JP": "일본어", "zh_CN": "중국어(간체)"}
_ZONES = {"Asia/Seoul": "(UTC+09:00) 서울", "America/New_York": "(UTC-05:00) 동부", "Asia/Tokyo": "(UTC+09:00) 도쿄"}


def store(mall: "Mall", ask: Ask) -> Answer:
    """GET /store: who runs the mall."""
    row = {
        "shop_no": ask.shop_no,
        "shop_name": mall.shops[ask.shop_no].shop_name,
        "mall_id": mall.mall_id,
        "base_domain": f"{mall.mall_id}.cafe24.com",
        "primary_domain": f"{mall.mall_id}.cafe24.com",
        "company_registration_no": "000-00-00000",
        "company_name": mall.name,
        "president_name": "이소담",
        "country": "한국",
        "country_code": "KOR",
        "zipcode": "04782",
        "address1": "서울특별시 성동구 가상로 12",
        "address2": "3층",
        "phone": "02-555-0142",
        "fax": "",
        "email": "owner@sodam.example",
    }
    return ok({"store": row})


def list_shops(mall: "Mall", _ask: Ask) -> Answer:
    """GET /shops."""
    return ok({"shops": [_shop_row(mall, shop) for _, shop in sorted(mall.shops.items())]})


def one_shop(mall: "Mall", ask: Ask) -> Answer:
    """GET /shops/{shop_no}."""
    shop = mall.shops.get(ask.params["shop_no"])
    if shop is None:
        raise not_found("The shop does not exist.")
    return ok({"shop": _shop_row(mall, shop)})


def _shop_row(mall: "Mall", shop: Shop) -> Row:
    return {
        "shop_no": shop.shop_no,
        "default": shop.default,
        "shop_name": shop.shop_name,
        "business_country_code": shop.country_code,
        "language_code": shop.language_code,
        "language_name": _LANGUAGES.get(shop.language_code, shop.language_code),
        "currency_code": shop.currency_code,
        "currency_name": _CURRENCIES.get(shop.currency_code, shop.currency_code),
        "reference_currency_code": "",
        "reference_currency_name": None,
        "pc_skin_no": 2 * shop.shop_no - 1,
        "mobile_skin_no": 2 * shop.shop_no,
        "base_domain": f"{mall.mall_id}.cafe24.com",
        "primary_domain": f"{mall.mall_id}.cafe24.com",
        "slave_domain": [],
        "active": shop.active,
        "timezone": shop.timezone,
        "timezone_name": _ZONES.get(shop.timezone, shop.timezone),
        "date_format": "YYYY-MM-DD",
        "time_format": "hh:mm:ss",
        "use_reference_currency": "F",
    }


def products_setting(mall: "Mall", ask: Ask) -> Answer:
    """GET /products/setting: what prices are calculated by."""
    row = {
        "shop_no": ask.shop_no,
        "calculate_price_based_on": mall.settings.calculate_price_based_on,
        "price_rounding_unit": "1",
        "price_rounding_rule": "L",
    }
    return ok({"product": row})


def orders_setting(mall: "Mall", ask: Ask) -> Answer:
    """GET /orders/setting: the key is `order`."""
    return ok({"order": _orders_row(mall, ask.shop_no)})


def edit_orders_setting(mall: "Mall", ask: Ask) -> Answer:
    """PUT /orders/setting: the two that change how the mall behaves."""
    for name, value in ask.request.items():
        if name == "shop_no":
            continue
        if name not in {"use_product_prepare_status", "stock_recover"}:
            raise unprocessable("This parameter is not supported.", name)
        setattr(mall.settings, name, flag(value, name) == "T")
    return ok({"order": _orders_row(mall, ask.shop_no)})


def _orders_row(mall: "Mall", shop_no: int) -> Row:
    return {
        "shop_no": shop_no,
        "claim_request": "T",
        "claim_request_type": "S",
        "claim_request_button_exposure": ["cancel_N10", "cancel_N20", "return_N40", "exchange_N40"],
        "claim_request_button_date_type": "order_date",
        "claim_request_button_period": 14,
        "stock_recover": "T" if mall.settings.stock_recover else "F",
        "stock_recover_base": "T" if mall.settings.stock_recover else "F",
        "stock_recover_individual": {"cancel_before": None, "cancel_after": None, "cancel_return": None},
        "refund_processing_setting": "S",
        "claim_request_auto_accept": "F",
        "refund_benefit_setting": "U",
        "use_product_prepare_status": "T" if mall.settings.use_product_prepare_status else "F",
        "use_purchase_confirmation_button": "F",
        "purchase_confirmation_button_set_date": None,
        "use_purchase_confirmation_auto_check": "F",
        "purchase_confirmation_auto_check_day": None,
        "purchase_confirmation_auto_check_set_date": None,
        "use_additional_fields": "F",
        "customer_pays_return_shipping": "F",
        "refund_bank_account_required": "F",
    }


def app(mall: "Mall", _ask: Ask) -> Answer:
    """GET /apps: the app as the mall knows it."""
    row = {
        "version": mall.settings.app_default_version,
        "version_expiration_date": None,
        "initial_version": "2024-12-01",
        "previous_version": "2024-12-01",
        "extension_type": None,
    }
    return ok({"app": row})


ROUTES: Sequence[Route] = (
    Route("GET", "/store", store, "read_store"),
    Route("GET", "/shops", list_shops, "read_store"),
    Route("GET", "/shops/{shop_no:int}", one_shop, "read_store"),
    Route("GET", "/products/setting", products_setting, "read_store"),
    Route("GET", "/orders/setting", orders_setting, "read_store"),
    Route("PUT", "/orders/setting", edit_orders_setting, "write_store"),
    Route("GET", "/apps", app, "read_application"),
)
