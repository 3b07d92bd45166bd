"""A file of orders as a deed: looked through, confirmed by a person, taken in page by page, its wrong rows given back.

The number of an order in its Offline store is the key: a file that comes twice, or a worker that died on the way,
makes no order twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import override

from entrepot.accounts.services import audit
from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.services.bulk.asker import Asker
from entrepot.channels.services.bulk.deeds import DEEDS
from entrepot.channels.services.wakes import wake_pushes
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Forbidden
from entrepot.orders.bulk_errors import BulkFileGone
from entrepot.orders.drafts import ManualOrder
from entrepot.orders.models import Bulk, BulkFile, BulkItem
from entrepot.orders.services import offline_channel
from entrepot.orders.services.bulk import confirm_bulk, count_items, draft_bulk, enter_items, is_going, keep_file
from entrepot.orders.services.manual import place_numbered
from entrepot.sheets.orders_back import wrong_rows
from entrepot.sheets.orders_in import Looked, looked_through
from entrepot.sheets.orders_out import XLSX

AT_ONCE: Final = 100
SHOWN: Final = 100
"""So many wrong rows are shown on the page; the workbook has all of them."""
AT_ONCE_IN_PAGE: Final = 300
"""So many orders are taken in while the person waits for the page."""


@transaction.atomic
def plan_import(
    *,
    seller_id: int,
    name: str,
    content: bytes,
    facts: Mapping[str, Any],
    actor: Actor,
    channel_ids: Sequence[int] | None = None,
) -> Bulk:
    """Look a file through and keep it until a person has confirmed; `facts`: language and zone of who asks.

    Raises:
        SheetBroken, HeadingsUnknown and their like: The file is not taken.
        NoOfflineStore: None of `channel_ids` is an Offline store.
    """
    if channel_ids is not None:
        offline_channel(seller_id=seller_id, actor=actor, channel_ids=channel_ids)
    zone = ZoneInfo(str(facts.get("zone") or "UTC"))
    found = looked_through(seller_id=seller_id, content=content, name=name, zone=zone, channel_ids=channel_ids)
    told = {
        **facts,
        "file": name[:120],
        "rows": found.rows,
        "new": len(found.orders),
        "same": len(found.same),
        "wrong": len(found.bad),
        "unused": found.unused[:20],
        "errors": [[line.row, line.values.get("number", ""), line.wrong] for line in found.bad[:SHOWN]],
        "channels": None if channel_ids is None else list(channel_ids),
    }
    bulk = draft_bulk(seller_id=seller_id, kind="import", facts=told, total=len(found.orders), actor=actor)
    keep_file(
        bulk=bulk, name=name[-120:] or "orders.xlsx", kind="application/octet-stream", content=content, position=0
    )
    _give_back(bulk, found)
    return bulk


@transaction.atomic
def begin_import(*, seller_id: int, bulk_id: int, actor: Actor) -> Bulk:
    """Take the good orders of a file in that was looked at.

    Raises:
        BulkNotFound: There is none of this seller.
        DeedNotOpen: It has begun already, or was given up.
        BulkFileGone: It has waited so long that the file was tidied away.
    """
    bulk = confirm_bulk(seller_id=seller_id, bulk_id=bulk_id, actor=actor)
    _source(bulk)
    told = {"file": bulk.facts.get("file"), "orders": bulk.total}
    audit(seller_id=seller_id, actor=actor, verb="orders.import", object_type="bulk", object_id=bulk_id, facts=told)
    announce(seller_id, "bulks")
    engine.wake("carry_bulk", bulk_id)
    return bulk


def make_import(bulk: Bulk, asker: Asker) -> None:  # house: verb-signature one of the ways to carry a deed
    """Place a file's orders, so many in a transaction that also writes down which they are."""
    facts = bulk.facts
    source = _source(bulk)
    found = looked_through(
        seller_id=bulk.seller_id,
        content=bytes(source.content),
        name=source.name,
        zone=ZoneInfo(str(facts.get("zone") or "UTC")),
        channel_ids=facts.get("channels"),
    )
    groups: dict[int, list[ManualOrder]] = {}
    for channel_id, order in found.orders:
        groups.setdefault(channel_id or _first_store(bulk, order, asker.actor), []).append(order)
    for channel_id, orders in groups.items():
        if not asker.may_enter(DEEDS["import"].action, store_id=channel_id):
            raise Forbidden
        for start in range(0, len(orders), AT_ONCE):
            if not is_going(bulk):
                return
            _page(bulk, channel_id, orders[start : start + AT_ONCE], asker.actor)
    _give_back(bulk, found)
    count_items(bulk=bulk)


def _source(bulk: Bulk) -> BulkFile:
    found = bulk.files.filter(position=0).first()
    if found is None:
        raise BulkFileGone
    return found


def _first_store(bulk: Bulk, order: ManualOrder, actor: Actor) -> int:
    """Who enters their first order has no Offline store yet."""
    mine = bulk.facts.get("channels")
    return int(offline_channel(seller_id=bulk.seller_id, actor=actor, currency=order.currency, channel_ids=mine).pk)


def _page(bulk: Bulk, channel_id: int, orders: Sequence[ManualOrder], actor: Actor) -> None:
    with transaction.atomic():
        placed = place_numbered(seller_id=bulk.seller_id, sales_channel_id=channel_id, orders=orders, actor=actor)
        state = {True: BulkItem.State.DONE, False: BulkItem.State.SKIPPED}
        enter_items(bulk=bulk, found={one.order_id: state[one.created] for one in placed})
        wake_pushes(bulk.seller_id)
        announce(bulk.seller_id, f"bulk:{bulk.pk}")
        announce(bulk.seller_id, "orders")


def _give_back(bulk: Bulk, found: Looked) -> None:
    """The wrong rows in a workbook of the same columns, each with its reason."""
    if found.bad:
        with override("ko" if bulk.facts.get("language") == "ko" else "en"):
            content = wrong_rows(headings=found.headings, lines=found.bad)
        keep_file(bulk=bulk, name="rows-to-correct.xlsx", kind=XLSX, content=content, position=1)
