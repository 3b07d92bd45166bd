"""Charts in a real browser: they draw under our policy, in both themes, again after a refresh, and read as a table."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.books import draft, line, place
from tests.browser.accessible import wrong_with
from tests.browser.world import sit
from tests.web.factories import full_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

INK = """key => {
  const canvas = document.querySelector(`#${key} canvas`);
  const bits = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Map();
  for (let n = 0; n < bits.length; n += 4) if (bits[n + 3] === 255) {
    const colour = [bits[n], bits[n + 1], bits[n + 2]].join(",");
    seen.set(colour, (seen.get(colour) ?? 0) + 1);
  }
  return [...seen].filter(([, count]) => count > 40).map(([colour]) => colour);
}"""
LIGHT, DARK = "11,98,181", "98,176,255"


def ink(page: Page, key: str) -> list[str]:
    """The colours that a chart is drawn in."""
    found: list[str] = page.evaluate(INK, key)
    return found


@pytest.mark.usefixtures("transactional_db")
def test_charts_draw_under_our_policy_in_either_theme_and_after_a_refresh(chromium: Browser, live_server) -> None:
    house = full_house()
    channel = house.store.sales_channel
    place(channel, *(draft(f"9{n}", line(house.items["GREEN"]), placed_at=timezone.now()) for n in range(3)))
    context = sit(chromium, house.owner, live_server.url, color_scheme="light")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)

    page.goto("/")
    expect(page.locator("#chart-orders[data-chart=drawn]")).to_be_visible()
    assert LIGHT in ink(page, "chart-orders")

    page.locator("[data-theme-switch]").first.click()
    assert DARK in ink(page, "chart-orders")
    assert LIGHT not in ink(page, "chart-orders")

    table = page.locator("#chart-orders details")
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(table.locator("table")).to_be_visible()
    assert wrong_with(page) == []

    before = int((page.locator("#chart-orders .chart-summary").text_content() or "").split()[0])
    place(channel, draft("99", line(house.items["GREEN"]), placed_at=timezone.now()))
    page.evaluate("document.dispatchEvent(new CustomEvent('entrepot:moved', {detail: 'orders'}))")
    expect(page.locator("#chart-orders .chart-summary")).to_contain_text(f"{before + 1} orders in 30 days")
    expect(page.locator("#chart-orders[data-chart=drawn]")).to_be_visible()
    expect(table.locator("table")).to_be_visible()
    assert DARK in ink(page, "chart-orders")

    page.goto(reverse("web:stock_item", args=[house.items["GREEN"]]) + "?days=all")
    expect(page.locator("#chart-stock[data-chart=drawn]")).to_be_visible()
    assert DARK in ink(page, "chart-stock")
    assert wrong == []
    context.close()
