"""What a person has before them stays: across Back, across a region that is replaced, across a lost connection."""

import pytest
from playwright.sync_api import Browser, Page, expect

from entrepot.orders import services as orders
from tests.books import MINA, draft, line, place
from tests.browser.world import sit
from tests.web.factories import House, full_house

pytestmark = pytest.mark.browser

SOURCE = """
  window.sources = [];
  window.EventSource = class {
    static CLOSED = 2;
    readyState = 1;
    constructor() { window.sources.push(this); }
    close() { this.readyState = 2; }
  };
"""
"""The live connection in the test's hand: it opens and breaks when it is told to."""
MOVED = "document.dispatchEvent(new CustomEvent('entrepot:moved', {detail: 'orders'}))"


def many_orders(house: House, count: int = 60) -> None:
    for number in range(count):
        place(house.store.sales_channel, draft(f"2{number:03}", line(house.items["GREEN"])))


def at_the_end(page: Page) -> int:
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function("scrollY > 300")
    return int(page.evaluate("scrollY"))


@pytest.mark.usefixtures("transactional_db")
def test_back_from_an_order_leads_to_the_same_filter_the_same_page_and_the_same_line(
    chromium: Browser, live_server
) -> None:
    house = full_house()
    many_orders(house)
    context = sit(chromium, house.owner, live_server.url, viewport={"width": 1280, "height": 700})
    page = context.new_page()
    page.goto("/orders/?q=2")
    page.locator("a[rel=next]").first.click()
    page.wait_for_url(lambda address: address.count("=") > 1)
    before, rows = page.url, page.locator("#order-table tbody tr").all_inner_texts()
    last = page.locator('#order-table tbody tr a[href^="/orders/"]').last
    last.scroll_into_view_if_needed()
    stood = page.evaluate("scrollY")
    last.click()
    page.wait_for_url("**/orders/*/*")

    page.go_back(wait_until="load")

    assert page.url == before
    assert page.locator("#order-table tbody tr").all_inner_texts() == rows
    assert stood > 0
    page.wait_for_function("stood => Math.abs(scrollY - stood) < 2", arg=stood)
    context.close()


@pytest.mark.usefixtures("transactional_db")
def test_focus_and_place_stay_while_the_list_is_replaced(chromium: Browser, live_server) -> None:
    house = full_house()
    many_orders(house, 30)
    context = sit(chromium, house.owner, live_server.url, viewport={"width": 1280, "height": 700})
    page = context.new_page()
    page.goto("/orders/")
    last = page.locator('#order-table tbody tr a[href^="/orders/"]').last
    last.focus()
    address = last.get_attribute("href")
    stood = at_the_end(page)
    rows = page.locator("#order-table tbody tr").count()
    place(house.store.sales_channel, draft("3001", line(house.items["GREEN"])))

    page.evaluate(MOVED)

    expect(page.locator("#order-table tbody tr")).to_have_count(rows + 1)
    assert page.evaluate("document.activeElement.getAttribute('href')") == address
    assert page.evaluate("scrollY") >= stood
    context.close()


@pytest.mark.usefixtures("transactional_db")
def test_a_lost_live_connection_is_told_until_it_is_back_and_what_is_typed_stays(
    chromium: Browser, live_server
) -> None:
    house = full_house()
    context = sit(chromium, house.owner, live_server.url)
    page = context.new_page()
    page.add_init_script(SOURCE)
    page.clock.install()
    page.goto(f"/orders/{house.order.pk}/")
    note = page.locator("main form[method=post] textarea").first
    typed = "Please wrap i"
    note.evaluate("(one, text) => { one.closest('details')?.setAttribute('open', ''); one.value = text; }", typed)
    lost = page.locator("[data-said=live-lost]")

    page.evaluate("sources[0].onerror()")
    page.clock.run_for(19_000)
    expect(lost).to_have_count(0)
    page.clock.run_for(2_000)
    expect(lost).to_have_text("The live connection is lost. This page asks every 15 seconds until it is back.")
    expect(note).to_have_value(typed)
    page.evaluate("sources[0].onopen()")

    expect(lost).to_have_count(0)
    page.clock.run_for(1_000)
    page.wait_for_load_state("networkidle")
    expect(note).to_have_value(typed)
    context.close()


@pytest.mark.usefixtures("transactional_db")
def test_a_form_is_not_sent_into_an_ended_session_and_keeps_what_was_typed(chromium: Browser, live_server) -> None:
    house = full_house()
    context = sit(chromium, house.owner, live_server.url)
    page = context.new_page()
    page.goto("/me/")
    name = page.locator("input[name=name]")
    name.fill("Kim Mina")
    cookies = context.cookies()
    context.clear_cookies()

    name.press("Enter")

    expect(page.locator("[data-said=live-signed-out]")).to_contain_text("What you typed is still here.")
    expect(name).to_have_value("Kim Mina")
    assert page.url.endswith("/me/")
    context.add_cookies(cookies)
    name.press("Enter")
    expect(page.locator("[data-said=live-signed-out]")).to_have_count(0)
    page.wait_for_load_state("load")
    expect(page.locator("input[name=name]")).to_have_value("Kim Mina")
    context.close()


@pytest.mark.usefixtures("transactional_db")
def test_what_moved_while_one_typed_is_shown_as_soon_as_one_is_done(chromium: Browser, live_server) -> None:
    house = full_house()
    context = sit(chromium, house.owner, live_server.url)
    page = context.new_page()
    page.goto(f"/orders/{house.order.pk}/")
    notes = page.locator("#order-notes")
    field = notes.locator("textarea").first
    field.focus()
    orders.note(seller_id=house.seller.pk, order_id=house.order.pk, text="Gift wrap, please", actor=MINA)

    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.evaluate(MOVED)
    page.wait_for_timeout(300)
    expect(notes).not_to_contain_text("Gift wrap, please")
    field.blur()

    expect(notes).to_contain_text("Gift wrap, please", timeout=8_000)
    context.close()
