"""Papers for many orders as files, made part by part: a part that is made is not made again after a crash."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.channels.live import announce
from entrepot.channels.services.bulk.asker import Asker
from entrepot.channels.services.bulk.deeds import DEEDS
from entrepot.fulfilment import prints
from entrepot.fulfilment.documents import Language, pdf, zpl
from entrepot.fulfilment.errors import NothingToPrint
from entrepot.kernel.errors import Forbidden
from entrepot.orders.bulk_errors import UnknownDeed
from entrepot.orders.models import Bulk, BulkItem
from entrepot.orders.services.bulk import keep_file, mark_item, waiting_items

PDF: Final = "application/pdf"
ZPL: Final = "text/plain; charset=utf-8"
Found = tuple[Sequence[object], set[int]]
"""The facts of what is printed, and the orders they are of."""
Ask = Callable[[Seller, Sequence[int]], Found]


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper: how its facts are asked, its file, and how many orders go into one."""

    name: str
    ask: Ask
    kind: str = PDF
    part: int = 1000


def _parcels(make: Callable[..., Sequence[object]]) -> Ask:
    def ask(seller: Seller, ids: Sequence[int]) -> Found:
        parcels = prints.parcels_of(seller_id=seller.pk, order_ids=ids)
        return make(seller=seller, parcels=parcels), {parcel.order_id for parcel in parcels}

    return ask


def _invoices(seller: Seller, ids: Sequence[int]) -> Found:
    now = timezone.now()
    rows = prints.orders_of(seller_id=seller.pk, order_ids=ids)
    return [prints.invoice(seller=seller, order=order, now=now) for order in rows], {order.pk for order in rows}


def _picking(seller: Seller, ids: Sequence[int]) -> Found:
    now = timezone.now()
    number = f"{now.astimezone(ZoneInfo(seller.timezone)):%Y%m%d-%H%M}"
    rows = prints.orders_of(seller_id=seller.pk, order_ids=ids)
    listed = prints.pick_list(seller=seller, orders=rows, number=number, now=now)
    numbers = {name for line in listed.lines for name in line.orders}
    return ([listed] if listed.lines else []), {order.pk for order in rows if order.number in numbers}


PAPERS: Final[Mapping[str, Paper]] = {
    "labels": Paper("labels.pdf", _parcels(prints.labels)),
    "zpl": Paper("labels.zpl", _parcels(prints.labels), ZPL),
    "slips": Paper("packing-slips.pdf", _parcels(prints.slips)),
    "invoices": Paper("invoices.pdf", _invoices),
    "picking": Paper("picking-list.pdf", _picking),
}


def make_papers(bulk: Bulk, asker: Asker) -> None:  # house: verb-signature one of the ways to carry a deed
    """Print what is left of a deed, a file for each part; an order without such a paper is refused with the reason."""
    name = "invoices" if bulk.kind == "invoices" else str(bulk.facts.get("paper", ""))
    paper = PAPERS.get(name)
    if paper is None:
        raise UnknownDeed(field="paper", kind=name[:40], known=", ".join(PAPERS))
    while items := waiting_items(bulk, limit=paper.part):
        _part(bulk, paper, items, asker)
        announce(bulk.seller_id, f"bulk:{bulk.pk}")


def _part(bulk: Bulk, paper: Paper, items: Sequence[BulkItem], asker: Asker) -> None:
    ids = [item.order_id for item in items]
    fine = asker.allowed(DEEDS[bulk.kind].action, seller_id=bulk.seller_id, order_ids=ids)
    facts, of = paper.ask(bulk.seller, [order_id for order_id in ids if order_id in fine])
    language: Language = "ko" if bulk.facts.get("language") == "ko" else "en"
    drawn: str | bytes = b""
    if facts:
        drawn = (zpl if paper.kind == ZPL else pdf)(cast("Any", facts), language=language)
    with transaction.atomic():
        for item in items:
            if item.order_id in of:
                mark_item(item=item, state=BulkItem.State.DONE)
            else:
                reason = NothingToPrint() if item.order_id in fine else Forbidden()
                mark_item(item=item, state=BulkItem.State.REFUSED, error=reason)
        if facts:
            content = drawn.encode() if isinstance(drawn, str) else drawn
            keep_file(bulk=bulk, name=_name(bulk, paper), kind=paper.kind, content=content)


def _name(bulk: Bulk, paper: Paper) -> str:
    """`labels.pdf`, or `labels-2.pdf` where one file would be too long to print."""
    if bulk.total <= paper.part:
        return paper.name
    stem, _, ending = paper.name.rpartition(".")
    return f"{stem}-{bulk.files.count() + 1}.{ending}"
