"""The scan screens where it is tight: odd codes, crowded lists, papers of other warehouses, doubled goods."""

from urllib.parse import unquote_plus

import pytest

from entrepot.catalog.models import Item
from entrepot.fulfilment import services as fulfilment
from entrepot.inventory import services as inventory
from entrepot.inventory.models import BinStock
from entrepot.warehouse.models import CountLine, PickLine, PickList, Return
from entrepot.warehouse.services import release, start_count
from entrepot.warehouse.services.unpick import report_missing
from tests.books import MINA, draft, line, place_one, status
from tests.floor import Floor, make_floor, work, work_lines
from tests.web.factories import make_person, sit_down
from tests.web.test_floor import Worker, words


@pytest.fixture
def worker(db: None) -> Worker:
    floor = make_floor()
    return Worker(floor, sit_down(make_person(floor.channel.seller, "picker")))


@pytest.mark.parametrize("sku", ["양말-빨강", "RED&BLUE #1"])
def test_the_way_to_an_item_is_one_a_browser_can_go_whatever_its_sku_is(worker: Worker, sku: str) -> None:
    Item.objects.filter(pk=worker.floor.items["RED"]).update(sku=sku)

    answer = worker.scan("floor_home", sku)

    way = answer.headers["X-Floor-Go"]
    assert way.isascii()
    assert unquote_plus(way.partition("?")[2]) == f"code={sku}"
    page = worker.browser.get(way)
    assert page.status_code == 200
    assert sku.replace("&", "&amp;") in words(page)


def test_a_walk_is_made_and_found_by_its_number_however_many_others_wait(worker: Worker) -> None:
    floor = worker.floor
    floor.order("0", ("RED", 1))
    first = floor.wave()
    PickList.objects.bulk_create(PickList(seller_id=floor.seller_id, wave=first, number=f"X-{n}") for n in range(30))
    floor.order("1", ("BLUE", 1))

    made = worker.do("floor_pick", {"deed": "make", "kind": "single"})

    newest = PickList.objects.latest("pk")
    assert made.headers["X-Floor-Go"] == worker.address("floor_pick_list", list_id=newest.pk)
    found = worker.scan("floor_pick", newest.number.lower())
    assert found.headers["X-Floor-Go"] == worker.address("floor_pick_list", list_id=newest.pk)


def _abroad(worker: Worker) -> tuple[Worker, int]:
    """Somebody who works in a second warehouse alone, and a pick list there."""
    other = inventory.add_warehouse(seller_id=worker.floor.seller_id, code="BUSAN", name="Busan", actor=MINA)
    inventory.set_mode(seller_id=worker.floor.seller_id, warehouse_id=other.pk, mode="wms", actor=MINA)
    member = make_person(worker.floor.channel.seller, "picker", "busan@example.com")
    member.warehouse_ids = [other.pk]
    member.save(update_fields=["warehouse_ids"])
    there = Floor(worker.floor.channel, other.pk, worker.floor.items)
    item = Item.objects.get(pk=worker.floor.items["GREEN"])
    inventory.receive(seller_id=there.seller_id, item_id=item.pk, quantity=30, warehouse_id=other.pk, actor=MINA)
    inventory.adjust(
        seller_id=there.seller_id,
        item_id=item.pk,
        delta=-5,
        reason="moved",
        warehouse_id=worker.floor.warehouse_id,
        actor=MINA,
    )
    there.order("B", ("GREEN", 1))
    wave = there.wave()
    return Worker(there, sit_down(member)), PickList.objects.get(wave=wave).pk


