"""Who works for some stores or warehouses only sees and touches nothing of the others, by any address."""

import re
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from entrepot.accounts.models import AuditEntry, Membership
from entrepot.catalog.models import Item
from entrepot.channels.models import Store
from entrepot.inventory.models import Stock, Warehouse
from entrepot.inventory.services import add_warehouse, receive
from entrepot.orders.models import Order, SalesChannel
from entrepot.warehouse import services
from entrepot.warehouse.models import WorkOrder
from tests.books import MINA, draft, line, make_items, place_one
from tests.floor import Floor, make_floor, work
from tests.web.factories import House, full_house, make_listing, make_person, make_store, sit_down
from tests.web.pages import LISTS, WITH_IDS, address
from tests.web.test_isolation import everything

IN_THE_WAREHOUSE = sorted(name for name in WITH_IDS if name.startswith("wms_"))
LISTED = sorted(name for name in LISTS if name.startswith("wms"))


def elsewhere(house: House, role: str = "manager") -> Client:
    """Somebody who works in a second warehouse alone."""
    other = add_warehouse(seller_id=house.seller.pk, code="BUSAN", name="Busan", actor=MINA)
    member = make_person(house.seller, role, "busan@example.com")
    _limit(member, warehouse_ids=[other.pk])
    return sit_down(member)


def _limit(member: Membership, **scope: list[int]) -> None:
    for name, ids in scope.items():
        setattr(member, name, ids)
    member.save(update_fields=list(scope))


@pytest.mark.parametrize("name", IN_THE_WAREHOUSE)
def test_papers_of_another_warehouse_are_not_found_and_nothing_changes(db: None, name: str) -> None:
    house = full_house()
    browser = elsewhere(house)
    before = everything(house)

    for method in {WITH_IDS[name][0], "post"}:
        answer = getattr(browser, method)(address(name, house), {"reason": "x", "quantity": "1"})
        assert answer.status_code in {404, 405}

    assert everything(house) == before


@pytest.mark.parametrize("name", LISTED)
def test_lists_of_the_warehouse_hold_nothing_of_another_one(db: None, name: str) -> None:
    house = full_house()
    browser = elsewhere(house)

    asked = {"w": str(house.hall.warehouse.pk)}
    text = browser.get(reverse(f"web:{name}"), asked).content.decode().replace("Seoul Socks</strong>", "")

    if name != "wms_transfer_new":  # goods may be sent there
        assert house.hall.warehouse.name not in text
    for paper in (house.hall.receipt, house.hall.count, house.hall.wave, house.hall.manifest, house.hall.back):
        assert paper.number not in text
    assert house.hall.work.number not in text
    assert "A-1" not in text


@dataclass
class Two:
    """A floor in the default warehouse, and somebody who works in another one only."""

    floor: Floor
    order: Order
    browser: Client
    other: Warehouse


@pytest.fixture
def two(db: None) -> Two:
    floor = make_floor()
    other = add_warehouse(seller_id=floor.seller_id, code="BUSAN", name="Busan", actor=MINA)
    member = make_person(floor.channel.seller, "operator")
    _limit(member, warehouse_ids=[other.pk])
    order = place_one(floor.channel, draft("7", line(floor.items["RED"], 2)))
    return Two(floor, order, sit_down(member), other)


def test_stock_is_changed_only_where_one_works(two: Two) -> None:
    item = two.floor.items["RED"]
    said = {"how": "add", "quantity": "3", "reason": "found"}

    refused = two.browser.post(
        reverse("web:stock_adjust", args=[item]), {**said, "warehouse": str(two.floor.warehouse_id)}
    )
    there = two.browser.post(reverse("web:stock_adjust", args=[item]), said)

    assert (refused.status_code, there.status_code) == (302, 302)  # with one warehouse there is nothing to choose
    rows = Stock.objects.filter(item_id=item).order_by("warehouse__code").values_list("warehouse__code", "on_hand")
    assert list(rows) == [("BUSAN", 6), ("MAIN", 10)]


