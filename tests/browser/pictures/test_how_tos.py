"""Each errand of the how-tos is done in Chromium; on the way the pictures of the docs are taken, or looked for."""

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.floor_world import make_floor_world
from tests.browser.looks import pages
from tests.browser.pictures import desk as at_desk
from tests.browser.pictures import goods, warehouse, ways
from tests.browser.pictures.camera import SHOWN, TELEPHONE, WIDE, Camera
from tests.browser.pictures.desk import Desk
from tests.browser.test_warehouse_desk import busy_floor
from tests.browser.test_warehouse_desk import pages as warehouse_pages
from tests.browser.world import make_world, sit
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400), pytest.mark.usefixtures("transactional_db")]


def go_through(desk: Desk, errands: Sequence[Any]) -> None:
    """Do one errand after the other; what goes wrong in one does not stop the others."""
    wrong: list[str] = []
    desk.page.on("pageerror", lambda error: wrong.append(f"{desk.page.url}: {error}"))
    for errand in errands:
        before = len(desk.camera.taken)
        try:
            errand(desk)
        except Exception as trouble:  # noqa: BLE001 - all of them are told at the end
            wrong.append(f"{errand.__name__} at {desk.page.url}: {str(trouble)[:600]}")
            continue
        owed = {name for name, by in SHOWN.items() if by == errand.__name__}
        if set(desk.camera.taken[before:]) != owed:
            wrong.append(f"{errand.__name__} says {sorted(owed)} and took {desk.camera.taken[before:]}")
    assert not wrong, "\n".join(wrong)


def test_the_errands_of_the_desk(chromium: Browser, live_server, settings) -> None:
    settings.PUBLIC_URL = live_server.url
    world = make_world("en")
    with world.road.stack:
        context = sit(chromium, world.owner, live_server.url, viewport=WIDE)
        context.set_default_timeout(10_000)
        desk = Desk(context.new_page(), Camera(), pages(world), world)
        go_through(desk, [*ways.errands(), *at_desk.errands(), *goods.errands()])
        context.close()


def test_the_errands_of_the_warehouse(chromium: Browser, live_server) -> None:
    floor = busy_floor()
    owner = make_person(floor.channel.seller)
    context = sit(chromium, owner, live_server.url, viewport=WIDE)
    context.set_default_timeout(10_000)
    go_through(Desk(context.new_page(), Camera(), warehouse_pages(floor)), warehouse.at_the_desk())
    context.close()


def test_the_errands_of_the_floor(chromium: Browser, live_server) -> None:
    world = make_floor_world("en")
    context = sit(chromium, world.picker, live_server.url, viewport=TELEPHONE, has_touch=True)
    context.set_default_timeout(10_000)
    go_through(Desk(context.new_page(), Camera(), world.addresses), warehouse.on_the_floor())
    context.close()
