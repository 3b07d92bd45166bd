"""A mall's owner, in English and Korean: agrees in the mall, packs with a number, answers a buyer, takes goods back."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from playwright.sync_api import Browser, Locator, Page, expect

from entrepot.accounts.models import Seller
from entrepot.channels.models import Store
from entrepot.connectors.cafe24.simulator import Mall, SimulatorServer
from entrepot.orders.models import Order
from entrepot.project import tasks
from tests.books import figure
from tests.browser.accessible import arrived, wrong_with
from tests.browser.mall import FIELDS, WEBHOOK_KEY, served
from tests.browser.world import sit
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
SOCKS = "쿠션 삭스"


@pytest.fixture
def mall() -> Iterator[SimulatorServer]:
    made = Mall.empty()
    made.add_product(SOCKS, "9000", quantity=20)
    with served(made) as server:
        yield server


def press(place: Page | Locator, name: str) -> None:
    place.get_by_role("button", name=_(name), exact=True).first.click()
    arrived(place if isinstance(place, Page) else place.page)


def accessible(page: Page) -> None:
    assert wrong_with(page) == []


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#id_{name}")


def fill_the_form(page: Page) -> None:
    page.goto("/stores/connect/cafe24/")
    accessible(page)
    for name, text in FIELDS.items():
        field(page, name).fill(text)
    page.get_by_text(_("More"), exact=True).click()
    field(page, "webhook_key").fill(WEBHOOK_KEY)
    field(page, "name").fill("Sodam")
    field(page, "country").select_option("KR")
    press(page, "Go on to the store")


def connect_the_mall(page: Page, mall: SimulatorServer, base: str) -> Store:
    """Denied once, then agreed; both in the mall's own page."""
    fill_the_form(page)
    page.wait_for_url(f"{mall.url}/**")
    page.locator("button[value=deny]").click()
    page.wait_for_url(f"{base}/**")
    expect(page.get_by_role("alert")).to_contain_text("sodammall")
    accessible(page)
    fill_the_form(page)
    page.wait_for_url(f"{mall.url}/**")
    page.locator("button[value=allow]").click()
    page.wait_for_url(f"{base}/stores/*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sodam")
    expect(page.locator("#store-permission")).to_contain_text(_("In force"))
    return Store.objects.get(connector="cafe24")


def go_live(page: Page, mall: SimulatorServer, store: Store) -> None:
    tasks.import_store(store.pk)
    page.reload()
    address = page.locator("#copy-webhook").inner_text()
    assert address.endswith(f"/hooks/{store.public_id}")
    page.get_by_role("link", name=_("Status map"), exact=True).click()
    expect(page.locator("main")).to_contain_text("배송준비중")
    expect(page.get_by_role("button", name=_("Confirm these meanings"))).to_have_count(0)
    page.get_by_role("link", name=_("Overview")).click()
    press(page, "Go live")
    press(page.get_by_role("dialog"), "Go live")
    expect(page.get_by_role("status")).to_contain_text(_("The store is live."))


def sell(page: Page, mall: SimulatorServer, store: Store, quantity: int) -> Order:
    product = next(iter(mall.mall.products.values()))
    order_id = mall.mall.place_order([[product.variants[0].variant_code, quantity]])
    mall.mall.prepare(order_id)
    tasks.pull_orders(store.pk)
    return Order.objects.get(remote_id=order_id)


def item_states(mall: SimulatorServer, order: Order) -> set[str]:
    return {item["order_status"] for item in mall.mall.order(order.remote_id)["items"]}


def pack_it(page: Page, mall: SimulatorServer, store: Store, order: Order, number: str) -> None:
    page.goto(f"/orders/{order.pk}/")
    press(page, "Release to warehouse")
    expect(page.locator("#order-mark")).to_contain_text(_("Ready for packing"))
    press(page.locator("#order-parcels"), "Pack")
    expect(page.locator("#id_tracking_number_error")).to_be_visible()
    accessible(page)
    field(page, "tracking_number").fill(number)
    press(page.locator("#order-parcels"), "Pack")
    expect(page.locator("#order-mark")).to_contain_text(_("Ready to ship"))
    tasks.push_statuses(store.pk)
    page.reload()
    expect(page.locator("#order-story")).to_contain_text(_("Parcel told to the store"))
    assert item_states(mall, order) == {"N21"}


