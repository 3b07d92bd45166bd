"""A figure on its way to the shop: told where it still stands, never over a sale, never twice for nothing."""

import pytest
from django.utils import timezone

from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.channels.models import Listing, StockTold, Store
from entrepot.channels.services import push
from entrepot.channels.services.push import push_stock, stores_owing_stock
from entrepot.channels.services.push_figures import stale_ids
from entrepot.channels.services.push_rules import set_stock_rules, set_store_stock_rules, sync_stock, would_push
from entrepot.connectors.opencart.simulator import Item
from entrepot.inventory import services as inventory
from entrepot.kernel.errors import ChannelError
from tests.books import make_kit
from tests.roads.rig import MINA, Place, Road, small_shop


def writes(place: Place) -> list[tuple[int, int]]:
    """Each stock write the shop has seen: product and quantity."""
    assert place.server.counters.idle()
    return [(write.product_id, write.quantity) for write in place.server.counters.stock_writes]


def test_a_receipt_is_shown_in_both_shops(road: Road) -> None:
    one = road.connect(small_shop(RED=5))
    two = road.connect(small_shop(RED=5), name="Second shop")
    road.receive("RED", 7)

    one.push()
    two.push()

    assert (one.shows(1), two.shows(1)) == (12, 12)
    told = StockTold.objects.filter(listing=one.listing(1), kind="sent").get()
    assert (told.quantity, told.version) == (12, one.listing(1).sent_version)


def test_nothing_is_said_when_the_shop_shows_the_figure_already(road: Road) -> None:
    place = road.connect(small_shop(RED=5))

    first = place.push()
    again = place.push()

    assert (first.sent, again.sent, again.unchanged) == (0, 0, 0)
    assert writes(place) == []
    assert stores_owing_stock() == []


