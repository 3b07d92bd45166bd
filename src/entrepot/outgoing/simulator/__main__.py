"""Run another warehouse system for trying: `python -m entrepot.outgoing.simulator --secret whsec_… --key ent_…`."""

import argparse
import contextlib
import sys
import time
from collections.abc import Sequence

from entrepot.outgoing.simulator.house import OtherWarehouse
from entrepot.outgoing.simulator.server import WarehouseServer


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m entrepot.outgoing.simulator", description=__doc__)
    made.add_argument("--port", type=int, default=8095, help="0 takes any free port")
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--secret", required=True, help="the signing secret, shown once when the address was entered")
    made.add_argument("--api", default="http://127.0.0.1:8000", help="where Entrepot is")
    made.add_argument("--key", default="", help="an API key with the scope orders.pack")
    made.add_argument("--by-itself", action="store_true", help="pick, pack and hand over without being told")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Take messages and show them until interrupted."""
    options = parser().parse_args(arguments)
    house = OtherWarehouse(api=options.api, key=options.key, by_itself=options.by_itself)
    shown = 0
    with WarehouseServer(house, secret=options.secret, port=options.port, host=options.host) as server:
        sys.stdout.write(f"{server.url}\n")
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                for message in house.inbox[shown:]:
                    again = " (again)" if message.again else ""
                    sys.stdout.write(f"{message.uid} {message.kind} {message.data.get('number', '')}{again}\n")
                    shown += 1
                sys.stdout.flush()
                time.sleep(0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
