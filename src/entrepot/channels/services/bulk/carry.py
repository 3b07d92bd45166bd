"""Carrying a deed on: one order after another, each in a transaction of its own that marks it too.

One worker at a time has a deed (an advisory lock), several deeds go on beside one another. Correctness rests on the
rows: an order's row is locked, done and marked together, so a worker that is killed leaves nothing half done, and two
that meet do no order twice. After some seconds a worker lets go and has the rest woken, so that it can be stopped.
"""

import time
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from django.db import OperationalError
from django.utils import translation

from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.services.bulk.asker import Asker, asker_of
from entrepot.channels.services.bulk.deeds import DEEDS, Deed
from entrepot.channels.services.statuses import wake_statuses
from entrepot.channels.services.wakes import wake_pushes
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.orders.bulk_errors import UnexpectedTrouble
from entrepot.orders.models import Bulk, BulkItem
from entrepot.orders.services.bulk import begin_bulk, end_bulk, give_up, settle_item, waiting_items
from entrepot.warehouse.services.desk import follow_these

log = structlog.get_logger(__name__)

Maker = Callable[[Bulk, Asker], None]
"""Makes a file of a deed's orders, as far as it is not made yet."""
SLICE_SECONDS: Final = 10.0
AT_ONCE: Final = 20
HEARD_SECONDS: Final = 1.0
"""Open pages ask again no more often than this."""


def carry(*, bulk_id: int, makers: Mapping[str, Maker], actor: Actor = SYSTEM, seconds: float = SLICE_SECONDS) -> bool:
    """Go on with a deed for some seconds; whether something is left to do. Nothing where another worker has it.

    `makers`: how the kinds are made that end in a file.
    """
    with engine.store_lock(bulk_id, "bulk") as mine:
        bulk = begin_bulk(bulk_id=bulk_id, actor=actor) if mine else None
        if bulk is None:
            return False
        with translation.override("en"):  # refusals are kept as English words and said in the reader's language
            left = _go(bulk, makers, time.monotonic() + seconds)
        if not left:
            end_bulk(bulk_id=bulk_id, actor=actor)
            announce(bulk.seller_id, "bulks")
        announce(bulk.seller_id, f"bulk:{bulk_id}")
        return left


def _go(bulk: Bulk, makers: Mapping[str, Maker], until: float) -> bool:
    deed, asker = DEEDS[bulk.kind], asker_of(bulk)
    if deed.verb is None:
        _make(bulk, makers[bulk.kind], asker)
        return False
    heard = 0.0
    while items := waiting_items(bulk, limit=AT_ONCE):
        for item in items:
            settle_item(item=item, deed=_step(bulk, deed, asker), actor=asker.actor)
        _tell_stores(bulk, deed, items)
        if time.monotonic() > until:
            return True
        if time.monotonic() > heard + HEARD_SECONDS:
            heard = time.monotonic()
            _tell_pages(bulk)
        asker = asker_of(bulk)
    _tell_pages(bulk)
    return False


def _make(bulk: Bulk, maker: Maker, asker: Asker) -> None:
    """Make a file. What stands in the way of all of it ends the deed with its reason; trying again would not help."""
    try:
        maker(bulk, asker)
    except EntrepotError as error:
        give_up(bulk=bulk, error=error, actor=asker.actor)
    except OperationalError:
        raise
    except Exception:
        log.exception("bulk_failed", bulk=bulk.pk)
        give_up(bulk=bulk, error=UnexpectedTrouble(), actor=asker.actor)


def _step(bulk: Bulk, deed: Deed, asker: Asker) -> Callable[[int], object]:
    def do(order_id: int) -> object:
        asker.must(deed.action, seller_id=bulk.seller_id, order_id=order_id)
        if deed.verb is None:
            raise TypeError(f"{deed.kind} is done to no single order")
        done = deed.verb(bulk.facts, seller_id=bulk.seller_id, order_id=order_id, actor=asker.actor)
        if deed.moves:
            follow_these(seller_id=bulk.seller_id, order_ids=[order_id], actor=asker.actor)
        return done

    return do


def _tell_pages(bulk: Bulk) -> None:
    announce(bulk.seller_id, f"bulk:{bulk.pk}")
    announce(bulk.seller_id, "orders")


def _tell_stores(bulk: Bulk, deed: Deed, items: list[BulkItem]) -> None:
    if deed.moves:
        wake_pushes(bulk.seller_id)
        wake_statuses(seller_id=bulk.seller_id, order_ids=[item.order_id for item in items])
