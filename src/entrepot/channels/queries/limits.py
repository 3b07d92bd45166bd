"""Questions about the call limit of a store, which it may share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from entrepot.channels.models import Limit, Store


@dataclass(frozen=True, slots=True)
class LimitNow:
    """`tat`: the bucket's theoretical arrival time, seconds since the epoch. `shared_with`: the other stores' names."""

    tat: float
    paused_until: datetime | None
    shared_with: Sequence[str]


def limit_now(*, seller_id: int, store: Store) -> LimitNow:
    """How the store's limit stands, and which stores of the same seller share it."""
    key = store.limit_key or f"store:{store.pk}"
    tat = Limit.objects.filter(key=key).values_list("tat", flat=True).first() or 0.0
    if not store.limit_key:
        return LimitNow(tat, store.penalty_until, ())
    sharing = Store.objects.filter(seller_id=seller_id, limit_key=key)
    others = sharing.exclude(pk=store.pk).exclude(state=Store.State.DISCONNECTED)
    names = others.order_by("sales_channel__name").values_list("sales_channel__name", flat=True)
    return LimitNow(tat, sharing.aggregate(until=Max("penalty_until"))["until"], list(names))
