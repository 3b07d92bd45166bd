"""What a role may not do is neither shown nor done."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from entrepot.accounts.access import ACTIONS
from entrepot.orders.models import Order
from tests.web.conftest import AtDesk
from tests.web.factories import full_house, make_person, sit_down
from tests.web.pages import WITH_IDS, address

WEB = Path("src/entrepot/web")
FORBIDDEN = {
    "read_only": [
        "order_move", "order_note", "order_tags", "order_line", "order_raw", "stock_adjust", "listing_match",
        "listing_unlink", "store_deed", "store_sync", "store_credentials", "problem_retry", "problem_resolve",
        "journal_entry", "person_role", "person_remove", "invitation_withdraw", "key_revoke",
    ],
    "picker": ["store", "problem_retry", "stock_adjust", "journal_entry", "store_sync", "listing_unlink"],
    "operator": ["store_deed", "store_credentials", "person_role", "key_revoke"],
}  # fmt: skip
PAGES = {
    "read_only": ["journal", "people", "keys", "company", "audit", "connect", "order_new"],
    "picker": ["stores", "problems", "journal", "people", "company"],
    "operator": ["people", "keys", "company", "audit", "connect"],
}


@pytest.mark.parametrize(("role", "name"), [(role, name) for role, rows in FORBIDDEN.items() for name in rows])
def test_a_role_is_refused_what_it_may_not(db: None, role: str, name: str) -> None:
    house = full_house()
    browser = sit_down(make_person(house.seller, role, "them@example.com"))

    answer = getattr(browser, WITH_IDS[name][0])(address(name, house), {"version": house.order.version})

    assert answer.status_code == 403
    assert Order.objects.get(pk=house.order.pk).version == house.order.version


@pytest.mark.parametrize(("role", "name"), [(role, name) for role, rows in PAGES.items() for name in rows])
def test_pages_outside_a_role_say_so(db: None, role: str, name: str) -> None:
    house = full_house()
    browser = sit_down(make_person(house.seller, role, "them@example.com"))

    answer = browser.get(reverse(f"web:{name}"))

    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()


def test_buttons_a_role_may_not_press_are_not_there(db: None) -> None:
    house = full_house()
    reader = sit_down(make_person(house.seller, "read_only", "them@example.com"))

    order = reader.get(reverse("web:order", args=[house.order.pk])).content.decode()
    store = reader.get(reverse("web:store", args=[house.store.pk])).content.decode()

    assert reverse("web:order_move", args=[house.order.pk, "release"]) not in order
    assert "Save note" not in order
    assert "Disconnect" not in store
    assert "Sync orders" not in store


def test_every_action_named_on_a_screen_is_in_the_table() -> None:
    named = {
        name.replace("_", ".", 1)
        for path in WEB.rglob("*.html")
        for name in re.findall(r"allowed\.([a-z_]+)", path.read_text())
    }
    asked = {
        name for path in WEB.rglob("*.py") for name in re.findall(r'(?:@desk|must|may)\("([a-z_.]+)"', path.read_text())
    }

    assert named - set(ACTIONS) == set()
    assert asked - set(ACTIONS) == set()


def test_a_member_of_two_sellers_chooses_for_whom_they_work(at_desk: AtDesk) -> None:
    other = full_house("Other")
    other.owner.user = at_desk.house.owner.user
    other.owner.save()

    assert b"Other shop" not in at_desk.browser.get(reverse("web:stores")).content
    at_desk.browser.post(reverse("web:switch_seller"), {"seller": other.seller.pk})

    assert b"Other shop" in at_desk.browser.get(reverse("web:stores")).content
