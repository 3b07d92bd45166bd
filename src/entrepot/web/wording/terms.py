"""The terms of the field as the screens use them: what each means, and which page of the documentation says more.

A template writes `{% term "available" %}` where the word stands; `/help/terms/` lists them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Term:
    """A word, what it means in one or two sentences, and its page under docs/ ("" = none)."""

    word: Promise
    text: Promise
    page: str = ""


STOCK: Final[Mapping[str, Term]] = {
    "on_hand": Term(
        _("On hand"),
        _("How many pieces lie in your warehouses, sold or not. Receipts, counts, shipments and returns change it."),
        "explanation/ledger",
    ),
    "reserved": Term(
        _("Reserved"),
        _("Pieces that are still on hand but promised to open orders. Nobody else can buy them."),
        "explanation/ledger",
    ),
    "available": Term(
        _("Available"),
        _("What can still be sold: on hand less reserved. Your stores show this figure, or less of it by their rules."),
        "explanation/ledger",
    ),
    "safety_stock": Term(
        _("Safety stock"),
        _("Pieces a store never sees. With a safety stock of 2, a store shows 3 when 5 are available."),
        "explanation/reconciliation",
    ),
    "incoming": Term(
        _("Incoming"),
        _("Pieces that a supplier or another warehouse is sending. They can be sold once they are received."),
        "how-to/run-a-warehouse",
    ),
    "low_at": Term(
        _("Low at"),
        _("When no more than this is available, the item stands under “Stock at risk” on the dashboard."),
    ),
    "movement": Term(
        _("Movement"),
        _("One line of the stock ledger: how many pieces came or went, when, why and by whom. It is never changed."),
        "explanation/ledger",
    ),
    "warehouse": Term(
        _("Warehouse"),
        _("A place with its own stock. An order takes its pieces from the warehouses its store may use."),
        "how-to/run-a-warehouse",
    ),
}

CATALOG: Final[Mapping[str, Term]] = {
    "item": Term(
        _("Item"),
        _("The physical thing you keep and count, with one SKU and one stock figure, wherever it is sold."),
        "how-to/products-and-prices",
    ),
    "product": Term(
        _("Product"),
        _("What belongs together in your catalogue: one item, or a group of variations such as sizes and colours."),
        "how-to/products-and-prices",
    ),
    "variation": Term(
        _("Variation"),
        _("One choice of a product, such as red in size M. Each is an item with its own SKU and stock."),
        "how-to/products-and-prices",
    ),
    "kit": Term(
        _("Kit"),
        _("Something sold as one but made of several items. Its stock is what its parts are enough for."),
        "how-to/products-and-prices",
    ),
    "sku": Term(
        _("SKU"),
        _("Your own code of an item, the same in every store. By it Entrepot knows that two listings are one thing."),
        "how-to/products-and-prices",
    ),
    "barcode": Term(
        _("Barcode"),
        _("The number under the bars on the packet. Scanners find an item by it, and listings without a SKU too."),
        "how-to/work-on-the-floor",
    ),
    "listing": Term(
        _("Listing"),
        _("A thing as it is sold in one store, with its price and state there. Several listings can share one item."),
        "how-to/change-listings",
    ),
    "merge": Term(
        _("Make two one"),
        _("Two items that are the same thing become one: one SKU is kept, its stock is joined, and no store loses it."),
        "how-to/products-and-prices",
    ),
}

STORES: Final[Mapping[str, Term]] = {
    "sales_channel": Term(
        _("Sales channel"),
        _("Where you sell: a shop, a mall, the counter or the telephone. Orders come in from it."),
        "reference/capabilities",
    ),
    "store": Term(
        _("Store"),
        _("One connected shop. Its products and orders come in by themselves, and its stock is kept right from here."),
        "how-to/connect-opencart",
    ),
    "offline_store": Term(
        _("Offline store"),
        _("A store without a connection: its orders are entered by hand or come from Excel."),
        "how-to/orders-by-excel",
    ),
    "shadow_mode": Term(
        _("Shadow mode"),
        _("Entrepot reads the store and writes nothing to it. Look at everything in peace, then press “Go live”."),
        "explanation/reconciliation",
    ),
    "live": Term(
        _("Live"),
        _("Entrepot writes to the store: its stock figures and the statuses of its orders."),
        "explanation/reconciliation",
    ),
    "push": Term(
        _("Push"),
        _("Telling a store a new figure. It is repeated until the store has accepted it, the scarcest items first."),
        "explanation/reconciliation",
    ),
    "desired": Term(
        _("Desired"),
        _("The figure a store should show by your stock and its rules."),
        "explanation/reconciliation",
    ),
    "drift": Term(
        _("Drift"),
        _("The store shows another figure than it was told: sold there, edited there, or a write got lost."),
        "explanation/reconciliation",
    ),
    "stock_check": Term(
        _("Stock check"),
        _("Reading back what the store shows and comparing it with what it was told. Each difference is repaired."),
        "explanation/reconciliation",
    ),
    "run": Term(
        _("Run"),
        _("One errand to a store, such as an import, with its progress. A broken one goes on where it was."),
        "explanation/engine",
    ),
    "problem": Term(
        _("Problem"),
        _("Something that needs a person. It says what happened and what to do, and goes away once it is put right."),
        "errors",
    ),
    "sku_doctor": Term(
        _("SKU doctor"),
        _("What of a store could not be taken as it is: missing or doubled SKUs, bad prices. Each says what to do."),
        "how-to/connect-opencart",
    ),
    "status_map": Term(
        _("Status map"),
        _("What each order status of the store means here. They are told apart by number, so renaming does no harm."),
        "how-to/connect-opencart",
    ),
    "call_limit": Term(
        _("Call limit"),
        _("How often a store lets itself be asked. Entrepot stays below it and lets stock go before all else."),
        "explanation/engine",
    ),
}

ORDERS: Final[Mapping[str, Term]] = {
    "hold": Term(
        _("On hold"),
        _("The order waits for a person and says why. Its pieces stay reserved."),
        "how-to/order-desk",
    ),
    "partial": Term(
        _("Partial"),
        _("Not everything of the order is in stock. It waits, and goes on by itself when stock arrives."),
        "how-to/order-desk",
    ),
    "allocation": Term(
        _("Allocation"),
        _("Which pieces of which warehouse are set aside for an order. One piece is never promised twice."),
        "explanation/ledger",
    ),
    "claim": Term(
        _("Claim"),
        _("What a buyer asks for after buying: to cancel, to return or to exchange. You accept or refuse it."),
        "explanation/cancel-races",
    ),
    "consolidation": Term(
        _("Consolidation"),
        _("Orders of one buyer to one address go out in one parcel. Each order stays its own in its store."),
        "how-to/split-and-merge",
    ),
    "split": Term(
        _("Split"),
        _("An order goes out in parts: by warehouse, by line or by quantity. Pieces and money add up to the whole."),
        "explanation/parts-of-an-order",
    ),
    "waybill": Term(
        _("Waybill"),
        _("The carrier's paper for one parcel. Its number is the tracking number that the buyer follows."),
        "how-to/pack-and-take-back",
    ),
    "number_range": Term(
        _("Number range"),
        _("Waybill numbers that the carrier has allotted to you beforehand. Every parcel takes the next one."),
        "how-to/pack-and-take-back",
    ),
    "carrier_rule": Term(
        _("Carrier rule"),
        _("Which carrier takes which parcel, by country, postcode, weight, value or SKU. The first that fits decides."),
        "how-to/pack-and-take-back",
    ),
}

FLOOR: Final[Mapping[str, Term]] = {
    "bin": Term(
        _("Bin"),
        _("A named place in the warehouse: a shelf, a drawer, a pallet. Its label is scanned."),
        "how-to/run-a-warehouse",
    ),
    "put_away": Term(
        _("Put away"),
        _("Bringing received pieces to their bins. Until then they are on hand but in no bin."),
        "how-to/work-on-the-floor",
    ),
    "wave": Term(
        _("Wave"),
        _("Orders that are picked together in one round, so that every bin is visited once."),
        "how-to/run-a-warehouse",
    ),
    "pick_list": Term(
        _("Pick list"),
        _("What one person fetches in one round, in the order in which the bins stand."),
        "how-to/work-on-the-floor",
    ),
    "tote": Term(
        _("Tote"),
        _("A box with a label that carries one order from the shelves to the packing table."),
        "how-to/work-on-the-floor",
    ),
    "short_pick": Term(
        _("Short pick"),
        _("Fewer pieces lay in a bin than the books said. The rest is looked for elsewhere, and the bin is counted."),
        "how-to/work-on-the-floor",
    ),
    "count": Term(
        _("Count"),
        _("Pieces are counted bin by bin and compared with the books. Differences count once they are approved."),
        "how-to/run-a-warehouse",
    ),
    "manifest": Term(
        _("Manifest"),
        _("The list of parcels that a carrier takes along, signed at the hand-over."),
        "how-to/pack-and-take-back",
    ),
    "hand_over": Term(
        _("Hand-over"),
        _("Parcels leave with the carrier. From then on the order is in transit, and its store and buyer know it."),
        "how-to/pack-and-take-back",
    ),
}

PRICES: Final[Mapping[str, Term]] = {
    "retail_price": Term(
        _("Retail price"),
        _("The price before the reduction, which a store shows crossed out beside the selling price."),
        "how-to/products-and-prices",
    ),
    "price_list": Term(
        _("Price list"),
        _("Prices of many items in one place. Stores follow it, or take it with a surcharge and rounding."),
        "how-to/prices",
    ),
    "margin": Term(
        _("Margin"),
        _("What is left of the price after the cost of the item, as a share of the price."),
        "how-to/prices",
    ),
    "promotion": Term(
        _("Promotion"),
        _("A lower price for a time. It begins and ends by itself, and the old price comes back."),
        "how-to/prices",
    ),
    "plan": Term(
        _("Plan"),
        _("Changes for stores that you see line by line before any store hears of them."),
        "how-to/plan-changes",
    ),
    "undo": Term(
        _("The way back"),
        _("A plan that takes an applied plan back, value by value. What was changed since is shown first."),
        "how-to/plan-changes",
    ),
}

SYSTEMS: Final[Mapping[str, Term]] = {
    "journal": Term(
        _("Payload journal"),
        _("Every question to a store and its answer, word for word. Secrets and buyers' data are hidden."),
        "explanation/engine",
    ),
    "audit_log": Term(
        _("Audit log"),
        _("Who did what and when. Nobody can change it."),
        "reference/roles",
    ),
    "webhook": Term(
        _("Webhook"),
        _("A message that one system sends to another at once, instead of being asked again and again."),
        "how-to/outgoing-webhooks",
    ),
    "idempotency": Term(
        _("Idempotency"),
        _("The same message sent twice is done once. So a lost answer can be asked for again without harm."),
        "how-to/outgoing-webhooks",
    ),
    "api_key": Term(
        _("API key"),
        _("With it a program works in your name. It is shown once; revoke it when the program is no longer used."),
        "reference/roles",
    ),
    "scope": Term(
        _("Scope"),
        _("What a key may do. Give each program only what it needs."),
        "reference/roles",
    ),
    "role": Term(
        _("Role"),
        _("What a person sees and may do: owner, manager, operator, picker or read only."),
        "reference/roles",
    ),
}

GROUPS: Final[tuple[tuple[Promise, Mapping[str, Term]], ...]] = (
    (_("Stock"), STOCK),
    (_("Products and listings"), CATALOG),
    (_("Stores"), STORES),
    (_("Orders and parcels"), ORDERS),
    (_("Warehouse"), FLOOR),
    (_("Prices and plans"), PRICES),
    (_("People and systems"), SYSTEMS),
)
TERMS: Final[Mapping[str, Term]] = {key: term for _title, terms in GROUPS for key, term in terms.items()}
