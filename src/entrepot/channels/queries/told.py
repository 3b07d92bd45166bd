"""Questions an order page asks about its store: what it was told, and which carriers it knows."""

from collections.abc import Sequence

from entrepot.channels.models import RemoteCarrier, StatusDebt, Store


def told_of(*, seller_id: int, order_id: int) -> Sequence[StatusDebt]:
    """Everything the store was told of an order, or is still to be told, oldest first."""
    return list(StatusDebt.objects.filter(seller_id=seller_id, order_id=order_id).order_by("id"))


def carriers(*, seller_id: int, store_id: int) -> Sequence[RemoteCarrier]:
    """The carriers a store lists, its own first choice before the others; empty where any name will do."""
    rows = RemoteCarrier.objects.filter(store__seller_id=seller_id, store_id=store_id)
    return list(rows.order_by("-is_default", "name", "id"))


def store_of(*, seller_id: int, channel_id: int) -> Store | None:
    """The store behind a sales channel; None for one without."""
    return Store.objects.filter(seller_id=seller_id, pk=channel_id).select_related("sales_channel").first()
