"""Which pages of a world are looked at."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from entrepot.catalog.models import Category, Item, Product
from entrepot.catalog.services.patch import patch_products
from entrepot.channels.models import JournalEntry, Listing, ListingChange, StoreProduct
from entrepot.channels.services import storefront
from entrepot.channels.services.price_lists import ListFacts, Written, make_price_list, write_prices
from entrepot.fulfilment.models import Carrier
from entrepot.kernel.money import Money
from entrepot.orders.models import Order, OrderLine
from entrepot.outgoing.models import Attempt, Endpoint, Notice
from tests.browser.world import World
from tests.one_of_everything import told_elsewhere
from tests.roads.rig import MINA


def _two_skus(world: World) -> dict[str, str]:
    """Two items that are no kits."""
    skus = Item.objects.filter(seller=world.seller).exclude(kind="kit").order_by("id").values_list("sku", flat=True)
    return dict(zip(("keep", "other"), skus[1:3], strict=True))


def pages(world: World) -> dict[str, str]:
    """Every screen by a short name, each with something on it."""
    first, second = (place.store for place in world.places)
    foreign = Order.objects.filter(seller=world.seller).exclude(currency=F("base_currency")).order_by("-placed_at")
    order = foreign.first() or Order.objects.filter(seller=world.seller).latest("placed_at")
    held = Order.objects.filter(seller=world.seller, status="on_hold").first() or order
    noted = Order.objects.filter(seller=world.seller, notes__isnull=False).first() or order
    group = Product.objects.filter(seller=world.seller, is_group=True).first()
    product = group or Product.objects.filter(seller=world.seller).latest("id")
    touched = Listing.objects.filter(store=first, item__isnull=False).order_by("id")[2]
    unmatched = Listing.objects.filter(store=first, item=None).latest("id")
    refused = Listing.objects.exclude(error_code="").filter(store=first).latest("id")
    carrier = Carrier.objects.filter(seller=world.seller, active=True).latest("id")
    entry = JournalEntry.objects.filter(store=first).latest("id")
    found = {
        "dashboard": reverse("web:dashboard"),
        "orders": reverse("web:orders"),
        "orders-more": reverse("web:orders") + "?more=1&country=KR&status=new",
        "orders-none": reverse("web:orders") + "?q=nobody+has+this",
        "order": reverse("web:order", args=[order.pk]),
        "order-held": reverse("web:order", args=[held.pk]),
        "order-noted": reverse("web:order", args=[noted.pk]),
        "order-raw": reverse("web:order_raw", args=[order.pk]),
        "order-new": reverse("web:order_new"),
        "order-deeds": reverse("web:order_deeds"),
        "orders-import": reverse("web:orders_import"),
        "products": reverse("web:products"),
        "product": reverse("web:product", args=[product.pk]),
        "listings": reverse("web:listings"),
        "listing": reverse("web:listing", args=[touched.pk]),
        "listing-refused": reverse("web:listing", args=[refused.pk]),
        "mapping": reverse("web:mapping"),
        "plans": reverse("web:plans"),
        "plan-new": reverse("web:plan_new") + f"?listing={touched.pk}",
        "promotions": reverse("web:promotions"),
        "promotion-new": reverse("web:promotion_new"),
        "listing-match": reverse("web:listing_match", args=[unmatched.pk]),
        "product-merge": reverse("web:product_merge"),
        "product-merge-look": reverse("web:product_merge") + "?" + urlencode(_two_skus(world)),
        "categories": reverse("web:categories"),
        "category": reverse("web:category", args=[Category.objects.filter(seller=world.seller).latest("id").pk]),
        "stock": reverse("web:stock"),
        "stock-item": reverse("web:stock_item", args=[touched.item_id]),
        "stock-why": reverse("web:stock_why", args=[touched.item_id]),
        "stores": reverse("web:stores"),
        "connect": reverse("web:connect"),
        "connect-opencart": reverse("web:connect_channel", args=["opencart"]),
        "store-live": reverse("web:store", args=[first.pk]),
        "store-shadow": reverse("web:store", args=[second.pk]),
        "store-findings": reverse("web:store_findings", args=[first.pk]),
        "store-statuses": reverse("web:store_statuses", args=[first.pk]),
        "store-shelves": reverse("web:store_shelves", args=[first.pk]),
        "store-brands": reverse("web:store_shelves", args=[first.pk]) + "?what=brands",
        "store-settings": reverse("web:store_settings", args=[first.pk]),
        "store-runs": reverse("web:store_runs", args=[first.pk]),
        "store-drift": reverse("web:store_drift", args=[first.pk]),
        "store-credentials": reverse("web:store_credentials", args=[first.pk]),
        "carriers": reverse("web:carriers"),
        "carrier": reverse("web:carrier", args=[carrier.pk]),
        "carrier-rules": reverse("web:carrier_rules"),
        "waybill-files": reverse("web:waybill_files"),
        "senders": reverse("web:senders"),
        "problems": reverse("web:problems"),
        "journal": reverse("web:journal"),
        "journal-entry": reverse("web:journal_entry", args=[entry.pk]),
        "people": reverse("web:people"),
        "keys": reverse("web:keys"),
        "company": reverse("web:company"),
        "audit": reverse("web:audit"),
        "me": reverse("web:me"),
        "start": reverse("web:start"),
        "help-terms": reverse("web:terms"),
        "not-found": "/orders/999999999/",
    }
    found |= mall_pages(world)
    found |= editor_pages(product)
    found |= price_pages(world, touched)
    found |= storefront_pages(world, touched)
    found |= other_systems(world)
    line = OrderLine.objects.filter(order__seller=world.seller, item=None).first()
    if line is not None:
        found["order-line"] = reverse("web:order_line", args=[line.order_id, line.pk])
    return found


def editor_pages(product: Product) -> dict[str, str]:
    """Where products are made and changed."""
    item = product.items.order_by("id").first()
    assert item is not None
    said = {
        "description": "<p>Full frame, 22 megapixels.</p><ul><li>Body only</li><li>Two years of warranty</li></ul>",
        "attributes": [["Sensor", "CMOS, 24 × 36 mm"], ["제조국", "일본"]],
    }
    patch_products(seller_id=product.seller_id, patches={product.pk: said}, actor=MINA)
    return {
        "product-new-single": reverse("web:product_new", args=["single"]),
        "product-new-group": reverse("web:product_new", args=["group"]),
        "product-new-kit": reverse("web:product_new", args=["kit"]),
        "product-edit": reverse("web:product_edit", args=[product.pk]),
        "product-history": reverse("web:product_history", args=[product.pk]),
        "item-edit": reverse("web:item_edit", args=[item.pk]),
    }


def storefront_pages(world: World, listing: Listing) -> dict[str, str]:
    """A product side by side: on its way and changed there in one store, a draft in the second, not in the mall."""
    assert listing.item is not None
    product_id, second = listing.item.product_id, world.places[1].store
    said: dict[str, Any] = {"seller_id": world.seller.pk, "actor": MINA}
    row = StoreProduct.objects.get(store=listing.store, remote_id=listing.remote_id)
    row.sent = row.answered = row.wanted = {"description": "<p>Full frame, 22 megapixels.</p>", "brand": "Canon"}
    row.seen |= {"description": "<p>Full frame. On sale this week only!</p>", "brand": "Canon"}
    row.save(update_fields=["sent", "answered", "wanted", "seen"])
    storefront.change_there(
        store_id=listing.store_id, remote_id=listing.remote_id, words={"name": f"{listing.title} (2026)"},
        prices=[storefront.NewPrice(listing_id=listing.pk, price=Decimal("79.90"), retail_price=Decimal(100))],
        approved=True, **said,
    )  # fmt: skip
    failed = storefront.change_there(
        store_id=listing.store_id, remote_id=listing.remote_id, words={"category_ids": ["20"]}, **said
    )
    ListingChange.objects.filter(pk__in=[change.pk for change in failed]).update(
        state="failed", error_code="opencart_refused", error_reason="The shop has no category 20."
    )
    Listing.objects.filter(store=second, item__product_id=product_id).update(state="deleted")
    draft = {"name": "캐논 EOS 5D", "price": "1350000", "retail_price": "1500000"}
    storefront.save_draft(product_id=product_id, store_id=second.pk, fields=draft, **said)
    return {
        "product-stores": reverse("web:product_stores", args=[product_id]),
        "product-list": reverse("web:product_list", args=[product_id]) + f"?store={second.pk}",
        "product-store": reverse("web:product_store", args=[product_id, listing.store_id]),
    }


def price_pages(world: World, listing: Listing) -> dict[str, str]:
    """Price lists: written down and worked out, and a store that looks at one before it follows."""
    said: dict[str, Any] = {"seller_id": world.seller.pk, "actor": MINA}
    currency = listing.store.sales_channel.currency
    written = make_price_list(facts=ListFacts(name="Own shops", currency=currency, kind="fixed"), **said)
    listed = Listing.objects.filter(store=listing.store, item__isnull=False, price__gt=0).order_by("id")[:4]
    shares = (Decimal("0.5"), Decimal("0.9"), Decimal(1), Decimal("1.2"))
    pairs = zip(listed, shares, strict=False)
    amounts = {row.item_id or 0: Money((row.price or Decimal(1)) * share, currency) for row, share in pairs}
    prices = {item_id: Written(amount.rounded().amount) for item_id, amount in amounts.items()}
    for item_id, price in prices.items():
        Item.objects.filter(pk=item_id).update(cost=price.price * Decimal("0.7"), cost_currency=currency)
    write_prices(price_list_id=written.pk, prices=prices, **said)
    rule = ListFacts(
        name="Open market", currency=currency, kind="margin", percent=Decimal(30), step=Decimal(1),
        ending=Decimal("0.01"), least_margin=Decimal(35),
    )  # fmt: skip
    worked = make_price_list(facts=rule, **said)
    return {
        "price-lists": reverse("web:price_lists"),
        "price-list": reverse("web:price_list", args=[written.pk]),
        "price-list-worked": reverse("web:price_list", args=[worked.pk]),
        "price-list-new": reverse("web:price_list_new"),
        "price-list-edit": reverse("web:price_list_edit", args=[worked.pk]),
        "store-prices": reverse("web:store_prices", args=[listing.store_id]) + f"?list={written.pk}",
    }


def mall_pages(world: World) -> dict[str, str]:
    """What a mall adds: its pages, and orders whose buyers want something."""
    mall = world.mall
    assert mall is not None
    mine = Order.objects.filter(sales_channel_id=mall.pk)
    chosen = {
        "order-to-pack": mine.filter(status="rfp"),
        "order-in-parcel": mine.filter(status="in_transit", shipments__isnull=False),
        "order-stopped": mine.filter(hold_code="cancel_after_packing"),
        "order-cancel-asked": mine.filter(status="cancel_in_process"),
        "order-return-asked": mine.filter(status="return_in_process", claims__state="asked"),
        "order-return-to-receive": mine.filter(status="return_in_process", claims__state="accepted"),
        "order-part": mine.filter(remote_id__contains=":").exclude(status="complete"),
        "order-exchanged": mine.filter(claims__kind="exchange", claims__state="received"),
        "order-market": mine.exclude(origin=""),
        "order-pickup": mine.filter(pickup=True),
        "order-unpaid": mine.filter(hold_code="awaiting_payment"),
    }
    found = {name: reverse("web:order", args=[rows.latest("id").pk]) for name, rows in chosen.items()}
    return found | {
        "connect-cafe24": reverse("web:connect_channel", args=["cafe24"]),
        "store-mall": reverse("web:store", args=[mall.pk]),
        "store-mall-statuses": reverse("web:store_statuses", args=[mall.pk]),
        "store-mall-credentials": reverse("web:store_credentials", args=[mall.pk]),
        "store-mall-findings": reverse("web:store_findings", args=[mall.pk]),
    }


def other_systems(world: World) -> dict[str, str]:
    """An address that is told things and takes none of them, and what became of a message."""
    made, taken = told_elsewhere(world.seller, world.seller.name)
    now = timezone.now()
    body = (
        '{"type": "order.released", "timestamp": "2026-11-22T10:00:00Z", "data": {"order_id": 12, "number": "#12", '
        '"ship_to": {"name": "x"}, "lines": [{"line_id": 3, "sku": "RED", "quantity": 2}], "stopped": false}}'
    )
    waits = Notice.objects.create(
        seller=world.seller, endpoint=made, uid=f"{taken.uid}_2", kind="order.status_changed", lane="order:12",
        body=body, made_at=now, attempts=6, error_code="target_broken", next_try_at=now,
    )  # fmt: skip
    Attempt.objects.create(
        notice=waits,
        at=now,
        milliseconds=212,
        status=503,
        error_code="target_broken",
        answer='{"error": "maintenance"}',
    )
    Attempt.objects.create(notice=waits, at=now, milliseconds=5002, error_code="target_silent")
    Endpoint.objects.filter(pk=made.pk).update(failures=6, failing_since=now, rests_until=now, last_taken_at=now)
    return {
        "endpoints": reverse("web:endpoints"),
        "endpoint": reverse("web:endpoint", args=[made.pk]),
        "notice": reverse("web:notice", args=[waits.pk]),
    }
