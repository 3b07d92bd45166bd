"""Small factories for the screens: a person at a desk, and a seller who has one of everything."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from entrepot.accounts.models import ApiKey, AuditEntry, Membership, SavedView, Seller, SignInLink, User
from entrepot.catalog.models import Product
from entrepot.catalog.services import ensure_categories
from entrepot.channels import credentials
from entrepot.channels.models import (
    Difference,
    Drift,
    Finding,
    IncomingOrder,
    JournalEntry,
    Listing,
    ListingChange,
    ListPrice,
    Plan,
    PlanLine,
    PriceList,
    Problem,
    Promotion,
    PromotionLine,
    RemoteBrand,
    RemoteCategory,
    Run,
    StatusMapping,
    StockTold,
    Store,
    StorePricing,
)
from entrepot.fulfilment.models import Box, Carrier, CarrierRule, Shipment, ShipmentLine, WaybillRange
from entrepot.orders import services as orders
from entrepot.orders.models import Bulk, BulkFile, BulkItem, Order, OrderClaim, SalesChannel
from entrepot.outgoing.models import Endpoint, Notice
from entrepot.sheets import services as sheets
from entrepot.sheets.models import Upload
from tests.books import MINA, draft, line, make_items, make_kit, make_seller, place_one
from tests.one_of_everything import told_elsewhere
from tests.web.warehouses import Hall, furnish

PASSWORD = "a long enough password"


def make_person(seller: Seller, role: str = "owner", email: str = "", **words: Any) -> Membership:
    address = email or f"{role}-{seller.pk}@example.com"
    user = User.objects.create_user(address, PASSWORD, name=role.title(), **words)
    return Membership.objects.create(seller=seller, user=user, role=role)


def sit_down(membership: Membership) -> Client:
    """A signed-in browser."""
    client = Client()
    client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def make_store(seller: Seller, name: str = "Sock shop", state: str = "live", **words: Any) -> Store:
    channel = SalesChannel.objects.create(seller=seller, name=name, kind="opencart", country="KR", currency="KRW")
    facts: dict[str, Any] = {
        "connector": "opencart",
        "identity": f"shop-{channel.pk}",
        "url": "https://shop.example.com/",
        "remote_name": name,
        "remote_version": "4.1.0.4",
        "timezone": "Asia/Seoul",
        "orders_seen_at": timezone.now(),
    }
    return Store.objects.create(sales_channel=channel, seller=seller, state=state, **{**facts, **words})


MALL_FIELDS = {
    "mall_id": "sodammall",
    "client_id": "AppOfTheTests0001",
    "client_secret": "a-secret-of-the-test-app",
    "webhook_key": "a-key-of-the-test-webhooks",
    "shop_no": "1",
}


def make_mall(seller: Seller, name: str = "Sodam mall", state: str = "live", **words: Any) -> Store:
    """A Cafe24 mall whose owner has agreed for thirteen days to come."""
    channel = SalesChannel.objects.create(seller=seller, name=name, kind="cafe24", country="KR", currency="KRW")
    facts: dict[str, Any] = {
        "connector": "cafe24",
        "identity": "sodammall/1",
        "url": "https://sodammall.cafe24.com/",
        "remote_name": "소담상점",
        "timezone": "Asia/Seoul",
        "limit_key": "cafe24:sodammall",
        "grant_ends_at": timezone.now() + timedelta(days=13),
    }
    store = Store(sales_channel=channel, seller=seller, state=state, **{**facts, **words})
    store.credentials = credentials.sealed(store, MALL_FIELDS)
    store.save()
    return store


def make_listing(store: Store, item_id: int | None, remote_id: str = "30", **words: Any) -> Listing:
    facts: dict[str, Any] = {
        "title": f"Sock {remote_id}",
        "remote_sku": f"SKU-{remote_id}",
        "currency": "KRW",
        "price": Decimal(12000),
        "sent_quantity": 3,
        "sent_version": 1,
        "sent_at": timezone.now(),
        "seen_quantity": 3,
        "seen_at": timezone.now(),
    }
    return Listing.objects.create(
        seller_id=store.seller_id, store=store, item_id=item_id, remote_id=remote_id, **{**facts, **words}
    )


def make_problem(store: Store, code: str = "stock_refused", **words: Any) -> Problem:
    now = timezone.now()
    facts: dict[str, Any] = {
        "object_type": "store",
        "object_id": str(store.pk),
        "fields": {"title": "Sock", "reason": "not found"},
        "detail": "HTTP 422",
        "first_at": now,
        "last_at": now,
    }
    return Problem.objects.create(seller_id=store.seller_id, store=store, code=code, **{**facts, **words})


def make_journal_entry(store: Store, **words: Any) -> JournalEntry:
    facts: dict[str, Any] = {
        "at": timezone.now(),
        "method": "POST",
        "target": "/index.php?route=extension/oms_bridge/api&resource=stock",
        "status": 200,
        "milliseconds": 12,
        "request": '{"items": [{"ref": "a", "quantity": 3}]}',
        "answer": '{"data": []}',
        "about": ["listing:30"],
    }
    return JournalEntry.objects.create(seller_id=store.seller_id, store=store, **{**facts, **words})


def make_parcel(order: Order, **words: Any) -> Shipment:
    """A packed parcel with the order's first line in it."""
    facts: dict[str, Any] = {
        "carrier": "0006",
        "carrier_name": "CJ대한통운",
        "tracking_number": "640012345678",
        "packed_at": timezone.now(),
    }
    parcel = Shipment.objects.create(seller_id=order.seller_id, order_id=order.pk, **{**facts, **words})
    ShipmentLine.objects.create(shipment=parcel, order_line=order.lines.order_by("position")[0], quantity=1)
    return parcel


