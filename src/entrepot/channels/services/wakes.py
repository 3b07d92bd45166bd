"""Whom a change of stock concerns."""

from entrepot.channels import engine
from entrepot.channels.models import Store


def wake_pushes(seller_id: int) -> None:
    """Make the push of all live stores of a seller due as soon as the present transaction has committed."""
    live = Store.objects.filter(seller_id=seller_id, state=Store.State.LIVE)
    for store_id in live.values_list("pk", flat=True):
        engine.wake("push_stock", store_id)
