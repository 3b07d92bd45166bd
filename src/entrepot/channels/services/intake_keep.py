"""Keep first: what a store sent, word for word, before anything is done with it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from entrepot.channels.models import Store
from entrepot.connectors.contract import BadItem, ChannelOrder, OrderPage

UNREADABLE = "order_unreadable"
SETTLING = "settling"
UNCONFIRMED = "unconfirmed"
NOT_IMPORTED = "status_not_imported"
DELETED = "order_deleted_in_store"

_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_KEEP = """
INSERT INTO channels_incomingorder AS kept
    (seller_id, store_id, remote_id, version, digest, raw, content_digest, state,
     error_code, error_detail, attempts, received_at)
SELECT %(seller)s, %(store)s, fresh.remote_id, fresh.version, fresh.digest, fresh.raw, '', 'waiting',
       fresh.code, '', 0, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS fresh (remote_id text, version bigint, digest text, raw jsonb, code text)
ORDER BY fresh.remote_id
ON CONFLICT (store_id, remote_id) DO UPDATE
SET version = excluded.version, digest = excluded.digest, raw = excluded.raw, state = 'waiting',
    error_code = excluded.error_code, error_detail = '', attempts = 0, received_at = excluded.received_at
WHERE kept.digest <> excluded.digest
  AND (kept.version < excluded.version
       OR (kept.version = 0 AND excluded.version = 0)
       OR (kept.version = excluded.version
           AND coalesce((kept.raw -> 'order' ->> 'changed_at')::timestamptz, '-infinity')
               <= (excluded.raw -> 'order' ->> 'changed_at')::timestamptz))
RETURNING kept.id
"""
_KEEP_BAD = """
INSERT INTO channels_incomingorder AS kept
    (seller_id, store_id, remote_id, version, digest, raw, content_digest, state,
     error_code, error_detail, attempts, received_at)
SELECT %(seller)s, %(store)s, fresh.remote_id, -1, '', fresh.raw::jsonb, '', 'problem', %(code)s, fresh.detail,
       1, %(now)s
FROM unnest(%(ids)s::text[], %(raws)s::text[], %(details)s::text[]) AS fresh (remote_id, raw, detail)
ORDER BY fresh.remote_id
ON CONFLICT (store_id, remote_id) DO UPDATE
SET attempts = kept.attempts + 1,
    state = CASE kept.state WHEN 'waiting' THEN 'problem' ELSE kept.state END,
    error_code = CASE kept.state WHEN 'waiting' THEN excluded.error_code ELSE kept.error_code END,
    error_detail = CASE kept.state WHEN 'waiting' THEN excluded.error_detail ELSE kept.error_detail END
