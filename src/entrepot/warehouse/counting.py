"""Where counts begin, are locked, move on, and tell what happened to them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.inventory.ledger import Figures, lock
from entrepot.inventory.models import Bin, BinStock
from entrepot.kernel.actor import Actor
from entrepot.kernel.flow import MoveRefused
from entrepot.warehouse.errors import CountNotFound, CountOver
from entrepot.warehouse.flow import COUNT_FLOW
from entrepot.warehouse.models import Count, CountLine


def locked_count(seller_id: int, count_id: int) -> Count:
    """Lock a count.

    Raises:
        CountNotFound: There is no such count of this seller.
    """
    found = Count.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=count_id).first()
    if found is None:
        raise CountNotFound(count_id=count_id)
    return found


def in_state(count: Count, *states: str) -> Count:
    """Go on only where the count stands at one of these states.

    Raises:
        CountOver: It stands elsewhere.
    """
    if count.state not in states:
        raise CountOver(number=count.number, state=count.get_state_display())
    return count


def take(count: Count, move: str, now: datetime | None = None) -> None:
    """Take a count one step along its flow.

    Raises:
        CountOver: The step does not start where it stands.
    """
    try:
        count.state = COUNT_FLOW.target(move, count.state)
    except MoveRefused as refused:
        raise CountOver(str(refused), number=count.number, state=count.get_state_display()) from refused
    if count.state in COUNT_FLOW.final:
        count.closed_at = now or timezone.now()
    count.save(update_fields=["state", "closed_at"])


def by_the_books(count: Count, bin_id: int | None, item_ids: Iterable[int]) -> dict[int, int]:
    """What the books say of these items in a bin (None = in no bin) at this moment; their stock rows stay locked."""
    items = sorted(set(item_ids))
    figures: Figures = lock(count.seller_id, items)
    if bin_id is None:
        keys = {item_id: figures.get((item_id, count.warehouse_id)) for item_id in items}
        return {item_id: found.unlocated if found else 0 for item_id, found in keys.items()}
    rows = BinStock.objects.filter(seller_id=count.seller_id, bin_id=bin_id, item_id__in=items)
    there = dict(rows.values_list("item_id", "quantity"))
    return {item_id: there.get(item_id, 0) for item_id in items}


def lying_in(count: Count, bin_ids: Iterable[int]) -> dict[int, list[int]]:
    """The items that lie in these bins, `{bin: [item, …]}`, every bin named."""
    found: dict[int, list[int]] = {bin_id: [] for bin_id in bin_ids}
    rows = BinStock.objects.filter(seller_id=count.seller_id, bin_id__in=found, quantity__gt=0).order_by("item_id")
    for bin_id, item_id in rows.values_list("bin_id", "item_id"):
        found[bin_id].append(item_id)
    return found


def place_name(count: Count, bin_id: int | None) -> str:
    """The label of a bin, for a sentence; "–" = no bin."""
    if bin_id is None:
        return "–"
    rows = Bin.objects.filter(seller_id=count.seller_id, warehouse_id=count.warehouse_id, pk=bin_id)
    return rows.values_list("code", flat=True).first() or "–"


def differences(lines: Iterable[CountLine]) -> Mapping[int, int]:
    """`{line id: counted - expected}` of lines that were counted."""
    return {
        line.pk: line.counted - line.expected
        for line in lines
        if line.counted is not None and line.expected is not None
    }


def story(count: Count, verb: str, actor: Actor, **facts: object) -> None:
    """Write one line about a count."""
    audit(
        seller_id=count.seller_id,
        actor=actor,
        verb=verb,
        object_type="count",
        object_id=count.pk,
        facts={"number": count.number, **facts},
    )