@pytest.mark.parametrize("deed", ["short", "undo"])
def test_lines_of_another_warehouse_are_not_touched_from_ones_own(worker: Worker, deed: str) -> None:
    order = worker.floor.order("1", ("RED", 2))
    wave = worker.floor.wave()
    worker.floor.pick(wave, "A-1", "RED", 1)
    theirs = PickLine.objects.get(pick_list__wave=wave)
    abroad, list_id = _abroad(worker)
    lines = f"{theirs.pk}:1" if deed == "undo" else str(theirs.pk)

    answer = abroad.do("floor_pick_list", {"deed": deed, "lines": lines, "quantity": "1"}, list_id=list_id)

    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert (theirs.picked, theirs.short, status(order)) == (1, 0, "rfp")


def test_goods_that_stand_twice_on_an_order_can_both_be_missing(worker: Worker) -> None:
    floor = worker.floor
    blue = floor.items["BLUE"]
    lines = [line(blue, 2, remote_id="a", sku="BLUE"), line(blue, 3, remote_id="b", sku="BLUE")]
    order = place_one(floor.channel, draft("1", *lines))
    release.release(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)
    wave = floor.wave("zone")
    ids = list(PickLine.objects.filter(pick_list__wave=wave).values_list("pk", flat=True))

    told = report_missing(seller_id=floor.seller_id, pick_line_ids=ids, actor=MINA)

    assert [(one.number, one.quantity, one.goes_on) for one in told] == [("#1", 3, False)]
    assert (status(order), work(order).state) == ("partial", "recalled")
    assert BinStock.objects.get(bin=floor.bins["A-2"], item_id=blue).quantity == 2


def test_an_item_with_a_comma_in_its_sku_is_counted_as_itself(worker: Worker) -> None:
    floor = worker.floor
    Item.objects.filter(pk=floor.items["RED"]).update(sku="RED,BLUE")
    made = start_count(
        seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, bin_ids=[floor.bins["A-1"]], actor=MINA
    )
    at = worker.scan("floor_count", "A-1", count_id=made.pk).context["keep"]
    at = worker.scan("floor_count", "RED,BLUE", keep=at, many="5", count_id=made.pk).context["keep"]

    worker.do("floor_count", {"deed": "enter", **{f"keep.{k}": v for k, v in at.items()}}, count_id=made.pk)

    counted = CountLine.objects.filter(count=made).values_list("item_id", "counted")
    assert list(counted) == [(floor.items["RED"], 5)]


def test_a_bin_of_many_things_is_counted_whole(worker: Worker) -> None:
    floor = worker.floor
    made = start_count(
        seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, bin_ids=[floor.bins["A-1"]], actor=MINA
    )
    others = [f"A-LONG-SKU-OF-SOME-ITEM-{number:04d}" for number in range(150)]
    tally = ",".join(f"{sku}:1" for sku in others)

    answer = worker.scan("floor_count", "RED", keep={"bin": "A-1", "t": tally}, many="5", count_id=made.pk)

    assert answer.context["keep"]["t"] == f"{tally},RED:5"


def test_orders_of_a_store_one_does_not_work_for_are_neither_packed_nor_shown_nor_taken_back(worker: Worker) -> None:
    floor = worker.floor
    order, gone = floor.picked("1", ("RED", 1)), floor.packed("2", ("BLUE", 1), tracking="601-2")
    fulfilment.hand_over(seller_id=floor.seller_id, order_id=gone.pk, actor=MINA)
    member = make_person(floor.channel.seller, "picker", "other@example.com")
    member.store_ids = [floor.channel.pk + 1]
    member.save(update_fields=["store_ids"])
    other, ids = Worker(floor, sit_down(member)), {"work_id": work(order).pk}

    seen = other.browser.get(other.address("floor_pack_work", **ids))
    label = other.browser.get(other.address("floor_label", form="pdf", **ids))
    scans = [other.scan("floor_pack", "RED"), other.scan("floor_pack", "#1"), other.scan("floor_returns", "601-2")]

    assert [one.status_code for one in (seen, label, *scans)] == [404] * 5
    assert "#1" not in other.see("floor_pack")
    assert work_lines(order) == [("RED", 1, 1, 0, 0)]
    assert not Return.objects.exists()
