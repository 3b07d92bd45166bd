"""People, API keys, the company's settings and the audit log."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from entrepot.accounts import queries
from entrepot.accounts.access import ROLES
from entrepot.accounts.services import (
    invite,
    make_api_key,
    remove_member,
    revoke_api_key,
    set_role,
    set_scope,
    set_seller_facts,
    withdraw_invitation,
)
from entrepot.channels.queries import stores as store_queries
from entrepot.inventory import queries as stock_queries
from entrepot.kernel.errors import EntrepotError
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.forms.filters import AuditFilters
from entrepot.web.forms.people import CompanyForm, InviteForm, KeyForm


@desk("users.view")
def people(request: DeskRequest) -> HttpResponse:
    """Who works here, in which role, for which stores; and open invitations."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    link = ""
    if request.method == "POST":
        request.desk.must("users.manage")
        if form.is_valid():
            try:
                token = invite(seller_id=request.desk.seller_id, actor=request.desk.actor, **form.cleaned_data)
            except EntrepotError as error:
                form.refuse(error)
            else:
                link = request.build_absolute_uri(reverse("web:join", args=[token]))
                form = InviteForm()
    seller_id = request.desk.seller_id
    facts = {
        "people": queries.people(seller_id=seller_id),
        "invitations": queries.open_invitations(seller_id=seller_id),
        "stores": store_queries.stores(seller_id=seller_id, with_disconnected=False),
        "warehouses": stock_queries.warehouses(seller_id=seller_id),
        "form": form,
        "link": link,
    }
    return show(request, "web/people/people.html", facts, status=422 if form.errors else 200)


@require_POST
@desk("users.manage")
def person_role(request: DeskRequest, membership_id: int) -> HttpResponse:
    """Give somebody another role, stores and warehouses."""
    seller_id, actor = request.desk.seller_id, request.desk.actor
    member = queries.membership(seller_id=seller_id, membership_id=membership_id)
    role = request.POST.get("role", member.role)
    if role != member.role:
        set_role(seller_id=seller_id, membership_id=membership_id, role=role, actor=actor)
    known_stores = {store.pk for store in store_queries.stores(seller_id=seller_id)}
    known_houses = {house.pk for house in stock_queries.warehouses(seller_id=seller_id)}
    set_scope(
        seller_id=seller_id,
        membership_id=membership_id,
        store_ids=sorted(_ids(request, "stores") & known_stores),
        warehouse_ids=sorted(_ids(request, "warehouses") & known_houses),
        actor=actor,
    )
    done(request, _("Saved."))
    return redirect("web:people")


def _ids(request: DeskRequest, name: str) -> set[int]:
    return {number for text in request.POST.getlist(name) if (number := number_of(text))}


@require_POST
@desk("users.manage")
def person_remove(request: DeskRequest, membership_id: int) -> HttpResponse:
    """End somebody's work here."""
    remove_member(seller_id=request.desk.seller_id, membership_id=membership_id, actor=request.desk.actor)
    done(request, _("Removed. What they did stays in the audit log."))
    return redirect("web:people")


@require_POST
@desk("users.manage")
def invitation_withdraw(request: DeskRequest, link_id: int) -> HttpResponse:
    """Take an invitation back."""
    withdraw_invitation(seller_id=request.desk.seller_id, link_id=link_id, actor=request.desk.actor)
    done(request, _("The invitation no longer works."))
    return redirect("web:people")


@desk("keys.manage")
def keys(request: DeskRequest) -> HttpResponse:
    """API keys: made here, shown once."""
    form = KeyForm(request.POST if request.method == "POST" else None, scopes=ROLES[request.desk.membership.role])
    made = None
    if form.is_bound and form.is_valid():
        try:
            made = make_api_key(seller_id=request.desk.seller_id, actor=request.desk.actor, **form.cleaned_data)
        except EntrepotError as error:
            form.refuse(error)
    facts = {"form": form, "made": made, "keys": queries.api_keys(seller_id=request.desk.seller_id)}
    return show(request, "web/people/keys.html", facts, status=422 if form.errors else 200)


@require_POST
@desk("keys.manage")
def key_revoke(request: DeskRequest, key_id: int) -> HttpResponse:
    """Stop a key."""
    revoke_api_key(seller_id=request.desk.seller_id, key_id=key_id, actor=request.desk.actor)
    done(request, _("The key no longer works."))
    return redirect("web:keys")


@desk("settings.edit")
def company(request: DeskRequest) -> HttpResponse:
    """The company's name, language and timezone."""
    seller = request.desk.seller
    started = {"name": seller.name, "language": seller.language, "timezone": seller.timezone}
    form = CompanyForm(request.POST if request.method == "POST" else None, initial=started)
    if form.is_bound and form.is_valid():
        try:
            set_seller_facts(seller_id=seller.pk, actor=request.desk.actor, **form.cleaned_data)
        except EntrepotError as error:
            form.refuse(error)
        else:
            done(request, _("Saved."))
            return redirect("web:company")
    return show(request, "web/people/company.html", {"form": form}, status=422 if form.errors else 200)


@desk("audit.view")
def audit(request: DeskRequest) -> HttpResponse:
    """Who did what, when."""
    filters = AuditFilters(request.GET)
    page = queries.deeds(
        seller_id=request.desk.seller_id,
        who=filters.value("who"),
        verb=filters.value("verb"),
        after=request.GET.get("after", ""),
    )
    return show(request, "web/people/audit.html", {"page": page, "filters": filters})
