"""From the shop to the carrier by scan on a telephone, and by hand at the desk; in English and in Korean."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest
import zxingcpp
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from entrepot.accounts.models import Membership, Seller
from entrepot.channels.services.lifecycle import change_settings
from entrepot.connectors.opencart.simulator import Item
from entrepot.fulfilment.services.carrier_rules import keep_rule
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.waybills import add_range
from entrepot.inventory import services as inventory
from entrepot.orders.models import Order
from entrepot.project import tasks
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.models import PickLine, WorkOrder
from tests.browser.accessible import wrong_with
from tests.browser.scanner import Scanner
from tests.browser.world import sit
from tests.roads.rig import MINA, SHIPPED, Place, Road, small_shop
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
FIRST = "640000000001"


@dataclass
class Site:
    """A shop with socks, a warehouse with bins, a carrier with numbers, a boss and a picker."""

    road: Road
    place: Place
    boss: Membership
    picker: Membership
    warehouse_id: int
    bins: dict[str, int] = field(default_factory=dict)

    @property
    def seller_id(self) -> int:
        return self.road.seller.pk

    def sell(self, *items: Item) -> Order:
        order_id = self.place.shop.place_order(list(items))
        tasks.pull_orders(self.place.store.pk)
        return self.place.order(order_id)

    def told(self, order: Order) -> int:
        """Tell the shop what is owed; the status its buyer sees."""
        tasks.push_statuses(self.place.store.pk)
        return int(self.place.shop.history_of(int(order.remote_id))[-1]["order_status_id"])

    def status(self, order: Order) -> str:
        return Order.objects.get(pk=order.pk).status


@pytest.fixture
def site(transactional_db: None, language: str) -> Iterator[Site]:
    seller = Seller.objects.create(name="Seoul Socks", language=language)
    road = Road(seller)
    with road.stack:
        place = road.connect(small_shop(RED=6, BLUE=3))
        said = {"seller_id": seller.pk, "actor": MINA}
        house = inventory.default_warehouse(**said).pk
        made = Site(road, place, make_person(seller, "owner"), make_person(seller, "picker"), house)
        carrier = add_carrier(kind="cj", low_at=0, **said)
        add_range(carrier_id=carrier.pk, first=FIRST, last="640000000009", **said)
        keep_rule(carrier_id=carrier.pk, **said)
        change_settings(store_id=place.store.pk, changes={"shipping": "self"}, **said)
        yield made


def lay_out(site: Site) -> None:
    """The warehouse is worked in by scan: RED lies in A-1, BLUE in A-2."""
    said = {"seller_id": site.seller_id, "actor": MINA}
    inventory.set_mode(warehouse_id=site.warehouse_id, mode="wms", **said)
    zone = warehouse.add_zone(warehouse_id=site.warehouse_id, code="A", **said)
    for code, sku in (("A-1", "RED"), ("A-2", "BLUE")):
        site.bins[code] = warehouse.add_bin(zone_id=zone.pk, code=code, **said).pk
        item = site.road.item(sku)
        warehouse.put_away(
            warehouse_id=site.warehouse_id,
            item_id=item.pk,
            quantity=site.road.on_hand(sku),
            bin_id=site.bins[code],
            **said,
        )


def accessible(page: Page) -> None:
    assert wrong_with(page) == []


def at_the_desk(chromium: Browser, site: Site, base: str, order: Order) -> Page:
    page = sit(chromium, site.boss, base).new_page()
    page.goto(f"/orders/{order.pk}/")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=_(name), exact=True).first.click()


def pick_it(hand: Scanner, order: Order) -> None:
    """A wrong bin and a wrong item first; then two pieces, one of them taken back in between."""
    hand.page.goto("/floor/")
    accessible(hand.page)
    hand.go(_("Pick"))
    hand.press(_("Single-line batch"))
    accessible(hand.page)
    wrong = hand.scan("A-2", "bad")
    expect(wrong).to_contain_text("A-1")
    expect(wrong.locator("strong")).to_be_visible()
    hand.scan("a-1")
    expect(hand.scan("BLUE", "bad")).to_contain_text("BLUE")
    accessible(hand.page)
    expect(hand.scan("RED")).to_contain_text("RED")
    hand.press(_("Undo the last scan: %(sku)s") % {"sku": "RED"}, "warn")
    assert PickLine.objects.get().picked == 0
    hand.scan("RED")
    hand.page.reload()
    expect(hand.page.locator(".floor-take-many")).to_contain_text("1")
    hand.scan("RED", "done")
    expect(hand.page.get_by_role("heading", name=_("This walk is done."))).to_be_visible()


def pack_it(hand: Scanner, site: Site, order: Order) -> None:
    hand.page.goto(f"/floor/{site.warehouse_id}/pack/")
    accessible(hand.page)
    hand.scan(order.number)
    expect(hand.scan("BLUE", "bad")).to_contain_text("BLUE")
    hand.scan("RED")
    hand.scan("RED", "done")
    accessible(hand.page)
    weight = hand.page.get_by_label(_("Weight in grams"))
    expect(weight).to_be_focused()
    weight.fill("480")
    hand.press(_("Close the parcel"), "done")
    accessible(hand.page)
    label = hand.page.locator(".floor-label img")
    expect(label).to_be_visible()
    expect(label).to_have_js_property("complete", True)
    assert label.evaluate("picture => picture.naturalWidth") > 700
    picture = hand.page.request.get(label.get_attribute("src") or "").body()
    read = {found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))}
    assert FIRST in read
    for name in (_("Print the label"), _("Packing slip")):
        file = hand.page.get_by_role("link", name=name).get_attribute("href") or ""
        assert hand.page.request.get(file).body()[:4] == b"%PDF"


def hand_it_over(hand: Scanner, site: Site) -> None:
    hand.page.goto(f"/floor/{site.warehouse_id}/hand-over/")
    accessible(hand.page)
    hand.press("CJ대한통운")
    hand.scan("640000000009", "bad")
    hand.scan(FIRST)
    hand.scan(FIRST, "warn")
    accessible(hand.page)
    hand.page.get_by_text(_("The carrier takes them")).click()
    hand.press(_("Hand over"), "done")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_order_goes_by_scan_from_the_shop_to_the_carrier(
    site: Site, chromium: Browser, live_server, language: str
) -> None:
    lay_out(site)
    order = site.sell(Item(1, 2))
    with translation.override(language):
        desk = at_the_desk(chromium, site, live_server.url, order)
        press(desk, "Release to warehouse")
        expect(desk.get_by_role("status")).to_be_visible()
        tasks.follow_orders()
        hand = Scanner(chromium, site.picker, live_server.url)
        pick_it(hand, order)
        assert site.status(order) == "ready_to_ship"
        assert site.told(order) != SHIPPED
        pack_it(hand, site, order)
        assert order.shipments.get().weight_grams == 480
        hand_it_over(hand, site)
    assert site.status(order) == "in_transit"
    assert site.told(order) == SHIPPED
    assert (site.road.on_hand("RED"), site.road.ledger_adds_up(), hand.wrong) == (4, True, [])
    hand.context.close()
    desk.context.close()


@pytest.mark.parametrize("language", ["ko"])
def test_a_short_pick_leaves_its_order_waiting_and_lets_the_others_go(
    site: Site, chromium: Browser, live_server, language: str
) -> None:
    lay_out(site)
    first, second = site.sell(Item(2, 2)), site.sell(Item(2, 1))
    hand = Scanner(chromium, site.picker, live_server.url)
    with translation.override(language):
        for order in (first, second):
            desk = at_the_desk(chromium, site, live_server.url, order)
            press(desk, "Release to warehouse")
            expect(desk.get_by_role("status")).to_be_visible()
            desk.context.close()
        tasks.follow_orders()
        hand.page.goto(f"/floor/{site.warehouse_id}/pick/")
        hand.press(_("Single-line batch"))
        hand.scan("A-2")
        hand.page.get_by_text(_("Something is missing")).click()
        accessible(hand.page)
        hand.page.get_by_label(_("How many of %(sku)s are not there?") % {"sku": "BLUE"}).fill("1")
        said = hand.press(_("They are missing"), "warn")
        expect(said).to_contain_text(second.number)
        hand.scan("BLUE")
        hand.scan("BLUE", "done")
    assert (site.status(first), site.status(second)) == ("ready_to_ship", "partial")
    assert hand.wrong == []
    hand.context.close()


@pytest.mark.parametrize("language", ["en"])
def test_a_scan_outlives_a_lost_network_and_is_done_once(
    site: Site, chromium: Browser, live_server, language: str
) -> None:
    """The first time the answer is lost on the way back, then there is no network at all, then the page is reloaded."""
    lay_out(site)
    order = site.sell(Item(1, 3))
    hand = Scanner(chromium, site.picker, live_server.url)
    desk = at_the_desk(chromium, site, live_server.url, order)
    press(desk, "Release to warehouse")
    expect(desk.get_by_role("status")).to_be_visible()
    tasks.follow_orders()
    hand.page.goto(f"/floor/{site.warehouse_id}/pick/")
    hand.press("Single-line batch")
    hand.scan("A-1")
    sent: list[str] = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()  # the server has done it, and nobody hears of it
        if len(sent) < 4:
            return route.abort()
        return route.continue_()

    hand.page.route("**/floor/**", lose_the_answer)
    hand.page.keyboard.type("RED")
    hand.page.keyboard.press("Enter")
    hand.page.keyboard.type("RED")
    hand.page.keyboard.press("Enter")
    expect(hand.page.get_by_text("No network.")).to_be_visible()
    expect(hand.page.locator("#floor-net-count")).to_have_text("2")
    accessible(hand.page)
    assert PickLine.objects.get().picked == 1
    hand.page.reload()

    expect(hand.page.locator(".floor-take-many")).to_contain_text("1", timeout=20_000)
    expect(hand.page.get_by_text("No network.")).to_be_hidden()
    assert PickLine.objects.get().picked == 2
    tokens = [parse_qs(one)["token"] for one in sent]
    assert tokens[0] == tokens[1] == tokens[2]  # the same scan, until it was answered
    assert tokens[-1] != tokens[0]
    hand.page.unroute("**/floor/**")
    hand.scan("RED", "done")
    assert (site.status(order), WorkOrder.objects.get().state, hand.wrong) == ("ready_to_ship", "picked", [])
    hand.context.close()
    desk.context.close()


@pytest.mark.parametrize("language", ["en"])
def test_a_scan_made_without_network_is_found_again_from_another_screen(
    site: Site, chromium: Browser, live_server, language: str
) -> None:
    lay_out(site)
    hand = Scanner(chromium, site.picker, live_server.url)
    hand.page.goto(f"/floor/{site.warehouse_id}/move/")
    hand.page.route("**/floor/**", lambda way: way.abort() if way.request.method == "POST" else way.continue_())
    for code in ("A-1", "RED"):
        hand.page.keyboard.type(code)
        hand.page.keyboard.press("Enter")
    expect(hand.page.get_by_text("No network.")).to_be_visible()
    hand.page.goto(f"/floor/{site.warehouse_id}/look/")
    hand.page.unroute("**/floor/**")

    expect(hand.page.get_by_text("Scans wait for another screen.")).to_be_visible(timeout=15_000)
    accessible(hand.page)
    hand.page.get_by_role("link", name="Open it").click()
    expect(hand.page.locator("#floor-said")).to_contain_text("RED", timeout=15_000)
    expect(hand.page.get_by_text("Scans wait for another screen.")).to_be_hidden()
    hand.context.close()


@pytest.mark.parametrize("language", ["en"])
def test_the_field_takes_what_the_scanner_types_wherever_the_focus_is(
    site: Site, chromium: Browser, live_server, language: str
) -> None:
    lay_out(site)
    hand = Scanner(chromium, site.picker, live_server.url)
    hand.page.goto(f"/floor/{site.warehouse_id}/look/")
    field_ = hand.page.locator("#scan")
    expect(field_).to_be_focused()
    expect(field_).to_have_attribute("inputmode", "none")
    hand.page.get_by_role("button", name="On-screen keyboard").click()
    expect(field_).to_have_attribute("inputmode", "text")
    hand.page.evaluate("document.activeElement.blur()")
    expect(hand.scan("A-1")).to_contain_text("A-1")
    expect(field_).to_be_focused()
    mute = hand.page.get_by_role("button", name="Mute sounds")
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "true")
    hand.page.reload()
    expect(hand.page.get_by_role("button", name="Mute sounds")).to_have_attribute("aria-pressed", "true")
    expect(hand.page.locator(".floor-card")).to_contain_text("RED")  # a reload forgets nothing
    assert hand.wrong == []
    hand.context.close()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_a_warehouse_system_a_person_packs_and_hands_over_at_the_desk(
    site: Site, chromium: Browser, live_server, language: str
) -> None:
    order = site.sell(Item(1, 1))
    with translation.override(language):
        desk = at_the_desk(chromium, site, live_server.url, order)
        press(desk, "Release to warehouse")
        expect(desk.locator("#order-mark")).to_contain_text(_("Ready for packing"))
        press(desk, "Pack")
        expect(desk.locator("#order-mark")).to_contain_text(_("Ready to ship"))
        assert site.told(order) != SHIPPED
        desk.reload()
        expect(desk.locator("#order-parcels")).to_contain_text(FIRST)
        label = desk.locator("#order-parcels").get_by_role("link", name=_("Label"), exact=True).get_attribute("href")
        picture = desk.request.get((label or "").replace(".pdf", ".png")).body()
        assert FIRST in {found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))}
        press(desk, "Hand over to carrier")
        expect(desk.locator("#order-mark")).to_contain_text(_("In transit"))
    assert site.told(order) == SHIPPED
    assert site.road.on_hand("RED") == 5
    desk.context.close()