def test_a_unit_just_sold_in_the_shop_is_never_overwritten(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    place.shop.place_order([Item(1, 2)])  # the shop counts 3; nobody has told us yet
    road.receive("RED", 10)

    report = place.push()

    assert report.changed == 1
    assert place.shows(1) == 13  # 5 + 10 received - 2 sold, not 15
    assert road.available("RED") == 13
    assert writes(place) == [(1, 13)]


def test_an_answer_that_was_lost_is_asked_for_again_and_told_once(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    road.receive("RED", 1)
    place.server.faults.add("lost", resource="stock", times=1)

    with pytest.raises(ChannelError):
        place.push()
    assert place.shows(1) == 6  # the shop did it, but nobody heard
    assert place.listing(1).sent_quantity is None

    place.push()
    assert place.shows(1) == 6
    assert (place.listing(1).sent_quantity, place.listing(1).seen_quantity) == (6, 6)
    assert stores_owing_stock() == []


def test_a_shop_that_is_down_leaves_the_figure_owed_and_gets_it_later(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    road.receive("RED", 1)
    place.server.faults.add("error", resource="stock", times=9)
    with pytest.raises(ChannelError):
        place.push()
    assert stores_owing_stock() == [place.store.pk]

    place.server.faults.clear()
    place.push()
    assert place.shows(1) == 6
    assert stores_owing_stock() == []


def test_a_store_in_shadow_is_told_nothing_and_says_what_it_would_be_told(road: Road) -> None:
    place = road.connect(small_shop(RED=5), live=False)
    road.receive("RED", 4)

    assert place.push().sent == 0
    assert writes(place) == []
    assert [(row.title, row.shown, row.quantity) for row in would_push(place.store)] == [("RED sock", 5, 9)]
    assert stores_owing_stock() == []


def test_a_product_deleted_in_the_shop_is_missing_and_no_longer_pushed(road: Road) -> None:
    place = road.connect(small_shop(RED=5, BLUE=5))
    place.shop.delete_product(1)
    road.receive("RED", 1)
    road.receive("BLUE", 1)

    report = place.push()

    assert (report.sent, report.missing) == (1, 1)
    assert place.shows(2) == 6
    assert place.listing(1).state == "missing"
    assert place.problems() == ["listing_missing"]
    assert place.push().missing == 0


def test_buffer_share_and_maximum_bound_what_a_shop_shows(road: Road) -> None:
    place = road.connect(small_shop(RED=10))
    ids = [place.listing(1).pk]

    set_store_stock_rules(seller_id=road.seller.pk, store_id=place.store.pk, rules={"buffer": 1}, actor=MINA)
    place.push()
    assert place.shows(1) == 9

    set_stock_rules(seller_id=road.seller.pk, listing_ids=ids, rules={"share_percent": 50, "buffer": 0}, actor=MINA)
    place.push()
    assert place.shows(1) == 5

    set_stock_rules(seller_id=road.seller.pk, listing_ids=ids, rules={"maximum": 3}, actor=MINA)
    place.push()
    assert place.shows(1) == 3

    road.receive("RED", 1)  # still more than the maximum: nothing to say
    place.push()
    assert writes(place) == [(1, 9), (1, 5), (1, 3)]


def test_sync_stock_by_hand_says_the_figure_again_and_repairs_what_somebody_changed(road: Road) -> None:
    place = road.connect(small_shop(RED=5, BLUE=5))
    place.shop.set_quantity(1, 99)

    sync_stock(seller_id=road.seller.pk, store_id=place.store.pk, actor=MINA, listing_ids=[place.listing(1).pk])
    place.push()

    assert place.shows(1) == 5
    assert writes(place) == [(1, 5)]
    assert not place.listing(1).force_push


def test_the_riskiest_figure_goes_first(road: Road) -> None:
    place = road.connect(small_shop(MANY=500, FEW=3, SOME=40))
    for sku in ("MANY", "FEW", "SOME"):
        road.receive(sku, 1)

    place.push()

    assert writes(place) == [(2, 4), (3, 41), (1, 501)]


def test_what_moves_while_we_talk_is_stale_again_by_itself(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    place = road.connect(small_shop(RED=5))
    road.receive("RED", 1)
    ask = push._ask

    def sold_meanwhile(*args):
        monkeypatch.setattr(push, "_ask", ask)
        answers = ask(*args)
        road.receive("RED", 1)
        return answers

    monkeypatch.setattr(push, "_ask", sold_meanwhile)
    push_stock(Store.objects.get(pk=place.store.pk), full=True)

    assert writes(place) == [(1, 6), (1, 7)]
    assert stores_owing_stock() == []


def test_a_rule_given_while_we_talk_is_obeyed_next(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    place = road.connect(small_shop(RED=5))
    road.receive("RED", 5)
    ask = push._ask

    def held_back_meanwhile(*args):
        monkeypatch.setattr(push, "_ask", ask)
        answers = ask(*args)
        set_store_stock_rules(seller_id=road.seller.pk, store_id=place.store.pk, rules={"buffer": 4}, actor=MINA)
        return answers

    monkeypatch.setattr(push, "_ask", held_back_meanwhile)
    place.push()
    place.push()

    assert writes(place) == [(1, 10), (1, 6)]
    assert stores_owing_stock() == []


def test_a_listing_given_to_another_item_while_we_talk_shows_that_one(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = road.connect(small_shop(RED=5, BLUE=2))
    road.receive("RED", 5)
    road.receive("BLUE", 1)  # now both stand at the same version
    ask = push._ask

    def mapped_meanwhile(*args):
        monkeypatch.setattr(push, "_ask", ask)
        answers = ask(*args)
        Listing.objects.filter(pk=place.listing(1).pk).update(item=road.item("BLUE"), sent_version=-1)
        return answers

    monkeypatch.setattr(push, "_ask", mapped_meanwhile)
    place.push()
    place.push()

    assert (place.shows(1), place.shows(2)) == (3, 3)


def test_a_kit_of_other_parts_is_told_though_their_versions_are_alike(road: Road) -> None:
    place = road.connect(small_shop(RED=5, BLUE=2, SET=0))
    seller_id, kit = road.seller.pk, make_kit(road.seller, "KIT", {road.item("RED").pk: 1})
    Listing.objects.filter(pk=place.listing(3).pk).update(item_id=kit, sent_version=-1)
    place.push()
    assert place.shows(3) == 5

    inventory.compose_kit(seller_id=seller_id, kit_id=kit, parts={road.item("BLUE").pk: 1}, actor=MINA)
    assert stores_owing_stock() == [place.store.pk]
    place.push(full=False)

    assert place.shows(3) == 2
    assert stores_owing_stock() == []


def test_what_lies_in_a_closed_warehouse_is_not_for_sale(road: Road) -> None:
    place = road.connect(small_shop(RED=5))
    other = inventory.add_warehouse(seller_id=road.seller.pk, code="OLD", name="Old", actor=MINA)
    inventory.receive(
        seller_id=road.seller.pk, item_id=road.item("RED").pk, quantity=7, actor=MINA, warehouse_id=other.pk
    )
    type(other).objects.filter(pk=other.pk).update(active=False)

    place.push()

    assert (place.shows(1), road.available("RED")) == (5, 5)


def test_a_kit_of_things_nobody_has_counted_is_neither_told_nor_owed(road: Road) -> None:
    place = road.connect(small_shop(RED=5, PAIR=3))
    place.push()
    row = ItemRow(sku="UNCOUNTED", name="Sock", product=ProductRow(key="UNCOUNTED", name="Sock"))
    part = catalog.upsert_items(seller_id=road.seller.pk, rows=[row], actor=MINA)["UNCOUNTED"]
    kit = make_kit(road.seller, "KIT", {road.item("RED").pk: 1})
    inventory.compose_kit(seller_id=road.seller.pk, kit_id=kit, parts={part: 1}, actor=MINA)
    Listing.objects.filter(pk=place.listing(2).pk).update(item_id=kit, sent_version=-1)

    assert stores_owing_stock() == []
    assert stale_ids(place.store, now=timezone.now(), full=True) == []
    place.push()
    assert place.shows(2) == 3

    inventory.open_stock(seller_id=road.seller.pk, figures={part: 7}, reference="count:1", actor=MINA)
    place.push()
    assert place.shows(2) == 7
