"""How far each store is behind: of each kind of change, how many it has not been told yet, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from entrepot.catalog.rows import fetch

KINDS = ("stock", "prices", "statuses", "listings")
LATE = timedelta(minutes=10)
"""A store that answers is told within seconds. What waits longer is worth a look, and after an hour needs a person."""
TOO_LATE = timedelta(hours=1)

# Both tables have an index of only what is open.
OPEN = """
SELECT store_id, CASE WHEN kind = 'price' THEN 'prices' ELSE 'listings' END, count(*), min(asked_at)
FROM channels_listingchange WHERE seller_id = %(seller)s AND store_id = ANY(%(stores)s) AND state = 'waiting'
GROUP BY 1, 2
UNION ALL
SELECT store_id, 'statuses', count(*), min(created_at)
FROM channels_statusdebt WHERE seller_id = %(seller)s AND store_id = ANY(%(stores)s) AND sent_at IS NULL
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Behind:
    """Changes of one kind that a store was not told yet; `oldest`: when the first of them was made."""

    count: int = 0
    oldest: datetime | None = None

    def tone(self, now: datetime) -> str:
        """How grave it is: nothing, `fresh` (on its way), `wait` or `bad`."""
        if not self.count:
            return ""
        age = now - self.oldest if self.oldest else timedelta(0)
        return "bad" if age >= TOO_LATE else "wait" if age >= LATE else "fresh"


def behind(*, seller_id: int, store_ids: Sequence[int]) -> Mapping[int, Mapping[str, Behind]]:
    """Prices, statuses and listings that each of these stores was not told yet. Stock: `stores.freshness`."""
    found: dict[int, dict[str, Behind]] = {store_id: {} for store_id in store_ids}
    for store_id, kind, count, oldest in fetch(OPEN, {"seller": seller_id, "stores": list(store_ids)}):
        found[store_id][kind] = Behind(count, oldest)
    return found
