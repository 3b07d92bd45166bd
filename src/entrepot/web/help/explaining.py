"""Which page of the manual explains a screen, and which a problem. A screen without a line here fails a test."""

from collections.abc import Mapping
from dataclasses import dataclass

from entrepot.web.help import contents, pages
from entrepot.web.help.addresses import InApplication

HERE = InApplication()
LISTINGS = "how-to/change-listings"
PRODUCTS = "how-to/products-and-prices"
WAREHOUSE = "how-to/run-a-warehouse"
FLOOR = "how-to/work-on-the-floor"

_EXPLAINED: Mapping[str, str] = {
    "how-to/problems": "problems",
    "how-to/find-your-way": "find",
    "how-to/order-desk": "orders orders_columns",
    "how-to/pack-and-take-back": "order order_raw order_line",
    "how-to/offline-store": "order_new",
    "how-to/many-orders-at-once": "order_deeds order_deed orders_bulk",
    "how-to/split-and-merge": "order_split",
    "how-to/split-and-merge#one-parcel-for-several-orders": "merge_suggestions",
    "how-to/orders-by-excel": "orders_import",
    PRODUCTS: "products product product_new product_edit product_history item_edit kit_edit",
    f"{PRODUCTS}#listings-that-belong-to-no-item": "mapping listing_match",
    f"{PRODUCTS}#what-the-sku-doctor-found": "store_findings",
    f"{PRODUCTS}#two-items-that-are-one-thing": "product_merge",
    f"{PRODUCTS}#your-categories-and-what-they-are-in-each-store": "categories category store_shelves",
    f"{PRODUCTS}#a-promotion": "promotions promotion promotion_new",
    LISTINGS: "listings listing listing_changes listings_deed",
    f"{LISTINGS}#a-price": "listing_price",
    f"{LISTINGS}#a-product-in-all-its-stores": "product_stores product_store",
    f"{LISTINGS}#list-a-product-in-one-or-many-stores": "product_list",
    f"{LISTINGS}#what-a-stores-owner-changed": "differences",
    "how-to/plan-changes": "plans plan plan_new",
    "how-to/prices": "price_lists price_list price_list_new price_list_edit",
    "how-to/prices#a-store-follows-a-list": "store_prices",
    "how-to/excel": "sheets sheet sheet_new",
    "how-to/stock": "stock stock_item",
    "how-to/stock#ask-why-a-figure-is-what-it-is": "stock_why",
    "how-to/stores": "stores store",
    "how-to/stores#connect-one-more": "connect",
    "how-to/stores#what-entrepot-may-do-there": "store_settings",
    "how-to/stores#the-stores-own-statuses": "store_statuses",
    "how-to/stores#when-the-key-changed": "store_credentials",
    "how-to/stores#does-the-store-show-what-we-sent": "store_drift store_runs",
    "how-to/connect-opencart": "connect_channel",
    "how-to/carriers": "carriers",
    "how-to/carriers#waybill-numbers": "carrier",
    "how-to/carriers#which-carrier-takes-an-order": "carrier_rules carrier_rule shipping_modes",
    "how-to/carriers#numbers-from-the-carriers-program": "waybill_files",
    "how-to/carriers#sender-and-boxes": "senders",
    "how-to/outgoing-webhooks": "endpoints endpoint notice",
    "how-to/problems#look-at-what-was-said": "journal journal_entry",
    "how-to/people": "people company me",
    "how-to/people#keys-for-programs": "keys",
    "how-to/people#who-did-what": "audit",
    WAREHOUSE: "wms wms_houses",
    f"{WAREHOUSE}#say-who-works-there": "wms_house",
    f"{WAREHOUSE}#lay-it-out": "wms_bins wms_bin wms_stock wms_put_away",
    f"{WAREHOUSE}#goods-in-transfers": "wms_receipts wms_receipt wms_receipt_new wms_transfer_new",
    f"{WAREHOUSE}#waves": "wms_work wms_waves wms_wave wms_wave_new wms_shorts wms_put_backs",
    f"{WAREHOUSE}#counts": "wms_counts wms_count wms_count_new",
    f"{WAREHOUSE}#returns": "wms_returns wms_return wms_return_new",
    f"{WAREHOUSE}#does-everything-add-up": "wms_agreement",
    f"{FLOOR}#what-each-screen-does": (
        "wms_packs wms_manifests wms_manifest floor_receive floor_receipt floor_put_away floor_move floor_put_back "
        "floor_pack floor_pack_work floor_hand_over floor_manifest floor_counts floor_count floor_returns floor_return"
    ),
    f"{FLOOR}#while-picking": "floor_pick floor_pick_list",
    FLOOR: "floor floor_home floor_look",
    "how-to/first-day": "start",
    "how-to/first-day#words-that-say-what-they-mean": "terms",
    "how-to/read-the-dashboard": "dashboard",
    contents.HOME: "find help help_contents help_page help_search help_short",
}

