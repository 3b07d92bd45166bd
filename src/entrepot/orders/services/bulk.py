"""Deeds for many orders as rows: planned, settled one order at a time, stopped, tried again. What is done is above.

Whoever carries one settles each order in a transaction of its own that also marks its row, so a killed worker leaves
every order either done and marked, or neither.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from entrepot.catalog.rows import as_json, clip, fetch, run
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.orders.bulk_errors import (
    BulkNotFound,
    DeedNotOpen,
    NoOrdersChosen,
    NothingRefused,
    TooManyOrders,
    UnexpectedTrouble,
)
from entrepot.orders.models import Bulk, BulkFile, BulkItem, Order

log = structlog.get_logger(__name__)

MOST: Final = 100_000
OPEN: Final = (Bulk.State.WAITING, Bulk.State.RUNNING)
FILE_DAYS: Final = 7
"""Files hold buyers' names and addresses: they are kept no longer than somebody needs to fetch them."""
CHOSEN = """
INSERT INTO orders_bulkitem (bulk_id, order_id, state, error_code, error_fields)
SELECT %s, o.id, 'waiting', '', '{}' FROM unnest(%s::bigint[]) WITH ORDINALITY AS t(id, place)
JOIN orders_order o ON o.id = t.id AND o.seller_id = %s
WHERE %s::bigint[] IS NULL OR o.sales_channel_id = ANY(%s::bigint[])
ORDER BY t.place
ON CONFLICT DO NOTHING
"""
FITTING = """
INSERT INTO orders_bulkitem (bulk_id, order_id, state, error_code, error_fields)
SELECT %s, fitting.id, 'waiting', '', '{{}}' FROM ({rows}) AS fitting(id)
"""
SETTLED = """
UPDATE orders_bulkitem SET state = %s, error_code = %s, error_fields = %s, done_at = %s WHERE id = %s
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which orders are meant: by their `ids`, in that order, or all `rows` of a list, of channels one may see."""

    ids: Sequence[int] = ()
    rows: QuerySet[Order] | None = None
    channel_ids: Sequence[int] | None = None


@transaction.atomic
def plan_bulk(
    *,
    seller_id: int,
    kind: str,
    facts: Mapping[str, Any],
    chosen: Chosen,
    actor: Actor,
    now: datetime | None = None,
) -> Bulk:
    """Write down a deed and the orders it is for, with one statement whatever their number.

    Raises:
        NoOrdersChosen: None of them is this seller's, or one this person may see.
        TooManyOrders: They are more than go at once; nothing was written.
    """
    bulk = _written(seller_id, kind, facts, actor, now)
    bulk.total = _choose(bulk, chosen)
    if not bulk.total:
        raise NoOrdersChosen(field="order", reason="")
    if bulk.total > MOST:
        raise TooManyOrders(count=bulk.total, most=MOST)
    bulk.save(update_fields=["total"])
    return bulk


def _choose(bulk: Bulk, chosen: Chosen) -> int:
    if chosen.rows is None:
        ids = list(dict.fromkeys(chosen.ids))
        if len(ids) > MOST:
            raise TooManyOrders(count=len(ids), most=MOST)
        seen = None if chosen.channel_ids is None else list(chosen.channel_ids)
        return run(CHOSEN, [bulk.pk, ids, bulk.seller_id, seen, seen])
    rows = chosen.rows.filter(seller_id=bulk.seller_id)
    if chosen.channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=chosen.channel_ids)
    ordered = rows.order_by("placed_at", "id").values("id")[: MOST + 1]
    sql, words = ordered.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(FITTING.format(rows=sql), [bulk.pk, *words])
        return int(cursor.rowcount)


def draft_bulk(
    *, seller_id: int, kind: str, facts: Mapping[str, Any], total: int, actor: Actor, now: datetime | None = None
) -> Bulk:
    """Write down a deed that makes orders, for so many of them; it waits until a person has looked at it."""
    return _written(seller_id, kind, facts, actor, now, state=Bulk.State.DRAFT, total=total)


def _written(
    seller_id: int,
    kind: str,
    facts: Mapping[str, Any],
    actor: Actor,
    now: datetime | None,
    *,
    state: Bulk.State = Bulk.State.WAITING,
    total: int = 0,
) -> Bulk:
    return Bulk.objects.create(
        seller_id=seller_id,
        kind=kind,
        facts=dict(facts),
        state=state,
        total=total,
        actor_kind=actor.kind,
        actor_label=clip(actor.label, 120),
        user_id=actor.user_id,
        created_at=now or timezone.now(),
    )


def _locked(seller_id: int, bulk_id: int) -> Bulk:
    found = Bulk.objects.select_for_update().filter(seller_id=seller_id, pk=bulk_id).first()
    if found is None:
        raise BulkNotFound(bulk_id=bulk_id)
    return found


