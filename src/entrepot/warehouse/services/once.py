"""A deed of the floor is done once: a scan whose answer was lost on the way is sent again under the same name."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import clip
from entrepot.kernel.actor import Actor
from entrepot.warehouse.messages import Message
from entrepot.warehouse.work_errors import KeyInvalid, KeyReused

KIND: Final = "scan"
SHORTEST, LONGEST = 8, 60
DAYS: Final = 7
"""How long a scan may wait on a telephone without network and still not be done twice."""


@transaction.atomic
def once(
    *,
    seller_id: int,
    key: str,
    asked: Mapping[str, object],
    deed: Callable[[], Mapping[str, Any]],
    actor: Actor,
    now: datetime | None = None,
) -> tuple[dict[str, Any], bool]:
    """Do `deed` unless it was done under this `key`; what came of it, and whether that was now.

    `asked` is what the person asked for: the same key for something else is refused. The deed and its key are kept in
    one transaction, so of two that come at once the second waits and is told what came of the first. A refused deed
    leaves its key free.

    Raises:
        KeyInvalid: The key is shorter than 8 or longer than 60 characters.
        KeyReused: The key was another deed's.
        Refused: As the deed does; nothing is kept then.
    """
    if not SHORTEST <= len(key) <= LONGEST:
        raise KeyInvalid(field="token", reason="")
    digest = hashlib.sha256(json.dumps([actor.label, asked], sort_keys=True).encode()).hexdigest()
    words = {"digest": digest, "kind": KIND, "actor_label": clip(actor.label, 120), "at": now or timezone.now()}
    row, new = Message.objects.get_or_create(seller_id=seller_id, key=f"{KIND}:{key}", defaults=words)
    if not new:
        if row.digest != digest:
            raise KeyReused(key=key)
        return dict(row.body), False
    row.body = dict(deed())
    row.save(update_fields=["body"])
    return dict(row.body), True


def forget_scans(*, actor: Actor, now: datetime | None = None) -> int:  # noqa: ARG001 - every verb names its actor
    """Delete what was kept of every seller's scans that are a week old; how many."""
    before = (now or timezone.now()) - timedelta(days=DAYS)
    return Message.objects.filter(kind=KIND, at__lt=before).delete()[0]