PAGE_OF_SCREEN = {screen: page for page, screens in _EXPLAINED.items() for screen in screens.split()}
"""By the name of the screen's address: the page's path, and the heading in it."""


_SOLVED: Mapping[str, str] = {
    "how-to/problems#the-connection": (
        "store_misconfigured store_unreachable credentials_unreadable webhook_not_registered import_stopped "
        "errand_refused errand_failed announced_order_refused"
    ),
    "explanation/consent#when-it-ends": "consent_needed app_removed",
    "how-to/problems#products-and-stock": "stock_refused listing_missing oversold",
    "explanation/reconciliation": "stock_drift",
    f"{LISTINGS}#when-the-store-refuses": "listing_change_refused",
    "how-to/prices#a-store-follows-a-list": "list_prices_wait",
    f"{PRODUCTS}#listings-that-belong-to-no-item": "unmapped_sku",
    "how-to/stores#the-stores-own-statuses": "unmapped_status",
    "how-to/problems#orders": (
        "order_unreadable order_not_taken_in status_refused canceled_too_late awaiting_payment held_in_store "
        "edited_too_late illegal_move shipped_without_stock unconfirmed_in_store order_deleted_in_store"
    ),
    "how-to/pack-and-take-back#the-buyer-wants-to-cancel": (
        "cancel_asked cancel_asked_partly cancel_after_packing canceled_after_packing lines_canceled_after_packing"
    ),
    "how-to/pack-and-take-back#the-buyer-sends-it-back": "claim_refused return_to_count",
    "how-to/pack-and-take-back#pack": "tracking_missing",
    "how-to/split-and-merge#only-some-of-it-is-in-stock": "partial_waits",
    "how-to/carriers#which-carrier-takes-an-order": "no_carrier",
    "how-to/carriers#waybill-numbers": "waybills_low waybills_empty",
    "how-to/bought-labels": "label_not_bought label_in_doubt label_not_given_back",
    "how-to/outgoing-webhooks#what-you-can-rely-on": "endpoint_failing notices_refused",
}

PAGE_OF_PROBLEM = {code: page for page, codes in _SOLVED.items() for code in codes.split()}
"""By the code of a problem: the page's path, and the heading in it."""


@dataclass(frozen=True)
class Explained:
    """A page of the manual, for a reader."""

    title: str
    address: str


def explained(target: str, language: str) -> Explained | None:
    """The page and heading `target` names; without the heading where a translation does not have it."""
    path, _hash, heading = target.partition("#")
    found = pages.best(path, language)
    return Explained(found.title, HERE.page(path, language, found.anchor(heading))) if found else None


def page_of_screen(screen: str, language: str) -> Explained | None:
    """The page that explains a screen; a screen that nobody explains leads to the contents."""
    return explained(PAGE_OF_SCREEN.get(screen, contents.HOME), language)


def page_of_problem(code: str, language: str) -> Explained | None:
    """The page that explains a problem, where there is one."""
    target = PAGE_OF_PROBLEM.get(code)
    return explained(target, language) if target else None
