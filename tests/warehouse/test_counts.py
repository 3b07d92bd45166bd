"""Counted blind, approved by a manager: the difference found changes its bin, and whatever moved since stays moved."""

import dataclasses

import pytest

from entrepot.accounts.models import AuditEntry
from entrepot.inventory import services as inventory
from entrepot.inventory.errors import (
    BinNotFound,
    KitHasNoStock,
    QuantityInvalid,
    ReasonMissing,
    StockIsReserved,
    StockItemNotFound,
    WarehouseNotFound,
)
from entrepot.inventory.models import BinMove, Movement
from entrepot.inventory.services import Want
from entrepot.kernel.actor import Actor
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.errors import (
    CountedAlready,
    CountEmpty,
    CountNotFound,
    CountOutdated,
    CountOver,
    CountUnfinished,
    NotInCount,
)
from entrepot.warehouse.models import Count, CountLine
from entrepot.warehouse.queries import papers
from tests.books import (
    MINA,
    assert_books_add_up,
    draft,
    figure,
    held,
    line,
    make_channel,
    make_items,
    make_kit,
    make_seller,
    place_one,
    status,
)
from tests.shelves import assert_bins_add_up, lying, make_bins, unlocated

BOSS = Actor("user", "Jun")


class Shelf:
    """RED 3 in A1, 2 in A2, 1 nowhere; BLUE 4 in A1; A3 is empty."""

    def __init__(self, seller, place) -> None:
        self.seller, self.place = seller, place
        self.ids = make_items(seller, RED=6, BLUE=4)
        self.red, self.blue = self.ids["RED"], self.ids["BLUE"]
        self.bins = make_bins(place, "A1", "A2", "A3")
        self.words = {"seller_id": seller.pk, "actor": MINA}
        self.here = {"warehouse_id": place.pk, **self.words}
        for item, quantity, code in ((self.red, 3, "A1"), (self.red, 2, "A2"), (self.blue, 4, "A1")):
            warehouse.put_away(item_id=item, quantity=quantity, bin_id=self.bins[code], **self.here)

    def start(self, *codes: str, items: list[int] | None = None) -> Count:
        return warehouse.start_count(bin_ids=[self.bins[code] for code in codes], item_ids=items or [], **self.here)

    def enter(self, count: Count, code: str | None, **found: int) -> None:
        quantities = {self.ids[sku]: quantity for sku, quantity in found.items()}
        bin_id = self.bins[code] if code else None
        warehouse.enter_count(count_id=count.pk, bin_id=bin_id, found=quantities, **self.words)

    def finish(self, count: Count) -> str:
        return warehouse.finish_count(count_id=count.pk, **self.words).state

    def approve(self, count: Count, **words) -> str:
        facts = {"reason": "counted twice", "actor": BOSS, **words}
        return warehouse.approve_count(seller_id=self.seller.pk, count_id=count.pk, **facts).state

    def apart(self, count: Count) -> list[tuple[str | None, str | None, int, int, str]]:
        rows = papers.differences(seller_id=self.seller.pk, count_id=count.pk)
        return [
            (row.bin and row.bin.code, row.item and row.item.sku, row.expected, row.counted, row.state) for row in rows
        ]


@pytest.fixture
def shelf(seller, place) -> Shelf:
    return Shelf(seller, place)


