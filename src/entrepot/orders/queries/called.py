"""The order that bears a number, however many others hold that number in theirs."""

from collections.abc import Sequence

from django.db.models import Q

from entrepot.orders.models import Order


def called(*, seller_id: int, text: str, channel_ids: Sequence[int] | None = None, limit: int = 4) -> Sequence[Order]:
    """Orders whose number, ours or the store's, is exactly this one, the newest first, each with its sales channel.

    The word is looked up where it ends in the words of an order, so that the index gives few.
    """
    word = text.strip().lower().removeprefix("#")
    if not word or " " in word:
        return []
    exact = Q(number__iexact=word) | Q(number__iexact=f"#{word}") | Q(remote_id__iexact=word)
    rows = Order.objects.filter(exact, seller_id=seller_id, search_text__contains=f"{word} ")
    if channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=channel_ids)
    return list(rows.select_related("sales_channel").order_by("-placed_at", "-id")[:limit])
