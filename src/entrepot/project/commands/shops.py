"""Tools for shops: the OpenCart extension, simulated shops, and the conformance kit."""

import sys
from pathlib import Path

import click

from entrepot.connectors import conformance as kit
from entrepot.connectors.cafe24.simulator.__main__ import main as run_cafe24_simulator
from entrepot.connectors.contract import Surroundings
from entrepot.connectors.opencart.bridge_build import build as build_bridge
from entrepot.connectors.opencart.simulator.__main__ import main as run_opencart_simulator
from entrepot.connectors.opencart.type import OPENCART

PASS_ON = {"ignore_unknown_options": True, "help_option_names": []}


@click.group()
def opencart_bridge() -> None:
    """The extension that a merchant installs in an OpenCart shop."""


@opencart_bridge.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to put the archives."
)
def build(*, out: Path) -> None:
    """Write the archives for OpenCart 4 and OpenCart 3. The file's name must stay as it is: the shop reads it."""
    for line in ("oc4", "oc3"):
        click.echo(build_bridge(line, out))


@click.group()
def conformance() -> None:
    """Check that a connector and a shop keep every promise Entrepot builds on."""


@conformance.command("opencart")
@click.option("--url", required=True, help="The shop's Domain URL.")
@click.option("--secret", required=True, envvar="ENTREPOT_SHOP_SECRET", help="Its Secret Key; or ENTREPOT_SHOP_SECRET.")
@click.option("--read-only", is_flag=True, help="Write nothing to the shop.")
def check_opencart(*, url: str, secret: str, read_only: bool) -> None:
    """Run every check on an OpenCart shop. What a check writes it puts back; use --read-only on a shop in business."""
    connector = OPENCART.open({"domain_url": url, "secret_key": secret}, Surroundings())
    try:
        report = kit.run(connector, write=not read_only)
    finally:
        connector.close()
    click.echo(report.table())
    sys.exit(report.exit_code)


@click.group()
def simulator() -> None:
    """Simulated shops for trying, demonstrating and testing."""


@simulator.command("opencart", context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def simulate_opencart(*, arguments: tuple[str, ...]) -> None:
    """Run a simulated OpenCart shop; `--help` tells its options."""
    sys.exit(run_opencart_simulator(arguments))


@simulator.command("cafe24", context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def simulate_cafe24(*, arguments: tuple[str, ...]) -> None:
    """Run a simulated Cafe24 mall; `--help` tells its options."""
    sys.exit(run_cafe24_simulator(arguments))
