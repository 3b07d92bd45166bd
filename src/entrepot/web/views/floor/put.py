"""Goods find their bins: put away, moved, put back. Scan the item, then the bin."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from entrepot.catalog.models import Item
from entrepot.inventory.errors import BinNotFound
from entrepot.inventory.models import Bin, Warehouse
from entrepot.warehouse import services
from entrepot.warehouse.queries import floor as questions
from entrepot.warehouse.queries import places
from entrepot.warehouse.queries.scans import bin_by_code
from entrepot.warehouse.services.put_back import put_back, to_put_back
from entrepot.warehouse.work import meaning
from entrepot.warehouse.work_errors import NothingToPutBack
from entrepot.web.desk import DeskRequest, desk, number_of
from entrepot.web.floor import CodeUnknown, Outcome, answer_to, code_of, item_of, place_of, quantity_of, screen


def bin_of(request: DeskRequest, place: Warehouse, code: str) -> Bin | None:
    """The bin with this label in this warehouse, or None."""
    return bin_by_code(seller_id=request.desk.seller_id, warehouse_id=place.pk, code=code)


def the_item(request: DeskRequest, place: Warehouse, sku: str) -> tuple[Item | None, int]:
    """The item in hand, and how many of it have no bin here."""
    found = questions.loose_here(seller_id=request.desk.seller_id, warehouse_id=place.pk, sku=sku) if sku else None
    return found or (None, 0)


# --------------------------------------------------------------------------- put away


@desk("stock.count")
def floor_put_away(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """What has no bin: scan it, lay it into the bin that is suggested, or another one, and scan that."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _put_away})
    item, loose = the_item(request, place, answer.keep.get("sku", ""))
    if item is None:
        answer.keep.pop("sku", None)
    here: dict[str, Any] = {"seller_id": request.desk.seller_id, "warehouse_id": place.pk}
    return screen(
        request,
        place,
        "web/floor/put_away.html",
        answer,
        {
            "item": item,
            "loose": loose,
            "suggestion": places.suggested_bin(item_id=item.pk, **here) if item else None,
            "waiting": places.unlocated(limit=questions.MOST, **here).rows if not item else [],
        },
    )


def _put_away(request: DeskRequest, place: Warehouse, keep: dict[str, str]) -> Outcome:
    code = code_of(request)
    into = bin_of(request, place, code)
    item, loose = the_item(request, place, keep.get("sku", ""))
    if into is None or item is None:
        return _in_hand(request, place)
    many = quantity_of(request, loose)
    services.put_away(
        seller_id=request.desk.seller_id,
        warehouse_id=place.pk,
        item_id=item.pk,
        quantity=many,
        bin_id=into.pk,
        actor=request.desk.actor,
    )
    facts = {"n": many, "sku": item.sku, "bin": into.code}
    rest = {"sku": item.sku} if many < loose else {}
    return Outcome("good", _("%(n)s × %(sku)s lie in %(bin)s now.") % facts, rest, moved=True)


def _in_hand(request: DeskRequest, place: Warehouse) -> Outcome:
    item = item_of(request)
    _found, loose = the_item(request, place, item.sku)
    if not loose:
        return Outcome("warn", _("All of %(sku)s lies in bins already.") % {"sku": item.sku})
    return Outcome("good", _("Right: %(sku)s. Now scan the bin.") % {"sku": item.sku}, {"sku": item.sku})


# --------------------------------------------------------------------------- move


@desk("stock.count")
def floor_move(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """From a bin to another: scan the bin, an item in it, and where it goes."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _move})
    source = bin_of(request, place, answer.keep.get("bin", ""))
    inside = places.contents(seller_id=request.desk.seller_id, bin_id=source.pk) if source else []
    chosen = next((row for row in inside if row.item.sku == answer.keep.get("sku")), None)
    if source is None or chosen is None:
        answer.keep.pop("sku", None)
    return screen(request, place, "web/floor/move.html", answer, {"source": source, "inside": inside, "chosen": chosen})


def _move(request: DeskRequest, place: Warehouse, keep: dict[str, str]) -> Outcome:
    code = code_of(request)
    found = bin_of(request, place, code)
    source = bin_of(request, place, keep.get("bin", ""))
    inside = places.contents(seller_id=request.desk.seller_id, bin_id=source.pk) if source else []
    chosen = next((row for row in inside if row.item.sku == keep.get("sku")), None)
    if source is None or (found and chosen is None):
        if found is None:
            raise BinNotFound(scanned=code[:80])
        return Outcome("good", _("You stand at %(bin)s. Now scan the item.") % {"bin": found.code}, {"bin": found.code})
    if found is None or chosen is None:
        meant = meaning(request.desk.seller_id, code)
        lying = next((row for row in inside if meant(row.item)), None)
        if lying is None:
            raise CodeUnknown(scanned=code[:80]) if not inside else BinNotFound(scanned=code[:80])
        words = _("Right: %(sku)s. Now scan where it goes.") % {"sku": lying.item.sku}
        return Outcome("good", words, {"bin": source.code, "sku": lying.item.sku})
    many = quantity_of(request, chosen.quantity)
    services.move(
        seller_id=request.desk.seller_id,
        warehouse_id=place.pk,
        item_id=chosen.item.pk,
        quantity=many,
        from_bin_id=source.pk,
        to_bin_id=found.pk,
        actor=request.desk.actor,
    )
    facts = {"n": many, "sku": chosen.item.sku, "bin": found.code}
    words = _("%(n)s × %(sku)s lie in %(bin)s now.") % facts
    return Outcome("good", words, {"bin": source.code} if len(inside) > 1 or many < chosen.quantity else {})


# --------------------------------------------------------------------------- put back


@desk("orders.pack")
def floor_put_back(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """What was picked for orders that turned back: scan it, and the bin it goes into."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _put_back})
    here: dict[str, Any] = {"seller_id": request.desk.seller_id, "warehouse_id": place.pk}
    lines = to_put_back(**here)
    mine = number_of(answer.keep.get("line", ""))
    line = next((one for one in lines if one.pk == mine), None)
    if line is None:
        answer.keep.pop("line", None)
    suggestion = places.suggested_bin(item_id=line.item_id, **here) if line else None
    return screen(
        request,
        place,
        "web/floor/put_back.html",
        answer,
        {"lines": lines[: questions.MOST], "line": line, "suggestion": suggestion},
    )


def _put_back(request: DeskRequest, place: Warehouse, keep: dict[str, str]) -> Outcome:
    here, code = request.desk, code_of(request)
    lines = to_put_back(seller_id=here.seller_id, warehouse_id=place.pk)
    line = next((one for one in lines if str(one.pk) == keep.get("line")), None)
    into = bin_of(request, place, code)
    if line is None or into is None:
        meant = meaning(here.seller_id, code)
        found = next((one for one in lines if meant(one.item)), None)
        if found is None:
            raise NothingToPutBack(scanned=code[:80], left=0, number="–")
        words = _("%(sku)s of order %(number)s. Now scan the bin.")
        facts = {"sku": found.item.sku, "number": found.work.number}
        return Outcome("good", words % facts, {"line": str(found.pk)})
    many = quantity_of(request, line.picked)
    put_back(
        seller_id=here.seller_id,
        work_id=line.work_id,
        item_code=line.item.sku,
        bin_code=into.code,
        quantity=many,
        actor=here.actor,
    )
    told = {"n": many, "sku": line.item.sku, "bin": into.code}
    return Outcome("good", _("%(n)s × %(sku)s lie in %(bin)s now.") % told, moved=True)
