"""A program hears of the kinds it has asked for, from then on, each occurrence once."""

from collections.abc import Iterator

import pytest

from entrepot.channels.problems import open_problem
from entrepot.fulfilment import services as fulfilment
from entrepot.inventory import services as inventory
from entrepot.orders import services as orders
from entrepot.outgoing import watermark
from entrepot.outgoing.errors import EndpointKindsInvalid, EndpointNameTaken, EndpointUrlInvalid
from entrepot.outgoing.kinds import CHOICES
from entrepot.outgoing.models import Endpoint, Notice
from entrepot.outgoing.services.deliver import deliver
from entrepot.outgoing.services.endpoints import add_endpoint, change_endpoint
from entrepot.outgoing.simulator import OtherWarehouse, WarehouseServer
from tests.books import MINA, draft, line, make_channel, make_items, make_seller, place_one


class Program:
    """A seller with 10 RED, and a program over HTTP that has asked for kinds of messages."""

    def __init__(self, server: WarehouseServer) -> None:
        self.server = server
        self.channel = make_channel(make_seller())
        self.seller_id = self.channel.seller_id
        self.items = make_items(self.channel.seller, RED=10)

    def asks(self, *kinds: str, name: str = "ERP") -> Endpoint:
        made = add_endpoint(seller_id=self.seller_id, name=name, url=self.server.url, kinds=kinds, actor=MINA)
        self.server.secret = made.secret
        return made.endpoint

    def order(self, number: str = "1", quantity: int = 2):
        wants = line(self.items["RED"], quantity, remote_id=number, sku="RED")
        return place_one(self.channel, draft(number, wants))

    def hears(self) -> list[tuple[str, object]]:
        for endpoint in Endpoint.objects.all():
            deliver(endpoint)
        found = [(one.kind, one.data) for one in self.server.house.inbox]
        self.server.house.inbox.clear()
        return found


@pytest.fixture
def program(db: None, settings) -> Iterator[Program]:
    settings.PRIVATE_TARGETS = True
    with WarehouseServer(OtherWarehouse()) as server:
        yield Program(server)


def kinds(heard: list[tuple[str, object]]) -> list[str]:
    return [kind for kind, _ in heard]


def test_the_life_of_an_order_is_heard_step_by_step(program: Program) -> None:
    program.asks("order.created", "order.status_changed", "order.shipped", "order.delivered")
    order = program.order()
    who = {"seller_id": program.seller_id, "order_id": order.pk, "actor": MINA}
    orders.release_to_warehouse(**who)
    fulfilment.pack(carrier="cj", carrier_name="CJ", tracking_number="6400", **who)
    fulfilment.hand_over(**who)
    fulfilment.deliver(**who)

    heard = program.hears()

    assert kinds(heard) == [
        "order.created",
        "order.status_changed",
        "order.status_changed",
        "order.shipped",
        "order.status_changed",
        "order.delivered",
        "order.status_changed",
    ]
    steps = [(data["from_status"], data["to_status"]) for kind, data in heard if kind == "order.status_changed"]
    assert steps == [
        ("new", "rfp"),
        ("rfp", "ready_to_ship"),
        ("ready_to_ship", "in_transit"),
        ("in_transit", "complete"),
    ]
    assert heard[3][1]["parcels"][0]["tracking_number"] == "6400"
    assert program.hears() == []


def test_no_message_says_who_bought(program: Program) -> None:
    program.asks(*CHOICES)
    program.order()

    bodies = "".join(Notice.objects.values_list("body", flat=True)) if program.hears() else ""

    assert '"order.created"' in bodies
    assert not [word for word in ("김서연", "O'Brien", "buyer@example.com", "+82 2 000") if word in bodies]


def test_only_what_was_asked_for_is_heard_and_only_from_then_on(program: Program) -> None:
    program.order("1")
    program.asks("order.created")
    second = program.order("2")
    orders.ask_cancel(seller_id=program.seller_id, order_id=second.pk, actor=MINA)

    assert [(kind, data["order_id"]) for kind, data in program.hears()] == [("order.created", second.pk)]


def test_an_order_canceled_for_good_is_heard_as_that(program: Program) -> None:
    program.asks("order.canceled")
    order = program.order()
    who = {"seller_id": program.seller_id, "order_id": order.pk, "actor": MINA}
    orders.ask_cancel(**who)
    assert program.hears() == []
    orders.cancel_by_buyer(**who)

    ((kind, data),) = program.hears()
    assert (kind, data["status"]) == ("order.canceled", "canceled")


