"""Is everything well? Each check answers in plain words, and says what to do when it is not."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.db import connection
from django.utils import timezone

from entrepot.accounts.models import User
from entrepot.channels import credentials
from entrepot.channels.models import Problem, Store
from entrepot.kernel.crypto import KeyMissing, SealBroken
from entrepot.kernel.errors import EntrepotError
from entrepot.project.prepare import waiting_migrations

Health = Literal["good", "warning", "bad"]
OLDEST_JOB = timedelta(seconds=60)
LARGEST_CLOCK_GAP = timedelta(seconds=5)
ORDERS_ARE_LATE_AFTER = timedelta(minutes=15)
CONSENT_IS_SHORT = timedelta(days=5)
"""It is renewed seven days before its end, every hour."""
LITTLE_SPACE = 1_000_000_000
TOO_LITTLE_SPACE = 100_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    check: str
    health: Health
    words: str


def examine() -> Iterator[Finding]:
    """Every check in order. One that breaks is itself a bad finding and does not stop the others."""
    for name, check in CHECKS.items():
        try:
            yield from (Finding(name, health, words) for health, words in check())
        except EntrepotError as error:
            yield Finding(name, "bad", str(error))


Answers = Iterator[tuple[Health, str]]


def _database() -> Answers:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))")
        version, size = cursor.fetchone()
    yield "good", f"PostgreSQL {version}, {size}"


def _migrations() -> Answers:
    if waiting := waiting_migrations():
        yield "bad", f"{len(waiting)} migrations are waiting ({waiting[0]} …). Run `entrepot migrate`."
    else:
        yield "good", "the tables are this version's"


def _keys() -> Answers:
    yield "good", f"{len(settings.SECRET_KEYS)} key(s)"
    for store in Store.objects.select_related("sales_channel"):
        try:
            credentials.opened(store)
            credentials.opened_grant(store)
        except (KeyMissing, SealBroken) as error:
            yield "bad", f"store {store.sales_channel.name}: {error.message}"


def _people() -> Answers:
    if User.objects.filter(is_active=True).exists():
        yield "good", "somebody can sign in"
    else:
        yield "warning", "nobody can sign in yet. `entrepot up` prints the first owner's link."


def _engine() -> Answers:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'")
        workers = cursor.fetchone()[0]
        cursor.execute(_OLDEST_JOB)
        waiting, age = cursor.fetchone()
    if not workers:
        yield "bad", "no worker runs, so nothing is imported or pushed. Start `entrepot up` or `entrepot worker`."
    else:
        yield "good", f"{workers} worker(s)"
    if age and age > OLDEST_JOB:
        yield "warning", f"{waiting} jobs wait, the oldest for {_spoken(age)}. More workers, or look at the problems."


_OLDEST_JOB = """
SELECT count(*), max(now() - coalesce(job.scheduled_at, due.at)) FROM procrastinate_jobs job
LEFT JOIN LATERAL (
    SELECT min(event.at) AS at FROM procrastinate_events event WHERE event.job_id = job.id AND event.type = 'deferred'
) due ON true
WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
"""


def _stores() -> Answers:
    stores = list(Store.objects.select_related("sales_channel").exclude(state=Store.State.DISCONNECTED))
    if not stores:
        yield "good", "no store is connected"
    if any(store.grant_ends_at for store in stores) and not settings.PUBLIC_URL.startswith("https://"):
        words = "stores that ask their owner and announce orders need an https address of Entrepot; it is "
        yield "warning", f"{words}{settings.PUBLIC_URL} (ENTREPOT_PUBLIC_URL)"
    for store in stores:
        name = store.sales_channel.name
        problems = Problem.objects.filter(store=store, resolved_at=None).count()
        ends = store.grant_ends_at and store.grant_ends_at - timezone.now()
        late = store.orders_seen_at and timezone.now() - store.orders_seen_at > ORDERS_ARE_LATE_AFTER
        if store.state == Store.State.BROKEN:
            yield "bad", f"{name} needs attention ({store.state_reason or 'see its page'})"
        elif store.state == Store.State.LIVE and late:
            age = timezone.now() - (store.orders_seen_at or timezone.now())
            yield "warning", f"{name}: orders were last read {_spoken(age)} ago"
        elif ends and ends < CONSENT_IS_SHORT:
            yield (
                "warning",
                f"{name}: its owner's consent ends on {store.grant_ends_at:%d %B} and was not renewed. Is a worker up?",
            )
        elif problems:
            yield "warning", f"{name} is {store.state}, {problems} open problem(s)"
        else:
            yield "good", f"{name} is {store.state}"


def _clock() -> Answers:
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
    gap = max(before - there, there - timezone.now(), timedelta())
    if gap > LARGEST_CLOCK_GAP:
        yield (
            "bad",
            f"this machine and the database differ by {_spoken(gap)}. Set both by NTP; stores refuse wrong clocks.",
        )
    else:
        yield "good", "this machine and the database agree"


def _disk() -> Answers:
    free = shutil.disk_usage(settings.HOME if settings.HOME.exists() else settings.HOME.parent).free
    words = f"{free / 1e9:.1f} GB free at {settings.HOME}"
    yield "bad" if free < TOO_LITTLE_SPACE else "warning" if free < LITTLE_SPACE else "good", words


def _spoken(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} minutes" if minutes else f"{int(age.total_seconds())} seconds"


CHECKS: dict[str, Callable[[], Answers]] = {
    "database": _database,
    "migrations": _migrations,
    "keys": _keys,
    "people": _people,
    "engine": _engine,
    "stores": _stores,
    "clock": _clock,
    "disk": _disk,
}