def make_carrier(seller: Seller, name: str = "CJ대한통운", **words: Any) -> Carrier:
    """A carrier with ten numbers and a rule that gives it every order to Korea."""
    carrier = Carrier.objects.create(seller=seller, name=name, **{"kind": "cj", "low_at": 2, **words})
    first = 640000000000 + carrier.pk * 100
    WaybillRange.objects.create(seller=seller, carrier=carrier, first=first, last=first + 9, next=first, digits=12)
    CarrierRule.objects.create(seller=seller, carrier=carrier, position=1, countries=["KR"])
    return carrier


def make_claim(order: Order, **words: Any) -> OrderClaim:
    """A buyer's wish about the order's first line."""
    first = order.lines.order_by("position")[0]
    facts: dict[str, Any] = {
        "remote_id": "C20261122-1",
        "kind": "cancel",
        "state": "asked",
        "lines": [[first.remote_id, 1]],
        "reason": "Ordered the wrong size",
        "asked_at": timezone.now(),
    }
    return OrderClaim.objects.create(order=order, **{**facts, **words})


def make_bulk(seller: Seller, order: Order, **words: Any) -> Bulk:
    """A deed for one order, which was refused, with a file."""
    now = timezone.now()
    facts: dict[str, Any] = {
        "kind": "tag", "facts": {"tag": f"{seller.name} tag", "counts": {"refused": 1}}, "state": "done", "total": 1,
        "actor_kind": "user", "actor_label": "Mina", "created_at": now, "started_at": now, "ended_at": now,
    }  # fmt: skip
    bulk = Bulk.objects.create(seller=seller, **{**facts, **words})
    BulkItem.objects.create(bulk=bulk, order=order, state="refused", error_code="forbidden", done_at=now)
    BulkFile.objects.create(
        bulk=bulk, position=1, name="labels.pdf", kind="application/pdf", content=b"%PDF", made_at=now
    )
    return bulk


