"""A shop made of answers: real HTTP on loopback, with a script instead of a bridge."""

from collections.abc import Iterator

import pytest
import stamina

from tests.connectors.opencart.scripted import ScriptedShop


@pytest.fixture(autouse=True)
def _repeats_do_not_wait() -> Iterator[None]:
    """Three attempts as in earnest, without the pauses between them."""
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def shop() -> Iterator[ScriptedShop]:
    """A shop that answers what the test tells it to."""
    with ScriptedShop() as scripted:
        yield scripted
