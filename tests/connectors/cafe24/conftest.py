"""A mall made of answers: real HTTP on loopback, with a script instead of Cafe24."""

from collections.abc import Iterator

import pytest
import stamina

from tests.connectors.cafe24.scripted import ScriptedMall


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
