"""`POST /hooks/<uuid>`: where a store pushes its events. Answers at once; the work is done by whoever is woken."""

import uuid

import structlog
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from entrepot.channels.models import Store
from entrepot.channels.services.events import listens, take_events
from entrepot.connectors.contract import SenderNotBelieved
from entrepot.kernel.errors import ChannelError, EntrepotError

log = structlog.get_logger(__name__)

MAX_BODY = 256 * 1024


class _NotTakenError(Exception):
    """Why a request is not taken: its HTTP status and a code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@csrf_exempt
@require_POST
def receive(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    """Take a pushed request of a store. The address is no secret; the signature is what is believed.

    200 taken · 401 not signed with this store's key, too old or a repeat · 403 without the key that the store was given
    · 404 no such store · 410 nobody listens · 413 too large.
    """
    try:
        store = _listening(public_id)
        taken = _take(store, request)
    except _NotTakenError as refusal:
        return JsonResponse({"error": {"code": refusal.code}}, status=refusal.status)
    return JsonResponse({"taken": taken})


def _listening(public_id: uuid.UUID) -> Store:
    store = Store.objects.filter(public_id=public_id).select_related("sales_channel").first()
    if store is None:
        raise _NotTakenError(404, "not_found")
    if not listens(store):
        raise _NotTakenError(410, "not_listening")
    return store


def _take(store: Store, request: HttpRequest) -> int:
    body = _body(request)
    try:
        events = take_events(store, target=request.get_full_path(), headers=request.headers, body=body)
    except SenderNotBelieved as error:
        log.info("push_not_believed", store=store.pk)
        raise _NotTakenError(403, error.code) from error
    except ChannelError as error:
        log.info("push_refused", store=store.pk, code=error.code)
        raise _NotTakenError(401, error.code) from error
    except EntrepotError as error:
        log.warning("push_not_readable", store=store.pk, code=error.code)
        raise _NotTakenError(503, error.code) from error
    return len(events)


def _body(request: HttpRequest) -> bytes:
    """The body, never more than the limit of it in memory."""
    announced = request.headers.get("Content-Length", "0")
    if announced.isdigit() and int(announced) > MAX_BODY:
        raise _NotTakenError(413, "too_large")
    try:
        body: bytes = request.read(MAX_BODY + 1)
    except OSError as error:
        raise _NotTakenError(400, "cut_off") from error
    if len(body) > MAX_BODY:
        raise _NotTakenError(413, "too_large")
    return body
