"""Making messages: an id of their own, a body that never changes again."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from entrepot.catalog.rows import as_json
from entrepot.channels.masking import Masking
from entrepot.outgoing.models import Endpoint, Notice

MASKING: Final = Masking(personal_keys=frozenset({"ship_to", "base64"}))
"""Addresses go as a whole, and so do labels, on which they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be said: `data` of a `kind`, in a lane; `source` = the row it tells of; `at` = when it happened."""

    kind: str
    lane: str
    data: Mapping[str, object]
    at: datetime
    source: int | None = None


def body_of(draft: Draft) -> str:
    """The text that is sent and signed."""
    moment = draft.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return as_json({"type": draft.kind, "timestamp": moment, "data": draft.data})


def owe(endpoint: Endpoint, drafts: Iterable[Draft], *, now: datetime) -> int:
    """Write down that these are to be sent; one that is written down already is left as it is. How many were given."""
    rows = [
        Notice(
            seller_id=endpoint.seller_id,
            endpoint=endpoint,
            uid=f"msg_{secrets.token_urlsafe(18)}",
            kind=draft.kind,
            lane=draft.lane,
            source=draft.source,
            body=body_of(draft),
            made_at=now,
        )
        for draft in drafts
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def shown(notice: Notice) -> str:
    """What a message said, as people and programs may read it again: without telling who the buyer is."""
    return MASKING.body(notice.body.encode())
