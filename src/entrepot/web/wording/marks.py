"""How a state looks: one tone, one icon and one word for each, the same on every screen. Never a colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import IncomingOrder, Listing, Plan, Promotion, Run, Store
from entrepot.fulfilment.models import Shipment
from entrepot.orders.models import Bulk, BulkItem, OrderClaim, Status


@dataclass(frozen=True, slots=True)
class Mark:
    """`tone`: fresh, busy, wait, good, bad or quiet."""

    tone: str
    icon: str
    word: str | Promise = ""


ORDER = {
    Status.NEW: Mark("fresh", icon="inbox"),
    Status.PARTIAL: Mark("wait", icon="hourglass"),
    Status.RFP: Mark("busy", icon="package"),
    Status.READY_TO_SHIP: Mark("busy", icon="package-export"),
    Status.IN_TRANSIT: Mark("busy", icon="truck-delivery"),
    Status.COMPLETE: Mark("good", icon="circle-check"),
    Status.CANCEL_IN_PROCESS: Mark("wait", icon="arrow-back-up"),
    Status.CANCELED: Mark("quiet", icon="circle-x"),
    Status.SELLER_CANCEL_IN_PROCESS: Mark("wait", icon="arrow-back-up"),
    Status.SELLER_CANCELED: Mark("quiet", icon="circle-x"),
    Status.RETURN_IN_PROCESS: Mark("wait", icon="truck-return"),
    Status.RETURNED: Mark("quiet", icon="truck-return"),
    Status.UNPAID_CANCELED: Mark("quiet", icon="circle-x"),
    Status.ON_HOLD: Mark("bad", icon="hand-stop"),
}
STORE = {
    Store.State.SHADOW: Mark("wait", icon="eye"),
    Store.State.LIVE: Mark("good", icon="bolt"),
    Store.State.PAUSED: Mark("quiet", icon="player-pause"),
    Store.State.BROKEN: Mark("bad", icon="alert-triangle"),
    Store.State.DISCONNECTED: Mark("quiet", icon="plug-off"),
}
LISTING = {
    Listing.State.ACTIVE: Mark("good", icon="circle-check"),
    Listing.State.INACTIVE: Mark("quiet", icon="eye-off"),
    Listing.State.MISSING: Mark("bad", icon="alert-triangle"),
    Listing.State.DELETED: Mark("quiet", icon="trash"),
    Listing.State.UNLINKED: Mark("quiet", icon="plug-off"),
}
RUN = {
    Run.State.RUNNING: Mark("busy", icon="loader-2"),
    Run.State.WAITING: Mark("wait", icon="hourglass"),
    Run.State.DONE: Mark("good", icon="circle-check"),
    Run.State.FAILED: Mark("bad", icon="alert-triangle"),
    Run.State.CANCELED: Mark("quiet", icon="circle-x"),
}
INCOMING = {
    IncomingOrder.State.WAITING: Mark("wait", icon="hourglass"),
    IncomingOrder.State.ENTERED: Mark("good", icon="circle-check"),
    IncomingOrder.State.IGNORED: Mark("quiet", icon="eye-off"),
    IncomingOrder.State.PROBLEM: Mark("bad", icon="alert-triangle"),
}
SHIPMENT = {
    Shipment.State.PACKED: Mark("busy", icon="package-export"),
    Shipment.State.HANDED_OVER: Mark("busy", icon="truck-delivery"),
    Shipment.State.DELIVERED: Mark("good", icon="circle-check"),
    Shipment.State.VOID: Mark("quiet", icon="circle-x"),
}
CLAIM = {
    OrderClaim.State.ASKED: Mark("wait", icon="hourglass"),
    OrderClaim.State.ACCEPTED: Mark("busy", icon="check"),
    OrderClaim.State.RECEIVED: Mark("busy", icon="package"),
    OrderClaim.State.DONE: Mark("good", icon="circle-check"),
    OrderClaim.State.REFUSED: Mark("quiet", icon="circle-x"),
    OrderClaim.State.WITHDRAWN: Mark("quiet", icon="arrow-back-up"),
}
BULK = {
    Bulk.State.DRAFT: Mark("wait", icon="eye"),
    Bulk.State.WAITING: Mark("wait", icon="hourglass"),
    Bulk.State.RUNNING: Mark("busy", icon="loader-2"),
    Bulk.State.DONE: Mark("good", icon="circle-check"),
    Bulk.State.STOPPED: Mark("quiet", icon="circle-x"),
}
BULK_ITEM = {
    BulkItem.State.WAITING: Mark("wait", icon="hourglass"),
    BulkItem.State.DONE: Mark("good", icon="circle-check"),
    BulkItem.State.REFUSED: Mark("bad", icon="alert-triangle"),
    BulkItem.State.SKIPPED: Mark("quiet", icon="circle-off"),
}
PROMOTION = {
    Promotion.State.PLANNED: Mark("wait", icon="hourglass"),
    Promotion.State.RUNNING: Mark("busy", icon="player-play"),
    Promotion.State.ENDED: Mark("quiet", icon="circle-check"),
    Promotion.State.CANCELED: Mark("quiet", icon="circle-x"),
}
PLAN = {
    Plan.State.DRAFT: Mark("wait", icon="eye"),
    Plan.State.APPLIED: Mark("good", icon="check"),
    Plan.State.DISCARDED: Mark("quiet", icon="circle-x"),
}
UNMATCHED = Mark("bad", icon="unlink", word=_("Not matched"))
REFUSED = Mark("bad", icon="alert-triangle", word=_("Refused by the store"))
UNSENT = Mark("wait", icon="upload", word=_("To be sent"))
SENT = Mark("good", icon="circle-check", word=_("Up to date"))
SHADOWED = Mark("quiet", icon="eye", word=_("Read only"))
DRIFTED = Mark("wait", icon="arrows-diff", word=_("Store shows another figure"))
TABLES: Mapping[str, Mapping[Any, Mark]] = {
    "order": ORDER,
    "store": STORE,
    "listing": LISTING,
    "run": RUN,
    "incoming": INCOMING,
    "shipment": SHIPMENT,
    "claim": CLAIM,
    "promotion": PROMOTION,
    "plan": PLAN,
    "bulk": BULK,
    "bulk_item": BULK_ITEM,
}


def mark_of(kind: str, state: str) -> Mark:
    """The look of a state; one that is new to the table looks quiet."""
    return TABLES[kind].get(state, Mark("quiet", icon="point"))


def push_mark(listing: Listing) -> Mark:
    """What stands between this listing and the store's figure. Needs `stock_version` from the query."""
    if listing.item_id is None:
        return UNMATCHED
    if listing.error_code:
        return REFUSED
    if not listing.store.writable or not listing.stock_push:
        return SHADOWED
    if listing.force_push or getattr(listing, "stock_version", 0) > listing.sent_version:
        return UNSENT
    if listing.seen_quantity is not None and listing.seen_quantity != listing.sent_quantity:
        return DRIFTED
    return SENT
