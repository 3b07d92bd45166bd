"""What comes back by scan: whose it is, in what condition each piece is, and where it goes."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from entrepot.catalog.models import Item
from entrepot.inventory.models import Warehouse
from entrepot.orders.models import OrderLine
from entrepot.warehouse.models import Return, ReturnLine
from entrepot.warehouse.queries import floor as questions
from entrepot.warehouse.queries.leaving import return_of, with_the_buyer
from entrepot.warehouse.services.come_back import take_in
from entrepot.warehouse.services.returns import SOLD_AGAIN, Graded, grade_return, receive_return
from entrepot.warehouse.work import meaning
from entrepot.warehouse.work_errors import NotOfThisReturn
from entrepot.web.desk import DeskRequest, desk
from entrepot.web.floor import Outcome, answer_to, code_of, place_of, quantity_of, screen, tally_of, tally_text
from entrepot.web.views.floor.put import bin_of

Grade = ReturnLine.Grade


@desk("orders.pack")
def floor_returns(request: DeskRequest, warehouse_id: int) -> HttpResponse:
    """Returns that are announced or lie here: scan the parcel's number, the order, or the paper."""
    place = place_of(request, warehouse_id)
    answer = answer_to(request, place, {"scan": _whose})
    rows = questions.open_returns(seller_id=request.desk.seller_id, warehouse_id=place.pk)
    return screen(request, place, "web/floor/returns.html", answer, {"returns": rows})


def _whose(request: DeskRequest, place: Warehouse, _keep: dict[str, str]) -> Outcome:
    here = request.desk
    found = take_in(seller_id=here.seller_id, warehouse_id=place.pk, scanned=code_of(request), actor=here.actor)
    return_of(**_mine(request, place, found.pk))
    return Outcome("good", "", go=reverse("web:floor_return", args=[place.pk, found.pk]))


def _mine(request: DeskRequest, place: Warehouse, return_id: int) -> dict[str, Any]:
    """What finds a return, if the person works for its store."""
    here = request.desk
    return {
        "seller_id": here.seller_id,
        "warehouse_ids": [place.pk],
        "return_id": return_id,
        "channel_ids": here.store_ids,
    }


@desk("orders.pack")
def floor_return(request: DeskRequest, warehouse_id: int, return_id: int) -> HttpResponse:
    """One return: choose the condition, scan the pieces in it, scan the bin good ones go into, finish."""
    place = place_of(request, warehouse_id)
    seller_id = request.desk.seller_id
    mine = _mine(request, place, return_id)
    found = return_of(**mine)
    lines = list(with_the_buyer(seller_id=seller_id, order_id=found.order_id))

    def scan(request: DeskRequest, place: Warehouse, keep: dict[str, str]) -> Outcome:
        return _piece(request, place, keep, lines)

    def came(request: DeskRequest, _place: Warehouse, _keep: dict[str, str]) -> Outcome:
        receive_return(seller_id=seller_id, return_id=return_id, actor=request.desk.actor)
        return Outcome("good", _("It is here. Scan its pieces."))

    def finish(request: DeskRequest, _place: Warehouse, keep: dict[str, str]) -> Outcome:
        graded = [_graded(name, many) for name, many in tally_of(keep.get("t", "")).items()]
        grade_return(seller_id=seller_id, return_id=return_id, graded=graded, actor=request.desk.actor)
        return Outcome("done", _("The return is taken in. Good pieces can be sold again."), moved=True)

    answer = answer_to(request, place, {"scan": scan, "came": came, "finish": finish, "grade": _grade, "less": _less})
    answer.keep.setdefault("grade", Grade.AS_NEW)
    found = return_of(**mine)
    tally = tally_of(answer.keep.get("t", ""))
    return screen(
        request,
        place,
        "web/floor/return.html",
        answer,
        {
            "back": found,
            "lines": [(line, _of_line(tally, line)) for line in lines],
            "pieces": sum(tally.values()),
            "grades": Grade.choices,
            "tally": _rows(tally, lines),
            "open": found.state in {Return.State.EXPECTED, Return.State.RECEIVED},
        },
    )


def _graded(name: str, many: int) -> Graded:
    line, grade, *rest = name.split(".", 2)
    return Graded(line_id=int(line), grade=grade, quantity=many, bin_code=rest[0] if rest else "")


def _of_line(tally: dict[str, int], line: OrderLine) -> int:
    return sum(many for name, many in tally.items() if name.split(".", 1)[0] == str(line.pk))


def _rows(tally: dict[str, int], lines: list[OrderLine]) -> list[dict[str, object]]:
    known = {str(line.pk): line for line in lines}
    rows = []
    for name, many in tally.items():
        line, grade, *rest = name.split(".", 2)
        if line in known and grade in Grade.values:
            words = {"line": known[line], "grade": Grade(grade).label, "bin": rest[0] if rest else ""}
            rows.append({"name": name, "many": many, "sold_again": grade in SOLD_AGAIN, **words})
    return rows


def _piece(request: DeskRequest, place: Warehouse, keep: dict[str, str], lines: list[OrderLine]) -> Outcome:
    """A bin: good pieces go there now. An item of the order, or its line by a button: so many are back."""
    chosen = request.POST.get("line", "")
    code = "" if chosen else code_of(request)
    into = bin_of(request, place, code) if code else None
    if into is not None:
        return Outcome("good", _("Good pieces go into %(bin)s.") % {"bin": into.code}, {**keep, "into": into.code})
    meant = meaning(request.desk.seller_id, code)
    fitting = [line for line in lines if (str(line.pk) == chosen if chosen else _is(line, code, meant))]
    tally, many = tally_of(keep.get("t", "")), quantity_of(request)
    line = next((one for one in fitting if _of_line(tally, one) + many <= one.shipped - one.returned), None)
    if line is None:
        raise NotOfThisReturn(scanned=code[:80] or (fitting[0].sku if fitting else ""))
    grade = keep.get("grade", Grade.AS_NEW)
    target = keep.get("into", "") if grade in SOLD_AGAIN else ""
    name = f"{line.pk}.{grade}" + (f".{target}" if target else "")
    tally[name] = tally.get(name, 0) + many
    facts = {"sku": line.sku or line.name, "grade": Grade(grade).label, "n": many}
    return Outcome("good", _("%(n)s × %(sku)s: %(grade)s.") % facts, {**keep, "t": tally_text(tally)})


def _is(line: OrderLine, code: str, meant: Callable[[Item], bool]) -> bool:
    return bool(line.item and meant(line.item)) or line.sku.casefold() == code.casefold()


def _grade(request: DeskRequest, _place: Warehouse, keep: dict[str, str]) -> Outcome:
    grade = request.POST.get("grade", "")
    chosen = grade if grade in Grade.values else Grade.AS_NEW
    return Outcome(
        "good", _("What you scan now is: %(grade)s.") % {"grade": Grade(chosen).label}, {**keep, "grade": chosen}
    )


def _less(request: DeskRequest, _place: Warehouse, keep: dict[str, str]) -> Outcome:
    tally, name = tally_of(keep.get("t", "")), request.POST.get("name", "")
    tally[name] = max(tally.get(name, 0) - 1, 0)
    return Outcome("warn", _("One less."), {**keep, "t": tally_text(tally)})
