"""Reading orders on from a history id: in order, once, and again where rows were overtaken."""

from entrepot.connectors.opencart.simulator import Item, Shop
from tests.connectors.simulator.test_simulator_orders import changes_after, last_history


def test_every_history_row_is_passed_once_in_order_and_the_cursor_goes_on(four_one):
    whole, meta = changes_after(four_one, 0)
    paged, cursor = [], 0
    while True:
        reply = four_one.get("orders", f"&after_history_id={cursor}&limit=3").json
        paged += [int(row["order"]["order_id"]) for row in reply["data"]]
        cursor = reply["meta"]["cursor"]
        if reply["next"] is None:
            break
        assert reply["next"] == cursor

    assert whole == [1, 2, 5, 7, 8, 3, 4]
    assert (meta["cursor"], cursor) == (10, 10)
    assert paged == [1, 2, 3, 4, 5, 7, 8, 3, 4]
    assert changes_after(four_one, 10) == ([], {**meta, "cursor": 10, "clock": changes_after(four_one, 10)[1]["clock"]})


def test_the_starting_cursor_is_the_last_history_row_older_than_so_many_days(serve):
    caller = serve(Shop.demo(orders=40))
    cursor = caller.get("order_cursor", "&days=30").content["after_history_id"]
    edge = caller.shop.clock.stamp_of(caller.shop.clock.utc()).replace(" ", "T")
    older = [row for row in caller.shop.tables.history.values() if int(row["order_history_id"]) <= cursor]

    assert 0 < cursor < last_history(caller)
    assert max(row["date_added"] for row in older) < edge
    assert caller.get("order_cursor", "&days=3650").content == {"after_history_id": 0}


def told_again(caller, cursor, overlap):
    reply = caller.get("orders", f"&after_history_id={cursor}&overlap={overlap}").json
    return [int(row["order"]["order_id"]) for row in reply["data"]], reply["meta"]["cursor"], reply["next"]


def test_rows_just_before_the_cursor_are_told_again_while_they_are_new(four_one):
    """The recorded orders are older than two hours."""
    shop = four_one.shop
    shop.clock.skew = -2 * 3600 - 5
    shop.place_order([Item(28, 1)])
    shop.clock.skew = 0
    first, second = (shop.place_order([Item(28, 1)]) for _ in range(2))
    cursor = last_history(four_one)

    assert told_again(four_one, cursor, 0) == ([], cursor, None)
    assert told_again(four_one, cursor, 1) == ([second], cursor, None)
    assert told_again(four_one, cursor, 25) == ([first, second], cursor, None)
    assert told_again(four_one, cursor + 3, 4) == ([second], cursor + 3, None)
    assert four_one.get("orders", "&overlap=501").status == 400


def test_a_history_row_of_a_slow_transaction_comes_behind_one_with_a_greater_id(four_one):
    shop = four_one.shop
    cart = shop.place_order([Item(28, 1)], confirm=False)
    allotted = shop.allot_history_id()
    quick = shop.place_order([Item(40, 1)])
    cursor = last_history(four_one)

    assert (allotted, changes_after(four_one, cursor - 2)[0]) == (cursor - 1, [quick])
    assert shop.confirm_order(cart, history_id=allotted) == allotted
    assert changes_after(four_one, cursor)[0] == []
    assert changes_after(four_one, cursor - 2)[0] == [cart, quick]
    assert told_again(four_one, cursor, 25) == ([cart, quick], cursor, None)
