"""A manager decides about the differences of a count: they change the books, or the books stay."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from entrepot.inventory.bins import NO_BIN
from entrepot.inventory.errors import NotThere, ReasonMissing
from entrepot.inventory.models import Stock
from entrepot.inventory.services import Correction, correct
from entrepot.kernel.actor import Actor
from entrepot.orders.services import recount
from entrepot.orders.services.fill import fill_after_commit
from entrepot.warehouse.counting import differences, in_state, locked_count, place_name, story, take
from entrepot.warehouse.errors import CountOutdated, NotInCount
from entrepot.warehouse.models import Count, CountLine

State = CountLine.State


@transaction.atomic
def approve_count(
    *,
    seller_id: int,
    count_id: int,
    reason: str,
    actor: Actor,
    line_ids: Sequence[int] | None = None,
    now: datetime | None = None,
) -> Count:
    """Let differences (None = all that wait) change their bins and what is on hand, saying why; all or nothing.

    What is added or taken is the difference found when it was counted, so whatever moved since stays moved. The count
    is done when nothing waits any more.

    Raises:
        ReasonMissing: No reason was given.
        StockIsReserved: Less of an item would be on hand than is set aside for orders.
        CountOutdated: A bin holds less by now than it should fall by.
        BinClosed: A bin that should hold more was closed since.
        NotInCount: A line does not wait for approval in this count.
        CountOver: The count does not wait for approval.
        CountNotFound: There is no such count of this seller.
    """
    if not reason.strip():
        raise ReasonMissing(field="reason", reason="")
    count, lines = _waiting(seller_id, count_id, line_ids)
    apart = differences(lines)
    changes = [Correction(line.item_id, line.bin_id, apart[line.pk]) for line in lines if line.item_id is not None]
    try:
        correct(
            seller_id=seller_id,
            warehouse_id=count.warehouse_id,
            corrections=changes,
            reference=f"count:{count.pk}",
            reason=reason,
            actor=actor,
        )
    except NotThere as late:
        words = {name: late.fields[name] for name in ("sku", "bin", "there")}
        raise CountOutdated(str(late), **words, missing=late.fields["wanted"]) from late
    _decide(lines, State.APPROVED, reason, actor)
    _end_if_all_is_decided(count, now)
    changed = {str(one.item_id): one.delta for one in changes}
    story(count, "warehouse.approve_count", actor, changed=changed, reason=reason[:300])
    fill_after_commit(seller_id=seller_id, item_ids=[one.item_id for one in changes if one.delta > 0], actor=actor)
    return count


@transaction.atomic
def approve_taking_back(
    *, seller_id: int, count_id: int, line_id: int, reason: str, actor: Actor, now: datetime | None = None
) -> Sequence[int]:
    """Approve one difference that `approve_count` refused because orders wait for the goods (StockIsReserved).

    The newest orders give back what is missing and are Partial; tells which. Packed parcels keep theirs.

    Raises:
        ReasonMissing: No reason was given.
        PackedStockMissing: What lies in packed parcels alone is more than would be left.
        CountOutdated: The bin holds less by now than it should fall by, or stock moved in this very moment; repeat it.
        NotInCount: The line does not wait for approval in this count.
        CountOver: The count does not wait for approval.
        CountNotFound: There is no such count of this seller.
    """
    if not reason.strip():
        raise ReasonMissing(field="reason", reason="")
    count, [line] = _waiting(seller_id, count_id, [line_id])
    delta = differences([line])[line.pk]
    place = {"seller_id": seller_id, "warehouse_id": count.warehouse_id}
    stock = Stock.objects.select_related("item").get(item=line.item, **place)
    words = {"sku": stock.item.sku, "bin": place_name(count, line.bin_id), "missing": str(-delta)}
    try:
        done = recount(
            seller_id=seller_id,
            item_id=stock.item_id,
            on_hand=stock.on_hand + delta,
            reason=reason,
            actor=actor,
            warehouse_id=count.warehouse_id,
            bin_id=line.bin_id or NO_BIN,
            now=now,
        )
    except NotThere as late:
        raise CountOutdated(str(late), there=late.fields["there"], **words) from late
    if done.difference != delta:  # its stock moved between our look and the lock: nothing of this may stand
        raise CountOutdated(there=stock.on_hand, **words)
    _decide([line], State.APPROVED, reason, actor)
    _end_if_all_is_decided(count, now)
    told = {"changed": {str(stock.item_id): delta}, "orders": list(done.order_ids), "reason": reason[:300]}
    story(count, "warehouse.approve_count", actor, **told)
    return done.order_ids


@transaction.atomic
def drop_differences(
    *,
    seller_id: int,
    count_id: int,
    reason: str,
    actor: Actor,
    line_ids: Sequence[int] | None = None,
    now: datetime | None = None,
) -> Count:
    """Leave the books as they are (None = for all that wait), saying why.

    Raises:
        ReasonMissing: No reason was given.
        NotInCount: A line does not wait for approval in this count.
        CountOver: The count does not wait for approval.
        CountNotFound: There is no such count of this seller.
    """
    if not reason.strip():
        raise ReasonMissing(field="reason", reason="")
    count, lines = _waiting(seller_id, count_id, line_ids)
    _decide(lines, State.DROPPED, reason, actor)
    _end_if_all_is_decided(count, now)
    story(count, "warehouse.drop_differences", actor, lines=len(lines), reason=reason[:300])
    return count


def _waiting(seller_id: int, count_id: int, line_ids: Sequence[int] | None) -> tuple[Count, list[CountLine]]:
    count = in_state(locked_count(seller_id, count_id), Count.State.TO_APPROVE)
    rows = CountLine.objects.filter(count=count, state=State.COUNTED).order_by("id")
    lines = list(rows if line_ids is None else rows.filter(pk__in=line_ids))
    if line_ids is not None and len(lines) != len(set(line_ids)):
        raise NotInCount(field="line_ids", reason="", what="A line", number=count.number)
    return count, lines


def _decide(lines: Sequence[CountLine], state: str, reason: str, actor: Actor) -> None:
    CountLine.objects.filter(pk__in=[line.pk for line in lines]).update(
        state=state, reason=reason.strip()[:300], decided_by=actor.label[:120]
    )


def _end_if_all_is_decided(count: Count, now: datetime | None) -> None:
    if not CountLine.objects.filter(count=count, state=State.COUNTED).exists():
        take(count, "agree", now)
