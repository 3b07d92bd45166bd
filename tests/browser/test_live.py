"""What a page does by itself: narrow a list while one types, and ask again when something moved."""

import pytest
from playwright.sync_api import Browser, expect

from tests.books import draft, line, place
from tests.browser.world import sit
from tests.web.factories import full_house, make_problem

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("transactional_db")
def test_a_list_narrows_while_one_types_and_the_address_follows(chromium: Browser, live_server) -> None:
    house = full_house()
    context = sit(chromium, house.owner, live_server.url)
    page = context.new_page()
    page.goto("/stock/")
    expect(page.locator("tbody tr")).to_have_count(3)

    page.locator("#id_q").press_sequentially("gre")

    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#id_q")).to_be_focused()
    assert page.url.endswith("/stock/?q=gre")
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(3)
    context.close()


@pytest.mark.usefixtures("transactional_db")
def test_regions_are_asked_for_together_and_ticks_and_words_stay(chromium: Browser, live_server) -> None:
    house = full_house()
    context = sit(chromium, house.owner, live_server.url)
    page = context.new_page()
    page.goto("/orders/")
    page.locator(f'input[name="order"][value="{house.order.pk}"]').check()
    place(house.store.sales_channel, draft("1003", line(house.items["GREEN"])))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/orders/") else None)

    page.evaluate("document.dispatchEvent(new CustomEvent('entrepot:moved', {detail: 'orders'}))")

    expect(page.locator("#order-table tbody tr")).to_have_count(3)
    expect(page.locator(f'input[name="order"][value="{house.order.pk}"]')).to_be_checked()
    assert len(asked) == 1
    context.close()


@pytest.mark.usefixtures("transactional_db")
def test_the_count_of_problems_follows(chromium: Browser, live_server) -> None:
    house = full_house()
    context = sit(chromium, house.owner, live_server.url)
    page = context.new_page()
    page.goto("/")
    expect(page.locator("#menu-problems")).to_contain_text("1")
    make_problem(house.store, "stock_drift", object_id="7", fields={"title": "Sock", "told": 3, "shown": 2})

    page.evaluate("document.dispatchEvent(new CustomEvent('entrepot:moved', {detail: 'problems'}))")

    expect(page.locator("#menu-problems")).to_contain_text("2")
    expect(page.locator("#dash-problems")).to_contain_text("The store shows 2 of “Sock” where it was told 3.")
    context.close()