def test_stock_that_moved_often_is_told_once_as_it_stands(program: Program) -> None:
    program.asks("stock.changed")
    program.order("1", quantity=3)
    inventory.receive(seller_id=program.seller_id, item_id=program.items["RED"], quantity=5, actor=MINA)

    ((kind, data),) = program.hears()

    assert kind == "stock.changed"
    assert (data["sku"], data["on_hand"], data["reserved"], data["available"]) == ("RED", 15, 3, 12)
    assert program.hears() == []


def test_a_problem_is_told_with_what_to_do(program: Program) -> None:
    program.asks("problem.opened")
    facts = {"number": "#7", "store": "Sock shop"}
    for _ in range(2):
        open_problem(
            seller_id=program.seller_id,
            store_id=None,
            code="no_carrier",
            object_type="order",
            object_id=7,
            fields=facts,
        )

    ((_, data),) = program.hears()

    assert data["sentence"] == "Nothing says which carrier takes order #7 of Sock shop."
    assert data["remedy"].startswith("Add a carrier rule that fits it")
    assert data["object"] == {"type": "order", "id": "7"}


def test_another_sellers_orders_are_not_heard(program: Program) -> None:
    program.asks("order.created")
    other = make_channel(make_seller("Busan Boots"))
    items = make_items(other.seller, BOOT=1)
    place_one(other, draft("9", line(items["BOOT"], 1)))

    assert program.hears() == []


def test_more_than_one_look_can_carry_is_carried_by_several(program: Program, monkeypatch) -> None:
    monkeypatch.setattr("entrepot.outgoing.feeds.AT_ONCE", 3)
    program.asks("order.created")
    made = [program.order(str(number), quantity=1).pk for number in range(8)]

    assert [data["order_id"] for _, data in program.hears()] == made


def test_an_address_that_takes_nothing_is_not_buried_and_hears_everything_later(program: Program, monkeypatch) -> None:
    monkeypatch.setattr("entrepot.outgoing.feeds.MOST_WAITING", 2)
    monkeypatch.setattr("entrepot.outgoing.feeds.AT_ONCE", 2)
    endpoint = program.asks("order.created")
    made = [program.order(str(number), quantity=1).pk for number in range(5)]
    program.server.faults.append(503)
    program.hears()
    assert Notice.objects.count() == 2

    Endpoint.objects.update(rests_until=None)
    assert [data["order_id"] for _, data in program.hears()] == made
    assert Notice.objects.filter(endpoint=endpoint, taken_at=None).count() == 0


def test_addresses_that_cannot_be_are_refused_and_nothing_is_kept(program: Program) -> None:
    who = {"seller_id": program.seller_id, "actor": MINA}
    for url in ("", "ftp://x.example", "https://", "https://a b.example", "https://mina:pw@x.example", "x.example"):
        with pytest.raises(EndpointUrlInvalid):
            add_endpoint(name="ERP", url=url, kinds=["order.created"], **who)
    for chosen in ([], ["order.baked"]):
        with pytest.raises(EndpointKindsInvalid):
            add_endpoint(name="ERP", url="https://x.example", kinds=chosen, **who)
    assert Endpoint.objects.count() == 0

    endpoint = program.asks("order.created")
    with pytest.raises(EndpointNameTaken):
        program.asks("order.created")
    change_endpoint(endpoint_id=endpoint.pk, kinds=["stock.changed"], **who)
    endpoint.refresh_from_db()
    assert (Endpoint.objects.count(), endpoint.kinds) == (1, ["stock.changed"])


def test_reading_goes_no_further_than_the_table_is_complete(program: Program) -> None:
    endpoint = program.asks("order.created")
    stands = endpoint.positions["orders_orderevent"]
    program.order()
    program.hears()
    endpoint.refresh_from_db()

    assert endpoint.positions["orders_orderevent"] == max(stands, watermark.settled("orders_orderevent"))


def test_a_refused_message_holds_up_its_own_order_only(program: Program) -> None:
    program.asks("order.created", "order.status_changed")
    first, second = program.order("1"), program.order("2")
    for order in (first, second):
        orders.release_to_warehouse(seller_id=program.seller_id, order_id=order.pk, actor=MINA)
    program.server.faults.append(422)

    heard = [(kind, data["order_id"]) for kind, data in program.hears()]
    assert heard == [("order.created", second.pk), ("order.status_changed", second.pk)]

    Notice.objects.update(next_try_at=None)
    heard = [(kind, data["order_id"]) for kind, data in program.hears()]
    assert heard == [("order.created", first.pk), ("order.status_changed", first.pk)]
