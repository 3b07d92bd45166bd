"""Reading orders on from a mall over HTTP. Numbers: reference §9."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from entrepot.connectors.cafe24 import order_windows
from entrepot.connectors.cafe24.errors import RefusedByMall
from entrepot.connectors.cafe24.kst import KST
from entrepot.connectors.cafe24.order_cursor import DATE_TYPES, Cursor
from entrepot.connectors.cafe24.orders import Cafe24Orders
from entrepot.connectors.cafe24.simulator.settings import Shop
from entrepot.kernel.errors import ChannelDown
from tests.connectors.cafe24.order_rig import ids_of, polling, read_on, rig


@pytest.fixture
def mall():
    with rig() as opened:
        yield opened


def without_lists(get, *, refuses):
    """The mall's GET, whose lists of orders are empty, or refused."""

    def answer(path, query=None):
        if refuses and path == "orders":
            raise RefusedByMall(field="start_date", reason="This field is required.")
        found = get(path, query)
        return replace(found, members={"orders": msgspec.Raw(b"[]")}) if path == "orders" else found

    return answer


def rounds(source, cursor, count):
    found = []
    for _ in range(count):
        pages, cursor = read_on(source, cursor)
        found.extend(pages)
    return found, cursor


def long_ago(mall, order_id, *, days):
    """All that happened to the order happened then."""
    then = datetime.now(UTC) - timedelta(days=days)
    mall.mall.change_time(order_id, then)
    for item in mall.mall.orders.find(order_id).items:
        item.dates = dict.fromkeys(item.dates, then)


# --------------------------------------------------------------------------- the first reading


# §9.13
def test_a_long_first_reading_loses_no_order_at_midnight_in_korea(mall):
    now = datetime.now(KST)
    placed = []
    for days in (0, 1, 29, 30, 31, 88, 89, 90, 91, 150, 180, 181):
        day = (now - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
        moments = (day, day + timedelta(hours=23, minutes=59, seconds=59)) if days else (day,)
        for moment in moments:
            order_id = mall.place(1)
            mall.mall.change_time(order_id, moment)
            placed.append((moment, order_id))

    source = mall.orders()
    pages, _ = read_on(source, source.start(200))

    assert set(ids_of(pages)) == {order_id for _, order_id in placed}
    asked = mall.journal.asked("orders")
    spans = [datetime.fromisoformat(query["end_date"]) - datetime.fromisoformat(query["start_date"]) for query in asked]
    assert max(spans) < timedelta(days=90)
    first = [query for query in asked if query["date_type"] == "order_date"][:-1]
    starts = [datetime.fromisoformat(query["start_date"]) for query in first]
    ends = [datetime.fromisoformat(query["end_date"]) for query in first]
    assert [end + timedelta(seconds=1) for end in ends[:-1]] == starts[1:]


def test_the_first_reading_gives_the_oldest_orders_first_and_leaves_out_older_ones(mall):
    now = datetime.now(UTC)
    ids = []
    for days in (40, 3, 20, 12):
        ids.append(mall.place(1))
        mall.mall.change_time(ids[-1], now - timedelta(days=days))

    source = mall.orders()
    pages, cursor = read_on(source, source.start(30))

    assert ids_of(pages) == [ids[2], ids[3], ids[1]]
    assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False]
    assert Cursor.read(cursor, now).first_day is None


# §9.14
def test_a_window_that_is_too_full_is_read_in_shorter_ones(mall, monkeypatch):
    monkeypatch.setattr(order_windows, "LAST_OFFSET", 6)
    now = datetime.now(KST).replace(hour=23, minute=0, second=0) - timedelta(days=1)
    ids = set()
    for hour in range(23):
        order_id = mall.place(1)
        mall.mall.change_time(order_id, now - timedelta(hours=hour))
        ids.add(order_id)

    source = mall.orders(order_page_size=3)
    pages, _ = read_on(source, source.start(3))

    assert set(ids_of(pages)) == ids
    assert max(int(query["offset"]) for query in mall.journal.asked("orders")) <= 6


