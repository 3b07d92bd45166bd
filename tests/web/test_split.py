"""Splitting, joining and merging on the screens: what is shown, done, refused; and who may."""

import pytest
from django.test import Client
from django.urls import reverse

from entrepot.orders.models import Order, OrderLine
from tests.books import draft, line, make_channel, make_items, place_one
from tests.web.conftest import AtDesk
from tests.web.factories import House, make_person, sit_down

HOME = {"buyer_name": "김서연", "buyer_phone": "0101", "shipping": {"name": "김서연", "line1": "세종대로 1"}}


@pytest.fixture
def house(at_desk: AtDesk) -> House:
    return at_desk.house


@pytest.fixture
def browser(at_desk: AtDesk) -> Client:
    return at_desk.browser


def bought(house: House, number: str, quantity: int = 3, **words) -> Order:
    ids = make_items(house.seller, **{f"S{number}": 2})
    channel = make_channel(house.seller, f"Shop {number}")
    return place_one(channel, draft(number, line(ids[f"S{number}"], quantity), **HOME | words))


def at(name: str, order: Order) -> str:
    return reverse(f"web:{name}", args=[order.pk])


def test_an_order_is_split_by_line_and_joined_again(house, browser):
    order = bought(house, "71")
    line_id = OrderLine.objects.get(order=order).pk

    page = browser.get(at("order_split", order))
    assert page.status_code == 200
    made = browser.post(at("order_split", order), {"deed": "lines", f"line-{line_id}": "1"})
    part = Order.objects.get(split_from=order)
    assert (made.status_code, part.number) == (302, "#71-2")
    shown = browser.get(at("order", part)).content.decode()
    assert "#71" in shown
    assert at("order_join", part) in shown
    browser.post(at("order_join", part))

    assert OrderLine.objects.get(order=order).quantity == 3


def test_what_cannot_be_split_comes_back_with_the_reason_and_what_was_typed(house, browser):
    order = bought(house, "71")
    line_id = OrderLine.objects.get(order=order).pk

    page = browser.post(at("order_split", order), {"deed": "lines", f"line-{line_id}": "9"})

    assert page.status_code == 409
    assert "9 of" in page.content.decode()
    assert 'value="9"' in page.content.decode()
    assert not Order.objects.filter(split_from=order).exists()


def test_what_is_there_goes_ahead_with_one_button(house, browser):
    order = bought(house, "71")

    browser.post(at("order_split", order), {"deed": "missing"})

    assert Order.objects.get(pk=order.pk).status == "new"
    assert Order.objects.get(split_from=order).status == "partial"


def test_orders_of_one_buyer_are_put_into_one_parcel_and_taken_out_again(house, browser):
    one, two = bought(house, "71", 1), bought(house, "72", 1)

    assert "#72" in browser.get(reverse("web:merge_suggestions")).content.decode()
    assert at("order_merge", one) in browser.get(at("order", one)).content.decode()
    browser.post(at("order_merge", one), {"order": [two.pk]})
    assert Order.objects.get(pk=two.pk).pack_group_id is not None
    browser.post(at("order_merge", two), {"deed": "leave"})

    assert Order.objects.exclude(pack_group=None).count() == 0


def test_orders_that_are_not_alike_are_refused_with_the_reason(house, browser):
    one, two = bought(house, "71", 1), bought(house, "72", 1, buyer_phone="0102")

    said = browser.post(at("order_merge", one), {"order": [two.pk]}, follow=True)

    assert "different buyers or phone numbers" in said.content.decode()
    assert Order.objects.exclude(pack_group=None).count() == 0


def test_who_may_only_look_splits_nothing(house):
    order = bought(house, "71")
    client = sit_down(make_person(house.seller, "read_only", "look@example.com"))

    assert client.post(at("order_split", order), {"deed": "missing"}).status_code == 403
    assert at("order_split", order) not in client.get(at("order", order)).content.decode()
    assert not Order.objects.filter(split_from=order).exists()
