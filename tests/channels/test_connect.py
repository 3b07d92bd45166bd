"""A connection's life: tried, made once, kept secret, taken live, paused, mended, ended and taken up again."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from entrepot.accounts.models import AuditEntry, Seller
from entrepot.channels import credentials
from entrepot.channels.errors import (
    CurrencyDiffers,
    MissingCredential,
    NameTaken,
    OtherShop,
    SameShop,
    StoreNotFound,
    StoreStateForbids,
    UnknownChannel,
)
from entrepot.channels.models import JournalEntry, Listing, Problem, Run, StatusMapping, Store
from entrepot.channels.opening import opened
from entrepot.channels.services import connect, lifecycle, owed
from entrepot.channels.services.connect import test_connection as try_connection
from entrepot.channels.services.importing.errand import run_import
from entrepot.connectors.opencart.simulator import Item as CartItem
from entrepot.connectors.opencart.simulator import Shop
from entrepot.kernel.crypto import SealBroken
from entrepot.kernel.errors import ChannelDown, ChannelError, ChannelMisconfigured, Invalid
from entrepot.orders.models import Order, SalesChannel
from entrepot.project import tasks
from tests.channels.conftest import MINA, SECRET, World, last_run, listing, shop_of


def keys(server, *, url: str | None = None, secret: str | None = None) -> dict[str, str]:
    return {"domain_url": url or server.url, "secret_key": secret or server.secret}


def nothing_was_made() -> bool:
    return not (Store.objects.exists() or SalesChannel.objects.exists() or Run.objects.exists())


# --------------------------------------------------------------------------- trying


def test_a_test_tells_who_the_shop_is_and_keeps_nothing(world: World):
    server = world.serve(Shop.demo())

    info = try_connection(connector="opencart", credentials=keys(server))

    assert (info.currency, info.version, info.counts["products"]) == ("USD", "4.1.0.4", 20)
    assert {status.remote_id for status in info.statuses if status.takes_stock} == {"1", "2", "3", "5", "12"}
    assert nothing_was_made()


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("unauthorized", ChannelMisconfigured),
        ("forbidden", ChannelMisconfigured),
        ("notfound", ChannelMisconfigured),
        ("html", ChannelMisconfigured),
        ("redirect", ChannelMisconfigured),
        ("crash", ChannelDown),
        ("maintenance", ChannelDown),
        ("refuse", ChannelDown),
    ],
)
def test_each_failure_has_a_sentence_that_says_what_to_do(world: World, kind: str, error: type[ChannelError]):
    server = world.serve(Shop.demo())
    server.faults.add(kind, times=20)

    with pytest.raises(error) as caught:
        world.connect(server)

    sentence = caught.value.message.format(**caught.value.fields)
    assert len(sentence) > 40
    assert sentence.endswith(".")
    assert SECRET not in str(caught.value) + repr(caught.value.fields)
    assert nothing_was_made()


def test_a_wrong_key_and_an_empty_field_are_told_apart(world: World):
    server = world.serve(Shop.demo())
    with pytest.raises(ChannelMisconfigured):
        try_connection(connector="opencart", credentials=keys(server, secret="another-secret-key-0123456789"))
    with pytest.raises(MissingCredential) as caught:
        try_connection(connector="opencart", credentials={"domain_url": server.url, "secret_key": "  "})
    assert caught.value.fields["label"] == "Secret Key"
    with pytest.raises(UnknownChannel):
        try_connection(connector="nothing", credentials={})


def test_nobody_at_the_address_says_so(world: World):
    with pytest.raises(ChannelDown):
        try_connection(connector="opencart", credentials={"domain_url": "http://127.0.0.1:9", "secret_key": SECRET})


# --------------------------------------------------------------------------- connecting


def test_a_connected_store_is_a_shadow_and_its_import_is_owed(world: World):
    server = world.serve(Shop.demo())

    store = world.connect(server, name="  Main shop ")

    assert store.state == Store.State.SHADOW
    assert not store.writable
    assert store.sales_channel.name == "Main shop"
    assert (store.url, store.remote_version) == (f"{server.url}/", "4.1.0.4")
    run = last_run(store)
    assert (run.state, run.started_by) == (Run.State.RUNNING, "user:Mina")
    assert owed.owes(task="import_store", store_id=store.pk)
    assert AuditEntry.objects.get(verb="stores.connect").object_id == str(store.pk)


def test_nothing_is_written_to_a_shadow_store(world: World):
    server, store = world.imported(Shop.demo())
    for task in (tasks.push_stock, tasks.push_statuses, tasks.check_drift, tasks.pull_orders, tasks.register_webhook):
        task(store.pk)
    assert not JournalEntry.objects.filter(store=store, method="POST").exists()
    assert server.counters.stock_writes == []
    assert server.shop.tables.webhook.url is None


def test_statuses_are_mapped_as_their_connector_suggests_and_wait_to_be_confirmed(world: World):
    store = world.connect(world.serve(Shop.demo()))
    mapped = dict(StatusMapping.objects.filter(store=store).values_list("remote_id", "meaning"))
    assert {key: mapped[key] for key in ("1", "2", "3", "5", "7", "12")} == {
        "1": "new",
        "2": "new",
        "3": "in_transit",
        "5": "complete",
        "7": "canceled",
        "12": "problem",
    }
    assert not StatusMapping.objects.filter(store=store, confirmed=True).exists()


def test_the_same_shop_is_refused_by_its_identity_whatever_its_address(world: World):
    server = world.serve(Shop.demo())
    world.connect(server, name="First")

    with pytest.raises(SameShop) as caught:
        connect.connect_store(
            seller_id=world.seller.pk,
            name="Second",
            country="US",
            currency="USD",
            connector="opencart",
            credentials=keys(server, url=server.url.replace("127.0.0.1", "localhost")),
            actor=MINA,
        )

    assert caught.value.fields["name"] == "First"
    assert Store.objects.count() == 1
    assert SalesChannel.objects.count() == 1
    assert Run.objects.count() == 1


def meeting(point: threading.Barrier):
    """All who are about to write their sales channel wait for each other: nobody has seen anybody's store."""

    def wait(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "orders_saleschannel"'):
            point.wait(20)
        return execute(sql, params, many, context)

    return wait


def test_of_many_who_connect_one_shop_at_once_one_does(world: World):
    server = world.serve(Shop.demo())
    point = threading.Barrier(4)
    outcomes: list[str] = []

    def connect_it(number: int) -> None:
        try:
            with connection.execute_wrapper(meeting(point)):
                world.connect(server, name=f"Shop {number}")
            outcomes.append("connected")
        except SameShop as refusal:
            outcomes.append(f"refused for {str(refusal.fields['name'])[:4]}")
        finally:
            connection.close()

    threads = [threading.Thread(target=connect_it, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(outcomes) == ["connected", "refused for Shop", "refused for Shop", "refused for Shop"]
    assert Store.objects.count() == 1
    assert SalesChannel.objects.count() == 1
    assert Run.objects.count() == 1


def test_two_stores_made_at_once_under_one_name_are_one(world: World):
    servers = [world.serve(shop_of((1, "RED", 5))), world.serve(shop_of((1, "BLUE", 5)))]
    point = threading.Barrier(2)
    outcomes: list[str] = []

    def connect_it(number: int) -> None:
        try:
            with connection.execute_wrapper(meeting(point)):
                world.connect(servers[number], name="Main")
            outcomes.append("connected")
        except NameTaken:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=connect_it, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["connected", "refused"]
    assert Store.objects.count() == 1


def test_another_seller_may_connect_the_same_shop(world: World):
    server = world.serve(Shop.demo())
    world.connect(server)
    other = World(Seller.objects.create(name="Busan Boots"))
    assert other.connect(server).seller_id == other.seller.pk


def test_a_name_is_used_once_and_another_currency_than_the_shops_is_refused(world: World):
    world.connect(world.serve(Shop.demo()), name="Main")
    second = world.serve(shop_of((1, "RED", 5)))
    with pytest.raises(NameTaken):
        world.connect(second, name="Main")
    with pytest.raises(CurrencyDiffers) as caught:
        world.connect(second, name="Second", currency="KRW")
    assert caught.value.fields["found"] == "USD"
    with pytest.raises(Invalid):
        world.connect(second, name=" ")
    assert Store.objects.count() == 1


def test_an_offline_store_has_no_shop_and_no_import(world: World):
    made = [
        connect.connect_store(
            seller_id=world.seller.pk,
            name=name,
            country="KR",
            currency="KRW",
            connector="offline",
            credentials={},
            actor=MINA,
        )
        for name in ("Market stall", "Phone orders")
    ]
    assert [store.state for store in made] == [Store.State.LIVE] * 2
    assert [store.sales_channel.currency for store in made] == ["KRW"] * 2
    assert not Run.objects.exists()
    for name in ("pull_orders", "push_stock", "import_store", "check_drift"):
        assert not owed.owes(task=name, store_id=made[0].pk)


# --------------------------------------------------------------------------- secrets


def test_credentials_are_sealed_for_their_own_store(world: World):
    store = world.connect(world.serve(Shop.demo()))
    other = world.connect(world.serve(shop_of((1, "RED", 5))), name="Other")
    store.refresh_from_db()
    kept = bytes(store.credentials)
    assert SECRET.encode() not in kept
    assert credentials.opened(store)["secret_key"] == SECRET

    other.credentials = kept
    with pytest.raises(SealBroken):
        credentials.opened(other)


def test_keys_that_no_longer_open_call_a_person(world: World):
    _, store = world.imported(shop_of((1, "RED", 5)))
    other = world.connect(world.serve(shop_of((1, "BLUE", 5))), name="Other")
    other.refresh_from_db()
    Store.objects.filter(pk=store.pk).update(credentials=other.credentials, orders_due_at=timezone.now())

    tasks.pull_orders(store.pk)

    store.refresh_from_db()
    assert store.state == Store.State.BROKEN
    assert world.problems() == ["credentials_unreadable"]


def test_new_credentials_must_open_the_same_shop(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    other = world.serve(shop_of((1, "RED", 5)))
    before = bytes(Store.objects.get(pk=store.pk).credentials)

    with pytest.raises(OtherShop):
        connect.replace_credentials(seller_id=world.seller.pk, store_id=store.pk, credentials=keys(other), actor=MINA)
    with pytest.raises(ChannelMisconfigured):
        connect.replace_credentials(
            seller_id=world.seller.pk,
            store_id=store.pk,
            credentials=keys(server, secret="wrong-secret-wrong-secret"),
            actor=MINA,
        )

    assert bytes(Store.objects.get(pk=store.pk).credentials) == before


# --------------------------------------------------------------------------- its life


def test_going_live_asks_the_store_to_announce_changes_and_wakes_everything(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    assert server.shop.tables.webhook.url is None

    live = lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    assert live.state == Store.State.LIVE
    assert server.shop.tables.webhook.url is not None
    assert server.shop.tables.webhook.url.endswith(str(store.public_id))


def test_a_store_that_cannot_announce_is_live_all_the_same(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    server.faults.add("error", resource="webhook", times=10)

    live = lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    assert live.state == Store.State.LIVE
    assert world.problems() == ["webhook_not_registered"]
    server.faults.clear()
    tasks.register_webhook(store.pk)
    assert world.problems() == []


def test_a_paused_store_is_left_alone_and_catches_up(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    lifecycle.pause(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    server.shop.place_order([CartItem(1, 2)])
    Store.objects.filter(pk=store.pk).update(orders_due_at=timezone.now() - timedelta(minutes=1))
    asked = sum(server.counters.requests.values())
    assert not owed.owes(task="pull_orders", store_id=store.pk)
    tasks.pull_orders(store.pk)
    assert sum(server.counters.requests.values()) == asked

    resumed = lifecycle.resume(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    assert resumed.state == Store.State.LIVE
    assert owed.owes(task="pull_orders", store_id=store.pk)
    tasks.pull_orders(store.pk)
    assert Order.objects.filter(sales_channel_id=store.pk).count() == 1


def test_a_disconnected_store_keeps_its_data_and_forgets_its_key(world: World):
    server, store = world.imported(Shop.demo())
    lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    orders, listings = Order.objects.count(), Listing.objects.count()

    lifecycle.disconnect(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    store.refresh_from_db()
    assert (store.state, bytes(store.credentials)) == (Store.State.DISCONNECTED, b"")
    assert set(Listing.objects.values_list("state", flat=True)) == {"unlinked"}
    assert (Order.objects.count(), Listing.objects.count()) == (orders, listings)
    assert server.shop.tables.webhook.url is None
    with pytest.raises(StoreStateForbids):
        lifecycle.resume(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)


def test_a_crash_while_the_shop_is_told_leaves_no_key_on_a_disconnected_store(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    _, store = world.imported(Shop.demo())
    lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    def power_cut(*_args: object, **_facts: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("entrepot.connectors.opencart.events.OpenCartEvents.register", power_cut)
    with pytest.raises(KeyboardInterrupt):
        lifecycle.disconnect(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    store.refresh_from_db()
    assert (store.state, bytes(store.credentials), store.orders_due_at) == (Store.State.DISCONNECTED, b"", None)


def test_a_shop_that_is_gone_can_be_disconnected(world: World):
    server, store = world.imported(Shop.demo())
    lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    server.stop()

    lifecycle.disconnect(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    store.refresh_from_db()
    assert (store.state, bytes(store.credentials)) == (Store.State.DISCONNECTED, b"")
    assert world.problems() == []


def test_a_shop_that_comes_back_is_the_same_store_with_its_listings(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    item = listing(store, 1).item_id
    lifecycle.disconnect(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    server.shop.place_order([CartItem(1, 2)])

    again = world.connect(server, name="Back again")
    run_import(store=again)

    assert again.pk == store.pk
    assert again.state == Store.State.SHADOW
    assert SalesChannel.objects.get().name == "Back again"
    assert (listing(again, 1).item_id, listing(again, 1).state) == (item, "active")
    assert Order.objects.filter(sales_channel_id=store.pk).count() == 1
    assert world.available() == {"RED": 3}


def test_a_broken_store_that_works_again_mends_itself(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    server.shop.enabled = False
    tasks.pull_orders(store.pk)
    Store.objects.filter(pk=store.pk).update(orders_due_at=timezone.now())
    tasks.pull_orders(store.pk)
    store.refresh_from_db()
    assert (store.state, store.resume_state) == (Store.State.BROKEN, Store.State.LIVE)
    assert world.problems() == ["store_misconfigured"]
    assert not owed.owes(task="check_connection", store_id=store.pk)
    Problem.objects.update(last_at=timezone.now() - timedelta(minutes=6))
    assert owed.owes(task="check_connection", store_id=store.pk)

    server.shop.enabled = True
    tasks.check_connection(store.pk)

    store.refresh_from_db()
    assert store.state == Store.State.LIVE
    assert world.problems() == []


def test_a_silent_store_is_left_alone_longer_and_longer_and_then_named(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    server.faults.add("crash", times=100)
    Store.objects.filter(pk=store.pk).update(orders_due_at=timezone.now())
    tasks.pull_orders(store.pk)
    store.refresh_from_db()
    assert store.info["silent_since"]
    assert store.penalty_until is not None
    assert world.problems() == []

    store.info["silent_since"] = (timezone.now() - timedelta(minutes=6)).isoformat()
    store.penalty_until = None
    store.save(update_fields=["info", "penalty_until"])
    tasks.pull_orders(store.pk)

    store.refresh_from_db()
    assert store.state == Store.State.SHADOW
    assert world.problems() == ["store_unreachable"]
    assert timedelta(seconds=55) < store.penalty_until - timezone.now() <= timedelta(seconds=60)
    server.faults.clear()
    Store.objects.filter(pk=store.pk).update(penalty_until=None)
    tasks.pull_orders(store.pk)
    store.refresh_from_db()
    assert world.problems() == []
    assert "silent_since" not in store.info


def test_another_sellers_store_does_not_exist(world: World):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    stranger = Seller.objects.create(name="Stranger")
    for verb in (lifecycle.go_live, lifecycle.pause, lifecycle.resume, lifecycle.disconnect):
        with pytest.raises(StoreNotFound):
            verb(seller_id=stranger.pk, store_id=store.pk, actor=MINA)
    store.refresh_from_db()
    assert store.state == Store.State.SHADOW


def test_secrets_are_in_no_row_of_the_journal(world: World):
    _, store = world.imported(Shop.demo())
    with opened(store, lane="connection") as connector:
        connector.shop.info()
    rows = JournalEntry.objects.filter(store=store)
    assert rows.count() > 5
    for row in rows:
        assert SECRET not in row.target + row.request + row.answer
