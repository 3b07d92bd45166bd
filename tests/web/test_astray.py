"""Who goes astray stays at the desk: the menu, what happened, and the ways on, in the person's language."""

import pytest
from django.test import Client
from django.urls import reverse

from entrepot.accounts.models import User
from tests.web.conftest import AtDesk
from tests.web.factories import sit_down

NOWHERE = "/no/such/page"


def test_an_unknown_address_keeps_the_menu_and_says_where_to_go(at_desk: AtDesk) -> None:
    answer = at_desk.browser.get(NOWHERE)

    page = answer.content.decode()
    assert answer.status_code == 404
    assert 'id="side-menu"' in page
    assert "There is nothing at this address" in page
    assert "data-palette" in page.partition("<main")[2]
    assert f'href="{reverse("web:dashboard")}"' in page.partition("<main")[2]
    assert answer["Cache-Control"] == "no-store, private"


def test_an_unknown_address_speaks_the_persons_language(at_desk: AtDesk) -> None:
    User.objects.filter(pk=at_desk.house.owner.user_id).update(language="ko")

    page = at_desk.browser.get(NOWHERE).content.decode()

    assert '<html lang="ko"' in page
    assert "이 주소에는 아무것도 없습니다" in page


def test_the_way_back_leads_to_the_page_one_came_from(at_desk: AtDesk) -> None:
    came = "http://testserver/orders/?tab=all&page=2"

    page = at_desk.browser.get(NOWHERE, headers={"referer": came}).content.decode()

    assert 'href="/orders/?tab=all&amp;page=2"' in page


@pytest.mark.parametrize("came", ["https://elsewhere.example/trap", f"http://testserver{NOWHERE}", "javascript:1", ""])
def test_the_way_back_leads_neither_elsewhere_nor_to_the_same_page(at_desk: AtDesk, came: str) -> None:
    page = at_desk.browser.get(NOWHERE, headers={"referer": came}).content.decode()

    assert "Back to where you were" not in page


def test_a_thing_of_somebody_else_has_the_same_ways_on(at_desk: AtDesk) -> None:
    came = "http://testserver/orders/"

    page = at_desk.browser.get(reverse("web:order", args=[999_999]), headers={"referer": came}).content.decode()

    assert "Back to where you were" in page
    assert "data-palette" in page.partition("<main")[2]


@pytest.mark.django_db
def test_who_is_signed_out_reads_a_plain_page() -> None:
    answer = Client().get(NOWHERE)

    page = answer.content.decode()
    assert answer.status_code == 404
    assert "There is nothing at this address" in page
    assert 'id="side-menu"' not in page


def test_a_form_that_is_too_old_is_refused_inside_the_desk_and_leads_back_to_it(at_desk: AtDesk) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = at_desk.browser.cookies

    answer = strict.post(reverse("web:me"), {"name": "Changed"}, headers={"referer": "http://testserver/me/"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'id="side-menu"' in page
    assert "This form is too old" in page
    assert 'href="/me/"' in page
    assert User.objects.get(pk=at_desk.house.owner.user_id).name != "Changed"


def test_a_page_that_the_role_does_not_open_has_the_ways_on(at_desk: AtDesk) -> None:
    at_desk.house.owner.role = "picker"
    at_desk.house.owner.save(update_fields=["role"])

    answer = sit_down(at_desk.house.owner).get(reverse("web:people"), headers={"referer": "http://testserver/floor/"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "data-palette" in page.partition("<main")[2]
    assert "Back to where you were" in page
