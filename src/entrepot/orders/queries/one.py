"""Questions about one order, its lines, and the channels orders come from."""

from collections.abc import Mapping, Sequence

from django.db.models import Prefetch, Q

from entrepot.kernel.errors import NotFound
from entrepot.orders.models import Order, OrderClaim, OrderLine, OrderNote, OrderTotal, SalesChannel, Status


def order(*, seller_id: int, order_id: int, channel_ids: Sequence[int] | None = None) -> Order:
    """One order with lines (and their items), totals, claims, events and notes.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see its channel.
    """
    rows = Order.objects.filter(seller_id=seller_id, id=order_id).select_related("sales_channel")
    if channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=channel_ids)
    lines = OrderLine.objects.select_related("item").order_by("position")
    found = rows.prefetch_related(
        Prefetch("lines", queryset=lines),
        Prefetch("totals", queryset=OrderTotal.objects.order_by("position")),
        Prefetch("notes", queryset=OrderNote.objects.order_by("-id")),
        Prefetch("claims", queryset=OrderClaim.objects.order_by("id")),
        "events",
    ).first()
    if found is None:
        raise NotFound
    return found


def parts_of(*, seller_id: int, order: Order) -> Sequence[Order]:
    """The other parts of the same order in its store: the one it follows first, then those that follow that."""
    whole = order.follows or order.remote_id
    same = Order.objects.filter(seller_id=seller_id, sales_channel_id=order.sales_channel_id)
    return list(same.filter(Q(remote_id=whole) | Q(follows=whole)).exclude(pk=order.pk).order_by("follows", "id"))


def order_head(*, seller_id: int, order_id: int, channel_ids: Sequence[int] | None = None) -> Order:
    """One order's own row.

    Raises:
        NotFound: There is none, it is another seller's, or the person may not see its channel.
    """
    rows = Order.objects.filter(seller_id=seller_id, id=order_id).select_related("sales_channel")
    if channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=channel_ids)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def version_for_update(*, seller_id: int, order_id: int) -> int | None:
    """The order's version, its row locked until the transaction ends; None when there is no such order."""
    rows = Order.objects.select_for_update(no_key=True).filter(seller_id=seller_id, id=order_id)
    return rows.values_list("version", flat=True).first()


def order_line(*, seller_id: int, line_id: int) -> OrderLine:
    """One line of one of the seller's orders.

    Raises:
        NotFound: There is none, or it is another seller's.
    """
    found = OrderLine.objects.filter(order__seller_id=seller_id, id=line_id).select_related("order").first()
    if found is None:
        raise NotFound
    return found


def lines_by_reference(*, seller_id: int, references: Sequence[str]) -> Mapping[str, OrderLine]:
    """The order lines behind stock references such as `line:12`."""
    ids = [int(text[5:]) for text in references if text.startswith("line:") and text[5:].isdigit()]
    rows = OrderLine.objects.filter(order__seller_id=seller_id, id__in=ids).select_related("order")
    return {row.reference: row for row in rows}


def sales_channels(*, seller_id: int, channel_ids: Sequence[int] | None = None) -> Sequence[SalesChannel]:
    """The seller's channels by name."""
    rows = SalesChannel.objects.filter(seller_id=seller_id)
    if channel_ids is not None:
        rows = rows.filter(id__in=channel_ids)
    return list(rows.order_by("name"))


def offline_channels(*, seller_id: int, channel_ids: Sequence[int] | None = None) -> Sequence[SalesChannel]:
    """Channels without an API, for hand-made orders; of those somebody works for (None = all of them)."""
    rows = SalesChannel.objects.filter(seller_id=seller_id, kind="offline")
    if channel_ids is not None:
        rows = rows.filter(pk__in=channel_ids)
    return list(rows.order_by("name"))


WAITING = (Status.NEW, Status.PARTIAL, Status.RFP, Status.READY_TO_SHIP, Status.ON_HOLD)