def test_a_counted_bin_changes_nothing_until_a_manager_approves(shelf, seller):
    count = shelf.start("A1", "A3")
    assert (count.number, count.state) == ("C-000001", "counting")
    shelf.enter(count, "A1", RED=2, BLUE=4)
    shelf.enter(count, "A3", BLUE=1)

    assert shelf.finish(count) == "to_approve"
    assert (figure(shelf.red), figure(shelf.blue)) == ((6, 0), (4, 0))
    assert shelf.apart(count) == [("A1", "RED", 3, 2, "counted"), ("A3", "BLUE", 0, 1, "counted")]
    assert shelf.approve(count) == "done"

    assert (lying(shelf.red), unlocated(shelf.red), figure(shelf.red)) == ({"A1": 2, "A2": 2}, 1, (5, 0))
    assert (lying(shelf.blue), figure(shelf.blue)) == ({"A1": 4, "A3": 1}, (5, 0))
    moves = Movement.objects.filter(kind="count").order_by("on_hand_delta")
    told = ("on_hand_delta", "reference", "reason", "actor_label")
    assert list(moves.values_list(*told)) == [
        (-1, f"count:{count.pk}", "counted twice", "Jun"),
        (1, f"count:{count.pk}", "counted twice", "Jun"),
    ]
    steps = BinMove.objects.filter(kind="count").order_by("from_bin")
    assert list(steps.values_list("from_bin__code", "to_bin__code", "quantity")) == [("A1", None, 1), (None, "A3", 1)]
    entry = AuditEntry.objects.get(verb="warehouse.approve_count")
    assert entry.facts["changed"] == {str(shelf.red): -1, str(shelf.blue): 1}
    assert_books_add_up([seller.pk])
    assert_bins_add_up([seller.pk])


def test_a_count_that_agrees_is_done_without_anybodys_approval(shelf):
    count = shelf.start("A1", "A3")
    shelf.enter(count, "A1", RED=3, BLUE=4)
    shelf.enter(count, "A3")
    assert shelf.finish(count) == "done"
    assert shelf.apart(count) == []
    assert Movement.objects.filter(kind="count").count() == 0


def test_what_is_not_found_in_a_bin_counts_as_nothing(shelf):
    count = shelf.start("A1")
    shelf.enter(count, "A1", RED=3)
    shelf.finish(count)
    shelf.approve(count)
    assert (lying(shelf.blue), figure(shelf.blue)) == ({}, (0, 0))


def test_who_counts_is_not_told_what_the_books_say(shelf, seller):
    by_bin = shelf.start("A1", "A3")
    seen = papers.to_count(seller_id=seller.pk, count_id=by_bin.pk)
    assert [(one.bin.code, one.item) for one in seen] == [("A1", None), ("A3", None)]
    by_item = shelf.start(items=[shelf.red])
    seen = papers.to_count(seller_id=seller.pk, count_id=by_item.pk)
    told = [(one.bin and one.bin.code, one.item.sku) for one in seen]
    assert told == [("A1", "RED"), ("A2", "RED"), (None, "RED")]
    assert {one.name for one in dataclasses.fields(seen[0])} == {"bin", "item"}
    shelf.enter(by_item, "A1", RED=3)
    assert len(papers.to_count(seller_id=seller.pk, count_id=by_item.pk)) == 2


def test_an_item_is_counted_wherever_it_lies(shelf):
    count = shelf.start(items=[shelf.red])
    shelf.enter(count, "A1", RED=3)
    shelf.enter(count, "A2", RED=0)
    with pytest.raises(CountUnfinished) as refusal:
        shelf.finish(count)
    assert refusal.value.fields == {"number": "C-000001", "left": 1}
    shelf.enter(count, None, RED=2)
    shelf.enter(count, "A3", RED=1)  # nobody had looked for it there
    assert shelf.finish(count) == "to_approve"
    shelf.approve(count)
    assert (lying(shelf.red), unlocated(shelf.red), figure(shelf.red)) == ({"A1": 3, "A3": 1}, 2, (6, 0))
    assert lying(shelf.blue) == {"A1": 4}


def test_what_left_after_it_was_counted_stays_gone(shelf, seller):
    count = shelf.start("A1")
    shelf.enter(count, "A1", RED=2, BLUE=4)
    warehouse.move(
        item_id=shelf.red, quantity=1, from_bin_id=shelf.bins["A1"], to_bin_id=shelf.bins["A3"], **shelf.here
    )
    shelf.finish(count)
    shelf.approve(count)
    assert lying(shelf.red) == {"A1": 1, "A2": 2, "A3": 1}
    assert_bins_add_up([seller.pk])


