"""Run a simulated OpenCart shop: `python -m entrepot.connectors.opencart.simulator --port 8090 --secret …`."""

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from entrepot.connectors.opencart.simulator.lines import LINES
from entrepot.connectors.opencart.simulator.server import SimulatorServer
from entrepot.connectors.opencart.simulator.shop import Shop, ShopSettings

SAVE_EVERY = 1.0


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m entrepot.connectors.opencart.simulator", description=__doc__)
    made.add_argument("--port", type=int, default=8090, help="0 takes any free port")
    made.add_argument("--host", default="127.0.0.1", help="leave it on loopback: the control API asks for no key")
    made.add_argument("--secret", default="simulated-secret-key")
    made.add_argument("--state", type=Path, help="a file the shop's state is kept in, so that a restart goes on")
    made.add_argument("--catalogue", default="demo", help="demo, empty, or generated:5000x4")
    made.add_argument("--orders", type=int, default=0, help="so many made-up orders over the last 90 days")
    made.add_argument("--timezone", default="UTC")
    made.add_argument("--line", choices=sorted(LINES), default="4.1")
    made.add_argument("--currency", default="USD")
    made.add_argument("--language", default="en-gb", choices=("en-gb", "ko-kr"))
    made.add_argument("--name", default="Your Store")
    made.add_argument("--requests-per-minute", type=int, default=1200)
    return made


def open_shop(options: argparse.Namespace) -> Shop:
    """The shop the options describe, or the one kept in the state file."""
    settings = ShopSettings(
        line=options.line,
        timezone=options.timezone,
        currency=options.currency,
        language=options.language,
        name=options.name,
    )
    kind, _, size = options.catalogue.partition(":")
    if options.state and options.state.exists():
        shop = Shop(**settings)
        shop.restore(options.state)
    elif kind == "generated":
        shop = Shop.generated(size, **settings)
    elif kind == "empty":
        shop = Shop.empty(**settings)
    else:
        shop = Shop.demo(orders=options.orders, **settings)
    shop.requests_per_minute = options.requests_per_minute
    return shop


def keep_saving(shop: Shop, path: Path, stop: threading.Event) -> None:
    """Save whenever something changed, until told to stop, and once more then."""
    saved = -1
    while True:
        stopped = stop.wait(SAVE_EVERY)
        if shop.changes != saved:
            saved = shop.changes
            shop.write_to(path)
        if stopped:
            return


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted."""
    options = parser().parse_args(arguments)
    shop = open_shop(options)
    stop = threading.Event()
    with SimulatorServer(shop, secret=options.secret, port=options.port, host=options.host) as simulator:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        sys.stdout.write(f"{simulator.url}\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            if options.state:
                keep_saving(shop, options.state, stop)
            else:
                stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
