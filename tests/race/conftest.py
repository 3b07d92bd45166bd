import pytest

from entrepot.orders.models import SalesChannel
from tests.books import make_channel, make_seller


@pytest.fixture
def channel(transactional_db: None) -> SalesChannel:
    return make_channel(make_seller())
