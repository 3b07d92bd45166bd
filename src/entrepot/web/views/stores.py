"""OMS › Integrations › Ecommerce Sales Channels: the list, and a store's pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts.services import look_at
from entrepot.channels.flow import STORE_FLOW
from entrepot.channels.models import Run, StatusMapping, Store
from entrepot.channels.opening import SETTINGS
from entrepot.channels.queries import calls
from entrepot.channels.queries import desk as desk_queries
from entrepot.channels.queries import stores as queries
from entrepot.channels.queries.behind import Behind, behind
from entrepot.channels.queries.glance import glance
from entrepot.channels.registry import OFFLINE, connector_types
from entrepot.channels.services import lifecycle
from entrepot.channels.services.connect import replace_credentials
from entrepot.channels.services.push_rules import set_store_stock_rules, would_push
from entrepot.channels.services.runs import importing, progress, results
from entrepot.channels.services.statuses import confirm_meanings
from entrepot.channels.services.store_row import FIXED_STATUSES
from entrepot.channels.services.sync import sync_orders, sync_products, sync_stock
from entrepot.channels.services.webhook import webhook_url
from entrepot.connectors.contract import ConnectorType
from entrepot.inventory import queries as stock_queries
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.web.charts import limits, traffic
from entrepot.web.desk import DeskRequest, desk, done, show
from entrepot.web.forms.stores import CredentialsForm, StatusMapForm, StoreSettingsForm
from entrepot.web.holding.sitting import Sitting
from entrepot.web.views import consent
from entrepot.web.wording.waiting import cells

RULES = ("buffer", "maximum", "share_percent", "source_warehouses")
DEEDS: dict[str, tuple[str, Callable[..., Store], str | Promise]] = {
    "go_live": ("stores.connect", lifecycle.go_live, gettext_lazy("The store is live.")),
    "back_to_shadow": (
        "stores.connect",
        lifecycle.back_to_shadow,
        gettext_lazy("Nothing is written to the store any more."),
    ),
    "pause": ("stores.pause", lifecycle.pause, gettext_lazy("The store is paused.")),
    "resume": ("stores.pause", lifecycle.resume, gettext_lazy("The store goes on.")),
    "disconnect": (
        "stores.connect",
        lifecycle.disconnect,
        gettext_lazy("The store is disconnected. Its orders and history stay."),
    ),
}


def find(request: DeskRequest, store_id: int) -> Store:
    """The store, if this person may see it."""
    here = request.desk
    return queries.store(seller_id=here.seller_id, store_id=store_id, store_ids=here.store_ids)


@desk("stores.view")
@require_safe
def stores(request: DeskRequest) -> HttpResponse:
    """All stores with their state and how fresh they are."""
    here = request.desk
    rows = queries.stores(seller_id=here.seller_id, store_ids=here.store_ids)
    ids = [row.pk for row in rows]
    now = glance(seller_id=here.seller_id)
    counts = queries.listing_counts(seller_id=here.seller_id, store_ids=ids)
    problems = queries.open_problem_counts(seller_id=here.seller_id, store_ids=ids)
    running = {
        run.store_id: (run, progress(run))
        for run in queries.open_runs(seller_id=here.seller_id, store_ids=here.store_ids)
    }
    facts = {
        "rows": [
            (
                row,
                title_of(row),
                now.unsent.get(row.pk, Behind()),
                counts.get(row.pk, {}),
                problems.get(row.pk, 0),
                running.get(row.pk),
            )
            for row in rows
        ]
    }
    return show(request, "web/stores/list.html", facts)


def title_of(store: Store) -> str:
    """What kind of channel it is, by its own name."""
    found = connector_types.get(store.connector)
    return found.title if found else store.connector


@dataclass(frozen=True, slots=True)
class Permission:
    """What a store's owner granted. `over`: it has ended; `soon`: it ends within three days."""

    ends_at: datetime | None
    over: bool
    soon: bool
    version: str


def permission_of(store: Store, kind: ConnectorType) -> Permission | None:
    """How the owner's consent stands; None where a store asks for none."""
    if kind.consent is None or store.state == Store.State.DISCONNECTED:
        return None
    left = store.grant_ends_at - timezone.now() if store.grant_ends_at else None
    over = left is not None and left <= timedelta(0)
    soon = left is not None and not over and left < timedelta(days=3)
    return Permission(store.grant_ends_at, over, soon, str(store.memory.get("api_version", "")))


def _open_moves(store: Store) -> set[str]:
    names = set(STORE_FLOW.open_moves(store.state))
    return names | ({"resume"} if names & {"resume_live", "resume_shadow"} else set())


TABS: Final[Mapping[str, Promise]] = {
    "findings": gettext_lazy("SKU doctor"),
    "statuses": gettext_lazy("Status map"),
    "shelves": gettext_lazy("Categories and brands"),
    "prices": gettext_lazy("Prices"),
    "runs": gettext_lazy("Sync history"),
    "drift": gettext_lazy("Differences"),
    "settings": gettext_lazy("Settings"),
    "credentials": gettext_lazy("Replace credentials"),
}
"""The pages of a store beside its first, as they call themselves."""


