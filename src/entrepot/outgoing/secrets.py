"""An address's signing secrets: sealed for their own row, shown once, and two valid while one takes over."""

import base64
import json
import secrets as chance
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from entrepot.kernel import crypto
from entrepot.outgoing.models import Endpoint

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(chance.token_bytes(BYTES)).decode()


def keep(endpoint: Endpoint, *, present: str, before: str = "") -> None:
    """Seal the present secret, and the one before it, into the row (not saved yet)."""
    plain = {"present": present, "before": before}
    endpoint.secrets = crypto.seal(json.dumps(plain).encode(), keys=settings.SECRET_KEYS, context=_context(endpoint))


def present_secret(endpoint: Endpoint) -> str:
    """The secret messages are signed with. For signing and rotation alone: never shown, never logged.

    Raises:
        KeyMissing, SealBroken: This installation's keys do not open it.
    """
    return _opened(endpoint)["present"]


def signing_secrets(endpoint: Endpoint, now: datetime) -> list[str]:
    """Every secret that signs now, the present one first."""
    plain = _opened(endpoint)
    valid = endpoint.previous_until is not None and now < endpoint.previous_until
    return [plain["present"], *([plain["before"]] if plain["before"] and valid else [])]


def _opened(endpoint: Endpoint) -> Mapping[str, str]:
    raw = crypto.open_sealed(bytes(endpoint.secrets), keys=settings.SECRET_KEYS, context=_context(endpoint))
    plain: Mapping[str, str] = json.loads(raw)
    return plain


def _context(endpoint: Endpoint) -> str:
    return f"seller:{endpoint.seller_id}:endpoint:{endpoint.pk}:secrets"
