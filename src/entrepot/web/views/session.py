"""Coming in: sign-in, one-time links; and what a person sets for themselves."""

from functools import partial

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entrepot.accounts import queries
from entrepot.accounts.errors import LinkNotValid
from entrepot.accounts.services import accept_link, change_password, look_at_link, set_profile
from entrepot.accounts.sessions import choose_seller, sign_in_user
from entrepot.accounts.sessions import sign_in as open_session
from entrepot.accounts.sessions import sign_out as close_session
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.web.desk import DeskRequest, back, desk, done, number_of, seat, show
from entrepot.web.forms.people import JoinForm, PasswordForm, ProfileForm, SignInForm
from entrepot.web.holding.sitting import Sitting
from entrepot.web.way import first_steps

YEAR = 365 * 24 * 3600


def _onward(request: HttpRequest) -> str:
    """Where to after signing in: the page that was asked for, never another host."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else _first_page(request)


def _first_page(request: HttpRequest) -> str:
    """Where the day begins: with the first steps as long as they are not walked."""
    here = seat(request)
    return reverse("web:start" if here and first_steps.leads(here) else "web:dashboard")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail address and password."""
    if request.method == "GET" and seat(request):
        return redirect(_onward(request))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            open_session(request, email=form.cleaned_data["email"], password=form.cleaned_data["password"])
        except EntrepotError as error:
            form.refuse(error)
        else:
            return redirect(_onward(request))
    facts = {"form": form, "next": request.GET.get("next", "")}
    return render(request, "web/session/sign_in.html", facts, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    close_session(request)
    return redirect("web:sign_in")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link: looked at on GET, used on POST."""
    try:
        link = look_at_link(token=token)
    except LinkNotValid as error:
        return render(request, "web/session/link_gone.html", {"error": error}, status=410)
    form = JoinForm(request.POST if request.method == "POST" else None, asks=link.asks)
    if request.method == "POST" and form.is_valid():
        person = request.user
        actor = Actor("user", person.get_username() or link.email, person.pk if person.is_authenticated else None)
        try:
            accepted = accept_link(
                token=token, actor=actor, language=translation.get_language() or "", **form.answers()
            )
        except EntrepotError as error:
            form.refuse(error)
        else:
            sign_in_user(request, accepted.user)
            return redirect(_first_page(request))
    facts = {"form": form, "link": link}
    return render(request, "web/session/join.html", facts, status=422 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on: kept with the person, and in a cookie for strangers."""
    wanted = request.POST.get("language", "")
    answer = back(request, "web:sign_in")
    if translation.check_for_language(wanted):
        answer.set_cookie("django_language", wanted, max_age=YEAR, samesite="Lax")
        if found := seat(request):
            person = found.user
            set_profile(
                user_id=person.pk, name=person.name, language=wanted, timezone=person.timezone, actor=found.actor
            )
    return answer


@desk()
def me(request: DeskRequest) -> HttpResponse:
    """One's own name, language, clock and password."""
    here, person = request.desk, request.desk.user
    mine = request.POST.get("form") == "profile"
    form = ProfileForm(request.POST if mine else None, initial=_profile(here.seller_id, person.pk))
    look = partial(_profile, here.seller_id, person.pk)
    sitting = Sitting(request, form, seat="user", pk=person.pk, look=look)
    if mine and sitting.kept(lambda: set_profile(user_id=person.pk, actor=here.actor, **form.cleaned_data)):
        done(request, _("Saved."))
        return redirect("web:me")
    password = PasswordForm(request.POST if request.POST.get("form") == "password" else None)
    if password.is_bound and password.is_valid() and _password_changed(request, password):
        return redirect("web:me")
    facts = {"form": form, "password": password, "sitting": sitting}
    return show(request, "web/session/me.html", facts, status=422 if password.errors else sitting.status)


@require_safe
@desk()
def still_here(request: DeskRequest) -> HttpResponse:
    """Whether somebody is signed in still, and the sign that their next form must carry."""
    return JsonResponse({"csrf": get_token(request)})


def _profile(seller_id: int, user_id: int) -> dict[str, str | bool]:
    person = queries.place_of(seller_id=seller_id, user_id=user_id).user
    return {
        "name": person.name,
        "language": person.language,
        "timezone": person.timezone,
        "shortcuts": person.shortcuts,
    }


def _password_changed(request: DeskRequest, form: PasswordForm) -> bool:
    facts = form.cleaned_data
    try:
        user = change_password(
            user_id=request.desk.user.pk, old=facts["old"] or None, new=facts["password"], actor=request.desk.actor
        )
    except EntrepotError as error:
        form.refuse(error)
        return False
    update_session_auth_hash(request, user)
    done(request, _("Your password is changed. Other sessions of yours have ended."))
    return True


@require_POST
@desk()
def switch_seller(request: DeskRequest) -> HttpResponse:
    """Work for another of one's sellers."""
    choose_seller(request, seller_id=number_of(request.POST.get("seller", "")) or 0)
    return redirect("web:dashboard")
