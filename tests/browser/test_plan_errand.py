"""Half the price, by mistake or on purpose: the plan is stopped, approved, applied, taken back; in two languages."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from entrepot.accounts.models import Seller
from entrepot.channels.models import ListingChange, Plan, Store
from entrepot.channels.services.offers_push import push_listings
from tests.browser.accessible import wrong_with
from tests.browser.world import sit
from tests.roads.rig import Place, Road, small_shop
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SHOTS = os.environ.get("SHOTS", "")
WORDS = {
    "en": {
        "change": "Change prices", "look": "Look at the prices",
        "stopped": "2 prices fall by more than 30 %, one by 50 %.",
        "mean": "Yes, I mean it", "apply": "Apply", "refused": "Nothing was changed.", "done": "2 / 2 done",
        "undo": "Plan the way back", "back": "Back:", "choose": "Choose RED sock", "choose_too": "Choose BLUE sock",
    },
    "ko": {
        "change": "가격 변경", "look": "가격 미리보기", "mean": "네, 맞습니다", "apply": "적용",
        "stopped": "가격 2건이 30 % 넘게 내려갑니다. 가장 큰 하락은 50 %입니다.",
        "refused": "아무것도 변경하지 않았습니다.", "done": "2 / 2 완료", "undo": "되돌리기 계획",
        "back": "되돌리기:", "choose": "RED sock", "choose_too": "BLUE sock",
    },
}  # fmt: skip


def looked_at(page: Page, name: str, language: str) -> None:
    """Nothing wrong for a screen reader, nothing too wide, at the desk and on a phone; a picture where asked."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_load_state()
        assert wrong_with(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"plan-{language}-{width}-{name}.png"), full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def told(page: Page, place: Place) -> None:
    """What a worker does meanwhile."""
    push_listings(Store.objects.get(pk=place.store.pk))
    page.reload()


def prices(place: Place) -> list[str]:
    return [place.shop.tables.products[number].price for number in (1, 2, 3)]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_half_the_price_is_stopped_approved_and_taken_back(
    transactional_db: None, chromium: Browser, live_server, language: str
) -> None:
    words = WORDS[language]
    seller = Seller.objects.create(name="한빛상회", language=language, timezone="Asia/Seoul")
    owner = make_person(seller, "owner", f"mina-{language}@example.com", language=language)
    road = Road(seller)
    with road.stack:
        place = road.connect(small_shop(RED=5, BLUE=3, GREEN=8))
        page = sit(chromium, owner, live_server.url, viewport={"width": 1440, "height": 900}).new_page()
        page.goto("/plans/")
        looked_at(page, "1-empty", language)
        page.goto("/listings/")
        for name in ("choose", "choose_too"):
            page.get_by_role("checkbox", name=words[name]).check()
        looked_at(page, "2-listings", language)
        page.get_by_role("button", name=words["change"]).click()
        page.wait_for_url("**/plans/new/**")
        page.fill("input[name=figure]", "-50")
        looked_at(page, "3-new", language)
        page.get_by_role("button", name=words["look"]).click()
        page.wait_for_url("**/plans/*/")
        assert words["stopped"] in page.inner_text("main")
        looked_at(page, "4-stopped", language)

        page.get_by_role("button", name=words["apply"]).click()
        page.wait_for_load_state()
        assert words["refused"] in page.inner_text("main")
        assert (ListingChange.objects.count(), prices(place)) == (0, ["10.0000"] * 3)

        page.get_by_label(words["mean"]).check()
        page.get_by_role("button", name=words["apply"]).click()
        page.wait_for_load_state()
        looked_at(page, "5-applied", language)
        told(page, place)
        assert words["done"] in page.inner_text("main")
        assert prices(place) == ["5.0000", "5.0000", "10.0000"]
        looked_at(page, "6-done", language)

        page.get_by_role("button", name=words["undo"]).click()
        page.wait_for_load_state()
        assert words["back"] in page.inner_text("h1")
        looked_at(page, "7-back", language)
        page.get_by_role("button", name=words["apply"]).click()
        page.wait_for_load_state()
        told(page, place)
        assert prices(place) == ["10.0000"] * 3
        assert list(Plan.objects.order_by("pk").values_list("state", flat=True)) == ["applied", "applied"]
