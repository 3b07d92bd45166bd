"""A mall made of answers: real HTTP on loopback, with a script instead of Cafe24."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from entrepot.connectors.cafe24.client import Cafe24Client
from entrepot.connectors.cafe24.type import cafe24
from entrepot.connectors.contract import Connector, Grant, HeldGrant, HeldMemory, Surroundings
from tests.connectors.opencart.scripted import Asked, Journal, QuietServer, Reply, _handler, page, refused

__all__ = ["Asked", "Reply", "ScriptedMall", "error", "good", "grant", "page", "refused"]

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
CREDENTIALS = {"mall_id": "hanbitmall", "client_id": "HanbitClient0001", "client_secret": "hanbit-secret-0001"}
ACCESS, REFRESH = "access-token-one-of-hanbit", "refresh-token-one-of-hanbit"


def good(members: Any, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=json.dumps(members).encode(), headers=named)


def error(status: int, message: str, **headers: str) -> Reply:
    return good({"error": {"code": status, "message": message}}, status, **headers)


def oauth_error(status: int, name: str, text: str = "") -> Reply:
    return good({"error": name, "error_description": text}, status)


def token(number: str, *, left: timedelta = timedelta(hours=2), now: datetime = NOW, **changes: Any) -> Reply:
    """A token answer as Cafe24 writes it: naive Korean times."""
    korean = now + timedelta(hours=9)
    body = {
        "access_token": f"access-token-{number}-of-hanbit",
        "expires_at": (korean + left).strftime("%Y-%m-%dT%H:%M:%S.000"),
        "refresh_token": f"refresh-token-{number}-of-hanbit",
        "refresh_token_expires_at": (korean + timedelta(days=14)).strftime("%Y-%m-%dT%H:%M:%S.000"),
        "client_id": CREDENTIALS["client_id"],
        "mall_id": "hanbitmall",
        "user_id": "hanbitmall",
        "scopes": ["mall.read_product", "mall.write_product"],
        "issued_at": korean.strftime("%Y-%m-%dT%H:%M:%S.000"),
        "shop_no": "1",
        "token_type": "Bearer",
    }
    return good({name: value for name, value in (body | changes).items() if value is not None})


def grant(left: timedelta = timedelta(hours=1), **changes: Any) -> Grant:
    given = {
        "access_token": ACCESS,
        "access_ends_at": NOW + left,
        "refresh_token": REFRESH,
        "refresh_ends_at": NOW + timedelta(days=13),
    }
    return Grant(**(given | changes))


class Throttle:
    """Writes down what it is told, and waits for nobody."""

    def __init__(self) -> None:
        self.waits = 0
        self.penalties: list[float] = []
        self.observed: list[tuple[float, float]] = []

    def wait(self, cost: float = 1.0) -> None:
        self.waits += round(cost)

    def penalise(self, seconds: float) -> None:
        self.penalties.append(seconds)

    def observe(self, used: float, capacity: float) -> None:
        self.observed.append((used, capacity))


class ScriptedMall:
    """`on(method, path, *replies)`: the replies to a call, one by one, the last again and again; a function decides."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.journal, self.throttle = Journal(), Throttle()
        self.vault, self.memory = HeldGrant(grant()), HeldMemory()
        self.now = NOW
        self._routes: dict[tuple[str, str], list[Reply | Callable[[Asked], Reply]]] = {}
        self._server = QuietServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._open: list[Callable[[], None]] = []

    def _handler(self) -> Any:
        handler: Any = _handler(self)
        handler.do_PUT = handler.do_DELETE = handler.do_GET
        return handler

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for close in self._open:
            close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def on(self, method: str, path: str, *replies: Reply | Callable[[Asked], Reply]) -> None:
        self._routes[method, path] = list(replies)

    def reply_to(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        path = urlsplit(asked.target).path.removeprefix("/api/v2/").removeprefix("admin/")
        replies = self._routes.get((asked.method, path))
        if replies is None:
            return error(404, "No API found.")
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return reply if isinstance(reply, Reply) else reply(asked)

    # ----------------------------------------------------------------- opening

    def surroundings(self, **changes: Any) -> Surroundings:
        given = {
            "journal": self.journal,
            "throttle": self.throttle,
            "vault": self.vault,
            "memory": self.memory,
            "timeout_seconds": 2.0,
        }
        return Surroundings(**(given | changes))

    def client(self, credentials: dict[str, str] | None = None, **changes: Any) -> Cafe24Client:
        client = Cafe24Client(
            CREDENTIALS | (credentials or {}), self.surroundings(**changes), self.base, now=lambda: self.now
        )
        self._open.append(client.close)
        return client

    def connector(self, credentials: dict[str, str] | None = None, **changes: Any) -> Connector:
        """Opened in earnest, so on today's clock."""
        self.vault.kept = grant(access_ends_at=datetime.now(UTC) + timedelta(hours=1))
        connector = cafe24(self.base).open(CREDENTIALS | (credentials or {}), self.surroundings(**changes))
        self._open.append(connector.close)
        return connector

    # ----------------------------------------------------------------- what was asked

    def calls(self, method: str = "", part: str = "") -> list[str]:
        """Method, path and query of the calls, in short."""
        found = [
            f"{asked.method} {asked.target.removeprefix('/api/v2/').removeprefix('admin/')}" for asked in self.asked
        ]
        return [call for call in found if call.startswith(method) and part in call]

    def bodies(self, method: str, part: str = "") -> list[Any]:
        return [asked.json for asked in self.asked if asked.method == method and part in asked.target]

    def forms(self) -> list[dict[str, str]]:
        return [
            {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
            for asked in self.asked
            if asked.target.endswith("/oauth/token")
        ]

    def tokens_used(self) -> list[str]:
        return [
            asked.headers["Authorization"]
            .removeprefix("Bearer ")
            .removesuffix("-of-hanbit")
            .removeprefix("access-token-")
            for asked in self.asked
            if "/admin/" in asked.target
        ]
