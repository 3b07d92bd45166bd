"""A mall made of answers: real HTTP on loopback, with a script instead of Cafe24."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stamina

from entrepot.connectors.cafe24.simulator import SimulatorServer
from entrepot.connectors.contract import Connector
from tests.connectors.cafe24.scripted import ScriptedMall
from tests.connectors.cafe24.stand import open_connector


@pytest.fixture(autouse=True)
def _repeats_do_not_wait() -> Iterator[None]:
    """Three attempts as in earnest, without the pauses between them."""
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def mall() -> Iterator[ScriptedMall]:
    """A mall that answers what the test tells it to."""
    with ScriptedMall() as scripted:
        yield scripted


@pytest.fixture
def opened() -> Iterator[Callable[..., Connector]]:
    """Opens connectors to simulated malls, and closes them in the end."""
    found: list[Connector] = []

    def open_one(server: SimulatorServer, shop_no: str = "1", **changes: Any) -> Connector:
        found.append(open_connector(server, shop_no, **changes))
        return found[-1]

    yield open_one
    for connector in found:
        connector.close()
