"""An external warehouse system reads its work and reports over HTTP; each message counts once."""

import pytest

from entrepot.inventory import services as inventory
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from entrepot.warehouse.models import Message, WorkOrder
from entrepot.warehouse.services import release
from tests.books import MINA, SHOP, assert_books_add_up, draft, figure, held, line, make_items, place_one, status


class Outside:
    """The seller's warehouse as worked in by another system, and the system's calls."""

    def __init__(self, world, *scopes: str) -> None:
        self.world = world
        self.program = world.program(*scopes)
        self.seller_id = world.seller.pk
        self.items = make_items(world.seller, WMSRED=10, WMSBLUE=5)
        self.warehouse_id = inventory.default_warehouse(seller_id=self.seller_id, actor=MINA).pk
        inventory.set_mode(seller_id=self.seller_id, warehouse_id=self.warehouse_id, mode="external", actor=MINA)
        self.channel = Order.objects.filter(seller=world.seller).first().sales_channel

    def order(self, number: str, **wants: int) -> Order:
        lines = [line(self.items[sku], count, remote_id=sku, sku=sku) for sku, count in wants.items()]
        made = place_one(self.channel, draft(f"wms-{number}", *lines))
        release.release(seller_id=self.seller_id, order_id=made.pk, actor=MINA)
        return made

    def say(self, key: str, kind: str, order: Order | None = None, **facts: object):
        body = {"kind": kind, "warehouse_id": self.warehouse_id, **({"order_id": order.pk} if order else {}), **facts}
        return self.program.post("/wms/messages", body, **{"Idempotency-Key": key})

    def work(self, **query: object) -> list[dict]:
        return self.program.get("/wms/work", warehouse_id=self.warehouse_id, **query).json()["rows"]


@pytest.fixture
def outside(world) -> Outside:
    return Outside(world)


