"""First steps: the guided path, what is left out of it, and the order that tries the desk out."""

import secrets
from collections.abc import Callable
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts.services import hide_path, skip_step, take_step_up, unhide_path
from entrepot.channels.queries.first_steps import TEST
from entrepot.channels.services.statuses import cancel_in_store
from entrepot.kernel.errors import NotFound
from entrepot.orders import queries, services
from entrepot.orders.drafts import ManualLine, ManualOrder
from entrepot.web.desk import Desk, DeskRequest, desk, done, show
from entrepot.web.errors import NothingToSell
from entrepot.web.holding.after import orders_moved
from entrepot.web.way import first_steps

MARK = "start"
"""In the session of who walks the path: every page shows the way back to it."""


@desk("orders.view")
@require_safe
def start(request: DeskRequest) -> HttpResponse:
    """The path as it stands."""
    facts = first_steps.facts_of(request.desk)
    walked = first_steps.steps(request.desk, facts)
    left = first_steps.open_ones(walked)
    hidden = request.desk.user.pk in facts.path.hidden_for
    _mark(request, walking=bool(left) and not hidden)
    shown = {
        "steps": walked,
        "ended": len(walked) - len(left),
        "facts": facts,
        "importing": first_steps.import_progress(facts),
        "hidden": hidden,
        "connectors": {store.connector for store in facts.stores},
        "by_hand": _by_hand(request.desk),
        "key": f"{TEST}-{secrets.token_hex(8)}",
    }
    return show(request, "web/start/page.html", shown)


def _by_hand(here: Desk) -> bool:
    """Whether this person has an Offline store to make an order in, or one is made for them."""
    return here.store_ids is None or bool(
        queries.offline_channels(seller_id=here.seller_id, channel_ids=here.store_ids)
    )


def _mark(request: DeskRequest, *, walking: bool) -> None:
    if walking != request.session.get(MARK, False):
        request.session[MARK] = walking


def _skip(request: DeskRequest) -> str:
    step = _step(request)
    skip_step(seller_id=request.desk.seller_id, step=step, actor=request.desk.actor)
    return ""


def _up(request: DeskRequest) -> str:
    take_step_up(seller_id=request.desk.seller_id, step=_step(request), actor=request.desk.actor)
    return ""


def _step(request: DeskRequest) -> str:
    """The step meant, if this person may walk it."""
    wanted = request.POST.get("step", "")
    kind = next((kind for kind in first_steps.KINDS if kind.key == wanted), None)
    if kind is None:
        raise NotFound
    request.desk.must(kind.needs)
    return kind.key


def _hide(request: DeskRequest) -> str:
    here = request.desk
    hide_path(seller_id=here.seller_id, user_id=here.user.pk, actor=here.actor)
    _mark(request, walking=False)
    done(request, _("The path is hidden. “First steps” in the menu of your account opens it again."))
    return "web:dashboard"


def _show(request: DeskRequest) -> str:
    here = request.desk
    unhide_path(seller_id=here.seller_id, user_id=here.user.pk, actor=here.actor)
    return ""


def _order(request: DeskRequest) -> str:
    """An order of one piece of the first item that is there."""
    here = request.desk
    here.must("orders.place")
    facts = first_steps.facts_of(here)
    if facts.sample is None:
        raise NothingToSell
    channels = queries.offline_channels(seller_id=here.seller_id, channel_ids=here.store_ids)
    currency = channels[0].currency if channels else ("KRW" if here.language == "ko" else "USD")
    order = ManualOrder(
        key=request.POST.get("key", "")[:60] or f"{TEST}-{secrets.token_hex(8)}",
        currency=currency,
        lines=[ManualLine(item_id=facts.sample.pk, quantity=1, unit_price=Decimal(0))],
        buyer_name=_("Test buyer"),
        shipping={"name": _("Test buyer"), "line1": "1", "city": "-", "postcode": "00000", "country_code": "KR"},
        tags=[TEST],
        note=_("A test order from the first steps. Nobody bought it; cancel it when you have looked at it."),
    )
    placed = services.place_manual(
        seller_id=here.seller_id,
        order=order,
        actor=here.actor,
        sales_channel_id=channels[0].pk if channels else None,
        channel_ids=here.store_ids,
    )
    orders_moved(here, [queries.order(seller_id=here.seller_id, order_id=placed.order_id)])
    done(request, _("The test order is on the desk, and one piece is reserved for it."))
    return ""


def _cancel(request: DeskRequest) -> str:
    """Only the order that was made here: one that somebody bought is canceled on its own page."""
    here = request.desk
    here.must("orders.cancel")
    facts = first_steps.facts_of(here)
    if facts.order is None or not facts.order_is_a_test:
        raise NotFound
    order = cancel_in_store(seller_id=here.seller_id, order_id=facts.order.pk, actor=here.actor, reason=TEST)
    orders_moved(here, [queries.order(seller_id=here.seller_id, order_id=order.pk)])
    done(request, _("The test order is canceled. Its piece can be sold again."))
    return ""


DEEDS: dict[str, Callable[[DeskRequest], str]] = {
    "skip": _skip,
    "up": _up,
    "hide": _hide,
    "show": _show,
    "order": _order,
    "cancel": _cancel,
}


@require_POST
@desk("orders.view")
def start_do(request: DeskRequest, deed: str) -> HttpResponse:
    """Leave a step out or take it up, hide or show the path, make or cancel the test order."""
    if deed not in DEEDS:
        raise NotFound
    return redirect(DEEDS[deed](request) or "web:start")
