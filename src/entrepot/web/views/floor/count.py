"""Counting by scan, blind: what the books say is not shown to who counts."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entrepot.inventory.errors import BinNotFound
from entrepot.inventory.models import Warehouse
from entrepot.warehouse import services
from entrepot.warehouse.models import Count
from entrepot.warehouse.queries import floor as questions
from entrepot.warehouse.queries import papers
from entrepot.warehouse.queries.papers import ToCount
from entrepot.web.desk import DeskRequest, desk
from entrepot.web.floor import (
    Outcome,
    answer_to,
    code_of,
    item_of,
    place_of,
    quantity_of,
    screen,
    tally_of,
    tally_text,
)
from entrepot.web.views.floor.put import bin_of

NO_BIN = "-"
"""Stands in `keep` for what lies in no bin."""


@desk("stock.count")
def floor_counts(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """Counts that were asked for; a bin that is scanned is counted at once."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _open})
    rows = papers.counts(
        seller_id=request.desk.seller_id,
        state=Count.State.COUNTING,
        warehouse_ids=[place.pk],
        limit=questions.MOST,
    ).rows
    return screen(request, place, "web/floor/counts.html", answer, {"counts": rows})


def _open(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    """A count by its number; a bin: the open count that asks for it, else a new one of this bin."""
    here, code = request.desk, code_of(request)
    words: dict[str, Any] = {"seller_id": here.seller_id, "warehouse_id": place.pk}
    found = questions.open_count(code=code, **words)
    into = bin_of(request, place, code)
    if found is None and into is None:
        raise BinNotFound(scanned=code[:80])
    if found is None and into is not None:
        found = services.start_count(bin_ids=[into.pk], actor=here.actor, **words)
    address = reverse("web:floor_count", args=[place.pk, found.pk if found else 0])
    return Outcome("good", "", go=address + (f"?bin={into.code}" if into else ""))


@desk("stock.count")
def floor_count(request: DeskRequest, warehouse_id: int, count_id: int) -> HttpResponse:
    """One count: go to a bin, scan it, scan all that lies in it, say that this is all."""
    place = place_of(request, warehouse_id)
    seller_id = request.desk.seller_id
    words: dict[str, Any] = {"seller_id": seller_id, "count_id": count_id}
    papers.count_of(warehouse_ids=[place.pk], **words)

    def scan(request: DeskRequest, place: Warehouse, keep: dict[str, str]) -> Outcome:
        return _tally(request, place, keep, count_id)

    def enter(request: DeskRequest, place: Warehouse, keep: dict[str, str]) -> Outcome:
        return _enter(request, place, keep, count_id)

    def finish(request: DeskRequest, _place: Warehouse, _keep: dict[str, str]) -> Outcome:
        done = services.finish_count(actor=request.desk.actor, **words)
        agrees = done.state == Count.State.DONE
        told = _("Counted: all agrees with the books.") if agrees else _("Counted. A manager looks at the differences.")
        return Outcome("done", told, moved=agrees)

    answer = answer_to(
        request, place, {"scan": scan, "enter": enter, "finish": finish, "less": _less, "loose": _without_bin}
    )
    found = papers.count_of(warehouse_ids=[place.pk], **words)
    left = papers.to_count(**words)
    tally = tally_of(answer.keep.get("t", ""))
    return screen(
        request,
        place,
        "web/floor/count.html",
        answer,
        {
            "count": found,
            "left": left,
            "at": _place_at(left, answer.keep.get("bin", "")),
            "tally": questions.named(seller_id=seller_id, tally=tally),
            "pieces": sum(tally.values()),
        },
    )


def _place_at(left: Sequence[ToCount], code: str) -> dict[str, object] | None:
    """The place a person counts now: its label, and which items are asked for there (none = whatever lies there)."""
    if not code:
        return None
    mine = [row for row in left if (row.bin.code if row.bin else NO_BIN) == code]
    return {
        "code": "" if code == NO_BIN else code,
        "items": [row.item for row in mine if row.item],
        "asked": bool(mine),
    }


def _tally(request: DeskRequest, place: Warehouse, keep: dict[str, str], count_id: int) -> Outcome:
    """A bin: one counts there now. An item: so many more of it lie there. Nothing is written before “this is all”."""
    code = code_of(request)
    into = bin_of(request, place, code)
    tally = tally_of(keep.get("t", ""))
    if into is not None and not tally:
        left = papers.to_count(seller_id=request.desk.seller_id, count_id=count_id)
        if not any(row.bin and row.bin.code == into.code for row in left):
            return Outcome("bad", _("%(bin)s is not to be counted here, or is counted.") % {"bin": into.code}, keep)
        return Outcome("good", _("Count all that lies in %(bin)s.") % {"bin": into.code}, {"bin": into.code})
    if into is not None:
        return Outcome("bad", _("Say first that this is all of the bin before."), keep)
    if not keep.get("bin"):
        return Outcome("bad", _("Scan the bin first, then what lies in it."), keep)
    item, many = item_of(request), quantity_of(request)
    tally[item.sku] = tally.get(item.sku, 0) + many
    facts = {"n": tally[item.sku], "sku": item.sku}
    return Outcome("good", _("%(sku)s: %(n)s counted.") % facts, {**keep, "t": tally_text(tally)})


def _less(request: DeskRequest, _place: Warehouse, keep: dict[str, str]) -> Outcome:
    """One of an item less: it was scanned by mistake."""
    tally, sku = tally_of(keep.get("t", "")), request.POST.get("sku", "")
    tally[sku] = max(tally.get(sku, 0) - 1, 0)
    facts = {"n": tally[sku], "sku": sku}
    return Outcome("warn", _("%(sku)s: %(n)s counted.") % facts, {**keep, "t": tally_text(tally)})


def _without_bin(_request: DeskRequest, _place: Warehouse, _keep: dict[str, str]) -> Outcome:
    return Outcome("good", _("Count what lies in no bin."), {"bin": NO_BIN})


def _enter(request: DeskRequest, place: Warehouse, keep: dict[str, str], count_id: int) -> Outcome:
    here, code = request.desk, keep.get("bin", "")
    into = bin_of(request, place, code) if code != NO_BIN else None
    if into is None and code != NO_BIN:
        raise BinNotFound(scanned=code[:80])
    tally = tally_of(keep.get("t", ""))
    found = {row.item.pk: row.many for row in questions.named(seller_id=here.seller_id, tally=tally)}
    services.enter_count(
        seller_id=here.seller_id,
        count_id=count_id,
        bin_id=into.pk if into else None,
        found=found,
        actor=here.actor,
    )
    pieces = sum(tally.values())
    words = ngettext("%(n)s piece is written down.", "%(n)s pieces are written down.", pieces)
    return Outcome("good", words % {"n": pieces})
