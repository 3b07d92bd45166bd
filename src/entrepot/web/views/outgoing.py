"""Integrations › Other systems: who is told what, whether it was taken, and what to do where it was not."""

from functools import partial
from typing import Any, TypedDict
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.words import filled, messages
from entrepot.inventory.models import Warehouse
from entrepot.inventory.queries import warehouses
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.outgoing import queries
from entrepot.outgoing.kinds import WORK
from entrepot.outgoing.models import Endpoint
from entrepot.outgoing.notices import shown
from entrepot.outgoing.services import endpoints as verbs
from entrepot.outgoing.services.deliver import send_again
from entrepot.outgoing.wire import SECONDS
from entrepot.web.desk import DeskRequest, desk, done, show
from entrepot.web.forms.outgoing import EndpointFactsForm, EndpointForm
from entrepot.web.holding.sitting import Sitting


class _Who(TypedDict):
    seller_id: int
    endpoint_id: int
    actor: Actor


@desk("settings.edit")
def endpoints(request: DeskRequest) -> HttpResponse:
    """The addresses, and a form for a new one, whose secret is shown once."""
    here, made = request.desk, None
    verbs.check_reach(here.seller_id, here.actor)
    known = queries.endpoints(seller_id=here.seller_id)
    taken = {row.warehouse_id for row in known}
    external = [
        place
        for place in warehouses(seller_id=here.seller_id)
        if place.mode == Warehouse.Mode.EXTERNAL and place.pk not in taken
    ]
    form = EndpointForm(request.POST if request.method == "POST" else None, places=external)
    if form.is_bound and form.is_valid():
        facts = {**form.cleaned_data, "warehouse_id": form.cleaned_data["warehouse"]}
        facts.pop("warehouse")
        try:
            made = verbs.add_endpoint(seller_id=here.seller_id, actor=here.actor, **facts)
        except EntrepotError as error:
            form.refuse(error)
        else:
            known = queries.endpoints(seller_id=here.seller_id)
            form = EndpointForm(places=[place for place in external if place.pk != made.endpoint.warehouse_id])
    facts = {"endpoints": known, "form": form, "made": made}
    return show(request, "web/outgoing/list.html", facts, status=422 if form.errors else 200)


@desk("settings.edit")
def endpoint(request: DeskRequest, endpoint_id: int) -> HttpResponse:
    """One address: how it does, what it was told, and what can be changed."""
    here = request.desk
    verbs.check_reach(here.seller_id, here.actor)
    found = queries.endpoint(seller_id=here.seller_id, endpoint_id=endpoint_id)
    data = request.POST if request.method == "POST" else None
    form = EndpointFactsForm(data, initial=_facts(request, endpoint_id), endpoint=found)
    sitting = _sitting(request, endpoint_id, form)

    def save() -> None:
        verbs.change_endpoint(seller_id=here.seller_id, endpoint_id=endpoint_id, actor=here.actor, **form.cleaned_data)

    if form.is_bound and sitting.kept(save):
        done(request, _("Saved. What waits is sent there now."))
        return redirect("web:endpoint", endpoint_id)
    return _page(request, endpoint_id, sitting=sitting)


def _found(request: DeskRequest, endpoint_id: int) -> Endpoint:
    return queries.endpoint(seller_id=request.desk.seller_id, endpoint_id=endpoint_id)


def _facts(request: DeskRequest, endpoint_id: int) -> dict[str, Any]:
    found = _found(request, endpoint_id)
    return {name: getattr(found, name) for name in EndpointFactsForm.base_fields}


def _sitting(request: DeskRequest, endpoint_id: int, form: EndpointFactsForm) -> Sitting:
    return Sitting(request, form, seat="endpoint", pk=endpoint_id, look=partial(_facts, request, endpoint_id))


def _page(
    request: DeskRequest, endpoint_id: int, *, sitting: Sitting, made: verbs.Opened | None = None
) -> HttpResponse:
    here = request.desk
    found = queries.endpoint(seller_id=here.seller_id, endpoint_id=endpoint_id)
    waiting = request.GET.get("only") == "waiting"
    page = queries.notices(
        seller_id=here.seller_id, endpoint_id=endpoint_id, waiting=waiting, after=request.GET.get("after", "")
    )
    facts = {
        "endpoint": found,
        "form": sitting.form,
        "sitting": sitting,
        "made": made,
        "page": page,
        "work": WORK.values() if found.warehouse_id else (),
        "only_waiting": waiting,
    }
    return show(request, "web/outgoing/page.html", facts, status=sitting.status)


@require_POST
@desk("settings.edit")
def endpoint_deed(request: DeskRequest, endpoint_id: int, deed: str) -> HttpResponse:
    """Send a test, try now, pause, resume, make the secret anew, or forget the address."""
    here = request.desk
    who: _Who = {"seller_id": here.seller_id, "endpoint_id": endpoint_id, "actor": here.actor}
    match deed:
        case "secret":
            made = verbs.new_secret(**who)
            form = EndpointFactsForm(initial=_facts(request, endpoint_id), endpoint=made.endpoint)
            return _page(request, endpoint_id, sitting=_sitting(request, endpoint_id, form), made=made)
        case "delete":
            form = EndpointFactsForm(initial=_facts(request, endpoint_id), endpoint=_found(request, endpoint_id))
            _sitting(request, endpoint_id, form).still(lambda: verbs.delete_endpoint(**who))
            done(request, _("Deleted. It is told nothing any more."))
            return redirect("web:endpoints")
        case "test":
            verbs.ping(**who)
            done(request, _("The test is on its way; what came of it stands below in a moment."))
        case "pause":
            verbs.pause_endpoint(**who)
            done(request, _("Paused. What happens meanwhile is sent when you resume."))
        case "resume":
            verbs.resume_endpoint(**who)
            done(request, _("What waits is sent now."))
        case _:
            raise Http404
    return redirect("web:endpoint", endpoint_id)


@require_safe
@desk("settings.edit")
def notice(request: DeskRequest, notice_id: int) -> HttpResponse:
    """One message: what was said, and how each try went."""
    here = request.desk
    verbs.check_reach(here.seller_id, here.actor)
    found = queries.notice(seller_id=here.seller_id, notice_id=notice_id)
    tries = queries.attempts(seller_id=here.seller_id, notice_id=notice_id)
    facts_of = {"host": urlsplit(found.endpoint.url).hostname or "", "seconds": f"{SECONDS:g}"}
    rows = [
        (row, filled(messages()[row.error_code], {**facts_of, "status": row.status or ""}) if row.error_code else "")
        for row in tries
    ]
    facts = {"notice": found, "rows": rows, "body": shown(found)}
    return show(request, "web/outgoing/message.html", facts)


@require_POST
@desk("settings.edit")
def notice_again(request: DeskRequest, notice_id: int) -> HttpResponse:
    """Send a message that was taken once more."""
    send_again(seller_id=request.desk.seller_id, notice_id=notice_id, actor=request.desk.actor)
    done(request, _("It is on its way once more, under the same id."))
    return redirect("web:notice", notice_id)
