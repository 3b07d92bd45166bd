"""A program that calls the API for one seller, and the rows it may or may not see."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from entrepot.accounts.access import ACTIONS
from entrepot.accounts.models import Seller
from entrepot.accounts.services import make_api_key
from entrepot.catalog.models import Item
from entrepot.channels.models import Finding, JournalEntry, Listing, Run, Store
from entrepot.channels.problems import open_problem
from entrepot.kernel.actor import Actor
from entrepot.orders.models import Order
from tests import books

SHELL = Actor("cli", "tests")


@dataclass
class Program:
    """A caller with a key."""

    client: Client
    secret: str

    def get(self, path: str, **query: Any):
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def post(self, path: str, body: Any = None, **headers: str):
        return self.client.post(
            f"/api/v1{path}", body or {}, content_type="application/json", headers=self._headers() | headers
        )

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.secret}"}


@dataclass
class World:
    """One seller with one of everything."""

    seller: Seller
    store: Store
    item: Item
    listing: Listing
    order: Order
    ids: dict[str, int]

    def program(self, *scopes: str) -> Program:
        made = make_api_key(
            seller_id=self.seller.pk, name="warehouse robot", scopes=scopes or list(ACTIONS), actor=SHELL
        )
        return Program(Client(), made.secret)


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


@pytest.fixture
def world(db: None) -> World:
    return make_world("Seoul Socks")


@pytest.fixture
def other(db: None) -> World:
    return make_world("Busan Boots")
