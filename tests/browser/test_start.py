"""The first steps in a browser: looked at in every state, and a test order made and canceled by the keyboard."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from entrepot.accounts.models import Membership
from entrepot.accounts.services import set_seller_facts, skip_step
from entrepot.channels.models import Finding, Run, StatusMapping, Store
from entrepot.inventory.models import Stock
from tests.books import MINA, draft, line, make_items, make_seller, place_one
from tests.browser.world import sit
from tests.web.factories import make_carrier, make_person, make_store

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
LOOKS = [("en", 1440), ("ko", 390)]


def _clean(page: Page, name: str) -> None:
    assert [(row["id"], row["nodes"][0]["html"][:120]) for row in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def _owner(language: str) -> Membership:
    seller = make_seller("한빛상회")
    return make_person(seller, "owner", "mina@example.com", language=language)


def _reading(owner: Membership) -> tuple[Store, Run]:
    """A shop whose products are being read."""
    store = make_store(owner.seller, "Sock shop", state="shadow")
    facts = {"total": 400, "done": 120, "state": "running", "started_at": timezone.now(), "kind": "first_import"}
    return store, Run.objects.create(seller=owner.seller, store=store, progressed_at=timezone.now(), **facts)


@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_the_path_is_looked_at_from_its_beginning_to_its_end(chromium: Browser, live_server, language: str, width: int):
    owner = _owner(language)
    seller = owner.seller
    context = sit(chromium, owner, live_server.url, viewport={"width": width, "height": 900})
    page, name = context.new_page(), f"{language}-{width}"
    page.goto(reverse("web:start"))
    expect(page.locator("#step-company[aria-current=step]")).to_be_visible()
    _clean(page, f"start-new-{name}")

    set_seller_facts(seller_id=seller.pk, name="한빛상회", language=language, timezone="Asia/Seoul", actor=MINA)
    store, run = _reading(owner)
    page.goto(reverse("web:start"))
    expect(page.locator("#step-products progress")).to_have_attribute("value", "120")
    _clean(page, f"start-reading-{name}")

    Run.objects.filter(pk=run.pk).update(state="done", done=400)
    items = make_items(seller, WOOL=9)
    Finding.objects.create(seller=seller, store=store, code="sku_missing", remote_id="9", found_at=timezone.now())
    StatusMapping.objects.create(store=store, remote_id="2", name="Processing", meaning="new")
    skip_step(seller_id=seller.pk, step="people", actor=MINA)
    page.goto(reverse("web:start"))
    expect(page.locator("#step-findings")).to_have_attribute("aria-current", "step")
    _clean(page, f"start-read-{name}")
    page.goto(reverse("web:dashboard"))
    expect(page.locator("#dash-path")).to_be_visible()
    _clean(page, f"start-small-{name}")

    place_one(store.sales_channel, draft("7", line(items["WOOL"], 1), placed_at=timezone.now()))
    Finding.objects.update(resolved_at=timezone.now())
    StatusMapping.objects.update(confirmed=True)
    Store.objects.update(state="live")
    make_carrier(seller)
    page.goto(reverse("web:start"))
    expect(page.locator(".path-done")).to_have_count(9)
    _clean(page, f"start-done-{name}")
    context.close()


def test_a_test_order_is_made_and_canceled_by_the_keyboard_and_the_stock_is_as_before(chromium: Browser, live_server):
    owner = _owner("en")
    make_items(owner.seller, WOOL=9)
    context = sit(chromium, owner, live_server.url, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(reverse("web:start"))

    page.locator("#step-order").get_by_role("button", name="Make a test order").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#step-order")).to_contain_text("is on the desk")
    assert Stock.objects.get().reserved == 1
    page.locator("#step-order").get_by_role("button", name="Cancel the test order").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notices")).to_contain_text("The test order is canceled")
    stock = Stock.objects.get()
    assert (stock.on_hand, stock.reserved) == (9, 0)
    context.close()
