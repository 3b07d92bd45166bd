"""Who goes astray: an address that leads nowhere, a deed that is refused, a form that is too old.

Whoever is signed in stays at the desk; everybody else reads a plain page.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views import defaults
from django.views.csrf import csrf_failure

from entrepot.kernel.errors import Forbidden
from entrepot.web.desk import DeskRequest, desk, seat, show


def no_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For an address at which nothing is."""
    if not _sits(request):
        return defaults.page_not_found(request, exception)
    return _at_desk(request, "web/errors/no_page.html", HTTPStatus.NOT_FOUND)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For what is refused before a page could say why."""
    if not _sits(request):
        return defaults.permission_denied(request, exception)
    return _at_desk(request, "web/errors/forbidden.html", HTTPStatus.FORBIDDEN)


def old_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For a form whose key is not that of this browser; nothing of it was taken."""
    if not _sits(request):
        return csrf_failure(request, reason)
    return _at_desk(request, "web/errors/old_form.html", HTTPStatus.FORBIDDEN)


def _sits(request: HttpRequest) -> bool:
    """Whether somebody is signed in; a request that was refused at the very door has no person yet."""
    return hasattr(request, "user") and seat(request) is not None


@desk()
def _at_desk(request: DeskRequest, template: str, status: HTTPStatus) -> HttpResponse:
    return show(request, template, {"error": Forbidden()}, status=status)
