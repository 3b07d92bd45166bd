"""A list of forty rows asks the database as often as one of twenty."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.books import draft, line, make_items, place
from tests.web.factories import House, full_house, make_bulk, make_journal_entry, make_listing, make_problem, sit_down

ROWS = 8


def _orders(house: House, start: int) -> None:
    lines = [line(house.items["GREEN"], 1), line(house.items["GREEN"], 1, remote_id="2")]
    place(house.store.sales_channel, *(draft(f"{start}-{n}", *lines) for n in range(ROWS)))


def _items(house: House, start: int) -> None:
    ids = make_items(house.seller, **{f"S{start}N{n}": n for n in range(ROWS)})
    for sku, item_id in ids.items():
        make_listing(house.store, item_id, sku)


def _deeds(house: House, start: int) -> None:
    for _ in range(ROWS + start * 0):
        make_bulk(house.seller, house.order)


def _problems(house: House, start: int) -> None:
    for n in range(ROWS):
        make_problem(house.store, object_type="listing", object_id=str(start * 100 + n))


def _calls(house: House, start: int) -> None:
    for _ in range(ROWS + start * 0):
        make_journal_entry(house.store)


LISTS: dict[str, Callable[[House, int], None]] = {
    "orders": _orders,
    "order_deeds": _deeds,
    "dashboard": _orders,
    "products": _items,
    "listings": _items,
    "stock": _items,
    "stores": _items,
    "problems": _problems,
    "journal": _calls,
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_costs_the_same_for_twice_the_rows(db: None, name: str) -> None:
    house = full_house()
    browser = sit_down(house.owner)
    address = reverse(f"web:{name}")
    LISTS[name](house, 1)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    LISTS[name](house, 2)

    with CaptureQueriesContext(connection) as many:
        browser.get(address)

    assert len(many) == len(few), "\n".join(query["sql"][:200] for query in many.captured_queries)
    assert len(many) <= 30


@pytest.mark.parametrize("name", ["orders", "products", "listings", "stock"])
def test_pages_follow_each_other_without_gap_or_repeat(db: None, name: str) -> None:
    house = full_house()
    for start in range(1, 9):
        LISTS[name](house, start)
    browser = sit_down(house.owner)
    seen: list[int] = []
    address = reverse(f"web:{name}")
    while address:
        answer = browser.get(address)
        page = answer.context["page"]
        seen += [row.pk for row in page.rows]
        address = f"{reverse(f'web:{name}')}?after={page.next}" if page.next else ""

    assert len(seen) == len(set(seen)) > 60