@dataclass
class House:
    """One of everything a seller can have."""

    seller: Seller
    owner: Membership
    colleague: Membership
    store: Store
    mall: Store
    items: dict[str, int]
    kit_id: int
    category_id: int
    plan: Plan
    promotion: Promotion
    price_list: PriceList
    product: Product
    listing: Listing
    unmatched: Listing
    change: ListingChange
    difference: Difference
    order: Order
    held: Order
    problem: Problem
    entry: JournalEntry
    parcel: Shipment
    carrier: Carrier
    view: SavedView
    rule: CarrierRule
    box: Box
    claim: OrderClaim
    run: Run
    bulk: Bulk
    upload: Upload
    invitation: SignInLink
    key: ApiKey
    endpoint: Endpoint
    notice: Notice
    hall: Hall


def make_upload(seller: Seller, name: str) -> Upload:
    """A file of stock that was checked: one row good, one to be corrected."""
    content = b"SKU,On hand\r\nGREEN,9\r\nNOBODY,1\r\n"
    made = sheets.take_upload(seller_id=seller.pk, kind="stock", name=name, content=content, actor=MINA)
    sheets.work_upload(made.pk)
    return Upload.objects.get(pk=made.pk)


def make_promotion(listing: Listing) -> Promotion:
    """One that is planned, for one listing."""
    now = timezone.now()
    made = Promotion.objects.create(
        seller=listing.seller, store=listing.store, name="Autumn", percent=10, starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=2), created_by="user:Mina", created_at=now,
    )  # fmt: skip
    PromotionLine.objects.create(promotion=made, listing=listing, price=Decimal("2.5"))
    return made


def make_price_list(listing: Listing) -> PriceList:
    """One that the listing's store follows, with a price for its item."""
    now, store = timezone.now(), listing.store
    made = PriceList.objects.create(
        seller=store.seller, name=f"{store.sales_channel.name} prices", currency=store.sales_channel.currency,
        kind="fixed", step=1, updated_at=now,
    )  # fmt: skip
    ListPrice.objects.create(price_list=made, item_id=listing.item_id, price=12, updated_at=now)
    StorePricing.objects.create(store=store, price_list=made, since=now)
    return made


def make_shelf(store: Store) -> int:
    """A category of the seller's, and one of the store's that it may be."""
    name = f"{store.sales_channel.name} socks"
    RemoteCategory.objects.create(store=store, remote_id="20", name=name)
    RemoteBrand.objects.create(store=store, remote_id="7", name=f"{name} brand")
    return ensure_categories(seller_id=store.seller_id, paths=[(name,)], actor=MINA)[name,]


def make_plan(listing: Listing) -> Plan:
    """One to be looked at, that lowers the price of one listing too far."""
    made = Plan.objects.create(
        seller=listing.seller, title=f"Sale of {listing.title}", source="desk", total=1, store_ids=[listing.store_id],
        counts=[{"store": listing.store_id, "kind": "price", "count": 1}], created_by="user:Mina",
        rails=[{"code": "price_falls", "count": 1, "percent": 50}], created_at=timezone.now(),
    )  # fmt: skip
    PlanLine.objects.create(
        plan=made, store=listing.store, listing=listing, remote_id=listing.remote_id, kind="price",
        before={"price": "10", "retail_price": None}, fields={"price": "5", "retail_price": None}, worst=Decimal("0.5"),
    )  # fmt: skip
    return made


