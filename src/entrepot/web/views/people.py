"""People, API keys, the company's settings and the audit log."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from entrepot.accounts import queries
from entrepot.accounts.access import ROLES
from entrepot.accounts.models import Membership
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
from entrepot.channels.models import Store
from entrepot.channels.queries import stores as store_queries
from entrepot.inventory import queries as stock_queries
from entrepot.inventory.models import Warehouse
from entrepot.kernel.errors import EntrepotError
from entrepot.web.desk import DeskRequest, desk, done, show
from entrepot.web.forms.filters import AuditFilters
from entrepot.web.forms.people import CompanyForm, InviteForm, KeyForm, ReachForm
from entrepot.web.holding.sitting import Sitting


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
    return _people_page(request, form, link=link, status=422 if form.errors else 200)


def _people_page(
    request: DeskRequest,
    form: InviteForm,
    *,
    link: str = "",
    wrong: Mapping[int, Sitting] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Everybody, each with the form of their role and reach; `wrong`: those that came back."""
    seller_id = request.desk.seller_id
    stores = store_queries.stores(seller_id=seller_id)
    houses = stock_queries.warehouses(seller_id=seller_id, closed=True)
    rows = [
        (person, (wrong or {}).get(person.pk) or _reach_sitting(request, person, _reach_form(person, stores, houses)))
        for person in queries.people(seller_id=seller_id)
    ]
    reached = {pk for person, _sitting in rows for pk in person.store_ids}
    worked_in = {pk for person, _sitting in rows for pk in person.warehouse_ids}
    facts = {
        "people": rows,
        "invitations": queries.open_invitations(seller_id=seller_id),
        "stores": [one for one in stores if one.state != Store.State.DISCONNECTED or one.pk in reached],
        "warehouses": [house for house in houses if house.active or house.pk in worked_in],
        "form": form,
        "link": link,
    }
    return show(request, "web/people/people.html", facts, status=status)


@require_POST
@desk("users.manage")
def person_role(request: DeskRequest, membership_id: int) -> HttpResponse:
    """Give somebody another role, stores and warehouses."""
    seller_id, actor = request.desk.seller_id, request.desk.actor
    member = queries.membership(seller_id=seller_id, membership_id=membership_id)
    stores = store_queries.stores(seller_id=seller_id)
    houses = stock_queries.warehouses(seller_id=seller_id, closed=True)
    form = _reach_form(member, stores, houses, request.POST)
    sitting = _reach_sitting(request, member, form)

    def save() -> None:
        facts = form.cleaned_data
        if facts["role"] != queries.membership(seller_id=seller_id, membership_id=membership_id).role:
            set_role(seller_id=seller_id, membership_id=membership_id, role=facts["role"], actor=actor)
        set_scope(
            seller_id=seller_id,
            membership_id=membership_id,
            store_ids=sorted(facts["stores"]),
            warehouse_ids=sorted(facts["warehouses"]),
            actor=actor,
        )

    if sitting.kept(save):
        done(request, _("Saved."))
        return redirect("web:people")
    return _people_page(request, InviteForm(), wrong={member.pk: sitting}, status=sitting.status)


def _reach_now(seller_id: int, membership_id: int) -> dict[str, Any]:
    found = queries.membership(seller_id=seller_id, membership_id=membership_id)
    return {"role": found.role, "stores": found.store_ids, "warehouses": found.warehouse_ids}


def _reach_form(
    member: Membership, stores: Sequence[Store], houses: Sequence[Warehouse], data: QueryDict | None = None
) -> ReachForm:
    """A person's role and reach."""
    started = {"role": member.role, "stores": member.store_ids, "warehouses": member.warehouse_ids}
    form = ReachForm(data, initial=started)
    form.offer([(one.pk, one.sales_channel.name) for one in stores], [(one.pk, one.name) for one in houses])
    return form


def _reach_sitting(request: DeskRequest, member: Membership, form: ReachForm) -> Sitting:
    look = partial(_reach_now, request.desk.seller_id, member.pk)
    return Sitting(request, form, seat="member", pk=member.pk, look=look, told_of=member.user_id)


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
    form = CompanyForm(request.POST if request.method == "POST" else None, initial=_company_now(seller.pk))
    sitting = Sitting(request, form, seat="seller", pk=seller.pk, look=lambda: _company_now(seller.pk))

    def save() -> None:
        set_seller_facts(seller_id=seller.pk, actor=request.desk.actor, **form.cleaned_data)

    if form.is_bound and sitting.kept(save):
        done(request, _("Saved."))
        return redirect("web:company")
    return show(request, "web/people/company.html", {"form": form, "sitting": sitting}, status=sitting.status)


def _company_now(seller_id: int) -> dict[str, str]:
    seller = queries.seller(seller_id=seller_id)
    return {"name": seller.name, "language": seller.language, "timezone": seller.timezone}


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
