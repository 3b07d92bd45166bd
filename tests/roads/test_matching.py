"""A line that means none of our items waits for a person; once somebody says what it is, all moves on by itself."""

import pytest

from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.channels.errors import AlreadyMatched, ListingNotFound
from entrepot.channels.models import Listing
from entrepot.channels.services.mapping import map_listing, match_order_line, match_waiting_orders, unmap_listing
from entrepot.connectors.opencart.simulator import Item
from entrepot.inventory import services as inventory
from tests.roads.rig import MINA, SHIPPED, Place, Road, small_shop


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5))


def new_item(road: Road, sku: str, quantity: int) -> int:
    row = ItemRow(sku=sku, name=sku, product=ProductRow(key=sku, name=sku))
    item_id = catalog.upsert_items(seller_id=road.seller.pk, rows=[row], actor=MINA)[sku]
    inventory.open_stock(seller_id=road.seller.pk, figures={item_id: quantity}, reference="test", actor=MINA)
    return item_id


def sold_new_product(place: Place) -> int:
    """The shop sells something it had not shown us; product 2."""
    place.shop.add_product(product_id=2, sku="", name="Nameless sock", model="N", price="10", quantity=9)
    order_id = place.shop.place_order([Item(1, 1), Item(2, 2)])
    place.pull()
    return order_id


def test_an_order_with_an_unknown_line_waits_but_keeps_what_is_known(road: Road, place: Place) -> None:
    order_id = sold_new_product(place)
    assert (place.order(order_id).status, place.order(order_id).hold_code) == ("on_hold", "unmapped_sku")
    assert place.problems() == ["unmapped_sku"]
    assert road.reserved("RED") == 1


def test_matching_the_line_sets_its_stock_aside_and_the_next_order_needs_nobody(road: Road, place: Place) -> None:
    order_id = sold_new_product(place)
    item_id = new_item(road, "NAMELESS", 9)
    line = place.order(order_id).lines.get(item=None)

    match_order_line(seller_id=road.seller.pk, line_id=line.pk, item_id=item_id, actor=MINA)

    assert place.order(order_id).status == "new"
    assert road.reserved("NAMELESS") == 2
    assert place.problems() == []
    assert place.listing(2).item_id == item_id
    later = place.shop.place_order([Item(2, 1)])
    place.pull()
    assert place.order(later).status == "new"
    assert road.reserved("NAMELESS") == 3


def test_mapping_the_listing_moves_every_waiting_order_and_follows_the_shop(road: Road, place: Place) -> None:
    first, second = sold_new_product(place), place.shop.place_order([Item(2, 1)])
    place.pull()
    place.shop.set_status(second, SHIPPED)
    place.pull()
    assert place.order(second).status == "on_hold"
    listing = Listing.objects.create(
        seller=road.seller, store=place.store, remote_id="2", title="Nameless sock", currency="USD"
    )
    item_id = new_item(road, "NAMELESS", 9)

    map_listing(seller_id=road.seller.pk, listing_id=listing.pk, item_id=item_id, actor=MINA)

    assert (place.order(first).status, place.order(second).status) == ("new", "in_transit")
    assert (road.on_hand("NAMELESS"), road.reserved("NAMELESS")) == (8, 2)
    assert place.problems() == []


def test_an_sku_that_appears_later_is_enough(road: Road, place: Place) -> None:
    place.shop.add_product(product_id=2, sku="LATE", name="Late sock", model="L", price="10", quantity=9)
    order_id = place.shop.place_order([Item(2, 2)])
    place.pull()
    assert place.order(order_id).status == "on_hold"
    item_id = new_item(road, "LATE", 9)
    Listing.objects.create(
        seller=road.seller, store=place.store, remote_id="2", title="Late sock", currency="USD", item_id=item_id
    )

    assert match_waiting_orders(place.store, actor=MINA) == 1
    assert match_waiting_orders(place.store, actor=MINA) == 0
    assert place.order(order_id).status == "new"


def test_a_listing_taken_by_another_item_is_refused_and_stays(road: Road, place: Place) -> None:
    other = new_item(road, "OTHER", 1)
    with pytest.raises(AlreadyMatched):
        map_listing(seller_id=road.seller.pk, listing_id=place.listing(1).pk, item_id=other, actor=MINA)
    assert place.listing(1).item_id == road.item("RED").pk


def test_nobody_elses_listing_can_be_mapped_or_unlinked(road: Road, place: Place) -> None:
    for verb in (map_listing, unmap_listing):
        facts = {"item_id": road.item("RED").pk} if verb is map_listing else {}
        with pytest.raises(ListingNotFound):
            verb(seller_id=road.seller.pk + 1, listing_id=place.listing(1).pk, actor=MINA, **facts)
    assert place.listing(1).item_id == road.item("RED").pk


def test_an_unlinked_listing_is_pushed_nothing(road: Road, place: Place) -> None:
    unmap_listing(seller_id=road.seller.pk, listing_id=place.listing(1).pk, actor=MINA)
    road.receive("RED", 3)
    place.push()
    assert place.shows(1) == 5
