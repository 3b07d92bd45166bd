"""What the dashboard and an item's page say in figures, sentences and tables, against books small enough to count."""

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entrepot.channels.models import ListingChange, StatusDebt
from entrepot.inventory import services as inventory
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from tests.books import MINA, draft, line, make_items, make_seller, place_one
from tests.web.factories import make_person, make_problem, make_store, sit_down

BERLIN = ZoneInfo("Europe/Berlin")


class Shop:
    """Two stores, plenty of one item and two of another, an owner in Berlin."""

    def __init__(self, language: str = "en") -> None:
        self.seller = make_seller("House")
        self.owner = make_person(self.seller, timezone="Europe/Berlin", language=language)
        self.seoul, self.busan = make_store(self.seller, "Seoul"), make_store(self.seller, "Busan")
        self.items = make_items(self.seller, PLENTY=1000, FEW=2)
        self.today = timezone.localdate(timezone=BERLIN)
        self.number = 1000

    def order(self, store, days_ago: int, *, sku: str = "PLENTY", quantity: int = 1, **words) -> Order:
        self.number += 1
        at = datetime.combine(self.today - timedelta(days=days_ago), datetime.min.time(), BERLIN)
        return place_one(
            store.sales_channel,
            draft(str(self.number), line(self.items[sku], quantity), placed_at=at + timedelta(minutes=1), **words),
        )

    def leave(self, order: Order, hours: float) -> None:
        said = {"seller_id": self.seller.pk, "order_id": order.pk, "actor": MINA}
        orders.release_to_warehouse(**said)
        orders.mark_ready(**said)
        orders.hand_over(now=order.placed_at + timedelta(hours=hours), **said)


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop()


