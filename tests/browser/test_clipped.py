"""The look for text that is cut off finds what it should, and nothing that is told in full elsewhere."""

import pytest
from playwright.sync_api import Browser

from tests.browser.clipped import clipped

pytestmark = pytest.mark.browser
CUT = "width: 60px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis"


def test_text_cut_off_and_text_on_text_are_found(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(
        f"""<main><h2 style="{CUT}">A heading that is much too long</h2>
        <p style="{CUT}" title="All of a long remark">All of a long remark</p>
        <p style="height: 12px; overflow: hidden; line-height: 20px">Two lines<br>that do not fit</p>
        <button class="btn">Save</button><button class="btn" style="margin-left: -30px">Back</button></main>"""
    )

    found = clipped(page)

    assert [one.split(":")[0] for one in found[:2]] == ["cut off at the side", "cut off below"]
    assert "A heading that is much too long" in found[0]
    assert "lies on button.btn “Back”" in found[2]
    assert len(found) == 3
    page.close()
