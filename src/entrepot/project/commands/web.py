"""The process that serves pages. It never loads Django itself; its workers do."""

import contextlib
import os

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from entrepot.project import postgres
from entrepot.project.environment import home_folder

BLOCKING_THREADS = 4


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes.")
def web(*, host: str, port: int, workers: int) -> None:
    """Serve pages and API."""
    os.environ["ENTREPOT_SERVED"] = "1"
    given = bool(os.environ.get("DATABASE_URL"))
    with contextlib.nullcontext() if given else postgres.attached(home_folder(os.environ)):
        _server(host, port, workers).serve()


def _server(host: str, port: int, workers: int) -> MPServer:
    return MPServer(
        "entrepot.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
