"""Steps are committed in another order than they are numbered, and workers come at once: nothing is lost or doubled."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.utils import timezone

from entrepot.orders.models import OrderEvent
from entrepot.outgoing import watermark
from entrepot.outgoing.models import Endpoint
from entrepot.outgoing.services.deliver import deliver as deliver_to
from entrepot.outgoing.services.endpoints import add_endpoint
from entrepot.outgoing.simulator import OtherWarehouse, WarehouseServer
from entrepot.project import tasks
from tests.books import MINA, draft, line, make_channel, make_items, make_seller, place_one
from tests.race.meeting import at_once


@pytest.fixture
def server(transactional_db: None, settings) -> Iterator[WarehouseServer]:
    settings.PRIVATE_TARGETS = True
    with WarehouseServer(OtherWarehouse()) as made:
        yield made


def program_of(server: WarehouseServer, seller_id: int, *kinds: str) -> Endpoint:
    made = add_endpoint(seller_id=seller_id, name="ERP", url=server.url, kinds=kinds, actor=MINA)
    server.secret = made.secret
    return made.endpoint


def step(order_id: int, note: str) -> OrderEvent:
    return OrderEvent.objects.create(
        order_id=order_id,
        at=timezone.now(),
        actor_kind="user",
        actor_label=note,
        kind="parcel.label",
        from_status="new",
        to_status="new",
    )


def late_and_early(server: WarehouseServer, after_first_look) -> tuple[list[int], list[int]]:
    """A step is numbered, and committed only after a later one was told; the ids, and what was heard of."""
    channel = make_channel(make_seller())
    items = make_items(channel.seller, RED=9)
    order = place_one(channel, draft("1", line(items["RED"], 1)))
    endpoint = program_of(server, channel.seller_id, "parcel.labelled")
    numbered, go_on, ids = threading.Event(), threading.Event(), []

    def dawdle() -> None:
        with transaction.atomic():
            ids.append(step(order.pk, "late").pk)
            numbered.set()
            go_on.wait(timeout=30)
        connection.close()

    slow = threading.Thread(target=dawdle)
    slow.start()
    numbered.wait(timeout=30)
    ids.append(step(order.pk, "early").pk)
    for _ in range(3):
        watermark.settle()
        deliver_to(endpoint)
        after_first_look(endpoint)
    go_on.set()
    slow.join(timeout=30)
    for _ in range(3):
        watermark.settle()
        deliver_to(endpoint)
    return ids, [one.data["event_id"] for one in server.house.inbox]


def test_a_step_that_is_committed_late_is_told_all_the_same(server: WarehouseServer) -> None:
    (late, early), heard = late_and_early(server, lambda _endpoint: None)

    assert late < early
    assert heard == [early, late]


def test_twin_who_reads_on_from_the_last_number_loses_it(server: WarehouseServer) -> None:
    def careless(endpoint: Endpoint) -> None:
        positions = {table: watermark.newest(table) for table in watermark.TABLES}
        Endpoint.objects.filter(pk=endpoint.pk).update(positions=positions)

    (_late, early), heard = late_and_early(server, careless)

    assert heard == [early]


def test_several_workers_tell_everything_once_and_in_order(server: WarehouseServer) -> None:
    channel = make_channel(make_seller())
    items = make_items(channel.seller, RED=50)
    endpoint = program_of(server, channel.seller_id, "order.created", "parcel.labelled")
    made = [place_one(channel, draft(str(number), line(items["RED"], 1))) for number in range(6)]
    for _ in range(3):
        for order in made:
            step(order.pk, "again")

    ends = at_once([lambda: tasks.deliver(endpoint.pk) for _ in range(4)])

    assert ends == [None] * 4
    heard = [(one.data["order_id"], one.data["event_id"]) for one in server.house.inbox]
    assert len(heard) == len(set(heard)) == 24
    for order in made:
        steps = [event for number, event in heard if number == order.pk]
        assert steps == sorted(steps)