def frame(store: Store, tab: str) -> dict[str, Any]:
    """What every page of a store shows."""
    return {
        "store": store,
        "title": title_of(store),
        "tab": tab,
        "tab_word": TABS.get(tab, ""),
        "offline": store.connector == OFFLINE,
    }


@desk("stores.view")
@require_safe
def store(request: DeskRequest, store_id: int) -> HttpResponse:
    """Where the store stands: what is running, how fresh it is, what it owes, what it can."""
    here = request.desk
    found = find(request, store_id)
    runs = [run for run in queries.open_runs(seller_id=here.seller_id) if run.store_id == store_id]
    first = queries.last_run(seller_id=here.seller_id, store_id=store_id, kind=Run.Kind.FIRST_IMPORT)
    kind = connector_types.get(found.connector)
    seen, now = glance(seller_id=here.seller_id), timezone.now()
    facts = frame(found, "overview") | {
        "moves": _open_moves(found),
        "runs": [(run, progress(run), results(run)) for run in runs],
        "first": first,
        "first_results": results(first) if first else {},
        "importing": importing(found),
        "unsent": seen.unsent.get(store_id),
        "refused": seen.refused.get(store_id, 0),
        "waiting": cells(
            seen.unsent.get(store_id), behind(seller_id=here.seller_id, store_ids=[store_id])[store_id], now
        ),
        "last_runs": calls.last_runs(seller_id=here.seller_id, store_id=store_id),
        "calls": traffic.calls_chart(calls.calls(seller_id=here.seller_id, store_id=store_id, now=now), now),
        "counts": queries.listing_counts(seller_id=here.seller_id, store_ids=[store_id]).get(store_id, {}),
        "findings": sum(queries.finding_counts(seller_id=here.seller_id, store_id=store_id).values()),
        "problems": desk_queries.problems(seller_id=here.seller_id, store_id=store_id, limit=5),
        "unconfirmed": [
            row for row in queries.status_mappings(seller_id=here.seller_id, store_id=store_id) if not row.confirmed
        ],
        "preview": [row for row in would_push(found, limit=12) if row.shown != row.quantity][:10]
        if found.state == Store.State.SHADOW and kind
        else [],
        "gauge": limits.gauge(found, kind) if kind else None,
    }
    if found.state == Store.State.SHADOW and kind and not facts["importing"]:
        look_at(seller_id=here.seller_id, place="preview", actor=here.actor)
    look = limits.look_at(found) if kind else limits.Look()
    facts |= {"parts": look.parts, "permission": permission_of(found, kind) if kind else None}
    if look.set_by_hand and found.state != Store.State.DISCONNECTED:
        facts["webhook"] = webhook_url(found)
    return show(request, "web/stores/page.html", facts)


@require_POST
@desk("stores.view")
def store_deed(request: DeskRequest, store_id: int, deed: str) -> HttpResponse:
    """Go live, pause, resume, disconnect."""
    found = find(request, store_id)
    if deed not in DEEDS:
        raise NotFound
    action, verb, sentence = DEEDS[deed]
    request.desk.must(action)
    verb(seller_id=request.desk.seller_id, store_id=found.pk, actor=request.desk.actor)
    done(request, sentence)
    return redirect("web:store", store_id)


@require_POST
@desk("stores.sync")
def store_sync(request: DeskRequest, store_id: int, what: str) -> HttpResponse:
    """Sync Orders, Sync Stock, Sync products: made due now."""
    here = request.desk
    found = find(request, store_id)
    said: dict[str, Any] = {"seller_id": here.seller_id, "store_id": found.pk, "actor": here.actor}
    match what:
        case "stock":
            n = sync_stock(**said)
            told = ngettext("%(n)s listing is being told again.", "%(n)s listings are being told again.", n)
            done(request, told % {"n": n})
        case "products":
            sync_products(**said)
            done(request, _("Started. Its progress is on this page."))
        case "orders":
            sync_orders(**said)
            done(request, _("The store's orders are being read."))
        case _:
            raise NotFound
    return redirect("web:store", store_id)


@desk("stores.connect")
def store_credentials(request: DeskRequest, store_id: int) -> HttpResponse:
    """New credentials, tested before they are kept; where the owner has to agree to them, by way of the store."""
    found = find(request, store_id)
    kind = connector_types.get(found.connector)
    if kind is None or not kind.fields:
        raise NotFound
    form = CredentialsForm(request.POST if request.method == "POST" else None, kind=kind)
    if form.is_bound and form.is_valid():
        try:
            if form.needs_consent():
                return consent.again(request, kind, found, form.given())
            replace_credentials(
                seller_id=request.desk.seller_id,
                store_id=store_id,
                credentials=form.given(),
                actor=request.desk.actor,
            )
        except EntrepotError as error:
            form.refuse(error)
        else:
            done(request, _("The new credentials work and are saved."))
            return redirect("web:store", store_id)
    facts = frame(found, "credentials") | {"form": form, "kind": kind}
    return show(request, "web/stores/credentials.html", facts, status=422 if form.errors else 200)