def full_house(name: str = "Seoul Socks") -> House:
    """A seller with one of everything."""
    seller = make_seller(name)
    owner = make_person(seller)
    colleague = make_person(seller, "operator")
    store = make_store(seller, f"{name} shop")
    items = make_items(seller, RED=3, BLUE=0, GREEN=12)
    listing = make_listing(store, items["RED"], "30")
    unmatched = make_listing(store, None, "31", remote_sku="GREEN-X", title="Odd sock")
    order = place_one(store.sales_channel, draft("1001", line(items["RED"], 2), line(items["GREEN"], 1, remote_id="2")))
    held = place_one(store.sales_channel, draft("1002", line(None, 1, sku="?")))
    orders.note(seller_id=seller.pk, order_id=order.pk, text="Wrap it as a gift.", actor=MINA)
    orders.tag(seller_id=seller.pk, order_ids=[order.pk], add=["gift"], actor=MINA)
    now = timezone.now()
    IncomingOrder.objects.create(
        seller=seller, store=store, remote_id="1001", version=1, digest="x", raw={"order": {"order_id": "1001"}},
        order=order, state="entered", received_at=now,
    )  # fmt: skip
    run = Run.objects.create(
        seller=seller, store=store, kind="first_import", state="done", phase="done", done=19, total=19,
        counts={"products": 19}, started_by=str(MINA), started_at=now - timedelta(seconds=9),
        progressed_at=now, finished_at=now,
    )  # fmt: skip
    Finding.objects.create(
        seller=seller, store=store, run=run, code="duplicate_sku", remote_id="44", sku="RED", title="Red twin",
        facts={"kept": "30"}, blocking=True, found_at=now,
    )  # fmt: skip
    StatusMapping.objects.create(store=store, remote_id="2", name="Processing", takes_stock=True, meaning="new")
    Drift.objects.create(store=store, listing=listing, found_at=now, told=3, shown=2, cause="sold_there")
    StockTold.objects.create(listing=listing, at=now, kind="sent", quantity=3, version=1, cause="push")
    change = ListingChange.objects.create(
        seller=seller, store=store, listing=listing, remote_id="30", kind="price", state="failed", key=f"k{seller.pk}",
        fields={"price": "12", "retail_price": "15"}, before={"price": "10"}, asked_by=str(MINA), asked_at=now,
        error_code="refused", error_reason="The store says no.",
    )  # fmt: skip
    difference = Difference.objects.create(
        seller=seller, listing=listing, field="price", ours="10", theirs="8", found_at=now
    )
    AuditEntry.objects.create(
        seller=seller, actor_kind="user", actor_label="Mina", verb="stores.connect", object_type="store",
        object_id=str(store.pk), facts={"name": store.sales_channel.name},
    )  # fmt: skip
    carrier = make_carrier(seller, f"{name} express")
    box = Box.objects.create(seller=seller, name=f"{name} box", length_mm=300, width_mm=200, height_mm=100)
    endpoint, notice = told_elsewhere(seller, name)
    parcel = make_parcel(order, carrier_ref=carrier)
    return House(
        upload=make_upload(seller, f"{name} stock.csv"),
        seller=seller,
        owner=owner,
        colleague=colleague,
        store=store,
        mall=make_mall(seller, f"{name} mall", identity=f"sodam-{seller.pk}/1"),
        items=items,
        category_id=make_shelf(store),
        plan=make_plan(listing),
        promotion=make_promotion(listing),
        price_list=make_price_list(listing),
        kit_id=make_kit(seller, "PAIR", {items["GREEN"]: 2}),
        product=Product.objects.get(items=items["RED"]),
        listing=listing,
        unmatched=unmatched,
        change=change,
        difference=difference,
        order=Order.objects.get(pk=order.pk),
        held=Order.objects.get(pk=held.pk),
        problem=make_problem(store),
        entry=make_journal_entry(store),
        parcel=parcel,
        hall=furnish(seller, order=held, parcel=parcel, item_id=items["GREEN"]),
        carrier=carrier,
        view=SavedView.objects.create(
            seller=seller, user=owner.user, screen="orders", name="To pack", query="status=new"
        ),
        rule=carrier.rules.get(),
        box=box,
        claim=make_claim(order),
        run=run,
        endpoint=endpoint,
        notice=notice,
        bulk=make_bulk(seller, order),
        invitation=SignInLink.objects.create(
            purpose="invitation", token_hash=f"hash-{seller.pk}", seller=seller, email="new@example.com",
            role="operator", expires_at=now + timedelta(days=1),
        ),
        key=ApiKey.objects.create(
            seller=seller, name="ERP", prefix="ent_abcd", key_hash=f"key-{seller.pk}", scopes=["orders.view"]
        ),
    )  # fmt: skip