@transaction.atomic
def confirm_bulk(*, seller_id: int, bulk_id: int, actor: Actor) -> Bulk:
    """A person has looked: the deed may begin.

    Raises:
        BulkNotFound: There is none of this seller.
        DeedNotOpen: It has begun already, or was given up.
    """
    bulk = _locked(seller_id, bulk_id)
    if bulk.state != Bulk.State.DRAFT:
        raise DeedNotOpen(state=Bulk.State(bulk.state).label)
    bulk.state, bulk.facts["confirmed_by"] = Bulk.State.WAITING, actor.label
    bulk.save(update_fields=["state", "facts"])
    return bulk


# --------------------------------------------------------------------------- going on


def begin_bulk(*, bulk_id: int, actor: Actor, now: datetime | None = None) -> Bulk | None:  # noqa: ARG001 - every verb names its actor
    """Take an open deed up, or up again; None where it has ended or is not begun yet."""
    at = now or timezone.now()
    Bulk.objects.filter(pk=bulk_id, state=Bulk.State.WAITING, started_at=None).update(started_at=at)
    rows = Bulk.objects.filter(pk=bulk_id, state__in=OPEN)
    rows.update(state=Bulk.State.RUNNING)
    return rows.select_related("seller").first()


def waiting_items(bulk: Bulk, *, limit: int) -> list[BulkItem]:  # house: verb-signature reads what is left to do
    """The next orders of a deed; none where somebody has stopped it."""
    rows = BulkItem.objects.filter(bulk=bulk, bulk__state=Bulk.State.RUNNING, state=BulkItem.State.WAITING)
    return list(rows.order_by("id")[:limit])


def settle_item(*, item: BulkItem, deed: Callable[[int], object], actor: Actor) -> bool:  # noqa: ARG001 - the deed knows its actor
    """Do a deed to one order and mark its row, both or neither; False where another worker has it or had it.

    What the deed refuses is undone and kept with its reason. A fault of ours is kept as such, and the others go on.
    """
    with transaction.atomic():
        mine = BulkItem.objects.select_for_update(skip_locked=True).filter(pk=item.pk, state=BulkItem.State.WAITING)
        if not mine.exists():
            return False
        try:
            with transaction.atomic():
                deed(item.order_id)
            mark_item(item=item, state=BulkItem.State.DONE)
        except EntrepotError as error:
            mark_item(item=item, state=BulkItem.State.REFUSED, error=error)
        except OperationalError:
            raise
        except Exception:
            log.exception("bulk_item_failed", bulk=item.bulk_id, order=item.order_id)
            mark_item(item=item, state=BulkItem.State.REFUSED, error=UnexpectedTrouble())
    return True


def mark_item(
    *, item: BulkItem, state: str, error: EntrepotError | None = None
) -> None:  # house: verb-signature the book of a deed, whose actor is on it
    """Write what became of one order."""
    code = error.code if error else ""
    fields = {name: _plain(value) for name, value in error.fields.items()} if error else {}
    run(SETTLED, [state, clip(code, 60), as_json(fields), timezone.now(), item.pk])


def mark_done(*, items: Sequence[BulkItem]) -> None:  # house: verb-signature the book of a deed, whose actor is on it
    """Mark a batch that went into a file."""
    rows = BulkItem.objects.filter(pk__in=[item.pk for item in items], state=BulkItem.State.WAITING)
    rows.update(state=BulkItem.State.DONE, done_at=timezone.now())


def enter_items(  # house: verb-signature the book of a deed, whose actor is on it
    *, bulk: Bulk, found: Mapping[int, str]
) -> None:
    """Write down orders that the deed itself has made or met, `{order id: state}`; once each."""
    at = timezone.now()
    rows = [BulkItem(bulk=bulk, order_id=order_id, state=state, done_at=at) for order_id, state in found.items()]
    BulkItem.objects.bulk_create(rows, ignore_conflicts=True)


def count_items(*, bulk: Bulk) -> None:  # house: verb-signature the book of a deed, whose actor is on it
    """The orders a deed was for are those it met: somebody may have entered one of them meanwhile."""
    bulk.total = BulkItem.objects.filter(bulk=bulk).count()
    bulk.save(update_fields=["total"])


def is_going(bulk: Bulk) -> bool:  # house: verb-signature reads whether somebody has stopped it
    """Whether nobody has stopped the deed."""
    return Bulk.objects.filter(pk=bulk.pk, state=Bulk.State.RUNNING).exists()


@transaction.atomic
def give_up(*, bulk: Bulk, error: EntrepotError, actor: Actor) -> None:  # noqa: ARG001 - every verb names its actor
    """End a deed that cannot go on as a whole; the page says why."""
    kept = Bulk.objects.select_for_update().get(pk=bulk.pk)
    kept.facts["error"] = [error.code, {name: _plain(value) for name, value in error.fields.items()}]
    at = timezone.now()
    left = BulkItem.objects.filter(bulk=kept, state=BulkItem.State.WAITING)
    left.update(state=BulkItem.State.SKIPPED, done_at=at)
    _close(kept, Bulk.State.STOPPED, at)