# §9.14
def test_no_page_is_larger_than_the_mall_gives(mall):
    mall.place(1)
    source = mall.orders(order_page_size=5000)
    read_on(source, source.start(1))
    assert {query["limit"] for query in mall.journal.asked("orders")} == {"1000"}


# §9.15
def test_orders_that_come_in_while_pages_are_read_are_neither_lost_nor_doubled(mall):
    before = [mall.place(1) for _ in range(8)]
    late = []

    def meanwhile(call):
        if "/admin/orders?" in call.url and len(late) < 3:
            late.append(mall.place(1))

    source = mall.orders(order_page_size=3)
    start = source.start(1)
    mall.journal.meanwhile = meanwhile
    pages = list(source.pages(start))

    ended = next(place for place, page in enumerate(pages) if Cursor.read(page.cursor, mall.now()).first_day is None)
    of_first_reading = ids_of(pages[: ended + 1])
    assert sorted(of_first_reading)[: len(before)] == before
    assert len(set(of_first_reading)) == len(of_first_reading)
    assert set(ids_of(pages)) == {*before, *late}


# §9.3
def test_a_token_that_ends_between_pages_costs_no_order(mall):
    placed = [mall.place(1) for _ in range(7)]
    source = mall.orders(order_page_size=3)
    start = source.start(1)
    mall.server.faults.add("expired", resource="orders", skip=1)
    pages, _ = read_on(source, start)
    assert sorted(set(ids_of(pages))) == placed
    assert len([call for call in mall.journal.calls if call.status == 401]) == 1


def test_a_reading_that_breaks_off_begins_again_where_it_was(mall):
    placed = [mall.place(1) for _ in range(7)]
    source = mall.orders(order_page_size=3)
    start = source.start(1)
    mall.server.faults.add("error", resource="read orders", skip=1, times=3)
    seen = []
    with pytest.raises(ChannelDown):
        seen.extend(source.pages(start))
    cursor = seen[-1].cursor if seen else start
    pages, _ = read_on(source, cursor)
    assert sorted({*ids_of(seen), *ids_of(pages)}) == placed


# --------------------------------------------------------------------------- polling


def test_a_quiet_round_costs_eight_calls_and_every_date_has_its_turn_in_four(mall):
    source = mall.orders()
    cursor = polling(mall.now())
    counts = []
    for _ in range(4):
        before = len(mall.journal.calls)
        _, cursor = read_on(source, cursor)
        counts.append(len(mall.journal.calls) - before)
    assert max(counts) <= 8
    assert {query["date_type"] for query in mall.journal.asked("orders")} == set(DATE_TYPES.values())


# §9.16, §9.17
def test_orders_are_asked_for_by_date_and_with_their_items_never_by_status(mall):
    mall.place(1)
    source = mall.orders()
    rounds(source, source.start(1), 2)
    source.fetch([mall.place(1)])
    asked = mall.journal.asked("orders")
    assert {query["embed"] for query in asked} == {"items,receivers,buyer,cancellation,return,exchange"}
    assert not any("order_status" in query for query in asked)


def test_a_cursor_is_short_whatever_it_carries(mall):
    marks = dict.fromkeys(DATE_TYPES, datetime.now(KST))
    longest = Cursor(marks=marks, first_day=datetime.now(KST).date(), turn=10_000, log_id="x" * 90).text()
    assert len(longest) <= 400
    assert Cursor.read(longest, mall.now()).text() == longest


@pytest.mark.parametrize("damaged", ["", "0", "{}", '{"w":{"od":"yesterday"}}', '{"w":{"zz":"2611220000"},"r":3}'])
def test_a_cursor_that_cannot_be_understood_goes_on_from_a_few_days_ago(mall, damaged):
    read = Cursor.read(damaged, datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC))
    assert read.first_day is None
    assert {at.isoformat() for at in read.marks.values()} == {"2026-11-19T12:04:00+09:00"}


