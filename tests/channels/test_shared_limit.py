"""Shops of one mall share one limit: its bucket, its pace, its pauses. Never more than the mall allows."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import connection

from entrepot.accounts.models import Seller
from entrepot.channels import limiter, registry
from entrepot.channels.limiter import SharedThrottle, throttle, trial_throttle
from entrepot.channels.models import Limit, Store
from entrepot.connectors.cafe24.type import CAFE24
from entrepot.kernel.errors import ChannelThrottled
from tests.channels.agora import AGORA, MALLS, mall
from tests.channels.agora_desk import connected, keys

KEY = "cafe24:blue"


@pytest.fixture
def seller(empty_queue: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seller]:
    monkeypatch.setitem(registry.connector_types, "agora", AGORA)
    mall("blue")
    mall("green")
    yield Seller.objects.create(name="Seoul Socks")
    MALLS.clear()


class HadToWait(Exception):
    """The limit said: not now."""


def stop(seconds: float) -> None:
    raise HadToWait(seconds)


def bucket(lane: str = "orders", *, rate: float = 2, burst: int = 38, peak: float | None = 9) -> SharedThrottle:
    return SharedThrottle(KEY, rate, burst, lane, peak)


def taken_at_once(mine: SharedThrottle, most: int = 100) -> int:
    for number in range(most):
        try:
            mine.wait()
        except HadToWait:
            return number
    return most


def most_in_a_second(moments: Sequence[float]) -> int:
    """The fullest second that any call begins."""
    return max(sum(1 for later in moments if first <= later < first + 1) for first in moments)


# --------------------------------------------------------------------------- the pace


def test_calls_of_a_full_bucket_are_kept_apart_by_the_pace(transactional_db: None) -> None:
    mine = bucket(rate=2, burst=38, peak=9)
    moments = []
    for _ in range(20):
        mine.wait()
        moments.append(time.monotonic())
    assert moments[-1] - moments[0] >= 19 / 9 - 0.02
    assert most_in_a_second(moments) <= 10


def test_a_limit_without_a_pace_lets_its_burst_go_at_once(transactional_db: None) -> None:
    mine = bucket(rate=2, burst=38, peak=None)
    began = time.monotonic()
    for _ in range(20):
        mine.wait()
    assert time.monotonic() - began < 0.5


def test_stock_books_its_slot_before_bulk_work_that_waits(transactional_db: None) -> None:
    bulk = SharedThrottle(KEY, 1000, 1000, "catalogue", 5, alone=True, sleep=stop)
    taken_at_once(SharedThrottle(KEY, 1000, 1000, "catalogue", 5, alone=True, sleep=lambda _s: None), most=2)
    assert taken_at_once(bulk) == 0
    slept: list[float] = []
    SharedThrottle(KEY, 1000, 1000, "stock", 5, sleep=slept.append).wait()
    assert 0.2 < slept[0] < 0.41


_CALLER = """
import sys, time
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from entrepot.channels.limiter import SharedThrottle
mine = SharedThrottle("cafe24:blue", 20.0, 15, sys.argv[2], 30.0, sys.argv[2] == "catalogue")
connection.ensure_connection()
print("ready", flush=True)
end = float(sys.stdin.readline())
while True:
    mine.wait()
    if time.time() > end:
        break
    print(time.time(), flush=True)
