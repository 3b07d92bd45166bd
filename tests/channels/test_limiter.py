"""One rate limit for all processes, with the urgent lane in front; a store's pause is everybody's."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from entrepot.channels.limiter import SharedThrottle
from entrepot.channels.models import Limit, Store
from entrepot.kernel.errors import ChannelThrottled
from tests.channels.conftest import World, shop_of


@pytest.fixture
def store(world: World) -> Store:
    made = world.connect(world.serve(shop_of((1, "RED", 5))))
    Store.objects.filter(pk=made.pk).update(penalty_until=None)
    Limit.objects.create(key=made.limit_key)
    return made


def throttle(store: Store, lane: str = "orders", *, rate: float = 20, burst: int = 1) -> SharedThrottle:
    return SharedThrottle(store.limit_key, rate, burst, lane)


def in_threads(store: Store, *lanes: tuple[str, int], rate: float, burst: int) -> dict[str, list[float]]:
    """So many calls of each lane at once, each in a connection of its own; when each was allowed."""
    start = threading.Barrier(len(lanes) + 1)
    went: dict[str, list[float]] = {lane: [] for lane, _ in lanes}

    def call(lane: str, times: int) -> None:
        mine = throttle(store, lane, rate=rate, burst=burst)
        start.wait(10)
        for _ in range(times):
            mine.wait()
            went[lane].append(time.monotonic())
        connection.close()

    threads = [threading.Thread(target=call, args=pair) for pair in lanes]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    start.wait(10)
    for thread in threads:
        thread.join(60)
    return {lane: [moment - began for moment in moments] for lane, moments in went.items()}


def test_three_who_call_at_once_share_one_rate(store: Store):
    went = in_threads(store, ("orders", 8), ("statuses", 8), ("drift", 8), rate=20, burst=1)
    moments = sorted(moment for lane in went.values() for moment in lane)
    assert len(moments) == 24
    assert moments[-1] >= 23 / 20 - 0.02
    assert moments[-1] < 23 / 20 + 2.0


def test_a_burst_goes_at_once_and_the_rest_in_step(store: Store):
    mine = throttle(store, rate=10, burst=5)
    began = time.monotonic()
    moments = []
    for _ in range(7):
        mine.wait()
        moments.append(time.monotonic() - began)
    assert moments[3] < 0.1
    assert 0.15 < moments[6] < 0.6


def test_a_bulk_lane_leaves_the_end_of_the_burst_to_stock(store: Store):
    stock = throttle(store, "stock", rate=1, burst=10)
    greedy = SharedThrottle(store.limit_key, 1, 10, "catalogue", sleep=stop)
    taken = 0
    while waits(greedy):
        taken += 1
    assert taken == 6
    began = time.monotonic()
    for _ in range(4):
        stock.wait()
    assert time.monotonic() - began < 0.2


class HadToWait(Exception):
    """The limit said: not now."""


def stop(_seconds: float) -> None:
    raise HadToWait


def waits(mine: SharedThrottle) -> bool:
    try:
        mine.wait()
    except HadToWait:
        return False
    return True


def test_stock_never_queues_behind_imports(store: Store):
    bulk = [("catalogue", 12)] * 5
    went = in_threads(store, *bulk, ("stock", 14), rate=20, burst=1)
    assert went["stock"][-1] < 1.6
    assert max(went["catalogue"]) > 2.5


def test_a_pause_the_store_asked_for_holds_every_lane_and_a_shorter_one_never_ends_it(store: Store):
    throttle(store, "catalogue").penalise(0.6)
    throttle(store, "stock").penalise(0.1)
    went = in_threads(store, ("stock", 1), ("orders", 1), rate=50, burst=5)
    assert min(went["stock"][0], went["orders"][0]) > 0.45
    assert max(went["stock"][0], went["orders"][0]) < 1.5


def test_a_store_that_is_gone_holds_nobody_up(store: Store):
    gone = SharedThrottle("store:-1", 1, 1)
    gone.wait()
    gone.penalise(5)


def test_one_call_costs_one_statement(store: Store, django_assert_num_queries):
    with django_assert_num_queries(1):
        throttle(store, burst=5).wait()
    store.refresh_from_db()
    assert Limit.objects.get(key=store.limit_key).tat > time.time() - 5
    assert store.penalty_until is None or store.penalty_until < timezone.now() + timedelta(seconds=1)


def test_a_pause_of_an_hour_holds_no_thread(store: Store):
    mine = SharedThrottle(store.limit_key, 20, 5, "orders", sleep=stop)
    mine.penalise(3600)
    with pytest.raises(ChannelThrottled) as refusal:
        mine.wait()
    assert 3590 < refusal.value.retry_after <= 3600
