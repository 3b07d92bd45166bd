"""The errands of stores, products and prices, and of the office."""

from typing import Any

from playwright.sync_api import expect

from entrepot.channels.models import Store
from entrepot.channels.services.importing.errand import run_import
from entrepot.connectors.opencart.simulator import SimulatorServer
from entrepot.sheets import services as sheets
from entrepot.sheets.models import Upload
from tests.browser.mall import FIELDS
from tests.browser.pictures.camera import shows
from tests.browser.pictures.desk import Desk, done
from tests.roads.rig import small_shop

AXES = {"stem": "MUG", "axis1": "Colour", "values1": "Red, Blue", "axis2": "Size", "values2": "S, L"}
STOCK = "SKU,On hand,Reason\n{sku},25,Counted on Monday\nNO-SUCH-SKU,4,Counted on Monday\n"


@shows("connect-opencart/tested", "connect-opencart/shadow", "stores/statuses")
def connect_a_shop(desk: Desk) -> None:
    server = desk.world.road.stack.enter_context(
        SimulatorServer(small_shop(RED=6, BLUE=3), secret="a-secret-of-a-shop")
    )
    page = desk.go("connect-opencart")
    desk.find("#id_domain_url").fill(server.url)
    desk.find("#id_secret_key").fill(server.secret)
    desk.find("#id_name").fill("Sock shop")
    desk.find("#id_country").select_option("US")
    desk.find("#id_currency").select_option("USD")
    desk.press("Test connection")
    expect(desk.find("section[role=status]")).to_contain_text("The connection works")
    desk.shot("connect-opencart/tested", ".page-head", "section[role=status]")
    desk.press("Connect the store")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sock shop")
    run_import(store=Store.objects.get(sales_channel__name="Sock shop"))
    page.reload()
    ring = page.get_by_role("button", name="Go live").first
    desk.camera.take("connect-opencart/shadow", page, desk.find(".page-head"), desk.find("#store-news"), ring=ring)
    page.get_by_role("link", name="Status map", exact=True).click()
    desk.camera.take("stores/statuses", page, desk.find("main table").first)


@shows("connect-cafe24/form", "connect-cafe24/consent")
def ask_a_mall_s_owner(desk: Desk) -> None:
    page = desk.go("connect-cafe24")
    for name, text in FIELDS.items():
        desk.find(f"#id_{name}").fill(text)
    desk.find("#id_name").fill("Sodam")
    desk.find("#id_country").select_option("KR")
    go_on = page.get_by_role("button", name="Go on to the store")
    desk.camera.take(
        "connect-cafe24/form", page, desk.find("#id_mall_id"), desk.find("#id_name"), go_on, ring=go_on, room=60
    )
    go_on.click()
    page.wait_for_url("**/oauth/authorize**")
    desk.shot("connect-cafe24/consent", "body")


@shows("products-and-prices/variations", "products-and-prices/match", "products-and-prices/doctor")
def make_and_match(desk: Desk) -> None:
    desk.go("product-new-group")
    for name, text in {
        "stem": "MUG",
        "axis1": "Colour",
        "values1": "Red, Blue",
        "axis2": "Size",
        "values2": "S, L",
    }.items():
        desk.find(f"input[name$={name}]").fill(text)
    desk.press("Make the variations")
    expect(desk.find("section[aria-labelledby=rows-head] tbody tr")).to_have_count(4)
    desk.shot(
        "products-and-prices/variations", "section[aria-labelledby=axes-head]", "section[aria-labelledby=rows-head]"
    )
    desk.go("mapping")
    desk.camera.take(
        "products-and-prices/match", desk.page, desk.find(".page-head"), desk.find("#mapping-table tbody tr").last
    )
    desk.go("store-findings")
    desk.camera.take(
        "products-and-prices/doctor", desk.page, desk.find(".page-head"), desk.find("main tbody tr").nth(3)
    )


@shows("products-and-prices/merge", "products-and-prices/categories", "products-and-prices/promotion")
def put_in_order(desk: Desk) -> None:
    desk.go("product-merge-look")
    desk.shot("products-and-prices/merge", "section[aria-labelledby=look-head]")
    desk.go("store-shelves")
    desk.camera.take("products-and-prices/categories", desk.page, desk.find(".page-head"), desk.find("#shelves-table"))
    desk.go("promotion-new")
    desk.shot("products-and-prices/promotion", ".page-head", "section[aria-labelledby=plan-head]")


@shows("change-listings/price", "change-listings/stores", "prices/list", "prices/follow")
def set_prices(desk: Desk) -> None:
    page = desk.go("listing")
    page.get_by_role("link", name="Change the price").first.click()
    desk.shot("change-listings/price", ".page-head", "main .sheet >> nth=0")
    desk.go("product-stores")
    desk.shot("change-listings/stores", ".page-head", "#store-places")
    desk.go("price-list")
    desk.camera.take("prices/list", page, desk.find(".page-head"), desk.find("#list-prices tbody tr").nth(3))
    desk.go("store-prices")
    desk.camera.take(
        "prices/follow",
        page,
        desk.find("section[aria-labelledby=follow-head]"),
        desk.find("#store-prices tbody tr").nth(4),
    )


