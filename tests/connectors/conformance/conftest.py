"""A demo shop and a demo mall on loopback with a stage, opened with small pages so that paging has something to do."""

from collections.abc import Iterator

import pytest

from entrepot.connectors.cafe24.simulator.mall import Mall
from entrepot.connectors.cafe24.simulator.server import SimulatorServer as MallServer
from entrepot.connectors.cafe24.simulator.stage import SimulatorStage as MallStage
from entrepot.connectors.cafe24.type import cafe24
from entrepot.connectors.opencart.simulator import Shop, SimulatorServer
from entrepot.connectors.opencart.simulator.stage import SimulatorStage
from entrepot.connectors.opencart.type import OPENCART


def open_stage(line: str) -> Iterator[SimulatorStage]:
    shop = Shop.demo(line=line, timezone="Asia/Seoul", orders=12)
    shop.requests_per_minute = 100_000
    with SimulatorServer(shop, secret="c0ffee" * 10) as simulator:
        yield SimulatorStage(simulator, OPENCART)


@pytest.fixture(scope="module")
def stage() -> Iterator[SimulatorStage]:
    yield from open_stage("4.1")


@pytest.fixture(scope="module", params=["4.1", "4.0", "3.0"])
def stage_of_each_line(request: pytest.FixtureRequest) -> Iterator[SimulatorStage]:
    yield from open_stage(request.param)


@pytest.fixture(scope="module")
def mall_stage() -> Iterator[MallStage]:
    mall = Mall.demo(orders=12)
    for product in mall.products.values():
        product.variants[0].quantity += 5000  # hundreds of checks buy
    with MallServer(mall) as server:
        yield MallStage(server, cafe24(server.url), {"order_page_size": 10, "page_size": 5})