def refuse_the_cancellation(page: Page, mall: SimulatorServer, store: Store, order: Order) -> None:
    """The buyer asks after packing: the parcel stops, the wish is refused, the parcel goes."""
    mall.mall.request_cancel(order.remote_id, reason="마음이 바뀌었어요")
    tasks.pull_orders(store.pk)
    page.reload()
    expect(page.locator("#order-mark")).to_contain_text(_("On hold"))
    expect(page.locator("#order-claims")).to_contain_text("마음이 바뀌었어요")
    expect(page.get_by_role("button", name=_("Hand over to carrier"))).to_have_count(0)
    accessible(page)
    press(page.locator("#order-troubles"), "Refuse the cancellation and go on")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(_("Reason")).fill("이미 포장했습니다")
    press(dialog, "Refuse the cancellation and go on")
    tasks.push_statuses(store.pk)
    tasks.pull_orders(store.pk)
    page.reload()
    expect(page.locator("#order-mark")).to_contain_text(_("Ready to ship"))
    press(page, "Hand over to carrier")
    expect(page.locator("#order-mark")).to_contain_text(_("In transit"))
    tasks.push_statuses(store.pk)
    assert item_states(mall, order) == {"N30"}


def accept_a_cancellation(page: Page, mall: SimulatorServer, store: Store, order: Order) -> None:
    """The buyer asks before packing, and may."""
    mall.mall.request_cancel(order.remote_id, reason="주소를 잘못 적었어요")
    tasks.pull_orders(store.pk)
    page.goto(f"/orders/{order.pk}/")
    expect(page.locator("#order-mark")).to_contain_text(_("Cancel in process"))
    press(page.locator("#order-claims"), "Accept")
    expect(page.get_by_role("status")).to_be_visible()
    tasks.push_statuses(store.pk)
    tasks.pull_orders(store.pk)
    page.reload()
    expect(page.locator("#order-mark")).to_contain_text(_("Canceled"))
    assert item_states(mall, order) <= {"C34", "C40", "C41"}


def receive_a_return(page: Page, mall: SimulatorServer, store: Store, order: Order) -> None:
    """Three go out, two come back: one is good."""
    item_id = order.lines.get().item_id or 0
    page.goto(f"/orders/{order.pk}/")
    press(page, "Mark delivered")
    expect(page.locator("#order-mark")).to_contain_text(_("Complete"))
    tasks.push_statuses(store.pk)
    on_hand = figure(item_id)[0]
    code = mall.mall.order(order.remote_id)["items"][0]["order_item_code"]
    mall.mall.request_return(order.remote_id, [[code, 2]], reason="사이즈가 작아요")
    tasks.pull_orders(store.pk)
    page.reload()
    expect(page.locator("#order-mark")).to_contain_text(_("Return in process"))
    press(page.locator("#order-claims"), "Accept")
    tasks.push_statuses(store.pk)
    tasks.pull_orders(store.pk)
    page.reload()
    accessible(page)
    back = Order.objects.get(pk=order.pk).lines.order_by("-position")[0]
    page.locator(f"#good-{back.pk}").fill("1")
    page.locator(f"#scrap-{back.pk}").fill("1")
    press(page.locator("#order-receipt"), "Receive return")
    expect(page.get_by_role("status")).to_contain_text(_("The return is taken in."))
    assert figure(item_id)[0] == on_hand + 1
    expect(page.locator("#order-story")).to_contain_text(_("scrapped"))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.usefixtures("transactional_db")
def test_a_mall_s_whole_errand(chromium: Browser, live_server, mall: SimulatorServer, settings, language: str) -> None:
    settings.PUBLIC_URL = live_server.url
    seller = Seller.objects.create(name="Seoul Socks", language=language)
    owner = make_person(seller, "owner", f"mina-{language}@example.com", language=language)
    context = sit(chromium, owner, live_server.url)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    with translation.override(language):
        store = connect_the_mall(page, mall, live_server.url)
        go_live(page, mall, store)
        order = sell(page, mall, store, 3)
        pack_it(page, mall, store, order, "640012345670")
        refuse_the_cancellation(page, mall, store, order)
        accept_a_cancellation(page, mall, store, sell(page, mall, store, 1))
        receive_a_return(page, mall, store, order)
    context.close()
    assert wrong == []
