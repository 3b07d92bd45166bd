"""What stands before every Admin API handler: token, version, limits, path, scope, and a body that can be read.

The order of refusals is ours (it is nowhere documented): 401, then 429, 400 for the version, 404, 403, 400, 422.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec

from entrepot.connectors.cafe24.simulator import claims, oddities, orders, shipments, versions, webhooks
from entrepot.connectors.cafe24.simulator.answers import (
    Ask,
    Refusal,
    Row,
    StockWrite,
    bad_request,
    encode,
    forbidden,
    not_found,
    unprocessable,
)
from entrepot.connectors.cafe24.simulator.catalogue import all_routes
from entrepot.connectors.cafe24.simulator.routes import Route, Router
from entrepot.connectors.cafe24.simulator.tokens import Pair

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.server import SimulatorServer

JSON = "application/json; charset=utf-8"
ROUTER = Router(
    [*all_routes.ROUTES, *orders.ROUTES, *claims.ROUTES, *shipments.ROUTES, *webhooks.ROUTES],
)
_UNSAFE = frozenset('"<>\\^`{|} ')


@dataclass(slots=True)
class Reply:
    """What goes out: status, content type, bytes, headers; and the stock writes it stands for."""

    status: int
    kind: str = JSON
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    writes: list[StockWrite] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it came. `target` is the raw path with its query; `hurried` one too many in its second."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    hurried: bool = False

    @property
    def path(self) -> str:
        """The raw path."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The raw query."""
        return self.target.partition("?")[2]


def find(request: Request) -> tuple[Route, dict[str, Any]] | None:
    """The route of a request, before anything is checked."""
    return ROUTER.find(request.method, request.path)


def words_of(method: str, pattern: str) -> frozenset[str]:
    """What faults may call a request."""
    plain = pattern.replace(":int}", "}")
    literals = {part for part in plain.split("/") if part and not part.startswith("{")}
    return frozenset({method, "read" if method == "GET" else "write", plain, *literals})


class Gate:
    """Lets requests through to the mall."""

    def __init__(self, simulator: "SimulatorServer") -> None:
        self.simulator = simulator

    def answer(self, request: Request) -> Reply:
        """Answer one Admin API request."""
        limits: dict[str, str] = {}
        try:
            reply = self._work(request, limits)
        except Refusal as refusal:
            reply = refuse(refusal)
        reply.headers = limits | reply.headers
        return reply

    def _work(self, request: Request, limits: dict[str, str]) -> Reply:
        simulator, found = self.simulator, find(request)
        pair = self._believe(request.headers)
        self._limit(request, found[0] if found else None, limits)
        began = time.perf_counter()
        try:
            version = versions.in_force(simulator.mall.settings, request.headers.get(versions.HEADER))
            if found is None:
                raise not_found()
            route, params = found
            if f"mall.{route.scope}" not in pair.scopes:
                raise forbidden(f"insufficient_scope: this token does not cover mall.{route.scope}.")
            ask = self._read(request, params)
            ask.version, ask.client_id, ask.scopes = version, simulator.oauth.client_id, frozenset(pair.scopes)
            return self._run(route, ask)
        finally:
            simulator.quota.spend(simulator.oauth.client_id, time.perf_counter() - began)

    def _run(self, route: Route, ask: Ask) -> Reply:
        mall = self.simulator.mall
        with mall.deed() if route.write else mall.lock:
            answer = route.handler(mall, ask)
            content = b"" if answer.body is None else encode(self._dressed(_cut(answer.body, ask)))
        return Reply(answer.status, JSON, content, answer.headers, ask.stock_writes)

    def _dressed(self, body: Row) -> Row:
        settings = self.simulator.mall.settings
        return oddities.odd(body, settings) if oddities.wanted(settings) else body

    # ------------------------------------------------------------------ who, and how often

    def _believe(self, headers: Mapping[str, str]) -> Pair:
        kind, _, token = headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise Refusal(401, "access_token is missing. (invalid_request)")
        with self.simulator.mall.lock:
            pair = self.simulator.oauth.tokens.by_access(token.strip())
            if pair is None:
                raise Refusal(401, "Invalid access_token")
            if pair.access_ends_at <= self.simulator.mall.clock.now():
                raise Refusal(401, "access_token time expired. (invalid_token)")
            return pair

    def _limit(self, request: Request, route: Route | None, limits: dict[str, str]) -> None:
        simulator, client_id = self.simulator, self.simulator.oauth.client_id
        call_limit = route.call_limit if route else 40
        simulator.bucket.rejected_fill = simulator.mall.settings.rejected_calls_fill_bucket
        fits, fill = simulator.bucket.pour(client_id, call_limit)
        within, usage = simulator.quota.use(client_id)
        simulator.counters.filled(fill)
        limits["X-Api-Call-Limit"] = simulator.bucket.header(fill, call_limit)
        limits.update(usage)
        if not simulator.bucket.enforced:
            return
        if not within:
            simulator.counters.blocked()
        if not fits:
            limits["X-Api-Call-Limit"] = "{0}/{0}".format(simulator.bucket.limit_of(call_limit))
        hurried = request.hurried and simulator.mall.settings.abnormal_calls_refused
        if not fits or not within or hurried:
            raise Refusal(429, "Too Many Requests")

    # ------------------------------------------------------------------ what was said

    def _read(self, request: Request, params: dict[str, Any]) -> Ask:
        if any(not "!" <= letter <= "~" or letter in _UNSAFE for letter in request.target):
            raise bad_request("The URL is not encoded. Encode special characters.")
        query = parse_qs(request.query.replace("+", "%2B"), keep_blank_values=True)
        body = _body(request) if request.method in {"POST", "PUT"} else None
        given = query.get("shop_no", [(body or {}).get("shop_no", 1)])[-1]
        if not str(given).isdigit() or int(given) not in self.simulator.mall.shops:
            raise unprocessable("There is no such shop.", "shop_no")
        return Ask(
            method=request.method,
            path=request.path,
            params=params,
            query=query,
            shop_no=int(given),
            body=body,
            headers=request.headers,
        )


def _body(request: Request) -> Row:
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise bad_request("The Content-Type must be application/json.")
    try:
        return msgspec.json.decode(request.body, type=dict[str, Any])
    except msgspec.MsgspecError:
        raise bad_request("The request body is not valid JSON.") from None


def refuse(refusal: Refusal) -> Reply:
    """A refusal as bytes."""
    return Reply(refusal.status, JSON, encode(refusal.row()), dict(refusal.headers))


def _cut(body: Row, ask: Ask) -> Row:
    """The answer with its rows cut to `fields`; embedded resources stay."""
    named = ask.words("fields")
    in_body = (ask.body or {}).get("fields")
    if isinstance(in_body, str):
        named += [word.strip() for word in in_body.split(",") if word.strip()]
    if not named:
        return body
    kept = {*named, *ask.embedded, "error"}

    def cut(value: object) -> object:
        if isinstance(value, dict):
            return {name: inner for name, inner in value.items() if name in kept}
        return value

    return {
        key: [cut(row) for row in value] if isinstance(value, list) and key != "links" else cut(value)
        for key, value in body.items()
    }
