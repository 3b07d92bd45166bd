"""Connect a store: pick the channel, see where each credential is found, test, then save."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from entrepot.channels.errors import SameShop
from entrepot.channels.registry import connector_type, connector_types, downloads
from entrepot.channels.services.connect import connect_store, test_connection
from entrepot.connectors.contract import ConnectorType, ShopInfo
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.web.desk import DeskRequest, desk, done, show
from entrepot.web.forms.stores import ConnectForm
from entrepot.web.views import consent
from entrepot.web.wording.guides import connect_facts, store_named


@desk("stores.connect")
@require_safe
def connect(request: DeskRequest) -> HttpResponse:
    """Which kind of store?"""
    kinds = sorted(connector_types.values(), key=lambda kind: (not kind.fields, kind.title))
    return show(request, "web/stores/channels.html", {"kinds": kinds})


def _kind(name: str) -> ConnectorType:
    if name not in connector_types:
        raise NotFound
    return connector_type(name)


@desk("stores.connect")
def connect_channel(request: DeskRequest, channel: str) -> HttpResponse:
    """The form of one channel: test first, then save; or on to the store's consent page."""
    kind = _kind(channel)
    korean = request.desk.language == "ko"
    started = {"currency": "KRW" if korean else "USD", "country": "KR" if korean else ""}
    started |= consent.prefilled(request, kind) if kind.fields else {"name": _("Offline store")}
    form = ConnectForm(request.POST if request.method == "POST" else None, initial=started, kind=kind)
    facts = connect_facts(kind, form)
    if form.is_bound and form.is_valid():
        try:
            if kind.consent is not None:
                return consent.begin(request, kind, form)
            if request.POST.get("deed") == "test":
                facts["info"] = info = _tested(kind, form)
                if info.currency:
                    form.data = request.POST.copy()
                    form.data["currency"] = info.currency
            else:
                return _saved(request, kind, form)
        except SameShop as error:
            facts["same"] = store_named(request, str(error.fields.get("name", "")))
            form.refuse(error)
        except EntrepotError as error:
            form.refuse(error)
    return show(request, "web/stores/connect.html", facts, status=422 if form.errors else 200)


def _tested(kind: ConnectorType, form: ConnectForm) -> ShopInfo:
    return test_connection(connector=kind.name, credentials=form.credentials())


def _saved(request: DeskRequest, kind: ConnectorType, form: ConnectForm) -> HttpResponse:
    store = connect_store(
        seller_id=request.desk.seller_id,
        name=form.cleaned_data["name"],
        country=form.cleaned_data["country"],
        currency=form.cleaned_data["currency"],
        connector=kind.name,
        credentials=form.credentials(),
        actor=request.desk.actor,
    )
    told = _("“%(name)s” is connected. Its products are being read.")
    if not kind.fields:
        told = _("“%(name)s” is there. You can enter orders for it, or take them in by Excel.")
    done(request, told % {"name": form.cleaned_data["name"]})
    return redirect("web:store", store.pk)


@desk("stores.connect")
@require_safe
def connect_download(request: DeskRequest, channel: str, name: str) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """What has to be installed in the shop first."""
    found = next((row for row in downloads.get(channel, ()) if row.name == name), None)
    if found is None:
        raise NotFound
    return HttpResponse(
        found.build(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{found.filename}"'},
    )