# §9.31
def test_a_wish_to_cancel_is_seen_in_the_next_round_without_any_webhook(mall):
    order_id = mall.place(2)
    mall.mall.change_time(order_id, datetime.now(UTC) - timedelta(days=5))
    source = mall.orders()
    _, cursor = read_on(source, polling(mall.now()))
    mall.mall.request_cancel(order_id)
    pages, _ = read_on(source, cursor)
    found = {order.remote_id: order for page in pages for order in page.orders}
    assert (found[order_id].status_id, found[order_id].claims[0].state) == ("C00", "asked")


# §9.32
@pytest.mark.parametrize("deed", ["request_return", "request_exchange"])
def test_a_claim_on_an_old_order_is_seen_within_four_rounds(mall, deed):
    order_id = mall.place(1)
    mall.mall.ship_in_admin(order_id)
    mall.mall.deliver(order_id)
    long_ago(mall, order_id, days=120)
    source = mall.orders()
    pages, cursor = rounds(source, polling(mall.now()), 4)
    assert order_id not in ids_of(pages)
    getattr(mall.mall, deed)(order_id)
    pages, _ = rounds(source, cursor, 4)
    assert order_id in ids_of(pages)


def test_an_order_paid_days_later_is_seen_in_the_next_round(mall):
    order_id = mall.place(1, paid=False)
    mall.mall.orders.find(order_id).placed_at = datetime.now(UTC) - timedelta(days=2)
    source = mall.orders()
    pages, cursor = read_on(source, polling(mall.now()))
    assert order_id not in ids_of(pages)
    mall.mall.pay(order_id)
    pages, _ = read_on(source, cursor)
    assert order_id in ids_of(pages)


def test_what_changed_while_nobody_read_for_months_is_read_in_stretches(mall):
    order_id = mall.place(1)
    mall.mall.change_time(order_id, datetime.now(UTC) - timedelta(days=150))
    asleep = polling(mall.now() - timedelta(days=200))
    source = mall.orders()
    pages, cursor = read_on(source, asleep)
    assert order_id in ids_of(pages)
    assert Cursor.read(cursor, mall.now()).marks["od"] > datetime.now(UTC) - timedelta(hours=1)


def test_an_order_that_several_dates_name_is_told_once_in_a_round(mall):
    order_id = mall.place(1)
    mall.mall.request_cancel(order_id)
    pages, _ = read_on(mall.orders(), polling(mall.now()))
    assert ids_of(pages).count(order_id) == 1


# §9.51
def test_an_order_of_which_the_webhook_was_lost_is_found_in_the_log(mall):
    order_id = mall.place(1)
    long_ago(mall, order_id, days=9)
    source = mall.orders()
    mall.server.webhooks.address = "http://127.0.0.1:9/nobody-listens"
    mall.server.webhooks.disturb("lost")
    _, cursor = read_on(source, polling(mall.now()))
    mall.mall.hold(order_id)  # no date of Cafe24's tells this
    mall.server.webhooks.wait_idle()
    pages, cursor = read_on(source, cursor)
    found = {order.remote_id: order.status_id for page in pages for order in page.orders}
    assert found == {order_id: "N22"}
    pages, _ = read_on(source, cursor)
    assert ids_of(pages) == []


def test_what_a_webhook_has_told_is_not_asked_for_again(mall):
    order_id = mall.place(1)
    long_ago(mall, order_id, days=9)
    mall.server.webhooks.address = "http://127.0.0.1:9/nobody-listens"
    mall.server.webhooks.disturb("lost")
    mall.mall.hold(order_id)
    mall.server.webhooks.wait_idle()
    mall.mall.orders.webhook_logs[-1]["success"] = "T"
    pages, cursor = read_on(mall.orders(), polling(mall.now()))
    assert ids_of(pages) == []
    assert Cursor.read(cursor, mall.now()).log_id == mall.mall.orders.webhook_logs[-1]["log_id"]


