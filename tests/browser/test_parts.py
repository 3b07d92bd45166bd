"""The errand of an order in parts and of orders in one parcel, in a browser: split, joined, put into one parcel."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from entrepot.orders.models import Order
from tests.books import draft, line, make_channel, make_items, make_seller, place_one
from tests.browser.accessible import wrong_with
from tests.browser.world import sit
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
HOME = {"name": "김서연", "country_code": "KR", "postcode": "03172", "city": "서울", "line1": "세종대로 1"}
LOOKS = [("en", 1440), ("ko", 390)]


def looked_at(page: Page, name: str) -> None:
    """No axe violation, nothing wider than the screen; a picture where one is wanted."""
    assert wrong_with(page) == []
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_an_order_is_split_joined_and_put_into_one_parcel(chromium: Browser, live_server, language: str, width: int):
    seller = make_seller("한빛상회")
    owner = make_person(seller, "owner", "mina@example.com", language=language)
    channel = make_channel(seller, "Offline")
    ids = make_items(seller, WOOL=9, SILK=1)
    words = {"buyer_name": "김서연", "buyer_phone": "010-1234-5678", "shipping": HOME, "base_currency": "KRW"}
    lines = [line(ids["WOOL"], 2, remote_id="a", sku="WOOL"), line(ids["SILK"], 3, remote_id="b", sku="SILK")]
    order = place_one(channel, draft("7001", *lines, **words))
    other = place_one(channel, draft("7002", line(ids["WOOL"], 1, sku="WOOL"), **words))
    context = sit(chromium, owner, live_server.url, viewport={"width": width, "height": 900})
    page = context.new_page()

    page.goto(reverse("web:order_split", args=[order.pk]))
    looked_at(page, f"split-{language}-{width}")
    page.locator("button[name=deed][value=missing]").click()
    expect(page.locator("#order-family")).to_be_visible()
    looked_at(page, f"parts-{language}-{width}")
    assert Order.objects.get(split_from=order).status == "partial"
    page.goto(reverse("web:merge_suggestions"))
    looked_at(page, f"suggestions-{language}-{width}")
    page.goto(reverse("web:order", args=[order.pk]))
    page.locator("#order-could-share button").click()
    expect(page.locator("#order-mates")).to_contain_text(other.number)
    looked_at(page, f"mates-{language}-{width}")
    page.locator("#order-family form button").click()
    expect(page.locator("#order-family")).to_be_visible()

    assert Order.objects.get(split_from=order).status == "canceled"
    assert Order.objects.get(pk=other.pk).pack_group_id is not None
    context.close()
