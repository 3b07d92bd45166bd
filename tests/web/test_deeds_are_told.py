"""Every deed on the warehouse manager's pages stands in the audit log, in an order's story or in the ledger."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from entrepot.accounts.models import AuditEntry
from entrepot.inventory.models import BinMove, Movement, Warehouse
from entrepot.inventory.services import add_warehouse
from entrepot.orders import services as orders
from entrepot.orders.models import OrderEvent
from entrepot.warehouse.models import Manifest, PickList, Tote
from entrepot.warehouse.services import hand_over, release, returns, waves
from entrepot.warehouse.services.put_away import merge_bin
from entrepot.web.views.warehouse import bins, counts, houses, leaving, receipts, work
from tests.books import MINA
from tests.floor import Floor, make_floor
from tests.floor import work as work_of
from tests.web.factories import make_person, sit_down

Asked = tuple[str, list[Any], dict[str, Any]]


def told() -> int:
    """How many lines there are in audit log, stories and ledgers."""
    return sum(rows.objects.count() for rows in (AuditEntry, OrderEvent, Movement, BinMove))


def _who(floor: Floor) -> dict[str, Any]:
    return {"seller_id": floor.seller_id, "actor": MINA}


def _house(deed: str, **form: Any) -> Callable[[Floor], Asked]:
    return lambda floor: ("wms_house_deed", [floor.warehouse_id, deed], form)


def _other(deed: str, *, closed: bool = False) -> Callable[[Floor], Asked]:
    def made(floor: Floor) -> Asked:
        other = add_warehouse(code="BUSAN", name="Busan", **_who(floor))
        Warehouse.objects.filter(pk=other.pk).update(active=not closed)
        return "wms_house_deed", [other.pk, deed], {}

    return made


def _bin(deed: str, code: str = "A-1", *, closed: bool = False, **form: Any) -> Callable[[Floor], Asked]:
    def made(floor: Floor) -> Asked:
        if closed:
            merge_bin(bin_id=floor.bins[code], into_bin_id=floor.bins["A-10"], **_who(floor))
        return "wms_bin_deed", [floor.bins[code], deed], form

    return made


def _receipt(deed: str, **form: Any) -> Callable[[Floor], Asked]:
    def made(floor: Floor) -> Asked:
        wanted = {floor.items["RED"]: 3}
        paper = receipts.services.expect(warehouse_id=floor.warehouse_id, quantities=wanted, **_who(floor))
        return "wms_receipt_deed", [paper.pk, deed], form

    return made


def _count(deed: str, **form: Any) -> Callable[[Floor], Asked]:
    def made(floor: Floor) -> Asked:
        who, place = _who(floor), floor.bins["A-2"]
        paper = counts.services.start_count(warehouse_id=floor.warehouse_id, bin_ids=[place], **who)
        if deed not in {"enter", "cancel"}:
            counts.services.enter_count(count_id=paper.pk, bin_id=place, found={floor.items["BLUE"]: 6}, **who)
        if deed not in {"enter", "cancel", "finish"}:
            counts.services.finish_count(count_id=paper.pk, **who)
        return "wms_count_deed", [paper.pk, deed], {"bin": place, **form}

    return made


def _wave(deed: str, **form: Any) -> Callable[[Floor], Asked]:
    def made(floor: Floor) -> Asked:
        floor.order("1", ("RED", 1))
        wave = floor.wave("zone")
        listed = PickList.objects.get(wave=wave)
        return "wms_wave_deed", [wave.pk, deed], {"list": listed.pk, **form}

    return made


def _work(deed: str, **form: Any) -> Callable[[Floor], Asked]:
    return lambda floor: ("wms_work_do", [], {"work": [work_of(floor.order("1", ("RED", 1))).pk], "deed": deed, **form})


def _manifest(deed: str, *, scanned: bool = True) -> Callable[[Floor], Asked]:
    def made(floor: Floor) -> Asked:
        order = floor.packed("1", ("RED", 1), tracking="6400")
        paper = hand_over.open_manifest(warehouse_id=floor.warehouse_id, **_who(floor))
        if scanned:
            hand_over.scan_parcel(manifest_id=paper.pk, tracking_number="6400", **_who(floor))
        form = {"tracking_number": "6400", "shipment": order.shipments.get().pk}
        return "wms_manifest_deed", [paper.pk, deed], form

    return made


def _return(deed: str) -> Callable[[Floor], Asked]:
    def made(floor: Floor) -> Asked:
        _address, [manifest, _deed], _form = _manifest("close")(floor)
        hand_over.close_manifest(manifest_id=manifest, **_who(floor))
        order = Manifest.objects.get(pk=manifest).lines.get().shipment.order_id
        here = {"warehouse_id": floor.warehouse_id, "order_id": order}
        paper = returns.expect_return(**here, received=deed == "grade", **_who(floor))
        line = paper.order.lines.get().pk
        return "wms_return_deed", [paper.pk, deed], {f"quantity-{line}": "1", f"grade-{line}": "as_new"}

    return made


def _tote(floor: Floor) -> Asked:
    waves.add_totes(warehouse_id=floor.warehouse_id, count=1, **_who(floor))
    return "wms_house_deed", [floor.warehouse_id, "tote"], {"tote": Tote.objects.get().pk}


def _zone_name(floor: Floor) -> Asked:
    zone = houses.places.zones(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id)[0]
    return "wms_house_deed", [floor.warehouse_id, "zone-name"], {"zone": zone.pk, "code": "AA"}


def _put_back(floor: Floor) -> Asked:
    order = floor.order("1", ("RED", 2))
    floor.pick(floor.wave("zone"), "A-1", "RED", 1)
    orders.recall(order_id=order.pk, **_who(floor))
    release.follow(order_id=order.pk, **_who(floor))
    return "wms_put_back_do", [], {"work": work_of(order).pk, "sku": "RED", "quantity": "1", "bin": "A-1"}


def _loose(floor: Floor) -> Asked:
    bins.services.move(
        warehouse_id=floor.warehouse_id, item_id=floor.items["RED"], quantity=1, from_bin_id=floor.bins["A-1"],
        to_bin_id=None, **_who(floor),
    )  # fmt: skip
    return "wms_put_away_do", [], {"item": floor.items["RED"], "quantity": "1", "bin": "A-1"}


def _send(floor: Floor) -> Asked:
    other = add_warehouse(code="BUSAN", name="Busan", **_who(floor))
    return "wms_transfer_new", [], {"to": other.pk, "pasted": "RED 1"}


def _row(floor: Floor) -> Asked:
    zone = houses.places.zones(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id)[0]
    return "wms_house_deed", [floor.warehouse_id, "row"], {"zone": zone.pk, "first": "C-1"}


def _new_wave(floor: Floor) -> Asked:
    floor.order("1", ("RED", 1))
    return "wms_wave_new", [], {"kind": "zone", "limit": "5"}


def _empty(floor: Floor) -> Asked:
    bins.services.empty_bin(bin_id=floor.bins["A-1"], to_bin_id=floor.bins["A-10"], **_who(floor))
    return "wms_bin_deed", [floor.bins["A-1"], "close"], {}


DEEDS: dict[str, Callable[[Floor], Asked]] = {
    "wms_houses": lambda _floor: ("wms_houses", [], {"code": "B", "name": "Busan"}),
    "wms_house_deed rename": _house("rename", name="Hall"),
    "wms_house_deed mode": _house("mode", mode="oms_only"),
    "wms_house_deed default": _other("default"),
    "wms_house_deed close": _other("close"),
    "wms_house_deed open": _other("open", closed=True),
    "wms_house_deed zone": _house("zone", code="C", kind="storage"),
    "wms_house_deed zone-name": _zone_name,
    "wms_house_deed row": _row,
    "wms_house_deed totes": _house("totes", count="2"),
    "wms_house_deed tote": _tote,
    "wms_bin_deed move": _bin("move", sku="RED", quantity="1", to="A-2"),
    "wms_bin_deed correct": _bin("correct", sku="RED", quantity="1", how="add", reason="found"),
    "wms_bin_deed rename": lambda floor: ("wms_bin_deed", [floor.bins["A-1"], "rename"], {"code": "A-1-1"}),
    "wms_bin_deed close": _empty,
    "wms_bin_deed merge": _bin("merge", into="A-10"),
    "wms_bin_deed open": _bin("open", closed=True),
    "wms_put_away_do": _loose,
    "wms_receipt_new": lambda _floor: ("wms_receipt_new", [], {"pasted": "RED 4"}),
    "wms_transfer_new": _send,
    "wms_receipt_deed take": _receipt("take", sku="RED", quantity="1"),
    "wms_receipt_deed take-all": _receipt("take-all"),
    "wms_receipt_deed close": _receipt("close"),
    "wms_receipt_deed cancel": _receipt("cancel"),
    "wms_count_new": lambda _floor: ("wms_count_new", [], {"by": "stale", "limit": "5"}),
    "wms_count_deed enter": _count("enter", pasted="BLUE 5"),
    "wms_count_deed finish": _count("finish"),
    "wms_count_deed approve": _count("approve", reason="counted"),
    "wms_count_deed recount": _count("recount"),
    "wms_count_deed drop": _count("drop", reason="counted wrongly"),
    "wms_count_deed cancel": _count("cancel"),
    "wms_work_do due": _work("due", due="2026-11-23T12:00"),
    "wms_work_do zone": _work("zone"),
    "wms_wave_new": _new_wave,
    "wms_wave_deed cancel": _wave("cancel"),
    "wms_wave_deed assign": _wave("assign", picker="Kim"),
    "wms_put_back_do": _put_back,
    "wms_manifests": lambda _floor: ("wms_manifests", [], {"carrier": "CJ"}),
    "wms_manifest_deed scan": _manifest("scan", scanned=False),
    "wms_manifest_deed unscan": _manifest("unscan"),
    "wms_manifest_deed close": _manifest("close"),
    "wms_manifest_deed cancel": _manifest("cancel"),
    "wms_return_deed receive": _return("receive"),
    "wms_return_deed grade": _return("grade"),
    "wms_return_deed cancel": _return("cancel"),
}


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_a_deed_in_the_warehouse_is_told(db: None, name: str) -> None:
    floor = make_floor()
    browser = sit_down(make_person(floor.channel.seller))
    address, ids, form = DEEDS[name](floor)
    before = told()

    answer = browser.post(reverse(f"web:{address}", args=ids), form)

    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert told() > before


def test_every_deed_of_these_pages_is_in_this_walk() -> None:
    offered = {
        "wms_house_deed": houses.DEEDS,
        "wms_bin_deed": bins.DEEDS,
        "wms_receipt_deed": receipts.DEEDS,
        "wms_count_deed": counts.DEEDS,
        "wms_wave_deed": work.WAVE_DEEDS,
        "wms_manifest_deed": leaving.MANIFEST_DEEDS,
        "wms_return_deed": leaving.RETURN_DEEDS,
    }
    named = {f"{address} {deed}" for address, deeds in offered.items() for deed in deeds}
    assert named - set(DEEDS) == set()
