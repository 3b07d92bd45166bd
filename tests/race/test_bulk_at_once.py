"""Two workers on one deed do no order twice; a worker that is killed leaves nothing half done, and another goes on."""

# ruff: noqa: F811 - the fixture `empty_queue` is named by the tests that ask for it

import signal
import time

import pytest
from django.db import transaction

from entrepot.channels import engine
from entrepot.channels.services.bulk import carry as carrying
from entrepot.channels.services.bulk import start as desk
from entrepot.kernel.actor import Actor
from entrepot.orders.models import Bulk, BulkItem, Order, OrderEvent, SalesChannel
from entrepot.orders.services import bulk as rows
from entrepot.orders.services import release_to_warehouse
from entrepot.orders.services.bulk import Chosen, settle_item
from entrepot.sheets.orders_bulk import carry_on
from tests.books import draft, line, make_items, make_seller, place
from tests.channels.conftest import empty_queue  # noqa: F401 - a fixture
from tests.channels.test_engine import until, worker
from tests.race.meeting import at_once, queued_up

MINA = Actor("cli", "Mina")


def counter(count: int) -> tuple[SalesChannel, list[int]]:
    """An offline store with orders #1 to #count."""
    seller = make_seller()
    channel = SalesChannel.objects.create(seller=seller, name="Counter", kind="offline", currency="KRW")
    red = make_items(seller, RED=count)["RED"]
    placed = place(channel, *[draft(str(n), line(red), minute=n) for n in range(1, count + 1)])
    return channel, [one.order_id for one in placed]


def note_all(channel: SalesChannel, ids: list[int], text: str = "once") -> Bulk:
    """A note shows how often a deed was done: two of them would stand there."""
    return desk.start_bulk(
        seller_id=channel.seller_id, kind="note", facts={"text": text}, chosen=Chosen(ids), actor=MINA
    )


def notes() -> list[int]:
    """How many notes each order has."""
    return [order.notes.count() for order in Order.objects.order_by("id").prefetch_related("notes")]


@pytest.mark.django_db(transaction=True)
def test_four_workers_without_the_lane_do_every_order_once(empty_queue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    channel, ids = counter(30)
    bulk = note_all(channel, ids)
    monkeypatch.setattr(carrying.engine, "store_lock", _anybody)
    ends = at_once([lambda: carry_on(bulk_id=bulk.pk)] * 4)
    assert not [end for end in ends if isinstance(end, Exception)]
    assert notes() == [1] * 30
    bulk.refresh_from_db()
    assert (bulk.state, bulk.facts["counts"]) == ("done", {"done": 30})


class _anybody:  # noqa: N801 - stands in for a context manager of that case
    """The lane is everybody's: what is left to keep them apart are the rows."""

    def __init__(self, *_words: object) -> None: ...

    def __enter__(self) -> bool:
        return True

    def __exit__(self, *_words: object) -> None: ...


@pytest.mark.django_db(transaction=True)
def test_the_twin_that_looks_before_it_locks_does_an_order_twice(empty_queue: None) -> None:
    channel, ids = counter(1)
    bulk = note_all(channel, ids)
    item = bulk.items.get()
    rows.begin_bulk(bulk_id=bulk.pk, actor=MINA)

    def looks_first() -> None:
        with transaction.atomic():
            if BulkItem.objects.filter(pk=item.pk, state="waiting").exists():
                order = Order.objects.select_for_update(no_key=True).get(pk=ids[0])
                order.notes.create(author="twin", text="twice")
                BulkItem.objects.filter(pk=item.pk).update(state="done")

    queued_up("orders_order", ids, [looks_first, looks_first])
    assert notes() == [2]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_order_do_it_once(empty_queue: None) -> None:
    channel, ids = counter(1)
    bulk = desk.start_bulk(seller_id=channel.seller_id, kind="release", facts={}, chosen=Chosen(ids), actor=MINA)
    item = bulk.items.get()
    rows.begin_bulk(bulk_id=bulk.pk, actor=MINA)

    def release(order_id: int) -> object:
        return release_to_warehouse(seller_id=channel.seller_id, order_id=order_id, actor=MINA)

    ends = at_once([lambda: settle_item(item=item, deed=release, actor=MINA)] * 4)
    assert sorted(ends, key=str) == [False, False, False, True]
    assert OrderEvent.objects.filter(kind="order.release").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_finds_a_deed_taken_leaves_it_and_other_deeds_go_on(empty_queue: None) -> None:
    channel, ids = counter(4)
    first, second = note_all(channel, ids[:2]), note_all(channel, ids[2:])

    def holder_is_slow() -> list[bool]:
        with engine.store_lock(first.pk, "bulk") as mine:
            ends = at_once([lambda: carry_on(bulk_id=first.pk), lambda: carry_on(bulk_id=second.pk)])
            return [mine, *(bool(end) for end in ends)]

    assert holder_is_slow() == [True, False, False]
    assert notes() == [0, 0, 1, 1]
    carry_on(bulk_id=first.pk)
    assert notes() == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_costs_nothing_and_another_goes_on(empty_queue: None) -> None:
    channel, ids = counter(400)
    bulk = note_all(channel, ids)

    def settled() -> int:
        return BulkItem.objects.filter(bulk=bulk, state="done").count()

    with worker() as first:
        until(lambda: settled() >= 30, seconds=60)
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    at_death = settled()
    assert at_death < 400, "it was too quick to be killed"
    time.sleep(0.5)
    assert sum(notes()) == settled()
    with worker():
        until(lambda: Bulk.objects.filter(pk=bulk.pk, state="done").exists(), seconds=90)
    assert notes() == [1] * 400
