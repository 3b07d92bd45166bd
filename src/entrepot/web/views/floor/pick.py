"""Picking by scan: choose a walk, then bin, item and tote in path order."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entrepot.inventory.errors import QuantityInvalid
from entrepot.inventory.models import Warehouse
from entrepot.warehouse.models import PickList, Wave
from entrepot.warehouse.queries import floor as questions
from entrepot.warehouse.queries import walks
from entrepot.warehouse.services.picking import Scan, open_lines
from entrepot.warehouse.services.unpick import Missing, report_missing, unpick
from entrepot.warehouse.services.walking import Step, walk_on
from entrepot.warehouse.services.waves import make_wave
from entrepot.web.desk import DeskRequest, desk, number_of
from entrepot.web.floor import (
    Answer,
    CodeUnknown,
    Outcome,
    answer_to,
    code_of,
    place_of,
    quantity_of,
    screen,
    tally_of,
    tally_text,
)


@desk("orders.pack")
def floor_pick(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """The walks that wait: one's own first; the next one by a button, any by its number."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _open_list, "make": _make_walk})
    rows = _lists(request, place)
    waits = questions.waiting(seller_id=request.desk.seller_id, warehouse_ids=[place.pk])[place.pk]
    return screen(
        request, place, "web/floor/pick.html", answer, {"lists": rows, "waits": waits, "kinds": Wave.Kind.choices}
    )


def _lists(request: DeskRequest, place: Warehouse) -> Sequence[PickList]:
    here = request.desk
    return questions.pick_lists(seller_id=here.seller_id, warehouse_id=place.pk, person=here.actor.label)


