"""Live updates: what moved at a seller reaches that seller's pages, in every process, and nobody else's."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

import httpx2
import psycopg
import pytest
import uvicorn
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from entrepot.accounts.models import Membership, Role, Seller, User
from entrepot.accounts.sessions import BACKEND, SELLER_KEY
from entrepot.channels.live import announce
from entrepot.project import live, live_hub
from entrepot.project.books import connect_for_listening
from entrepot.project.live_hub import Hub, Visitor, listen

SECONDS = 5.0


def apart(coroutine):
    """Run it in a thread of its own: in this one a browser of another test may have a loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_a_topic_reaches_every_page_of_the_seller_once_and_no_other_seller_s() -> None:
    hub = Hub()
    mine, also_mine, theirs = hub.join(Visitor(1)), hub.join(Visitor(1)), hub.join(Visitor(2))
    for _ in range(3):
        hub.tell('{"seller": 1, "topic": "orders"}')
    hub.tell('{"seller": 1, "topic": "run:5"}')
    assert apart(mine.take(0)) == ["orders", "run:5"]
    assert apart(also_mine.take(0)) == ["orders", "run:5"]
    assert apart(theirs.take(0)) == []
    assert apart(mine.take(0)) == []


def test_a_person_of_some_stores_hears_of_those_only() -> None:
    hub = Hub()
    scoped = hub.join(Visitor(1, (3,)))
    for topic in ("store:3", "store:4", "orders"):
        hub.tell(json.dumps({"seller": 1, "topic": topic}))
    assert apart(scoped.take(0)) == ["store:3", "orders"]


def test_a_page_is_told_what_moved_between_its_drawing_and_its_listening() -> None:
    hub = Hub()
    hub.listens_anew()
    hub.tell('{"seller": 1, "topic": "problems"}')
    time.sleep(0.002)
    drawn = time.time()
    for seller, topic in ((1, "orders"), (1, "store:3"), (2, "stock:17"), (1, "orders")):
        hub.tell(json.dumps({"seller": seller, "topic": topic}))

    assert apart(hub.join(Visitor(1), since=drawn).take(0)) == ["store:3", "orders"]
    assert apart(hub.join(Visitor(1, (4,)), since=drawn).take(0)) == ["orders"]
    assert apart(hub.join(Visitor(1), since=time.time() + 1).take(0)) == []
    assert apart(hub.join(Visitor(3), since=drawn).take(0)) == []


def test_a_page_older_than_what_is_remembered_asks_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub()
    began = time.time()
    assert apart(hub.join(Visitor(1), since=began - 5).take(0)) == ["*"]  # nobody listened then
    time.sleep(0.002)
    drawn = time.time()
    monkeypatch.setattr(live_hub, "MOST_REMEMBERED", 3)
    for number in range(4):
        hub.tell(json.dumps({"seller": 1, "topic": f"stock:{number}"}))

    assert apart(hub.join(Visitor(1), since=drawn).take(0)) == ["*"]
    assert apart(hub.join(Visitor(2), since=drawn).take(0)) == []
    hub.listens_anew()
    assert apart(hub.join(Visitor(2), since=drawn).take(0)) == ["*"]


@pytest.mark.parametrize("payload", ["", "[]", "{}", '{"seller": "x", "topic": "orders"}', "null"])
def test_a_malformed_notification_is_dropped(payload: str) -> None:
    hub = Hub()
    client = hub.join(Visitor(1))
    hub.tell(payload)
    assert apart(client.take(0)) == []


def test_a_page_that_left_is_forgotten() -> None:
    hub = Hub()
    client = hub.join(Visitor(1))
    hub.leave(client)
    hub.leave(client)
    assert hub.size == 0


def session_of(user: User, seller_id: int | None = None) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if seller_id:
        session[SELLER_KEY] = seller_id
    session.save()
    assert session.session_key is not None
    return session.session_key


def member(name: str, *stores: int) -> Membership:
    seller = Seller.objects.create(name=name)
    user = User.objects.create_user(f"{name}@x.example", "correct horse battery")
    return Membership.objects.create(seller=seller, user=user, role=Role.OPERATOR, store_ids=list(stores))


