"""A caller that knows the Admin API by its documentation alone, and malls to call."""

import base64
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from entrepot.connectors.cafe24.simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Mall, SimulatorServer

ADMIN = "/api/v2/admin"
OAUTH = "/api/v2/oauth"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def error(self) -> tuple[int, str]:
        """Status and message of the nested shape; the code inside must be the status."""
        body = self.json
        assert set(body) == {"error"}
        assert set(body["error"]) == {"code", "message"}
        assert body["error"]["code"] == self.status
        return self.status, body["error"]["message"]


@dataclass
class Caller:
    """Calls one simulator; `token` is sent as Bearer unless it is None."""

    server: SimulatorServer
    token: str | None = None
    version: str | None = "2025-03-01"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def mall(self) -> Mall:
        return self.server.mall

    def send(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        host, _, port = self.server.url.removeprefix("http://").partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            for name, text in (headers or {}).items():
                connection.putheader(name, text)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Reply:
        """One Admin API call."""
        target = ADMIN + path + (f"?{urlencode(query)}" if query else "")
        headers = {"Content-Type": "application/json", **self.headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.version:
            headers["X-Cafe24-Api-Version"] = self.version
        return self.send(method, target, None if body is None else json.dumps(body).encode(), headers)

    def get(self, path: str, **query: Any) -> Any:
        """The body of a read that must succeed."""
        reply = self.call("GET", path, **query)
        assert reply.status == 200, reply.raw[:300]
        return reply.json

    def put(self, path: str, request: Any, **more: Any) -> Reply:
        return self.call("PUT", path, {"shop_no": 1, "request": request, **more})

    def post(self, path: str, request: Any, **more: Any) -> Reply:
        return self.call("POST", path, {"shop_no": 1, "request": request, **more})

    def delete(self, path: str, **query: Any) -> Reply:
        return self.call("DELETE", path, **query)

    def ask_token(
        self, client: tuple[str, str] = (DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET), kind: str = FORM, **form: str
    ) -> Reply:
        basic = base64.b64encode(":".join(client).encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": kind}
        return self.send("POST", f"{OAUTH}/token", urlencode(form).encode(), headers)

    def refresh(self, token: str) -> Reply:
        return self.ask_token(grant_type="refresh_token", refresh_token=token)

    def control(self, verb: str, **asked: Any) -> Reply:
        return self.send("POST", f"/_control/{verb}", json.dumps(asked).encode())
