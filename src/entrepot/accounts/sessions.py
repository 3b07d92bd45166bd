"""Signing in and out of the web, throttled, and for which seller a session works."""

from collections.abc import Sequence
from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest

from entrepot.accounts.errors import TooManyAttempts, WrongPassword
from entrepot.accounts.models import Membership, User
from entrepot.accounts.queries import memberships_of
from entrepot.accounts.services.audit import audit
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import NotFound

SELLER_KEY = "seller_id"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_in(request: HttpRequest, *, email: str, password: str) -> User:
    """Check the password and open a session. For the sign-in page, on POST.

    Raises:
        TooManyAttempts: This address has failed too often from here; the right password does not help for a while.
        WrongPassword: Unknown address, wrong password or an account that is switched off: never told which.
    """
    email = email.strip().lower()
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        if AxesProxyHandler.is_locked(request, {"username": email}):
            cool_off: timedelta = settings.AXES_COOLOFF_TIME
            raise TooManyAttempts(minutes=int(cool_off.total_seconds() // 60))
        raise WrongPassword
    _open(request, user)
    return user


def sign_in_user(request: HttpRequest, user: User) -> None:
    """Open a session for somebody who proved themselves by a one-time link. For the accept page."""
    user.backend = BACKEND
    _open(request, user)


def sign_out(request: HttpRequest) -> None:
    """End the session. For the sign-out button, on POST."""
    logout(request)


def choose_seller(request: HttpRequest, *, seller_id: int) -> Membership:
    """Work for another of one's sellers from now on. For the seller menu, on POST.

    Raises:
        NotFound: The person is no member there.
    """
    if not request.user.is_authenticated:
        raise NotFound
    chosen = Membership.objects.filter(user_id=request.user.pk, seller_id=seller_id).first()
    if chosen is None:
        raise NotFound
    request.session[SELLER_KEY] = seller_id
    return chosen


def memberships_here(request: HttpRequest) -> Sequence[Membership]:
    """Everywhere the signed-in person works, the oldest first; asked for once in a request."""
    if not request.user.is_authenticated:
        return ()
    known: Sequence[Membership] | None = getattr(request, "memberships", None)
    if known is None:
        known = memberships_of(user_id=request.user.pk)
        request.memberships = known  # type: ignore[attr-defined] # this is where the attribute is made
    return known


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership this session works under: the chosen seller, else the oldest; None for a stranger."""
    memberships = memberships_here(request)
    if not memberships:
        return None
    chosen = request.session.get(SELLER_KEY)
    return next((row for row in memberships if row.seller_id == chosen), memberships[0])


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, for throttling: behind a proxy of ours, what that proxy saw, else the connection.

    Of `X-Forwarded-For` only the last entry is our proxy's own; those before it may be anybody's invention.
    """
    seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    return seen or str(request.META.get("REMOTE_ADDR", ""))


def _open(request: HttpRequest, user: User) -> None:
    login(request, user)
    actor = Actor("user", user.email, user.pk)
    for seller_id in Membership.objects.filter(user=user).values_list("seller_id", flat=True):
        audit(seller_id=seller_id, actor=actor, verb="users.sign_in", object_type="user", object_id=user.pk)
