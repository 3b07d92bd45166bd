"""A store's credentials and its owner's grant: each sealed for its own seller, store and name, so none can be moved.

`Store.credentials` is a JSON object of sealed texts: one for each credential field, and the grant under `GRANT`. A new
key never loses a grant and a new grant never loses a key, because each is written into the row as it stands.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from entrepot.channels.models import Consent, Store
from entrepot.connectors.contract import Grant
from entrepot.kernel import crypto

GRANT = "grant"
"""The name under which a grant lies sealed. No credential field may have it."""


def _context(store: Store, name: str) -> str:
    return f"seller:{store.seller_id}:store:{store.pk}:{name}"


def _consent_context(consent: Consent, name: str) -> str:
    return f"seller:{consent.seller_id}:consent:{consent.state_digest}:{name}"


def digest(text: str) -> str:
    """What is kept of a token that only has to be recognised. Nothing leads back from it."""
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(store: Store, credentials: Mapping[str, str], *, grant: Grant | None = None) -> bytes:
    """The credentials (and the grant) as `Store.credentials` keeps them."""
    fields = {name: _seal(plain, _context(store, name)) for name, plain in credentials.items() if name != GRANT}
    if grant is not None:
        fields[GRANT] = _seal(_written(grant), _context(store, GRANT))
    return json.dumps(fields).encode()


def opened(store: Store) -> dict[str, str]:
    """The credentials of a store in plain text, without the grant. For `open_store` alone: never shown, never logged.

    Raises:
        KeyMissing, SealBroken: This installation's keys do not open them.
    """
    kept = _fields(store.credentials)
    return {name: _open(text, _context(store, name)) for name, text in kept.items() if name != GRANT}


def opened_grant(store: Store) -> Grant | None:
    """What the owner granted, as this row has it; None = nothing, or it was taken back.

    Raises:
        KeyMissing, SealBroken: This installation's keys do not open it.
    """
    text = _fields(store.credentials).get(GRANT)
    return None if text is None else _read(_open(text, _context(store, GRANT)))


def with_grant(store: Store, grant: Grant | None) -> bytes:
    """The row's credentials as they are, with this grant in place of the one there; None drops it."""
    fields = _fields(store.credentials)
    fields.pop(GRANT, None)
    if grant is not None:
        fields[GRANT] = _seal(_written(grant), _context(store, GRANT))
    return json.dumps(fields).encode()


def with_fields(store: Store, credentials: Mapping[str, str]) -> bytes:
    """These credentials, with the grant that the row has now."""
    kept = _fields(store.credentials).get(GRANT)
    fields = {name: _seal(plain, _context(store, name)) for name, plain in credentials.items() if name != GRANT}
    return json.dumps(fields | ({GRANT: kept} if kept else {})).encode()


def sealed_for_consent(consent: Consent, credentials: Mapping[str, str]) -> bytes:
    """Credentials that wait for their owner's consent, as `Consent.credentials` keeps them."""
    fields = {name: _seal(plain, _consent_context(consent, name)) for name, plain in credentials.items()}
    return json.dumps(fields).encode()


def opened_for_consent(consent: Consent) -> dict[str, str]:
    """The credentials of a consent in plain text.

    Raises:
        KeyMissing, SealBroken: This installation's keys do not open them.
    """
    kept = _fields(consent.credentials)
    return {name: _open(text, _consent_context(consent, name)) for name, text in kept.items()}


def _fields(kept: bytes | memoryview | None) -> dict[str, str]:
    fields: dict[str, str] = json.loads(bytes(kept)) if kept else {}
    return fields


def _seal(plain: str, context: str) -> str:
    return base64.b64encode(crypto.seal(plain.encode(), keys=settings.SECRET_KEYS, context=context)).decode()


def _open(text: str, context: str) -> str:
    return crypto.open_sealed(base64.b64decode(text), keys=settings.SECRET_KEYS, context=context).decode()


def _written(grant: Grant) -> str:
    return json.dumps(
        {
            "access_token": grant.access_token,
            "access_ends_at": grant.access_ends_at.isoformat(),
            "refresh_token": grant.refresh_token,
            "refresh_ends_at": grant.refresh_ends_at.isoformat() if grant.refresh_ends_at else None,
            "scopes": list(grant.scopes),
            "facts": dict(grant.facts),
        }
    )


def _read(text: str) -> Grant:
    kept: dict[str, Any] = json.loads(text)
    ends = kept["refresh_ends_at"]
    return Grant(
        access_token=kept["access_token"],
        access_ends_at=datetime.fromisoformat(kept["access_ends_at"]),
        refresh_token=kept["refresh_token"],
        refresh_ends_at=datetime.fromisoformat(ends) if ends else None,
        scopes=tuple(kept["scopes"]),
        facts=kept["facts"],
    )
