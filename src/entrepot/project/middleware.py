"""What is refused at the door, whoever asks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

NUL = "%00"


class NoNulBytes:
    """Refuses a NUL in an address: no text of ours has one, and PostgreSQL would fail on it deep inside a question."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return HttpResponseBadRequest("An address cannot hold a NUL character.", content_type="text/plain")
        return self.get_response(request)
