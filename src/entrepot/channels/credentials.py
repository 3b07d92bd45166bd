"""A store's credentials: each field sealed for its own seller, store and name, so no ciphertext can be moved."""

import base64
import json
from collections.abc import Mapping

from django.conf import settings

from entrepot.channels.models import Store
from entrepot.kernel import crypto


def _context(store: Store, name: str) -> str:
    return f"seller:{store.seller_id}:store:{store.pk}:{name}"


def sealed(store: Store, credentials: Mapping[str, str]) -> bytes:
    """The credentials as `Store.credentials` keeps them."""
    fields = {
        name: base64.b64encode(
            crypto.seal(plain.encode(), keys=settings.SECRET_KEYS, context=_context(store, name))
        ).decode()
        for name, plain in credentials.items()
    }
    return json.dumps(fields).encode()


def opened(store: Store) -> dict[str, str]:
    """The credentials of a store in plain text. For `open_store` alone: never shown, never logged.

    Raises:
        KeyMissing, SealBroken: This installation's keys do not open them.
    """
    kept = bytes(store.credentials or b"")
    if not kept:
        return {}
    fields: dict[str, str] = json.loads(kept)
    return {
        name: crypto.open_sealed(
            base64.b64decode(text), keys=settings.SECRET_KEYS, context=_context(store, name)
        ).decode()
        for name, text in fields.items()
    }
