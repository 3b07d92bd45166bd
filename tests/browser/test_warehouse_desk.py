"""The warehouse manager's desk in a real browser: every page with something on it, and the errand of a morning."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from entrepot.inventory.models import Stock
from entrepot.inventory.services import add_warehouse
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from entrepot.warehouse import services
from entrepot.warehouse.models import Count, Manifest, PickLine, Receipt, Return, Wave, WorkOrder
from entrepot.warehouse.services import Departure, hand_over, picking, returns, waves
from tests.books import MINA, SHOP
from tests.browser.accessible import wrong_with
from tests.browser.test_looks import LOOKS, WIDTHS, _matters
from tests.browser.world import sit
from tests.floor import Floor, make_floor
from tests.web.factories import make_person

SHOTS = os.environ.get("SHOTS", "")
pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def busy_floor() -> Floor:
    """A warehouse on a working morning: something waits at every step."""
    floor = make_floor()
    who = {"seller_id": floor.seller_id, "actor": MINA}
    house = floor.warehouse_id
    waves.add_totes(warehouse_id=house, count=4, **who)
    other = add_warehouse(code="BUSAN", name="Busan", **who).pk
    services.expect(
        warehouse_id=house,
        quantities={floor.items["RED"]: 20, floor.items["BLUE"]: 6},
        supplier="Mill",
        reference="PO-77",
        **who,
    )
    blind = services.begin_receipt(warehouse_id=house, supplier="Dye works", **who)
    services.receive_item(receipt_id=blind.pk, item_id=floor.items["RED"], quantity=7, **who)
    services.send(from_warehouse_id=house, to_warehouse_id=other, departures=[Departure(floor.items["RED"], 2)], **who)
    count = services.start_count(warehouse_id=house, bin_ids=[floor.bins["A-2"]], note="Monday", **who)
    services.enter_count(count_id=count.pk, bin_id=floor.bins["A-2"], found={floor.items["BLUE"]: 6}, **who)
    services.finish_count(count_id=count.pk, **who)
    services.start_count(warehouse_id=house, bin_ids=[floor.bins["B-1"], floor.bins["A-1"]], **who)
    gone = floor.packed("ES-1", ("GREEN", 1), tracking="640011112222")
    door = hand_over.open_manifest(warehouse_id=house, carrier="", **who)
    hand_over.scan_parcel(manifest_id=door.pk, tracking_number="640011112222", **who)
    hand_over.close_manifest(manifest_id=door.pk, **who)
    returns.expect_return(warehouse_id=house, order_id=gone.pk, received=True, tracking_number="R-1", **who)
    floor.packed("ES-2", ("GREEN", 1), tracking="640011113333")
    door = hand_over.open_manifest(warehouse_id=house, **who)
    hand_over.scan_parcel(manifest_id=door.pk, tracking_number="640011113333", **who)
    back = floor.order("ES-3", ("RED", 2))
    floor.pick(floor.wave("cart"), "A-1", "RED", 1)
    orders.cancel_by_buyer(seller_id=floor.seller_id, order_id=back.pk, actor=SHOP)
    floor.order("ES-4", ("RED", 1), ("BLUE", 1))
    floor.order("ES-5", ("RED", 2))
    wave = floor.wave("zone")
    line = PickLine.objects.filter(pick_list__wave=wave, item_id=floor.items["RED"]).first()
    picking.report_short(pick_line_id=line.pk, quantity=1, **who)
    floor.order("ES-6", ("RED", 1))
    WorkOrder.objects.filter(order__number="#ES-6").update(due=timezone.now())
    turned = floor.order("ES-7", ("GREEN", 1))
    floor.pick_all(floor.wave("zone", work_ids=[WorkOrder.objects.get(order=turned).pk]))
    return floor


def pages(floor: Floor) -> dict[str, str]:
    newest = {model: model.objects.filter(seller_id=floor.seller_id).latest("pk").pk for model in (Manifest, Return)}
    names = ["wms", "wms_agreement", "wms_houses", "wms_bins", "wms_stock", "wms_put_away", "wms_receipts"]
    names += ["wms_receipt_new", "wms_transfer_new", "wms_counts", "wms_count_new", "wms_work", "wms_waves"]
    names += ["wms_wave_new", "wms_shorts", "wms_put_backs", "wms_packs", "wms_manifests", "wms_returns"]
    names += ["wms_return_new"]
    found = {name.replace("_", "-"): reverse(f"web:{name}") for name in names}
    return found | {
        "wms-house": reverse("web:wms_house", args=[floor.warehouse_id]),
        "wms-bin": reverse("web:wms_bin", args=[floor.bins["A-1"]]),
        "wms-receipt": reverse("web:wms_receipt", args=[Receipt.objects.filter(kind="expected").latest("pk").pk]),
        "wms-transfer": reverse("web:wms_receipt", args=[Receipt.objects.filter(kind="transfer").latest("pk").pk]),
        "wms-count": reverse("web:wms_count", args=[Count.objects.filter(state="counting").latest("pk").pk]),
        "wms-count-approve": reverse("web:wms_count", args=[Count.objects.filter(state="to_approve").latest("pk").pk]),
        "wms-wave": reverse("web:wms_wave", args=[Wave.objects.order_by("-pk")[1].pk]),
        "wms-manifest": reverse("web:wms_manifest", args=[newest[Manifest]]),
        "wms-return": reverse("web:wms_return", args=[newest[Return]]),
        "wms-order": reverse("web:order", args=[Order.objects.get(number="#ES-5").pk]),
        "wms-stock-item": reverse("web:stock_item", args=[floor.items["RED"]]),
        "wms-people": reverse("web:people"),
    }


@pytest.mark.parametrize(("language", "look"), LOOKS)
def test_every_page_of_the_warehouse_is_accessible_and_fits(
    transactional_db: None, chromium: Browser, live_server, language: str, look: str
) -> None:
    floor = busy_floor()
    owner = make_person(floor.channel.seller, language=language)
    width, theme = look.split("-")
    context = sit(
        chromium, owner, live_server.url, viewport={"width": WIDTHS[width], "height": 900}, color_scheme=theme
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if _matters(said) else None)
    for name, address in pages(floor).items():
        answer = page.goto(address, wait_until="load")
        if answer is None or answer.status != 200:
            wrong.append(f"{name}: {answer.status if answer else 'no answer'}")
        wrong += [f"{name}: {one}" for one in wrong_with(page)]
        if SHOTS:
            folder = Path(SHOTS) / f"{language}-{look}"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)
    context.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_goods_are_announced_received_and_put_away(
    transactional_db: None, chromium: Browser, live_server, language: str
) -> None:
    floor = make_floor()
    owner = make_person(floor.channel.seller, language=language)
    context = sit(chromium, owner, live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()

    page.goto(reverse("web:wms_receipt_new"))
    page.fill("[name=supplier]", "Mill")
    page.fill("[name=pasted]", "RED\t4\nBLUE 2")
    page.click("form:has([name=pasted]) .btn-primary")
    page.click(".page-head-deeds form .btn-primary")
    expect(page.locator(".figure.tone-wait")).to_have_count(0)
    page.goto(reverse("web:wms_put_away"))
    page.click("tr:has-text('BLUE') form button")
    expect(page.locator(".notices .notice")).to_be_visible()

    rows = Stock.objects.filter(seller_id=floor.seller_id).values_list("item__sku", "on_hand", "located", "incoming")
    assert set(rows) == {("RED", 14, 10, 0), ("BLUE", 7, 7, 0), ("GREEN", 5, 5, 0)}
    context.close()
