"""Who asks, for which seller, in which language and time zone: said once, at the door."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import get_supported_language_variant

from entrepot.accounts.models import Membership, Seller
from entrepot.accounts.sessions import current_membership
from entrepot.kernel.actor import Actor


class MembershipMiddleware:
    """Sets `request.membership`, `request.seller` and `request.actor` (None for a stranger), language and time zone.

    Stands after Django's AuthenticationMiddleware and LocaleMiddleware. The person's own language and zone win over the
    seller's; a stranger keeps what the browser asks for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        membership = current_membership(request)
        request.membership = membership  # type: ignore[attr-defined] # this is where the attribute is made
        request.seller = membership.seller if membership else None  # type: ignore[attr-defined] # likewise
        request.actor = _actor(request)  # type: ignore[attr-defined] # likewise
        if membership is None:
            return self.get_response(request)
        _speak(membership)
        with timezone.override(membership.user.timezone or membership.seller.timezone):
            return self.get_response(request)


def seller_of(request: HttpRequest) -> Seller | None:
    """The seller this request works for, typed."""
    seller = getattr(request, "seller", None)
    return seller if isinstance(seller, Seller) else None


def membership_of(request: HttpRequest) -> Membership | None:
    """The membership this request works under, typed."""
    membership = getattr(request, "membership", None)
    return membership if isinstance(membership, Membership) else None


def _actor(request: HttpRequest) -> Actor | None:
    if not request.user.is_authenticated:
        return None
    return Actor("user", request.user.get_username(), request.user.pk)


def _speak(membership: Membership) -> None:
    wanted = membership.user.language
    if not wanted:
        return
    try:
        translation.activate(get_supported_language_variant(wanted))
    except LookupError:
        return