# §9.9
def test_a_mall_that_hides_its_webhook_log_is_read_by_dates_alone(mall):
    order_id = mall.place(1)
    source = mall.orders(scopes=("mall.read_order",))
    pages, cursor = read_on(source, source.start(1))
    assert order_id in ids_of(pages)
    assert Cursor.read(cursor, mall.now()).log_id == ""


def test_a_log_that_forgot_its_last_entry_is_read_by_time(mall):
    order_id = mall.place(1)
    marks = Cursor.begin(mall.now().date(), mall.now(), "").marks
    pages, _ = read_on(mall.orders(), Cursor(marks=marks, log_id="long-forgotten").text())
    assert order_id in ids_of(pages)


# --------------------------------------------------------------------------- by id


# §9.42
def test_an_order_is_fetched_with_all_its_parts_and_a_part_alone(mall):
    receivers = [{"name": "하나"}, {"name": "둘", "address1": "부산광역시 중구 둘째로 2"}]
    order_id = mall.mall.place_order([(mall.code(0), 1, 0), (mall.code(1), 2, 1)], receivers=receivers, check=False)
    source = mall.orders()
    first, second = source.fetch([order_id]).orders
    assert (first.remote_id, second.follows) == (order_id, order_id)
    assert [order.remote_id for order in source.fetch([second.remote_id]).orders] == [second.remote_id]
    both = source.fetch([order_id, second.remote_id])
    assert ([order.remote_id for order in both.orders], both.gone) == ([order_id, second.remote_id], [])
    assert [(state.remote_id, state.status_id) for state in source.states([second.remote_id])] == [
        (second.remote_id, "N20")
    ]


# §9.19
def test_the_replacement_in_an_exchange_is_read_as_an_order_of_its_own(mall):
    order_id = mall.place(1)
    mall.mall.ship_in_admin(order_id)
    mall.mall.deliver(order_id)
    claim_code = mall.mall.exchange(order_id)
    first, replacement = mall.orders().fetch([order_id]).orders
    assert (replacement.remote_id, replacement.follows) == (f"{order_id}:{claim_code}", order_id)
    assert (first.status_id, replacement.status_id, replacement.total) == ("N40", "N10", 0)
    assert first.total > 0


# §9.19
def test_a_partial_cancel_splits_the_line_and_leaves_the_rest(mall):
    order_id = mall.place(3)
    mall.mall.accept_cancel(order_id, [(f"{order_id}-01", 1)])
    found = mall.order(order_id)
    assert found.status_id == "N20"
    assert sorted((line.quantity, line.state) for line in found.lines) == [(1, "canceled"), (2, "open")]


def test_orders_that_are_gone_or_never_were_are_reported_gone(mall):
    order_id, deleted = mall.place(1), mall.place(1)
    mall.mall.delete_order(deleted)
    page = mall.orders().fetch([deleted, order_id, "987654321", f"{order_id}:D-none", "../store"])
    assert [order.remote_id for order in page.orders] == [order_id]
    assert list(page.gone) == [deleted, "987654321", f"{order_id}:D-none", "../store"]
    states = mall.orders().states([deleted, order_id])
    assert [(state.remote_id, state.status_id, state.version) for state in states] == [
        (deleted, None, 0),
        (order_id, "N20", 0),
    ]


@pytest.mark.parametrize("refuses", [False, True])
def test_an_order_that_a_list_leaves_out_is_asked_for_alone_before_it_counts_as_deleted(mall, monkeypatch, refuses):
    order_id = mall.place(1)
    session = mall.session()
    monkeypatch.setattr(session.client, "get", without_lists(session.client.get, refuses=refuses))
    page = Cafe24Orders(session).fetch([order_id, "20200101-0000001"])
    assert ([order.remote_id for order in page.orders], list(page.gone)) == ([order_id], ["20200101-0000001"])


# §9.26
def test_a_hundred_and_one_orders_are_asked_for_in_two_calls(mall):
    ids = [mall.place(1) for _ in range(101)]
    mall.journal.calls.clear()
    page = mall.orders().fetch(ids)
    assert [order.remote_id for order in page.orders] == ids
    assert mall.journal.lines == ["GET orders", "GET orders"]


