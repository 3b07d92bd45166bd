"""The manager's pages: where the desk and the warehouse meet, what a mode change does, and what lists cost."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from entrepot.channels.services.bulk.carry import carry
from entrepot.channels.services.bulk.start import start_bulk
from entrepot.inventory.models import Stock, Warehouse
from entrepot.kernel.actor import Actor
from entrepot.kernel.page import Page
from entrepot.orders.models import Order
from entrepot.orders.services.bulk import Chosen
from entrepot.warehouse import services
from entrepot.warehouse.models import ManifestLine, PickList, Receipt, Wave, WorkOrder
from entrepot.warehouse.queries import agreement, leaving
from tests.books import MINA, draft, line, make_items, place_one
from tests.floor import Floor, make_floor, work
from tests.web.factories import full_house, make_parcel, make_person, sit_down


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def test_releasing_at_the_desk_begins_the_warehouse_s_work_at_once(floor: Floor) -> None:
    browser = sit_down(make_person(floor.channel.seller))
    order = place_one(floor.channel, draft("7", line(floor.items["RED"], 2)))

    browser.post(reverse("web:order_move", args=[order.pk, "release"]), {"version": str(order.version)})
    text = browser.get(reverse("web:order", args=[order.pk])).content.decode()

    assert work(order).state == "released"
    assert "Picked and packed in Main warehouse: Released" in text
    assert reverse("web:order_pack", args=[order.pk]) not in text
    assert reverse("web:order_move", args=[order.pk, "pack"]) not in text


def test_an_order_a_warehouse_picks_is_not_packed_at_the_desk_until_it_is_taken_back(floor: Floor) -> None:
    browser = sit_down(make_person(floor.channel.seller))
    order = floor.order("7", ("RED", 2))

    words = {"version": str(Order.objects.get(pk=order.pk).version)}
    refused = browser.post(reverse("web:order_pack", args=[order.pk]), words, follow=True)
    assert "is picked and packed in Main warehouse" in refused.content.decode()
    assert (Order.objects.get(pk=order.pk).status, work(order).state) == ("rfp", "released")

    version = str(Order.objects.get(pk=order.pk).version)
    browser.post(reverse("web:order_move", args=[order.pk, "recall"]), {"version": version})
    assert (Order.objects.get(pk=order.pk).status, work(order).state) == ("new", "recalled")


def test_the_desk_hands_over_only_what_the_warehouse_has_packed(floor: Floor) -> None:
    browser = sit_down(make_person(floor.channel.seller))
    picked, packed = floor.picked("1", ("RED", 1)), floor.packed("2", ("RED", 1))

    for order in (picked, packed):
        version = str(Order.objects.get(pk=order.pk).version)
        browser.post(reverse("web:order_move", args=[order.pk, "hand_over"]), {"version": version})

    assert [(Order.objects.get(pk=one.pk).status, work(one).state) for one in (picked, packed)] == [
        ("ready_to_ship", "picked"),
        ("in_transit", "handed_over"),
    ]


def test_a_change_of_mode_takes_orders_along_that_nobody_has_begun(floor: Floor) -> None:
    browser = sit_down(make_person(floor.channel.seller))
    order = floor.order("1", ("RED", 1))
    address = reverse("web:wms_house_deed", args=[floor.warehouse_id, "mode"])

    browser.post(address, {"mode": "oms_only"})
    assert (Warehouse.objects.get().mode, work(order).state) == ("oms_only", "recalled")
    browser.post(address, {"mode": "wms"})
    assert (Warehouse.objects.get().mode, work(order).state) == ("wms", "released")
    floor.wave("zone")
    refused = browser.post(address, {"mode": "oms_only"})

    assert (refused.status_code, Warehouse.objects.get().mode, work(order).state) == (422, "wms", "picking")
    assert "1 orders are being picked or packed in this warehouse" in refused.content.decode()


def test_a_warehouse_is_closed_only_when_nothing_lies_or_goes_on_there(floor: Floor) -> None:
    browser = sit_down(make_person(floor.channel.seller))
    browser.post(reverse("web:wms_houses"), {"code": "BUSAN", "name": "Busan"})
    other = Warehouse.objects.get(code="BUSAN")
    browser.post(reverse("web:wms_transfer_new"), {"to": other.pk, "pasted": "RED 2", "w": floor.warehouse_id})
    paper = Receipt.objects.get()

    browser.post(reverse("web:wms_house_deed", args=[other.pk, "close"]))
    assert Warehouse.objects.get(pk=other.pk).active
    browser.post(reverse("web:wms_receipt_deed", args=[paper.pk, "take-all"]))
    browser.post(reverse("web:wms_receipt_deed", args=[paper.pk, "close"]))
    browser.post(reverse("web:wms_house_deed", args=[other.pk, "close"]))
    assert Warehouse.objects.get(pk=other.pk).active
    assert Stock.objects.get(warehouse=other).on_hand == 2


def test_a_pasted_line_nobody_knows_is_named_at_its_field_and_nothing_is_announced(floor: Floor) -> None:
    browser = sit_down(make_person(floor.channel.seller))

    answer = browser.post(reverse("web:wms_receipt_new"), {"pasted": "RED 2\nMAUVE 3"})

    assert answer.status_code == 422
    assert "Line 2, “MAUVE”: no item has this SKU or barcode." in answer.content.decode()
    assert not Receipt.objects.exists()


def test_a_wave_from_the_desk_is_assigned_and_its_lists_are_a_file(floor: Floor) -> None:
    browser = sit_down(make_person(floor.channel.seller))
    floor.order("1", ("RED", 1), ("GREEN", 1))
    made = browser.post(reverse("web:wms_wave_new"), {"kind": "zone", "limit": "10"})
    wave = Wave.objects.get()
    listed = PickList.objects.filter(wave=wave).first()

    browser.post(reverse("web:wms_wave_deed", args=[wave.pk, "assign"]), {"list": listed.pk, "picker": "Kim"})
    paper = browser.get(reverse("web:wms_wave_lists", args=[wave.pk]))

    assert made.headers["Location"] == reverse("web:wms_wave", args=[wave.pk])
    assert PickList.objects.get(pk=listed.pk).picker == "Kim"
    assert (paper.headers["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")


def _orders(floor: Floor, start: int) -> None:
    for number in range(4):
        floor.order(f"{start}-{number}", ("RED", 1))


def _papers(floor: Floor, start: int) -> None:
    who = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id, "actor": MINA}
    ids = make_items(floor.channel.seller, **{f"S{start}N{n}": 2 for n in range(4)})
    for code, item_id in zip(("A-1", "A-2", "A-10", "B-1"), ids.values(), strict=True):
        services.begin_receipt(**who)
        services.start_count(bin_ids=[floor.bins[code]], **who)
        services.put_away(item_id=item_id, quantity=1, bin_id=floor.bins[code], **who)


LISTS: dict[str, Callable[[Floor, int], None]] = {
    "wms_work": _orders,
    "wms": _orders,
    "wms_receipts": _papers,
    "wms_counts": _papers,
    "wms_stock": _papers,
    "wms_put_away": _papers,
    "wms_bins": _papers,
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_of_the_warehouse_costs_the_same_for_twice_the_rows(floor: Floor, name: str) -> None:
    browser = sit_down(make_person(floor.channel.seller))
    address = reverse(f"web:{name}")
    LISTS[name](floor, 1)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    LISTS[name](floor, 2)

    with CaptureQueriesContext(connection) as many:
        browser.get(address)

    assert len(many) == len(few), "\n".join(query["sql"][:200] for query in many.captured_queries)
    assert len(many) <= 32
    assert WorkOrder.objects.count() < 9


def test_many_orders_released_at_once_are_work_at_once(floor: Floor) -> None:
    rows = [place_one(floor.channel, draft(str(n), line(floor.items["RED"], 1))) for n in range(3)]
    chosen = Chosen([row.pk for row in rows])
    bulk = start_bulk(seller_id=floor.seller_id, kind="release", facts={}, chosen=chosen, actor=Actor("cli", "tests"))
    while carry(bulk_id=bulk.pk, makers={}):
        continue

    assert [work(row).state for row in rows] == ["released"] * 3


def test_a_long_manifest_is_read_in_pages_the_last_scan_first_and_says_how_many_it_holds(db: None) -> None:
    house = full_house()
    first = ManifestLine.objects.get(manifest=house.hall.manifest)
    late = make_parcel(house.order, tracking_number="640099999999", remote_id="late")
    last = ManifestLine.objects.create(
        manifest=house.hall.manifest, shipment=late, scanned=late.tracking_number, scanned_at=timezone.now()
    )
    asked = {"seller_id": house.seller.pk, "manifest_id": house.hall.manifest.pk, "limit": 1}

    page, parcels = leaving.manifest_page(**asked)
    rest, _parcels = leaving.manifest_page(**asked, after=page.next or "")

    assert ([row.pk for row in page.rows], parcels) == ([last.pk], 2)
    assert ([row.pk for row in rest.rows], rest.next) == ([first.pk], None)
    assert leaving.manifest_page(**{**asked, "seller_id": house.seller.pk + 1}) == (Page([], None), 0)
    shown = sit_down(house.owner).get(reverse("web:wms_manifest", args=[house.hall.manifest.pk])).content.decode()
    assert "2 parcels" in shown
    assert shown.index("640099999999") < shown.index(first.scanned)


def test_a_long_ledger_is_added_up_when_that_is_asked_for(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sit_down(make_person(floor.channel.seller))
    Stock.objects.filter(item_id=floor.items["RED"]).update(on_hand=500)
    short = browser.get(reverse("web:wms_agreement")).content.decode()
    monkeypatch.setattr(agreement, "AT_ONCE", 0)

    long = browser.get(reverse("web:wms_agreement")).content.decode()
    asked = browser.get(reverse("web:wms_agreement"), {"now": "1"}).content.decode()

    assert "On hand is not the sum of the ledger" in short
    assert "Add it up now" in long
    assert "On hand is not the sum of the ledger" not in long
    assert "Everything agrees." not in long
    assert "On hand is not the sum of the ledger" in asked
