"""The REST API: `/api/v1`, OpenAPI at `/api/v1/openapi.json`, pages to try it at `/api/v1/docs`. It holds no rule."""

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from entrepot.api import (
    bulk,
    catalog,
    labels,
    merging,
    offers,
    orders,
    outgoing,
    parts,
    pictures,
    plans,
    prices,
    products,
    sheets,
    shelves,
    stock,
    storefront,
    stores,
    trouble,
    warehouse,
    warehouse_work,
    wms,
)
from entrepot.api.door import ApiKeyBearer
from entrepot.api.seen import NotAsRead
from entrepot.api.unforeseen import Unreadable, answer
from entrepot.channels.words import sentence
from entrepot.kernel.errors import ChannelError, ChannelThrottled, EntrepotError, Forbidden, Invalid, NotFound

api = NinjaAPI(
    title="Entrepot",
    version="1.0.0",
    description=(
        "One catalogue, one stock and one order desk for all your stores. Send `Authorization: Bearer <API key>`; "
        "a key is made on the API keys page and can do what its scopes say. Lists are paged: give `next` back as "
        "`after`. What answers with an `ETag` is changed only as it was read when `If-Match` gives that tag back; else "
        "the answer is 412. A refusal is `{error: {code, message, fields}}`; the code never changes, the message is in "
        "the language of `Accept-Language` (en, ko). An unknown address (404) or method (405) and what breaks inside "
        "(500, with the number under which the log has it) answer in the same shape."
    ),
    auth=ApiKeyBearer(),
    urls_namespace="api",
)
api.add_router("/stores", stores.router, tags=["Stores"])
api.add_router("/", catalog.router, tags=["Catalogue and listings"])
api.add_router("/", products.router, tags=["Catalogue and listings"])
api.add_router("/", pictures.router, tags=["Catalogue and listings"])
api.add_router("/", merging.router, tags=["Catalogue and listings"])
api.add_router("/", shelves.router, tags=["Catalogue and listings"])
api.add_router("/", offers.router, tags=["What stores are to list"])
api.add_router("/", storefront.router, tags=["What stores are to list"])
api.add_router("/", plans.router, tags=["What stores are to list"])
api.add_router("/", prices.router, tags=["Prices"])
api.add_router("/stock", stock.router, tags=["Stock"])
api.add_router("/", bulk.router, tags=["Orders"])
api.add_router("/orders", orders.router, tags=["Orders"])
api.add_router("/orders", parts.router, tags=["Orders"])
api.add_router("/sheets", sheets.router, tags=["Files of many changes"])
api.add_router("/labels", labels.router, tags=["Orders"])
api.add_router("/wms", wms.router, tags=["External warehouse systems"])
api.add_router("/", warehouse.router, tags=["Warehouse"])
api.add_router("/", warehouse_work.router, tags=["Warehouse"])
api.add_router("/endpoints", outgoing.router, tags=["Other systems"])
api.add_router("/", trouble.router, tags=["Problems and journal"])

STATUS_OF: list[tuple[type[EntrepotError], int]] = [
    (NotAsRead, 412),
    (NotFound, 404),
    (Invalid, 422),
    (Forbidden, 403),
    (ChannelThrottled, 503),
    (ChannelError, 502),
    (EntrepotError, 409),
]


@api.exception_handler(EntrepotError)
def refused(request: HttpRequest, error: EntrepotError) -> HttpResponse:
    """Any refusal of ours, in one shape."""
    status = next(number for kind, number in STATUS_OF if isinstance(error, kind))
    fields = {name: value if isinstance(value, int | bool) else str(value) for name, value in error.fields.items()}
    body = {"error": {"code": error.code, "message": sentence(error), "fields": fields}}
    return api.create_response(request, body, status=status)


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A body or parameter of the wrong shape; `fields` names each place and what is wrong with it."""
    places = {".".join(str(step) for step in one["loc"]): str(one["msg"]) for one in error.errors}
    body = {"error": {"code": "invalid", "message": "The request has the wrong shape.", "fields": places}}
    return api.create_response(request, body, status=422)


@api.exception_handler(DataError)
def unstorable(request: HttpRequest, _error: DataError) -> HttpResponse:
    """A value the database cannot hold, such as a NUL character or a number beyond its range."""
    message = "A value cannot be stored: a NUL character, or a number that is too large."
    return api.create_response(request, {"error": {"code": "invalid", "message": message, "fields": {}}}, status=422)


@api.exception_handler(AuthenticationError)
def stranger(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """No key, or one that is not valid (any more)."""
    message = "Send a valid API key as “Authorization: Bearer …”. Keys are made on the API keys page."
    body = {"error": {"code": "key_not_valid", "message": message, "fields": {}}}
    return api.create_response(request, body, status=401)


@api.exception_handler(HttpError)
def unreadable(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON."""
    return answer(Unreadable(), error.status_code)
