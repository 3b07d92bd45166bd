"""The scan screens of the warehouse: what they say, what they do, who may."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from entrepot.catalog.models import Item
from entrepot.inventory import services as inventory
from entrepot.inventory.models import BinMove, BinStock
from entrepot.orders import services as orders
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.messages import Message
from entrepot.warehouse.models import Count, Manifest, PickLine, PickList, Receipt, Return, ReturnLine
from entrepot.warehouse.services import returns, waves
from entrepot.warehouse.services.release import follow
from tests.books import MINA, figure, make_kit, make_seller, status
from tests.floor import Floor, assert_bins_add_up, make_floor, work, work_lines
from tests.web.factories import make_person, sit_down

TOKENS = count(1)


@dataclass
class Worker:
    """A person on the floor with a scanner."""

    floor: Floor
    browser: Client

    def address(self, name: str, **ids: int) -> str:
        return reverse(f"web:{name}", kwargs={"warehouse_id": self.floor.warehouse_id, **ids})

    def see(self, name: str, query: str = "", **ids: int) -> str:
        answer = self.browser.get(self.address(name, **ids) + query)
        assert answer.status_code == 200
        return words(answer)

    def do(self, name: str, form: dict[str, Any] | None = None, *, token: str = "", **ids: int):
        facts = {"token": token or f"token-{next(TOKENS):08d}", **(form or {})}
        return self.browser.post(self.address(name, **ids), facts, headers={"X-Floor": "1"})

    def scan(self, name: str, code: str, *, keep: dict[str, str] | None = None, many: str = "", **ids: int):
        kept = {f"keep.{key}": text for key, text in (keep or {}).items()}
        return self.do(name, {"scan": code, "quantity": many, **kept}, **ids)


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def worker(db: None) -> Worker:
    floor = make_floor()
    return Worker(floor, sit_down(make_person(floor.channel.seller, "picker")))


@pytest.fixture
def lists(worker: Worker) -> Any:
    return lambda wave: PickList.objects.get(wave=wave).pk


def test_one_warehouse_is_entered_at_once_and_several_are_chosen_among(worker: Worker):
    answer = worker.browser.get(reverse("web:floor"))
    assert answer.headers["Location"] == worker.address("floor_home")
    inventory.add_warehouse(seller_id=worker.floor.seller_id, code="BUSAN", name="Busan", actor=MINA)

    text = words(worker.browser.get(reverse("web:floor")))

    assert "Main warehouse" in text
    assert "Busan" in text


def test_the_home_counts_what_waits(worker: Worker):
    floor = worker.floor
    floor.order("1", ("RED", 1))
    floor.picked("2", ("RED", 1))
    floor.packed("3", ("RED", 1))
    warehouse.begin_receipt(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, actor=MINA)

    answer = worker.browser.get(worker.address("floor_home"))

    waits = answer.context["waits"]
    assert (waits.pick, waits.pack, waits.hand_over, waits.receive, waits.put_away) == (1, 1, 1, 1, 0)
    assert (waits.put_back, waits.count, waits.returns) == (0, 0, 0)


def test_a_walk_by_scan_makes_the_order_ready(worker: Worker, lists):
    order = worker.floor.order("1", ("RED", 2))
    list_id = lists(worker.floor.wave())

    assert "Scan bin A-1" in worker.see("floor_pick_list", list_id=list_id)
    at_bin = worker.scan("floor_pick_list", "a-1", list_id=list_id)
    assert (at_bin.status_code, 'data-tone="good"' in words(at_bin)) == (200, True)
    assert 'data-keep="bin=A-1"' in words(at_bin)
    first = worker.scan("floor_pick_list", "RED", keep={"bin": "A-1"}, list_id=list_id)
    assert "1 × RED picked." in words(first)
    last = worker.scan("floor_pick_list", "RED", keep={"bin": "A-1"}, list_id=list_id)
    assert 'data-tone="done"' in words(last)
    assert "This walk is done." in words(last)
    assert status(order) == "ready_to_ship"


@pytest.mark.parametrize(
    ("code", "keep", "many", "sentence"),
    [
        ("A-2", {}, "", "This is A-2. Go to A-1."),
        ("RED", {}, "", "This is RED. Go to A-1."),
        ("BLUE", {"bin": "A-1"}, "", "“BLUE” is not asked for here. Take RED."),
        ("RED", {"bin": "A-1"}, "3", "3 are too many; 2 of RED are asked for here. Take 2."),
        ("RED", {"bin": "A-1"}, "x", "The quantity x is not possible here."),
        ("", {}, "", "Nothing was scanned."),
    ],
)
def test_a_wrong_scan_is_refused_in_red_and_changes_nothing(  # noqa: PLR0917 - pytest gives them by name
    worker: Worker, lists, code, keep, many, sentence
):
    order = worker.floor.order("1", ("RED", 2))
    list_id = lists(worker.floor.wave())

    answer = worker.scan("floor_pick_list", code, keep=keep, many=many, list_id=list_id)

    assert answer.status_code in {409, 422}
    assert 'data-tone="bad"' in words(answer)
    assert sentence in words(answer)
    assert work_lines(order) == [("RED", 2, 0, 0, 0)]
    assert not Message.objects.exists()


def test_the_same_scan_sent_twice_is_picked_once(worker: Worker, lists):
    order = worker.floor.order("1", ("RED", 2))
    list_id = lists(worker.floor.wave())
    form = {"scan": "RED", "keep.bin": "A-1"}

    first = worker.do("floor_pick_list", form, token="the-very-same-token", list_id=list_id)
    again = worker.do("floor_pick_list", form, token="the-very-same-token", list_id=list_id)

    assert (first.status_code, again.status_code) == (200, 200)
    assert "1 × RED picked." in words(again)
    assert work_lines(order) == [("RED", 2, 1, 0, 0)]
    assert BinMove.objects.filter(kind="pick").count() == 1
    other = worker.do("floor_pick_list", {**form, "scan": "BLUE"}, token="the-very-same-token", list_id=list_id)
    assert (other.status_code, work_lines(order)) == (409, [("RED", 2, 1, 0, 0)])
    for bad in ("short", "x" * 61):
        assert worker.do("floor_pick_list", form, token=bad, list_id=list_id).status_code == 422
    assert work_lines(order) == [("RED", 2, 1, 0, 0)]


def test_what_is_missing_is_said_in_words_and_the_order_waits(worker: Worker, lists):
    one, two = (worker.floor.order(str(n), ("BLUE", 2), minute=n) for n in (1, 2))
    list_id = lists(worker.floor.wave())
    ids = ",".join(str(pk) for pk in PickLine.objects.values_list("pk", flat=True))

    answer = worker.do("floor_pick_list", {"deed": "short", "lines": ids, "quantity": "2"}, list_id=list_id)

    assert "2 pieces are noted as missing." in words(answer)
    assert "these orders wait for stock, and what was picked of them is put back: #2." in words(answer)
    assert (status(one), status(two)) == ("rfp", "partial")


def test_the_last_scan_is_undone(worker: Worker, lists):
    order = worker.floor.order("1", ("RED", 2))
    list_id = lists(worker.floor.wave())
    answer = worker.scan("floor_pick_list", "RED", keep={"bin": "A-1"}, list_id=list_id)
    assert "Undo the last scan: RED" in words(answer)
    (line,) = PickLine.objects.all()

    back = worker.do("floor_pick_list", {"deed": "undo", "lines": f"{line.pk}:1"}, list_id=list_id)

    assert "Taken back: 1 × RED. Lay it into A-1 again." in words(back)
    assert work_lines(order) == [("RED", 2, 0, 0, 0)]
    assert_bins_add_up([worker.floor.seller_id])


def test_what_has_no_bin_comes_last_on_a_walk_and_needs_no_bin(worker: Worker, lists):
    floor = worker.floor
    inventory.receive(seller_id=floor.seller_id, item_id=floor.items["BLUE"], quantity=2, actor=MINA)
    order = floor.order("1", ("BLUE", 7))
    list_id = lists(floor.wave())

    assert "Scan bin A-2" in worker.see("floor_pick_list", list_id=list_id)
    five = worker.scan("floor_pick_list", "BLUE", keep={"bin": "A-2"}, many="5", list_id=list_id)
    assert "Scan BLUE" in words(five)
    assert "no bin" in words(five)
    worker.scan("floor_pick_list", "BLUE", many="2", list_id=list_id)

    assert status(order) == "ready_to_ship"


def test_on_a_cart_the_item_waits_for_its_tote(worker: Worker, lists):
    floor = worker.floor
    order = floor.order("1", ("RED", 2))
    waves.add_totes(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, count=1, actor=MINA)
    list_id = lists(floor.wave("cart"))

    hand = worker.scan("floor_pick_list", "RED", keep={"bin": "A-1"}, list_id=list_id)
    assert "Scan tote T-001" in words(hand)
    wrong = worker.scan("floor_pick_list", "T-9", keep={"bin": "A-1", "hand": "RED"}, list_id=list_id)
    assert "This is tote T-9. Put it into T-001." in words(wrong)
    right = worker.scan("floor_pick_list", "T-001", keep={"bin": "A-1", "hand": "RED"}, list_id=list_id)

    assert "2 × RED picked. That was the last one" in words(right)
    assert status(order) == "ready_to_ship"


def test_two_pickers_on_one_wave_are_told_of_each_other(worker: Worker, lists):
    floor = worker.floor
    one, two = (floor.order(str(n), ("RED", 1), minute=n) for n in (1, 2))
    list_id = lists(floor.wave())
    hana = Worker(floor, sit_down(make_person(floor.channel.seller, "operator", "hana@example.com")))

    worker.scan("floor_pick_list", "RED", keep={"bin": "A-1"}, list_id=list_id)
    assert "begun by Picker" in hana.see("floor_pick_list", list_id=list_id)
    assert "Picker is picking it." in hana.see("floor_pick")
    assert "You have begun it. Go on." in worker.see("floor_pick")
    hana.scan("floor_pick_list", "RED", keep={"bin": "A-1"}, list_id=list_id)
    late = worker.scan("floor_pick_list", "RED", keep={"bin": "A-1"}, list_id=list_id)

    assert (late.status_code, status(one), status(two)) == (409, "ready_to_ship", "ready_to_ship")
    assert figure(floor.items["RED"]) == (10, 2)


def test_a_picker_makes_the_next_walk(worker: Worker):
    worker.floor.order("1", ("RED", 1))
    assert "1 released order is on no walk yet" in worker.see("floor_pick")

    answer = worker.do("floor_pick", {"deed": "make", "kind": "single"})

    assert answer.headers["X-Floor-Go"] == worker.address("floor_pick_list", list_id=PickList.objects.get().pk)
    number = PickList.objects.get().number
    assert worker.scan("floor_pick", number.lower()).headers["X-Floor-Go"] == answer.headers["X-Floor-Go"]
    assert worker.scan("floor_pick", "P-999999").status_code == 404


def test_every_piece_is_scanned_before_the_parcel_is_closed_with_its_weight(worker: Worker):
    order = worker.floor.picked("1", ("RED", 1), ("BLUE", 1))
    go = worker.scan("floor_pack", "#1").headers["X-Floor-Go"]
    ids = {"work_id": work(order).pk}
    assert go == worker.address("floor_pack_work", **ids)

    wrong = worker.scan("floor_pack_work", "GREEN", **ids)
    assert "“GREEN” does not belong to order #1" in words(wrong)
    early = worker.do("floor_pack_work", {"deed": "close", "weight": "500"}, **ids)
    assert "2 pieces of order #1 were not scanned yet." in words(early)
    assert "1 piece is still to be scanned." in words(worker.scan("floor_pack_work", "RED", **ids))
    assert "All pieces are in" in words(worker.scan("floor_pack_work", "BLUE", **ids))
    heavy = worker.do("floor_pack_work", {"deed": "close", "weight": "much"}, **ids)
    assert (heavy.status_code, work(order).state) == (422, "picked")
    closed = worker.do("floor_pack_work", {"deed": "close", "weight": "512"}, **ids)

    assert "The parcel is closed." in words(closed)
    parcel = order.shipments.get()
    assert (work(order).state, parcel.weight_grams) == ("packed", 512)
    assert "The label comes as soon as the store has taken the order" in words(closed)
    order.shipments.update(tracking_number="640011112222")
    assert worker.address("floor_label", form="png", **ids) in worker.see("floor_pack_work", **ids)
    for form, kind in {"png": "image/png", "pdf": "application/pdf", "slip": "application/pdf"}.items():
        file = worker.browser.get(worker.address("floor_label", form=form, **ids))
        assert (file.status_code, file.headers["Content-Type"]) == (200, kind)
    assert b"^XA" in worker.browser.get(worker.address("floor_label", form="zpl", **ids)).content


def test_a_piece_opens_its_order_at_the_packing_table(worker: Worker):
    order = worker.floor.picked("1", ("RED", 1))

    assert worker.scan("floor_pack", "RED").headers["X-Floor-Go"].endswith(f"/pack/{work(order).pk}/")
    assert work_lines(order) == [("RED", 1, 1, 0, 1)]
    assert worker.scan("floor_pack", "RED").status_code == 404
    assert work_lines(order) == [("RED", 1, 1, 0, 1)]


def test_an_order_canceled_while_picked_is_named_and_put_back(worker: Worker):
    floor = worker.floor
    order = floor.order("1", ("RED", 2))
    floor.pick(floor.wave(), "A-1", "RED", 1)
    orders.cancel_by_buyer(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)
    follow(seller_id=floor.seller_id, order_id=order.pk, actor=MINA)

    assert "Do not pack these: they turned back" in worker.see("floor_pack")
    refused = worker.scan("floor_pack", "#1")
    assert "Order #1 is not to be picked any more (Canceled)." in words(refused)
    wrong = worker.scan("floor_put_back", "BLUE")
    assert (wrong.status_code, floor.lying()["A-1"]) == (409, {"RED": 4})
    hand = worker.scan("floor_put_back", "RED")
    assert "RED of order #1. Now scan the bin." in words(hand)
    line = {"line": str(work(order).lines.get().pk)}
    assert worker.scan("floor_put_back", "NO-BIN", keep=line).status_code == 409
    back = worker.scan("floor_put_back", "A-10", keep=line)

    assert "1 × RED lie in A-10 now." in words(back)
    assert (floor.lying()["A-10"], work_lines(order)) == ({"RED": 6}, [("RED", 2, 0, 0, 0)])
    assert "Nothing is to be put back" in worker.see("floor_put_back")


def test_parcels_are_scanned_onto_a_manifest_and_leave_when_it_is_closed(worker: Worker):
    floor = worker.floor
    one = floor.packed("1", ("RED", 1), tracking="6400-1")
    two = floor.packed("2", ("RED", 1), tracking="6400-2")
    stopped = floor.packed("3", ("RED", 1), tracking="6400-3")
    for order, carrier in ((one, "CJ"), (two, "Hanjin"), (stopped, "CJ")):
        order.shipments.update(carrier_name=carrier)
    assert "Waits for a carrier" in worker.see("floor_hand_over")
    worker.do("floor_hand_over", {"deed": "open", "carrier": "CJ"})
    ids = {"manifest_id": Manifest.objects.get().pk}

    assert "6400-1 goes along." in words(worker.scan("floor_manifest", "6400-1", **ids))
    twice = worker.scan("floor_manifest", "6400-1", **ids)
    assert "6400-1 is on this manifest already. It counts once." in words(twice)
    assert 'data-tone="warn"' in words(twice)
    wrong = worker.scan("floor_manifest", "6400-2", **ids)
    assert "The parcel 6400-2 goes with Hanjin, this manifest is for CJ." in words(wrong)
    assert worker.scan("floor_manifest", "6400-9", **ids).status_code == 404
    worker.scan("floor_manifest", "6400-3", **ids)
    worker.do("floor_manifest", {"deed": "off", "parcel": str(stopped.shipments.get().pk)}, **ids)
    gone = worker.do("floor_manifest", {"deed": "close"}, **ids)

    assert "1 order is handed over." in words(gone)
    assert (status(one), status(two), status(stopped)) == ("in_transit", "ready_to_ship", "ready_to_ship")
    file = worker.browser.get(worker.address("floor_manifest_pdf", **ids))
    assert (file.status_code, file.content[:4]) == (200, b"%PDF")
    again = worker.do("floor_manifest", {"deed": "close"}, **ids)
    assert again.status_code == 409


def test_an_order_canceled_after_its_scan_stays_and_is_named(worker: Worker):
    floor = worker.floor
    one, two = (floor.packed(str(n), ("RED", 1), tracking=f"6400-{n}") for n in (1, 2))
    worker.do("floor_hand_over", {"deed": "open", "carrier": ""})
    ids = {"manifest_id": Manifest.objects.get().pk}
    for n in (1, 2):
        worker.scan("floor_manifest", f"6400-{n}", **ids)
    orders.stop(seller_id=floor.seller_id, order_id=two.pk, code="cancel_after_packing", actor=MINA)

    gone = worker.do("floor_manifest", {"deed": "close"}, **ids)

    assert "1 order is handed over." in words(gone)
    assert "These stay here; put their parcels aside: #2 (On hold)." in words(gone)
    assert (status(one), status(two)) == ("in_transit", "on_hold")


def test_goods_of_a_paper_come_piece_by_piece_too_many_and_unexpected_ones_too(worker: Worker):
    floor = worker.floor
    said = {"seller_id": floor.seller_id, "actor": MINA}
    quantities = {floor.items["RED"]: 3}
    paper = warehouse.expect(warehouse_id=floor.warehouse_id, quantities=quantities, reference="PO-7", **said)
    assert worker.scan("floor_receive", "PO-7").headers["X-Floor-Go"].endswith(f"/receive/{paper.pk}/")
    assert worker.scan("floor_receive", "RED").headers["X-Floor-Go"].endswith(f"/receive/{paper.pk}/")
    assert "No open paper expects BLUE." in words(worker.scan("floor_receive", "BLUE"))
    ids = {"receipt_id": paper.pk}

    assert "1 × RED received: 1 of 3." in words(worker.scan("floor_receipt", "RED", **ids))
    assert "What you scan now goes into B-1." in words(worker.scan("floor_receipt", "B-1", **ids))
    over = worker.scan("floor_receipt", "RED", keep={"into": "B-1"}, many="4", **ids)
    assert "4 × RED received: 2 more than the 3 expected. It is noted." in words(over)
    strange = worker.scan("floor_receipt", "BLUE", **ids)
    assert "1 × BLUE received, but nobody expected it on this paper." in words(strange)
    assert 'data-tone="warn"' in words(strange)
    assert floor.lying()["B-1"] == {"GREEN": 5, "RED": 4}
    closed = worker.do("floor_receipt", {"deed": "close"}, **ids)

    assert "The paper is closed." in words(closed)
    assert (figure(floor.items["RED"])[0], Receipt.objects.get(pk=paper.pk).state) == (15, "closed")
    assert worker.scan("floor_receipt", "RED", **ids).status_code == 409
    assert figure(floor.items["RED"])[0] == 15


def test_goods_without_a_paper_are_received_all_the_same(worker: Worker):
    worker.do("floor_receive", {"deed": "blind", "supplier": "Wool & Co"})
    paper = Receipt.objects.get(kind="blind")

    answer = worker.scan("floor_receipt", "GREEN", many="12", receipt_id=paper.pk)

    assert "12 × GREEN received, 12 in all." in words(answer)
    assert figure(worker.floor.items["GREEN"])[0] == 17


def test_an_unknown_barcode_is_given_to_an_item_by_who_may_change_items(worker: Worker):
    floor = worker.floor
    worker.do("floor_receive", {"deed": "blind"})
    ids = {"receipt_id": Receipt.objects.get().pk}
    unknown = worker.scan("floor_receipt", "8801234567893", **ids)
    assert "Nobody here knows “8801234567893”." in words(unknown)
    assert "Put the piece aside." in words(unknown)
    form = {"deed": "attach", "code": "8801234567893", "sku": "RED"}
    refused = worker.do("floor_receipt", form, **ids)
    assert refused.status_code == 409
    assert not Item.objects.exclude(barcode="").exists()
    boss = Worker(floor, sit_down(make_person(floor.channel.seller, "operator", "boss@example.com")))
    assert "Whose barcode is it?" in words(boss.scan("floor_receipt", "8801234567893", **ids))

    assert "is the barcode of RED now" in words(boss.do("floor_receipt", form, **ids))
    assert "1 × RED received" in words(worker.scan("floor_receipt", "8801234567893", **ids))
    taken = boss.do("floor_receipt", {**form, "sku": "BLUE"}, **ids)
    assert "“8801234567893” belongs to RED already." in words(taken)
    another = boss.do("floor_receipt", {**form, "code": "123"}, **ids)
    assert "RED has the barcode 8801234567893 already." in words(another)


def test_a_barcode_of_two_items_asks_which_and_a_kit_is_opened(worker: Worker):
    floor = worker.floor
    Item.objects.filter(pk__in=[floor.items["RED"], floor.items["BLUE"]]).update(barcode="8801")
    make_kit(floor.channel.seller, "PAIR", {floor.items["RED"]: 2})
    worker.do("floor_receive", {"deed": "blind"})
    ids = {"receipt_id": Receipt.objects.get().pk}

    which = worker.scan("floor_receipt", "8801", **ids)
    assert "“8801” is the barcode of 2 items." in words(which)
    chosen = worker.do("floor_receipt", {"scan": "8801", "item": str(floor.items["BLUE"])}, **ids)
    assert "1 × BLUE received" in words(chosen)
    assert "PAIR is a kit. Scan the parts that lie in it." in words(worker.scan("floor_receipt", "PAIR", **ids))


def test_what_has_no_bin_is_put_away_where_it_is_suggested_or_elsewhere(worker: Worker):
    floor = worker.floor
    inventory.receive(seller_id=floor.seller_id, item_id=floor.items["RED"], quantity=4, actor=MINA)
    assert "Lies in no bin" in worker.see("floor_put_away")

    hand = worker.scan("floor_put_away", "RED")
    assert "Scan bin A-1, or another one" in words(hand)
    some = worker.scan("floor_put_away", "B-1", keep={"sku": "RED"}, many="1")
    assert "1 × RED lie in B-1 now." in words(some)
    rest = worker.scan("floor_put_away", "A-1", keep={"sku": "RED"})
    assert "3 × RED lie in A-1 now." in words(rest)

    assert (floor.lying()["A-1"], floor.lying()["B-1"]) == ({"RED": 8}, {"GREEN": 5, "RED": 1})
    assert "All of RED lies in bins already." in words(worker.scan("floor_put_away", "RED"))
    assert worker.scan("floor_put_away", "NOTHING").status_code == 404


def test_goods_move_from_bin_to_bin(worker: Worker):
    floor = worker.floor
    assert "You stand at A-1." in words(worker.scan("floor_move", "A-1"))
    assert worker.scan("floor_move", "BLUE", keep={"bin": "A-1"}).status_code == 404
    assert "Now scan where it goes." in words(worker.scan("floor_move", "RED", keep={"bin": "A-1"}))
    over = worker.scan("floor_move", "B-1", keep={"bin": "A-1", "sku": "RED"}, many="6")
    assert (over.status_code, floor.lying()["A-1"]) == (409, {"RED": 5})

    worker.scan("floor_move", "B-1", keep={"bin": "A-1", "sku": "RED"}, many="2")

    assert (floor.lying()["A-1"], floor.lying()["B-1"]) == ({"RED": 3}, {"GREEN": 5, "RED": 2})


def test_a_bin_is_counted_blind_and_a_manager_decides(worker: Worker):
    floor = worker.floor
    go = worker.scan("floor_counts", "A-1").headers["X-Floor-Go"]
    count = Count.objects.get()
    assert go.endswith(f"/count/{count.pk}/?bin=A-1")
    ids = {"count_id": count.pk}
    seen = worker.see("floor_count", "?bin=A-1", **ids)
    assert "RED" not in seen  # neither what should lie there nor how much
    assert "floor-many" not in seen

    one = worker.scan("floor_count", "RED", keep={"bin": "A-1"}, many="3", **ids)
    assert 'data-keep="bin=A-1&amp;t=RED%3A3"' in words(one)
    two = worker.scan("floor_count", "BLUE", keep={"bin": "A-1", "t": "RED:3"}, **ids)
    assert "That is all: 4 pieces" in words(two)
    early = worker.scan("floor_count", "A-2", keep={"bin": "A-1", "t": "RED:3"}, **ids)
    assert "Say first that this is all of the bin before." in words(early)
    worker.do("floor_count", {"deed": "enter", "keep.bin": "A-1", "keep.t": "RED:3,BLUE:1"}, **ids)
    done = worker.do("floor_count", {"deed": "finish"}, **ids)

    assert "Counted. A manager looks at the differences." in words(done)
    found = Count.objects.get().lines.values_list("item__sku", "expected", "counted")
    assert sorted(found) == [("BLUE", 0, 1), ("RED", 5, 3)]
    assert figure(floor.items["RED"]) == (10, 0)


def test_a_parcel_that_came_back_is_looked_at_piece_by_piece(worker: Worker):
    floor = worker.floor
    order = floor.packed("1", ("RED", 3), tracking="6400-1")
    assert worker.scan("floor_returns", "6400-1").status_code == 409
    worker.do("floor_hand_over", {"deed": "open"})
    ids = {"manifest_id": Manifest.objects.get().pk}
    worker.scan("floor_manifest", "6400-1", **ids)
    worker.do("floor_manifest", {"deed": "close"}, **ids)
    assert figure(floor.items["RED"]) == (7, 0)

    worker.scan("floor_returns", "6400-1")
    worker.scan("floor_returns", "6400-1")
    back = Return.objects.get()
    ids = {"return_id": back.pk}
    into = worker.scan("floor_return", "A-1", keep={"grade": "as_new"}, **ids)
    assert "Good pieces go into A-1." in words(into)
    good = worker.scan("floor_return", "RED", keep={"grade": "as_new", "into": "A-1"}, **ids)
    assert "1 × RED: As new." in words(good)
    tally = f"{order.lines.get().pk}.as_new.A-1:1"
    bad = worker.scan("floor_return", "RED", keep={"grade": "damaged", "t": tally}, **ids)
    assert "1 × RED: Damaged." in words(bad)
    tally += f",{order.lines.get().pk}.damaged:1"
    over = worker.scan("floor_return", "RED", keep={"t": tally}, many="2", **ids)
    assert (over.status_code, "was not sent with this order, or all of it is back" in words(over)) == (409, True)
    done = worker.do("floor_return", {"deed": "finish", "keep.t": tally}, **ids)

    assert "The return is taken in." in words(done)
    rows = ReturnLine.objects.values_list("grade", "quantity", "restocked", "bin__code")
    assert sorted(rows) == [("as_new", 1, True, "A-1"), ("damaged", 1, False, None)]
    assert (figure(floor.items["RED"]), floor.lying()["A-1"]) == ((8, 0), {"RED": 3})


def test_an_announced_return_is_received_by_its_scan(worker: Worker):
    floor = worker.floor
    order = floor.packed("1", ("RED", 1))
    words_ = {"seller_id": floor.seller_id, "warehouse_id": floor.warehouse_id, "order_id": order.pk}
    made = returns.expect_return(tracking_number="77", actor=MINA, **words_)
    assert "Is it here?" in worker.see("floor_return", return_id=made.pk)

    worker.scan("floor_returns", "77")

    assert (Return.objects.get().pk, Return.objects.get().state) == (made.pk, "received")


def test_any_code_is_looked_up(worker: Worker):
    floor = worker.floor
    order = floor.packed("7", ("RED", 1), tracking="6400-7")
    look = lambda code: worker.see("floor_look", f"?code={code}")  # noqa: E731

    assert "RED sock" in look("RED")
    assert "A-10" in look("RED")
    assert "BLUE" in look("a-2")
    assert "Order #7" in look("%237")
    assert "6400-7" in look("6400-7")
    assert worker.scan("floor_look", "nothing at all").status_code == 404
    assert worker.scan("floor_home", "RED").headers["X-Floor-Go"].endswith("/look/?code=RED")
    assert worker.scan("floor_home", "???").status_code == 404
    assert order.pk


def test_without_scripts_a_form_answers_with_the_whole_page(worker: Worker, lists):
    worker.floor.order("1", ("RED", 1))
    list_id = lists(worker.floor.wave())
    address = worker.address("floor_pick_list", list_id=list_id)

    answer = worker.browser.post(address, {"token": "plain-form-1", "scan": "A-1"})
    assert "<!doctype html>" in answer.content.decode()
    go = worker.browser.post(
        worker.address("floor_pick"), {"token": "plain-form-2", "scan": PickList.objects.get().number}
    )
    assert go.headers["Location"] == address


SCREENS = [
    "floor_home", "floor_look", "floor_receive", "floor_put_away", "floor_move", "floor_put_back", "floor_pick",
    "floor_pack", "floor_hand_over", "floor_counts", "floor_returns",
]  # fmt: skip


@pytest.mark.parametrize("name", SCREENS)
def test_who_works_in_another_warehouse_does_not_find_this_one(worker: Worker, name: str):
    floor = worker.floor
    busan = inventory.add_warehouse(seller_id=floor.seller_id, code="BUSAN", name="Busan", actor=MINA)
    member = make_person(floor.channel.seller, "picker", "busan@example.com")
    member.warehouse_ids = [busan.pk]
    member.save()
    stranger = Worker(floor, sit_down(member))
    other = Worker(floor, sit_down(make_person(make_seller("Busan Boots"), "owner")))
    floor.order("1", ("RED", 1))

    for one in (stranger, other):
        assert one.browser.get(one.address(name)).status_code == 404
        for deed in ("scan", "make", "blind", "open"):
            assert one.do(name, {"deed": deed, "scan": "RED"}).status_code == 404
    assert not Message.objects.exists()
    assert not PickList.objects.exists()


def test_a_warehouse_of_another_system_has_no_scan_screens(worker: Worker):
    floor = worker.floor
    inventory.set_mode(seller_id=floor.seller_id, warehouse_id=floor.warehouse_id, mode="external", actor=MINA)

    assert worker.browser.get(worker.address("floor_home")).status_code == 404
    assert "No warehouse to work in" in words(worker.browser.get(reverse("web:floor")))


def test_papers_of_another_warehouse_are_not_found_under_this_one(worker: Worker):
    floor = worker.floor
    said = {"seller_id": floor.seller_id, "actor": MINA}
    busan = inventory.add_warehouse(code="BUSAN", name="Busan", **said)
    paper = warehouse.begin_receipt(warehouse_id=busan.pk, **said)

    assert worker.browser.get(worker.address("floor_receipt", receipt_id=paper.pk)).status_code == 404
    for name, key in {
        "floor_pick_list": "list_id", "floor_pack_work": "work_id", "floor_manifest": "manifest_id",
        "floor_count": "count_id", "floor_return": "return_id",
    }.items():  # fmt: skip
        assert worker.browser.get(worker.address(name, **{key: 0})).status_code == 404


def test_who_only_reads_has_no_floor(worker: Worker):
    reader = Worker(worker.floor, sit_down(make_person(worker.floor.channel.seller, "read_only", "r@example.com")))

    for name in SCREENS:
        assert reader.browser.get(reader.address(name)).status_code == 403
        assert reader.do(name, {"scan": "A-1"}).status_code == 403
    assert not BinStock.objects.filter(quantity=0).exists()
