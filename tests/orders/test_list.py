"""The list of orders: what it is narrowed by, what the tabs count, and that neither reads every order."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from entrepot.fulfilment.finding import with_parcels
from entrepot.fulfilment.models import Carrier, Shipment
from entrepot.inventory.models import Reservation, Warehouse
from entrepot.kernel.actor import SYSTEM
from entrepot.orders import queries
from entrepot.orders import services as orders
from entrepot.orders.models import Order, OrderCount
from entrepot.orders.queries import OrderFilter, desk_list
from entrepot.orders.queries.listed import _in_order
from entrepot.orders.queries.narrow import base, fits
from entrepot.orders.services.counts import fold_counts
from tests.books import MINA, NOON, draft, line, make_channel, make_items, make_seller, place, place_one

module = "entrepot.orders.queries.listed"


def _ids(seller, **words):
    return [row.remote_id for row in queries.orders(seller_id=seller.pk, by=OrderFilter(**words)).rows]


def _home(country="KR"):
    return {"name": "김서연", "city": "서울", "postcode": "03172", "country_code": country}


@pytest.fixture
def five(channel):
    """Five orders, one a minute, of which each differs in something."""
    stock = make_items(channel.seller, RED=1, BLUE=9)
    red, blue = stock["RED"], stock["BLUE"]
    place(
        channel,
        draft("1", line(red), minute=1, shipping=_home(), payment_method="Card"),
        draft("2", line(blue), minute=2, shipping=_home("DE"), payment_method="Card", comment="Ring twice"),
        draft("3", line(blue, 2), minute=3, shipping=_home(), payment_method="Naver Pay", origin="NCHECKOUT"),
        draft("4", line(red), minute=4, shipping=_home(), pickup=True),
        draft("5", line(None), minute=5, shipping=None),
    )
    return {row.remote_id: row for row in Order.objects.filter(sales_channel=channel)}


@pytest.mark.parametrize("window", [3000, 2], ids=["all are among the newest", "few are among the newest"])
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ({}, ["5", "4", "3", "2", "1"]),
        ({"oldest_first": True}, ["1", "2", "3", "4", "5"]),
        ({"status": "partial"}, ["4"]),
        ({"hold_code": "unmapped_sku"}, ["5"]),
        ({"hold_code": "person"}, []),
        ({"country": "de"}, ["2"]),
        ({"payment": "Card"}, ["2", "1"]),
        ({"payment": "Card", "oldest_first": True}, ["1", "2"]),
        ({"payment": "Card", "country": "KR"}, ["1"]),
        ({"origin": "NCHECKOUT"}, ["3"]),
        ({"pickup": True}, ["4"]),
        ({"note": "buyer"}, ["2"]),
        ({"total_from": Decimal(3)}, ["3"]),
        ({"total_to": Decimal(3), "status": "new"}, ["2", "1"]),
        ({"placed_from": NOON + timedelta(minutes=2), "placed_before": NOON + timedelta(minutes=4)}, ["3", "2"]),
        ({"search": "서울", "status": "new"}, ["3", "2", "1"]),
        ({"search": "서울", "oldest_first": True}, ["1", "2", "3", "4"]),
    ],
)
def test_the_list_is_narrowed(channel, five, monkeypatch, window, words, wanted):  # noqa: PLR0917 - a table of cases
    monkeypatch.setattr(f"{module}.WINDOW", window)

    assert _ids(channel.seller, **words) == wanted


def test_orders_are_found_by_notes_and_tags(channel, five):
    orders.note(seller_id=channel.seller_id, order_id=five["2"].pk, text="Wrap it", actor=MINA)
    orders.tag(seller_id=channel.seller_id, order_ids=[five["1"].pk, five["3"].pk], add=["gift"], actor=MINA)
    orders.tag(seller_id=channel.seller_id, order_ids=[five["4"].pk], add=["vip"], actor=MINA)

    assert _ids(channel.seller, note="own") == ["2"]
    assert _ids(channel.seller, tag="gift") == ["3", "1"]
    assert _ids(channel.seller, tag="gift", status="new", country="KR") == ["3", "1"]
    assert queries.tags_in_use(seller_id=channel.seller_id) == ["gift", "vip"]


def test_orders_are_found_by_the_warehouse_that_holds_their_goods(channel, five):
    main = Reservation.objects.filter(reference=five["1"].lines.get().reference).get().warehouse
    other = Warehouse.objects.create(seller=channel.seller, name="Busan")

    assert _ids(channel.seller, warehouse_id=main.pk) == ["3", "2", "1"]
    assert _ids(channel.seller, warehouse_id=other.pk) == []


def test_orders_are_found_by_what_their_parcels_have(channel, five):
    carrier = Carrier.objects.create(seller=channel.seller, name="CJ", kind="cj")
    facts = {"seller": channel.seller, "packed_at": NOON}
    Shipment.objects.create(order=five["1"], carrier_ref=carrier, tracking_number="640012345678", **facts)
    Shipment.objects.create(order=five["2"], label_made_at=NOON, **facts)
    Shipment.objects.create(order=five["3"], carrier_ref=carrier, state="void", **facts)

    def found(**words):
        by = with_parcels(seller_id=channel.seller_id, by=OrderFilter(), **words)
        return [row.remote_id for row in queries.orders(seller_id=channel.seller_id, by=by).rows]

    assert found(carrier_id=carrier.pk) == ["1"]
    assert found(label="missing") == ["1"]
    assert found(label="made") == ["2"]
    assert found(number="yes") == ["1"]
    assert found(number="no") == ["5", "4", "3", "2"]


@pytest.mark.parametrize("window", [3000, 3])
@pytest.mark.parametrize("words", [{}, {"search": "서울"}, {"search": "서울", "status": "new"}, {"oldest_first": True}])
def test_pages_of_any_list_follow_each_other_without_gap_or_repeat(channel, five, monkeypatch, window, words):
    monkeypatch.setattr(f"{module}.WINDOW", window)
    by = OrderFilter(**words)
    every = _ids(channel.seller, **words)
    seen, after = [], ""
    for _ in range(10):
        page = queries.orders(seller_id=channel.seller_id, by=by, after=after, limit=2)
        seen += [row.remote_id for row in page.rows]
        after = page.next or ""
        if not after:
            break

    assert seen == every
    assert len(every) >= 3


@pytest.mark.parametrize("after", ["x", "WzFd", "WyIyMDI2IiwxXQ"])
def test_a_bookmark_that_somebody_made_up_is_the_first_page(channel, five, after):
    page = queries.orders(seller_id=channel.seller_id, by=OrderFilter(), after=after)

    assert len(page.rows) == 5


# --------------------------------------------------------------------------- counts


def _counts(seller, **words):
    return desk_list(seller_id=seller.pk, by=OrderFilter(**words)).counts


def test_the_tabs_count_every_order_as_it_moves_and_goes(channel, five):
    said = {"seller_id": channel.seller_id, "actor": MINA}
    assert dict(_counts(channel.seller).by_status) == {"new": 3, "partial": 1, "on_hold": 1}

    orders.release_to_warehouse(order_id=five["1"].pk, **said)
    orders.hold(order_id=five["2"].pk, code="person", **said)
    orders.tag(order_ids=[five["3"].pk], add=["gift"], **said)
    Order.objects.filter(pk=five["5"].pk).delete()

    counts = _counts(channel.seller)
    assert dict(counts.by_status) == {"new": 1, "partial": 1, "rfp": 1, "on_hold": 1}
    assert (counts.total, counts.exact) == (4, True)


def test_adding_the_counts_up_changes_none_of_them(channel, five):
    before = dict(_counts(channel.seller).by_status)
    orders.release_to_warehouse(seller_id=channel.seller_id, order_id=five["1"].pk, actor=MINA)
    orders.recall(seller_id=channel.seller_id, order_id=five["1"].pk, actor=MINA)
    assert OrderCount.objects.count() > 3

    assert fold_counts(actor=SYSTEM) == 3

    assert dict(_counts(channel.seller).by_status) == before
    assert OrderCount.objects.count() == 3
    assert fold_counts(actor=SYSTEM) == 0


def test_a_rolled_back_move_is_not_counted(channel, five):
    with transaction.atomic():
        orders.release_to_warehouse(seller_id=channel.seller_id, order_id=five["1"].pk, actor=MINA)
        transaction.set_rollback(True)

    assert dict(_counts(channel.seller).by_status) == {"new": 3, "partial": 1, "on_hold": 1}


def test_who_sees_some_stores_counts_and_lists_the_orders_of_those_only(channel, five):
    second = make_channel(channel.seller, "Second")
    third = make_channel(channel.seller, "Third")
    place_one(second, draft("6", line(None), minute=6))
    place_one(third, draft("7", line(None), minute=7))
    strange = place_one(make_channel(make_seller("Other"), "Theirs"), draft("8", line(None)))
    every = [channel.pk, second.pk, third.pk, strange.sales_channel_id]

    assert _ids(channel.seller, channel_ids=[second.pk]) == ["6"]
    assert _ids(channel.seller, channel_ids=[second.pk, third.pk]) == ["7", "6"]
    assert _ids(channel.seller, channel_ids=[second.pk, third.pk], oldest_first=True) == ["6", "7"]
    assert _ids(channel.seller, channel_ids=[second.pk, third.pk], channel_id=channel.pk) == []
    assert _ids(channel.seller, channel_ids=[second.pk, third.pk], search="sock") == ["7", "6"]
    assert _ids(channel.seller, channel_ids=every) == ["7", "6", "5", "4", "3", "2", "1"]
    assert dict(_counts(channel.seller, channel_ids=[second.pk, third.pk]).by_status) == {"on_hold": 2}
    assert dict(_counts(channel.seller, channel_ids=[second.pk], search="sock").by_status) == {"on_hold": 1}
    assert dict(_counts(channel.seller, channel_id=channel.pk, channel_ids=[second.pk]).by_status) == {}
    assert dict(_counts(channel.seller, channel_ids=every).by_status) == {"new": 3, "partial": 1, "on_hold": 3}


@pytest.mark.parametrize("words", [{"search": "서울"}, {"payment": "Card"}, {"placed_from": NOON}, {"tag": "gift"}])
def test_filtered_tabs_count_what_fits_whatever_status_is_chosen(channel, five, words):
    orders.tag(seller_id=channel.seller_id, order_ids=[row.pk for row in five.values()], add=["gift"], actor=MINA)

    counts = _counts(channel.seller, **words)

    assert counts.exact
    assert dict(counts.by_status) == dict(queries.status_counts(seller_id=channel.seller_id, by=OrderFilter(**words)))
    assert _counts(channel.seller, status="partial", **words) == counts


def test_where_many_fit_the_tabs_say_how_many_there_are_at_least(channel, five, monkeypatch):
    monkeypatch.setattr(f"{module}.WINDOW", 4)
    monkeypatch.setattr(f"{module}.MOST_COUNTED", 2)
    by = OrderFilter(search="서울")

    few = desk_list(seller_id=channel.seller_id, by=by, limit=2)
    dated = _counts(channel.seller, placed_from=NOON)

    assert (few.counts.total, few.counts.exact) == (3, False)
    assert [row.remote_id for row in few.page.rows] == ["4", "3"]
    assert (dated.total, dated.exact) == (3, False)


def test_everything_that_fits_is_handed_on_for_a_deed(channel, five):
    rows = queries.fitting(seller_id=channel.seller_id, by=OrderFilter(search="서울", status="new"))

    assert {row.remote_id for row in rows} == {"1", "2", "3"}


# --------------------------------------------------------------------------- indexes


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ({"search": "민준"}, "order_words"),
        ({"search": "wool"}, "order_words"),
        ({"country": "IS"}, "order_facets"),
        ({"payment": "Cheque", "note": "buyer"}, "order_facets"),
        ({"tag": "gift"}, "order_tagged"),
        ({"hold_code": "person"}, "order_held"),
    ],
    ids=["two letters", "a word", "a country", "a payment", "a tag", "a hold"],
)
def test_what_fits_is_found_by_an_index(channel, words, index):
    shirt = make_items(channel.seller, TEE=50)["TEE"]
    for number in range(100, 105):
        place_one(channel, draft(f"{number}", line(shirt, name="Linen shirt"), buyer_name="이서연", shipping=_home()))
    wool = line(shirt, name="Wool sock")
    order = place_one(
        channel,
        draft("7", wool, buyer_name="김민준", shipping=_home("IS"), payment_method="Cheque", comment="Ring"),
    )
    orders.tag(seller_id=order.seller_id, order_ids=[order.pk], add=["gift"], actor=MINA)
    orders.hold(seller_id=order.seller_id, order_id=order.pk, code="person", actor=MINA)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'orders_order' AND indexdef NOT LIKE '%UNIQUE%'"
        )
        others = {row[0] for row in cursor.fetchall()} - {"order_words", "order_facets", "order_tagged", "order_held"}
        cursor.execute(f"DROP INDEX {', '.join(others)}")
    by = OrderFilter(**words)
    rows = base(order.seller_id, by).filter(*fits(by))
    plan = json.loads(rows.explain(format="json", analyze=True))
    nodes = list(every_node(plan[0]["Plan"]))
    assert [node["Index Name"] for node in nodes if "Index Name" in node] == [index]
    removed = [node.get("Rows Removed by Index Recheck", 0) + node.get("Rows Removed by Filter", 0) for node in nodes]
    assert removed == [0] * len(nodes)  # a reading of the whole index would have thrown the other five away


def test_a_page_is_read_in_the_order_of_an_index_without_sorting(channel, five):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    by = OrderFilter(status="new")
    rows = _in_order(base(channel.seller_id, by), by, (NOON + timedelta(minutes=3), five["3"].pk))[:51]
    nodes = list(every_node(json.loads(rows.explain(format="json"))[0]["Plan"]))

    assert [node["Node Type"] for node in nodes] == ["Limit", "Index Scan"]
    assert nodes[1]["Index Name"] in {"order_newest", "order_status_newest"}


def every_node(node):
    yield node
    for inner in node.get("Plans", ()):
        yield from every_node(inner)