def read(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def rows_of(text: str, key: str) -> list[list[str]]:
    """The table beside a chart, as it is read."""
    figure = text[text.index(f'id="{key}"') :]
    figure = figure[: figure.index("</figure>")]
    rows = re.findall(r"<tr>(.*?)</tr>", figure, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def drawn(text: str, key: str) -> dict:
    figure = text[text.index(f'id="{key}"') :]
    found = re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', figure, re.DOTALL)
    assert found is not None
    facts: dict = json.loads(found[1])
    return facts


def test_orders_a_day_stand_by_store_and_currency_in_picture_table_and_sentence(shop: Shop) -> None:
    shop.order(shop.seoul, 0, quantity=2)
    shop.order(shop.seoul, 13)
    shop.order(shop.seoul, 14)
    shop.order(shop.busan, 0, base_currency="KRW")
    canceled = shop.order(shop.busan, 0)
    orders.cancel_by_buyer(seller_id=shop.seller.pk, order_id=canceled.pk, actor=MINA)

    text = read(sit_down(shop.owner), "/?days=14")

    facts = drawn(text, "chart-orders")
    assert [(one["name"], sum(one["values"]), one["values"][-1]) for one in facts["series"]] == [
        ("Busan", 2, 2),
        ("Seoul", 2, 1),
    ]
    assert len(facts["labels"]) == 14
    table = rows_of(text, "chart-orders")
    assert table[0] == ["Day", "Busan", "Seoul", "All orders", "Order value, KRW", "Order value, USD"]
    assert table[1] == [shop.today.isoformat(), "2", "1", "3", "3", "5.00"]
    assert table[-1] == ["Together", "2", "2", "4", "3", "7.50"]
    said = f"4 orders in 14 days, 0.3 a day. Most came on {shop.today.isoformat()}: 3. Busan 2, Seoul 2."
    assert text.count(said) == 2  # under the picture, and as the picture's name


def test_rates_are_shares_of_all_orders_placed(shop: Shop) -> None:
    said = {"seller_id": shop.seller.pk, "actor": MINA}
    for _ in range(5):
        shop.order(shop.seoul, 1)
    shop.order(shop.seoul, 1, sku="FEW", quantity=3)
    orders.cancel_by_buyer(order_id=shop.order(shop.seoul, 1).pk, **said)
    mine = shop.order(shop.seoul, 1)
    orders.cancel_by_seller(order_id=mine.pk, reason="broken", **said)
    orders.confirm_seller_cancel(order_id=mine.pk, **said)

    trade = sit_down(shop.owner).get("/").context["trade"]

    assert [(str(rate.word), rate.number, rate.text) for rate in trade.rates] == [
        ("Orders placed", "8", "0.3 a day"),
        ("Time to hand-over", "–", ""),
        ("Oversell rate", "12.5 %", "1 of 8"),
        ("Canceled by buyers", "12.5 %", "1 of 8"),
        ("Canceled by you", "12.5 %", "1 of 8"),
        ("Never paid", "0.0 %", "0 of 8"),
    ]


def test_time_to_hand_over_is_a_median_and_a_ninetieth_of_those_that_left(shop: Shop) -> None:
    for hours in (2, 4, 20):
        shop.leave(shop.order(shop.seoul, 3), hours)
    shop.order(shop.seoul, 3)

    text = read(sit_down(shop.owner), "/")

    assert "3 orders left: half within 4 h 0 min, nine of ten within 16 h 48 min of being placed." in text
    table = rows_of(text, "chart-pace")
    assert table[0] == ["Handed over on", "Half within", "Nine of ten within"]
    assert [row for row in table[1:] if row[1] != "–"] == [
        [(shop.today - timedelta(days=3)).isoformat(), "4.0", "16.8"]
    ]


def test_the_sentence_is_korean_for_a_korean(db: None) -> None:
    shop = Shop("ko")
    shop.order(shop.seoul, 0)
    shop.order(shop.busan, 0)

    text = read(sit_down(shop.owner), "/")

    assert "30일 동안 주문 2건, 하루 평균 0.1건." in text
    assert "표로 보기" in text


def test_who_sees_one_store_sees_its_orders_problems_and_freshness_only(shop: Shop) -> None:
    shop.order(shop.seoul, 0)
    shop.order(shop.busan, 0)
    make_problem(shop.seoul, "stock_refused")
    clerk = make_person(shop.seller, "operator")
    clerk.store_ids = [shop.busan.pk]
    clerk.save(update_fields=["store_ids"])

    answer = sit_down(clerk).get("/")

    assert [one["name"] for one in answer.context["trade"].orders.drawn["series"]] == ["Busan"]
    assert [row.store.pk for row in answer.context["stores"]] == [shop.busan.pk]
    assert answer.context["kinds"] == []
    assert "Seoul" not in answer.content.decode()


def test_each_kind_of_unsent_change_has_its_age_and_its_tone(shop: Shop) -> None:
    now = timezone.now()
    order = shop.order(shop.seoul, 0)
    facts = {"seller": shop.seller, "store": shop.seoul, "asked_by": "user:Mina"}
    for key, kind, state, minutes in (
        ("a", "price", "waiting", 20),
        ("b", "price", "waiting", 5),
        ("c", "update", "waiting", 5),
        ("d", "update", "done", 900),
    ):
        asked_at = now - timedelta(minutes=minutes)
        ListingChange.objects.create(key=key, kind=kind, state=state, asked_at=asked_at, **facts)
    for key, sent_at in (("e", None), ("f", now)):
        StatusDebt.objects.create(
            seller=shop.seller, store=shop.seoul, order=order, kind="status", key=key,
            created_at=now - timedelta(hours=2), sent_at=sent_at,
        )  # fmt: skip

    rows = {row.store.pk: row for row in sit_down(shop.owner).get("/").context["stores"]}

    assert [(str(cell.word), cell.count, cell.tone) for cell in rows[shop.seoul.pk].waiting] == [
        ("Stock", 0, ""),
        ("Prices", 2, "wait"),
        ("Order statuses", 1, "bad"),
        ("Listings", 1, "fresh"),
    ]
    assert [cell.count for cell in rows[shop.busan.pk].waiting] == [0, 0, 0, 0]


def test_problems_stand_by_kind_with_a_way_to_each(shop: Shop) -> None:
    for number in range(2):
        make_problem(shop.seoul, "stock_refused", object_id=str(number))
    make_problem(shop.busan, "unmapped_status")

    text = read(sit_down(shop.owner), "/")

    assert re.findall(r'href="/problems/\?code=(\w+)">[^<]+<strong class="tnum">(\d+)', text) == [
        ("stock_refused", "2"),
        ("unmapped_status", "1"),
    ]


def test_every_step_of_an_items_stock_names_its_cause(shop: Shop) -> None:
    item_id = shop.items["FEW"]
    order = shop.order(shop.seoul, 0, sku="FEW")
    inventory.receive(seller_id=shop.seller.pk, item_id=item_id, quantity=5, reference="receipt:4", actor=MINA)
    inventory.set_on_hand(seller_id=shop.seller.pk, item_id=item_id, on_hand=6, reason="counted twice", actor=MINA)

    text = read(sit_down(shop.owner), reverse("web:stock_item", args=[item_id]) + "?days=all")

    facts = drawn(text, "chart-stock")
    assert [one["name"] for one in facts["series"]] == ["On hand", "Reserved", "Available"]
    assert [one["values"] for one in facts["series"]] == [
        [0, 2, 2, 7, 6, 6],
        [0, 0, 1, 1, 1, 1],
        [0, 2, 1, 6, 5, 5],
    ]
    assert facts["causes"][1:] == [
        "Opening stock (on hand +2) · Import 1 · Mina",
        f"Reservation (reserved +1) · Order {order.number} · Seoul Socks",
        "Receipt (on hand +5) · Receipt 4 · Mina",
        "Count (on hand −1) · counted twice · Mina",
        "Now",
    ]
    assert [row[-1] for row in rows_of(text, "chart-stock")[1:]] == facts["causes"]
    assert "4 movements. Available went from 0 to 5, on hand from 0 to 6. The least available was 0, at the" in text


def test_an_item_at_rest_is_a_straight_line(shop: Shop) -> None:
    browser = sit_down(shop.owner)
    address = reverse("web:stock_item", args=[shop.items["FEW"]])
    still = read(browser, address + "?days=7")

    assert [one["values"][-1] for one in drawn(still, "chart-stock")["series"]] == [2, 0, 2]
