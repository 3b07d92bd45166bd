from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation

from entrepot.accounts import sessions
from entrepot.accounts.errors import TooManyAttempts, WrongPassword
from entrepot.accounts.middleware import MembershipMiddleware
from entrepot.accounts.models import AuditEntry, Membership, Role, Seller, User
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import NotFound

RIGHT = "correct horse battery"


def request(user: User | None = None, address: str = "203.0.113.5") -> HttpRequest:
    made = RequestFactory().post("/sign-in/", REMOTE_ADDR=address)
    made.session = SessionStore()
    made.user = user or AnonymousUser()
    return made


def test_the_right_password_opens_a_session_and_is_written_down(owner: Membership) -> None:
    made = request()
    assert sessions.sign_in(made, email=" OWNER@socks.example ", password=RIGHT) == owner.user
    assert made.session["_auth_user_id"] == str(owner.user_id)
    assert AuditEntry.objects.get().verb == "users.sign_in"


@pytest.mark.parametrize("email", ["owner@socks.example", "nobody@socks.example"])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(owner: Membership, email: str) -> None:
    with pytest.raises(WrongPassword, match=r"e-mail address or the password"):
        sessions.sign_in(request(), email=email, password="wrong")


def test_after_five_failures_the_right_password_must_wait_a_quarter_of_an_hour(owner: Membership) -> None:
    start = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        for _ in range(4):
            with pytest.raises(WrongPassword):
                sessions.sign_in(request(), email="owner@socks.example", password="wrong")
        for password in ("wrong", RIGHT):
            with pytest.raises(TooManyAttempts, match="15 minutes"):
                sessions.sign_in(request(), email="owner@socks.example", password=password)
        sessions.sign_in(request(address="203.0.113.9"), email="owner@socks.example", password=RIGHT)
    with time_machine.travel(start + timedelta(minutes=16), tick=False):
        sessions.sign_in(request(), email="owner@socks.example", password=RIGHT)


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "198.51.100.1", "203.0.113.5"),
        (True, "", "203.0.113.5"),
        (True, "198.51.100.1", "198.51.100.1"),
        (True, "invented, 198.51.100.1", "198.51.100.1"),
    ],
)
def test_an_address_is_believed_only_from_our_own_proxy(
    settings: Any, *, behind_proxy: bool, forwarded: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    made = RequestFactory().get("/", REMOTE_ADDR="203.0.113.5", HTTP_X_FORWARDED_FOR=forwarded)
    assert sessions.client_address(made) == address


def test_behind_a_proxy_one_stranger_s_failures_lock_nobody_else_out(owner: Membership, settings: Any) -> None:
    settings.BEHIND_PROXY = True

    def through_proxy(address: str) -> HttpRequest:
        made = request(address="127.0.0.1")
        made.META["HTTP_X_FORWARDED_FOR"] = address
        return made

    for _ in range(6):
        with pytest.raises((WrongPassword, TooManyAttempts)):
            sessions.sign_in(through_proxy("198.51.100.1"), email="owner@socks.example", password="wrong")
    with pytest.raises(TooManyAttempts):
        sessions.sign_in(through_proxy("198.51.100.1"), email="owner@socks.example", password=RIGHT)
    sessions.sign_in(through_proxy("198.51.100.2"), email="owner@socks.example", password=RIGHT)


def test_somebody_switched_off_does_not_get_in(owner: Membership) -> None:
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    with pytest.raises(WrongPassword):
        sessions.sign_in(request(), email="owner@socks.example", password=RIGHT)


def seen_by(made: HttpRequest) -> dict[str, object]:
    seen: dict[str, object] = {}

    def page(inner: HttpRequest) -> HttpResponse:
        seen.update(
            membership=inner.membership,
            seller=inner.seller,
            actor=inner.actor,
            language=translation.get_language(),
            timezone=timezone.get_current_timezone_name(),
        )
        return HttpResponse()

    with translation.override("en"):
        MembershipMiddleware(page)(made)
    return seen


@pytest.mark.django_db
def test_a_stranger_works_for_nobody() -> None:
    seen = seen_by(request())
    assert (seen["membership"], seen["seller"], seen["actor"]) == (None, None, None)


def test_a_person_of_two_sellers_works_for_the_one_chosen(owner: Membership, member: Callable[..., Membership]) -> None:
    second = member(Role.PICKER, email=owner.user.email, at=Seller.objects.create(name="Busan Bags"))
    made = request(owner.user)
    assert seen_by(made)["membership"] == owner
    sessions.choose_seller(made, seller_id=second.seller_id)
    assert seen_by(made)["membership"] == second
    assert seen_by(made)["actor"] == Actor("user", owner.user.email, owner.user_id)


def test_nobody_chooses_a_seller_they_do_not_work_for(owner: Membership, member: Callable[..., Membership]) -> None:
    stranger = member(Role.OWNER, email="s@bags.example", at=Seller.objects.create(name="Busan Bags"))
    made = request(owner.user)
    with pytest.raises(NotFound):
        sessions.choose_seller(made, seller_id=stranger.seller_id)
    made.session[sessions.SELLER_KEY] = stranger.seller_id
    assert seen_by(made)["membership"] == owner


def test_language_and_time_zone_are_the_person_s_own_else_the_seller_s(owner: Membership) -> None:
    Seller.objects.filter(pk=owner.seller_id).update(timezone="Asia/Seoul")
    assert (seen_by(request(owner.user))["timezone"], seen_by(request(owner.user))["language"]) == ("Asia/Seoul", "en")
    User.objects.filter(pk=owner.user_id).update(timezone="Europe/Riga", language="ko")
    seen = seen_by(request(owner.user))
    assert (seen["timezone"], seen["language"]) == ("Europe/Riga", "ko")
