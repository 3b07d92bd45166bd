"""What is refused at the door, whoever asks, and how an answer leaves the house."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

NUL = "%00"
PACKED_KINDS = ("text/html", "text/csv", "text/plain", "application/json", "application/problem+json", "image/svg+xml")


class NoNulBytes:
    """Refuses a NUL in an address: no text of ours has one, and PostgreSQL would fail on it deep inside a question."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return HttpResponseBadRequest("An address cannot hold a NUL character.", content_type="text/plain")
        return self.get_response(request)


class Packed(GZipMiddleware):
    """Compresses words, with Django's random padding against guessing secrets by length; never papers and pictures."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind not in PACKED_KINDS:
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


class Timed:
    """Says in `Server-Timing` what an answer took, and what of it the database; only where people develop."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: list[float] = []

        def timed(execute: Callable[..., Any], *question: Any) -> Any:  # noqa: ANN401 - Django's own
            began = time.perf_counter()
            try:
                return execute(*question)
            finally:
                asked.append(time.perf_counter() - began)

        began = time.perf_counter()
        with connection.execute_wrapper(timed):
            answer = self.get_response(request)
        whole, database = (time.perf_counter() - began) * 1000, sum(asked) * 1000
        answer["Server-Timing"] = f'app;dur={whole:.1f}, db;dur={database:.1f};desc="{len(asked)} questions"'
        return answer
