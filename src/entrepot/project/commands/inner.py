"""What `up` lets its children do with the books."""

import json
import os
import sys

import click

from entrepot.project import demo as demo_world
from entrepot.project.prepare import first_link, migrate


@click.command()
@click.option("--demo", is_flag=True)
def prepare(*, demo: bool) -> None:
    """Bring the tables to this version, make the link of the first sign-in, and answer both as JSON."""
    migrated = migrate()
    link = demo_world.owner_link() if demo else first_link()
    json.dump({"migrated": len(migrated), "link": link}, sys.stdout)


@click.command()
def demo_shop() -> None:
    """Connect the demo's simulated shop, wait for its first import, and take it live. Harmless when repeated."""
    demo_world.connect_shop(url=os.environ["ENTREPOT_DEMO_SHOP"], secret=os.environ["ENTREPOT_DEMO_SECRET"])
