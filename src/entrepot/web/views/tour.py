"""The tour of the demo: begun, on, back, ended."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from entrepot.kernel.errors import NotFound
from entrepot.web.desk import DeskRequest, desk
from entrepot.web.way import tour


@require_POST
@desk("orders.view")
def tour_do(request: DeskRequest, deed: str) -> HttpResponse:
    """Move on, and to the page of the stop; at the end to the first steps."""
    if not tour.here_is_one():
        raise NotFound
    now = request.session.get(tour.MARK)
    at = int(now["at"]) if isinstance(now, dict) else 0
    match deed:
        case "begin":
            address = tour.go(request, request.desk, to=0, by=1)
        case "next":
            address = tour.go(request, request.desk, to=at + 1, by=1)
        case "back":
            address = tour.go(request, request.desk, to=at - 1, by=-1) or tour.go(request, request.desk, to=0, by=1)
        case "here":
            address = tour.go(request, request.desk, to=at, by=1)
        case "end":
            address = ""
        case _:
            raise NotFound
    if not address:
        tour.end(request)
    return redirect(address or "web:start")
