"""Pictures from a person's own computer: one that is refused, two that are kept and seen. In English and in Korean."""

import os
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from playwright.sync_api import Browser, FilePayload, expect

from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ProductDraft
from tests.books import MINA, make_seller
from tests.browser.accessible import wrong_with
from tests.browser.world import sit
from tests.pictures import drawn, png
from tests.web.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SHOTS = os.environ.get("SHOTS", "")
FILES: list[FilePayload] = [
    {"name": "양말.png", "mimeType": "image/png", "buffer": png()},
    {"name": "page.png", "mimeType": "image/png", "buffer": b"<html>"},
    {"name": "back.jpg", "mimeType": "image/jpeg", "buffer": drawn("JPEG")},
]


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("ko", 390)])
def test_files_become_pictures_of_a_product(chromium: Browser, live_server, language: str, width: int) -> None:
    seller = make_seller()
    made = catalog.create_product(
        seller_id=seller.pk, draft=ProductDraft(name="Wool sock", items=[ItemDraft(sku="SOCK")]), actor=MINA
    )
    owner = make_person(seller, "owner", language=language)
    context = sit(chromium, owner, live_server.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)

    page.goto(f"{live_server.url}/products/{made.pk}/edit/")
    with translation.override(language):
        page.get_by_label(_("Name")).first.fill("Warm sock")
        page.get_by_label(_("Pictures from your computer")).set_input_files(FILES)
        page.get_by_role("button", name=_("Save")).click()
        refusal = _("This is no picture that can be read. Give a JPEG, PNG, GIF or WebP file.")
        expect(page.locator("#id_pictures_error")).to_have_text(f"page.png: {refusal}")
        expect(page.get_by_label(_("Name")).first).to_have_value("Warm sock")
        thumbs = page.locator(".thumbs img")
        expect(thumbs).to_have_count(2)
        widths = "all => all.map(one => one.naturalWidth)"
        page.wait_for_load_state("networkidle")
        assert thumbs.evaluate_all(widths) == [64, 40]
        assert wrong_with(page) == []
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/refused-{language}-{width}.png", full_page=True)
        page.get_by_role("button", name=_("Save")).click()
    page.wait_for_url(f"{live_server.url}/products/{made.pk}/")
    page.wait_for_load_state("networkidle")
    assert page.locator(".thumbs img").evaluate_all(widths) == [64, 40]
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/kept-{language}-{width}.png", full_page=True)
    made.refresh_from_db()
    assert (made.name, len(made.images)) == ("Warm sock", 1)
    assert wrong == []
    context.close()