RETURNING id, remote_id
"""
"""The older copy of an order whose newest cannot be read stays, but does not wait: entering it would undo what the
store has done since, and say that all is well."""


AtHand = Mapping[tuple[str, str], ChannelOrder]


@dataclass(frozen=True, slots=True)
class Kept:
    """Ids of incoming rows that are new or newer than before, and of those that could not be read.

    `at_hand`: the orders as they were kept, by remote id and digest, so that nobody has to read them back.
    """

    fresh: list[int]
    unreadable: dict[str, int]
    bad: list[BadItem]
    at_hand: AtHand


def keep_orders(*, store: Store, page: OrderPage, now: datetime) -> Kept:
    """Upsert a page's orders word for word; an older copy never overwrites a newer one, a repeat changes nothing.

    Where the store records no versions (0), the copy read last counts, and one that only its rows or the time of its
    last change tell from ours is a repeat.

    Must run inside the transaction that moves the cursor.
    """
    newest: dict[str, ChannelOrder] = {}
    for order in page.orders:
        known = newest.get(order.remote_id)
        if known is None or known.version <= order.version:
            newest[order.remote_id] = order
    bad = [item for item in page.bad if item.kind == "order"]
    at_hand: dict[tuple[str, str], ChannelOrder] = {}
    rows: list[str] = []
    for remote_id, order in newest.items():
        try:
            raw = _envelope(order)
        except (UnicodeError, TypeError, ValueError) as error:
            bad.append(BadItem(kind="order", remote_id=remote_id, code="unreadable", detail=type(error).__name__))
            continue
        digest = hashlib.sha256(raw.encode()).hexdigest() if order.version else _digest_of_words(order)
        at_hand[remote_id, digest] = order
        rows.append(_row(order, digest, raw))
    fresh = _keep_good(store, rows, now)
    return Kept(fresh=fresh, unreadable=_keep_bad(store, bad, now), bad=bad, at_hand=at_hand)


def _digest_of_words(order: ChannelOrder) -> str:
    words = msgspec.json.encode(replace(order, raw={}, changed_at=order.placed_at), order="deterministic")
    return hashlib.sha256(words).hexdigest()


def _row(order: ChannelOrder, digest: str, raw: str) -> str:
    """A kept row as JSON text.

    The page goes to the database as one text: quoting an array of texts took half the time of taking orders in.
    """
    head = {
        "remote_id": order.remote_id,
        "version": order.version,
        "digest": digest,
        "code": SETTLING if order.settling else "",
    }
    return _storable(msgspec.json.encode(head))[:-1] + f',"raw":{raw}}}'


def _keep_good(store: Store, rows: Sequence[str], now: datetime) -> list[int]:
    if not rows:
        return []
    facts = {"seller": store.seller_id, "store": store.pk, "now": now, "rows": f"[{','.join(rows)}]"}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, facts)
        return [row[0] for row in cursor.fetchall()]


def _keep_bad(store: Store, bad: Sequence[BadItem], now: datetime) -> dict[str, int]:
    by_id = {item.remote_id: item for item in bad if item.remote_id}
    if not by_id:
        return {}
    facts = {
        "seller": store.seller_id,
        "store": store.pk,
        "now": now,
        "code": UNREADABLE,
        "ids": list(by_id),
        "raws": [_bad_envelope(item) for item in by_id.values()],
        "details": [f"{item.code}: {item.detail}".replace("\x00", "")[:2000] for item in by_id.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_BAD, facts)
        return {remote_id: incoming_id for incoming_id, remote_id in cursor.fetchall()}


def _envelope(order: ChannelOrder) -> str:
    """The order as JSON text: our words under `order`, the store's own rows under `store`."""
    ours = msgspec.json.encode(replace(order, raw={}), order="deterministic")
    theirs = msgspec.json.encode(order.raw, order="deterministic")
    return _storable(b'{"order":' + ours + b',"store":' + theirs + b"}")


def _bad_envelope(item: BadItem) -> str:
    try:
        return _storable(b'{"store":' + msgspec.json.encode(item.raw or {}, order="deterministic") + b"}")
    except (UnicodeError, TypeError, ValueError):
        return "{}"


def _storable(text: bytes) -> str:
    """PostgreSQL keeps no NUL in JSON; a store may send one all the same."""
    return _NUL.sub(r"\1", text.decode()) if b"\\u0000" in text else text.decode()


def kept_order(raw: Mapping[str, Any]) -> ChannelOrder:
    """The order of a row's `raw`, or raise msgspec.ValidationError where only the store's rows could be kept."""
    return msgspec.convert(raw.get("order"), ChannelOrder)


def content_digest(order: ChannelOrder) -> str:
    """What an edit in the store would change; ids of lines are left out, as a store makes new ones at every edit.

    So is where each line stands: that is no edit.
    """
    lines = [msgspec.to_builtins(replace(line, remote_id="")) for line in order.lines]
    for line in lines:
        del line["state"]
    content = (
        lines,
        order.totals,
        order.total,
        order.base_currency,
        order.currency,
        order.rate,
        order.buyer_name,
        order.buyer_email,
        order.buyer_phone,
        order.shipping,
        order.billing,
        order.payment_method,
        order.shipping_method,
        order.comment,
    )
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
