"""What stores call carriers, how parcels are sent, prices in a list, and what is taken away: nobody's word is lost.

At the end every address that takes a form is walked through: each is watched, or says why nothing can be overwritten.
"""

import inspect
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from entrepot.channels.models import ListingChange, ListPrice, PriceList, RemoteCarrier, Store
from entrepot.channels.services.price_lists import Written, write_prices
from entrepot.fulfilment.models import CarrierRule
from entrepot.outgoing.models import Endpoint
from entrepot.web.urls import urlpatterns
from tests.books import MINA
from tests.web.conftest import AtDesk
from tests.web.factories import make_person, sit_down
from tests.web.pages import OPEN
from tests.web.test_every_form_is_watched import form_with, goes_to, posting
from tests.web.test_isolation import everything
from tests.web.test_two_people import fields_of


@pytest.fixture
def mina(at_desk: AtDesk) -> Client:
    """A colleague's browser."""
    person = make_person(at_desk.house.seller, "owner", "mina@example.com")
    person.user.name = "Mina"
    person.user.save(update_fields=["name"])
    return sit_down(person)


def form_to(browser: Client, page: str, target: str) -> dict[str, Any]:
    """What a browser would send of the form of a page that goes to this address."""
    text = browser.get(page).content.decode()
    return fields_of(next(form for form in posting(text) if goes_to(form, page) == target))


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


# --------------------------------------------------------------------------- carriers and stores


def test_two_who_send_a_store_s_parcels_differently_must_choose(at_desk: AtDesk, mina: Client) -> None:
    store, page = at_desk.house.store, reverse("web:carriers")
    field = f"mode-{store.pk}"
    target, mine = form_with(at_desk.browser, page, field)
    _, theirs = form_with(mina, page, field)

    assert mina.post(target, theirs | {field: "self"}).status_code == 302
    asked = at_desk.browser.post(target, mine | {field: "by_channel"})

    assert asked.status_code == 409
    text = asked.content.decode()
    assert text.count(f'name="choose-{field}"') == 2
    assert re.search(r'<span class="torn-who">Mina, ', text)
    assert Store.objects.get(pk=store.pk).settings["shipping"] == "self"
    again = fields_of(next(form for form in posting(text) if "choose-" in form))
    assert at_desk.browser.post(target, again | {f"choose-{field}": "mine"}).status_code == 302
    assert Store.objects.get(pk=store.pk).settings["shipping"] == "by_channel"


def test_another_store_s_way_of_sending_is_kept_as_a_colleague_set_it(at_desk: AtDesk, mina: Client) -> None:
    one, two, page = at_desk.house.store, at_desk.house.mall, reverse("web:carriers")
    target, mine = form_with(at_desk.browser, page, f"mode-{one.pk}")
    _, theirs = form_with(mina, page, f"mode-{one.pk}")
    mina.post(target, theirs | {f"mode-{two.pk}": "self"})

    answer = at_desk.browser.post(target, mine | {f"mode-{one.pk}": "by_channel"})

    assert answer.status_code == 302
    found = {row.pk: row.settings.get("shipping") for row in Store.objects.filter(pk__in=[one.pk, two.pk])}
    assert found == {one.pk: "by_channel", two.pk: "self"}


def test_two_who_name_a_carrier_differently_in_a_store_must_choose(at_desk: AtDesk, mina: Client) -> None:
    store, carrier = at_desk.house.store, at_desk.house.carrier
    for code in ("A", "B", "C"):
        RemoteCarrier.objects.create(store=store, remote_id=code, name=f"Carrier {code}")
    page, field = reverse("web:carrier", args=[carrier.pk]), f"store-{store.pk}"
    target, mine = form_with(at_desk.browser, page, field)
    _, theirs = form_with(mina, page, field)

    assert mina.post(target, theirs | {field: "A"}).status_code == 302
    asked = at_desk.browser.post(target, mine | {field: "B"})

    assert asked.status_code == 409
    assert asked.content.decode().count(f'name="choose-{field}"') == 2
    assert Store.objects.get(pk=store.pk).settings["carrier_codes"] == {str(carrier.pk): "A"}


# --------------------------------------------------------------------------- taken away


def test_a_rule_that_a_colleague_changed_is_not_deleted_unseen(at_desk: AtDesk, mina: Client) -> None:
    rule, page = at_desk.house.rule, reverse("web:carrier_rules")
    target = reverse("web:carrier_rule_deed", args=[rule.pk, "delete"])
    mine = form_to(at_desk.browser, page, target)
    there, theirs = form_with(mina, reverse("web:carrier_rule", args=[rule.pk]), "sku")
    assert mina.post(there, theirs | {"sku": "WOOL-*"}).status_code == 302
    before = everything(at_desk.house)

    answer = at_desk.browser.post(target, mine, headers={"referer": f"http://testserver{page}"}, follow=True)

    assert everything(at_desk.house) == before
    assert [words for words in said(answer) if re.match(r"Mina, .+ changed this after you opened it: ", words)]
    assert at_desk.browser.post(target, form_to(at_desk.browser, page, target)).status_code == 302
    assert not CarrierRule.objects.filter(pk=rule.pk).exists()


