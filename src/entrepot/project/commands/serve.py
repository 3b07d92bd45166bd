"""The processes that work with the books, one command each, for those who run them by themselves."""

import click

from entrepot.channels import engine
from entrepot.project import live as live_updates
from entrepot.project.rubbish import look_less_often


@click.command()
@click.option("--concurrency", default=8, show_default=True, help="Jobs that run at once.")
def worker(*, concurrency: int) -> None:
    """Do the work: imports, orders, stock pushes. Any number may run, on any machines."""
    look_less_often()
    engine.run_worker(concurrency=concurrency)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8001, show_default=True)
def live(*, host: str, port: int) -> None:
    """Serve live updates to open pages."""
    live_updates.serve(host, port)
