"""The houses that the tests of a module share stand for each of them as they were built."""

import pytest

from entrepot.orders.models import Order
from tests.web.factories import House


@pytest.mark.parametrize("turn", ["one test", "another test"])
def test_what_a_test_does_to_a_shared_house_no_other_test_sees(house: House, turn: str) -> None:
    order = Order.objects.get(pk=house.order.pk)
    assert (order.tags, house.order.tags, Order.objects.filter(seller=house.seller).count()) == (["gift"], ["gift"], 2)

    house.order.tags = order.tags = [turn]
    order.save(update_fields=["tags"])

    assert Order.objects.get(pk=house.order.pk).tags == [turn]