def _open_list(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    code = code_of(request)
    found = questions.open_list(seller_id=request.desk.seller_id, warehouse_id=place.pk, number=code)
    if found is None:
        raise CodeUnknown(scanned=code[:80])
    return Outcome("good", "", go=reverse("web:floor_pick_list", args=[place.pk, found.pk]))


def _make_walk(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    kind = request.POST.get("kind", "")
    here = request.desk
    wave = make_wave(
        seller_id=here.seller_id,
        warehouse_id=place.pk,
        kind=kind if kind in Wave.Kind.values else Wave.Kind.SINGLE,
        actor=here.actor,
    )
    first = walks.pick_lists_of(seller_id=here.seller_id, wave_id=wave.pk)[0]
    return Outcome("good", "", go=reverse("web:floor_pick_list", args=[place.pk, first.pk]), moved=True)


@desk("orders.pack")
def floor_pick_list(request: DeskRequest, warehouse_id: int, list_id: int) -> HttpResponse:
    """One walk: where to go, what to take, how many, into what; and what cannot be found."""
    place = place_of(request, warehouse_id)
    seller_id = request.desk.seller_id
    found = questions.pick_list_here(seller_id=seller_id, warehouse_id=place.pk, pick_list_id=list_id)

    def walk(request: DeskRequest, _place: Warehouse, keep: dict[str, str]) -> Outcome:
        return _walk(request, keep, list_id)

    def short(request: DeskRequest, _place: Warehouse, keep: dict[str, str]) -> Outcome:
        return _short(request, keep, list_id)

    def undo(request: DeskRequest, _place: Warehouse, keep: dict[str, str]) -> Outcome:
        return _undo(request, keep, list_id)

    answer = answer_to(request, place, {"scan": walk, "short": short, "undo": undo})
    found.refresh_from_db(fields=["state", "picker"])
    cart = found.wave.kind == Wave.Kind.CART
    rest = questions.stops(open_lines(seller_id=seller_id, pick_list_id=list_id), by_order=cart)
    stop = _here(rest, answer)
    return screen(
        request,
        place,
        "web/floor/pick_list.html",
        answer,
        {
            "list": found,
            "cart": cart,
            "stop": stop,
            "rest": rest,
            "then": [one for one in rest if one is not stop][:4],
            "done": questions.picked_lines(seller_id=seller_id, pick_list_id=list_id),
            "someone": found.picker if found.picker != request.desk.actor.label[:120] else "",
            "short_lines": ",".join(str(line.pk) for line in stop.lines) if stop else "",
        },
    )


def _here(rest: Sequence[questions.Stop], answer: Answer) -> questions.Stop | None:
    """The step of the walk a person is at: what lies in the bin they stand at, else the first."""
    at, hand = answer.keep.get("bin", ""), answer.keep.get("hand", "")
    mine = [stop for stop in rest if stop.first.bin and stop.first.bin.code.upper() == at]
    if rest and not at and rest[0].first.bin is None:
        mine = list(rest)
    if not mine:
        answer.keep.pop("bin", None)
        answer.keep.pop("hand", None)
        return rest[0] if rest else None
    return next((stop for stop in mine if stop.first.item.sku == hand), mine[0])


def _walk(request: DeskRequest, keep: dict[str, str], list_id: int) -> Outcome:
    here, code = request.desk, code_of(request)
    many = quantity_of(request, 0) or None
    step = walk_on(
        seller_id=here.seller_id,
        pick_list_id=list_id,
        scanned=code,
        at_bin=keep.get("bin", ""),
        in_hand=keep.get("hand", ""),
        quantity=many,
        actor=here.actor,
    )
    kept = {name: text for name, text in {"bin": step.at_bin, "hand": step.in_hand}.items() if text}
    if step.scan is None:
        return Outcome("good", _step_words(step), kept)
    undo = {"lines": tally_text({str(line): many for line, many in step.scan.lines.items()}), "sku": step.scan.sku}
    return Outcome(
        "good" if step.scan.next else "done",
        _picked_words(step.scan),
        kept,
        moved=True,
        offer={"undo": undo} if step.scan.next else {},
    )


def _step_words(step: Step) -> str:
    if step.in_hand:
        return _("Right: %(sku)s. Now scan its tote.") % {"sku": step.in_hand}
    return _("You stand at %(bin)s. Now scan the item.") % {"bin": step.at_bin}


def _picked_words(scan: Scan) -> str:
    facts = {"n": scan.quantity, "sku": scan.sku}
    if scan.next is None:
        return _("%(n)s × %(sku)s picked. That was the last one: the walk is done.") % facts
    if scan.totes:
        return _("%(n)s × %(sku)s picked into %(tote)s.") % {**facts, "tote": scan.totes[0]}
    return _("%(n)s × %(sku)s picked.") % facts


def _short(request: DeskRequest, keep: dict[str, str], list_id: int) -> Outcome:
    here = request.desk
    ids = [number for text in request.POST.get("lines", "").split(",") if (number := number_of(text))]
    questions.check_on_list(seller_id=here.seller_id, pick_list_id=list_id, line_ids=ids)
    missing = quantity_of(request, 0)
    if missing < 1:
        raise QuantityInvalid(quantity=missing)
    told = report_missing(seller_id=here.seller_id, pick_line_ids=ids, quantity=missing, actor=here.actor)
    return Outcome("warn", _missing_words(told), {"bin": keep["bin"]} if keep.get("bin") else {}, moved=True)


def _missing_words(told: Sequence[Missing]) -> str:
    pieces = sum(one.quantity for one in told)
    words = [ngettext("%(n)s piece is noted as missing.", "%(n)s pieces are noted as missing.", pieces) % {"n": pieces}]
    if on := [one.number for one in told if one.goes_on]:
        words.append(_("It comes from elsewhere for: %(orders)s.") % {"orders": ", ".join(on)})
    if waits := [one.number for one in told if not one.goes_on]:
        text = _("There is no more; these orders wait for stock, and what was picked of them is put back: %(orders)s.")
        words.append(text % {"orders": ", ".join(waits)})
    return " ".join(words)


def _undo(request: DeskRequest, keep: dict[str, str], list_id: int) -> Outcome:
    lines = {int(line): many for line, many in tally_of(request.POST.get("lines", "")).items() if number_of(line)}
    questions.check_on_list(seller_id=request.desk.seller_id, pick_list_id=list_id, line_ids=lines)
    back = unpick(seller_id=request.desk.seller_id, lines=lines, actor=request.desk.actor)
    facts = {
        "n": sum(lines.values()),
        "sku": back[0].item.sku,
        "bin": back[0].bin.code if back[0].bin else _("its place"),
    }
    text = _("Taken back: %(n)s × %(sku)s. Lay it into %(bin)s again.")
    return Outcome("warn", text % facts, {"bin": keep["bin"]} if keep.get("bin") else {}, moved=True)