def test_figures_and_steps_are_those_of_the_own_warehouse(two: Two) -> None:
    item = two.floor.items["RED"]
    services.send(
        seller_id=two.floor.seller_id,
        from_warehouse_id=two.floor.warehouse_id,
        to_warehouse_id=two.other.pk,
        departures=[services.Departure(item, 3)],
        actor=MINA,
    )

    page = two.browser.get(reverse("web:stock_item", args=[item]))
    listed = two.browser.get(reverse("web:stock")).context["page"].rows

    assert page.context["figures"].on_hand == 0
    assert page.context["figures"].incoming == 3
    assert list(page.context["page"].rows) == []
    assert {row.sku: (row.on_hand, row.incoming) for row in listed}["RED"] == (0, 3)


def test_an_order_of_another_warehouse_is_seen_but_neither_packed_nor_handed_over(two: Two) -> None:
    page = two.browser.get(reverse("web:order", args=[two.order.pk]))
    words = {"version": str(two.order.version)}
    packed = two.browser.post(reverse("web:order_pack", args=[two.order.pk]), words)
    moved = two.browser.post(reverse("web:order_move", args=[two.order.pk, "pack"]), words)

    assert (page.status_code, packed.status_code, moved.status_code) == (200, 403, 403)
    assert Order.objects.get(pk=two.order.pk).version == two.order.version


def test_nor_is_it_released_canceled_or_split(two: Two) -> None:
    before = Order.objects.values_list("status", "version").get(pk=two.order.pk)

    moved = [
        two.browser.post(reverse("web:order_move", args=[two.order.pk, move]), {"version": str(two.order.version)})
        for move in ("release", "hold", "cancel_by_seller")
    ]
    split = two.browser.post(reverse("web:order_split", args=[two.order.pk]), {"deed": "missing"})

    alone = [
        two.browser.post(reverse(f"web:order_{deed}", args=[two.order.pk]), {"version": str(two.order.version), **more})
        for deed, more in (("join", {}), ("cancel_all", {}), ("merge", {}), ("merge", {"deed": "leave"}))
    ]

    assert [answer.status_code for answer in (*moved, split)] == [403, 403, 403, 403]
    assert [answer.status_code for answer in alone] == [403, 403, 403, 403]
    assert Order.objects.values_list("status", "version").get(pk=two.order.pk) == before


def test_work_of_another_store_is_not_listed_nor_put_into_a_wave(db: None) -> None:
    floor = make_floor()
    order = floor.order("1", ("RED", 1))
    member = make_person(floor.channel.seller, "operator")
    _limit(member, store_ids=[floor.channel.pk + 1])
    browser = sit_down(member)

    listed = browser.get(reverse("web:wms_work")).context["page"].rows
    browser.post(reverse("web:wms_work_do"), {"work": [work(order).pk], "deed": "zone"})
    browser.post(reverse("web:wms_wave_new"), {"kind": "zone", "limit": "50"})

    assert list(listed) == []
    assert WorkOrder.objects.get(order=order).state == "released"


def test_pages_of_a_role_that_only_reads_offer_no_deed(db: None) -> None:
    house = full_house()
    reader = sit_down(make_person(house.seller, "read_only", "them@example.com"))

    for name in IN_THE_WAREHOUSE:
        if WITH_IDS[name][0] == "post":
            assert reader.post(address(name, house)).status_code == 403, name
    for name in ("wms_receipt_new", "wms_transfer_new", "wms_count_new", "wms_wave_new", "wms_return_new"):
        assert reader.get(reverse(f"web:{name}")).status_code == 403, name
    for name in ("wms_house", "wms_bin", "wms_receipt", "wms_count", "wms_wave", "wms_manifest", "wms_return"):
        text = reader.get(address(name, house)).content.decode().partition("<main")[2]
        assert 'method="post"' not in text, name


def test_a_picker_counts_but_does_not_approve(db: None) -> None:
    house = full_house()
    picker = sit_down(make_person(house.seller, "picker", "them@example.com"))
    count = reverse("web:wms_count_deed", args=[house.hall.count.pk, "approve"])

    assert picker.get(reverse("web:wms_count", args=[house.hall.count.pk])).status_code == 200
    assert picker.post(count, {"reason": "looks right"}).status_code == 403
    assert picker.post(reverse("web:wms_house_deed", args=[house.hall.warehouse.pk, "mode"])).status_code == 403


