"""A web server on loopback that answers a script: whole, torn, slow or false."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import pytest

from entrepot.connectors.contract import CallRecord, Connector, Surroundings
from entrepot.connectors.opencart.client import OpenCartClient
from entrepot.connectors.opencart.type import OPENCART
from entrepot.kernel.errors import ChannelError

SECRET = "0123456789abcdef0123456789abcdef"
NOW = 1_795_314_600.0
CLOCK = {"utc": "2026-11-22T02:30:00Z", "shop": "2026-11-22 11:30:00", "timezone": "Asia/Seoul", "offset": 32400}
META = {"protocol": 1, "bridge": "1.1.0", "clock": CLOCK}
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """A request as the shop received it."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def resource(self) -> str:
        return self.query["resource"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """An answer. `cut` promises more bytes than are sent; `after` seconds pass first; `drip` sends byte by byte."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    silent: bool = False
    after: float = 0.0
    drip: float = 0.0


def good(rows: Any, *, following: int | str | None = None, **meta: Any) -> Reply:
    return Reply(body=json.dumps({"data": rows, "next": following, "meta": META | meta}).encode())


def refusal(status: int, code: str, message: str = "No.", **detail: Any) -> Reply:
    body = {"error": {"code": code, "message": message, "detail": detail}, "meta": {"protocol": 1, "bridge": "1.1.0"}}
    return Reply(status=status, body=json.dumps(body).encode())


def page(status: int, text: str) -> Reply:
    return Reply(status=status, body=text.encode(), content_type="text/html; charset=utf-8")


Script = Callable[[Asked], Reply]


class Journal:
    """Keeps the calls it is told."""

    def __init__(self) -> None:
        self.calls: list[CallRecord] = []

    def record(self, call: CallRecord) -> None:
        self.calls.append(call)


class Throttle:
    """Counts, and waits for nobody."""

    def __init__(self) -> None:
        self.waits = 0
        self.penalties: list[float] = []

    def wait(self, cost: float = 1.0) -> None:
        self.waits += round(cost)

    def penalise(self, seconds: float) -> None:
        self.penalties.append(seconds)


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that stopped reading is what some tests are about."""


class ScriptedShop:
    """`replies` are given one by one, the last again and again; `script` answers by what is asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.replies: list[Reply] = []
        self.script: Script | None = None
        self.journal, self.throttle = Journal(), Throttle()
        self._server = QuietServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._open: list[Callable[[], None]] = []

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
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}/"

    def surroundings(self, **changes: Any) -> Surroundings:
        given = {"journal": self.journal, "throttle": self.throttle, "timeout_seconds": 2.0} | changes
        return Surroundings(**given)

    def client(self, **changes: Any) -> OpenCartClient:
        client = OpenCartClient(self.address, SECRET, self.surroundings(**changes), now=lambda: NOW)
        self._open.append(client.close)
        return client

    def connector(self, **changes: Any) -> Connector:
        connector = OPENCART.open({"domain_url": self.address, "secret_key": SECRET}, self.surroundings(**changes))
        self._open.append(connector.close)
        return connector

    def answers(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def reply_to(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if self.script is not None:
            return self.script(asked)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def _handler(shop: ScriptedShop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply = shop.reply_to(Asked(self.command, self.path, dict(self.headers), body))
            time.sleep(reply.after)
            if reply.silent:
                self.close_connection = True
                return
            self.send_response(reply.status)
            if reply.content_type:
                self.send_header("Content-Type", reply.content_type)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + (100 if reply.cut else 0)))
            self.end_headers()
            self._send(reply)
            self.close_connection = self.close_connection or reply.cut

        def _send(self, reply: Reply) -> None:
            try:
                if not reply.drip:
                    self.wfile.write(reply.body)
                    return
                for byte in reply.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(reply.drip)
            except OSError:
                self.close_connection = True

        do_GET = _answer  # noqa: N815 - the name the server calls
        do_POST = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def refused(call: Callable[[], object], kind: type[ChannelError]) -> str:
    """The sentence of the error a call raises, which must be exactly of this class."""
    with pytest.raises(ChannelError) as caught:
        call()
    assert type(caught.value) is kind, repr(caught.value)
    return caught.value.message.format(**caught.value.fields)
