"""A seller with one of everything: store, item, listing, order, claim, parcel, consent, run, problem, call …"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item
from entrepot.catalog.services import ensure_brands, ensure_categories
from entrepot.channels.models import (
    Announced,
    Consent,
    Difference,
    Finding,
    JournalEntry,
    Listing,
    ListingChange,
    Plan,
    PlanLine,
    PriceList,
    Promotion,
    RemoteBrand,
    RemoteCarrier,
    RemoteCategory,
    Run,
    Store,
    StorePricing,
)
from entrepot.channels.problems import open_problem
from entrepot.fulfilment.models import Shipment, ShipmentLine
from entrepot.inventory.services import default_warehouse
from entrepot.kernel.actor import Actor
from entrepot.orders.models import Bulk, BulkItem, Order, OrderClaim
from entrepot.outgoing.models import Attempt, Endpoint, Notice
from entrepot.outgoing.services.endpoints import add_endpoint
from entrepot.sheets import services as sheets
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.models import Return, Wave
from tests import books


@dataclass
class World:
    """One seller with one of everything."""

    seller: Seller
    store: Store
    item: Item
    listing: Listing
    order: Order
    ids: dict[str, int]


def make_world(name: str) -> World:
    seller = books.make_seller(name)
    channel = books.make_channel(seller, f"{name} shop")
    store = Store.objects.create(
        sales_channel=channel, seller=seller, connector="opencart", identity=name, state="paused"
    )
    item = Item.objects.get(pk=books.make_items(seller, RED=5)["RED"])
    listing = Listing.objects.create(
        seller=seller, store=store, item=item, remote_id="1", title="Red sock", currency="USD"
    )
    order = books.place_one(channel, books.draft("7", books.line(item.pk, 2)))
    now = timezone.now()
    run = Run.objects.create(
        seller=seller, store=store, kind="products", state="done", started_by="Mina", started_at=now
    )
    finding = Finding.objects.create(
        seller=seller, store=store, run=run, code="missing_sku", remote_id="9", found_at=now
    )
    entry = JournalEntry.objects.create(
        seller=seller, store=store, at=now, method="GET", target="/index.php", status=200, milliseconds=3, answer="{}"
    )
    problem = open_problem(
        seller_id=seller.pk,
        store_id=store.pk,
        code="stock_refused",
        object_type="listing",
        object_id=listing.pk,
        fields={"title": "Red sock", "reason": "no such option"},
    )
    RemoteCarrier.objects.create(store=store, remote_id="0006", name=f"{name} carrier", is_default=True)
    Announced.objects.create(store=store, remote_id="8", at=now)
    Consent.objects.create(
        seller=seller, connector="cafe24", state_digest=f"state-{seller.pk}", started_by="Mina", started_at=now,
        facts={"name": f"{name} mall"},
    )  # fmt: skip
    claim = OrderClaim.objects.create(
        order=order,
        remote_id="C1",
        kind="cancel",
        state="asked",
        lines=[["1", 1]],
        reason=f"{name} buyer",
        asked_at=now,
    )
    parcel = Shipment.objects.create(
        seller=seller,
        order=order,
        carrier="0006",
        carrier_name=f"{name} carrier",
        tracking_number="6400",
        packed_at=now,
    )
    ShipmentLine.objects.create(shipment=parcel, order_line=order.lines.get(), quantity=1)
    change = ListingChange.objects.create(
        seller=seller,
        store=store,
        listing=listing,
        remote_id="1",
        kind="price",
        state="failed",
        key=f"change:{listing.pk}",
        fields={"price": "12", "retail_price": None},
        asked_by="Mina",
        asked_at=now,
    )
    difference = Difference.objects.create(
        seller=seller, listing=listing, field="price", ours="10", theirs="8", found_at=now
    )
    endpoint, notice = told_elsewhere(seller, name)
    bulk = Bulk.objects.create(
        seller=seller, kind="tag", facts={"tag": "vip", "counts": {"refused": 1}}, state="done", total=1,
        actor_kind="api_key", actor_label="warehouse robot", created_at=now, started_at=now, ended_at=now,
    )  # fmt: skip
    BulkItem.objects.create(bulk=bulk, order=order, state="refused", error_code="forbidden", done_at=now)
    upload = sheets.take_upload(
        seller_id=seller.pk, kind="stock", name="a.csv", content=b"SKU,On hand\r\nRED,9\r\n", actor=books.MINA
    )
    ids = {
        "bulk_id": bulk.pk,
        "claim_id": claim.pk,
        "finding_id": finding.pk,
        "shipment_id": parcel.pk,
        "store_id": store.pk,
        "product_id": item.product_id,
        "listing_id": listing.pk,
        "item_id": item.pk,
        "order_id": order.pk,
        "problem_id": problem,
        "entry_id": entry.pk,
        "change_id": change.pk,
        "difference_id": difference.pk,
        "plan_id": planned(listing).pk,
        "upload_id": upload.pk,
        "endpoint_id": endpoint.pk,
        "notice_id": notice.pk,
    }
    ids |= in_the_warehouse(seller, order) | for_prices(listing)
    ids |= on_shelves(store)
    return World(seller, store, item, listing, order, ids)


def on_shelves(store: Store) -> dict[str, int]:
    """A category and a brand, and those of the store that they may be."""
    who: dict[str, Any] = {"seller_id": store.seller_id, "actor": books.MINA}
    RemoteCategory.objects.create(store=store, remote_id="20", name="Socks")
    RemoteBrand.objects.create(store=store, remote_id="7", name="Sodam")
    return {
        "category_id": ensure_categories(paths=[("Socks",)], **who)["Socks",],
        "brand_id": ensure_brands(names=["Sodam"], **who)["Sodam"],
    }


def for_prices(listing: Listing) -> dict[str, int]:
    """A price list that the listing's store follows, and a promotion that waits for its day."""
    now = timezone.now()
    made = PriceList.objects.create(
        seller_id=listing.seller_id, name=f"{listing.store.identity} prices", currency="USD", kind="fixed", step=1,
        updated_at=now,
    )  # fmt: skip
    StorePricing.objects.create(store_id=listing.store_id, price_list=made, since=now)
    promotion = Promotion.objects.create(
        seller_id=listing.seller_id, store_id=listing.store_id, name="Autumn", starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=2), created_by="Mina", created_at=now,
    )  # fmt: skip
    return {"price_list_id": made.pk, "promotion_id": promotion.pk}


