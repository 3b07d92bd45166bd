"""A Cafe24 mall over real HTTP: its owner agrees, its goods and orders come, it speaks, its app goes and comes back."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import stamina
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from entrepot.accounts.models import Seller
from entrepot.channels import registry
from entrepot.channels.errors import OtherShop, SameShop
from entrepot.channels.models import Announced, Finding, Listing, Problem, RemoteCarrier, Run, StatusMapping, Store
from entrepot.channels.services import lifecycle, owed
from entrepot.channels.services.consent import begin_consent, finish_consent, launched
from entrepot.channels.services.tokens import StoreVault
from entrepot.connectors.cafe24.simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Mall, Shop, SimulatorServer
from entrepot.connectors.cafe24.type import cafe24
from entrepot.connectors.contract import ConsentRefused, SenderNotBelieved
from entrepot.kernel.actor import Actor
from entrepot.orders.models import Order
from entrepot.project import tasks

MINA = Actor("user", "Mina")
BACK = "https://desk.example/stores/consent/cafe24/"
BROWSER = "the-browser-of-mina"
FACTS = {"name": "Sodam", "country": "KR", "currency": "KRW", "settings": {}}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def browse(address: str) -> dict[str, str]:
    """Where the mall's page sends the browser back to, as its query."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    except urllib.error.HTTPError as answer:
        target = answer.headers["Location"]
        answer.close()
        assert target.startswith(BACK)
        return dict(parse_qsl(urlsplit(target).query))
    raise AssertionError("the mall asked, and nobody answered")


class Road:
    """A seller, a mall, and the way between them."""

    def __init__(self, server: SimulatorServer) -> None:
        self.server = server
        self.seller = Seller.objects.create(name="Seoul Socks")

    @property
    def mall(self) -> Mall:
        return self.server.mall

    def keys(self, **more: str) -> dict[str, str]:
        return {
            "mall_id": self.mall.mall_id,
            "client_id": DEFAULT_CLIENT_ID,
            "client_secret": DEFAULT_CLIENT_SECRET,
            "webhook_key": self.server.webhooks.key,
        } | more

    def agree(self, keys: dict[str, str] | None = None, *, store_id: int | None = None, **facts: str) -> Store:
        address = begin_consent(
            seller_id=self.seller.pk,
            connector="cafe24",
            credentials=self.keys() if keys is None else keys,
            facts=FACTS | facts,
            actor=MINA,
            session_key=BROWSER,
            return_url=BACK,
            store_id=store_id,
        )
        query = browse(address)
        return finish_consent(
            seller_id=self.seller.pk,
            state=query["state"],
            query=query,
            session_key=BROWSER,
            return_url=BACK,
            actor=MINA,
        )

    def imported(self) -> Store:
        store = self.agree()
        tasks.import_store(store.pk)
        return self.row(store)

    def row(self, store: Store) -> Store:
        return Store.objects.select_related("sales_channel").get(pk=store.pk)

    def codes(self, store: Store) -> list[str]:
        """What stands open against the connection and its errands; orders have problems of their own."""
        standing = Problem.objects.filter(store=store, resolved_at=None, object_type__in=["store", "run", "errand"])
        return sorted(standing.values_list("code", flat=True))

    def asked(self, what: str) -> int:
        return int(self.server.counters.requests.get(what, 0))


