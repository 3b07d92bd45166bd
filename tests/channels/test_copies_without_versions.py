"""Stores that record no versions: the copy read last counts, and an unchanged one costs nothing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from entrepot.channels.models import IncomingOrder, StatusMapping, Store
from entrepot.channels.services.intake import take_in
from entrepot.connectors.contract import ChannelOrder, ChannelOrderLine, OrderPage
from entrepot.orders.models import Order
from tests.books import NOON, make_channel, make_items, make_seller


@pytest.fixture
def store(db: None) -> Store:
    seller = make_seller()
    make_items(seller, RED=5)
    made = Store.objects.create(
        sales_channel=make_channel(seller), seller=seller, connector="opencart", identity="x", orders_seen_at=NOON
    )
    for remote_id, meaning in (("N20", "new"), ("C00", "cancel_asked"), ("N00", "unpaid")):
        StatusMapping.objects.create(store=made, remote_id=remote_id, name=remote_id, meaning=meaning)
    return made


LINE = ChannelOrderLine(
    remote_id="1-01",
    product_id="1",
    variation_keys=[""],
    name="RED",
    model="",
    quantity=2,
    unit_price=Decimal(10),
    line_total=Decimal(20),
    unit_tax=Decimal(0),
    sku="RED",
)
COPY = ChannelOrder(
    remote_id="1",
    number="1",
    version=0,
    confirmed=True,
    status_id="N20",
    placed_at=NOON,
    changed_at=NOON,
    base_currency="KRW",
    currency="KRW",
    rate=Decimal(1),
    total=Decimal(20),
    lines=[LINE],
    totals=(),
    buyer_name="김서연",
    buyer_email="",
    buyer_phone="",
    shipping=None,
    billing=None,
)


def read(store: Store, copy: ChannelOrder) -> int:
    """How many copies were new to us."""
    return take_in(Store.objects.get(pk=store.pk), page=OrderPage(orders=[copy], cursor="", more=False)).kept


def test_a_copy_that_only_its_rows_or_its_time_tell_from_ours_is_a_repeat(store: Store) -> None:
    assert read(store, COPY) == 1
    later = replace(COPY, changed_at=NOON + timedelta(hours=1), raw={"read_at": "another moment"})
    assert read(store, later) == 0
    assert Order.objects.get().version == 1


def test_the_copy_read_last_counts_even_where_its_dates_are_older(store: Store) -> None:
    read(store, COPY)
    asked = replace(COPY, status_id="C00", changed_at=NOON + timedelta(hours=1))
    assert read(store, asked) == 1
    assert Order.objects.get().status == "cancel_in_process"

    assert read(store, COPY) == 1
    assert Order.objects.get().status == "new"


def test_a_copy_with_a_version_never_gives_way_to_an_older_one(store: Store) -> None:
    read(store, replace(COPY, version=7, status_id="C00"))
    assert read(store, replace(COPY, version=6)) == 0
    assert Order.objects.get().status == "cancel_in_process"


def test_an_edit_is_told_from_what_became_of_the_lines(store: Store) -> None:
    read(store, COPY)
    before = IncomingOrder.objects.get().content_digest
    read(store, replace(COPY, lines=[replace(LINE, state="shipped")]))
    assert IncomingOrder.objects.get().content_digest == before
    read(store, replace(COPY, lines=[replace(LINE, quantity=3)]))
    assert IncomingOrder.objects.get().content_digest != before
    assert Order.objects.get().lines.get().quantity == 3
