"""A world worth looking at: two shops over real HTTP, their orders on the desk, and trouble of every kind."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext

from entrepot.accounts.models import Membership, Seller
from entrepot.channels.models import Drift, Listing, Run, Store
from entrepot.channels.services import connect
from entrepot.channels.services.importing.errand import run_import
from entrepot.channels.services.push import push_stock
from entrepot.connectors.cafe24.simulator import Mall
from entrepot.connectors.opencart.simulator import Item, Shop, SimulatorServer
from entrepot.inventory import services as inventory
from entrepot.orders import services as orders
from entrepot.orders.drafts import ManualLine, ManualOrder
from entrepot.orders.models import Order
from tests.browser.mall import at_work, served
from tests.roads.rig import MINA, Place, Road
from tests.web.factories import make_carrier, make_listing, make_person, make_problem


@dataclass
class World:
    seller: Seller
    owner: Membership
    road: Road
    places: list[Place] = field(default_factory=list)
    mall: Store | None = None
    stack: ExitStack = field(default_factory=ExitStack)


def make_world(language: str = "en") -> World:
    """A seller whose first shop is live and whose second is in shadow mode."""
    seller = Seller.objects.create(
        name="Hanbit Trading" if language == "en" else "한빛상회", language=language, timezone="Asia/Seoul"
    )
    owner = make_person(seller, "owner", f"mina-{language}@example.com", language=language)
    make_person(seller, "operator", f"jun-{language}@example.com", language=language)
    make_person(seller, "picker", f"hana-{language}@example.com")
    world = World(seller, owner, Road(seller))
    world.places = [
        world.road.connect(Shop.demo(orders=30), name="Mac & Camera", live=True),
        _connect_korean(world, Shop.demo(line="3.0", timezone="Asia/Seoul", currency="KRW", orders=12)),
    ]
    server = world.road.stack.enter_context(served(Mall.demo(orders=40)))
    world.mall = at_work(server, seller.pk, MINA)
    _work(world)
    make_carrier(seller, "CJ대한통운")
    make_carrier(seller, "Hanbit Express", kind="", active=False)
    _trouble(world)
    return world


def _connect_korean(world: World, shop: Shop) -> Place:
    """A shop that counts in won, in shadow mode."""
    server = world.road.stack.enter_context(SimulatorServer(shop, secret="a-secret-of-the-korean-shop"))
    store = connect.connect_store(
        seller_id=world.seller.pk,
        name="서울 카메라",
        country="KR",
        currency="KRW",
        connector="opencart",
        credentials={"domain_url": server.url, "secret_key": server.secret},
        actor=MINA,
    )
    run_import(store=store)
    return Place(server, store)


def _work(world: World) -> None:
    """A day at the desk: sales, moves, notes, a count, a hand-made order."""
    first = world.places[0]
    first.shop.place_order([Item(40, 2), Item(43, 1)])
    first.shop.place_order([Item(28, 1)], currency="EUR")
    first.pull()
    fresh = list(Order.objects.filter(seller=world.seller, status="new").order_by("-placed_at")[:6])
    said: dict[str, Any] = {"seller_id": world.seller.pk, "actor": MINA}
    for order in fresh[:4]:
        orders.release_to_warehouse(order_id=order.pk, **said)
    for order in fresh[:2]:
        orders.mark_ready(order_id=order.pk, **said)
    orders.hand_over(order_id=fresh[0].pk, **said)
    orders.note(order_id=fresh[3].pk, text="Buyer asked for a paper receipt.\n영수증 동봉 부탁드립니다.", **said)
    orders.tag(order_ids=[order.pk for order in fresh[2:5]], add=["gift", "합포장"], **said)
    if len(fresh) > 4:
        orders.hold(order_id=fresh[4].pk, code="person", reason="Ask about the address", **said)
    listing = Listing.objects.filter(store=first.store, item__isnull=False).order_by("id")[2]
    item_id = listing.item_id or 0
    inventory.set_on_hand(item_id=item_id, on_hand=3, reason="Cycle count, shelf B2", **said)
    inventory.adjust(item_id=item_id, delta=-1, reason="Broken in the warehouse", **said)
    line = ManualLine(item_id=item_id, quantity=1, unit_price=Decimal(25000))
    orders.place_manual(
        order=ManualOrder(
            key="manual-1", currency="KRW", lines=[line], buyer_name="박지훈", buyer_phone="010-2222-3333"
        ),
        **said,
    )
    push_stock(Store.objects.get(pk=first.store.pk), full=True)
    first.shop.set_quantity(40, 1)


def _trouble(world: World) -> None:
    """What can go wrong, so that it can be looked at."""
    store = Store.objects.get(pk=world.places[0].store.pk)
    now = timezone.now()
    make_listing(
        store, None, "9001", title="Vintage tripod, walnut & brass, for medium format cameras", remote_sku="TRI-WAL"
    )
    refused = Listing.objects.filter(store=store, item__isnull=False).order_by("-id")[0]
    refused.error_code, refused.error_reason = "opencart_gone", "The shop no longer has this product."
    refused.attempts = 3
    refused.next_try_at = now + timedelta(minutes=8)
    refused.save(update_fields=["error_code", "error_reason", "attempts", "next_try_at"])
    make_problem(
        store, "stock_refused", object_type="listing", object_id=str(refused.pk),
        fields={"title": refused.title, "reason": "The shop no longer has this product."}, occurrences=3,
        first_at=now - timedelta(hours=3),
    )  # fmt: skip
    make_problem(store, "webhook_not_registered", fields={"reason": "The shop cannot reach this address."}, detail="")
    Drift.objects.create(
        store=store, listing=refused, found_at=now - timedelta(minutes=30), told=7, shown=6, cause="sold_there",
        repaired_at=now - timedelta(minutes=29),
    )  # fmt: skip
    Drift.objects.create(store=store, listing=refused, found_at=now, told=6, shown=11, cause="edited_there")
    Run.objects.create(
        seller=world.seller, store_id=world.places[1].store.pk, kind="products", state="running", phase="products",
        done=12400, total=20000, started_by=str(MINA), started_at=now - timedelta(seconds=11), progressed_at=now,
        counts={"_phase_started": {"at": (now - timedelta(seconds=11)).isoformat(), "done": 0}, "products": 3100},
    )  # fmt: skip


def sit(browser: Browser, member: Membership, base: str, **words: Any) -> BrowserContext:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(base_url=base, **words)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": base}])
    return context
