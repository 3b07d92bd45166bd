"""Run a simulated Cafe24 mall: `python -m entrepot.connectors.cafe24.simulator --port 8091 --client-id …`."""

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from entrepot.connectors.cafe24.simulator import keeping
from entrepot.connectors.cafe24.simulator.mall import Mall, MallOptions
from entrepot.connectors.cafe24.simulator.server import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, SimulatorServer
from entrepot.connectors.cafe24.simulator.settings import Shop

SAVE_EVERY = 1.0


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m entrepot.connectors.cafe24.simulator", description=__doc__)
    made.add_argument("--port", type=int, default=8091, help="0 takes any free port")
    made.add_argument("--host", default="127.0.0.1", help="leave it on loopback: the control API asks for no key")
    made.add_argument("--client-id", default=DEFAULT_CLIENT_ID)
    made.add_argument("--client-secret", default=DEFAULT_CLIENT_SECRET)
    made.add_argument("--state", type=Path, help="a file the mall's state is kept in, so that a restart goes on")
    made.add_argument("--mall-id", default="sodammall")
    made.add_argument("--name", default="소담상점")
    made.add_argument("--catalogue", default="demo", help="demo, empty, or generated:2500x4")
    made.add_argument("--orders", type=int, default=0, help="so many made-up orders over the last 90 days")
    made.add_argument("--second-shop", action="store_true", help="a second shop that sells in dollars")
    made.add_argument("--allow", action="store_true", help="the operator allows every app at once, without the page")
    made.add_argument("--no-limits", action="store_true", help="calls are counted and never refused")
    return made


def open_mall(options: argparse.Namespace) -> Mall:
    """The mall the options describe."""
    shops = [Shop(1, options.name, default="T")]
    if options.second_shop:
        shops.append(Shop(2, f"{options.name} Global", "USD", "en_US", "US"))
    made: MallOptions = {"mall_id": options.mall_id, "name": options.name, "shops": tuple(shops)}
    kind, _, size = options.catalogue.partition(":")
    if kind == "generated":
        return Mall.generated(size, **made)
    if kind == "empty":
        return Mall.empty(**made)
    return Mall.demo(orders=options.orders, **made)


def keep_saving(server: SimulatorServer, path: Path, stop: threading.Event) -> None:
    """Save whenever something changed, until told to stop, and once more then."""
    saved = -1
    while True:
        stopped = stop.wait(SAVE_EVERY)
        if server.mall.changes != saved:
            saved = server.mall.changes
            keeping.write(server, path)
        if stopped:
            return


def open_server(options: argparse.Namespace) -> SimulatorServer:
    """The server the options describe, with the mall kept in the state file if there is one."""
    kept = keeping.read(options.state) if options.state and options.state.exists() else None
    server = SimulatorServer(
        keeping.mall_of(kept) if kept else open_mall(options),
        client_id=options.client_id,
        client_secret=options.client_secret,
        port=options.port,
        host=options.host,
    )
    if kept:
        keeping.give_back(server, kept)
    server.oauth.decide = "allow" if options.allow else "ask"
    server.bucket.enforced = not options.no_limits
    return server


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted."""
    options = parser().parse_args(arguments)
    stop = threading.Event()
    with open_server(options) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            if options.state:
                keep_saving(server, options.state, stop)
            else:
                stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
