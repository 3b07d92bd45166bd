"""The errands of finding one's way, of the first day, of seeing instead of reading, and of two people at one form."""

from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from entrepot.catalog.services.patch import patch_items
from tests.browser.accessible import arrived
from tests.browser.pictures.camera import shows
from tests.browser.pictures.desk import Desk
from tests.roads.rig import MINA


@shows("find-your-way/palette", "find-your-way/keys")
def find_an_order_and_the_keys(desk: Desk) -> None:
    page = desk.go("dashboard")
    page.keyboard.press("Control+k")
    year = f"{timezone.localdate():%Y}"
    page.keyboard.type(year)
    expect(page.get_by_role("option", name=f"Orders with “{year}”")).to_be_visible()
    desk.shot("find-your-way/palette", "#palette")
    page.keyboard.press("Escape")
    expect(desk.find("#palette")).to_be_hidden()
    page.keyboard.press("Shift+Slash")
    desk.shot("find-your-way/keys", "#keys-sheet[open]")
    page.keyboard.press("Escape")


@shows("first-day/steps", "first-day/term")
def follow_the_first_steps(desk: Desk) -> None:
    page = desk.go("start")
    desk.camera.take("first-day/steps", page, desk.find(".page-head"), desk.find(".path-step").nth(3))
    desk.go("stock")
    term = desk.find("thead .term").filter(has_text="Available").first
    term.click()
    card = desk.find(".term-card:popover-open")
    expect(card).to_contain_text("Available")
    desk.camera.take("first-day/term", page, term, card, room=40)
    page.keyboard.press("Escape")


@shows("read-the-dashboard/top", "read-the-dashboard/days", "read-the-dashboard/stock")
def look_at_the_figures(desk: Desk) -> None:
    page = desk.go("dashboard")
    desk.shot("read-the-dashboard/top", "#dash-orders", "#dash-problems", "#dash-risk", "#dash-stores")
    expect(desk.find("#dash-trade canvas").first).to_be_visible()
    page.wait_for_timeout(400)  # the bars have grown
    desk.shot("read-the-dashboard/days", "#dash-trade")
    desk.go("stock-item")
    expect(desk.find("#item-history canvas")).to_be_visible()
    page.wait_for_timeout(400)
    desk.shot("read-the-dashboard/stock", "#item-history")


@shows("two-people-one-form/choice")
def choose_between_two_words(desk: Desk) -> None:
    page = desk.go("item-edit")
    item_id = int(page.url.rstrip("/").rsplit("/", 1)[-1])
    desk.find("#id_name").fill("Canon EOS 5D, blue body")
    patch_items(seller_id=desk.world.seller.pk, patches={item_id: {"name": "EOS 5D (blue)"}}, actor=MINA)
    desk.press("Save", desk.find("main form"))
    arrived(page)
    expect(desk.find(".torn-value")).to_have_text(["EOS 5D (blue)", "Canon EOS 5D, blue body"])
    desk.shot("two-people-one-form/choice", ".torn")


@shows("external-warehouse/address")
def name_the_other_system(desk: Desk) -> None:
    desk.go("endpoints")
    desk.find("#id_name").fill("Busan 3PL")
    desk.find("#id_url").fill("https://wms.example.com/entrepot")
    desk.shot("external-warehouse/address", "section[aria-labelledby=add-head]")


def errands() -> list[Any]:
    return [
        find_an_order_and_the_keys, follow_the_first_steps, look_at_the_figures, choose_between_two_words,
        name_the_other_system,
    ]  # fmt: skip
