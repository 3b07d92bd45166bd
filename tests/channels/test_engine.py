"""The engine: many wakes are one job, jobs carry no facts, lanes are held by one, and a killed worker costs nothing."""

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from entrepot.catalog.models import Item
from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.models import Listing, Run, Store
from entrepot.channels.services import lifecycle, owed
from entrepot.connectors.opencart.simulator import Item as CartItem
from entrepot.connectors.opencart.simulator import Shop
from entrepot.inventory import services as inventory
from entrepot.orders.models import Order
from entrepot.project import tasks
from tests.channels.conftest import MINA, World, last_run, shop_of


def waiting(task: str = "push_stock") -> int:
    return ProcrastinateJob.objects.filter(task_name=task, status="todo").count()


def begin(task: str = "push_stock") -> None:
    """A worker takes the job up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo' AND task_name = %s", [task]
        )


# --------------------------------------------------------------------------- waking


def test_a_thousand_wakes_are_one_job(empty_queue):
    for _ in range(50):
        engine.wake("push_stock", 7)
    with transaction.atomic():
        for _ in range(950):
            engine.wake("push_stock", 7)
        assert len(connection.run_on_commit) == 1
    assert waiting() == 1
    engine.wake("push_stock", 8)
    assert waiting() == 2


def test_a_wake_waits_for_its_transaction_and_goes_with_it(empty_queue):
    with transaction.atomic():
        engine.wake("push_stock", 7)
        assert waiting() == 0
        with transaction.atomic():
            engine.wake("pull_orders", 7)
            transaction.set_rollback(True)
    assert (waiting("push_stock"), waiting("pull_orders")) == (1, 0)


def test_a_wake_in_a_savepoint_that_was_undone_does_not_silence_the_next(empty_queue):
    with transaction.atomic():
        with transaction.atomic():
            engine.wake("push_stock", 7)
            transaction.set_rollback(True)
        engine.wake("push_stock", 7)
    assert waiting() == 1


def test_waking_twice_leaves_the_transaction_usable(empty_queue):
    engine.wake("push_stock", 7)
    with transaction.atomic():
        engine.wake("push_stock", 7)
        announce(1, "orders")
    engine._defer("push_stock", 7, queueing_lock="push_stock:7", at=None)
    assert waiting() == 1


def test_two_transactions_that_wake_one_store_do_not_wait_for_each_other(empty_queue):
    done = threading.Event()

    def other() -> None:
        with transaction.atomic():
            engine.wake("push_stock", 7)
        connection.close()
        done.set()

    with transaction.atomic():
        engine.wake("push_stock", 7)
        thread = threading.Thread(target=other)
        thread.start()
        assert done.wait(5)
    thread.join()
    assert waiting() == 1


def test_a_job_that_runs_already_does_not_swallow_a_new_wake(empty_queue):
    engine.wake("push_stock", 7)
    begin()
    engine.wake("push_stock", 7)
    assert waiting() == 1


def test_a_job_for_later_is_never_in_the_way_of_one_for_now(empty_queue):
    later = timezone.now() + timedelta(hours=1)
    engine.defer_at("push_stock", 7, later)
    engine.defer_at("push_stock", 7, later)
    engine.wake("push_stock", 7)
    planned = sorted(ProcrastinateJob.objects.values_list("scheduled_at", flat=True), key=lambda at: at is not None)
    assert planned == [None, later]


def test_an_errand_nobody_knows_is_a_bug():
    with pytest.raises(ValueError, match="no such errand"):
        engine.wake("push_stok", 7)


def test_every_errand_has_its_entry_point():
    app.perform_import_paths()
    assert set(engine.ERRANDS) <= set(app.tasks)
    assert {name for name, _ in app.periodic_registry.periodic_tasks} >= {"tick", "rescue", "prune"}
    assert all(errand.lane in engine.LANES for errand in engine.ERRANDS.values())


# --------------------------------------------------------------------------- lanes


def test_a_lane_is_held_by_one_and_dies_with_its_connection(empty_queue):
    held, let_go = threading.Event(), threading.Event()

    def holder() -> None:
        with engine.store_lock(7, "stock") as mine:
            assert mine
            held.set()
            let_go.wait(10)
            connection.close()

    thread = threading.Thread(target=holder)
    thread.start()
    assert held.wait(5)
    with (
        engine.store_lock(7, "stock") as mine,
        engine.store_lock(8, "stock") as other,
        engine.store_lock(7, "orders") as lane,
    ):
        assert (mine, other, lane) == (False, True, True)
    let_go.set()
    thread.join(10)
    until(lambda: free(7, "stock"), seconds=5)


def free(store_id: int, lane: engine.Lane) -> bool:
    with engine.store_lock(store_id, lane) as mine:
        return mine


def test_who_finds_the_lane_taken_goes_away_and_the_holder_looks_again(empty_queue):
    worked: list[str] = []
    owed_still = iter([True, False])

    def work() -> bool:
        worked.append("first")
        if len(worked) == 1:
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(10)
        return True

    def second() -> None:
        came = engine.drain(7, "stock", work=lambda: worked.append("second") or True, owed=lambda: True)
        worked.append(f"second went away: {not came}")
        connection.close()

    assert engine.drain(7, "stock", work=work, owed=lambda: next(owed_still))
    assert worked == ["first", "second went away: True", "first"]


def test_trouble_ends_the_drain_at_once(empty_queue):
    worked: list[int] = []
    engine.drain(7, "stock", work=lambda: bool(worked.append(1)), owed=lambda: True)
    assert worked == [1]


# --------------------------------------------------------------------------- the tick, the rescue, the broom


def test_the_tick_wakes_what_the_rows_owe_and_nothing_else(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    for task in (tasks.push_stock, tasks.check_drift, tasks.check_states):
        task(store.pk)
    ProcrastinateJob.objects.all().delete()
    quiet = owed.wake_owed()
    assert quiet == {}

    red = Item.objects.get(sku="RED")
    inventory.adjust(seller_id=world.seller.pk, item_id=red.pk, delta=3, reason="found", actor=MINA)
    Store.objects.filter(pk=store.pk).update(orders_due_at=timezone.now(), states_checked_at=None)
    assert owed.wake_owed() == {"push_stock": 1, "pull_orders": 1, "check_states": 1}
    assert server.counters.stock_writes == []


def test_a_listing_that_went_stale_long_ago_is_found_by_the_look_at_all(world: World):
    _, store = world.imported(shop_of((1, "RED", 5)))
    lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    minute = timezone.now().replace(second=30, microsecond=0) + timedelta(minutes=10)
    assert Listing.objects.get(store=store).sent_version == -1
    assert not owed.owes(task="push_stock", store_id=store.pk, now=minute)
    assert owed.owes(task="push_stock", store_id=store.pk, now=minute.replace(second=2))


def test_jobs_of_dead_workers_are_put_back_once(empty_queue):
    engine.wake("push_stock", 7)
    engine.wake("pull_orders", 7)
    begin("push_stock")
    begin("pull_orders")
    engine.wake("pull_orders", 7)

    assert engine.rescue_stalled() == 2
    assert engine.rescue_stalled() == 0

    assert (waiting("push_stock"), waiting("pull_orders")) == (1, 1)


def test_jobs_of_living_workers_are_left_alone(empty_queue):
    engine.wake("push_stock", 7)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [cursor.fetchone()[0]])
    assert engine.rescue_stalled() == 0


def test_ended_jobs_go_after_a_day(empty_queue):
    engine.wake("push_stock", 7)
    engine.wake("push_stock", 8)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '25 hours' WHERE job_id ="
            " (SELECT min(id) FROM procrastinate_jobs)"
        )
    assert engine.prune_jobs(hours=24) == 1
    assert ProcrastinateJob.objects.count() == 1


def test_open_pages_hear_once_and_only_what_was_committed(empty_queue):
    with connection.cursor() as cursor:
        cursor.execute("LISTEN entrepot_live")
    with transaction.atomic():
        announce(3, "orders")
        announce(3, "orders")
    with transaction.atomic():
        announce(3, "problems")
        transaction.set_rollback(True)
    heard = [note.payload for note in connection.connection.notifies(timeout=0.2)]
    with connection.cursor() as cursor:
        cursor.execute("UNLISTEN *")
    assert heard == ['{"seller": 3, "topic": "orders"}']


# --------------------------------------------------------------------------- real workers


@contextmanager
def worker(*, concurrency: int = 4) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on the test's own database."""
    facts = connection.settings_dict
    host = f"{facts['HOST']}:{facts['PORT']}" if not str(facts["HOST"]).startswith("/") else ""
    query = f"?host={quote(str(facts['HOST']))}" if not host else ""
    url = f"postgresql://{facts['USER']}:{quote(str(facts['PASSWORD']))}@{host}/{facts['NAME']}{query}"
    code = (
        "import django; django.setup()\n"
        f"from entrepot.channels import engine\nengine.run_worker(concurrency={concurrency})"
    )
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "entrepot.project.settings"}
    process = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def until(condition: Callable[[], bool], *, seconds: float) -> float:
    """Wait for it; how long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen"
        time.sleep(0.02)
    return time.monotonic() - began


def test_a_change_of_stock_is_in_the_shop_a_moment_later(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    lifecycle.go_live(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)
    red = Item.objects.get(sku="RED")
    took = []
    with worker():
        until(lambda: Listing.objects.get(store=store).sent_version > 0, seconds=30)
        for number in range(12):
            inventory.adjust(seller_id=world.seller.pk, item_id=red.pk, delta=1, reason="found", actor=MINA)
            engine.wake("push_stock", store.pk)
            began = time.monotonic()
            assert server.counters.wait_for_stock(1, quantity=6 + number, timeout=10)
            took.append(time.monotonic() - began)
            time.sleep(0.1)
    assert statistics.median(took) < 0.5


def test_workers_killed_again_and_again_lose_and_double_nothing(world: World):
    shop = shop_of(*((number, f"SKU-{number}", 50) for number in range(1, 241)))
    for number in range(1, 31):
        shop.place_order([CartItem(number, 1), CartItem(number + 1, 2)])
    server = world.serve(shop)
    store = world.connect(server)
    store.settings = {"page_size": 10, "order_page_size": 5}
    store.save(update_fields=["settings"])
    with worker():
        for _ in range(4):
            with worker() as victim:
                time.sleep(1.6)
                victim.send_signal(signal.SIGKILL)
                victim.wait(10)
        until(lambda: last_run(store).state == Run.State.DONE, seconds=60)
    assert Listing.objects.filter(store=store).count() == 240
    assert Order.objects.filter(sales_channel_id=store.pk).count() == 30
    assert world.available() == {f"SKU-{number}": shop.tables.products[number].quantity for number in range(1, 241)}


def test_a_worker_that_is_told_to_stop_ends_soon_and_leaves_no_job_behind(world: World):
    store = world.connect(world.serve(Shop.demo()))
    with worker() as process:
        until(lambda: last_run(store).state == Run.State.DONE, seconds=60)
        process.terminate()
        assert process.wait(15) == 0
    assert not ProcrastinateJob.objects.filter(status="doing").exists()
