"""What `up` lets its children do with the books."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import click

from entrepot.project import assets
from entrepot.project import demo as demo_world
from entrepot.project.prepare import first_link, migrate


@click.command()
@click.option("--demo", is_flag=True)
def prepare(*, demo: bool) -> None:
    """Bring the tables to this version, make the link of the first sign-in, and answer both as JSON."""
    with ThreadPoolExecutor(1) as beside:  # the database is what works meanwhile
        beside.submit(assets.prepare)
        migrated = migrate()
    link = demo_world.owner_link() if demo else first_link()
    json.dump({"migrated": len(migrated), "link": link}, sys.stdout)


@click.command()
def demo_stores() -> None:
    """Connect the demo's simulated shop, then its mall; wait for their first imports, and take them live.

    Harmless when repeated. One after the other, so that it is certain whose figures open the stock: the shop's.
    """
    secret = os.environ["ENTREPOT_DEMO_SECRET"]
    demo_world.hire_carrier()
    demo_world.connect_shop(url=os.environ["ENTREPOT_DEMO_SHOP"], secret=secret)
    demo_world.connect_mall(url=os.environ["ENTREPOT_CAFE24_API_BASE"], secret=secret)
