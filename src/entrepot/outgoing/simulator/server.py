"""The HTTP side of the other warehouse system: signatures verified, faults served as ordered."""

import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

from standardwebhooks import Webhook, WebhookVerificationError

from entrepot.outgoing.simulator.house import OtherWarehouse


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Take a message, or fail as ordered."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, words = cast("_Server", self.server).house_server.answer(dict(self.headers.items()), body)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing on the console."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    house_server: "WarehouseServer"


class WarehouseServer:
    """The other system's address: `with WarehouseServer(house) as server: … server.url`.

    `secret` is what it was given; without one it takes nothing. `faults`: the statuses of the next answers; the
    message is worked on all the same where `lost` says that only the answer is lost.
    """

    def __init__(self, house: OtherWarehouse, *, secret: str = "", port: int = 0, host: str = "127.0.0.1") -> None:
        self.house = house
        self.secret = secret
        self.faults: deque[int] = deque()
        self.lost = False
        self.calls = 0
        self._server = _Server((host, port), _Request)
        self._server.house_server = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Where it is told things."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/messages"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """What a message is answered with."""
        self.calls += 1
        fault = self.faults.popleft() if self.faults else 0
        if fault and not self.lost:
            return fault, b"as ordered"
        try:
            message: dict[str, Any] = Webhook(self.secret).verify(body, headers)
        except (WebhookVerificationError, ValueError):
            return 401, b"the signature does not fit"
        uid = next(value for name, value in headers.items() if name.lower() == "webhook-id")
        self.house.take(uid, message["type"], message["data"])
        return (fault, b"as ordered") if fault else (204, b"")