def in_the_warehouse(seller: Seller, order: Order) -> dict[str, int]:
    """Papers of the seller's warehouse: a receipt, a count, a wave, a return."""
    who: dict[str, Any] = {"seller_id": seller.pk, "actor": books.MINA}
    place = default_warehouse(**who).pk
    zone = warehouse.add_zone(warehouse_id=place, code="A", **who)
    bin_id = warehouse.add_bin(zone_id=zone.pk, code="A-1", **who).pk
    here: dict[str, Any] = {"seller": seller, "warehouse_id": place, "created_at": timezone.now()}
    return {
        "warehouse_id": place,
        "receipt_id": warehouse.begin_receipt(warehouse_id=place, **who).pk,
        "count_id": warehouse.start_count(warehouse_id=place, bin_ids=[bin_id], **who).pk,
        "wave_id": Wave.objects.create(**here, number="W-900001", kind="zone", created_by="Mina").pk,
        "return_id": Return.objects.create(**here, order=order, number="B-900001").pk,
    }


def planned(listing: Listing) -> Plan:
    """A plan to be looked at: one listing at half its price."""
    made = Plan.objects.create(
        seller_id=listing.seller_id, source="desk", total=1, store_ids=[listing.store_id], created_by="Mina",
        counts=[{"store": listing.store_id, "kind": "price", "count": 1}], created_at=timezone.now(),
        rails=[{"code": "price_falls", "count": 1, "percent": 50}],
    )  # fmt: skip
    PlanLine.objects.create(
        plan=made, store_id=listing.store_id, listing=listing, remote_id=listing.remote_id, kind="price",
        before={"price": "10", "retail_price": None}, fields={"price": "5", "retail_price": None}, worst="0.5",
    )  # fmt: skip
    return made


def told_elsewhere(seller: Seller, name: str) -> tuple[Endpoint, Notice]:
    """An address of the seller's, where nothing answers, and a message to it that was taken."""
    made = add_endpoint(
        seller_id=seller.pk,
        name=f"{name} ERP",
        url="http://127.0.0.1:9/hook",
        kinds=["order.created"],
        actor=Actor("cli", "tests"),
    ).endpoint
    notice = Notice.objects.create(
        seller=seller,
        endpoint=made,
        uid=f"msg_{seller.pk}",
        kind="order.created",
        lane="order:1",
        body='{"type": "order.created"}',
        made_at=timezone.now(),
        taken_at=timezone.now(),
        attempts=1,
    )
    Attempt.objects.create(notice=notice, at=timezone.now(), milliseconds=12, status=200, answer="ok")
    return made, notice
