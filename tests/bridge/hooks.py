"""A receiver of webhooks on loopback that remembers what it was sent."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Delivery:
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Listener:
    url: str = ""
    status: int = 200
    release: threading.Event = field(default_factory=threading.Event)
    hangs: bool = False
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [event["kind"] for delivery in self.deliveries for event in delivery.json["events"]]


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.deliveries.append(Delivery(self.path, dict(self.headers), body))
            if listener.hangs:
                listener.release.wait(10)
            with contextlib.suppress(OSError):
                self.send_response(listener.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_port}/hooks/opencart?store=7"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield listener
    finally:
        listener.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
