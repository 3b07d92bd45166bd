import pytest

from entrepot.orders.models import SalesChannel
from tests.books import make_channel, make_seller


@pytest.fixture
def channel(db: None) -> SalesChannel:
    return make_channel(make_seller())
