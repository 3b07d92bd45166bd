"""Long errands at a store as rows: started, moved on, suspended, finished. The row is what survives a crash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.models import Run, Store
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.services.trouble import words_of
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.errors import EntrepotError

OPEN = (Run.State.RUNNING, Run.State.WAITING)
TASKS: Mapping[str, str] = {
    Run.Kind.FIRST_IMPORT: "import_store",
    Run.Kind.PRODUCTS: "sync_products",
    Run.Kind.ORDERS: "pull_orders",
    Run.Kind.STOCK: "push_stock",
    Run.Kind.DRIFT: "check_drift",
}
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)
ATTEMPTS = "_attempts"
PHASE_STARTED = "_phase_started"
"""Keys of `Run.counts` that begin with an underscore are not results but the run's own notes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: `rate` a second in this phase, `seconds_left` where both it and the total are known."""

    done: int
    total: int | None
    rate: float | None
    seconds_left: float | None


def progress(run: Run) -> Progress:
    """Work out a run's speed from its own notes; no query."""
    began = run.counts.get(PHASE_STARTED)
    if not began or run.progressed_at is None or run.done == 0:
        return Progress(run.done, run.total, None, None)
    elapsed = (run.progressed_at - datetime.fromisoformat(began["at"])).total_seconds()
    moved = run.done - int(began["done"])
    rate = moved / elapsed if elapsed > 0 and moved > 0 else None
    left = None if rate is None or run.total is None else max(run.total - run.done, 0) / rate
    return Progress(run.done, run.total, rate, left)


def results(run: Run) -> dict[str, Any]:
    """What a run counted, without its own notes."""
    return {name: value for name, value in run.counts.items() if not name.startswith("_")}


def start_run(*, store: Store, kind: str, actor: Actor, facts: Mapping[str, Any] | None = None) -> Run:
    """Begin a run of this kind, or answer the one that is open. Its task is woken when the transaction commits."""
    open_run = Run.objects.filter(store=store, kind=kind, state__in=OPEN)
    try:
        with transaction.atomic():
            run = open_run.first() or Run.objects.create(
                seller_id=store.seller_id,
                store=store,
                kind=kind,
                started_by=str(actor)[:120],
                started_at=timezone.now(),
                counts=dict(facts or {}),
            )
    except IntegrityError:
        run = open_run.get()
    engine.wake(TASKS[kind], store.pk)
    announce(store.seller_id, f"store:{store.pk}")
    return run


def begin_phase(*, run: Run, phase: str, done: int = 0, total: int | None = None) -> None:
    """Enter a phase at its start, with an empty cursor."""
    now = timezone.now()
    run.phase, run.cursor, run.done, run.total = phase, "", done, total
    note_start(run=run, now=now)
    run.progressed_at = now
    run.save(update_fields=["phase", "cursor", "done", "total", "counts", "progressed_at"])
    announce(run.seller_id, f"run:{run.pk}")


def note_start(*, run: Run, now: datetime) -> None:
    """Measure the speed from here: a run that went on after a night's pause is not slow. Not saved."""
    run.counts[PHASE_STARTED] = {"at": now.isoformat(), "done": run.done}


def move_on(*, run: Run, cursor: str, done: int, counts: Mapping[str, int] | None = None) -> None:
    """Write how far the run is. In the transaction that wrote the page, so that both are there or neither."""
    for name, more in (counts or {}).items():
        run.counts[name] = run.counts.get(name, 0) + more
    run.counts.pop(ATTEMPTS, None)
    run.cursor, run.done, run.progressed_at = cursor, done, timezone.now()
    run.state, run.error_code, run.error_detail = Run.State.RUNNING, "", ""
    run.save(
        update_fields=["cursor", "done", "total", "counts", "progressed_at", "state", "error_code", "error_detail"]
    )
    announce(run.seller_id, f"run:{run.pk}")


@transaction.atomic
def suspend(*, run: Run, error: EntrepotError) -> datetime:
    """The store does not answer now: wait, longer each time; when it goes on."""
    run.refresh_from_db()
    if run.state not in OPEN:
        return timezone.now()
    attempts = int(run.counts.get(ATTEMPTS, 0))
    run.counts[ATTEMPTS] = attempts + 1
    now = timezone.now()
    run.state, run.progressed_at = Run.State.WAITING, now
    run.error_code, run.error_detail = error.code[:40], f"{words_of(error)['reason']}\n{error.detail}".strip()[:2000]
    run.save(update_fields=["state", "counts", "progressed_at", "error_code", "error_detail"])
    announce(run.seller_id, f"run:{run.pk}")
    again = now + _pause(attempts)
    engine.defer_at(TASKS[run.kind], run.store_id, again)
    return again


