"""The HTTP side: one thread per connection, HTTP/1.1 kept alive, faults served as ordered."""

import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self, cast
from urllib.parse import parse_qsl

from entrepot.connectors.cafe24.simulator import control, oauth_page, storefront, trouble
from entrepot.connectors.cafe24.simulator.answers import Row, encode
from entrepot.connectors.cafe24.simulator.bucket import Bucket, Quota
from entrepot.connectors.cafe24.simulator.counters import Counters
from entrepot.connectors.cafe24.simulator.faults import BEFORE_WORK, Fault, Faults
from entrepot.connectors.cafe24.simulator.gate import Gate, Reply, Request, find, words_of
from entrepot.connectors.cafe24.simulator.mall import Mall
from entrepot.connectors.cafe24.simulator.oauth import OMS_SCOPES, OAuth, OAuthRefusal
from entrepot.connectors.cafe24.simulator.pictures import picture
from entrepot.connectors.cafe24.simulator.webhooks import WebhookSender
from entrepot.connectors.pictures import drawn, square

DEFAULT_CLIENT_ID = "SimulatedClientId0001"
DEFAULT_CLIENT_SECRET = "simulated-client-secret"  # noqa: S105 - opens a simulated mall on loopback only
OAUTH, ADMIN = "/api/v2/oauth/", "/api/v2/admin/"


class _Cut(Exception):
    """The connection ends here, on order."""


class _Request(BaseHTTPRequestHandler):
    """One connection's requests."""

    protocol_version = "HTTP/1.1"
    server_version = "openresty"
    sys_version = ""
    timeout = 120
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer()

    def do_PUT(self) -> None:
        """Answer a PUT."""
        self._answer()

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing on the console."""

    @property
    def simulator(self) -> "SimulatorServer":
        """The server this request came to."""
        return cast("_Server", self.server).simulator

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.title(): text for name, text in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        try:
            if request.path.startswith("/_control/"):
                self._send(Reply(*control.answer(self.simulator, request.path.removeprefix("/_control/"), body)))
            elif request.path.startswith((ADMIN, OAUTH)):
                self._api(request)
            elif request.path.startswith("/web/"):
                if drawn(self.headers.get("Accept") or ""):
                    self._send(Reply(200, "image/svg+xml", picture(request.path)))
                else:
                    self._send(Reply(200, "image/png", square(request.path)))
            else:
                page = storefront.answer(self.simulator.mall, request.method, request.path, request.query, body)
                self._send(Reply(*page))
        except _Cut:
            self._cut()

    # ------------------------------------------------------------------ the API

    def _api(self, request: Request) -> None:
        simulator = self.simulator
        name, words = _called(request)
        hurried = simulator.counters.enter(name, self.client_address[0])
        request = Request(request.method, request.target, request.headers, request.body, hurried)
        fault = simulator.faults.take(words)
        outcome = f"fault:{fault.kind}" if fault else "failed"
        try:
            reply = None if fault and fault.kind in BEFORE_WORK else simulator.work(request)
            outcome = str(reply.status) if reply and not fault else outcome
        finally:
            simulator.counters.leave(name, outcome)
        reached = False
        try:
            self._finish(fault, request, reply)
            self.wfile.flush()
            reached = not fault or fault.kind == "slow"
        finally:
            if reply and reply.writes:
                simulator.counters.wrote(reply.writes, acknowledged=reached)

    def _finish(self, fault: Fault | None, request: Request, reply: Reply | None) -> None:
        if fault and reply is None:
            self._meet(fault, request)
        elif fault and reply:
            self._spoil(fault, reply)
        elif reply:
            self._send(reply)

    def _meet(self, fault: Fault, request: Request) -> None:
        """Answer with trouble and do nothing."""
        match fault.kind:
            case "timeout":
                self.simulator.stopping.wait(fault.seconds)
                raise _Cut
            case "refuse":
                self._reset_on_close()
                raise _Cut
            case "giant":
                self._giant(fault.size)
            case _:
                mall, tokens = self.simulator.mall, self.simulator.oauth.tokens
                self._send(trouble.met(fault, mall, tokens, request.headers))

    def _spoil(self, fault: Fault, reply: Reply) -> None:
        """Send the proper answer late, broken, or not at all; the work is done."""
        match fault.kind:
            case "slow":
                self.simulator.stopping.wait(fault.seconds)
                self._send(reply)
            case "late":
                self._send(trouble.late())
            case "truncated":
                self._send(Reply(reply.status, reply.kind, reply.content[: len(reply.content) // 2], reply.headers))
            case "cut":
                self._head(reply, len(reply.content))
                self.wfile.write(reply.content[: len(reply.content) // 2])
                self.wfile.flush()
                raise _Cut
            case _:
                raise _Cut

    def _giant(self, size: int) -> None:
        self._head(Reply(200), size)
        self.wfile.write(b'{"data":[')
        left = size - 9
        block = b'"' + b"x" * 65_533 + b'",'
        while left > 0:
            self.wfile.write(block[:left])
            left -= len(block)

    # ------------------------------------------------------------------ bytes

    def _head(self, reply: Reply, length: int) -> None:
        self.send_response_only(reply.status, HTTPStatus(reply.status).phrase)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(length))
        for name, text in reply.headers.items():
            self.send_header(name, text)
        self.end_headers()

    def _send(self, reply: Reply) -> None:
        self._head(reply, len(reply.content))
        self.wfile.write(reply.content)

    def _reset_on_close(self) -> None:
        """Let the end of this connection be a reset instead of an orderly close."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.flush()
        self.connection.close()