@shows("plan-changes/choose", "plan-changes/look", "plan-changes/stopped")
def plan_prices(desk: Desk) -> None:
    for name, percent in (("look", "-10"), ("stopped", "-50")):
        page = desk.go("/listings/?q=ipod")
        boxes = desk.find("main tbody input[type=checkbox]")
        for number in range(2):
            boxes.nth(number).check()
        change = page.get_by_role("button", name="Change prices").last
        if name == "look":
            desk.camera.take("plan-changes/choose", page, desk.find("main tbody tr").first, change, ring=change)
        change.click()
        page.wait_for_url("**/plans/new/**")
        desk.find("input[name=figure]").fill(percent)
        desk.find("select[name=step]").select_option(label="the smallest coin")
        desk.press("Look at")
        page.wait_for_url("**/plans/*/")
        shown = ".notice-error" if name == "stopped" else ".page-head"
        desk.shot(f"plan-changes/{name}", shown, *(["#plan-lines"] if name == "look" else []))


@shows("excel/kinds", "excel/look")
def change_stock_by_file(desk: Desk) -> None:
    page = desk.go("/sheets/")
    desk.shot("excel/kinds", ".page-head", ".sheet-kinds")
    page.goto("/sheets/new/stock/")
    file = STOCK.format(sku="PHONE-IPHONE").encode()
    desk.find("input[type=file]").set_input_files({"name": "stock-monday.csv", "mimeType": "text/csv", "buffer": file})
    desk.press("Upload and check")
    page.wait_for_url("**/sheets/*/")
    sheets.work_upload(Upload.objects.latest("pk").pk)
    page.reload()
    expect(desk.find("#apply-head")).to_be_visible()
    desk.shot("excel/look", ".page-head", "#upload-body")


@shows("stock/change", "stock/why")
def count_and_ask_why(desk: Desk) -> None:
    page = desk.go("stock-item")
    change = "section[aria-labelledby=adjust-head]"
    desk.find("#id_quantity").fill("12")
    desk.find("#id_reason").fill("Counted on Monday")
    desk.shot("stock/change", "#item-figures", change)
    desk.press("Change", desk.find(change))
    done(desk)
    page.get_by_role("link", name="Why is it").first.click()
    steps = desk.find("main tbody").last.locator("tr")
    desk.camera.take("stock/why", page, desk.find(".page-head"), steps.nth(3))


@shows("problems/problem", "problems/journal", "problems/call")
def settle_a_problem(desk: Desk) -> None:
    page = desk.go("problems")
    ring = page.get_by_role("button", name="Retry").first
    desk.camera.take(
        "problems/problem",
        page,
        desk.find(".page-head"),
        desk.find("#problem-list article").nth(1),
        ring=ring,
    )
    desk.go("journal")
    desk.camera.take("problems/journal", page, desk.find(".page-head"), desk.find("main tbody tr").nth(5))
    desk.find("main tbody tr a").first.click()
    desk.shot("problems/call", ".page-head", "section[aria-label=Facts]")


@shows("people/invite", "people/reach", "people/key", "people/audit")
def invite_and_limit(desk: Desk) -> None:
    page = desk.go("people")
    invite = "section[aria-labelledby=invite-head]"
    desk.find(f"{invite} input[type=email]").fill("sora@example.com")
    desk.shot("people/invite", invite)
    desk.press("Make the link")
    expect(desk.find("#invite-link")).to_be_visible()
    desk.find("details.reach summary").nth(1).click()
    desk.camera.take("people/reach", page, desk.find("details.reach").nth(1))
    desk.go("keys")
    desk.find("section[aria-labelledby=make-head] input[name=name]").fill("Bookkeeping")
    desk.find("section[aria-labelledby=make-head] input[type=checkbox]").first.check()
    desk.shot("people/key", "section[aria-labelledby=make-head]")
    desk.press("Make the key")
    expect(desk.find("#made-key")).to_be_visible()
    desk.go("audit")
    desk.camera.take("people/audit", page, desk.find(".page-head"), desk.find("main tbody tr").nth(5))


@shows("outgoing-webhooks/messages", "people/you", "people/company")
def tell_programs_and_set_the_clock(desk: Desk) -> None:
    desk.go("endpoint")
    desk.shot("outgoing-webhooks/messages", ".page-head", "section[aria-labelledby=messages-head]")
    desk.go("me")
    desk.shot("people/you", "section[aria-labelledby=profile-head]")
    desk.go("company")
    desk.shot("people/company", "main .sheet")


def errands() -> list[Any]:
    return [
        connect_a_shop, ask_a_mall_s_owner, make_and_match, put_in_order, set_prices, plan_prices, change_stock_by_file,
        count_and_ask_why, settle_a_problem, invite_and_limit, tell_programs_and_set_the_clock,
    ]  # fmt: skip
