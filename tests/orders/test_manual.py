from decimal import Decimal

import pytest

from entrepot.orders import services as orders
from entrepot.orders.drafts import ManualLine, ManualOrder
from entrepot.orders.errors import LineItemNotFound, NoOfflineStore, OrderInvalid, SalesChannelNotFound
from entrepot.orders.models import Order, SalesChannel
from tests.books import MINA, figure, make_channel, make_items, make_seller


def manual(*lines: ManualLine, key: str = "form-1") -> ManualOrder:
    return ManualOrder(key=key, currency="KRW", lines=lines, buyer_name="김서연", shipping_cost=Decimal(3000))


def test_an_order_by_telephone_is_reserved_like_any_other_and_once_whatever_is_clicked(db):
    seller = make_seller()
    red = make_items(seller, RED=5)["RED"]
    order = manual(ManualLine(item_id=red, quantity=2, unit_price=Decimal(12000), unit_tax=Decimal(1200)))

    first = orders.place_manual(seller_id=seller.pk, order=order, actor=MINA)
    again = orders.place_manual(seller_id=seller.pk, order=order, actor=MINA)

    assert (first.created, again.created, first.order_id) == (True, False, again.order_id)
    kept = Order.objects.get()
    assert (kept.status, kept.total, kept.number[:2]) == ("new", Decimal(29400), "M-")
    assert list(kept.totals.order_by("position").values_list("code", "amount")) == [
        ("sub_total", Decimal(24000)),
        ("shipping", Decimal(3000)),
        ("tax", Decimal(2400)),
        ("total", Decimal(29400)),
    ]
    assert kept.lines.get().sku == "RED"
    assert figure(red) == (5, 2)
    assert SalesChannel.objects.get().kind == "offline"


def test_an_order_of_nothing_or_of_another_sellers_goods_is_refused(db):
    seller = make_seller()
    boots = make_items(make_seller("Busan Boots"), BOOT=1)["BOOT"]
    with pytest.raises(OrderInvalid):
        orders.place_manual(seller_id=seller.pk, order=manual(), actor=MINA)
    line = ManualLine(item_id=boots, quantity=1, unit_price=Decimal(1))
    with pytest.raises(LineItemNotFound):
        orders.place_manual(seller_id=seller.pk, order=manual(line), actor=MINA)
    assert Order.objects.count() == 0


def test_nobody_types_an_order_into_a_store_that_sends_its_own(db):
    seller = make_seller()
    shop, red = make_channel(seller), make_items(seller, RED=5)["RED"]
    order = manual(ManualLine(item_id=red, quantity=1, unit_price=Decimal(1)), key="1001")
    with pytest.raises(SalesChannelNotFound):
        orders.place_manual(seller_id=seller.pk, order=order, actor=MINA, sales_channel_id=shop.pk)
    assert (Order.objects.count(), figure(red)) == (0, (5, 0))


def test_who_works_for_some_stores_only_types_an_order_into_none_of_the_others(db):
    seller = make_seller()
    red = make_items(seller, RED=5)["RED"]
    mine, others, shop = (make_channel(seller, name) for name in ("Mine", "Not mine", "Shop"))
    SalesChannel.objects.filter(pk__in=[mine.pk, others.pk]).update(kind="offline")
    said = {
        "seller_id": seller.pk,
        "order": manual(ManualLine(item_id=red, quantity=2, unit_price=Decimal(1))),
        "actor": MINA,
    }

    with pytest.raises(SalesChannelNotFound):
        orders.place_manual(**said, sales_channel_id=others.pk, channel_ids=[mine.pk, shop.pk])
    with pytest.raises(NoOfflineStore):
        orders.place_manual(**said, channel_ids=[shop.pk])

    assert (Order.objects.count(), SalesChannel.objects.count(), figure(red)) == (0, 3, (5, 0))
    placed = orders.place_manual(**said, channel_ids=[shop.pk, mine.pk])
    assert Order.objects.get(pk=placed.order_id).sales_channel_id == mine.pk
