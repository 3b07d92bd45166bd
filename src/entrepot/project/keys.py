"""Changing the keys of an installation."""

from django.conf import settings
from django.db import transaction

from entrepot.accounts.services import audit
from entrepot.channels import credentials
from entrepot.channels.models import Consent, Store
from entrepot.kernel.actor import Actor


@transaction.atomic
def reseal_stores(*, actor: Actor) -> int:
    """Seal every store's credentials and grant with the first key of the ring, all or none; how many stores.

    So are those that wait for their owner's consent.

    Raises:
        KeyMissing, SealBroken: A store's credentials do not open; nothing has changed.
    """
    stores = [store for store in Store.objects.select_for_update().order_by("pk") if store.credentials]
    for store in stores:
        grant = credentials.opened_grant(store)
        store.credentials = credentials.sealed(store, credentials.opened(store), grant=grant)
        store.save(update_fields=["credentials"])
        facts = {"keys": len(settings.SECRET_KEYS)}
        audit(
            seller_id=store.seller_id,
            actor=actor,
            verb="stores.reseal",
            object_type="store",
            object_id=store.pk,
            facts=facts,
        )
    for consent in Consent.objects.select_for_update().exclude(credentials=b"").order_by("pk"):
        consent.credentials = credentials.sealed_for_consent(consent, credentials.opened_for_consent(consent))
        consent.save(update_fields=["credentials"])
    return len(stores)