"""


def test_several_processes_together_stay_within_bucket_and_pace(transactional_db: None) -> None:
    """Three processes ask as fast as they can for three seconds: 15 at once at 30 a second, then 20 a second.

    A call may be late on a busy machine, one of each process at most; so much may lie between grant and call.
    """
    late = 4
    name = connection.settings_dict["NAME"]
    callers = [
        subprocess.Popen(
            [sys.executable, "-c", _CALLER, name, lane], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for lane in ("catalogue", "orders", "stock")
    ]
    for caller in callers:
        assert caller.stdout is not None
        assert caller.stdout.readline() == "ready\n"
    end = f"{time.time() + 3}\n"
    for caller in callers:
        assert caller.stdin is not None
        caller.stdin.write(end)
        caller.stdin.flush()
    answers = [caller.communicate(timeout=60)[0] for caller in callers]
    assert [caller.returncode for caller in callers] == [0, 0, 0]
    moments = sorted(float(line) for answer in answers for line in answer.split())
    for number, moment in enumerate(moments):
        for later, after in enumerate(moments[number:], start=1):
            assert later <= 15 + 20 * (after - moment) + late
            assert later <= 30 * (after - moment) + late
    assert len(moments) >= 0.6 * (15 + 20 * 3)


# --------------------------------------------------------------------------- sharing


def test_two_shops_of_a_mall_take_from_one_bucket_and_another_mall_has_its_own(seller: Seller) -> None:
    first, second = connected(seller), connected(seller, name="Second shop", shop_no="2")
    other = connected(seller, "green", name="Green")
    Limit.objects.update(tat=time.time() + 10, pace_tat=0)
    Limit.objects.filter(key="agora:green").update(tat=0)

    assert throttle(first, AGORA, lane="orders").key == throttle(second, AGORA, lane="orders").key
    slow = [throttle(one, AGORA, lane="orders") for one in (first, second, other)]
    quick = [SharedThrottle(one.key, one.calls_per_second, one.burst, one.lane, sleep=stop) for one in slow]
    assert [taken_at_once(one, most=1) for one in quick] == [0, 0, 1]


def test_a_pause_of_one_shop_is_the_pause_of_its_siblings_and_of_nobody_else(seller: Seller) -> None:
    first, second = connected(seller), connected(seller, name="Second shop", shop_no="2")
    other = connected(seller, "green", name="Green")

    throttle(first, AGORA, lane="orders").penalise(600)

    for store in (first, second, other):
        store.refresh_from_db()
    assert first.penalty_until == second.penalty_until is not None
    assert other.penalty_until is None
    with pytest.raises(ChannelThrottled):
        throttle(second, AGORA, lane="stock").wait()
    throttle(other, AGORA, lane="stock").wait()


def test_a_shop_connected_during_a_pause_waits_for_its_end(seller: Seller) -> None:
    throttle(connected(seller), AGORA, lane="orders").penalise(600)
    trial = trial_throttle(AGORA, keys("blue"))
    assert trial is not None
    with pytest.raises(ChannelThrottled):
        trial.wait()


def test_a_trial_of_a_kind_without_a_shared_limit_has_none() -> None:
    assert trial_throttle(registry.connector_types["opencart"], {}) is None


def test_nothing_is_believed_emptier_than_the_store_says_it_is(transactional_db: None) -> None:
    mine = SharedThrottle(KEY, 2, 38, "orders", None, sleep=stop)
    mine.wait()
    mine.observe(40, 40)
    assert taken_at_once(mine) == 0
    tat = Limit.objects.get(key=KEY).tat
    mine.observe(1, 40)
    assert Limit.objects.get(key=KEY).tat == tat
    assert 19 < tat - time.time() <= 20


def test_bulk_work_takes_the_whole_burst_while_nobody_sells_through_the_limit(seller: Seller) -> None:
    store, sibling = connected(seller), connected(seller, name="Second shop", shop_no="2")
    assert throttle(store, AGORA, lane="catalogue").alone

    Store.objects.filter(pk=sibling.pk).update(state=Store.State.LIVE)

    assert not throttle(store, AGORA, lane="catalogue").alone
    mine = SharedThrottle(KEY, 2, 38, "catalogue", None, sleep=stop)
    assert taken_at_once(mine) == 23
    whole = SharedThrottle("cafe24:green", 2, 38, "catalogue", None, alone=True, sleep=stop)
    assert taken_at_once(whole) == 38


def test_a_person_does_not_wait_for_the_end_of_an_import(transactional_db: None) -> None:
    """An import that has the whole burst takes every slot that comes free; a second shop is connected all the same."""
    ends = threading.Event()

    def read_everything() -> None:
        greedy = SharedThrottle(KEY, 10, 10, "catalogue", None, alone=True)
        while not ends.is_set():
            greedy.wait()
        connection.close()

    import_of_an_hour = [threading.Thread(target=read_everything) for _ in range(3)]
    for reader in import_of_an_hour:
        reader.start()
    time.sleep(1.0)
    person = SharedThrottle(KEY, 10, 10, "connection", None)
    began = time.monotonic()
    for _ in range(5):
        person.wait()
    took = time.monotonic() - began
    ends.set()
    for reader in import_of_an_hour:
        reader.join(10)
    assert took < 3


@pytest.mark.parametrize("lane", ["orders", "connection"])
def test_orders_and_people_do_not_wait_for_the_end_of_a_long_push(transactional_db: None, lane: str) -> None:
    with pushing(["stock"]):
        assert took(lane, calls=5) < 6


def test_statuses_are_late_during_a_long_push_but_not_for_ever(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "AGES_IN", 1.0)
    with pushing(["stock", "stock"]):
        assert 0.5 < took("statuses", calls=2) < 15


def test_a_long_wait_never_reaches_beyond_the_burst(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "AGES_IN", 0.001)
    moments = []
    with pushing(["stock", "orders"], rate=20):
        mine = SharedThrottle(KEY, 20, 10, "catalogue", None)
        for _ in range(10):
            mine.wait()
            moments.append(time.time())
            assert Limit.objects.get(key=KEY).tat - time.time() <= (10 + 3) / 20


def took(lane: str, *, calls: int) -> float:
    mine = SharedThrottle(KEY, 10, 10, lane, None)
    began = time.monotonic()
    for _ in range(calls):
        mine.wait()
    return time.monotonic() - began


@contextmanager
def pushing(lanes: Sequence[str], *, rate: float = 10) -> Iterator[None]:
    """So many threads that take whatever their lanes may have; entered once the burst is used up."""
    ends = threading.Event()

    def push(lane: str) -> None:
        mine = SharedThrottle(KEY, rate, 10, lane, None)
        while not ends.is_set():
            mine.wait()
        connection.close()

    threads = [threading.Thread(target=push, args=[lane], daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    time.sleep(1.0)
    try:
        yield
    finally:
        ends.set()
        for thread in threads:
            thread.join(10)


def test_a_store_made_by_hand_gets_a_limit_of_its_own(seller: Seller) -> None:
    store = connected(seller)
    Store.objects.filter(pk=store.pk).update(limit_key="")
    store.limit_key = ""
    assert throttle(store, AGORA, lane="orders").key == f"store:{store.pk}"
    assert Store.objects.get(pk=store.pk).limit_key == f"store:{store.pk}"


def test_cafe24s_own_figures_leave_room_below_what_a_mall_allows() -> None:
    assert (CAFE24.calls_per_second, CAFE24.burst, CAFE24.peak_per_second) == (2.0, 38, 9.0)
    assert CAFE24.limit_key is not None
    shops = [CAFE24.limit_key({"mall_id": "blue", "shop_no": number}) for number in ("1", "2")]
    assert shops == [KEY, KEY]
