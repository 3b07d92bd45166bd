"""A person's whole errand with a file: template, three bad rows, the corrected workbook, once more; two languages."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item
from entrepot.sheets import services
from entrepot.sheets.models import Upload
from tests.books import figure, make_items
from tests.browser.accessible import arrived, wrong_with
from tests.browser.world import sit
from tests.sheets.books_of_files import sheets, shop, xlsx
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SHOTS = os.environ.get("SHOTS", "")
WORDS = {
    "en": {
        "kind": "New products", "template": "Download the template", "upload": "Upload and check",
        "left": "3 rows are left out until they are corrected.", "result": "Download the corrected workbook",
        "apply": "Apply 2 rows", "apply_fixed": "Apply 3 rows", "fix": "To correct", "done": "Applied",
        "stock": "Stock", "approve": "Yes, I mean it", "gone": "Throw it away",
    },
    "ko": {
        "kind": "상품 신규 등록", "template": "양식 내려받기", "upload": "올리고 검사",
        "left": "3개 행은 고칠 때까지 제외됩니다.", "result": "결과 파일 내려받기", "apply": "2개 행 적용",
        "apply_fixed": "3개 행 적용", "fix": "고칠 행", "done": "적용됨", "stock": "재고", "approve": "네",
        "gone": "버리기",
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
            page.screenshot(path=str(Path(SHOTS) / f"excel-{language}-{width}-{name}.png"), full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def worked(page: Page) -> None:
    """What a worker does meanwhile."""
    for upload in Upload.objects.filter(state__in=["waiting", "checking", "applying"]):
        services.work_upload(upload.pk)
    page.reload()


def put_in(page: Page, words: dict[str, str], name: str, content: bytes) -> None:
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_role("button", name=words["upload"]).click()
    page.wait_for_url("**/sheets/*/")


def fetched(page: Page, role: str, name: str) -> bytes:
    with page.expect_download() as found:
        page.get_by_role(role, name=name).first.click()
    return Path(found.value.path()).read_bytes()


def seated(chromium: Browser, base: str, language: str) -> Page:
    seller = Seller.objects.create(name="한빛상회", language=language, timezone="Asia/Seoul")
    make_items(seller, OLD=5)
    shop(seller, OLD="12900")
    owner = make_person(seller, "owner", f"mina-{language}@example.com", language=language)
    return sit(chromium, owner, base, viewport={"width": 1440, "height": 900}).new_page()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_file_is_filled_corrected_and_applied(
    transactional_db: None, chromium: Browser, live_server, language: str
) -> None:
    words, page = WORDS[language], seated(chromium, live_server.url, language)
    page.goto("/sheets/")
    looked_at(page, "1-empty", language)
    page.get_by_role("link", name=words["kind"]).click()
    looked_at(page, "2-new", language)

    table = next(iter(sheets(fetched(page, "button", words["template"])).values()))
    heads = [str(cell) for cell in table[0]]
    assert len(table) == 2
    blank = ["" for _head in heads]
    rows = [heads, table[1], *([sku, name, *blank[2:]] for sku, name in [
        ("A-1", "빨간 양말"), ("A-2", "Blue sock"), ("OLD", "Known already"), ("", "No SKU"), ("1.23E+11", "Mangled"),
    ])]  # fmt: skip
    put_in(page, words, "양말 5월.xlsx", xlsx(rows))
    looked_at(page, "3-waiting", language)
    worked(page)
    assert words["left"] in page.inner_text("#upload-body")
    looked_at(page, "4-preview", language)

    page.get_by_role("button", name=words["apply"]).click()
    page.wait_for_load_state()
    worked(page)
    assert words["done"] in page.goto("/sheets/").text()
    assert set(Item.objects.values_list("sku", flat=True)) == {"OLD", "A-1", "A-2"}
    page.get_by_role("link", name="양말 5월.xlsx").click()
    looked_at(page, "5-done", language)
    fix = sheets(fetched(page, "link", words["result"]))[words["fix"]]
    assert [row[1:3] for row in fix[1:]] == [["OLD", "Known already"], ["", "No SKU"], ["1.23E+11", "Mangled"]]

    for row, sku in zip(fix[1:], ["A-3", "A-4", "A-5"], strict=True):
        row[1] = sku
    page.goto("/sheets/new/products-new/")
    put_in(page, words, "again.xlsx", xlsx(fix))
    worked(page)
    page.get_by_role("button", name=words["apply_fixed"]).click()
    page.wait_for_load_state()
    worked(page)
    assert Item.objects.filter(sku__startswith="A-").count() == 5


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_guard_rail_waits_for_a_person_and_a_wrong_file_is_answered(
    transactional_db: None, chromium: Browser, live_server, language: str
) -> None:
    words, page = WORDS[language], seated(chromium, live_server.url, language)
    page.goto("/sheets/new/stock/")
    looked_at(page, "6-stock", language)
    put_in(page, words, "재고.csv", "SKU,재고수량\r\nOLD,0\r\n".encode("cp949"))
    worked(page)
    looked_at(page, "7-guard", language)
    page.check("input[name=approved]")
    page.locator("form:has(input[name=approved]) button").click()
    arrived(page)
    worked(page)
    assert figure(Item.objects.get(sku="OLD").pk) == (0, 0)
    page.goto("/sheets/")
    looked_at(page, "8-list", language)
    page.goto("/sheets/new/products/")
    put_in(page, words, "wrong.csv", b"colour,size\r\nred,M\r\n")
    worked(page)
    looked_at(page, "9-failed", language)
    page.goto("/sheets/new/prices/")
    looked_at(page, "a-prices", language)
