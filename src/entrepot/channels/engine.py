"""The job engine behind four functions: `wake`, `defer_at`, `periodic`, `run_worker` (docs/explanation/engine.md).

No job carries a fact. A row says what a store is owed; a job only says "look now at this store" (or at another row
that is worked off, such as a deed for many orders). So a job may be lost, doubled or late: the tick looks at the rows
every five seconds. Nobody outside this file knows Procrastinate.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from django.db import connection, transaction
from procrastinate import exceptions, jobs, manager
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

log = structlog.get_logger(__name__)

Lane = Literal[
    "stock", "orders", "statuses", "drift", "catalogue", "listings", "connection", "deliveries", "bulk", "uploads"
]

LANES: dict[Lane, int] = {
    "stock": 7701,
    "orders": 7702,
    "statuses": 7703,
    "drift": 7704,
    "catalogue": 7705,
    "connection": 7706,
    "listings": 7707,
    "bulk": 7708,
    "deliveries": 7709,
    "uploads": 7710,
}
"""One job at a time per store (for "bulk": per deed, for "deliveries": per endpoint) and lane. Lanes of one store never
wait for each other: an import of an hour must hold up neither a stock push nor an order pull, a check of 20,000 figures
no push, a slow status write no pull."""


@dataclass(frozen=True)
class Errand:
    """A kind of job: its lane, how early it runs among waiting jobs (higher first), and what its one argument names."""

    lane: Lane
    priority: int
    subject: str = "store_id"


ERRANDS: dict[str, Errand] = {
    "push_stock": Errand("stock", 100),
    "drain_events": Errand("orders", 90),
    "pull_orders": Errand("orders", 80),
    "push_statuses": Errand("statuses", 60),
    "push_listings": Errand("listings", 50),
    "check_states": Errand("orders", 30),
    "check_drift": Errand("drift", 20),
    "check_connection": Errand("connection", 40),
    "renew_grant": Errand("connection", 40),
    "register_webhook": Errand("connection", 40),
    "sync_products": Errand("catalogue", 10),
    "import_store": Errand("catalogue", 10),
    "deliver": Errand("deliveries", 70, subject="endpoint_id"),
    "carry_bulk": Errand("bulk", 55, subject="bulk_id"),
    "work_upload": Errand("uploads", 15, subject="upload_id"),
}

QUEUE = "stores"
HOUSEKEEPING = "housekeeping"
MAX_ROUNDS = 50
POLL_SECONDS = 0.5
TICK_SECONDS = 5
HEARTBEAT_SECONDS = 2.0
STALLED_AFTER_SECONDS = 10.0


# --------------------------------------------------------------------------- waking


@dataclass(frozen=True)
class _Wake:
    """A wake that waits for its transaction. Equal wakes of one transaction are one."""

    task: str
    subject_id: int

    def __call__(self) -> None:
        _defer(self.task, self.subject_id, queueing_lock=f"{self.task}:{self.subject_id}", at=None)


def wake(task: str, subject_id: int) -> None:
    """Have `task` look at a store (its `subject`) once the present transaction has committed; at once outside one.

    A thousand wakes are one job. Deferred after the commit, not inside: a job that starts before the commit would look
    too early and see nothing, and a queueing lock taken inside would make concurrent transactions wait for each other.
    """
    if task not in ERRANDS:
        raise ValueError(f"no such errand: {task}")
    due = _Wake(task, subject_id)
    open_savepoints = set(connection.savepoint_ids)
    if any(entry[1] == due and entry[0] <= open_savepoints for entry in connection.run_on_commit):
        return
    transaction.on_commit(due, robust=True)


def defer_at(task: str, subject_id: int, at: datetime) -> None:
    """Have `task` look at a store at a time (a retry, the end of a pause). Never in the way of a `wake` before that."""
    if task not in ERRANDS:
        raise ValueError(f"no such errand: {task}")
    lock = f"{task}:{subject_id}@{int(at.timestamp())}"
    transaction.on_commit(lambda: _defer(task, subject_id, queueing_lock=lock, at=at), robust=True)


def _defer(task: str, subject_id: int, *, queueing_lock: str, at: datetime | None) -> None:
    """Insert the job over Django's own connection.

    Inside a worker the app's connector is an asynchronous pool of its own, so `task.defer()` would run outside our
    transactions there; and AlreadyEnqueued aborts a transaction, hence the savepoint.
    """
    job = jobs.Job(
        id=None,
        queue=QUEUE,
        priority=ERRANDS[task].priority,
        lock=None,
        queueing_lock=queueing_lock,
        task_name=task,
        task_kwargs={ERRANDS[task].subject: subject_id},
        scheduled_at=at,
    )
    try:
        with transaction.atomic():
            manager.JobManager(DjangoConnector()).defer_job(job)
    except exceptions.AlreadyEnqueued:
        pass


# --------------------------------------------------------------------------- entry points


def errand(name: str) -> Callable[[Callable[[int], None]], Callable[[int], None]]:
    """Make a function of a store's id (of its `subject`) the entry point of the errand `name`."""

    def enter(function: Callable[[int], None]) -> Callable[[int], None]:
        app.task(name=name, queue=QUEUE, priority=ERRANDS[name].priority)(function)
        return function

    return enter


