"""Forced meetings: callers in threads, each on its own connection, made to be at one point at one time."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connection, transaction

T = TypeVar("T")


def at_once(deeds: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run every deed in a thread of its own from one starting line; what each answered or raised."""
    line = threading.Barrier(len(deeds))
    ends: list[T | Exception] = [RuntimeError("never ran")] * len(deeds)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            line.wait(timeout=30)
            ends[number] = deeds[number]()
        except Exception as refusal:  # noqa: BLE001 - the end is what we ask for
            ends[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def wait_for_queue(length: int, *, seconds: float = 30) -> None:
    """Wait until `length` other sessions of this database wait for a lock."""
    statement = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    end = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(statement)
            if cursor.fetchone()[0] >= length:
                return
            time.sleep(0.01)
    raise AssertionError(f"fewer than {length} callers came to the meeting")


def queued_up(table: str, ids: Sequence[int], deeds: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Hold rows, let every deed come up and wait for them, then let all go at once; what each answered or raised."""

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {table} WHERE id = ANY(%s) FOR UPDATE", [list(ids)])  # noqa: S608 - our own names

    return queued_up_behind(hold, deeds)


def queued_up_behind(
    obstacle: Callable[[], object], deeds: Sequence[Callable[[], T]], *, keep: bool = False
) -> list[T | Exception]:
    """Do something in a transaction, let every deed come up and wait for it, then take it back and let all go.

    `keep`: commit it instead, so that the deeds go on in a world that changed while they waited.
    """
    ends: list[T | Exception] = []
    leader = threading.Thread(target=lambda: ends.extend(at_once(deeds)))
    with transaction.atomic():
        obstacle()
        leader.start()
        wait_for_queue(len(deeds))
        transaction.set_rollback(not keep)
    leader.join(timeout=90)
    return ends
