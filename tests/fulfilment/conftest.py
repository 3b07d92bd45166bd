import pytest

from entrepot.orders import services as orders
from entrepot.orders.models import Order, SalesChannel
from tests.books import MINA, draft, line, make_channel, make_items, make_seller, place_one


@pytest.fixture
def channel(db: None) -> SalesChannel:
    return make_channel(make_seller())


@pytest.fixture
def items(channel: SalesChannel) -> dict[str, int]:
    return make_items(channel.seller, RED=5, BLUE=5)


@pytest.fixture
def order(channel: SalesChannel, items: dict[str, int]) -> Order:
    """Two red and three blue, with the warehouse."""
    lines = line(items["RED"], 2, remote_id="a"), line(items["BLUE"], 3, remote_id="b")
    made = place_one(channel, draft("7", *lines))
    orders.release_to_warehouse(seller_id=made.seller_id, order_id=made.pk, actor=MINA)
    return made
