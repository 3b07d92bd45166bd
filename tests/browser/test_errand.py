"""The merchant's whole errand, in English and in Korean: connect a shop, watch it, sell, cancel, see the stock."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from playwright.sync_api import Browser, Locator, Page, expect

from entrepot.accounts.services import first_owner_link
from entrepot.channels.models import Listing, Store
from entrepot.connectors.opencart.simulator import Item, Shop, SimulatorServer
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Stock
from entrepot.orders.models import Order
from entrepot.project import tasks

pytestmark = pytest.mark.browser
IPHONE = 40


@pytest.fixture
def shop() -> Iterator[SimulatorServer]:
    with SimulatorServer(Shop.demo(), secret="a-secret-of-the-demo-shop") as server:
        yield server


def say(text: str, **fields: object) -> str:
    """What the page says in the language of the errand."""
    return _(text) % fields if fields else _(text)


def press(page: Page, name: str, **how: object) -> None:
    page.get_by_role("button", name=name, **how).first.click()  # type: ignore[arg-type]


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#id_{name}")


def make_the_account(page: Page, language: str) -> None:
    page.goto(f"/join/{first_owner_link()}/")
    page.get_by_role("button", name="한국어" if language == "ko" else "English").click()
    field(page, "seller_name").fill("Seoul Socks")
    field(page, "email").fill("mina@example.com")
    field(page, "name").fill("Mina")
    field(page, "password").fill("a long enough password")
    press(page, say("Make the account and sign in"))
    expect(page.get_by_role("heading", name=say("First steps"))).to_be_visible()


def connect_the_shop(page: Page, shop: SimulatorServer, downloads: Path) -> Store:
    page.locator("#step-store").get_by_role("link", name=say("Connect a store"), exact=True).click()
    page.get_by_role("link", name=re.compile("OpenCart")).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=say("Extension for OpenCart 4")).click()
    assert download.value.suggested_filename == "oms_bridge.ocmod.zip"
    download.value.save_as(downloads / "oms_bridge.ocmod.zip")
    assert (downloads / "oms_bridge.ocmod.zip").read_bytes()[:2] == b"PK"
    field(page, "domain_url").fill(shop.url)
    field(page, "secret_key").fill("wrong-secret-of-some-shop-0123456789")
    field(page, "name").fill("Mac shop")
    field(page, "country").select_option("US")
    field(page, "currency").select_option("USD")
    press(page, say("Test connection"))
    expect(page.get_by_role("alert")).to_contain_text("Secret Key")
    field(page, "secret_key").fill(shop.secret)
    press(page, say("Test connection"))
    expect(page.locator("section[role=status]")).to_contain_text("4.1.0.4")
    press(page, say("Connect the store"))
    expect(page.get_by_role("heading", name="Mac shop")).to_be_visible()
    return Store.objects.get(identity=Store.objects.get().identity)


def watch_the_import(page: Page, store: Store) -> None:
    expect(page.locator(".run-sheet")).to_contain_text(say("First import"))
    tasks.import_store(store.pk)
    expect(page.locator(".run-sheet")).to_have_count(0, timeout=15_000)  # the page asks by itself
    expect(page.locator("#store-news")).to_contain_text(say("SKU doctor"))


def connect_it_once_more(page: Page, shop: SimulatorServer) -> None:
    page.goto("/stores/connect/opencart/")
    field(page, "domain_url").fill(shop.url)
    field(page, "secret_key").fill(shop.secret)
    field(page, "name").fill("Again")
    field(page, "country").select_option("US")
    field(page, "currency").select_option("USD")
    press(page, say("Connect the store"))
    expect(page.get_by_role("alert")).to_contain_text("Mac shop")
    page.get_by_role("link", name=say("Open that store")).click()
    expect(page.get_by_role("heading", name="Mac shop")).to_be_visible()


def confirm_statuses_and_go_live(page: Page) -> None:
    page.get_by_role("link", name=say("Status map"), exact=True).click()
    press(page, say("Confirm these meanings"))
    expect(page.locator(".notices")).to_contain_text(say("Saved. Orders that waited for this are looked at again."))
    page.get_by_role("link", name=say("Overview")).click()
    press(page, say("Go live"))
    page.get_by_role("dialog").get_by_role("button", name=say("Go live")).click()
    expect(page.locator(".notices")).to_contain_text(say("The store is live."))


def sell_and_see_it(page: Page, shop: SimulatorServer, store: Store, ours: Callable[[], int]) -> Order:
    page.goto("/products/?q=iPhone")
    expect(page.get_by_role("link", name="iPhone")).to_be_visible()
    before = ours()
    order_id = shop.shop.place_order([Item(IPHONE, 2)])
    page.goto("/orders/")
    tasks.pull_orders(store.pk)
    page.reload()
    page.get_by_role("link", name=str(order_id), exact=True).click()
    expect(page.locator("#order-mark")).to_contain_text(say("New"))
    assert ours() == before - 2
    return Order.objects.get(remote_id=str(order_id))


def cancel_it(page: Page, shop: SimulatorServer, store: Store, order: Order, ours: Callable[[], int]) -> None:
    before = ours()
    press(page, say("Cancel order"))
    page.get_by_role("dialog").get_by_label(say("Reason")).fill("Out of paper")
    page.get_by_role("dialog").get_by_role("button", name=say("Cancel order")).click()
    expect(page.locator("#order-mark")).to_contain_text(say("Cancelled by seller in process"))
    tasks.push_statuses(store.pk)
    tasks.pull_orders(store.pk)
    page.reload()
    expect(page.locator("#order-mark")).to_contain_text(say("Cancelled by seller"))
    expect(page.locator("#order-story")).to_contain_text("Out of paper")
    assert shop.shop.tables.orders[int(order.remote_id)].status == 7
    assert ours() == before + 2


def see_the_stock(page: Page, shop: SimulatorServer, store: Store, listing: Listing) -> None:
    promised = sum(Stock.objects.filter(item_id=listing.item_id).values_list("reserved", flat=True))
    page.goto(f"/stock/{listing.item_id}/")
    field(page, "quantity").fill(str(promised + 5))
    page.locator("#id_reason").fill("Counted")
    press(page, say("Change"), exact=True)
    expect(page.locator("#item-figures")).to_contain_text("5")
    tasks.push_stock(store.pk)
    assert shop.shop.tables.products[IPHONE].quantity == 5
    page.goto(f"/stock/{listing.item_id}/why/")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Why is it %(n)s?", n=5))
    expect(page.locator("main")).to_contain_text(say("%(store)s was told %(n)s", store="Mac shop", n=5))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.usefixtures("transactional_db")
def test_the_whole_errand(chromium: Browser, live_server, shop: SimulatorServer, tmp_path: Path, language: str) -> None:
    context = chromium.new_context(base_url=live_server.url, locale="ko-KR" if language == "ko" else "en-US")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    with translation.override(language):
        make_the_account(page, language)
        store = connect_the_shop(page, shop, tmp_path)
        watch_the_import(page, store)
        connect_it_once_more(page, shop)
        confirm_statuses_and_go_live(page)
        listing = Listing.objects.get(store=store, remote_id=str(IPHONE), variation_key="")

        def ours() -> int:
            return inventory.available(store.seller_id, [listing.item_id or 0])[listing.item_id or 0]

        order = sell_and_see_it(page, shop, store, ours)
        cancel_it(page, shop, store, order, ours)
        see_the_stock(page, shop, store, listing)
    context.close()
    assert wrong == []