def _called(request: Request) -> tuple[str, frozenset[str]]:
    """How counters and faults call a request."""
    if request.path.startswith(OAUTH):
        what = request.path.removeprefix(OAUTH)
        return f"{request.method} oauth/{what}", frozenset({request.method, "oauth", what})
    found = find(request)
    if found is None:
        return f"{request.method} unknown", frozenset({request.method, "unknown"})
    return found[0].name, words_of(request.method, found[0].pattern)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    block_on_close = False

    def __init__(self, address: tuple[str, int], simulator: "SimulatorServer") -> None:
        self.simulator = simulator
        super().__init__(address, _Request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news; what the simulator cannot do is shown on the console."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class SimulatorServer:
    """A mall on a loopback port, with one app in it. Use as a context manager, or `start()` and `stop()`."""

    def __init__(
        self,
        mall: Mall | None = None,
        *,
        client_id: str = DEFAULT_CLIENT_ID,
        client_secret: str = DEFAULT_CLIENT_SECRET,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self.mall = mall or Mall.demo()
        self.oauth: OAuth = OAuth(self.mall, client_id, client_secret)
        self.faults, self.counters = Faults(), Counters()
        self.bucket, self.quota = Bucket(), Quota()
        self.gate = Gate(self)
        self.stopping = threading.Event()
        self._server = _Server((host, port), self)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self.mall.url = self.url
        self.webhooks = WebhookSender(self.mall)
        self.webhooks.installed = lambda: self.oauth.installed
        self._thread: threading.Thread | None = None

    def grant(self, scopes: Sequence[str] = OMS_SCOPES, *, shop_no: int = 1) -> Row:
        """Tokens without a browser: the body the token endpoint would have answered."""
        return self.oauth.grant(scopes, shop_no=shop_no)

    # ------------------------------------------------------------------ answering

    def work(self, request: Request) -> Reply:
        """Answer an API request properly."""
        if request.path.startswith(ADMIN):
            return self.gate.answer(request)
        with self.mall.deed():
            return self._oauth(request)

    def _oauth(self, request: Request) -> Reply:
        form = _pairs(request.body.decode("utf-8", "replace"))
        try:
            match request.method, request.path.removeprefix(OAUTH):
                case "GET", "authorize":
                    return Reply(*oauth_page.show(self.oauth, _pairs(request.query)))
                case "POST", "authorize":
                    return Reply(*oauth_page.decide(self.oauth, form))
                case "POST", "token":
                    return Reply(200, content=encode(self.oauth.token(request.headers, form)))
                case "POST", "revoke":
                    self.oauth.revoke(request.headers, form)
                    return Reply(200)
        except OAuthRefusal as refusal:
            answer = refusal.answer()
            return Reply(answer.status, content=encode(answer.body))
        return Reply(404, content=encode({"error": {"code": 404, "message": "No API found."}}))

    # ------------------------------------------------------------------ running

    def start(self) -> Self:
        """Serve in a thread; answers itself."""
        self.webhooks.start()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and let go of the port."""
        self.stopping.set()
        self.webhooks.stop()
        self._server.shutdown()
        self._server.server_close()
        if self._thread:
            self._thread.join(5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _pairs(text: str) -> Mapping[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True))
