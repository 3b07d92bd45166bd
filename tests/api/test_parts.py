"""Splitting, joining and merging over the API."""

import pytest

from entrepot.orders.models import Order, OrderLine
from tests.api.conftest import Program
from tests.books import draft, line, make_channel, make_items, place_one
from tests.one_of_everything import World

HOME = {"buyer_name": "김서연", "buyer_phone": "0101", "shipping": {"name": "김서연", "line1": "세종대로 1"}}


@pytest.fixture
def program(world: World) -> Program:
    return world.program("orders.view", "orders.edit", "orders.cancel")


def bought(world: World, remote_id: str, quantity: int = 3) -> Order:
    ids = make_items(world.seller, **{f"S{remote_id}": 9})
    channel = make_channel(world.seller, f"Shop {remote_id}")
    return place_one(channel, draft(remote_id, line(ids[f"S{remote_id}"], quantity), **HOME))


def test_an_order_is_split_shown_and_joined_again(world: World, program: Program) -> None:
    order = bought(world, "7")
    line_id = OrderLine.objects.get(order=order).pk

    made = program.post(f"/orders/{order.pk}/split", {"lines": {str(line_id): 1}})
    assert made.status_code == 201, made.json()
    assert [(one["number"], one["status"]) for one in made.json()] == [("#7", "new"), ("#7-2", "new")]
    part = made.json()[1]["id"]
    assert [one["id"] for one in program.get(f"/orders/{part}/parts").json()] == [order.pk, part]
    joined = program.post(f"/orders/{part}/join")

    assert (joined.status_code, joined.json()["number"]) == (200, "#7")
    assert OrderLine.objects.get(order=order).quantity == 3


def test_what_cannot_be_split_says_why(world: World, program: Program) -> None:
    order = bought(world, "7")

    nothing = program.post(f"/orders/{order.pk}/split", {"lines": {}})
    whole = program.post(f"/orders/{order.pk}/split", {"by": "warehouse"})

    assert (nothing.status_code, nothing.json()["error"]["code"]) == (422, "split_empty")
    assert (whole.status_code, whole.json()["error"]["code"]) == (409, "one_warehouse")
    assert Order.objects.filter(split_from=order).count() == 0


def test_orders_of_one_buyer_are_suggested_merged_and_taken_apart(world: World, program: Program) -> None:
    one, two = bought(world, "7"), bought(world, "8")

    (found,) = program.get("/orders/merge-suggestions").json()["rows"]
    ids = [row["id"] for row in found["orders"]]
    assert ids == [one.pk, two.pk]
    merged = program.post("/orders/merge", {"order_ids": ids})
    assert [row["id"] for row in merged.json()] == ids
    assert program.get("/orders/merge-suggestions").json()["rows"] == []
    apart = program.post(f"/orders/{two.pk}/unmerge")

    assert (apart.status_code, Order.objects.exclude(pack_group=None).count()) == (200, 0)
    Order.objects.filter(pk=two.pk).update(buyer_phone="0102")
    refused = program.post("/orders/merge", {"order_ids": ids})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "merge_other_buyer")


def test_a_key_that_may_only_look_changes_nothing(world: World) -> None:
    order = bought(world, "7")
    program = world.program("orders.view")

    for path in (f"/orders/{order.pk}/split", f"/orders/{order.pk}/join", f"/orders/{order.pk}/cancel-all"):
        assert program.post(path, {"by": "missing"}).status_code == 403

    assert Order.objects.get(pk=order.pk).status == "new"
