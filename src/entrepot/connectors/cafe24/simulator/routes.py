"""Which handler answers which path.

Every file of handlers ends with its list:

    ROUTES: Sequence[Route] = (
        Route("GET", "/orders/{order_id}", one_order, "read_order"),
        Route("POST", "/orders/{order_id}/shipments", add_shipment, "write_order"),
        Route("PUT", "/collectrequests/{request_no:int}", collect, "write_order", call_limit=30),
    )

Patterns stand below `/api/v2/admin`; `{name}` takes one segment as text, `{name:int}` digits as an int. The scope is
written without `mall.`. `write` follows from the method. Literal segments win over parameters (`/products/count`). The
server collects the lists of catalogue*, orders, claims, shipments and webhooks (see server.py).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from entrepot.connectors.cafe24.simulator.answers import Handler

PREFIX = "/api/v2/admin"


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one pattern."""

    method: str
    pattern: str
    handler: Handler
    scope: str
    call_limit: int = 40

    @property
    def write(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"

    @property
    def name(self) -> str:
        """How counters and faults call it: `GET /orders/{order_id}` (types left out)."""
        return f"{self.method} {self.pattern.replace(':int}', '}')}"


def _expression(pattern: str) -> re.Pattern[str]:
    made = re.sub(r"\{(\w+):int\}", r"(?P<\1>[0-9]{1,10})", pattern)
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", made))


class Router:
    """Finds the route of a path."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes: Sequence[Route] = tuple(routes)
        ordered = sorted(self.routes, key=lambda route: (route.pattern.count("{"), route.pattern))
        self._known = [(route, _expression(route.pattern)) for route in ordered]
        self._by_depth: dict[tuple[str, int], list[tuple[Route, re.Pattern[str]]]] = {}
        for route, expression in self._known:
            self._by_depth.setdefault((route.method, route.pattern.count("/")), []).append((route, expression))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, Any]] | None:
        """The route and its parameters, None for a path the API does not have."""
        below = path.removeprefix(PREFIX)
        for route, expression in self._by_depth.get((method, below.count("/")), ()):
            match = expression.fullmatch(below)
            if match:
                return route, {
                    name: int(text) if f"{{{name}:int}}" in route.pattern else unquote(text)
                    for name, text in match.groupdict().items()
                }
        return None
