"""Sixty orders at once, watched live: chosen by the filter, one refused and tried again. In English and in Korean."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from playwright.sync_api import Browser, Page, expect

from entrepot.channels.models import Store
from entrepot.channels.services import connect
from entrepot.orders import services as orders
from entrepot.orders.models import Bulk, Order
from entrepot.sheets.orders_bulk import carry_on
from tests.books import MINA, draft, line, make_items, make_seller, place
from tests.browser.accessible import wrong_with
from tests.browser.world import sit
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SHOTS = os.environ.get("SHOTS", "")
WIDTHS = {"wide": 1440, "narrow": 390}
LOOKS = (
    [(language, width) for language in ("en", "ko") for width in WIDTHS]
    if SHOTS
    else [("en", "wide"), ("ko", "narrow")]
)
FILE = "주문번호,주문자,SKU,수량,단가\r\nA-1,김서연,RED,2,12900\r\nA-1,,BLUE,1,5000\r\nA-2,이민준,REED,1,5000\r\n"


def counter(language: str) -> tuple[Store, list[int]]:
    """A counter with sixty orders, the seventh on hold."""
    seller = make_seller("Hanbit Trading" if language == "en" else "한빛상회")
    store = connect.connect_store(
        seller_id=seller.pk, name="Counter" if language == "en" else "매장", country="KR", currency="KRW",
        connector="offline", credentials={}, actor=MINA,
    )  # fmt: skip
    red = make_items(seller, RED=500, BLUE=500)["RED"]
    buyers = ("김서연", "이민준", "O'Brien & Søns")
    drafts = [draft(str(n), line(red), minute=n, buyer_name=buyers[n % 3], base_currency="KRW") for n in range(1, 61)]
    ids = [one.order_id for one in place(store.sales_channel, *drafts)]
    orders.hold(seller_id=seller.pk, order_id=ids[6], code="person", actor=MINA)
    return store, ids


def heard(page: Page, topic: str) -> None:
    page.evaluate("topic => document.dispatchEvent(new CustomEvent('entrepot:moved', {detail: topic}))", topic)


def on_phone(page: Page) -> bool:
    return page.viewport_size["width"] < 721


def unfold(page: Page) -> None:
    """On a telephone the bar is one line, and its deeds come when they are asked for."""
    bar, actions = page.locator("[data-selected-bar]"), page.get_by_role("button", name=_("Actions"), exact=True)
    release = bar.get_by_role("button", name=_("Release to warehouse"))
    if not on_phone(page):
        expect(actions).to_be_hidden()
        expect(release).to_be_visible()
        return
    expect(release).to_be_hidden()
    assert bar.bounding_box()["height"] < 110
    actions.click()
    expect(actions).to_have_attribute("aria-expanded", "true")
    expect(release).to_be_visible()


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_sixty_orders_at_once(chromium: Browser, live_server, language: str, width: str) -> None:
    store, ids = counter(language)
    owner = make_person(store.seller, "owner", language=language)
    context = sit(chromium, owner, live_server.url, viewport={"width": WIDTHS[width], "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))

    def look(name: str) -> None:
        wrong.extend(f"{name}: {one}" for one in wrong_with(page))
        if SHOTS:
            folder = Path(SHOTS) / f"{language}-{width}"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    with translation.override(language):
        _choose_and_begin(page, look)
        _watch(page, look, ids)
        _try_again(page, look, store, ids)
        _export(page, look)
        _by_file(page, look)
    page.goto(reverse("web:order_new"))
    look("new-order")
    page.goto(reverse("web:order_deeds"))
    look("deeds")
    context.close()
    assert not wrong, "\n".join(wrong)


def _choose_and_begin(page: Page, look) -> None:
    page.goto(reverse("web:orders") + "?q=")
    page.locator("input[data-row]").first.check()
    page.locator("[data-scope-set='filter']").click()
    if on_phone(page):
        look("list-chosen-folded")
    unfold(page)
    page.locator("details.drop-up summary").click()
    look("list-chosen")
    page.locator("details.drop-up summary").click()
    page.get_by_role("button", name=_("Release to warehouse")).click()
    expect(page.locator("main")).to_contain_text("60")
    look("ask")
    page.get_by_role("button", name=_("Release to warehouse")).click()


def _watch(page: Page, look, ids: list[int]) -> None:
    figures = page.locator("#deed-progress .run-figures")
    expect(figures).to_contain_text("0 / 60")
    bulk = Bulk.objects.latest("id")
    assert carry_on(bulk_id=bulk.pk, seconds=0)
    heard(page, f"bulk:{bulk.pk}")
    expect(figures).to_contain_text("20 / 60")
    expect(page.locator("#top-deeds")).to_contain_text(_("Release to warehouse"))
    look("deed-going")
    while carry_on(bulk_id=bulk.pk):
        pass
    heard(page, f"bulk:{bulk.pk}")
    heard(page, "bulks")
    expect(figures).to_contain_text("60 / 60")
    expect(page.locator("#top-deeds a")).to_have_count(0)
    page.locator("#deed-tabs a").filter(has_text=_("Refused")).click()
    expect(page.locator("#deed-results tbody tr")).to_have_count(1)
    expect(page.locator("#deed-results")).to_contain_text("#7")
    expect(page.locator("#deed-results")).to_contain_text(_("On hold"))
    look("deed-refused")
    assert Order.objects.filter(pk__in=ids, status="rfp").count() == 59


def _try_again(page: Page, look, store: Store, ids: list[int]) -> None:
    orders.unhold(seller_id=store.seller_id, order_id=ids[6], actor=MINA)
    page.get_by_role("button", name=_("Try the refused again")).click()
    expect(page.locator(".notice").first).to_contain_text(_("Release to warehouse"))
    assert Order.objects.filter(pk__in=ids, status="rfp").count() == 60


def _export(page: Page, look) -> None:
    page.goto(reverse("web:orders") + "?q=")
    page.locator("input[data-row]").first.check()
    unfold(page)
    page.locator("details.drop-up summary").click()
    page.get_by_role("button", name=_("Export to Excel")).click()
    page.wait_for_url("**/orders/bulk/")
    look("export")
    page.get_by_role("button", name=_("Export to Excel")).click()
    with page.expect_download() as download:
        page.locator("#deed-progress a[href*='/files/']").click()
    assert download.value.suggested_filename == f"orders-{Bulk.objects.latest('id').pk}.xlsx"


def _by_file(page: Page, look) -> None:
    page.goto(reverse("web:orders_import"))
    look("import")
    page.locator("#id_file").set_input_files(
        {"name": "주문.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp949")}
    )
    page.get_by_role("button", name=_("Look at the file")).click()
    expect(page.locator("main")).to_contain_text("REED")
    look("import-looked")
    page.locator("form[action$='/confirm/'] button").click()
    expect(page.locator("#deed-progress")).to_contain_text("1 / 1")
    look("import-done")
    assert Order.objects.get(number="A-1").total == 30800