# §9.58
def test_each_shop_of_a_mall_has_orders_of_its_own(mall):
    mall.mall.shops[2] = Shop(2, "Overseas", "USD")
    here, there = mall.place(1), mall.place(1, shop_no=2)
    assert [order.remote_id for order in mall.orders().fetch([here, there]).orders] == [here]
    abroad = mall.orders(shop_no=2).fetch([here, there])
    assert ([order.remote_id for order in abroad.orders], list(abroad.gone)) == ([there], [here])
    assert abroad.orders[0].currency == "USD"


# --------------------------------------------------------------------------- odd orders


# §9.23, §9.33, §9.35, §9.36, §9.43, §9.48, §9.57
@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("empty_date", ""),
        ("empty_date", "0000-00-00"),
        ("empty_date", "1970-01-01T00:00:00+09:00"),
        ("empty_text", ""),
        ("item_dates_with_zone", False),
        ("plain_numbers", True),
        ("blank_transaction_type", True),
        ("guest_member_id", None),
        ("unknown_keys", True),
        ("trailing_blank", True),
        ("unsent_shipments_listed", True),
        ("prefilled_carrier", False),
    ],
)
def test_an_order_reads_the_same_however_the_mall_writes_it(mall, switch, value):
    order_id = mall.place(2, 1, guest=True)
    mall.mall.ship_in_admin(order_id, items=[f"{order_id}-01"])
    before = mall.order(order_id)
    setattr(mall.mall.orders.switches, switch, value)
    after = mall.order(order_id)
    assert (after.lines, after.parcels, after.total, after.status_id) == (
        before.lines,
        before.parcels,
        before.total,
        before.status_id,
    )
    assert (after.placed_at, after.changed_at) == (before.placed_at, before.changed_at)


# §9.44, §9.45, §9.47, §9.49
def test_orders_of_markets_gifts_pickup_and_subscriptions_are_read(mall):
    gift = mall.code(1)
    market = mall.order(mall.place(1, market="coupang", dummy_invoice=True, gift=[(gift, 1)]))
    naver = mall.order(mall.place(1, market="NCHECKOUT", store_pickup=True, subscription=True))
    assert (market.origin, market.parcels, market.lines[-1].line_total) == ("coupang", (), 0)
    assert (naver.origin, naver.pickup, naver.status_id) == ("NCHECKOUT", True, "N20")


# §9.46
def test_a_bundle_is_read_as_its_goods(mall):
    parts = [(mall.code(1), 2), (mall.code(2), 1)]
    order_id = mall.mall.place_order(bundle=[(mall.code(0), 3, parts)], check=False)
    found = mall.order(order_id)
    assert [(line.remote_id, line.variation_keys[0], line.quantity) for line in found.lines] == [
        (f"{order_id}-01/1", mall.code(1), 6),
        (f"{order_id}-01/2", mall.code(2), 3),
    ]
    assert [line.line_total > 0 for line in found.lines] == [True, False]


# §9.29
def test_an_order_begins_where_the_mall_lets_it_begin_and_may_be_held(mall):
    mall.mall.settings.use_product_prepare_status = True
    order_id = mall.place(1)
    assert mall.order(order_id).status_id == "N10"
    mall.mall.hold(order_id)
    assert mall.order(order_id).status_id == "N22"
    mall.mall.unhold(order_id)
    assert mall.order(order_id).status_id == "N10"


# §9.56
def test_a_code_nobody_knows_sinks_no_page(mall):
    odd, good = mall.place(1), mall.place(1)
    mall.mall.set_item_state(odd, "N99")
    source = mall.orders()
    pages, _ = read_on(source, source.start(1))
    assert {order.remote_id: order.status_id for page in pages for order in page.orders} == {odd: "N99", good: "N20"}
    assert all(page.bad == [] for page in pages)
