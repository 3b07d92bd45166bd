"""Fixture shops of three generations; every test starts from the seed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bridge import schemas, shops
from tests.bridge.hooks import Listener, listening


@pytest.fixture(scope="session")
def bridge_home() -> Iterator[Path]:
    # Short, because a socket's path may have about a hundred characters.
    memory = Path("/dev/shm")  # noqa: S108 - a test database lives faster in memory; mkdtemp makes the folder ours
    home = Path(tempfile.mkdtemp(prefix="eb-", dir=memory if memory.is_dir() else None))
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def bridge_database(bridge_home: Path) -> Iterator[shops.Database]:
    with shops.database(bridge_home) as database:
        yield database


@pytest.fixture(scope="session")
def bridge_shops(bridge_database: shops.Database, bridge_home: Path) -> Iterator[dict[str, shops.Shop]]:
    """Shops by generation, started when first asked for."""
    running: dict[str, shops.Shop] = {}
    with shops.contextlib.ExitStack() as stack:

        class Starting(dict[str, shops.Shop]):
            def __missing__(self, name: str) -> shops.Shop:
                home = bridge_home / name
                home.mkdir()
                self[name] = stack.enter_context(shops.serve(schemas.GENERATIONS[name], bridge_database, home))
                return self[name]

        running = Starting()
        yield running


@pytest.fixture(params=["g30", "g402", "g41"])
def shop(request: pytest.FixtureRequest, bridge_shops: dict[str, shops.Shop]) -> shops.Shop:
    """The same test on all three generations."""
    chosen = bridge_shops[request.param]
    chosen.fresh()
    return chosen


@pytest.fixture
def shop30(bridge_shops: dict[str, shops.Shop]) -> shops.Shop:
    bridge_shops["g30"].fresh()
    return bridge_shops["g30"]


@pytest.fixture(params=["g402", "g41"])
def shop4(request: pytest.FixtureRequest, bridge_shops: dict[str, shops.Shop]) -> shops.Shop:
    bridge_shops[request.param].fresh()
    return bridge_shops[request.param]


@pytest.fixture
def shop41(bridge_shops: dict[str, shops.Shop]) -> shops.Shop:
    bridge_shops["g41"].fresh()
    return bridge_shops["g41"]


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A receiver of webhooks on loopback."""
    with listening() as receiver:
        yield receiver
