"""An empty list says why it is empty and what to do next, with a button that whoever reads it may press."""

import re
from html import unescape

import pytest
from django.urls import reverse

from entrepot.accounts.models import Role
from tests.books import make_seller
from tests.web.conftest import AtDesk
from tests.web.factories import make_person, sit_down
from tests.web.pages import LISTS, NO_SCREENS

EMPTY = re.compile(r'<div class="empty-state([^"]*)">(.*?)</div>', re.DOTALL)
TITLE = re.compile(r'<p class="empty-title">([^<]+)</p>')
TEXT = re.compile(r'<p class="empty-text">([^<]+)</p>')
LINK = re.compile(r'<a class="btn[^"]*" href="([^"]+)">([^<]+)</a>')
PAGES = sorted(LISTS - NO_SCREENS - {"floor"})
HAVE_A_LIST = {
    "orders", "products", "listings", "stock", "stores", "problems", "journal", "keys", "listing_changes",
    "differences", "carriers", "carrier_rules", "merge_suggestions", "sheets", "endpoints", "order_deeds", "mapping",
    "categories", "promotions", "price_lists", "plans", "wms_bins", "wms_stock", "wms_put_away", "wms_receipts",
    "wms_counts", "wms_work", "wms_waves", "wms_shorts", "wms_put_backs", "wms_packs", "wms_manifests", "wms_returns",
}  # fmt: skip
FILTERED = {
    "orders": "q=zzz",
    "products": "q=zzz",
    "listings": "q=zzz",
    "stock": "q=zzz",
    "journal": "about=order:1",
    "mapping": "q=zzz",
    "categories": "q=zzz",
    "audit": "verb=zzz",
    "wms_work": "q=zzz",
    "wms_stock": "q=zzz",
    "wms_packs": "q=zzz",
}


@pytest.mark.parametrize("role", [Role.OWNER, Role.OPERATOR, Role.PICKER, Role.READ_ONLY])
def test_every_empty_list_of_a_new_seller_says_why_and_leads_on(db: None, role: str) -> None:
    browser = sit_down(make_person(make_seller("New"), role))
    seen = set()
    for name in PAGES:
        answer = browser.get(reverse(f"web:{name}"))
        if answer.status_code != 200:
            assert answer.status_code in {302, 403}, name
            continue
        page = answer.content.decode()
        for kind, inside in EMPTY.findall(page):
            seen.add(name)
            assert len(TITLE.findall(inside)) == 1, name
            if "empty-small" not in kind:
                assert [text for text in TEXT.findall(inside) if text.strip().endswith(".")], (name, inside)
                assert LINK.findall(inside) or role != Role.OWNER, (name, inside)
            for address, _word in LINK.findall(inside):
                if address.startswith("#"):
                    assert f'id="{address[1:]}"' in page, (name, address)
                else:
                    assert browser.get(unescape(address), follow=True).status_code == 200, (name, role, address)

    assert role != Role.OWNER or seen >= HAVE_A_LIST


@pytest.mark.parametrize("name", sorted(FILTERED))
def test_a_list_that_its_filters_leave_empty_says_so_and_clears_them(at_desk: AtDesk, name: str) -> None:
    page = at_desk.browser.get(f"{reverse(f'web:{name}')}?{FILTERED[name]}").content.decode()

    kind, inside = next(found for found in EMPTY.findall(page) if "empty-small" not in found[0])
    assert "fit" in TITLE.findall(inside)[0], (name, kind)
    address, word = LINK.findall(inside)[0]
    assert word == "Clear the filters"
    cleared = at_desk.browser.get(reverse(f"web:{name}") + unescape(address)).content.decode()
    assert [found for found in EMPTY.findall(cleared) if "fits these" in found[1]] == []
