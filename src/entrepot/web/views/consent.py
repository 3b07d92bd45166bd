"""To a store's own consent page and back, and in from the store's admin."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.addresses import ANY_BROWSER, consent_url
from entrepot.channels.consent_errors import ConsentElsewhere
from entrepot.channels.errors import SameShop
from entrepot.channels.models import Store
from entrepot.channels.queries import stores as queries
from entrepot.channels.registry import connector_type, connector_types
from entrepot.channels.services.consent import begin_consent, finish_consent, launched
from entrepot.connectors.contract import ConnectorType, SenderNotBelieved
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.web.desk import DeskRequest, desk, done, show, warn
from entrepot.web.forms.stores import ConnectForm
from entrepot.web.wording import words
from entrepot.web.wording.guides import connect_facts, store_named

BEGUN = "consent_begun"
"""What the session remembers of a consent, without secrets: the form that gets it back, or the store."""


def _kind(name: str) -> ConnectorType:
    if name not in connector_types or connector_type(name).consent is None:
        raise NotFound
    return connector_type(name)


def go_on(request: DeskRequest, kind: ConnectorType, address: str, back: str) -> HttpResponse:
    """A page that leads to the store's. No redirect: the policy of our pages holds a form to this host, all the way."""
    return show(request, "web/stores/consent_go.html", {"kind": kind, "address": address, "back": back})


def begin(request: DeskRequest, kind: ConnectorType, form: ConnectForm) -> HttpResponse:
    """From the connect form to the store's consent page.

    Raises:
        EntrepotError: What was entered cannot be.
    """
    facts = {name: form.cleaned_data.get(name, "") for name in ("name", "country", "currency")}
    address = begin_consent(
        seller_id=request.desk.seller_id,
        connector=kind.name,
        credentials=form.credentials(),
        facts=facts,
        actor=request.desk.actor,
        session_key=_session_key(request),
        return_url=consent_url(kind.name),
    )
    shown = {field.name: form.cleaned_data.get(field.name, "") for field in kind.fields if not field.secret}
    request.session[BEGUN] = {"channel": kind.name, "form": facts | shown}
    return go_on(request, kind, address, reverse("web:connect_channel", args=[kind.name]))


@require_POST
@desk("stores.connect")
def store_authorize(request: DeskRequest, store_id: int) -> HttpResponse:
    """Ask the owner of a known store once more."""
    here = request.desk
    found = queries.store(seller_id=here.seller_id, store_id=store_id, store_ids=here.store_ids)
    return again(request, _kind(found.connector), found, {})


def again(request: DeskRequest, kind: ConnectorType, found: Store, given: Mapping[str, str]) -> HttpResponse:
    """From a known store to its consent page; what is not given anew stays as it is.

    Raises:
        EntrepotError: What was entered cannot be.
    """
    address = begin_consent(
        seller_id=request.desk.seller_id,
        connector=kind.name,
        credentials=given,
        facts={},
        actor=request.desk.actor,
        session_key=_session_key(request),
        return_url=consent_url(kind.name),
        store_id=found.pk,
    )
    request.session[BEGUN] = {"channel": kind.name, "store_id": found.pk}
    return go_on(request, kind, address, reverse("web:store", args=[found.pk]))


def _session_key(request: DeskRequest) -> str:
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)


@desk("stores.connect")
@require_safe
def consent_return(request: DeskRequest, channel: str) -> HttpResponse:
    """The browser is back from the store, with its owner's answer."""
    kind = _kind(channel)
    begun = request.session.get(BEGUN) or {}
    begun = begun if begun.get("channel") == channel else {}
    try:
        store = _finished(request, kind)
    except EntrepotError as error:
        return _to_form(request, kind, begun, error)
    request.session.pop(BEGUN, None)
    if begun.get("store_id") == store.pk:
        done(request, _("The store accepts Entrepot again. What had to wait is done now."))
    else:
        done(request, _("“%(name)s” is connected. Its products are being read.") % {"name": store.sales_channel.name})
    return redirect("web:store", store.pk)


def _finished(request: DeskRequest, kind: ConnectorType) -> Store:
    """Finish it for the browser that began it, or one begun without a browser."""
    query = {name: str(value) for name, value in request.GET.items()}
    said: dict[str, Any] = {
        "seller_id": request.desk.seller_id,
        "state": query.get("state", ""),
        "query": query,
        "return_url": consent_url(kind.name),
        "actor": request.desk.actor,
    }
    try:
        return finish_consent(session_key=_session_key(request), **said)
    except ConsentElsewhere:
        return finish_consent(session_key=ANY_BROWSER, **said)


def _to_form(request: DeskRequest, kind: ConnectorType, begun: Mapping[str, Any], error: EntrepotError) -> HttpResponse:
    """Say why nothing came of it where the person can do something: at the store, or on the connect form."""
    if store_id := begun.get("store_id"):
        warn(request, words.sentence(error))
        return redirect("web:store", store_id)
    form = ConnectForm(initial=begun.get("form") or {}, kind=kind)
    facts = connect_facts(kind, form) | {"failed": words.sentence(error)}
    if isinstance(error, SameShop):
        facts["same"] = store_named(request, str(error.fields.get("name", "")))
    return show(request, "web/stores/connect.html", facts, status=422)


@desk("stores.view")
@require_safe
def store_launch(request: DeskRequest, channel: str) -> HttpResponse:
    """Opened from the store's admin: to its store here, to its consent page, or to the connect form."""
    kind = _kind(channel)
    here = request.desk
    query = request.META.get("QUERY_STRING", "")
    try:
        target = launched(connector=channel, query=query, now=timezone.now(), seller_id=here.seller_id)
    except SenderNotBelieved as error:
        return show(request, "web/errors/forbidden.html", {"error": error}, status=403)
    if target.store is None:
        named = {name: text for name, text in target.prefill.items() if text}
        return redirect(reverse("web:connect_channel", args=[channel]) + (f"?{urlencode(named)}" if named else ""))
    if here.store_ids is not None and target.store.pk not in here.store_ids:
        raise NotFound
    if target.authorize and here.may("stores.connect"):
        return again(request, kind, target.store, {})
    return redirect("web:store", target.store.pk)


def prefilled(request: DeskRequest, kind: ConnectorType) -> dict[str, str]:
    """What the address says of the fields that are no secret, for a form that is opened from elsewhere."""
    return {
        field.name: request.GET[field.name][:500]
        for field in kind.fields
        if not field.secret and field.name in request.GET
    }
