"""A signed client written from the protocol page alone; it shares no line with the PHP it tests."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    raw: bytes
    took: float

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def data(self) -> Any:
        body = self.json
        assert "data" in body, body
        return body["data"]

    @property
    def error(self) -> Any:
        return self.json["error"]

    @property
    def code(self) -> tuple[int, str]:
        return self.status, self.error["code"]


def sign(  # noqa: PLR0917 - the parts in the order they are signed
    secret: str, method: str, target: str, timestamp: str, nonce: str, body: bytes
) -> str:
    text = f"v1\n{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body
    return "v1=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


@dataclass
class Client:
    host: str
    secret: str = SECRET

    def send(self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        started = time.monotonic()
        try:
            connection.request(method, target, body=body or None, headers=headers or {})
            answer = connection.getresponse()
            raw = answer.read()
            return Reply(answer.status, dict(answer.getheaders()), raw, time.monotonic() - started)
        finally:
            connection.close()

    def target(self, resource: str, **params: object) -> str:
        query = {"route": "extension/oms_bridge/api", "resource": resource, **params}
        return "/index.php?" + urlencode(query, safe="/,")

    def headers(
        self,
        method: str,
        target: str,
        body: bytes,
        *,
        timestamp: object = None,
        nonce: str | None = None,
        secret: str | None = None,
    ) -> dict[str, str]:
        timestamp = str(timestamp if timestamp is not None else int(time.time()))
        nonce = nonce or secrets.token_urlsafe(16)
        signature = sign(secret or self.secret, method, target, timestamp, nonce, body)
        session = hashlib.sha256(b"oms-session:" + self.secret.encode()).hexdigest()[:26]
        return {
            "X-Oms-Timestamp": timestamp,
            "X-Oms-Nonce": nonce,
            "X-Oms-Signature": signature,
            "Cookie": f"OCSESSID={session}",
        }

    def get(self, resource: str, **params: object) -> Reply:
        target = self.target(resource, **params)
        return self.send("GET", target, headers=self.headers("GET", target, b""))

    def post(self, resource: str, content: object) -> Reply:
        target = self.target(resource)
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = {**self.headers("POST", target, body), "Content-Type": "application/json"}
        return self.send("POST", target, body, headers)