@desk("stores.view")
def store_statuses(request: DeskRequest, store_id: int) -> HttpResponse:
    """What each of the store's own order statuses means here."""
    found = find(request, store_id)
    here = request.desk
    rows = queries.status_mappings(seller_id=here.seller_id, store_id=store_id)
    if fixed := found.info.get(FIXED_STATUSES):
        facts = frame(found, "statuses") | {"groups": _by_meaning(rows, fixed)}
        return show(request, "web/stores/statuses_fixed.html", facts)
    form = StatusMapForm(request.POST if request.method == "POST" else None, mappings=rows)

    def look() -> dict[str, str]:
        now = queries.status_mappings(seller_id=here.seller_id, store_id=store_id)
        return {f"status_{row.remote_id}": row.meaning for row in now}

    def save() -> None:
        confirm_meanings(seller_id=here.seller_id, store_id=store_id, meanings=form.meanings(), actor=here.actor)

    sitting = Sitting(request, form, seat="store", pk=store_id, look=look)
    if request.method == "POST":
        here.must("stores.map")
        if sitting.kept(save):
            done(request, _("Saved. Orders that waited for this are looked at again."))
            return redirect("web:store_statuses", store_id)
    facts = frame(found, "statuses") | {
        "rows": [(row, form[f"status_{row.remote_id}"]) for row in rows],
        "form": form,
        "sitting": sitting,
    }
    return show(request, "web/stores/statuses.html", facts, status=sitting.status)


def _by_meaning(
    rows: Sequence[StatusMapping], names: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, list[tuple[StatusMapping, str, str]]]]:
    """Statuses by what they mean here, in the order of an order's life: each with its names in Korean and English."""
    found: dict[str, list[tuple[StatusMapping, str, str]]] = {}
    for row in rows:
        called = names.get(row.remote_id, {})
        found.setdefault(row.meaning, []).append((row, called.get("ko", row.name), called.get("en", row.name)))
    return [(str(meaning.label), found[meaning]) for meaning in StatusMapping.Meaning if meaning in found]


@desk("stores.view")
def store_settings(request: DeskRequest, store_id: int) -> HttpResponse:
    """Rhythm and stock rules."""
    found = find(request, store_id)
    here = request.desk
    form = StoreSettingsForm(request.POST if request.method == "POST" else None, initial=_settings_now(found))
    sitting = Sitting(request, form, seat="store", pk=found.pk, look=lambda: _settings_now(find(request, store_id)))
    houses = stock_queries.warehouses(seller_id=here.seller_id)
    form.offer([(house.pk, house.name) for house in houses])
    if request.method == "POST":
        here.must("stores.connect")
        if sitting.kept(lambda: _keep_settings(request, find(request, store_id), form)):
            done(request, _("Saved."))
            return redirect("web:store_settings", store_id)
    facts = frame(found, "settings") | {"form": form, "sitting": sitting}
    return show(request, "web/stores/settings.html", facts, status=sitting.status)


def _settings_now(found: Store) -> dict[str, Any]:
    single = {f"edit_{name}": policy for name, policy in found.settings.get("edit_policies", {}).items()}
    return {**SETTINGS, **found.settings, **single, "name": found.sales_channel.name}


def _keep_settings(request: DeskRequest, found: Store, form: StoreSettingsForm) -> None:
    here = request.desk
    said: dict[str, Any] = {"seller_id": here.seller_id, "store_id": found.pk, "actor": here.actor}
    facts = dict(form.cleaned_data)
    name = facts.pop("name")
    rules = {rule: facts.pop(rule, None) or None for rule in RULES}
    if name != found.sales_channel.name:
        lifecycle.rename(name=name, **said)
    changes = {key: value for key, value in facts.items() if value != {**SETTINGS, **found.settings}.get(key)}
    if changes:
        lifecycle.change_settings(changes=changes, **said)
    if any(found.settings.get(rule) != value for rule, value in rules.items()):
        set_store_stock_rules(rules=rules, **said)


@desk("stores.view")
@require_safe
def store_runs(request: DeskRequest, store_id: int) -> HttpResponse:
    """Imports and syncs, newest first."""
    found = find(request, store_id)
    page = queries.runs(seller_id=request.desk.seller_id, store_id=store_id, after=request.GET.get("after", ""))
    facts = frame(found, "runs") | {
        "page": page,
        "rows": [(run, progress(run), results(run)) for run in page.rows],
        "chart": traffic.runs_chart(page.rows),
    }
    return show(request, "web/stores/runs.html", facts)


@desk("stores.view")
@require_safe
def store_drift(request: DeskRequest, store_id: int) -> HttpResponse:
    """Differences between what the store was told and what it showed."""
    found = find(request, store_id)
    page = queries.drifts(seller_id=request.desk.seller_id, store_id=store_id, after=request.GET.get("after", ""))
    return show(request, "web/stores/drift.html", frame(found, "drift") | {"page": page})
