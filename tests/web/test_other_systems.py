"""The screens for other systems that are told things."""

import pytest
from django.urls import reverse

from entrepot.accounts.models import Membership
from entrepot.inventory import services as inventory
from entrepot.outgoing.models import Attempt, Endpoint, Notice
from tests.books import MINA
from tests.web.factories import House, full_house, make_person, sit_down


@pytest.fixture
def house(db: None) -> House:
    return full_house()


def page(answer) -> str:
    return answer.content.decode()


def test_an_address_is_added_and_its_secret_shown_this_once(house: House) -> None:
    browser = sit_down(house.owner)
    facts = {"name": "BI", "url": "https://bi.example.com/hook", "kinds": ["order.created", "stock.changed"]}

    answer = browser.post(reverse("web:endpoints"), facts)

    made = Endpoint.objects.get(name="BI")
    assert (made.kinds, made.warehouse_id, made.state) == (["order.created", "stock.changed"], None, "active")
    secret = page(answer).partition('id="made-secret">')[2].partition("<")[0]
    assert secret.startswith("whsec_")
    assert secret not in page(browser.get(reverse("web:endpoints")))
    assert secret not in page(browser.get(reverse("web:endpoint", args=[made.pk])))


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(house: House) -> None:
    browser = sit_down(house.owner)

    answer = browser.post(reverse("web:endpoints"), {"name": "BI", "url": "bi.example.com", "kinds": ["order.created"]})

    assert answer.status_code == 422
    assert "“bi.example.com” cannot be used." in page(answer)
    assert Endpoint.objects.count() == 1
    answer = browser.post(reverse("web:endpoints"), {"name": "BI", "url": "https://bi.example.com"})
    assert "Choose at least one kind of message" in page(answer)
    assert Endpoint.objects.count() == 1


def test_the_system_of_an_external_warehouse_can_be_entered_once(house: House) -> None:
    browser = sit_down(house.owner)
    place = inventory.default_warehouse(seller_id=house.seller.pk, actor=MINA)
    inventory.set_mode(seller_id=house.seller.pk, warehouse_id=place.pk, mode="external", actor=MINA)
    facts = {"name": "3PL", "url": "https://3pl.example.com", "warehouse": place.pk, "label": "zpl"}

    browser.post(reverse("web:endpoints"), facts)

    made = Endpoint.objects.get(name="3PL")
    assert (made.warehouse_id, made.label, made.kinds) == (place.pk, "zpl", [])
    assert f'value="{place.pk}"' not in page(browser.get(reverse("web:endpoints")))
    assert "return.expected" in page(browser.get(reverse("web:endpoint", args=[made.pk])))


def test_it_is_tested_paused_resumed_and_forgotten(house: House) -> None:
    browser, number = sit_down(house.owner), house.endpoint.pk

    def press(deed: str) -> None:
        assert browser.post(reverse("web:endpoint_deed", args=[number, deed])).status_code == 302

    press("test")
    assert Notice.objects.filter(endpoint=number, kind="ping", taken_at=None).count() == 1
    press("pause")
    assert Endpoint.objects.get(pk=number).state == "paused"
    press("test")
    assert Notice.objects.filter(endpoint=number, kind="ping").count() == 1
    press("resume")
    assert Endpoint.objects.get(pk=number).state == "active"
    press("delete")
    assert not Endpoint.objects.filter(pk=number).exists()
    assert browser.post(reverse("web:endpoint_deed", args=[number, "burn"])).status_code == 404


def test_a_new_secret_is_shown_and_both_sign_for_a_day(house: House) -> None:
    answer = sit_down(house.owner).post(reverse("web:endpoint_deed", args=[house.endpoint.pk, "secret"]))

    assert 'id="made-secret">whsec_' in page(answer)
    assert Endpoint.objects.get(pk=house.endpoint.pk).previous_until is not None


def test_a_message_shows_its_tries_and_no_personal_data_and_can_be_sent_again(house: House) -> None:
    browser, notice = sit_down(house.owner), house.notice
    Notice.objects.filter(pk=notice.pk).update(
        body='{"type": "order.released", "data": {"number": "#7", "ship_to": {"name": "김서연", "city": "서울"}}}'
    )
    Attempt.objects.create(
        notice=notice, at=notice.made_at, milliseconds=3, status=503, error_code="target_broken", answer="down"
    )

    seen = page(browser.get(reverse("web:notice", args=[notice.pk])))

    assert "127.0.0.1 failed on the message (503)." in seen
    assert "#7" in seen
    assert "서울" not in seen
    assert "김서연" not in seen
    browser.post(reverse("web:notice_again", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.taken_at is None


@pytest.mark.parametrize("role", ["operator", "picker", "read_only"])
def test_who_may_not_change_settings_sees_none_of_it(house: House, role: str) -> None:
    browser = sit_down(make_person(house.seller, role, f"{role}@example.com"))

    assert browser.get(reverse("web:endpoints")).status_code == 403
    assert browser.post(reverse("web:endpoint_deed", args=[house.endpoint.pk, "pause"])).status_code == 403
    assert Endpoint.objects.get(pk=house.endpoint.pk).state == "active"


def test_who_works_for_some_stores_only_cannot_let_others_hear_of_all(house: House) -> None:
    limited = make_person(house.seller, "manager", "limited@example.com")
    Membership.objects.filter(pk=limited.pk).update(store_ids=[house.store.pk])
    facts = {"name": "BI", "url": "https://bi.example.com/hook", "kinds": ["order.created"]}

    answer = sit_down(limited).post(reverse("web:endpoints"), facts)

    assert "You work for some stores or warehouses only" in page(answer)
    assert Endpoint.objects.count() == 1
