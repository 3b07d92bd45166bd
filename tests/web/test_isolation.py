"""Nobody sees or touches another seller's things, by any address."""

from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from python_calamine import CalamineWorkbook

from entrepot.accounts.models import ApiKey, Membership, SignInLink
from entrepot.channels.models import Listing, Problem, Run, Store
from entrepot.fulfilment.models import Box, Carrier, CarrierRule, Shipment, WaybillRange
from entrepot.inventory.models import Bin, BinStock, Movement, Stock, Warehouse, Zone
from entrepot.orders.models import Order, OrderEvent, OrderNote
from entrepot.warehouse.models import (
    Count,
    Manifest,
    ManifestLine,
    PickList,
    Receipt,
    Return,
    Tote,
    Wave,
    WorkOrder,
)
from tests.web.factories import House, full_house, make_person, make_store, sit_down
from tests.web.pages import BULK, LISTS, OPEN, OWN, SAME_FOR_ALL, WITH_IDS, address, names


def everything(house: House) -> list[Any]:
    """All a stranger could have changed of a seller's, as plain rows."""
    seller = house.seller
    return [
        list(Order.objects.filter(seller=seller).order_by("id").values("status", "version", "tags")),
        list(OrderEvent.objects.filter(order__seller=seller).order_by("id").values_list("kind", flat=True)),
        OrderNote.objects.filter(order__seller=seller).count(),
        list(Stock.objects.filter(seller=seller).order_by("id").values("on_hand", "reserved", "version")),
        Movement.objects.filter(seller=seller).count(),
        list(Listing.objects.filter(seller=seller).order_by("id").values("item", "force_push", "buffer")),
        list(Store.objects.filter(seller=seller).values("state", "settings", "orders_due_at")),
        list(Run.objects.filter(seller=seller).order_by("id").values("kind", "state")),
        list(Problem.objects.filter(seller=seller).order_by("id").values("resolved_at", "resolved_by")),
        list(Membership.objects.filter(seller=seller).order_by("id").values("role", "store_ids")),
        list(SignInLink.objects.filter(seller=seller).values("used_at")),
        list(ApiKey.objects.filter(seller=seller).values("revoked_at")),
        list(Shipment.objects.filter(seller=seller).order_by("id").values("state", "version", "label_made_at")),
        list(Carrier.objects.filter(seller=seller).values("name", "active")),
        list(CarrierRule.objects.filter(seller=seller).values("position", "countries")),
        list(WaybillRange.objects.filter(seller=seller).values("next", "closed")),
        list(Box.objects.filter(seller=seller).values("active")),
        list(Warehouse.objects.filter(seller=seller).values("name", "mode", "active", "is_default")),
        list(Zone.objects.filter(seller=seller).values("code")),
        list(Bin.objects.filter(seller=seller).order_by("id").values("code", "active")),
        list(BinStock.objects.filter(seller=seller).order_by("id").values("quantity")),
        Tote.objects.filter(seller=seller).count(),
        *(
            list(paper.objects.filter(seller=seller).order_by("id").values("state"))
            for paper in (Receipt, Count, WorkOrder, Wave, PickList, Manifest, Return)
        ),
        ManifestLine.objects.filter(manifest__seller=seller).count(),
    ]


def test_every_address_has_its_line_in_this_walk() -> None:
    assert names() == {*OPEN, *OWN, *LISTS, *WITH_IDS, *BULK, *SAME_FOR_ALL}


@pytest.mark.parametrize("name", sorted(WITH_IDS))
def test_anothers_thing_is_not_found_and_nothing_changes(neighbours: tuple[House, House], name: str) -> None:
    mine, theirs = neighbours
    browser = sit_down(mine.owner)
    before = everything(theirs)

    for method in {WITH_IDS[name][0], "post"}:
        answer = getattr(browser, method)(address(name, theirs), {"role": "owner", "text": "x", "version": "3"})

        assert answer.status_code in {404, 405}
        assert "Theirs" not in answer.content.decode()
    assert everything(theirs) == before


@pytest.mark.parametrize("name", sorted(WITH_IDS))
def test_the_same_addresses_answer_their_own_seller(house: House, name: str) -> None:
    form = {"version": house.order.version, "text": "x", "how": "set", "quantity": "3", "reason": "count"} | {
        "first": "1",
        "last": "9",
    }

    answer = getattr(sit_down(house.owner), WITH_IDS[name][0])(address(name, house), form)

    assert answer.status_code in {200, 302, 422}  # 422: found, and asked for what the empty form lacks


@pytest.mark.parametrize("name", sorted(BULK))
def test_bulk_deeds_leave_anothers_rows_out(neighbours: tuple[House, House], name: str) -> None:
    mine, theirs = neighbours
    before = everything(theirs)

    sit_down(mine.owner).post(reverse(f"web:{name}"), BULK[name](theirs))

    assert everything(theirs) == before


def words_of(answer: HttpResponse) -> str:
    """What a person reads of a page, or of a workbook."""
    if "spreadsheet" not in answer.headers.get("Content-Type", ""):
        return answer.content.decode()
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert rows
    return "\n".join(str(row) for row in rows)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_lists_show_nothing_of_anothers(neighbours: tuple[House, House], name: str) -> None:
    mine, _theirs = neighbours

    answer = sit_down(mine.owner).get(reverse(f"web:{name}"))

    assert "Theirs" not in words_of(answer)


@pytest.mark.parametrize("name", sorted(names() - OPEN))
def test_a_stranger_gets_nowhere(house: House, client, name: str) -> None:
    answer = client.get(address(name, house))

    assert answer.status_code in {302, 405}
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/sign-in/")


def test_a_person_limited_to_a_store_does_not_see_the_others(db: None) -> None:
    house = full_house()
    other = make_store(house.seller, "Second shop")
    member = make_person(house.seller, "manager")
    member.store_ids = [other.pk]
    member.save()
    browser = sit_down(member)

    for name in ("store", "order", "listing", "journal_entry", "problem_retry"):
        method, filled = WITH_IDS[name]
        assert getattr(browser, method)(reverse(f"web:{name}", kwargs=filled(house))).status_code == 404
    for name in ("orders", "stores", "listings", "journal", "problems", "dashboard"):
        text = browser.get(reverse(f"web:{name}")).content.decode()
        assert house.store.sales_channel.name not in text.replace("Seoul Socks</strong>", "")
