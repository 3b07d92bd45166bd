"""The carriers that a store names, so that the packing desk can tell it which one has the parcel."""

from collections.abc import Sequence

import structlog
from django.db import transaction

from entrepot.channels.models import RemoteCarrier, Store
from entrepot.connectors.contract import ChannelCarrier, Connector, ConsentNeeded
from entrepot.kernel.errors import ChannelMisconfigured, ChannelRejected

log = structlog.get_logger(__name__)


def take_carriers(store: Store, *, connector: Connector) -> None:
    """Read them on the way of a longer errand. One that may not see them goes on without; the list stays as it was.

    Raises:
        ChannelError: The store cannot be talked to at all.
    """
    if connector.shipments is None:
        return
    try:
        listed = connector.shipments.carriers()
    except ConsentNeeded:
        raise
    except (ChannelRejected, ChannelMisconfigured) as error:
        log.info("carriers_not_read", store=store.pk, code=error.code)
        return
    _write(store, listed)


@transaction.atomic
def _write(store: Store, listed: Sequence[ChannelCarrier]) -> None:
    unique = {carrier.remote_id[:80]: carrier for carrier in listed if carrier.remote_id}
    RemoteCarrier.objects.filter(store=store).exclude(remote_id__in=unique).delete()
    RemoteCarrier.objects.bulk_create(
        [
            RemoteCarrier(
                store=store,
                remote_id=remote_id,
                name=(carrier.name or remote_id)[:120],
                tracking_url=carrier.tracking_url[:500],
                is_default=carrier.default,
            )
            for remote_id, carrier in sorted(unique.items())
        ],
        update_conflicts=True,
        unique_fields=["store", "remote_id"],
        update_fields=["name", "tracking_url", "is_default"],
    )
