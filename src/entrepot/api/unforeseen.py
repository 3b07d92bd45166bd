"""What a program reads where no endpoint could answer: an unknown address or method, or something that broke."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from entrepot.channels.words import sentence
from entrepot.kernel.errors import EntrepotError, NotFound, Refused

ROOT = "/api/"


class NoSuchAddress(NotFound):
    """No endpoint is there."""

    code = "no_such_address"
    message = "The API has no such address, so nothing was read or changed. Look up the right one at /api/v1/docs."


class NoSuchMethod(Refused):
    """An endpoint is there, but not for this method."""

    code = "no_such_method"
    message = "This address takes {allowed}, not {method}, so nothing was changed. Look up the call at /api/v1/docs."


class Unreadable(Refused):
    """The request is no request of HTTP as the server takes them: too large, too many fields, a wrong host."""

    code = "unreadable"
    message = "The server could not read this request, so nothing was changed. Mend how it is sent, then send it again."


class BrokeInside(EntrepotError):
    """Something of ours broke; the log has the rest under the number."""

    code = "broke_inside"
    message = (
        "Something broke on our side. A call either does all it says or changes nothing, so it may be sent again. If "
        "it stays, give the number {incident} to whoever looks after Entrepot: the log says there what broke."
    )


class MethodsInJson:
    """Says in JSON, as every other refusal is said, that an endpoint does not take the method it was called with."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = self.get_response(request)
        if not isinstance(said, HttpResponseNotAllowed) or not from_program(request):
            return said
        refused = answer(NoSuchMethod(allowed=said["Allow"], method=request.method), said.status_code)
        refused["Allow"] = said["Allow"]
        return refused


def from_program(request: HttpRequest) -> bool:
    """Whether the address is one of the API, whose callers read JSON."""
    return request.path.startswith(ROOT)


def answer(error: EntrepotError, status: int) -> JsonResponse:
    """An error in the shape of every other of the API."""
    fields = {name: str(value) for name, value in error.fields.items()}
    return JsonResponse({"error": {"code": error.code, "message": sentence(error), "fields": fields}}, status=status)


@csrf_exempt
def no_such_address(_request: HttpRequest) -> JsonResponse:
    """For every address under `/api/` that is no endpoint."""
    return answer(NoSuchAddress(), HTTPStatus.NOT_FOUND)
