"""Malls to call."""

from collections.abc import Iterator

import pytest

from entrepot.connectors.cafe24.simulator import Mall, Shop, SimulatorServer
from tests.connectors.cafe24.simulator.core_rig import Caller


def _caller(mall: Mall) -> Iterator[Caller]:
    with SimulatorServer(mall) as server:
        yield Caller(server, token=server.grant()["access_token"])


@pytest.fixture
def demo() -> Iterator[Caller]:
    """The demo mall."""
    yield from _caller(Mall.demo())


@pytest.fixture
def bare() -> Iterator[Caller]:
    """A mall with nothing to sell."""
    yield from _caller(Mall.empty())


@pytest.fixture
def two_shops() -> Iterator[Caller]:
    """The demo mall with a second shop that sells in dollars."""
    shops = (Shop(1, "소담상점", default="T"), Shop(2, "Sodam Global", "USD", "en_US", "US"))
    yield from _caller(Mall.demo(shops=shops))
