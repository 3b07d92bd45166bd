"""Many orders told in one call: old bridges, shops that die of one order, shops that run out of time."""

from collections.abc import Iterator

import pytest

from entrepot.connectors.contract import Connector, ShipmentWrite, StatusWrite, WriteAnswer
from entrepot.connectors.opencart.errors import BridgeOutdated, GoneFromShop, ShopFailed, WrongShape
from entrepot.connectors.opencart.order_many import AT_ONCE
from entrepot.connectors.opencart.simulator import Shop, SimulatorServer
from entrepot.connectors.opencart.simulator.stage import SimulatorStage
from entrepot.connectors.opencart.type import OPENCART
from tests.connectors.opencart.scripted import good
from tests.connectors.opencart.test_connector_reading import stored
from tests.connectors.opencart.test_connector_writing import WritableShop, written


@pytest.fixture
def simulator() -> Iterator[SimulatorServer]:
    with SimulatorServer(Shop.demo()) as running:
        yield running


@pytest.fixture
def connector(simulator) -> Iterator[Connector]:
    opened = SimulatorStage(simulator, OPENCART).open()
    yield opened
    opened.close()


def orders(simulator, count):
    return [SimulatorStage(simulator, OPENCART).place_order() for _ in range(count)]


def status(order_id, status_id="3"):
    return StatusWrite(key=f"status-{order_id}", order_id=order_id, status_id=status_id)


def parcel(order_id):
    return ShipmentWrite(key=f"parcel-{order_id}", order_id=order_id, carrier="CJ", tracking_number=f"60000{order_id}")


def shown(simulator, order_ids):
    return [simulator.shop.tables.orders[int(order_id)].status for order_id in order_ids]


def calls(simulator, *resources):
    return [simulator.counters.requests.get(name, 0) for name in resources]


def test_a_hundred_and_twenty_writes_are_three_calls(simulator, connector):
    ids = orders(simulator, 60)
    answers = connector.many.tell_many([write for one in ids for write in (status(one), parcel(one))])
    assert [answer.repeated for answer in answers] == [False] * 120
    assert shown(simulator, ids) == [3] * 60
    assert calls(simulator, "order_writes", "order_history", "shipment") == [3, 0, 0]
    assert [len(simulator.shop.tables.orders[int(one)].shipments) for one in ids] == [1] * 60


def test_a_shop_with_the_older_bridge_is_told_one_by_one(simulator, connector):
    simulator.shop.order_writes_at_once = 0
    ids = orders(simulator, 3)
    answers = connector.many.tell_many([status(ids[0]), status("99999"), parcel(ids[1]), status(ids[2])])
    assert [type(answer) for answer in answers] == [WriteAnswer, GoneFromShop, WriteAnswer, WriteAnswer]
    assert shown(simulator, ids) == [3, 1, 3]
    assert calls(simulator, "order_writes", "order_history", "shipment") == [0, 3, 1]


def test_a_bridge_that_takes_less_is_given_less(simulator, connector):
    simulator.shop.order_writes_at_once = 7
    ids = orders(simulator, 20)
    connector.many.tell_many([status(one) for one in ids])
    assert shown(simulator, ids) == [3] * 20
    assert calls(simulator, "order_writes") == [3]


def test_a_bridge_that_was_replaced_by_an_older_one_is_named(simulator, connector):
    [one] = orders(simulator, 1)
    connector.many.tell_many([status(one)])
    simulator.shop.order_writes_at_once = 0
    with pytest.raises(BridgeOutdated):
        connector.many.tell_many([status(one)])


def test_an_order_the_shop_dies_of_fails_alone(simulator, connector):
    ids = orders(simulator, 5)
    simulator.shop.dies_at = {int(ids[2])}
    answers = connector.many.tell_many([status(one) for one in ids])
    assert [type(answer) for answer in answers] == [WriteAnswer, WriteAnswer, ShopFailed, WriteAnswer, WriteAnswer]
    assert [answer.repeated for answer in answers if isinstance(answer, WriteAnswer)] == [True, True, False, False]
    assert shown(simulator, ids) == [3, 3, 1, 3, 3]
    lines = [str(row["order_id"]) for row in simulator.shop.tables.history.values()]
    assert [lines.count(one) for one in ids] == [2, 2, 1, 2, 2]


def test_a_shop_that_fails_at_every_order_is_down(simulator, connector):
    ids = orders(simulator, 3)
    simulator.shop.dies_at = {int(one) for one in ids}
    with pytest.raises(ShopFailed):
        connector.many.tell_many([status(one) for one in ids])
    assert shown(simulator, ids) == [1, 1, 1]


class ShortOfTime(WritableShop):
    """Its bridge says that it takes lists, and does what `reach` leaves it time for."""

    def __init__(self, reach):
        super().__init__()
        self.replies["order_writes"] = lambda body: good([self.row(n, item) for n, item in enumerate(body["items"])])
        self.reach = reach

    def __call__(self, asked):
        if asked.resource == "info":
            return good(stored("info-4.1.0.4") | {"limits": {"max_order_writes": 100}})
        return super().__call__(asked)

    def row(self, number, item):
        if number < self.reach:
            return {"ref": item["ref"], "ok": True, "order_history_id": 7, "repeated": False}
        return {"ref": item["ref"], "ok": False, "error": {"code": "not_reached", "message": "", "detail": {}}}


def test_what_a_slow_shop_had_no_time_for_is_sent_again(shop):
    shop.script = ShortOfTime(2)
    answers = shop.connector().many.tell_many([status(str(number)) for number in (1, 2, 3, 4, 5)])
    assert [answer.remote_id for answer in answers] == ["7"] * 5
    assert [[item["order_id"] for item in body["items"]] for body in written(shop, "order_writes")] == [
        [1, 2, 3, 4, 5],
        [3, 4, 5],
        [5],
    ]


def test_a_shop_that_does_nothing_at_all_is_not_asked_for_ever(shop):
    shop.script = ShortOfTime(0)
    with pytest.raises(WrongShape):
        shop.connector().many.tell_many([status("1"), status("2")])
    assert len(written(shop, "order_writes")) == 1


def test_a_call_stays_below_what_a_real_shop_does_in_a_few_seconds():
    assert AT_ONCE == 50
