"""A store's shelves: which of its categories and brands ours are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entrepot.accounts.services.holding import holding
from entrepot.channels.models import Store
from entrepot.channels.queries.shelves import ShelfRow, Shelves, What, shelf_page, shelves
from entrepot.channels.services.shelving import map_brands, map_categories, take_suggestions
from entrepot.web.desk import DeskRequest, back, desk, done, number_of, show
from entrepot.web.forms.categories import ShelfFilters
from entrepot.web.views.stores import find, frame

WHAT: Mapping[str, What] = {"categories": "categories", "brands": "brands"}


@dataclass
class _Sent:
    """What a page of the form says: remote ids by ours, and texts that name no place."""

    wanted: dict[int, list[str]] = field(default_factory=dict)
    texts: dict[int, list[str]] = field(default_factory=dict)
    wrong: set[int] = field(default_factory=set)
    moved: dict[int, str] = field(default_factory=dict)
    """What somebody else mapped it to since the page was opened, where this person wants it otherwise."""


@desk("stores.view")
def store_shelves(request: DeskRequest, store_id: int) -> HttpResponse:
    """Each of our categories or brands with its place in the store, or a suggestion."""
    here = request.desk
    found = find(request, store_id)
    what = WHAT.get(request.GET.get("what", "categories"))
    if what is None:
        raise Http404
    there = shelves(seller_id=here.seller_id, store=found, what=what)
    sent = _Sent()
    if request.method == "POST":
        here.must("stores.map")
        if request.POST.get("deed") == "sure":
            n = take_suggestions(seller_id=here.seller_id, store_id=found.pk, what=what, actor=here.actor)
            return _said(request, store_id, n)
        with holding(Store, seller_id=here.seller_id, pk=found.pk):
            there = shelves(seller_id=here.seller_id, store=found, what=what)
            sent = _read(request, there)
            changed = None if sent.wrong or sent.moved else _keep(request, found.pk, what, sent)
        if changed is not None:
            return _said(request, store_id, changed)
    filters = ShelfFilters(request.GET)
    page = shelf_page(
        seller_id=here.seller_id,
        there=there,
        search=filters.value("q") or "",
        show=filters.value("show") or "",
        after=request.GET.get("after", ""),
    )
    facts = frame(found, "shelves") | {
        "what": what,
        "there": there,
        "filters": filters,
        "page": page,
        "rows": [(row, _inputs(there, row, sent), *_noted(there, row, sent)) for row in page.rows],
    }
    status = 409 if sent.moved else 422 if sent.wrong else 200
    return show(request, "web/stores/shelves.html", facts, status=status)


def _noted(there: Shelves, row: ShelfRow, sent: _Sent) -> tuple[bool, str, str]:
    """Whether it is wrong, what the page shows of it now as ids, and what somebody else made of it meanwhile."""
    return row.pk in sent.wrong, " ".join(there.mapped.get(row.pk, ())), sent.moved.get(row.pk, "")


def _inputs(there: Shelves, row: ShelfRow, sent: _Sent) -> list[str]:
    """What stands in the fields of a row: as it was sent, as it is mapped, or what is surely meant."""
    if row.pk in sent.texts:
        return sent.texts[row.pk]
    if row.places:
        return [there.label(place) for place in row.places]
    return [there.label(row.idea.place) if row.idea and row.idea.certain else ""]


def _read(request: DeskRequest, there: Shelves) -> _Sent:
    sent = _Sent()
    for pk in (number for text in request.POST.getlist("row") if (number := number_of(text))):
        texts = [text.strip() for text in request.POST.getlist(f"to-{pk}")]
        chosen = request.POST.get(f"take-{pk}", "")
        filled = [text for text in (texts if any(texts) or not chosen else [chosen]) if text]
        gone = {f"#{one}": one for one in there.mapped.get(pk, ()) if one not in there.places}
        ids = [there.labels.get(text) or gone.get(text) for text in filled]
        if None in ids:
            sent.wrong.add(pk)
        sent.texts[pk] = texts or [""]
        wanted, now = [one for one in ids if one], there.mapped.get(pk, ())
        saw = request.POST[f"saw-{pk}"].split() if f"saw-{pk}" in request.POST else list(now)
        if set(saw) != set(now) and set(wanted) == set(saw):
            continue  # somebody else mapped it meanwhile, and this person did not touch it
        if set(saw) != set(now) and set(wanted) != set(now):
            sent.moved[pk] = ", ".join(_name(there, one) for one in now) or "—"
        sent.wanted[pk] = wanted
    return sent


def _name(there: Shelves, remote_id: str) -> str:
    return next((label for label, one in there.labels.items() if one == remote_id), f"#{remote_id}")


def _keep(request: DeskRequest, store_id: int, what: What, sent: _Sent) -> int:
    here = request.desk
    if what == "categories":
        return map_categories(seller_id=here.seller_id, store_id=store_id, wanted=sent.wanted, actor=here.actor)
    wanted = {pk: ids[0] if ids else "" for pk, ids in sent.wanted.items()}
    return map_brands(seller_id=here.seller_id, store_id=store_id, wanted=wanted, actor=here.actor)


def _said(request: DeskRequest, store_id: int, n: int) -> HttpResponse:
    words = ngettext("%(n)s mapping changed.", "%(n)s mappings changed.", n) % {"n": n}
    done(request, words if n else _("Nothing to change."))
    return (
        back(request, "web:store_shelves", store_id) if request.POST.get("back") else redirect(request.get_full_path())
    )
