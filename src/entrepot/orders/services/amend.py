"""An order was edited in the store: its new lines, totals and words are taken in, and the stock follows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import clip, new_ids
from entrepot.kernel.actor import Actor
from entrepot.orders.checks import check_draft, check_items
from entrepot.orders.drafts import LineDraft, OrderDraft
from entrepot.orders.entry import copy_lines, copy_totals, header_words, line_words, new_line
from entrepot.orders.errors import TooLateToAmend
from entrepot.orders.flow import open_to_change
from entrepot.orders.life import Event, locked_one, take, write_events
from entrepot.orders.lines import cover, lines_of
from entrepot.orders.models import Order, OrderLine, OrderTotal
from entrepot.orders.search import search_text
from entrepot.orders.services.fill import fill_after_commit
from entrepot.orders.turns import follow

HEAD = ("number", "base_currency", "currency", "rate", "total", "follows", "origin", "pickup")


@dataclass
class Edit:
    """What becomes of the lines of an order."""

    kept: list[OrderLine] = field(default_factory=list)
    added: list[OrderLine] = field(default_factory=list)
    removed: list[OrderLine] = field(default_factory=list)
    story: list[tuple[str, int, int]] = field(default_factory=list)
    """`(sku, quantity before, quantity after)` of each line whose need of stock changed."""


@transaction.atomic
def amend_order(*, seller_id: int, order_id: int, draft: OrderDraft, actor: Actor, now: datetime | None = None) -> bool:
    """Take in an order as the store has it now; False for a copy older than ours, which is ignored.

    A line is the same one when it has the same remote id and product, else the same product and variation (an edit may
    renumber lines); one that its store has canceled is canceled here. What a line no longer needs is free at once, what
    it needs more is set aside as far as it is there. An order that was with the warehouse and needs other goods now
    comes back from there.

    Raises:
        TooLateToAmend: It is packed, over, or being canceled.
        OrderInvalid: The draft cannot be an order.
        LineItemNotFound: A line names an item that is not this seller's.
        OrderNotFound: There is no such order of this seller.
    """
    check_draft(draft)
    check_items(seller_id, (line.item_id for line in draft.lines))
    order = locked_one(seller_id, order_id)
    if draft.remote_version < order.remote_version:
        return False
    if not open_to_change(order):
        raise TooLateToAmend(order_id=order_id, status=order.get_status_display())
    at = now or timezone.now()
    words = take_words(order, draft=draft)
    edit = _compare(order, lines_of(seller_id, [order_id])[order_id], draft.lines)
    _write_lines(order, edit, draft)
    if words or edit.story:
        event = Event(order.pk, "order.amended", order.status, order.status, {"words": words, "lines": edit.story})
        write_events([event], actor=actor, now=at)
    gone = [line.reference for line in edit.removed]
    stands = cover(seller_id, [order], actor=actor, gone=gone, reason="amended")[order.pk]
    if turn := follow(order, stands, recalled=bool(edit.story)):
        take([turn], actor=actor, now=at)
    freed = {line.item_id for line in edit.removed + edit.kept if line.item_id is not None} if edit.story else ()
    fill_after_commit(seller_id=seller_id, item_ids=freed, actor=actor)
    return True


@transaction.atomic
def amend_words(
    *, seller_id: int, order_id: int, draft: OrderDraft, actor: Actor, now: datetime | None = None
) -> list[str]:
    """Take in only the words and the money of an order as the store has them, where its goods are settled here.

    Tells what changed.

    Raises:
        OrderNotFound: There is no such order of this seller.
    """
    order = locked_one(seller_id, order_id)
    words = take_words(order, draft=draft)
    if words:
        event = Event(order.pk, "order.amended", order.status, order.status, {"words": words, "lines": []})
        write_events([event], actor=actor, now=now or timezone.now())
    return words


def take_words(order: Order, *, draft: OrderDraft) -> list[str]:
    """Write the head and the totals; the names of what changed."""
    before = {name: getattr(order, name) for name in (*HEAD, *header_words(draft))}
    for name in HEAD:
        setattr(order, name, getattr(draft, name))
    order.number = clip(draft.number, 80)
    for name, value in header_words(draft).items():
        setattr(order, name, json.loads(value) if value and name in {"shipping", "billing"} else value)
    order.remote_status_id, order.remote_version = clip(draft.remote_status_id, 40), draft.remote_version
    order.search_text = search_text(draft)
    order.version += 1
    order.save(update_fields=[*before, "remote_status_id", "remote_version", "search_text", "version", "updated_at"])
    totals = OrderTotal.objects.filter(order__seller_id=order.seller_id, order=order)
    shown = [(total.code, total.title, total.amount) for total in totals.order_by("position")]
    changed = [name for name, value in before.items() if value != getattr(order, name)]
    if shown != [(clip(total.code, 40), clip(total.title, 255), total.amount) for total in draft.totals]:
        totals.delete()
        copy_totals({order.pk: draft})
        changed.append("totals")
    return changed


def _compare(order: Order, lines: Sequence[OrderLine], drafts: Sequence[LineDraft]) -> Edit:
    edit = Edit()
    left = list(lines)
    pairs = [(draft, _pop(left, draft, by_id=True)) for draft in drafts]
    pairs = [(draft, found or _pop(left, draft, by_id=False)) for draft, found in pairs]
    for position, (draft, line) in enumerate(pairs, 1):
        if line is None:
            edit.added.append(new_line(0, order.pk, position, draft))
            edit.story.append((draft.sku, 0, 0 if draft.state == "canceled" else draft.quantity))
            continue
        before = line.item_id, line.quantity - line.canceled
        for name, value in line_words(draft).items():
            if name != "item_id" or value is not None:  # a match made by a person is not undone by the store
                setattr(line, name, value)
        line.position = position
        line.quantity = max(line.quantity, line.shipped)
        line.canceled = max(line.quantity - line.shipped, 0) if draft.state == "canceled" else 0
        edit.kept.append(line)
        needs = line.quantity - line.canceled
        if before != (line.item_id, needs):
            edit.story.append((line.sku, before[1], needs))
    edit.kept += [line for line in left if line.shipped]
    left = [line for line in left if not line.shipped]
    edit.removed = left
    edit.story += [(line.sku, line.quantity, 0) for line in left]
    return edit


def _pop(left: list[OrderLine], draft: LineDraft, *, by_id: bool) -> OrderLine | None:
    for line in left:
        same = line.product_remote_id == draft.product_remote_id and line.variation_key == draft.variation_key
        if same and (not by_id or line.remote_id == draft.remote_id):
            left.remove(line)
            return line
    return None


def _write_lines(order: Order, edit: Edit, draft: OrderDraft) -> None:
    rows = OrderLine.objects.filter(order__seller_id=order.seller_id, order=order)
    rows.filter(pk__in=[line.pk for line in edit.removed]).delete()
    words = [*line_words(draft.lines[0]), "canceled"] if draft.lines else []
    offset = 1 + max((position for position in rows.values_list("position", flat=True)), default=0) + len(draft.lines)
    for line in _clear_of(edit.kept, offset):  # positions are unique, so move them out of each other's way first
        line.save(update_fields=["position"])
    for line in _clear_of(edit.kept, -offset):
        line.save(update_fields=["position", *words])
    if edit.added:
        for line, line_id in zip(edit.added, new_ids("orders_orderline", len(edit.added)), strict=True):
            line.pk = line_id
        copy_lines(edit.added)


def _clear_of(lines: Iterable[OrderLine], offset: int) -> Iterable[OrderLine]:
    for line in lines:
        line.position += offset
        yield line
