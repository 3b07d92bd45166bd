"""Who sits at the desk: every page behind the sign-in goes through `desk`, which knows person, seller and role.

It also speaks the person's language, keeps their clock, and turns a refusal into words in one place.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import SplitResult, urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from entrepot.accounts.access import may
from entrepot.accounts.middleware import membership_of
from entrepot.accounts.models import Membership, Seller, User
from entrepot.accounts.sessions import current_membership, memberships_here
from entrepot.channels.queries.desk import standing
from entrepot.channels.queries.stores import open_runs
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError, Forbidden, NotFound
from entrepot.orders.bulk_queries import open_ones
from entrepot.web.wording import words

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
DeskView = Callable[Concatenate["DeskRequest", Rest], HttpResponse]


@dataclass
class Desk:
    """The person, for whom they work, and what their role allows."""

    membership: Membership
    places: Sequence[Membership]
    """Everywhere this person works."""
    began: float = field(default_factory=time.time)
    """When this page began to be drawn, in seconds since 1970: what moves from then on it may not show yet."""

    @property
    def seller(self) -> Seller:
        """The tenant everything on this page belongs to."""
        return self.membership.seller

    @property
    def seller_id(self) -> int:
        """The tenant's id, for queries and services."""
        return self.membership.seller_id

    @property
    def user(self) -> User:
        """The person."""
        return self.membership.user

    @cached_property
    def actor(self) -> Actor:
        """Who did it, for services."""
        return Actor("user", self.user.name or self.user.email, self.user.pk)

    @property
    def store_ids(self) -> Sequence[int] | None:
        """The stores this person may see; None = all."""
        return self.membership.store_ids or None

    @property
    def warehouse_ids(self) -> Sequence[int] | None:
        """The warehouses this person may see and work in; None = all."""
        return self.membership.warehouse_ids or None

    @property
    def language(self) -> str:
        """The person's own language, else the company's."""
        return self.user.language or self.seller.language

    @property
    def zone(self) -> ZoneInfo:
        """The person's own timezone, else the company's."""
        try:
            return ZoneInfo(self.user.timezone or self.seller.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    def may(self, action: str, *, warehouse_id: int | None = None) -> bool:
        """Whether the role allows it, in this warehouse where one is meant."""
        return may(self.membership, action, warehouse_id=warehouse_id)

    def must(self, action: str, *, warehouse_ids: Collection[int] = ()) -> None:
        """Refuse unless the role allows it, in each of these warehouses.

        Raises:
            Forbidden: The role does not, or not there.
        """
        if not all(self.may(action, warehouse_id=place) for place in warehouse_ids or (None,)):
            raise Forbidden


class DeskRequest(HttpRequest):
    """A request that went through `desk`."""

    desk: Desk


class Allowed:
    """`{% if allowed.stock_adjust %}` in a template: the action `stock.adjust`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __getitem__(self, name: str) -> bool:
        return self._desk.may(name.replace("_", ".", 1))


def seat(request: HttpRequest) -> Desk | None:
    """The desk of the signed-in person, or None."""
    membership = membership_of(request) or current_membership(request)
    return Desk(membership, memberships_here(request)) if membership else None


def desk(action: str = "") -> Callable[[DeskView[Rest]], View[Rest]]:
    """Make a view a page behind the sign-in that needs `action` of the person's role."""

    def wrap(view: DeskView[Rest]) -> View[Rest]:
        @wraps(view)
        def page(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            found = seat(request)
            if found is None:
                return _to_sign_in(request)
            request.desk = found  # type: ignore[attr-defined]
            with translation.override(found.language), timezone.override(found.zone):
                try:
                    if action:
                        found.must(action)
                    answer = view(request, *args, **kwargs)  # type: ignore[arg-type]
                except EntrepotError as error:
                    answer = refused(request, error)  # type: ignore[arg-type]
            answer.headers.setdefault("Cache-Control", "no-store, private")
            return answer

        page.desk_action = action  # type: ignore[attr-defined]
        return cast("View[Rest]", page)

    return wrap


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    address = reverse("web:sign_in")
    wanted = request.get_full_path() if request.method == "GET" else _form_page(request)
    if wanted not in {"", "/"}:
        address += "?" + urlencode({"next": wanted})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _form_page(request: HttpRequest) -> str:
    """The page a form was on, as a path of ours; the browser says it."""
    said = parts_of(request.headers.get("Referer", ""))
    return urlunsplit(("", "", said.path, said.query, "")) if said.netloc == request.get_host() else ""


def show(
    request: DeskRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page of the desk with everything its frame needs."""
    desk_here = request.desk
    seller_id, store_ids = desk_here.seller_id, desk_here.store_ids
    user_id = desk_here.user.pk if store_ids else None
    now = standing(seller_id=seller_id, store_ids=store_ids, user_id=user_id)
    frame = {
        "desk": desk_here,
        "allowed": Allowed(desk_here),
        "problem_count": now.problems,
        "open_deeds": open_ones(seller_id=seller_id, user_id=user_id) if now.deeds else (),
        "open_runs": open_runs(seller_id=seller_id, store_ids=store_ids) if now.runs else (),
        "languages": settings.LANGUAGES,
        "live_url": _live_url(request),
    }
    return render(request, template, {**frame, **(context or {})}, status=status)


def _live_url(request: DeskRequest) -> str:
    """Where the page hears what moves; it says from when on, as it listens only once it is there."""
    address = settings.LIVE_URL.format(host=split_domain_port(request.get_host())[0])
    return f"{address}?since={int(request.desk.began * 1000)}" if address else ""


def refused(request: DeskRequest, error: EntrepotError) -> HttpResponse:
    """A refusal as a person reads it: back to the form it came from with the sentence, or a page of its own."""
    if isinstance(error, NotFound):
        return show(request, "web/errors/not_found.html", {"error": error}, status=404)
    if isinstance(error, Forbidden):
        return show(request, "web/errors/forbidden.html", {"error": error}, status=403)
    if request.method == "POST":
        messages.error(request, words.sentence(error))
        return back(request, "web:dashboard")
    return show(request, "web/errors/refused.html", {"error": error}, status=409)


def back(request: HttpRequest, otherwise: str, *args: object) -> HttpResponse:
    """To the page the form was on (never to another host), else to `otherwise`."""
    address = request.POST.get("back") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(address)
    return redirect(otherwise, *args)


def done(request: HttpRequest, sentence: object) -> None:
    """Say at the top of the next page that it was done."""
    messages.success(request, str(sentence))


def warn(request: HttpRequest, sentence: object) -> None:
    """Say at the top of the next page what did not go as wished."""
    messages.warning(request, str(sentence))


def parts_of(address: str) -> SplitResult:
    """The parts of an address that a browser sent; of one that is none, all empty."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def number_of(text: str) -> int | None:
    """A positive id from an address, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
