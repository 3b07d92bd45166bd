"""A seller with one store, item, listing, order, run, finding, problem and journal entry."""

from dataclasses import dataclass

from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item
from entrepot.channels.models import Finding, JournalEntry, Listing, Run, Store
from entrepot.channels.problems import open_problem
from entrepot.orders.models import Order
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
    Finding.objects.create(seller=seller, store=store, run=run, code="missing_sku", remote_id="9", found_at=now)
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
    ids = {
        "store_id": store.pk,
        "product_id": item.product_id,
        "listing_id": listing.pk,
        "item_id": item.pk,
        "order_id": order.pk,
        "problem_id": problem,
        "entry_id": entry.pk,
    }
    return World(seller, store, item, listing, order, ids)
