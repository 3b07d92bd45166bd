"""Asking for a deed for many orders."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from entrepot.accounts.services import audit
from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.services.bulk.deeds import CHOOSABLE, checked_facts, deed_of
from entrepot.kernel.actor import Actor
from entrepot.orders import bulk_queries
from entrepot.orders.bulk_errors import NothingRefused
from entrepot.orders.models import Bulk
from entrepot.orders.services import bulk as rows
from entrepot.orders.services.bulk import Chosen

SMALL = 25
"""So many are done while the person waits for the page."""


@transaction.atomic
def start_bulk(*, seller_id: int, kind: str, facts: Mapping[str, Any], chosen: Chosen, actor: Actor) -> Bulk:
    """Have a deed done to many orders; its task is woken when the transaction commits.

    Raises:
        UnknownDeed, DeedNeedsWord, NoteEmpty: It cannot be begun like this.
        NoOrdersChosen, TooManyOrders: The orders are none, or too many.
    """
    deed = deed_of(kind)
    told = checked_facts(deed, facts=facts)
    bulk = rows.plan_bulk(seller_id=seller_id, kind=kind, facts=told, chosen=chosen, actor=actor)
    _begin(bulk, actor)
    return bulk


@transaction.atomic
def retry_refused(*, seller_id: int, bulk_id: int, actor: Actor) -> Bulk:
    """Do a deed again to the orders that were refused or left out, as a deed of its own.

    Raises:
        BulkNotFound: There is none of this seller.
        NothingRefused: Every order was done; or the deed made its orders itself, so what it left out was there.
    """
    if bulk_queries.bulk(seller_id=seller_id, bulk_id=bulk_id).kind not in CHOOSABLE:
        raise NothingRefused
    bulk = rows.plan_again(seller_id=seller_id, bulk_id=bulk_id, actor=actor)
    _begin(bulk, actor)
    return bulk


@transaction.atomic
def stop_bulk(*, seller_id: int, bulk_id: int, actor: Actor) -> int:
    """Do no more of a deed; how many orders are left out.

    Raises:
        BulkNotFound: There is none of this seller.
        DeedNotOpen: It has ended.
    """
    left = rows.stop_bulk(seller_id=seller_id, bulk_id=bulk_id, actor=actor)
    told = {"left": left}
    audit(seller_id=seller_id, actor=actor, verb="orders.bulk_stop", object_type="bulk", object_id=bulk_id, facts=told)
    announce(seller_id, f"bulk:{bulk_id}")
    announce(seller_id, "bulks")
    return left


def _begin(bulk: Bulk, actor: Actor) -> None:
    facts = {"kind": bulk.kind, "orders": bulk.total}
    audit(
        seller_id=bulk.seller_id,
        actor=actor,
        verb="orders.export" if bulk.kind == "export" else "orders.bulk",
        object_type="bulk",
        object_id=bulk.pk,
        facts=facts,
    )
    announce(bulk.seller_id, "bulks")
    engine.wake("carry_bulk", bulk.pk)