def periodic(name: str, *, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run a function at the times of `cron` (six fields: the last is seconds), once among all workers."""

    def enter(function: Callable[[], None]) -> Callable[[], None]:
        def run(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate names the planned time
            function()

        task = app.task(name=name, queue=HOUSEKEEPING, priority=90, queueing_lock=name)(run)
        app.periodic(cron=cron, periodic_id=name)(task)
        return function

    return enter


@contextmanager
def store_lock(store_id: int, lane: Lane) -> Iterator[bool]:
    """Whether this session holds the lane of a store now. It dies with the connection, so no killed worker keeps it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LANES[lane], store_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LANES[lane], store_id])


def drain(store_id: int, lane: Lane, *, work: Callable[[], bool], owed: Callable[[], bool]) -> bool:
    """Do `work` in the lane until nothing is owed, or until it says False; False when somebody else has the lane.

    Whoever finds the lane taken goes away, so the holder asks once more *after* letting go and sees what came between.
    """
    for _ in range(MAX_ROUNDS):
        with store_lock(store_id, lane) as mine:
            if not mine:
                return False
            goes_on = work()
        if not goes_on or not owed():
            return True
    return True


# --------------------------------------------------------------------------- working


def run_worker(*, concurrency: int = 8) -> None:
    """Work until SIGTERM or SIGINT, then finish what is running. Any number of workers may run, on any machines.

    Jobs are plain functions in a pool of `concurrency` threads; each thread keeps its database connection for the next.
    """
    asyncio.run(_work(concurrency))


async def _work(concurrency: int) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(concurrency + 1, thread_name_prefix="job"))
    if not isinstance(app.connector, DjangoConnector):
        raise TypeError("the engine is running already in this process")
    pool = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    with app.replace_connector(pool) as engine:
        async with engine.open_async():
            await engine.run_worker_async(
                concurrency=concurrency,
                fetch_job_polling_interval=POLL_SECONDS,
                abort_job_polling_interval=60.0,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_AFTER_SECONDS,
                shutdown_graceful_timeout=20.0,
                delete_jobs="successful",
            )


def rescue_stalled() -> int:
    """Put jobs of workers that died back in the queue; how many. The engine does not do it by itself.

    A job whose twin waits already (same queueing lock) is only dropped: the twin will look.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DROP_DOUBLED, {"seconds": STALLED_AFTER_SECONDS})
        dropped = int(cursor.rowcount)
        cursor.execute(_PUT_BACK, {"seconds": STALLED_AFTER_SECONDS})
        return dropped + int(cursor.rowcount)


def prune_jobs(*, hours: int) -> int:
    """Delete jobs that ended more than `hours` ago (successful ones go at once); how many."""
    with connection.cursor() as cursor:
        cursor.execute(_PRUNE, {"hours": hours})
        return int(cursor.rowcount)


_STALLED = """
SELECT job.id FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(seconds)s))
"""
_DROP_DOUBLED = f"""
DELETE FROM procrastinate_jobs job WHERE job.id IN ({_STALLED})
  AND (job.queueing_lock IS NULL OR EXISTS (
    SELECT FROM procrastinate_jobs twin
    WHERE twin.id <> job.id AND twin.queueing_lock = job.queueing_lock
      AND (twin.status = 'todo' OR (twin.status = 'doing' AND twin.id < job.id))))
"""  # noqa: S608 - put together from constants
_PUT_BACK = f"""
UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, scheduled_at = NULL, attempts = attempts + 1
WHERE id IN ({_STALLED})
"""  # noqa: S608 - put together from constants
_PRUNE = """
DELETE FROM procrastinate_jobs job
WHERE job.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
  AND NOT EXISTS (
    SELECT FROM procrastinate_events event
    WHERE event.job_id = job.id AND event.at > now() - make_interval(hours => %(hours)s))
"""