def test_the_reach_of_a_person_is_set_on_the_people_page_and_said_in_words(db: None) -> None:
    house = full_house()
    other = add_warehouse(seller_id=house.seller.pk, code="BUSAN", name="Busan", actor=MINA)
    owner = sit_down(house.owner)

    owner.post(
        reverse("web:person_role", args=[house.colleague.pk]),
        {"role": "picker", "stores": [house.store.pk], "warehouses": [other.pk]},
    )
    text = owner.get(reverse("web:people")).content.decode()

    member = Membership.objects.get(pk=house.colleague.pk)
    assert (member.role, member.store_ids, member.warehouse_ids) == ("picker", [house.store.pk], [other.pk])
    assert "only Seoul Socks shop" in text
    assert "only Busan" in text
    verbs = AuditEntry.objects.filter(verb__startswith="users.set").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["users.set_role", "users.set_scope"]


def test_who_works_for_a_disconnected_store_or_a_closed_warehouse_alone_stays_so_when_saved(db: None) -> None:
    house = full_house()
    closed = add_warehouse(seller_id=house.seller.pk, code="BUSAN", name="Busan", actor=MINA)
    _limit(house.colleague, store_ids=[house.store.pk], warehouse_ids=[closed.pk])
    Store.objects.filter(pk=house.store.pk).update(state="disconnected")
    Warehouse.objects.filter(pk=closed.pk).update(active=False)
    owner = sit_down(house.owner)

    text = owner.get(reverse("web:people")).content.decode()
    form = text.split(f'action="{reverse("web:person_role", args=[house.colleague.pk])}"')[1].split("</form>")[0]
    ticked = re.findall(r'type="checkbox"[^>]*name="(\w+)" value="(\d+)" checked', form)
    sent = {"stores": [pk for name, pk in ticked if name == "stores"]}
    sent["warehouses"] = [pk for name, pk in ticked if name == "warehouses"]
    answer = owner.post(reverse("web:person_role", args=[house.colleague.pk]), {"role": "picker", **sent})

    member = Membership.objects.get(pk=house.colleague.pk)
    assert answer.status_code == 302
    assert (member.role, member.store_ids, member.warehouse_ids) == ("picker", [house.store.pk], [closed.pk])
    others = text.split(f'action="{reverse("web:person_role", args=[house.owner.pk])}"')[1].split("</form>")[0]
    assert f'name="stores" value="{house.store.pk}"' not in others


def test_why_a_figure_is_what_it_is_tells_of_the_own_warehouse_and_the_own_stores_only(two: Two) -> None:
    item, seller = two.floor.items["RED"], two.floor.channel.seller
    mine, others = make_store(seller, "Mine"), make_store(seller, "Not mine")
    for store in (mine, others):
        make_listing(store, item, f"9{store.pk}")
    member = Membership.objects.get(seller=seller, warehouse_ids=[two.other.pk])
    _limit(member, store_ids=[mine.pk])
    receive(seller_id=seller.pk, item_id=item, quantity=4, actor=MINA, warehouse_id=two.other.pk)

    answer = two.browser.get(reverse("web:stock_why", args=[item]))

    found = answer.context["why"]
    assert (found.on_hand, found.reserved, found.available) == (4, 0, 4)
    assert [(step.warehouse, step.on_hand_delta, step.order_number) for step in found.steps] == [("BUSAN", 4, "")]
    assert [row.store for row in found.shown] == ["Mine"]
    assert two.order.number not in answer.content.decode()
    _limit(member, warehouse_ids=[])
    everywhere = two.browser.get(reverse("web:stock_why", args=[item])).context["why"]
    assert (everywhere.on_hand, everywhere.reserved) == (14, 2)
    assert {step.order_number for step in everywhere.steps} == {""}  # it is of a store that is not theirs