@pytest.fixture
def road(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    shops = (Shop(1, "소담상점", default="T"), Shop(2, "Sodam Global", "USD", "en_US", "US"))
    with SimulatorServer(Mall.demo(orders=20, shops=shops)) as server, stamina.set_testing(True, attempts=3):
        server.oauth.decide = "allow"
        monkeypatch.setitem(registry.connector_types, "cafe24", cafe24(server.url))
        yield Road(server)


# --------------------------------------------------------------------------- consent


def test_the_owner_agrees_and_the_mall_is_connected_with_its_facts(road: Road) -> None:
    store = road.agree()

    assert (store.state, store.identity, store.limit_key) == ("shadow", "sodammall/1", "cafe24:sodammall")
    assert (store.timezone, store.sales_channel.currency) == ("Asia/Seoul", "KRW")
    grant = StoreVault(store.pk).grant()
    assert grant is not None
    assert store.grant_ends_at == grant.refresh_ends_at
    assert 13.9 < (grant.refresh_ends_at - timezone.now()).total_seconds() / 86400 < 14.1  # type: ignore[operator]
    assert road.asked("POST oauth/token") == 1
    mappings = StatusMapping.objects.filter(store=store)
    assert mappings.count() == 34
    assert not mappings.filter(confirmed=False).exists()
    assert mappings.get(remote_id="N20").meaning == "new"


def test_an_owner_who_declines_leaves_nothing(road: Road) -> None:
    road.server.oauth.decide = "deny"
    with pytest.raises(ConsentRefused):
        road.agree()
    assert not Store.objects.exists()


def test_the_second_shop_of_the_mall_is_a_store_of_its_own(road: Road) -> None:
    first = road.agree()
    second = road.agree(road.keys(shop_no="2"), name="Sodam Global", currency="")

    assert (second.identity, second.sales_channel.currency) == ("sodammall/2", "USD")
    assert second.limit_key == first.limit_key
    with pytest.raises(SameShop):
        road.agree(name="Again")
    assert Store.objects.count() == 2


def test_a_launch_from_the_malls_admin_leads_to_its_store(road: Road) -> None:
    query = road.server.oauth.launch_query()
    assert launched(connector="cafe24", query=query, now=timezone.now()).prefill["mall_id"] == "sodammall"

    store = road.agree()

    assert launched(connector="cafe24", query=query, now=timezone.now()).store == store
    with pytest.raises(SenderNotBelieved):
        launched(connector="cafe24", query=query.replace("shop_no=1", "shop_no=2"), now=timezone.now())


def test_another_shop_of_the_mall_does_not_take_a_stores_place(road: Road) -> None:
    store = road.agree()
    before = bytes(road.row(store).credentials)
    with pytest.raises(OtherShop):
        road.agree({"shop_no": "2"}, store_id=store.pk)
    assert bytes(road.row(store).credentials) == before


# --------------------------------------------------------------------------- import


def test_the_import_brings_goods_orders_and_carriers_within_the_malls_limit(road: Road) -> None:
    store = road.imported()

    run = Run.objects.get(store=store)
    assert (run.state, run.error_code) == (Run.State.DONE, "")
    listed = Listing.objects.filter(store=store, seller=road.seller)
    sold = sum(len(product.variants) for product in road.mall.products.values())
    assert listed.count() == sold
    assert listed.filter(item=None).values_list("variation_key", flat=True).get() == "P000000Y000B"
    assert Finding.objects.get(store=store, blocking=True).code == "duplicate_sku"
    assert listed.get(remote_sku="SD-VOUCHER-30").seen_quantity is None
    firsts = Order.objects.filter(sales_channel_id=store.pk, follows="")
    assert set(firsts.values_list("remote_id", flat=True)) == set(road.mall.orders.rows)
    assert RemoteCarrier.objects.filter(store=store).count() == len(road.mall.carriers)
    assert road.codes(store) == []
    assert road.server.counters.refused == 0
    assert road.server.counters.most_per_second <= 10


def test_every_part_of_an_order_is_an_order_and_the_money_stands_once(road: Road) -> None:
    store = road.imported()
    parts = Order.objects.filter(sales_channel_id=store.pk).exclude(follows="")
    for part in parts:
        first = Order.objects.get(sales_channel_id=store.pk, remote_id=part.follows)
        assert part.number.startswith(first.number)
    assert parts.exists()


def test_tokens_that_end_in_the_middle_of_an_import_are_renewed_once(road: Road) -> None:
    store = road.agree()
    road.server.oauth.tokens.expire_access()

    tasks.import_store(store.pk)

    assert Run.objects.get(store=store).state == Run.State.DONE
    assert road.asked("POST oauth/token") == 2


# --------------------------------------------------------------------------- events


def soon(true: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not (done := true()) and time.monotonic() < end:
        time.sleep(0.02)
    return done


def test_an_order_in_the_mall_is_visible_within_seconds(
    road: Road, live_server: LiveServer, settings: django_settings
) -> None:
    settings.PUBLIC_URL = live_server.url
    urllib.request.urlopen(f"{live_server.url}/healthz", timeout=30).close()  # noqa: S310 - our own, on loopback
    store = road.imported()
    lifecycle.go_live(seller_id=road.seller.pk, store_id=store.pk, actor=MINA)
    road.server.webhooks.address = f"{live_server.url}/hooks/{store.public_id}"
    variant = next(iter(next(iter(road.mall.products.values())).variants))
    cursor, before = road.row(store).order_cursor, road.asked("GET /orders")
    began = time.monotonic()

    order_id = road.mall.place_order([(variant.variant_code, 1)])

    assert soon(lambda: Announced.objects.filter(store=store, remote_id=order_id).exists())
    tasks.drain_events(store.pk)
    assert time.monotonic() - began < 3
    order = Order.objects.get(sales_channel_id=store.pk, remote_id=order_id)
    assert order.status in {"new", "partial", "rfp"}
    assert road.row(store).order_cursor == cursor
    assert road.asked("GET /orders") - before == 1


def test_a_message_with_a_wrong_key_is_answered_403(road: Road, client: Client) -> None:
    store = road.agree()
    body = '{"event_no":90023,"resource":{"mall_id":"sodammall","event_shop_no":"1","order_id":"20261122-0000001"}}'
    for key, status in (("", 403), ("wrong", 403), (road.server.webhooks.key, 200)):
        answer = client.post(
            f"/hooks/{store.public_id}", body, content_type="application/json", headers={"X-API-Key": key}
        )
        assert answer.status_code == status
    assert Announced.objects.count() == 1


# --------------------------------------------------------------------------- the end of a consent


def test_an_app_deleted_in_the_mall_stops_everything_until_the_owner_agrees_again(
    road: Road, live_server: LiveServer
) -> None:
    urllib.request.urlopen(f"{live_server.url}/healthz", timeout=30).close()  # noqa: S310 - our own, on loopback
    store = road.imported()
    road.server.webhooks.address = f"{live_server.url}/hooks/{store.public_id}"
    road.server.webhooks.installed = lambda: True

    road.server.oauth.uninstall()

    assert soon(lambda: road.row(store).state == "broken")
    assert (road.row(store).state_reason, road.codes(store)) == ("app_removed", ["app_removed"])
    assert StoreVault(store.pk).grant() is None
    calls = sum(road.server.counters.requests.values())
    for task in (tasks.pull_orders, tasks.check_connection, tasks.renew_grant, tasks.check_drift):
        task(store.pk)
    assert sum(road.server.counters.requests.values()) == calls

    assert road.agree({}, store_id=store.pk).state == "shadow"
    assert road.codes(store) == []


def test_an_app_deleted_without_a_word_ends_in_one_question_and_no_storm(road: Road) -> None:
    store = road.imported()
    road.server.oauth.uninstall()
    tokens = road.asked("POST oauth/token")

    for _ in range(4):
        Store.objects.filter(pk=store.pk).update(penalty_until=None)
        tasks.pull_orders(store.pk)
        tasks.check_connection(store.pk)

    assert (road.row(store).state, road.codes(store)) == ("broken", ["consent_needed"])
    assert road.asked("POST oauth/token") - tokens == 1
    assert not owed.owes(task="check_connection", store_id=store.pk, now=timezone.now() + timedelta(days=2))
