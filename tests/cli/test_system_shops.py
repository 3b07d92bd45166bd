"""Tools for shops, as commands."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from entrepot.connectors.opencart.simulator.server import SimulatorServer
from entrepot.connectors.opencart.simulator.shop import Shop
from tests.cli.conftest import Home

SECRET = "secret-of-a-simulated-shop-0123456789"


def test_the_extension_is_built_for_both_lines_under_the_name_a_shop_needs(
    new_home: Callable[[], Home], tmp_path: Path
) -> None:
    done = new_home().run("opencart-bridge", "build", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(tmp_path / line / "oms_bridge.ocmod.zip") for line in ("oc4", "oc3")]
    for path in done.stdout.split():
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None


def test_a_simulated_shop_is_certified_from_the_command_line(new_home: Callable[[], Home]) -> None:
    with SimulatorServer(Shop.demo(), secret=SECRET) as shop:
        done = new_home().run("conformance", "opencart", "--url", shop.url, "--read-only", ENTREPOT_SHOP_SECRET=SECRET)
    assert done.returncode == 0, done.stdout + done.stderr
    assert SECRET not in done.stdout + done.stderr


def test_a_shop_with_another_key_fails_and_says_why(new_home: Callable[[], Home]) -> None:
    with SimulatorServer(Shop.demo(), secret=SECRET) as shop:
        done = new_home().run("conformance", "opencart", "--url", shop.url, "--secret", "x" * 32, "--read-only")
    assert done.returncode == 1
    assert "Secret Key" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("channel", ["opencart", "cafe24"])
def test_the_simulator_tells_its_own_options(new_home: Callable[[], Home], channel: str) -> None:
    done = new_home().run("simulator", channel, "--help")
    assert done.returncode == 0
    assert "--catalogue" in done.stdout
