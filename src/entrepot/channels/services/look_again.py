"""An order is to be read again soon: alone where its store announces orders by id, else with all that has changed."""

from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.models import Announced, Store
from entrepot.channels.registry import connector_type
from entrepot.orders.models import Order
from entrepot.orders.parts import known_as


def look_again(store: Store, *, order: Order) -> None:  # house: verb-signature a wake, nobody's deed
    """Make reading this order due now. It is the same as if the store had announced it."""
    now = timezone.now()
    if connector_type(store.connector).announced_by_id:
        Announced.objects.bulk_create(
            [Announced(store=store, remote_id=known_as(order), at=now)],
            update_conflicts=True,
            unique_fields=["store", "remote_id"],
            update_fields=["at"],
        )
        engine.wake("drain_events", store.pk)
    else:
        engine.wake("pull_orders", store.pk)