def test_a_bin_that_holds_less_by_now_than_it_should_fall_by_is_counted_again(shelf):
    count = shelf.start("A2")
    shelf.enter(count, "A2")
    warehouse.move(item_id=shelf.red, quantity=1, from_bin_id=shelf.bins["A2"], to_bin_id=None, **shelf.here)
    shelf.finish(count)
    with pytest.raises(CountOutdated) as refusal:
        shelf.approve(count)
    assert refusal.value.fields == {"bin": "A2", "sku": "RED", "there": 1, "missing": 2}
    assert (lying(shelf.red), figure(shelf.red)) == ({"A1": 3, "A2": 1}, (6, 0))

    assert warehouse.recount(count_id=count.pk, **shelf.words).state == "counting"
    shelf.enter(count, "A2", RED=1)
    assert shelf.finish(count) == "done"
    assert CountLine.objects.get(count=count).rounds == 1


def test_a_difference_that_orders_wait_for_is_refused_as_a_whole(shelf):
    inventory.reserve(wants=[Want("line:1", shelf.red, 6)], **shelf.words)
    count = shelf.start("A1")
    shelf.enter(count, "A1", RED=2, BLUE=5)
    shelf.finish(count)
    with pytest.raises(StockIsReserved):
        shelf.approve(count)
    assert (figure(shelf.red), figure(shelf.blue)) == ((6, 6), (4, 0))
    assert Count.objects.get().state == "to_approve"


def test_the_newest_orders_give_back_what_a_manager_says_is_not_there(shelf, seller):
    channel = make_channel(seller)
    old, new = (place_one(channel, draft(str(n), line(shelf.red, 3), minute=n)) for n in (1, 2))
    count = shelf.start("A1")
    shelf.enter(count, "A1", RED=1, BLUE=4)
    shelf.finish(count)
    [apart] = papers.differences(seller_id=seller.pk, count_id=count.pk)
    words = {"seller_id": seller.pk, "count_id": count.pk, "line_id": apart.pk, "actor": BOSS}

    with pytest.raises(StockIsReserved):
        shelf.approve(count)
    with pytest.raises(ReasonMissing):
        warehouse.approve_taking_back(reason="", **words)
    assert list(warehouse.approve_taking_back(reason="gone", **words)) == [new.pk]

    assert (status(old), status(new), held(old), held(new)) == ("new", "partial", 3, 1)
    assert (lying(shelf.red), unlocated(shelf.red), figure(shelf.red)) == ({"A1": 1, "A2": 2}, 1, (4, 4))
    assert Count.objects.get().state == "done"
    assert_books_add_up([seller.pk])
    assert_bins_add_up([seller.pk])


def test_differences_are_decided_one_by_one(shelf):
    count = shelf.start("A1", "A2")
    shelf.enter(count, "A1", RED=2, BLUE=5)
    shelf.enter(count, "A2", RED=1)
    shelf.finish(count)
    first, second, third = [row.pk for row in papers.differences(seller_id=shelf.seller.pk, count_id=count.pk)]

    assert shelf.approve(count, line_ids=[first]) == "to_approve"
    drop = {"count_id": count.pk, "reason": "miscounted", "line_ids": [second], **shelf.words}
    assert warehouse.drop_differences(**drop).state == "to_approve"
    with pytest.raises(NotInCount):
        shelf.approve(count, line_ids=[first])
    assert shelf.approve(count, line_ids=[third]) == "done"

    assert (lying(shelf.red), lying(shelf.blue)) == ({"A1": 3, "A2": 1}, {"A1": 5})
    decided = CountLine.objects.order_by("id").exclude(decided_by="").values_list("state", "decided_by")
    assert sorted(decided) == [("approved", "Jun"), ("approved", "Jun"), ("dropped", "Mina")]