def test_stock_at_risk_is_that_of_the_own_warehouse(two: Two) -> None:
    seller = two.floor.channel.seller
    ids = make_items(seller, LOW=1, FINE=9)
    Item.objects.filter(pk__in=ids.values()).update(low_stock_at=2)
    make_listing(make_store(seller, "Risky"), ids["LOW"], "77", seen_quantity=50)
    receive(seller_id=seller.pk, item_id=ids["FINE"], quantity=1, actor=MINA, warehouse_id=two.other.pk)
    receive(seller_id=seller.pk, item_id=ids["LOW"], quantity=8, actor=MINA, warehouse_id=two.other.pk)

    seen = two.browser.get(reverse("web:dashboard")).context["glance"]
    owner = sit_down(make_person(seller, "owner")).get(reverse("web:dashboard")).context["glance"]

    assert [(row.sku, row.available) for row in seen.short if row.sku in ids] == [("FINE", 1)]
    assert list(seen.oversold) == []
    assert [row.sku for row in owner.short if row.sku in ids] == []
    assert [(row.sku, row.shown, row.available) for row in owner.oversold] == [("LOW", 50, 9)]


# --------------------------------------------------------------------------- orders by hand


ORDER_OF_ONE = {
    "key": "k-1", "currency": "KRW", "buyer_name": "박지훈", "line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0",
    "line-0-sku": "GREEN", "line-0-quantity": "1", "line-0-unit_price": "12000",
}  # fmt: skip


@dataclass
class Counters:
    """Three Offline stores, and somebody who works for some of a seller's stores only."""

    house: House
    seoul: SalesChannel
    busan: SalesChannel
    jeju: SalesChannel
    member: Membership
    browser: Client


@pytest.fixture
def counters(db: None) -> Counters:
    house = full_house()
    rows = [
        SalesChannel.objects.create(seller=house.seller, name=name, kind="offline", country="KR", currency="KRW")
        for name in ("Seoul counter", "Busan counter", "Jeju counter")
    ]
    member = make_person(house.seller, "manager", "counter@example.com")
    return Counters(house, *rows, member, sit_down(member))


def test_an_order_by_hand_is_made_only_in_an_offline_store_of_ones_own(counters: Counters) -> None:
    _limit(counters.member, store_ids=[counters.busan.pk, counters.jeju.pk])
    address_ = reverse("web:order_new")
    before = everything(counters.house)

    page = counters.browser.get(address_)
    refused = counters.browser.post(address_, {**ORDER_OF_ONE, "channel": str(counters.seoul.pk)})

    assert list(page.context["form"].fields["channel"].choices) == [
        (counters.busan.pk, "Busan counter"),
        (counters.jeju.pk, "Jeju counter"),
    ]
    assert refused.status_code == 422
    assert everything(counters.house) == before
    assert counters.browser.post(address_, {**ORDER_OF_ONE, "channel": str(counters.jeju.pk)}).status_code == 302
    assert Order.objects.get(remote_id="k-1").sales_channel_id == counters.jeju.pk


def test_with_one_offline_store_of_ones_own_an_order_by_hand_is_made_there(counters: Counters) -> None:
    _limit(counters.member, store_ids=[counters.jeju.pk])

    answer = counters.browser.post(reverse("web:order_new"), {**ORDER_OF_ONE, "channel": str(counters.seoul.pk)})

    assert answer.status_code == 302
    assert Order.objects.get(remote_id="k-1").sales_channel_id == counters.jeju.pk
    assert counters.browser.post(reverse("web:start_do", args=["order"]), {"key": "test-1"}).status_code == 302
    assert Order.objects.get(remote_id="test-1").sales_channel_id == counters.jeju.pk


def test_without_an_offline_store_of_ones_own_no_order_is_made_by_hand_and_none_is_offered(counters: Counters) -> None:
    _limit(counters.member, store_ids=[counters.house.store.pk])
    before = everything(counters.house)

    page = counters.browser.get(reverse("web:order_new"))
    answers = [
        counters.browser.post(reverse("web:order_new"), ORDER_OF_ONE),
        counters.browser.post(reverse("web:start_do", args=["order"]), {"key": "test-1"}),
        counters.browser.post(
            reverse("web:orders_import"), {"file": SimpleUploadedFile("orders.csv", b"Order number,SKU\r\nA-1,GREEN")}
        ),
    ]

    assert everything(counters.house) == before
    assert page.status_code == 409
    assert "none of them is an Offline store, so no order was made" in page.content.decode()
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    Order.objects.filter(seller=counters.house.seller).update(tags=[])
    path = counters.browser.get(reverse("web:start"))
    assert path.context["by_hand"] is False
    assert 'name="key"' not in path.content.decode()
