"""Making messages: an id of their own, a body that never changes again."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from entrepot.catalog.rows import as_json
from entrepot.outgoing.models import Endpoint, Notice


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


def read(notice: Notice) -> Mapping[str, object]:
    """The message as data."""
    found: Mapping[str, object] = json.loads(notice.body)
    return found
