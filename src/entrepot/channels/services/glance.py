"""Keeping what a large seller's desk shows at a glance."""

import time
from datetime import datetime

from django.utils import timezone

from entrepot.catalog.rows import fetch
from entrepot.channels.models import KeptGlance
from entrepot.channels.queries.glance import count, pause, written
from entrepot.kernel.actor import Actor

LARGE = 3_000
"""From so many listings or stock rows on a seller's answers are kept."""

SELLERS = """
SELECT seller_id FROM channels_listing GROUP BY seller_id HAVING count(*) >= %(large)s
UNION SELECT seller_id FROM inventory_stock GROUP BY seller_id HAVING count(*) >= %(large)s
"""


def keep_glances(*, actor: Actor, now: datetime | None = None, large: int = LARGE) -> int:  # noqa: ARG001 - every verb names its actor
    """Count anew for every large seller whose kept answer is due; tells how many. Who became small keeps none."""
    now = now or timezone.now()
    sellers = [row[0] for row in fetch(SELLERS, {"large": large})]
    KeptGlance.objects.exclude(seller_id__in=sellers).delete()  # house: queries-seller of all sellers
    known = {row.seller_id: row for row in KeptGlance.objects.filter(seller_id__in=sellers)}
    due = [seller_id for seller_id in sellers if seller_id not in known or _due(known[seller_id], now)]
    for seller_id in due:
        begun = time.perf_counter()
        found = count(seller_id=seller_id, now=now)
        took = round((time.perf_counter() - begun) * 1000)
        KeptGlance.objects.update_or_create(
            seller_id=seller_id, defaults={"facts": written(found), "counted_at": now, "took_ms": took}
        )
    return len(due)


def _due(row: KeptGlance, now: datetime) -> bool:
    return row.counted_at + pause(row) <= now
