"""One order becomes two and one again: not a unit, not a coin is lost or doubled."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.inventory import services as inventory
from entrepot.inventory.models import Reservation
from entrepot.orders import services as orders
from entrepot.orders.drafts import TotalDraft
from entrepot.orders.errors import (
    JoinNotPossible,
    KitAcrossWarehouses,
    NotAPart,
    NothingMissing,
    NothingThere,
    OneWarehouse,
    OrderNotFound,
    SplitEmpty,
    SplitEverything,
    SplitNotPossible,
    SplitTooMuch,
)
from entrepot.orders.models import Order, OrderLine, OrderTotal, SalesChannel
from tests.books import (
    MINA,
    SHOP,
    assert_books_add_up,
    draft,
    figure,
    held,
    line,
    make_channel,
    make_items,
    make_kit,
    make_seller,
    place_one,
    status,
    story,
)


def split(order: Order, lines: Mapping[OrderLine, int]) -> Order:
    wanted = {one.pk: quantity for one, quantity in lines.items()}
    return orders.split_order(seller_id=order.seller_id, order_id=order.pk, lines=wanted, actor=MINA)


def lines_of(order: Order) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order).order_by("position"))


def goods(order: Order) -> list[tuple[str, int, Decimal]]:
    return [(one.sku, one.quantity, one.line_total) for one in lines_of(order)]


def totals(order: Order) -> dict[str, Decimal]:
    return dict(OrderTotal.objects.filter(order=order).order_by("position").values_list("code", "amount"))


def places(order: Order) -> dict[int, int]:
    """What the order holds by warehouse."""
    names = [one.reference for one in lines_of(order)]
    found: dict[int, int] = {}
    for row in Reservation.objects.filter(reference__in=names):
        found[row.warehouse_id] = found.get(row.warehouse_id, 0) + row.quantity
    return found


def second_warehouse(channel: SalesChannel, **stock: int) -> int:
    place = inventory.add_warehouse(seller_id=channel.seller_id, code="B", name="Busan", actor=MINA)
    for item_id, quantity in stock.items():
        inventory.receive(
            seller_id=channel.seller_id,
            item_id=int(item_id[1:]),
            quantity=quantity,
            warehouse_id=place.pk,
            actor=MINA,
        )
    return int(place.pk)


def won(remote_id: str, *lines: object, shipping: int = 3000, discount: int = 1000) -> object:
    """An order in won with shipping and a coupon."""
    value = sum(one.line_total for one in lines)
    rows = [
        TotalDraft(code="sub_total", title="Sub-total", amount=value),
        TotalDraft(code="shipping", title="Shipping", amount=Decimal(shipping)),
        TotalDraft(code="coupon", title="Coupon", amount=Decimal(-discount)),
        TotalDraft(code="total", title="Total", amount=value + shipping - discount),
    ]
    return draft(
        remote_id,
        *lines,
        base_currency="KRW",
        currency="KRW",
        rate=Decimal(1),
        totals=rows,
        total=value + shipping - discount,
    )


def krw(item_id: int, quantity: int, total: int, *, remote_id: str) -> object:
    return line(
        item_id,
        quantity,
        remote_id=remote_id,
        sku=f"sku-{item_id}",
        unit_price=Decimal(total) / quantity,
        line_total=Decimal(total),
        unit_tax=Decimal(0),
    )


def test_a_whole_line_moves_with_what_is_set_aside_and_its_share_of_the_money(channel):
    ids = make_items(channel.seller, RED=5, BLUE=5)
    order = place_one(
        channel, won("7", krw(ids["RED"], 2, 20000, remote_id="a"), krw(ids["BLUE"], 1, 10001, remote_id="b"))
    )

    part = split(order, {lines_of(order)[1]: 1})

    order.refresh_from_db()
    assert (part.number, part.remote_id, part.split_from_id, status(part)) == ("#7-2", "7~2", order.pk, "new")
    assert (part.placed_at, part.buyer_name, part.shipping) == (order.placed_at, order.buyer_name, order.shipping)
    assert goods(order) == [(f"sku-{ids['RED']}", 2, 20000)]
    assert goods(part) == [(f"sku-{ids['BLUE']}", 1, 10001)]
    assert totals(order) == {"sub_total": 20000, "shipping": 2000, "coupon": -667, "total": 21333}
    assert totals(part) == {"sub_total": 10001, "shipping": 1000, "coupon": -333, "total": 10668}
    assert (order.total, part.total) == (21333, 10668)
    assert (held(order), held(part), figure(ids["RED"]), figure(ids["BLUE"])) == (2, 1, (5, 2), (5, 1))
    assert (status(order), story(order)[-1][0], story(part)[0]) == (
        "new",
        "order.split",
        ("order.split_off", "", "new"),
    )
    assert_books_add_up([channel.seller_id])


def test_some_pieces_of_a_line_go_and_what_is_set_aside_stays_as_far_as_it_is_needed(channel):
    ids = make_items(channel.seller, RED=3)
    order = place_one(channel, won("7", krw(ids["RED"], 5, 10000, remote_id="a")))
    assert status(order) == "partial"

    part = split(order, {lines_of(order)[0]: 2})

    assert goods(order) == [(f"sku-{ids['RED']}", 3, 6000)]
    assert goods(part) == [(f"sku-{ids['RED']}", 2, 4000)]
    assert (status(order), held(order), status(part), held(part)) == ("new", 3, "partial", 0)
    assert lines_of(part)[0].remote_id == lines_of(order)[0].remote_id == "a"
    assert figure(ids["RED"]) == (3, 3)


def test_what_is_in_stock_goes_ahead_and_the_rest_waits_as_long_as_its_order_has(channel):
    ids = make_items(channel.seller, RED=1, BLUE=0)
    order = place_one(
        channel, won("7", krw(ids["RED"], 2, 10000, remote_id="a"), krw(ids["BLUE"], 1, 500, remote_id="b"))
    )
    later = place_one(channel, draft("8", line(ids["RED"], 1), minute=5))

    part = orders.split_missing(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)

    assert (status(order), held(order), status(part), held(part)) == ("new", 1, "partial", 0)
    assert [(one.sku, one.quantity) for one in lines_of(part)] == [(f"sku-{ids['RED']}", 1), (f"sku-{ids['BLUE']}", 1)]
    orders.receive_stock(seller_id=channel.seller_id, item_id=ids["RED"], quantity=1, actor=MINA)
    orders.fill_waiting(seller_id=channel.seller_id, item_ids=None, actor=MINA)
    assert (held(part), held(later)) == (1, 0)


def test_each_warehouse_gets_its_part_with_its_own_goods(channel):
    ids = make_items(channel.seller, RED=3, BLUE=2)
    busan = second_warehouse(channel, **{f"i{ids['RED']}": 2})
    order = place_one(
        channel, won("7", krw(ids["RED"], 5, 5000, remote_id="a"), krw(ids["BLUE"], 2, 2000, remote_id="b"))
    )
    home = next(place for place in places(order) if place != busan)
    before = places(order)
    assert before == {home: 5, busan: 2}

    (part,) = orders.split_by_warehouse(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)

    assert (places(order), places(part)) == ({home: 5}, {busan: 2})
    assert (status(order), status(part)) == ("new", "new")
    assert [one.quantity for one in lines_of(order)] == [3, 2]
    assert [one.quantity for one in lines_of(part)] == [2]
    with pytest.raises(OneWarehouse):
        orders.split_by_warehouse(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)
    assert_books_add_up([channel.seller_id])


def test_whole_kits_go_with_their_warehouse_and_a_kit_that_lies_apart_is_refused(channel):
    ids = make_items(channel.seller, CUP=1, SAUCER=2)
    busan = second_warehouse(channel, **{f"i{ids['CUP']}": 1, f"i{ids['SAUCER']}": 2})
    kit = make_kit(channel.seller, "SET", {ids["CUP"]: 1, ids["SAUCER"]: 2})
    order = place_one(channel, draft("7", line(kit, 2)))
    assert sorted(places(order).values()) == [3, 3]

    (part,) = orders.split_by_warehouse(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)

    assert busan in {*places(order), *places(part)}
    assert (held(order), held(part), status(order), status(part)) == (3, 3, "new", "new")

    orders.cancel_by_buyer(seller_id=channel.seller_id, order_id=order.pk, actor=SHOP)
    orders.cancel_by_buyer(seller_id=channel.seller_id, order_id=part.pk, actor=SHOP)
    inventory.adjust(
        seller_id=channel.seller_id, item_id=ids["CUP"], delta=-1, reason="lost", warehouse_id=busan, actor=MINA
    )
    inventory.adjust(seller_id=channel.seller_id, item_id=ids["SAUCER"], delta=-1, reason="lost", actor=MINA)
    torn = place_one(channel, draft("8", line(kit, 1)))
    assert (status(torn), len(places(torn))) == ("new", 2)
    with pytest.raises(KitAcrossWarehouses):
        orders.split_by_warehouse(seller_id=channel.seller_id, order_id=torn.pk, actor=MINA)
    assert Order.objects.filter(split_from=torn).count() == 0


def test_an_order_with_the_warehouse_comes_back_when_it_is_split(channel):
    ids = make_items(channel.seller, RED=5)
    order = place_one(channel, draft("7", line(ids["RED"], 3)))
    orders.release_to_warehouse(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)

    part = split(order, {lines_of(order)[0]: 1})

    assert (status(order), status(part)) == ("new", "new")
    assert ("order.recall", "rfp", "new") in story(order)


def test_lines_without_an_item_stay_behind_and_let_the_rest_go(channel):
    ids = make_items(channel.seller, RED=5)
    order = place_one(channel, draft("7", line(ids["RED"], 1, remote_id="a"), line(None, 1, remote_id="b")))
    assert Order.objects.get(pk=order.pk).hold_code == "unmapped_sku"

    part = orders.split_missing(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)

    part.refresh_from_db()
    assert (status(order), part.status, part.hold_code) == ("new", "on_hold", "unmapped_sku")


def test_a_part_of_a_part_comes_from_the_same_root_and_numbers_go_on(channel):
    ids = make_items(channel.seller, RED=9)
    order = place_one(channel, draft("7", line(ids["RED"], 6)))

    second = split(order, {lines_of(order)[0]: 4})
    third = split(second, {lines_of(second)[0]: 1})

    assert (third.number, third.remote_id, third.split_from_id) == ("#7-3", "7~3", order.pk)
    assert [held(one) for one in (order, second, third)] == [2, 3, 1]


def test_joined_again_it_is_the_order_it_was(channel):
    ids = make_items(channel.seller, RED=5, BLUE=5)
    order = place_one(
        channel, won("7", krw(ids["RED"], 3, 10000, remote_id="a"), krw(ids["BLUE"], 1, 777, remote_id="b"))
    )
    before = (goods(order), totals(order), Order.objects.get(pk=order.pk).total, held(order))
    red, blue = lines_of(order)
    part = split(order, {red: 2, blue: 1})

    orders.join_order(seller_id=channel.seller_id, order_id=part.pk, actor=MINA)

    assert (goods(order), totals(order), Order.objects.get(pk=order.pk).total, held(order)) == before
    [(_, *emptied)] = goods(part)
    assert (status(order), status(part), emptied, totals(part), held(part)) == ("new", "canceled", [0, 0], {}, 0)
    assert (story(order)[-1][0], story(part)[-1]) == ("order.joined", ("order.join", "new", "canceled"))
    assert Order.objects.get(pk=part.pk).total == 0
    again = split(order, {lines_of(order)[1]: 1})
    assert again.number == "#7-3"
    assert_books_add_up([channel.seller_id])


def refused(channel: SalesChannel, order: Order, error: type[Exception], lines: Mapping[int, int]) -> None:
    before = (goods(order), totals(order), held(order), status(order), story(order), Order.objects.count())
    with pytest.raises(error):
        orders.split_order(seller_id=channel.seller_id, order_id=order.pk, lines=lines, actor=MINA)
    assert (goods(order), totals(order), held(order), status(order), story(order), Order.objects.count()) == before


def test_what_cannot_be_split_is_refused_and_nothing_changes(channel):
    ids = make_items(channel.seller, RED=5)
    order = place_one(channel, draft("7", line(ids["RED"], 3)))
    other = place_one(channel, draft("8", line(ids["RED"], 1)))
    mine, theirs = lines_of(order)[0].pk, lines_of(other)[0].pk

    refused(channel, order, SplitEmpty, {})
    refused(channel, order, SplitEmpty, {mine: 0})
    refused(channel, order, SplitEverything, {mine: 3})
    refused(channel, order, SplitTooMuch, {mine: 4})
    refused(channel, order, SplitTooMuch, {mine: -1})
    refused(channel, order, SplitTooMuch, {theirs: 1})
    with pytest.raises(NothingMissing):
        orders.split_missing(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)
    with pytest.raises(NotAPart):
        orders.join_order(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)
    orders.hold(seller_id=channel.seller_id, order_id=order.pk, code="person", actor=MINA)
    refused(channel, order, SplitNotPossible, {mine: 1})
    orders.unhold(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)
    orders.release_to_warehouse(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)
    orders.mark_ready(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)
    refused(channel, order, SplitNotPossible, {mine: 1})
    orders.cancel_by_buyer(seller_id=channel.seller_id, order_id=other.pk, actor=SHOP)
    refused(channel, other, SplitNotPossible, {theirs: 1})


def test_an_order_of_which_nothing_is_there_has_nothing_to_send_ahead(channel):
    ids = make_items(channel.seller, RED=0)
    order = place_one(channel, draft("7", line(ids["RED"], 3)))

    with pytest.raises(NothingThere):
        orders.split_missing(seller_id=channel.seller_id, order_id=order.pk, actor=MINA)

    assert Order.objects.count() == 1


def test_another_sellers_order_is_neither_split_nor_joined(channel):
    ids = make_items(channel.seller, RED=5)
    order = place_one(channel, draft("7", line(ids["RED"], 3)))
    stranger = make_channel(make_seller("Others"), "Other shop")

    for verb in (orders.split_by_warehouse, orders.split_missing, orders.join_order):
        with pytest.raises(OrderNotFound):
            verb(seller_id=stranger.seller_id, order_id=order.pk, actor=MINA)
    with pytest.raises(OrderNotFound):
        orders.split_order(
            seller_id=stranger.seller_id, order_id=order.pk, lines={lines_of(order)[0].pk: 1}, actor=MINA
        )


@pytest.mark.parametrize("packed", ["root", "part"])
def test_parts_are_not_joined_once_one_of_them_is_packed(channel, packed):
    ids = make_items(channel.seller, RED=5)
    order = place_one(channel, draft("7", line(ids["RED"], 3)))
    part = split(order, {lines_of(order)[0]: 1})
    one = order if packed == "root" else part
    orders.release_to_warehouse(seller_id=channel.seller_id, order_id=one.pk, actor=MINA)
    orders.mark_ready(seller_id=channel.seller_id, order_id=one.pk, actor=MINA)

    with pytest.raises(JoinNotPossible):
        orders.join_order(seller_id=channel.seller_id, order_id=part.pk, actor=MINA)

    assert (held(order), held(part)) == (2, 1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 10**6), st.integers(0, 7)), min_size=1, max_size=4),
    costs=st.tuples(st.integers(0, 10**5), st.integers(0, 10**5)),
    choices=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5), st.booleans()), max_size=6),
    key=st.uuids(),
)
def test_whatever_is_split_and_joined_goods_stock_and_money_are_conserved(transactional_db, lines, costs, choices, key):
    channel = make_channel(make_seller(str(key)), str(key))
    stock = {f"S{at}": there for at, (_, _, there) in enumerate(lines)}
    ids = make_items(channel.seller, **stock)
    wanted = [krw(ids[f"S{at}"], quantity, price, remote_id=str(at)) for at, (quantity, price, _) in enumerate(lines)]
    root = place_one(channel, won("1", *wanted, shipping=costs[0], discount=costs[1]))
    money, units = totals(root), held(root)
    reserved = {sku: figure(item_id) for sku, item_id in ids.items()}

    for pick, quantity, join in choices:
        members = list(Order.objects.filter(seller=channel.seller).exclude(status="canceled").order_by("pk"))
        one = members[pick % len(members)]
        try:
            if join:
                orders.join_order(seller_id=channel.seller_id, order_id=one.pk, actor=MINA)
            else:
                its = lines_of(one)
                split(one, {its[pick % len(its)]: min(quantity, its[pick % len(its)].quantity)})
        except (NotAPart, SplitEverything):
            pass
        members = list(Order.objects.filter(seller=channel.seller))
        rows = OrderTotal.objects.filter(order__seller=channel.seller)
        sums = {code: sum(row.amount for row in rows if row.code == code) for code in money}
        assert sums == money
        assert sum(member.total for member in members) == money["total"]
        assert [row.amount % 1 for row in rows if row.amount % 1] == []
        for at, (count, price, _) in enumerate(lines):
            same = OrderLine.objects.filter(order__seller=channel.seller, remote_id=str(at))
            assert (sum(row.quantity for row in same), sum(row.line_total for row in same)) == (count, price)
        assert sum(held(member) for member in members) == units
        assert {sku: figure(item_id) for sku, item_id in ids.items()} == reserved
        for member in members:
            total = totals(member)
            assert sum(amount for code, amount in total.items() if code != "total") == total.get("total", 0)
    assert_books_add_up([channel.seller_id])