@pytest.mark.parametrize(
    ("bins", "items", "error"),
    [
        ([], [], CountEmpty),
        (["A1"], ["RED"], CountEmpty),
        (["B9"], [], BinNotFound),
        ([], ["PAIR"], KitHasNoStock),
        ([], ["BOOT"], StockItemNotFound),
    ],
)
def test_a_count_of_nothing_or_of_what_is_not_there_is_not_begun(shelf, seller, bins, items, error):
    other = make_seller("Busan Boots")
    theirs = inventory.default_warehouse(seller_id=other.pk, actor=MINA)
    shelf.ids |= make_items(other, BOOT=1) | {"PAIR": make_kit(seller, "PAIR", {shelf.red: 2})}
    shelf.bins |= make_bins(theirs, "B9")
    with pytest.raises(error):
        shelf.start(*bins, items=[shelf.ids[sku] for sku in items])
    assert Count.objects.count() == 0


def test_what_was_not_asked_for_cannot_be_entered(shelf):
    by_bin, by_item = shelf.start("A1"), shelf.start(items=[shelf.red])
    with pytest.raises(NotInCount):
        shelf.enter(by_bin, "A2", RED=2)
    with pytest.raises(NotInCount):
        shelf.enter(by_item, "A1", BLUE=4)
    with pytest.raises(QuantityInvalid):
        shelf.enter(by_bin, "A1", RED=-1)
    assert set(CountLine.objects.values_list("state", flat=True)) == {"open"}
    shelf.enter(by_bin, "A1", RED=3, BLUE=4)
    with pytest.raises(CountedAlready):
        shelf.enter(by_bin, "A1", RED=9, BLUE=9)
    assert sorted(CountLine.objects.filter(count=by_bin).values_list("counted", flat=True)) == [3, 4]


def test_a_count_that_is_over_stays_over(shelf):
    count = shelf.start("A1")
    with pytest.raises(CountOver):
        shelf.approve(count)
    shelf.enter(count, "A1", RED=2, BLUE=4)
    shelf.finish(count)
    with pytest.raises(ReasonMissing):
        shelf.approve(count, reason=" ")
    warehouse.cancel_count(count_id=count.pk, reason="flood", **shelf.words)
    assert figure(shelf.red) == (6, 0)
    for deed in (
        lambda: shelf.enter(count, "A1", RED=1),
        lambda: shelf.finish(count),
        lambda: shelf.approve(count),
        lambda: warehouse.recount(count_id=count.pk, **shelf.words),
        lambda: warehouse.cancel_count(count_id=count.pk, **shelf.words),
    ):
        with pytest.raises(CountOver):
            deed()
    assert Count.objects.get().state == "canceled"
    assert Movement.objects.filter(kind="count").count() == 0


def test_another_sellers_counts_do_not_exist(shelf, seller, place):
    count = shelf.start("A1")
    other = make_seller("Busan Boots")
    theirs = {"seller_id": other.pk, "actor": MINA}
    for deed in (
        lambda: warehouse.enter_count(count_id=count.pk, bin_id=shelf.bins["A1"], found={}, **theirs),
        lambda: warehouse.finish_count(count_id=count.pk, **theirs),
        lambda: warehouse.approve_count(count_id=count.pk, reason="x", **theirs),
        lambda: warehouse.drop_differences(count_id=count.pk, reason="x", **theirs),
        lambda: warehouse.recount(count_id=count.pk, **theirs),
        lambda: warehouse.cancel_count(count_id=count.pk, **theirs),
        lambda: papers.count_of(seller_id=other.pk, count_id=count.pk),
    ):
        with pytest.raises(CountNotFound):
            deed()
    with pytest.raises(WarehouseNotFound):
        warehouse.start_count(warehouse_id=place.pk, bin_ids=[shelf.bins["A1"]], **theirs)
    assert papers.to_count(seller_id=other.pk, count_id=count.pk) == []
    assert papers.counts(seller_id=other.pk).rows == []
    assert [row.number for row in papers.counts(seller_id=seller.pk).rows] == ["C-000001"]