def refusal(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_what_is_released_can_be_read_with_its_lines_and_address(outside):
    order = outside.order("1", WMSRED=2, WMSBLUE=1)

    (row,) = outside.work(state="released")

    assert (row["order_id"], row["number"], row["ship_to"]["name"]) == (order.pk, "#wms-1", "김서연")
    assert [(one["sku"], one["quantity"], one["picked"]) for one in row["lines"]] == [
        ("WMSRED", 2, 0),
        ("WMSBLUE", 1, 0),
    ]
    assert row["parcels"] == []


def test_the_whole_errand_over_http(outside):
    order = outside.order("1", WMSRED=2)

    assert outside.say("a", "picked", order).json() == {"applied": True}
    assert status(order) == "ready_to_ship"
    assert outside.say("b", "packed", order, box="L", weight_grams=900).json() == {"applied": True}
    order.shipments.update(tracking_number="6400")
    (row,) = outside.work(state="packed")
    assert [(one["state"], one["tracking_number"]) for one in row["parcels"]] == [("packed", "6400")]
    assert outside.say("c", "handed_over", order_ids=[order.pk]).json() == {"applied": True}

    assert (status(order), WorkOrder.objects.get(order=order).state) == ("in_transit", "handed_over")
    assert order.shipments.get().weight_grams == 900
    assert figure(outside.items["WMSRED"]) == (8, 0)
    line_id = order.lines.get().pk
    assert (
        outside.say("d", "returned", order, lines=[{"line_id": line_id, "good": 1, "scrapped": 1}]).status_code == 200
    )
    assert (status(order), figure(outside.items["WMSRED"])) == ("returned", (9, 0))
    assert_books_add_up([outside.seller_id])


def test_the_same_key_again_is_the_same_message(outside):
    order = outside.order("1", WMSRED=3)
    facts = {"line_id": order.lines.get().pk, "item_id": outside.items["WMSRED"], "quantity": 1}

    assert outside.say("a", "short", order, **facts).json() == {"applied": True}
    assert outside.say("a", "short", order, **facts).json() == {"applied": False}

    assert (figure(outside.items["WMSRED"]), Message.objects.count()) == ((9, 3), 1)
    assert refusal(outside.say("a", "short", order, **facts | {"quantity": 2})) == (409, "key_reused")
    assert figure(outside.items["WMSRED"]) == (9, 3)


def test_a_short_pick_takes_other_stock_of_the_warehouse_and_the_rest_is_picked(outside):
    order = outside.order("1", WMSRED=3)
    facts = {"line_id": order.lines.get().pk, "item_id": outside.items["WMSRED"], "quantity": 2}
    outside.say("a", "short", order, **facts)

    (row,) = outside.work()
    assert [(one["quantity"], one["short"]) for one in row["lines"]] == [(5, 2)]
    outside.say("b", "picked", order)

    assert (status(order), order.shipments.get().lines.get().quantity) == ("ready_to_ship", 3)


def test_a_short_pick_without_other_stock_recalls_the_order(outside):
    order = outside.order("1", WMSBLUE=5)
    facts = {"line_id": order.lines.get().pk, "item_id": outside.items["WMSBLUE"], "quantity": 1}

    outside.say("a", "short", order, **facts)

    assert (status(order), held(order)) == ("partial", 4)
    assert [row["state"] for row in outside.work()] == ["recalled"]
    assert refusal(outside.say("b", "picked", order)) == (409, "work_recalled")


def test_a_refused_message_leaves_its_key_free(outside):
    order = outside.order("1", WMSRED=1)

    assert refusal(outside.say("a", "packed", order)) == (409, "work_closed")
    assert not Message.objects.exists()
    assert WorkOrder.objects.get(order=order).lines.get().packed == 0
    outside.say("b", "picked", order)

    assert outside.say("a", "packed", order).json() == {"applied": True}


def test_a_cancelled_order_is_recalled_and_not_picked(outside):
    order = outside.order("1", WMSRED=1)
    orders.cancel_by_buyer(seller_id=outside.seller_id, order_id=order.pk, actor=SHOP)

    assert refusal(outside.say("a", "picked", order)) == (409, "work_recalled")
    release.follow_all(actor=MINA)

    (row,) = outside.work(state="recalled")
    assert (row["order_id"], row["recall_reason"]) == (order.pk, "canceled")


def test_nothing_leaves_that_is_not_packed(outside):
    order = outside.order("1", WMSRED=1)
    outside.say("a", "picked", order)

    assert refusal(outside.say("b", "handed_over", order_ids=[order.pk])) == (409, "parcel_not_packed")
    assert (status(order), figure(outside.items["WMSRED"])) == ("ready_to_ship", (10, 1))


def test_a_count_sets_the_figure_and_needs_its_scope(world, outside):
    facts = {"item_id": outside.items["WMSRED"], "on_hand": 7}
    outside.program = world.program("orders.pack")
    assert refusal(outside.say("a", "stock_counted", **facts)) == (403, "scope_missing")
    outside.program = world.program("orders.pack", "stock.adjust")

    assert outside.say("a", "stock_counted", **facts).json() == {"applied": True}
    assert figure(outside.items["WMSRED"]) == (7, 0)


@pytest.mark.parametrize(
    ("key", "kind", "code"),
    [
        ("", "picked", "key_invalid"),
        ("k" * 81, "picked", "key_invalid"),
        ("a", "handed_over", "report_incomplete"),
        ("a", "short", "report_incomplete"),
    ],
)
def test_a_message_without_what_it_needs_is_refused(outside, key, kind, code):
    order = outside.order("1", WMSRED=1)

    assert refusal(outside.say(key, kind, order)) == (422, code)
    assert (status(order), Message.objects.count()) == ("rfp", 0)


def test_our_own_warehouse_takes_no_reports(outside):
    order = outside.order("1", WMSRED=1)
    inventory.set_mode(seller_id=outside.seller_id, warehouse_id=outside.warehouse_id, mode="wms", actor=MINA)

    assert refusal(outside.say("a", "picked", order)) == (409, "not_external")
    assert status(order) == "rfp"


def test_another_sellers_work_and_warehouse_do_not_exist(outside, other):
    order = outside.order("1", WMSRED=1)
    stranger = Outside(other)

    assert stranger.program.get("/wms/work", warehouse_id=outside.warehouse_id).json()["rows"] == []
    assert refusal(stranger.say("a", "picked", order)) == (404, "order_not_found")
    assert refusal(stranger.say("a", "handed_over", order_ids=[order.pk]))[0] == 404
    stranger.warehouse_id = outside.warehouse_id
    assert refusal(stranger.say("a", "picked", order)) == (404, "warehouse_not_found")
    assert (status(order), Message.objects.count()) == ("rfp", 0)


def test_a_longer_list_of_work_costs_no_more_queries(outside, django_assert_num_queries):
    outside.order("1", WMSRED=1)
    with django_assert_num_queries(6):
        outside.work()
    for number in ("2", "3", "4"):
        outside.order(number, WMSRED=1)

    with django_assert_num_queries(6):
        assert len(outside.work()) == 4