@contextmanager
def served() -> Iterator[str]:
    """The live application in a thread, over real HTTP and a real LISTEN."""
    hub = Hub()
    config = uvicorn.Config(live.application(hub), port=0, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/live"
    finally:
        hub.close()
        server.should_exit = True
        thread.join()


@asynccontextmanager
async def page(address: str, key: str, **headers: str) -> AsyncIterator[AsyncIterator[str]]:
    cookies = {"entrepot_session": key}
    async with (
        httpx2.AsyncClient(cookies=cookies, timeout=SECONDS) as client,
        client.stream("GET", address, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert await anext(lines) == "retry: 2000"
        yield (line async for line in lines if line.startswith("data:"))


@pytest.mark.django_db(transaction=True)
def test_an_announcement_in_a_transaction_is_heard_by_its_seller_after_the_commit() -> None:
    one, other = member("one"), member("other")
    keys = session_of(one.user), session_of(other.user)

    async def hear(address: str) -> tuple[str, str]:
        async with page(address, keys[0]) as mine, page(address, keys[1]) as theirs:
            await asyncio.sleep(0.2)
            await asyncio.to_thread(say)
            return await anext(mine), await anext(theirs)

    def say() -> None:
        with transaction.atomic():
            announce(one.seller_id, "orders")
            announce(one.seller_id, "orders")
        with transaction.atomic():
            announce(one.seller_id, "problems")
            transaction.set_rollback(True)
        announce(other.seller_id, "stock:17")
        connection.close()

    with served() as address:
        assert apart(hear(address)) == ('data: {"topic": "orders"}', 'data: {"topic": "stock:17"}')


@pytest.mark.django_db(transaction=True)
def test_what_was_announced_while_a_page_was_on_its_way_is_heard_as_soon_as_it_listens() -> None:
    one = member("one")
    key = session_of(one.user)

    async def hear(address: str) -> str:
        drawn = int(time.time() * 1000)
        await asyncio.to_thread(say)
        await asyncio.sleep(0.3)
        async with page(f"{address}?since={drawn}", key) as mine:
            return await anext(mine)

    def say() -> None:
        announce(one.seller_id, "orders")
        connection.close()

    with served() as address:
        apart(asyncio.sleep(0.3))  # it listens
        assert apart(hear(address)) == 'data: {"topic": "orders"}'


@pytest.mark.django_db(transaction=True)
def test_strangers_other_origins_and_other_hosts_hear_nothing() -> None:
    key = session_of(member("one").user)
    cases = [
        ("", {}, 401),
        ("nonsense", {}, 401),
        (key, {"Origin": "https://evil.example"}, 403),
        (key, {"Host": "evil.example"}, 403),
    ]
    with served() as address:
        for cookie, headers, status in cases:
            with httpx2.Client(cookies={"entrepot_session": cookie}, timeout=SECONDS) as client:
                assert client.get(address, headers=headers).status_code == status


@pytest.mark.django_db(transaction=True)
def test_a_page_of_the_same_host_on_another_port_may_listen_with_its_cookie() -> None:
    key = session_of(member("one").user)
    ours = "http://127.0.0.1:8000"

    async def ask(address: str) -> dict[str, str]:
        async with (
            httpx2.AsyncClient(cookies={"entrepot_session": key}, timeout=SECONDS) as client,
            client.stream("GET", address, headers={"Origin": ours}) as answer,
        ):
            return dict(answer.headers)

    with served() as address:
        headers = apart(ask(address))
    assert headers["access-control-allow-origin"] == ours
    assert headers["access-control-allow-credentials"] == "true"


@pytest.mark.django_db
def test_a_session_listens_for_the_seller_it_works_for_and_ends_with_the_password() -> None:
    first = member("one")
    second = Membership.objects.create(
        seller=Seller.objects.create(name="two"), user=first.user, role=Role.OWNER, store_ids=[7]
    )
    assert live.visitor_of(session_of(first.user)) == Visitor(first.seller_id)
    key = session_of(first.user, second.seller_id)
    assert live.visitor_of(key) == Visitor(second.seller_id, (7,))
    first.user.set_password("another password 1")
    first.user.save(update_fields=["password"])
    assert live.visitor_of(key) is None
    assert live.visitor_of(None) is None


@pytest.mark.django_db(transaction=True)
def test_after_a_lost_connection_every_page_is_told_to_look_anew() -> None:
    hub = Hub()
    client = hub.join(Visitor(1))
    made: list[psycopg.AsyncConnection] = []

    async def connect() -> psycopg.AsyncConnection:
        made.append(await connect_for_listening())
        return made[-1]

    async def run() -> list[str]:
        listening = asyncio.create_task(listen(hub, connect))
        assert await client.take(SECONDS) == ["*"]  # nobody listened when it came
        async with await connect_for_listening() as killer:
            await killer.execute("SELECT pg_terminate_backend(%s)", [made[0].info.backend_pid])
        topics = await client.take(SECONDS)
        listening.cancel()
        return topics

    assert apart(run()) == ["*"]
    assert len(made) == 2
