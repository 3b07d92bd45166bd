"""The SKU doctor's screen: what was found is put right from it, one by one or many at once."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entrepot.catalog.models import Item
from entrepot.channels.models import Finding, Listing
from tests.web.conftest import AtDesk
from tests.web.factories import House, make_listing, make_person, sit_down


@pytest.fixture
def house(at_desk: AtDesk) -> House:
    return at_desk.house


@pytest.fixture
def browser(at_desk: AtDesk) -> Client:
    return at_desk.browser


def doctor(house: House, code: str = "") -> str:
    return reverse("web:store_findings", args=[house.store.pk]) + (f"?code={code}" if code else "")


def fix(house: House, browser: Client, **words: object) -> str:
    address = reverse("web:store_findings_fix", args=[house.store.pk])
    return browser.post(address, {"back": doctor(house), **words}, follow=True).content.decode()


def twin(house: House) -> tuple[Finding, Listing]:
    return Finding.objects.get(store=house.store), make_listing(house.store, None, "44", remote_sku="RED")


def test_the_ways_to_put_it_right_stand_beside_it(house: House, browser: Client):
    finding, _listing = twin(house)
    page = browser.get(doctor(house)).content.decode()
    assert "It is the same thing as RED" in page
    assert f'name="fix" value="own:{finding.pk}"' in page


def test_one_is_put_right_and_leaves_the_list(house: House, browser: Client):
    finding, listing = twin(house)
    page = fix(house, browser, fix=f"own:{finding.pk}", **{f"sku-{finding.pk}": "RED-2"})
    assert "1 finding put right." in page
    assert "Nothing found" in page
    listing.refresh_from_db()
    assert listing.item is not None
    assert listing.item.sku == "RED-2"


def test_many_of_one_kind_are_put_right_at_once_and_a_refusal_names_its_reason(house: House, browser: Client):
    finding, listing = twin(house)
    gone = Finding.objects.create(
        seller=house.seller, store=house.store, code="duplicate_sku", remote_id="45", sku="RED", title="No listing",
        blocking=True, found_at=timezone.now(),
    )  # fmt: skip
    assert "They are the same things" in browser.get(doctor(house, "duplicate_sku")).content.decode()
    page = fix(house, browser, fix="same", finding=[finding.pk, gone.pk])
    assert "1 finding put right." in page
    assert "1 × “No listing” cannot be put right like that." in page
    listing.refresh_from_db()
    assert listing.item_id == house.items["RED"]


def test_two_spellings_of_one_sku_lead_to_the_merge(house: House, browser: Client):
    Finding.objects.filter(store=house.store).update(code="sku_case", facts={"other": "red"}, blocking=False)
    assert "?keep=red&amp;other=RED" in browser.get(doctor(house)).content.decode()


def test_nothing_chosen_and_those_who_may_not_change_nothing(house: House, browser: Client):
    finding, _listing = twin(house)
    before = Item.objects.count()
    assert "Choose at least one row first." in fix(house, browser, fix="own")
    viewer = sit_down(make_person(house.seller, "read_only"))
    assert "own:" not in viewer.get(doctor(house)).content.decode()
    address = reverse("web:store_findings_fix", args=[house.store.pk])
    assert viewer.post(address, {"fix": f"own:{finding.pk}"}).status_code == 403
    assert Item.objects.count() == before
