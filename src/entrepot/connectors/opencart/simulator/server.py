"""The HTTP side: one thread per connection, HTTP/1.1 kept alive, faults served as ordered."""

import contextlib
import socket
import struct
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self, cast
from urllib.parse import quote

from entrepot.connectors.opencart.simulator import control, storefront
from entrepot.connectors.opencart.simulator.counters import Counters
from entrepot.connectors.opencart.simulator.faults import BEFORE_WORK, Fault, Faults
from entrepot.connectors.opencart.simulator.rows import StockWrite
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.webhook import WebhookSender
from entrepot.connectors.opencart.simulator.wire import pages
from entrepot.connectors.opencart.simulator.wire.answers import Call, WireError
from entrepot.connectors.opencart.simulator.wire.gate import Gate
from entrepot.connectors.opencart.simulator.wire.reading import make_ready
from entrepot.connectors.opencart.simulator.wire.resources import ROUTE, dispatch, parameters, read_body
from entrepot.connectors.pictures import drawn, square

DEFAULT_SECRET = "simulated-secret-key"  # noqa: S105 - opens a simulated shop on loopback only
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


class _Cut(Exception):
    """The connection ends here, on order."""


class _Request(BaseHTTPRequestHandler):
    """One connection's requests."""

    protocol_version = "HTTP/1.1"
    server_version = "Apache"
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

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing on the console."""

    @property
    def simulator(self) -> "SimulatorServer":
        """The server this request came to."""
        return cast("_Server", self.server).simulator

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        try:
            if path.startswith("/_control/"):
                self._send(*control.answer(self.simulator, path.removeprefix("/_control/"), body))
            elif path.startswith("/image/"):
                if drawn(self.headers.get("Accept") or ""):
                    self._send(200, "image/svg+xml", storefront.picture(self.path))
                else:
                    self._send(200, "image/png", square(path))
            elif parameters(self.path).get("route") is not None:
                self._bridge(body)
            else:
                self._storefront(path, body)
        except _Cut:
            self._cut()

    def _storefront(self, path: str, body: bytes) -> None:
        if self.command == "POST":
            told = storefront.act(self.simulator.shop, path, body)
            self._send(303, HTML, b"", {"Location": f"/?told={quote(told)}"})
        elif path in {"/", "/index.php"}:
            self._send(200, HTML, storefront.page(self.simulator.shop, parameters(self.path).get("told", "")))
        else:
            self._send(404, HTML, pages.NOT_FOUND)

    # ------------------------------------------------------------------ the bridge

    def _bridge(self, body: bytes) -> None:
        simulator = self.simulator
        resource = parameters(self.path).get("resource", "")
        simulator.counters.enter(resource, self.headers.get("Cookie"))
        writes: list[StockWrite] = []
        outcome, reached = "failed", False
        try:
            fault = simulator.faults.take(resource)
            outcome = f"fault:{fault.kind}" if fault else "ok"
            if fault and fault.kind in BEFORE_WORK:
                self._meet(fault)
            else:
                status, kind, content, headers = self._work(body, writes)
                outcome = outcome if fault else str(status)
                if fault:
                    self._spoil(fault, status, content)
                else:
                    self._send(status, kind, content, headers)
            self.wfile.flush()
            reached = not fault or fault.kind in {"slow", "warning"}
        finally:
            simulator.counters.leave(resource, outcome, writes, acknowledged=reached)

    def _work(self, body: bytes, writes: list[StockWrite]) -> tuple[int, str, bytes, dict[str, str]]:
        simulator, shop = self.simulator, self.simulator.shop
        params = parameters(self.path)
        if not shop.installed or params["route"] != ROUTE:
            return 404, HTML, pages.NOT_FOUND, {}
        if shop.maintenance and shop.line.maintenance_blocks:
            return 503, HTML, pages.MAINTENANCE, {"Retry-After": "3600"}
        try:
            simulator.gate.check(shop, self.command, self.path, self.headers, body)
            call = Call(params, read_body(self.command, body))
            if params.get("resource") == "webhook_test" and self.command == "POST":
                return 200, JSON, simulator.webhook.test_answer(), {}
            answer = dispatch(shop, self.command, call)
        except WireError as refusal:
            headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
            return refusal.status, JSON, refusal.body(shop), headers
        writes.extend(call.stock_writes)
        return 200, JSON, answer.body(shop), {}

    # ------------------------------------------------------------------ trouble

    def _meet(self, fault: Fault) -> None:
        """Answer with trouble and do nothing."""
        shop = self.simulator.shop
        match fault.kind:
            case "error":
                refusal = WireError(500, "internal", "Something broke in the shop.", reference="simulated")
                self._send(500, JSON, refusal.body(shop))
            case "crash":
                self._send(500, HTML, b"")
            case "throttle":
                refusal = WireError(429, "rate_limited", "Too many requests in a minute.")
                self._send(429, JSON, refusal.body(shop), {"Retry-After": str(fault.retry_after)})
            case "unauthorized":
                refusal = WireError(401, "bad_signature", "The signature does not fit.", signed=False, target=self.path)
                self._send(401, JSON, refusal.body(shop))
            case "timeout":
                self.simulator.stopping.wait(fault.seconds)
                raise _Cut
            case "refuse":
                self._reset_on_close()
                raise _Cut
            case "giant":
                self._giant(fault.size)
            case "redirect":
                self._send(302, HTML, b"", {"Location": "http://127.0.0.1:9/elsewhere"})
            case _:
                self._send(*pages.TROUBLE[fault.kind])

    def _spoil(self, fault: Fault, status: int, content: bytes) -> None:
        """Send the proper answer late, broken, or not at all; the work is done."""
        match fault.kind:
            case "slow":
                self.simulator.stopping.wait(fault.seconds)
                self._send(status, JSON, content)
            case "warning":
                self._send(200, HTML, pages.WARNING + content)
            case "truncated":
                self._send(status, JSON, content[: len(content) // 2])
            case "cut":
                self._head(status, JSON, len(content), {})
                self.wfile.write(content[: len(content) // 2])
                self.wfile.flush()
                raise _Cut
            case _:
                raise _Cut

    def _giant(self, size: int) -> None:
        self._head(200, JSON, size, {})
        self.wfile.write(b'{"data":[')
        left = size - 9
        block = b'"' + b"x" * 65_533 + b'",'
        while left > 0:
            self.wfile.write(block[:left])
            left -= len(block)

    # ------------------------------------------------------------------ bytes

    def _head(self, status: int, kind: str, length: int, headers: dict[str, str]) -> None:
        self.send_response_only(status, HTTPStatus(status).phrase)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()

    def _send(self, status: int, kind: str, content: bytes, headers: dict[str, str] | None = None) -> None:
        self._head(status, kind, len(content), headers or {})
        self.wfile.write(content)

    def _reset_on_close(self) -> None:
        """Let the end of this connection be a reset instead of an orderly close."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.flush()
        self.connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    block_on_close = False

    def __init__(self, address: tuple[str, int], simulator: "SimulatorServer") -> None:
        self.simulator = simulator
        super().__init__(address, _Request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class SimulatorServer:
    """A shop on a loopback port. Use as a context manager, or `start()` and `stop()`."""

    def __init__(
        self, shop: Shop | None = None, *, secret: str = DEFAULT_SECRET, port: int = 0, host: str = "127.0.0.1"
    ) -> None:
        self.shop = shop or Shop.demo()
        self.secret = secret
        self.gate = Gate(secret)
        self.faults = Faults()
        self.counters = Counters()
        self.stopping = threading.Event()
        self._server = _Server((host, port), self)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self._move_in()
        self.webhook = WebhookSender(self.shop, secret)
        self._thread: threading.Thread | None = None

    def _move_in(self) -> None:
        """Let the shop know its address; orders it brought along name it too."""
        old, self.shop.url = self.shop.url, self.url + "/"
        for order in self.shop.tables.orders.values():
            if order.row["store_url"] in {"", old}:
                order.row["store_url"] = self.shop.url
        self.shop.kept_json["order"].clear()
        make_ready(self.shop)

    def start(self) -> Self:
        """Serve in a thread; answers itself."""
        self.webhook.start()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and let go of the port."""
        self.stopping.set()
        self.webhook.stop()
        self._server.shutdown()
        self._server.server_close()
        if self._thread:
            self._thread.join(5)

    def rotate_secret(self, secret: str) -> None:
        """The owner regenerates the key: requests signed with the old one are refused from now on."""
        self.secret = secret
        self.gate.secret = secret
        self.webhook.secret = secret

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
