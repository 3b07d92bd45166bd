"""Questions about consents that are under way."""

from dataclasses import dataclass

from entrepot.channels.credentials import digest
from entrepot.channels.models import Consent, Store


@dataclass(frozen=True, slots=True)
class HowFar:
    """`waiting`: the browser has not come back. `refused`: nothing can come of it. `store`: what came of it."""

    waiting: bool
    refused: bool = False
    store: Store | None = None


def how_far(*, seller_id: int, state: str) -> HowFar:
    """What became of the consent with this state. One that was refused in the store is gone."""
    consent = Consent.objects.filter(seller_id=seller_id, state_digest=digest(state)).select_related("store").first()
    if consent is None:
        return HowFar(waiting=False, refused=True)
    if consent.used_at is None:
        return HowFar(waiting=True)
    stores = Store.objects.filter(seller_id=seller_id, connector=consent.connector).select_related("sales_channel")
    stores = stores.exclude(state=Store.State.DISCONNECTED)
    if consent.store_id:
        mended = stores.filter(pk=consent.store_id, grant_ends_at__gt=consent.used_at)
        return HowFar(waiting=False, store=mended.first())
    return HowFar(waiting=False, store=stores.filter(sales_channel__name=consent.facts.get("name", "")).first())
