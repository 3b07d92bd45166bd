"""For machines that look after machines: is it alive, and how is it."""

import hmac
import secrets
import sys
from http import HTTPStatus

import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.decorators.http import require_safe
from django.views.defaults import bad_request

from entrepot.api import unforeseen
from entrepot.project.metrics import exposition

log = structlog.get_logger(__name__)
LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while pages can be served and the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("database\n", status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, of all sellers together: to this machine itself, or to whoever has the token."""
    if not _may_measure(request):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    text, content_type = exposition()
    return HttpResponse(text, content_type=content_type)


def broken(request: HttpRequest) -> HttpResponse:
    """What is read when something of ours broke: no word of what, but a number under which the log has it."""
    incident = "-".join((secrets.token_hex(2), secrets.token_hex(2))).upper()
    log.error("page_broke", incident=incident, path=request.path, kind=_kind_of_trouble(), exc_info=sys.exc_info())
    if unforeseen.from_program(request):
        return unforeseen.answer(unforeseen.BrokeInside(incident=incident), HTTPStatus.INTERNAL_SERVER_ERROR)
    page = loader.get_template("500.html").render({"incident": incident})
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is read when a request is none that can be taken."""
    if unforeseen.from_program(request):
        return unforeseen.answer(unforeseen.Unreadable(), HTTPStatus.BAD_REQUEST)
    return bad_request(request, exception)


def _kind_of_trouble() -> str:
    kind = sys.exc_info()[0]
    return kind.__name__ if kind else ""


def _may_measure(request: HttpRequest) -> bool:
    """A proxy on this machine comes from loopback too, so whoever was forwarded needs the token."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    forwarded = any(name in request.headers for name in FORWARDED)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not forwarded
