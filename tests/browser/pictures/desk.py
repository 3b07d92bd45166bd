"""The errands of the order desk's how-tos: selling, sending, taking back."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from entrepot.orders.models import Order
from tests.browser.pictures.camera import Camera, shows


@dataclass
class Desk:
    """A person at the desk of one world, with the addresses of its pages."""

    page: Page
    camera: Camera
    at: dict[str, str]
    world: Any = None

    def go(self, name: str) -> Page:
        self.page.goto(self.at.get(name, name), wait_until="load")
        return self.page

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def press(self, word: str, place: Locator | None = None) -> None:
        (place or self.page).get_by_role("button", name=word).first.click()

    def shot(self, name: str, *selectors: str, ring: Locator | None = None) -> None:
        self.camera.take(name, self.page, *(self.find(one) for one in selectors), ring=ring)


def done(desk: Desk) -> None:
    """The screen says that it was done."""
    expect(desk.find(".notices .notice").first).to_be_visible()


@shows("order-desk/list", "order-desk/view")
def find_orders_and_keep_the_view(desk: Desk) -> None:
    page = desk.go("orders")
    page.get_by_role("link", name="New").first.click()
    page.get_by_label("Store").first.select_option(label="Mac & Camera")
    expect(desk.find("#order-table tbody tr").first).to_be_visible()
    page.wait_for_url("**channel=**")
    page.goto(page.url)
    rows = desk.find("#order-table tbody tr")
    desk.camera.take("order-desk/list", page, desk.find(".page-head"), desk.find("#order-filters"), rows.nth(4))
    desk.press("Save as a view")
    desk.page.get_by_label("Name").fill("New in the camera shop")
    desk.shot("order-desk/view", "dialog[open]")
    desk.find("dialog[open]").get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("link", name="New in the camera shop").first).to_be_visible()


@shows("many-orders-at-once/chosen", "many-orders-at-once/result")
def release_many(desk: Desk) -> None:
    page = desk.go("/orders/?status=new&view=all")
    for number in range(3):
        desk.find("#order-table input[data-row]").nth(number).check()
    bar = desk.find("[data-selected-bar]")
    rows = desk.find("#order-table tbody tr")
    ring = bar.get_by_role("button", name="Release to warehouse")
    desk.camera.take("many-orders-at-once/chosen", page, rows.first, bar, ring=ring)
    ring.click()
    done(desk)
    desk.go("order-deeds")
    desk.find("main tbody a").first.click()
    expect(desk.find("#deed-results tbody tr")).to_have_count(3)
    desk.shot("many-orders-at-once/result", ".page-head", "#deed-progress", "#deed-results")


@shows("split-and-merge/split", "split-and-merge/parts")
def split_an_order(desk: Desk) -> None:
    order = next(
        one
        for one in Order.objects.filter(seller=desk.world.seller, status="new", pickup=False).order_by("-pk")
        if one.lines.count() > 1 and one.lines.filter(item=None).count() == 0
    )
    page = desk.go(f"/orders/{order.pk}/")
    page.get_by_role("link", name="Split").click()
    desk.find("input.few").first.fill("1")
    desk.shot("split-and-merge/split", ".page-head", "section[aria-labelledby=by-line-head]")
    desk.press("Split off")
    expect(desk.find("#order-family")).to_be_visible()
    desk.shot("split-and-merge/parts", "#order-family")


@shows("split-and-merge/parcel")
def see_orders_for_one_parcel(desk: Desk) -> None:
    page = desk.go("/orders/merge/")
    group = desk.find("#merge-list .claim").first
    desk.camera.take("split-and-merge/parcel", page, desk.find(".page-head"), group)


@shows("pack-and-take-back/pack", "pack-and-take-back/cancel", "pack-and-take-back/stopped")
def pack_and_answer(desk: Desk) -> None:
    desk.go("order-to-pack")
    desk.shot("pack-and-take-back/pack", "#order-parcels")
    desk.go("order-cancel-asked")
    desk.shot("pack-and-take-back/cancel", "#order-claims")
    desk.go("order-stopped")
    expect(desk.find("#order-troubles").get_by_role("button", name="Unpack and cancel")).to_be_visible()
    desk.shot("pack-and-take-back/stopped", "#order-troubles")


@shows("pack-and-take-back/return")
def take_a_return_in(desk: Desk) -> None:
    desk.go("order-return-to-receive")
    desk.find("#order-receipt input.few:enabled").first.fill("1")
    desk.shot("pack-and-take-back/return", "#order-receipt")


@shows("hold-and-cancel/hold", "hold-and-cancel/held", "hold-and-cancel/cancel")
def hold_and_cancel(desk: Desk) -> None:
    order = Order.objects.filter(seller=desk.world.seller, status="new", follows="").order_by("pk").first()
    assert order is not None
    page = desk.go(f"/orders/{order.pk}/")
    desk.press("Put on hold")
    dialog = desk.find("dialog[open]")
    dialog.get_by_label("Reason").fill("Ask about the address")
    desk.shot("hold-and-cancel/hold", "dialog[open]")
    dialog.get_by_role("button").first.click()
    expect(desk.find("#order-mark")).to_contain_text("On hold")
    desk.shot("hold-and-cancel/held", ".page-head", "#order-troubles")
    page.get_by_role("button", name="Release").first.click()
    expect(desk.find("#order-mark")).not_to_contain_text("On hold")
    desk.press("Cancel order")
    desk.find("dialog[open]").get_by_label("Reason").fill("Out of paper")
    desk.shot("hold-and-cancel/cancel", "dialog[open]")


@shows("orders-by-excel/in", "offline-store/form", "offline-store/order")
def sell_over_the_telephone(desk: Desk) -> None:
    page = desk.go("/stores/connect/")
    page.get_by_role("link", name="Offline").click()
    desk.find("#id_name").fill("Telephone and counter")
    desk.find("#id_country").select_option("KR")
    if desk.find("#id_currency").count():
        desk.find("#id_currency").select_option("KRW")
    desk.shot("offline-store/form", ".page-head", ".walk")
    desk.press("Connect the store")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Telephone and counter")
    desk.go("/orders/new/")
    desk.shot("offline-store/order", "main .container-fluid")
    desk.go("orders-import")
    desk.shot("orders-by-excel/in", ".page-head", "main .sheet >> nth=1")


@shows(
    "carriers/add", "carriers/numbers", "carriers/rule", "carriers/stores",
    "carriers/files",
)  # fmt: skip
def give_parcels_a_carrier(desk: Desk) -> None:
    page = desk.go("carriers")
    add = "section[aria-labelledby=add-head]"
    desk.find(f"{add} select").first.select_option(label="롯데택배")
    desk.shot("carriers/add", add)
    desk.press("Add", desk.find(add))
    expect(page.get_by_role("heading", level=1)).to_contain_text("롯데택배")
    ranges = "section[aria-labelledby=ranges-head]"
    desk.find(f"{ranges} input[name$=first]").fill("231000000001")
    desk.find(f"{ranges} input[name$=last]").fill("231000009999")
    desk.press("Add the range")
    expect(desk.find(f"{ranges} tbody tr")).to_have_count(1)
    desk.shot("carriers/numbers", ranges)
    desk.go("carrier-rules")
    desk.shot("carriers/rule", "section[aria-labelledby=rule-head]")
    desk.go("carriers")
    desk.shot("carriers/stores", "section[aria-labelledby=modes-head]")
    desk.go("waybill-files")
    desk.shot("carriers/files", "section[aria-labelledby=out-head]", "section[aria-labelledby=in-head]")


def errands() -> list[Any]:
    return [
        find_orders_and_keep_the_view, split_an_order, see_orders_for_one_parcel, pack_and_answer, take_a_return_in,
        hold_and_cancel, release_many, sell_over_the_telephone, give_parcels_a_carrier,
    ]  # fmt: skip
