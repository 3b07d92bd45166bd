"""The errands of the warehouse: its desk, and the telephone on the floor."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.pictures.camera import shows
from tests.browser.pictures.desk import Desk


@shows("run-a-warehouse/mode", "run-a-warehouse/bins", "run-a-warehouse/today")
def set_it_up(desk: Desk) -> None:
    desk.go("wms-house")
    desk.shot("run-a-warehouse/mode", "section[aria-labelledby=mode-head]")
    desk.shot("run-a-warehouse/bins", "section[aria-labelledby=zones-head]")
    desk.go("wms")
    desk.shot("run-a-warehouse/today", "main .container-fluid")


@shows("run-a-warehouse/receive", "run-a-warehouse/receipt")
def receive(desk: Desk) -> None:
    desk.go("wms-receipt-new")
    desk.find("[name=supplier]").fill("Wool & Co")
    desk.find("[name=pasted]").fill("RED\t24\nBLUE\t12")
    desk.shot("run-a-warehouse/receive", ".page-head", "main .sheet")
    desk.find("form:has([name=pasted]) .btn-primary").click()
    expect(desk.find("section[aria-labelledby=lines-head]")).to_be_visible()
    desk.shot("run-a-warehouse/receipt", ".page-head", "section[aria-labelledby=lines-head]")


@shows("run-a-warehouse/wave", "run-a-warehouse/count", "run-a-warehouse/return")
def pick_count_and_take_back(desk: Desk) -> None:
    desk.go("wms-wave-new")
    desk.shot("run-a-warehouse/wave", "main .container-fluid")
    desk.go("wms-count-approve")
    desk.shot("run-a-warehouse/count", "main .container-fluid")
    desk.go("wms-return")
    desk.shot("run-a-warehouse/return", "main .container-fluid")


def at_the_desk() -> list[Any]:
    return [set_it_up, receive, pick_count_and_take_back]


@shows(
    *(
        f"work-on-the-floor/{step}"
        for step in ("home", "receive", "put-away", "pick", "pack", "hand-over", "count", "return")
    )
)
def walk(desk: Desk) -> None:
    screens = {
        "home": "home", "receive": "receipt", "put-away": "put-away-item", "pick": "walk", "pack": "pack-work",
        "hand-over": "manifest", "count": "count-bin", "return": "return",
    }  # fmt: skip
    for step, screen in screens.items():
        desk.go(screen)
        expect(desk.find("#floor")).to_be_visible()
        desk.camera.screen(f"work-on-the-floor/{step}", desk.page)


def on_the_floor() -> list[Any]:
    return [walk]