def test_a_price_list_in_which_a_colleague_wrote_is_not_deleted_unseen(at_desk: AtDesk, mina: Client) -> None:
    house = at_desk.house
    made = PriceList.objects.create(
        seller=house.seller, name="Spare", currency="KRW", kind="fixed", step=1, updated_at=house.price_list.updated_at
    )
    page, target = reverse("web:price_list_edit", args=[made.pk]), reverse("web:price_list_delete", args=[made.pk])
    mine = form_to(at_desk.browser, page, target)
    written = {"sku": "RED", "price": "12000", "retail_price": ""}
    assert mina.post(reverse("web:price_list", args=[made.pk]), written).status_code == 302
    before = everything(house)

    answer = at_desk.browser.post(target, mine, headers={"referer": f"http://testserver{page}"}, follow=True)

    assert everything(house) == before
    assert [words for words in said(answer) if "changed this after you opened it: the list, or a price in it" in words]
    assert at_desk.browser.post(target, form_to(at_desk.browser, page, target)).status_code == 302
    assert not PriceList.objects.filter(pk=made.pk).exists()


def test_an_address_that_a_colleague_changed_is_not_deleted_unseen(at_desk: AtDesk, mina: Client) -> None:
    endpoint = at_desk.house.endpoint
    page, target = (
        reverse("web:endpoint", args=[endpoint.pk]),
        reverse("web:endpoint_deed", args=[endpoint.pk, "delete"]),
    )
    mine = form_to(at_desk.browser, page, target)
    there, theirs = form_with(mina, page, "name")
    assert mina.post(there, theirs | {"name": "Wool books"}).status_code == 302
    before = everything(at_desk.house)

    at_desk.browser.post(target, mine)

    assert everything(at_desk.house) == before
    assert at_desk.browser.post(target, form_to(at_desk.browser, page, target)).status_code == 302
    assert not Endpoint.objects.filter(pk=endpoint.pk).exists()


# --------------------------------------------------------------------------- prices in a list


def test_a_price_that_a_colleague_wrote_meanwhile_is_told_and_written_over_only_the_second_time(
    at_desk: AtDesk, mina: Client
) -> None:
    house = at_desk.house
    made, red = house.price_list, house.items["RED"]
    page = reverse("web:price_list", args=[made.pk])
    write_prices(seller_id=house.seller.pk, price_list_id=made.pk, prices={red: Written(Decimal(9000))}, actor=MINA)
    mine, theirs = (form_to(browser, page, page) for browser in (at_desk.browser, mina))
    assert json.loads(mine["saw"][0])[str(red)]
    assert mina.post(page, theirs | {"sku": "RED", "price": "12000"}).status_code == 302

    asked = at_desk.browser.post(page, mine | {"sku": "RED", "price": "13000"})

    assert asked.status_code == 422
    assert "this page did not show that. Mina wrote in the list last." in asked.content.decode()
    assert ListPrice.objects.get(price_list=made, item_id=red).price == 12000
    again = fields_of(next(form for form in posting(asked.content.decode()) if 'name="price"' in form))
    assert at_desk.browser.post(page, again).status_code == 302
    assert ListPrice.objects.get(price_list=made, item_id=red).price == 13000


def test_a_price_that_the_page_shows_is_changed_without_a_question(at_desk: AtDesk) -> None:
    house = at_desk.house
    made, red = house.price_list, house.items["RED"]
    page = reverse("web:price_list", args=[made.pk])
    write_prices(seller_id=house.seller.pk, price_list_id=made.pk, prices={red: Written(Decimal(9000))}, actor=MINA)

    answer = at_desk.browser.post(page, form_to(at_desk.browser, page, page) | {"sku": "RED", "price": "9500"})

    assert answer.status_code == 302
    assert ListPrice.objects.get(price_list=made, item_id=red).price == 9500


def test_a_price_that_a_colleague_changed_is_not_taken_out_unseen(at_desk: AtDesk, mina: Client) -> None:
    house = at_desk.house
    made, red = house.price_list, house.items["RED"]
    page, target = (
        reverse("web:price_list", args=[made.pk]),
        reverse("web:price_take_out", args=[made.pk, red]),
    )
    write_prices(seller_id=house.seller.pk, price_list_id=made.pk, prices={red: Written(Decimal(9000))}, actor=MINA)
    mine = form_to(at_desk.browser, page, target)
    mina.post(page, form_to(mina, page, page) | {"sku": "RED", "price": "9100"})
    before = everything(house)

    at_desk.browser.post(target, mine)

    assert everything(house) == before
    assert at_desk.browser.post(target, form_to(at_desk.browser, page, target)).status_code == 302
    assert not ListPrice.objects.filter(price_list=made, item_id=red).exists()


# --------------------------------------------------------------------------- what a listing is to cost


