"""One world for each test."""

from collections.abc import Iterator

import pytest

from entrepot.accounts.models import Seller
from tests.roads.rig import Road


@pytest.fixture
def road(transactional_db: None) -> Iterator[Road]:
    made = Road(Seller.objects.create(name="Seoul Socks"))
    with made.stack:
        yield made
