"""Every address of the screens, and how to fill it in for one seller. A new URL without a line here fails a test."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, reverse

from entrepot.catalog.pictures import kept_id
from entrepot.web.urls import urlpatterns
from tests.pictures import kept
from tests.web.factories import House

Filled = Callable[[House], dict[str, Any]]
NOTHING: Filled = lambda _house: {}  # noqa: E731
ORDER: Filled = lambda house: {"order_id": house.order.pk}  # noqa: E731
ITEM: Filled = lambda house: {"item_id": house.items["RED"]}  # noqa: E731
LISTING: Filled = lambda house: {"listing_id": house.listing.pk}  # noqa: E731
STORE: Filled = lambda house: {"store_id": house.store.pk}  # noqa: E731
PROBLEM: Filled = lambda house: {"problem_id": house.problem.pk}  # noqa: E731
CARRIER: Filled = lambda house: {"carrier_id": house.carrier.pk}  # noqa: E731
BULK_DEED: Filled = lambda house: {"bulk_id": house.bulk.pk}  # noqa: E731
PERSON: Filled = lambda house: {"membership_id": house.colleague.pk}  # noqa: E731

PRICE_LIST: Filled = lambda house: {"price_list_id": house.price_list.pk}  # noqa: E731
BIN: Filled = lambda house: {"bin_id": house.hall.bin.pk}  # noqa: E731
HALL: Filled = lambda house: {"warehouse_id": house.hall.warehouse.pk}  # noqa: E731
WAVE: Filled = lambda house: {"wave_id": house.hall.wave.pk}  # noqa: E731
MANIFEST: Filled = lambda house: {"manifest_id": house.hall.manifest.pk}  # noqa: E731

OPEN = {
    "sign_in", "sign_out", "join", "language",
    "help", "help_short", "help_contents", "help_page", "help_search", "help_picture",
}  # fmt: skip
"""For strangers."""
OWN = {"me", "switch_seller", "orders_columns", "view_save", "design", "still_here"}
"""About the person or the desk itself, not the seller."""
LISTS = {
    "dashboard", "find", "orders", "products", "listings", "stock", "stores", "connect", "problems", "journal",
    "people", "keys", "company", "audit", "order_new", "listing_changes", "differences", "carriers", "carrier_rules",
    "senders",
    "merge_suggestions", "waybill_files", "waybill_file", "sheets", "endpoints", "order_deeds", "orders_import",
    "orders_template", "mapping", "categories", "product_merge", "promotions", "promotion_new",
    "price_lists", "price_list_new", "plans",
    "wms", "wms_agreement", "wms_houses", "wms_bins", "wms_stock", "wms_put_away", "wms_receipts",
    "wms_receipt_new", "wms_transfer_new", "wms_counts", "wms_count_new", "wms_work", "wms_waves", "wms_wave_new",
    "wms_shorts", "wms_put_backs", "wms_packs", "wms_manifests", "wms_returns", "wms_return_new", "floor",
    "terms", "start",
}  # fmt: skip
"""Show what the seller has: nothing of another's may appear."""
FLOOR = [
    "floor_home", "floor_look", "floor_receive", "floor_put_away", "floor_move", "floor_put_back", "floor_pick",
    "floor_pack", "floor_hand_over", "floor_counts", "floor_returns",
]  # fmt: skip
"""The scan screens that begin with nothing but their warehouse."""
WITH_IDS: dict[str, tuple[str, Filled]] = {
    "order": ("get", ORDER),
    "order_split": ("get", ORDER),
    "order_join": ("post", ORDER),
    "order_merge": ("post", ORDER),
    "order_cancel_all": ("post", ORDER),
    "order_move": ("post", lambda house: {"order_id": house.order.pk, "move": "release"}),
    "order_pack": ("post", ORDER),
    "order_parcel": (
        "post",
        lambda house: {"order_id": house.order.pk, "shipment_id": house.parcel.pk, "deed": "number"},
    ),
    "order_label": (
        "get",
        lambda house: {"order_id": house.order.pk, "shipment_id": house.parcel.pk, "form": "png"},
    ),
    "carrier": ("get", CARRIER),
    "carrier_range": ("post", CARRIER),
    "carrier_codes": ("post", CARRIER),
    "carrier_plugin": ("post", CARRIER),
    "carrier_visit": ("post", CARRIER),
    "carrier_manifest": ("get", CARRIER),
    "carrier_sample": ("get", CARRIER),
    "carrier_rule": ("get", lambda house: {"rule_id": house.rule.pk}),
    "carrier_rule_deed": ("post", lambda house: {"rule_id": house.rule.pk, "deed": "delete"}),
    "endpoint": ("get", lambda house: {"endpoint_id": house.endpoint.pk}),
    "endpoint_deed": ("post", lambda house: {"endpoint_id": house.endpoint.pk, "deed": "pause"}),
    "notice": ("get", lambda house: {"notice_id": house.notice.pk}),
    "notice_again": ("post", lambda house: {"notice_id": house.notice.pk}),
    "box_use": ("post", lambda house: {"box_id": house.box.pk}),
    "order_receive": ("post", ORDER),
    "order_claim": ("post", lambda house: {"order_id": house.order.pk, "claim_id": house.claim.pk, "deed": "accept"}),
    "order_remedy": ("post", lambda house: {"order_id": house.order.pk, "deed": "unpack"}),
    "order_deed": ("get", BULK_DEED),
    "order_deed_results": ("get", BULK_DEED),
    "order_deed_file": ("get", lambda house: {"bulk_id": house.bulk.pk, "position": 1}),
    "order_deed_do": ("post", lambda house: {"bulk_id": house.bulk.pk, "deed": "retry"}),
    "order_note": ("post", ORDER),
    "view_deed": ("post", lambda house: {"view_id": house.view.pk, "deed": "delete"}),
    "order_tags": ("post", ORDER),
    "order_line": (
        "get",
        lambda house: {"order_id": house.held.pk, "line_id": house.held.lines.get().pk},
    ),
    "order_raw": ("get", ORDER),
    "product": ("get", lambda house: {"product_id": house.product.pk}),
    "picture": ("get", lambda house: {"public_id": kept_id(kept(house.seller)), "ending": "png"}),
    "listing": ("get", LISTING),
    "listing_match": ("get", lambda house: {"listing_id": house.unmatched.pk}),
    "listing_unlink": ("post", LISTING),
    "listing_price": ("get", LISTING),
    "listing_change": ("post", lambda house: {"change_id": house.change.pk, "deed": "cancel"}),
    "difference_decide": ("post", lambda house: {"difference_id": house.difference.pk, "decision": "theirs"}),
    "product_edit": ("get", lambda house: {"product_id": house.product.pk}),
    "product_delete": ("post", lambda house: {"product_id": house.product.pk}),
    "product_history": ("get", lambda house: {"product_id": house.product.pk}),
    "item_edit": ("get", ITEM),
    "item_delete": ("post", ITEM),
    "kit_edit": ("get", lambda house: {"item_id": house.kit_id}),
    "price_list": ("get", PRICE_LIST),
    "price_list_edit": ("get", PRICE_LIST),
    "price_list_delete": ("post", PRICE_LIST),
    "price_take_out": ("post", lambda house: {**PRICE_LIST(house), **ITEM(house)}),
    "store_prices": ("get", STORE),
    "store_prices_do": ("post", lambda house: {**STORE(house), "deed": "stop"}),
    "promotion": ("get", lambda house: {"promotion_id": house.promotion.pk}),
    "plan": ("get", lambda house: {"plan_id": house.plan.pk}),
    "plan_do": ("post", lambda house: {"plan_id": house.plan.pk, "deed": "discard"}),
    "promotion_cancel": ("post", lambda house: {"promotion_id": house.promotion.pk}),
    "product_stores": ("get", lambda house: {"product_id": house.product.pk}),
    "product_stores_do": ("post", lambda house: {"product_id": house.product.pk}),
    "product_list": ("get", lambda house: {"product_id": house.product.pk}),
    "product_store": ("get", lambda house: {"product_id": house.product.pk, "store_id": house.store.pk}),
    "stock_item": ("get", ITEM),
    "stock_adjust": ("post", ITEM),
    "stock_why": ("get", ITEM),
    "store": ("get", STORE),
    "store_deed": ("post", lambda house: {"store_id": house.store.pk, "deed": "pause"}),
    "store_sync": ("post", lambda house: {"store_id": house.store.pk, "what": "stock"}),
    "store_credentials": ("get", STORE),
    "store_authorize": ("post", lambda house: {"store_id": house.mall.pk}),
    "store_findings": ("get", STORE),
    "store_findings_fix": ("post", STORE),
    "store_statuses": ("get", STORE),
    "store_settings": ("get", STORE),
    "store_shelves": ("get", STORE),
    "category": ("get", lambda house: {"category_id": house.category_id}),
    "category_delete": ("post", lambda house: {"category_id": house.category_id}),
    "store_runs": ("get", STORE),
    "store_drift": ("get", STORE),
    "problem_retry": ("post", PROBLEM),
    "problem_resolve": ("post", PROBLEM),
    "journal_entry": ("get", lambda house: {"entry_id": house.entry.pk}),
    "person_role": ("post", PERSON),
    "person_remove": ("post", PERSON),
    "invitation_withdraw": ("post", lambda house: {"link_id": house.invitation.pk}),
    "wms_house": ("get", HALL),
    "wms_house_deed": ("post", lambda house: {**HALL(house), "deed": "default"}),
    "wms_tote_labels": ("get", HALL),
    "wms_bin_labels": ("get", HALL),
    "wms_bin": ("get", BIN),
    "wms_bin_deed": ("post", lambda house: {**BIN(house), "deed": "rename"}),
    "wms_receipt": ("get", lambda house: {"receipt_id": house.hall.receipt.pk}),
    "wms_receipt_deed": ("post", lambda house: {"receipt_id": house.hall.receipt.pk, "deed": "close"}),
    "wms_count": ("get", lambda house: {"count_id": house.hall.count.pk}),
    "wms_count_deed": ("post", lambda house: {"count_id": house.hall.count.pk, "deed": "cancel"}),
    "wms_wave": ("get", WAVE),
    "wms_wave_lists": ("get", WAVE),
    "wms_wave_deed": ("post", lambda house: {**WAVE(house), "deed": "cancel"}),
    "wms_manifest": ("get", MANIFEST),
    "wms_manifest_paper": ("get", MANIFEST),
    "wms_manifest_deed": ("post", lambda house: {**MANIFEST(house), "deed": "cancel"}),
    "wms_return": ("get", lambda house: {"return_id": house.hall.back.pk}),
    "wms_return_deed": ("post", lambda house: {"return_id": house.hall.back.pk, "deed": "receive"}),
    "sheet": ("get", lambda house: {"upload_id": house.upload.pk}),
    "sheet_deed": ("post", lambda house: {"upload_id": house.upload.pk, "deed": "cancel"}),
    "sheet_file": ("get", lambda house: {"upload_id": house.upload.pk, "role": "source"}),
    "key_revoke": ("post", lambda house: {"key_id": house.key.pk}),
    **dict.fromkeys(FLOOR, ("get", HALL)),
    "floor_receipt": ("get", lambda house: {**HALL(house), "receipt_id": house.hall.receipt.pk}),
    "floor_pick_list": ("get", lambda house: {**HALL(house), "list_id": house.hall.pick_list.pk}),
    "floor_pack_work": ("get", lambda house: {**HALL(house), "work_id": house.hall.work.pk}),
    "floor_label": ("get", lambda house: {**HALL(house), "work_id": house.hall.work.pk, "form": "png"}),
    "floor_manifest": ("get", lambda house: {**HALL(house), "manifest_id": house.hall.manifest.pk}),
    "floor_manifest_pdf": ("get", lambda house: {**HALL(house), "manifest_id": house.hall.manifest.pk}),
    "floor_count": ("get", lambda house: {**HALL(house), "count_id": house.hall.count.pk}),
    "floor_return": ("get", lambda house: {**HALL(house), "return_id": house.hall.back.pk}),
}
"""Name a thing of the seller by its id: another's is not found."""
BULK: dict[str, Callable[[House], dict[str, Any]]] = {
    "orders_print": lambda house: {"order": [house.order.pk], "paper": "labels"},
    "waybills_take": lambda house: {"rows": str(house.parcel.pk)},
    "shipping_modes": lambda house: {f"mode-{house.store.pk}": "self"},
    "orders_bulk": lambda house: {"order": [house.order.pk], "deed": "release"},
    "wms_put_away_do": lambda house: {"item": house.items["GREEN"], "quantity": "1", "bin": "A-1"},
    "wms_put_back_do": lambda house: {"work": house.hall.work.pk, "sku": "GREEN", "quantity": "1"},
    "wms_work_do": lambda house: {"work": [house.hall.work.pk], "deed": "due"},
    "listings_pull": lambda house: {"listing": [house.listing.pk]},
    "listings_sync": lambda house: {"listing": [house.listing.pk]},
    "mapping_apply": lambda house: {"listing": [house.unmatched.pk], f"item-{house.unmatched.pk}": "new"},
    "plan_new": lambda house: {"listing": [house.listing.pk], "deed": "hide"},
    "listings_deed": lambda house: {"listing": [house.listing.pk], "deed": "hide"},
}
"""Take ids in the form: those of others are left out."""
SAME_FOR_ALL = {
    "start_do": {"deed": "hide"},
    "tour_do": {"deed": "end"},
    "product_new": {"kind": "group"},
    "sheet_new": {"kind": "stock"},
    "sheet_template": {"kind": "stock"},
    "connect_channel": {"channel": "opencart"},
    "connect_download": {"channel": "opencart", "name": "oc4"},
    "consent_return": {"channel": "cafe24"},
    "store_launch": {"channel": "cafe24"},
}
"""No seller's things on them."""
NO_SCREENS = {
    "picture", "floor", "floor_label", "floor_manifest_pdf",
    "wms_bin_labels", "wms_tote_labels", "wms_wave_lists", "wms_manifest_paper",
    "sheet_template", "sheet_file",
    "connect_download", "consent_return", "store_launch", "order_label", "carrier_sample", "carrier_manifest",
    "waybill_file", "order_deed_file", "order_deed_results", "orders_template", "start_do", "tour_do",
}  # fmt: skip
"""Of these, what answers with a file, leads elsewhere or is only a deed."""


def names() -> set[str]:
    return {str(row.name) for row in urlpatterns if isinstance(row, URLPattern)}


def address(name: str, house: House) -> str:
    if name in WITH_IDS:
        return reverse(f"web:{name}", kwargs=WITH_IDS[name][1](house))
    return reverse(f"web:{name}", kwargs=SAME_FOR_ALL.get(name, {}))


def screens() -> list[str]:
    """Every address a person can open."""
    opened = [name for name, (method, _) in WITH_IDS.items() if method == "get"]
    return sorted({*LISTS, "me", *SAME_FOR_ALL, *opened} - NO_SCREENS)