def begin_anew(*, bulk: Bulk) -> None:  # house: verb-signature a file that was not finished is begun again
    """Every order waits again: the file they went into was lost with its worker."""
    if not BulkFile.objects.filter(bulk=bulk, position__gt=0).exists():
        BulkItem.objects.filter(bulk=bulk).exclude(state=BulkItem.State.WAITING).update(state=BulkItem.State.WAITING)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def end_bulk(*, bulk_id: int, actor: Actor, now: datetime | None = None) -> bool:  # noqa: ARG001 - every verb names its actor
    """Close a deed whose every order is settled; whether it ended now."""
    with transaction.atomic():
        bulk = Bulk.objects.select_for_update().filter(pk=bulk_id, state__in=OPEN).first()
        if bulk is None or BulkItem.objects.filter(bulk=bulk, state=BulkItem.State.WAITING).exists():
            return False
        _close(bulk, Bulk.State.DONE, now or timezone.now())
    return True


def _close(bulk: Bulk, state: Bulk.State, at: datetime) -> None:
    """Once it has ended its figures stand still, so they are written down and no list counts them again."""
    bulk.state, bulk.ended_at = state, at
    bulk.facts["counts"] = counted([bulk.pk])[bulk.pk]
    bulk.save(update_fields=["state", "ended_at", "facts"])


def counted(bulk_ids: Sequence[int]) -> dict[int, dict[str, int]]:  # house: verb-signature reads how far deeds are
    """How many orders of each deed stand at each state."""
    found: dict[int, dict[str, int]] = {bulk_id: {} for bulk_id in bulk_ids}
    rows = BulkItem.objects.filter(bulk_id__in=bulk_ids).values("bulk_id", "state").annotate(n=Count("id"))
    for row in rows.order_by("bulk_id"):
        found[row["bulk_id"]][row["state"]] = row["n"]
    return found


def open_bulks() -> list[int]:  # house: verb-signature the engine's tick asks
    """Deeds that go on, oldest first."""
    return list(Bulk.objects.filter(state__in=OPEN).order_by("id").values_list("pk", flat=True))


# --------------------------------------------------------------------------- a person's word


@transaction.atomic
def stop_bulk(*, seller_id: int, bulk_id: int, actor: Actor, now: datetime | None = None) -> int:
    """Do no more of a deed; how many orders are left out. What is done stays done.

    Raises:
        BulkNotFound: There is none of this seller.
        DeedNotOpen: It has ended.
    """
    bulk = _locked(seller_id, bulk_id)
    if bulk.state not in {*OPEN, Bulk.State.DRAFT}:
        raise DeedNotOpen(state=Bulk.State(bulk.state).label)
    at = now or timezone.now()
    left = BulkItem.objects.filter(bulk=bulk, state=BulkItem.State.WAITING)
    skipped = left.update(state=BulkItem.State.SKIPPED, done_at=at)
    bulk.facts["stopped_by"] = actor.label
    _close(bulk, Bulk.State.STOPPED, at)
    return skipped


@transaction.atomic
def plan_again(*, seller_id: int, bulk_id: int, actor: Actor) -> Bulk:
    """The same deed for those orders that were refused or left out.

    Raises:
        BulkNotFound: There is none of this seller.
        NothingRefused: Every order was done.
    """
    before = Bulk.objects.filter(seller_id=seller_id, pk=bulk_id).first()
    if before is None:
        raise BulkNotFound(bulk_id=bulk_id)
    again = BulkItem.objects.filter(bulk=before, state__in=[BulkItem.State.REFUSED, BulkItem.State.SKIPPED])
    ids = list(again.order_by("id").values_list("order_id", flat=True))
    if not ids:
        raise NothingRefused
    facts = {name: value for name, value in before.facts.items() if name not in {"stopped_by", "counts", "error"}}
    facts["again"] = before.pk
    return plan_bulk(seller_id=seller_id, kind=before.kind, facts=facts, chosen=Chosen(ids), actor=actor)


# --------------------------------------------------------------------------- files


def keep_file(  # house: verb-signature a file of a deed, whose actor is on it
    *, bulk: Bulk, name: str, kind: str, content: bytes, position: int | None = None
) -> BulkFile:
    """Keep what a deed made, after what it made before; what it was given stands at 0."""
    if position is None:
        last = BulkFile.objects.filter(bulk=bulk).order_by("-position").values_list("position", flat=True).first()
        position = (last or 0) + 1
    kept, _made = BulkFile.objects.update_or_create(
        bulk=bulk,
        position=position,
        defaults={"name": name, "kind": kind, "content": content, "made_at": timezone.now()},
    )
    return kept


def forget_files(*, actor: Actor, now: datetime | None = None) -> int:  # noqa: ARG001 - every verb names its actor
    """Delete files past their time; how many."""
    old = (now or timezone.now()) - timedelta(days=FILE_DAYS)
    gone = fetch("DELETE FROM orders_bulkfile WHERE made_at < %s RETURNING id", [old])
    return len(gone)