def _pause(attempts: int) -> timedelta:
    return min(FIRST_RETRY * (1 << min(attempts, 12)), LONGEST_RETRY)


def due(run: Run, *, now: datetime) -> bool:
    """Whether an open run should be going on: it waits out its pause after trouble, else always."""
    if run.state != Run.State.WAITING or run.progressed_at is None:
        return run.state in OPEN
    attempts = max(int(run.counts.get(ATTEMPTS, 1)) - 1, 0)
    return now >= run.progressed_at + _pause(attempts)


@transaction.atomic
def stop(*, run: Run, error: EntrepotError) -> None:
    """The run cannot go on by itself: a person is told, and Retry goes on at the page it had reached."""
    run.state = Run.State.FAILED
    run.finished_at = timezone.now()
    run.error_code, run.error_detail = error.code[:40], f"{words_of(error)['reason']}\n{error.detail}".strip()[:2000]
    run.save(update_fields=["state", "finished_at", "error_code", "error_detail"])
    open_problem(
        seller_id=run.seller_id,
        store_id=run.store_id,
        code="import_stopped",
        object_type="run",
        object_id=run.pk,
        fields=words_of(error),
        detail=error.detail,
    )
    announce(run.seller_id, f"run:{run.pk}")


@transaction.atomic
def finish(*, run: Run) -> None:
    """The run is done; what stood against it is settled."""
    run.state, run.phase, run.cursor = Run.State.DONE, "done", ""
    run.finished_at = run.progressed_at = timezone.now()
    run.error_code = run.error_detail = ""
    run.save(
        update_fields=[
            "state",
            "phase",
            "cursor",
            "finished_at",
            "progressed_at",
            "error_code",
            "error_detail",
            "counts",
        ]
    )
    resolve_problems(seller_id=run.seller_id, object_type="run", object_id=run.pk, actor=SYSTEM)
    announce(run.seller_id, f"run:{run.pk}")
    announce(run.seller_id, f"store:{run.store_id}")


@transaction.atomic
def resume_run(*, run: Run, actor: Actor) -> Run:
    """Have a stopped run go on where it was, unless a newer one of its kind is open."""
    newer = Run.objects.filter(store_id=run.store_id, kind=run.kind, state__in=OPEN).first()
    if newer is None and run.state == Run.State.FAILED:
        run.state, run.finished_at = Run.State.RUNNING, None
        run.counts.pop(ATTEMPTS, None)
        run.save(update_fields=["state", "finished_at", "counts"])
        newer = run
    resolve_problems(seller_id=run.seller_id, object_type="run", object_id=run.pk, actor=actor)
    engine.wake(TASKS[run.kind], run.store_id)
    announce(run.seller_id, f"run:{run.pk}")
    return newer or run


def cancel_runs(*, store: Store, actor: Actor) -> int:
    """End the store's open runs; how many. What they took in stays."""
    ended = Run.objects.filter(store=store, state__in=OPEN).update(
        state=Run.State.CANCELED, finished_at=timezone.now(), error_detail=f"Ended by {actor}."
    )
    if ended:
        announce(store.seller_id, f"store:{store.pk}")
    return ended


def importing(store: Store) -> bool:
    """Whether the store's first import is still under way (or stopped before its end)."""
    first = _newest_import(store)
    return first is not None and first.state != Run.State.DONE


def import_done(store: Store) -> bool:
    """Whether the first import has come to its end since the store was last connected.

    A shop that was disconnected for a month has sold meanwhile: it is read before it is told anything.
    """
    first = _newest_import(store)
    return first is not None and first.state == Run.State.DONE


def _newest_import(store: Store) -> Run | None:
    return Run.objects.filter(store=store, kind=Run.Kind.FIRST_IMPORT).order_by("-pk").first()


def wake_up(*, run: Run) -> None:
    """A run goes on (after a crash, a pause, a suspension): measured anew, its trouble forgotten."""
    note_start(run=run, now=timezone.now())
    run.state, run.error_code, run.error_detail = Run.State.RUNNING, "", ""
    run.save(update_fields=["state", "counts", "error_code", "error_detail"])
