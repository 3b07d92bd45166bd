"""A store announces orders by their id: fetched alone and at once, while the regular reading goes its own way."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.channels import engine, registry
from entrepot.channels.models import Announced, Listing, Problem, RemoteCarrier, Run, Store
from entrepot.channels.opening import opened
from entrepot.channels.services import connect, lifecycle, owed
from entrepot.channels.services.announced import (
    check_known_orders,
    drain_announced,
    note_announced,
    orders_first,
    read_orders,
)
from entrepot.channels.services.carriers import take_carriers
from entrepot.channels.services.tokens import StoreVault
from entrepot.kernel.errors import ChannelDown
from entrepot.orders.models import Order
from entrepot.project import tasks
from tests.channels.agora import AGORA, MALLS, Mall, mall, moved, order
from tests.channels.agora_desk import MINA, begin, connected, finish

KEY = {"X-Api-Key": "key-of-the-hook"}


@pytest.fixture
def blue() -> Iterator[Mall]:
    yield mall("blue")
    MALLS.clear()


@pytest.fixture
def seller(empty_queue: None, blue: Mall, monkeypatch: pytest.MonkeyPatch) -> Seller:
    monkeypatch.setitem(registry.connector_types, "agora", AGORA)
    return Seller.objects.create(name="Seoul Socks")


def imported(seller: Seller, **words: str) -> Store:
    store = connected(seller, **words)
    tasks.import_store(store.pk)
    assert Run.objects.get(store=store).state == Run.State.DONE
    return row(store)


@pytest.fixture
def store(seller: Seller, blue: Mall) -> Store:
    made = imported(seller)
    blue.calls.clear()
    return made


def row(store: Store) -> Store:
    return Store.objects.select_related("sales_channel").get(pk=store.pk)


def announced(store: Store) -> list[str]:
    return list(Announced.objects.filter(store=store).order_by("remote_id").values_list("remote_id", flat=True))


def codes(store: Store) -> list[str]:
    """The codes that stand open, but for the items that nobody has imported here."""
    standing = Problem.objects.filter(store=store, resolved_at=None).exclude(code="unmapped_sku")
    return sorted(standing.values_list("code", flat=True))


def numbers(store: Store) -> list[str]:
    return sorted(Order.objects.filter(sales_channel_id=store.pk).values_list("remote_id", flat=True))


def push(client: Client, store: Store, body: str, headers: dict[str, str] = KEY) -> tuple[int, dict]:
    answer = client.post(f"/hooks/{store.public_id}", body, content_type="text/plain", headers=headers)
    return answer.status_code, answer.json()


# --------------------------------------------------------------------------- events


def test_a_message_without_the_key_is_answered_403_and_changes_nothing(client: Client, store: Store) -> None:
    assert push(client, store, "order A1", {}) == (403, {"error": {"code": "sender_not_believed"}})
    assert push(client, store, "order A1", {"X-Api-Key": "key-of-the-hoof"})[0] == 403
    assert push(client, store, "revoked", {})[0] == 403
    assert announced(store) == []
    assert row(store).state == "shadow"
    assert StoreVault(store.pk).grant() is not None


def test_an_unreadable_message_is_answered_401_as_ever(client: Client, store: Store) -> None:
    assert push(client, store, "nonsense 1") == (401, {"error": {"code": "channel_misconfigured"}})


def test_an_announced_order_is_fetched_alone_and_visible(client: Client, store: Store, blue: Mall) -> None:
    blue.orders["A1"] = order("A1")
    before = row(store)

    assert push(client, store, "order A1") == (200, {"taken": 1})
    assert blue.calls == []
    assert announced(store) == ["A1"]
    assert owed.owes(task="drain_events", store_id=store.pk)
    tasks.drain_events(store.pk)

    assert blue.calls == ["fetch A1"]
    assert numbers(store) == ["A1"]
    assert announced(store) == []
    after = row(store)
    assert (after.order_cursor, after.orders_due_at, after.orders_seen_at) == (
        before.order_cursor,
        before.orders_due_at,
        before.orders_seen_at,
    )


def test_the_same_announcement_twice_is_one_fetch_and_many_are_fetched_together(
    client: Client, store: Store, blue: Mall
) -> None:
    for name in ("A1", "A2", "A3"):
        blue.orders[name] = order(name)
    push(client, store, "order A1\norder A2\norder A3")
    push(client, store, "order A1")

    tasks.drain_events(store.pk)

    assert [call.split()[0] for call in blue.calls] == ["fetch"]
    assert numbers(store) == ["A1", "A2", "A3"]


def test_an_event_of_another_shop_of_the_mall_concerns_that_shops_store(
    client: Client, seller: Seller, store: Store
) -> None:
    sibling = imported(seller, name="Second shop", shop_no="2")
    stranger = Seller.objects.create(name="Others")
    foreign = imported(stranger, name="Theirs", shop_no="3")

    assert push(client, store, "order A1 blue/2\norder A2\norder A3 blue/3\norder A4 blue/1")[0] == 200

    assert announced(sibling) == ["A1"]
    assert announced(store) == ["A2", "A4"]
    assert announced(foreign) == []


def test_a_paused_sibling_is_not_listened_to(client: Client, seller: Seller, store: Store) -> None:
    sibling = imported(seller, name="Second shop", shop_no="2")
    lifecycle.pause(seller_id=seller.pk, store_id=sibling.pk, actor=MINA)
    push(client, store, "order A1 blue/2")
    assert announced(sibling) == []


def test_the_address_of_a_paused_store_still_hears_the_other_shops_of_its_mall(
    client: Client, seller: Seller, store: Store
) -> None:
    sibling = imported(seller, name="Second shop", shop_no="2")
    lifecycle.pause(seller_id=seller.pk, store_id=store.pk, actor=MINA)

    assert push(client, store, "order A1 blue/2\norder A2")[0] == 200
    assert (announced(sibling), announced(store)) == (["A1"], [])

    lifecycle.pause(seller_id=seller.pk, store_id=sibling.pk, actor=MINA)
    assert push(client, store, "order A3 blue/2") == (410, {"error": {"code": "not_listening"}})


def test_a_product_event_has_its_figures_read_again(client: Client, seller: Seller, store: Store) -> None:
    known = Listing.objects.create(
        seller=seller, store=store, remote_id="7", title="Sock", currency="KRW", seen_at=timezone.now()
    )
    push(client, store, "product 7")
    assert Listing.objects.get(pk=known.pk).seen_at is None
    assert announced(store) == []


# --------------------------------------------------------------------------- fetching


def test_an_order_announced_anew_while_it_is_fetched_is_fetched_again(store: Store, blue: Mall) -> None:
    blue.orders["A1"] = order("A1")
    news = [lambda: note_announced(store=store, remote_ids=["A1"])]
    blue.while_fetching = lambda _ids: news.pop()() if news else None
    note_announced(store=store, remote_ids=["A1"])

    drain_announced(store)

    assert blue.calls == ["fetch A1", "fetch A1"]
    assert announced(store) == []


def test_an_order_the_store_refuses_to_show_stays_and_holds_nobody_up(store: Store, blue: Mall) -> None:
    for name in ("A1", "A2", "A3", "A4"):
        blue.orders[name] = order(name)
    blue.refused = {"A3"}
    note_announced(store=store, remote_ids=["A1", "A2", "A3", "A4"])

    tasks.drain_events(store.pk)

    assert numbers(store) == ["A1", "A2", "A4"]
    assert announced(store) == ["A3"]
    assert codes(store) == ["announced_order_refused"]
    calls = len(blue.calls)
    for _ in range(3):
        tasks.drain_events(store.pk)
    assert len(blue.calls) == calls
    assert not owed.owes(task="drain_events", store_id=store.pk)
    assert owed.owes(task="drain_events", store_id=store.pk, now=timezone.now() + timedelta(seconds=11))


def test_an_order_that_can_be_shown_again_settles_its_problem(store: Store, blue: Mall) -> None:
    blue.orders["A3"] = order("A3")
    blue.refused = {"A3"}
    note_announced(store=store, remote_ids=["A3"])
    drain_announced(store)
    assert codes(store) == ["announced_order_refused"]

    blue.refused = set()
    later = timezone.now() + timedelta(minutes=1)
    drain_announced(store, now=later)

    assert (numbers(store), announced(store), codes(store)) == (["A3"], [], [])


def test_a_refused_order_that_is_announced_anew_is_asked_for_at_once(store: Store, blue: Mall) -> None:
    blue.orders["A3"] = order("A3")
    blue.refused = {"A3"}
    note_announced(store=store, remote_ids=["A3"])
    drain_announced(store)

    blue.refused = set()
    note_announced(store=store, remote_ids=["A3"])
    drain_announced(store)

    assert (numbers(store), announced(store), codes(store)) == (["A3"], [], [])


def test_a_store_that_does_not_answer_loses_no_announcement(store: Store, blue: Mall) -> None:
    blue.orders["A1"] = order("A1")
    blue.down = True
    note_announced(store=store, remote_ids=["A1"])
    with pytest.raises(ChannelDown):
        drain_announced(store)
    assert announced(store) == ["A1"]

    blue.down = False
    owed.wake_owed()
    tasks.drain_events(store.pk)
    assert numbers(store) == ["A1"]


def test_a_deleted_order_is_released(store: Store, blue: Mall) -> None:
    blue.orders["A1"] = order("A1")
    note_announced(store=store, remote_ids=["A1"])
    drain_announced(store)

    del blue.orders["A1"]
    blue.gone = {"A1"}
    note_announced(store=store, remote_ids=["A1", "NEVER-SEEN"])
    report = drain_announced(store)

    assert report.gone == 1
    assert announced(store) == []
    assert "order_deleted_in_store" in codes(store)


def test_nothing_is_fetched_for_a_paused_store_nor_before_its_products_are_read(seller: Seller, blue: Mall) -> None:
    store = connected(seller)
    note_announced(store=store, remote_ids=["A1"])
    assert not owed.owes(task="drain_events", store_id=store.pk)
    blue.calls.clear()
    tasks.drain_events(store.pk)
    assert blue.calls == []

    lifecycle.pause(seller_id=seller.pk, store_id=store.pk, actor=MINA)
    drain_announced(row(store))
    assert (blue.calls, announced(store)) == ([], ["A1"])


# --------------------------------------------------------------------------- beside the regular reading


def test_a_long_reading_stops_for_what_is_announced(store: Store, blue: Mall) -> None:
    for name in ("B1", "B2", "B3", "A1"):
        blue.orders[name] = order(name)
    blue.pages = [["B1"], ["B2"], ["B3"]]
    note_announced(store=store, remote_ids=["A1"])
    late = [lambda: note_announced(store=store, remote_ids=["B1"])]
    blue.while_fetching = lambda _ids: late.pop()() if late else None

    read_orders(store)

    assert blue.calls == ["fetch A1", "fetch B1", "page", "page", "page"]
    assert numbers(store) == ["A1", "B1", "B2", "B3"]
    assert row(store).order_cursor == "page-3"


def test_an_announcement_during_the_reading_waits_for_one_page_only(store: Store, blue: Mall) -> None:
    for name in ("B1", "B2", "B3", "A1"):
        blue.orders[name] = order(name)
    blue.pages = [["B1"], ["B2"], ["B3"]]
    reading = read_orders_announcing(store, blue, "A1", after=1)

    assert reading == ["page", "fetch A1", "page", "page"]


def read_orders_announcing(store: Store, blue: Mall, name: str, *, after: int) -> list[str]:
    """Read on, an order being announced while the page `after` is on its way."""

    class Listening(list[str]):
        def append(self, what: str) -> None:
            super().append(what)
            if self.count("page") == after and what == "page":
                note_announced(store=store, remote_ids=[name])

    blue.calls = Listening()
    read_orders(store)
    return list(blue.calls)


def test_the_copy_fetched_last_counts(store: Store, blue: Mall) -> None:
    blue.orders["B1"] = order("B1")
    blue.pages = [["B1"]]
    read_orders(store)
    assert Order.objects.get(remote_id="B1").remote_status_id == "20"

    blue.orders["B1"] = moved(blue.orders["B1"], status="90")
    note_announced(store=store, remote_ids=["B1"])
    drain_announced(store)

    assert "unmapped_status" in codes(store)


def test_the_check_of_known_orders_stops_for_announcements_too(store: Store, blue: Mall) -> None:
    blue.orders = {name: order(name) for name in [f"C{n}" for n in range(110)]}
    blue.pages = [list(blue.orders)]
    read_orders(store)
    blue.orders["A1"] = order("A1")
    note_announced(store=store, remote_ids=["A1"])
    blue.calls.clear()

    check_known_orders(store)

    assert blue.calls == ["states 100", "fetch A1", "states 10"]


# --------------------------------------------------------------------------- the app is removed


def test_an_app_removed_in_the_store_ends_everything_until_its_owner_agrees_again(
    client: Client, seller: Seller, store: Store, blue: Mall
) -> None:
    sibling = imported(seller, name="Second shop", shop_no="2")

    assert push(client, store, "revoked") == (200, {"taken": 1})

    for one in (store, sibling):
        assert StoreVault(one.pk).grant() is None
        assert (row(one).state, row(one).state_reason, codes(one)) == ("broken", "app_removed", ["app_removed"])
    blue.calls.clear()
    for task in (tasks.pull_orders, tasks.push_stock, tasks.check_connection, tasks.renew_grant, tasks.import_store):
        task(store.pk)
    assert (blue.calls, blue.tokens_asked) == ([], 0)
    assert codes(store) == ["app_removed"]
    later = timezone.now() + timedelta(days=1)
    assert not owed.owes(task="check_connection", store_id=store.pk, now=later)

    mended = finish(seller, begin(seller, {}, store_id=store.pk, facts={}))
    assert (mended.state, codes(store), codes(sibling)) == ("shadow", [], ["app_removed"])


def test_an_app_removed_in_one_mall_leaves_the_sellers_other_mall_alone(
    client: Client, seller: Seller, store: Store
) -> None:
    green = imported(seller, mall_id="green", name="Green mall", shop_no="2")

    assert push(client, store, "revoked - yellow/1") == (200, {"taken": 1})
    assert [row(one).state for one in (store, green)] == ["shadow", "shadow"]

    assert push(client, store, "revoked - green/1") == (200, {"taken": 1})

    assert [row(one).state for one in (store, green)] == ["shadow", "broken"]
    assert StoreVault(store.pk).grant() is not None
    assert StoreVault(green.pk).grant() is None


def test_what_was_under_way_when_the_app_went_says_nothing_new(client: Client, store: Store) -> None:
    push(client, store, "revoked")
    assert not connect.check_connection(store=row(store))
    assert (row(store).state_reason, codes(store)) == ("app_removed", ["app_removed"])


def test_a_paused_stores_removed_app_is_told_and_it_stays_paused(client: Client, seller: Seller, store: Store) -> None:
    sibling = imported(seller, name="Second shop", shop_no="2")
    lifecycle.pause(seller_id=seller.pk, store_id=sibling.pk, actor=MINA)

    push(client, store, "revoked")

    assert (row(sibling).state, codes(sibling)) == ("paused", ["app_removed"])
    assert StoreVault(sibling.pk).grant() is None


# --------------------------------------------------------------------------- what the import brings, what is missing


def test_the_import_reads_the_carriers_that_the_store_names(store: Store) -> None:
    listed = RemoteCarrier.objects.filter(store=store).order_by("remote_id")
    assert list(listed.values_list("remote_id", "name", "is_default")) == [
        ("0006", "CJ", True),
        ("0018", "Hanjin", False),
    ]


def test_carriers_are_read_again_and_those_gone_go(store: Store) -> None:
    RemoteCarrier.objects.create(store=store, remote_id="9999", name="Gone")
    RemoteCarrier.objects.filter(remote_id="0018").update(name="Old name")

    with opened(store) as connector:
        take_carriers(store, connector=connector)

    found = RemoteCarrier.objects.filter(store=store).order_by("remote_id").values_list("remote_id", "name")
    assert list(found) == [("0006", "CJ"), ("0018", "Hanjin")]


def test_an_import_goes_on_without_the_carriers_it_may_not_see(seller: Seller, blue: Mall) -> None:
    blue.forbidden = {"carriers"}
    store = imported(seller)
    assert not RemoteCarrier.objects.filter(store=store).exists()
    assert codes(store) == []


def test_one_missing_permission_stops_one_errand_and_not_the_store(store: Store, blue: Mall) -> None:
    blue.forbidden = {"page"}

    tasks.pull_orders(store.pk)

    assert (row(store).state, codes(store)) == ("shadow", ["errand_refused"])
    blue.orders["A1"] = order("A1")
    note_announced(store=store, remote_ids=["A1"])
    tasks.drain_events(store.pk)
    assert numbers(store) == ["A1"]


def test_a_refused_errand_is_left_alone_for_five_minutes(store: Store, blue: Mall) -> None:
    blue.forbidden = {"page"}
    Store.objects.filter(pk=store.pk).update(orders_due_at=timezone.now())
    tasks.pull_orders(store.pk)

    assert "pull_orders" not in owed.wake_owed()
    assert owed.wake_owed(now=timezone.now() + timedelta(minutes=6))["pull_orders"] == 1


def test_a_store_whose_owner_enters_our_address_by_hand_is_never_asked_to_announce(
    seller: Seller, store: Store, blue: Mall
) -> None:
    lifecycle.go_live(seller_id=seller.pk, store_id=store.pk, actor=MINA)
    assert blue.registered == []
    assert codes(store) == []
    assert row(store).state == "live"


# --------------------------------------------------------------------------- one reader at a time


def test_an_errand_that_needs_the_orders_first_reads_them_in_their_lane(store: Store, blue: Mall) -> None:
    blue.orders["B1"] = order("B1")
    blue.pages = [["B1"]]
    with opened(store) as connector:
        assert orders_first(store, connector=connector, patience=0)
    assert numbers(store) == ["B1"]


def test_an_errand_that_needs_the_orders_first_reads_nothing_beside_another_reader(store: Store, blue: Mall) -> None:
    blue.orders["B1"] = order("B1")
    blue.pages = [["B1"]]
    inside, done = threading.Event(), threading.Event()

    def somebody_else() -> None:
        with engine.store_lock(store.pk, "orders") as mine:
            assert mine
            inside.set()
            done.wait(10)
        connection.close()

    reader = threading.Thread(target=somebody_else)
    reader.start()
    inside.wait(10)
    with opened(store) as connector:
        assert not orders_first(store, connector=connector, patience=0.3)
        assert blue.calls == []
        done.set()
        reader.join(10)
        assert orders_first(store, connector=connector, patience=5)
    assert numbers(store) == ["B1"]