def test_a_price_that_a_colleague_asked_for_and_that_still_waits_is_not_written_over_unseen(
    at_desk: AtDesk, mina: Client
) -> None:
    listing, page = at_desk.house.listing, reverse("web:listing_price", args=[at_desk.house.listing.pk])
    target, mine = form_with(at_desk.browser, page, "price")
    wish = ListingChange.objects.create(
        seller=at_desk.house.seller, store=listing.store, listing=listing, remote_id=listing.remote_id, kind="price",
        key="wish-1", asked_at=timezone.now(), fields={"price": "11500", "retail_price": None},
    )  # fmt: skip

    asked = at_desk.browser.post(target, mine | {"price": "11000"})

    assert asked.status_code == 409
    assert asked.content.decode().count('name="choose-price"') == 2
    assert list(ListingChange.objects.filter(listing=listing, kind="price", state="waiting")) == [wish]
    assert form_with(mina, page, "price")[1]["price"] == ["11500"]


# --------------------------------------------------------------------------- every address that takes a form


WATCHED = {
    "carrier",
    "carrier_codes",
    "carrier_rule",
    "carrier_rule_deed",
    "category",
    "category_delete",
    "company",
    "endpoint",
    "endpoint_deed",
    "item_delete",
    "item_edit",
    "kit_edit",
    "listing",
    "listing_price",
    "me",
    "order_move",
    "order_pack",
    "people",
    "person_role",
    "price_list",
    "price_list_delete",
    "price_list_edit",
    "price_take_out",
    "product_delete",
    "product_edit",
    "product_list",
    "product_store",
    "senders",
    "shipping_modes",
    "stock_adjust",
    "store_settings",
    "store_shelves",
    "store_statuses",
    "wms_bin_deed",
    "wms_house",
    "wms_house_deed",
}
"""What was seen goes with the form, as marks, as the figure that was shown or as the order's version."""
ADDS = {
    "carrier_range",
    "carrier_rules",
    "carriers",
    "categories",
    "connect_channel",
    "endpoints",
    "floor_counts",
    "keys",
    "notice_again",
    "order_new",
    "order_note",
    "orders_import",
    "plan_new",
    "price_list_new",
    "product_new",
    "promotion_new",
    "sheet_new",
    "view_save",
    "waybill_files",
    "wms_count_new",
    "wms_houses",
    "wms_manifests",
    "wms_receipt_new",
    "wms_return_new",
    "wms_transfer_new",
    "wms_wave_new",
}
"""Something new is there afterwards; what was there stays as it is."""
DONE_NOW = {
    "box_use",
    "carrier_visit",
    "difference_decide",
    "floor_count",
    "floor_hand_over",
    "floor_home",
    "floor_look",
    "floor_manifest",
    "floor_move",
    "floor_pack",
    "floor_pack_work",
    "floor_pick",
    "floor_pick_list",
    "floor_put_away",
    "floor_put_back",
    "floor_receipt",
    "floor_receive",
    "floor_return",
    "floor_returns",
    "invitation_withdraw",
    "key_revoke",
    "listing_change",
    "listing_match",
    "listing_unlink",
    "listings_deed",
    "listings_pull",
    "listings_sync",
    "mapping_apply",
    "order_cancel_all",
    "order_claim",
    "order_deed_do",
    "order_join",
    "order_line",
    "order_merge",
    "order_parcel",
    "order_receive",
    "order_remedy",
    "order_split",
    "order_tags",
    "orders_bulk",
    "orders_print",
    "person_remove",
    "plan_do",
    "problem_resolve",
    "problem_retry",
    "product_merge",
    "product_stores_do",
    "promotion_cancel",
    "sheet_deed",
    "store_authorize",
    "store_deed",
    "store_findings_fix",
    "store_prices_do",
    "store_sync",
    "waybills_take",
    "wms_count_deed",
    "wms_manifest_deed",
    "wms_put_away_do",
    "wms_put_back_do",
    "wms_receipt_deed",
    "wms_return_deed",
    "wms_wave_deed",
    "wms_work_do",
}
"""One thing is done as it is named; the verb looks at how it stands now and refuses where it is over."""
SECRETS = {"carrier_plugin", "store_credentials"}
"""What is kept is never shown, so nobody can have seen it."""
ONES_OWN = {"orders_columns", "start_do", "switch_seller", "tour_do", "view_deed", "audit"}
"""A person's own view of things; `audit` only reads."""


def takes_forms(view: Any) -> bool:
    """Whether a view does something with a form that is sent to it."""
    head = inspect.getsource(inspect.unwrap(view)).split("\ndef ", 1)[0]
    return "@require_safe" not in head


def test_every_address_that_takes_a_form_is_watched_or_says_why_nothing_is_overwritten() -> None:
    known = [WATCHED, ADDS, DONE_NOW, SECRETS, ONES_OWN]
    taking = (
        {str(row.name) for row in urlpatterns if isinstance(row, URLPattern) and takes_forms(row.callback)}
        - OPEN
        - {"design", "find", "still_here"}
    )

    assert sorted(taking - set().union(*known)) == []
    assert sorted(set().union(*known) - taking) == []
    assert sum(map(len, known)) == len(set().union(*known))
