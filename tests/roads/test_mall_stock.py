"""A mall that judges no figure itself: what it shows, what it does not count, what it has sold below nothing."""

import pytest

from entrepot.channels.models import Drift, Listing, Store
from entrepot.channels.services.push_figures import Figure, chunks
from entrepot.connectors.opencart.simulator import Item
from entrepot.inventory.models import Stock
from tests.roads.mall import Place, connect_mall, mall_with
from tests.roads.rig import MINA, Road, small_shop


@pytest.fixture
def place(road: Road) -> Place:
    return connect_mall(road, mall_with(RED=5, BLUE=5))


def named() -> list[tuple[int | None, int | None, str, bool]]:
    rows = Drift.objects.order_by("id")
    return [(row.told, row.shown, row.cause, row.repaired_at is not None) for row in rows]


def writes(place: Place) -> int:
    return place.asked("PUT /products")


def test_an_order_in_the_mall_lowers_the_other_shops_figure(road: Road, place: Place) -> None:
    other = road.connect(small_shop(RED=5), name="Second shop")
    order_id = place.buy(("RED", 2))
    place.read(order_id)
    other.push()
    place.push()
    assert (other.shows(1), place.shows("RED"), road.available("RED")) == (3, 3, 3)


def test_an_order_in_the_other_shop_lowers_the_malls_figure(road: Road, place: Place) -> None:
    other = road.connect(small_shop(RED=5), name="Second shop")
    other.shop.place_order([Item(1, 2)])
    other.pull()
    place.push()
    assert (place.shows("RED"), writes(place)) == (3, 1)
    place.push()
    assert writes(place) == 1


def test_a_figure_the_mall_shows_already_is_not_written(road: Road, place: Place) -> None:
    road.receive("RED", 2)
    place.mall.set_stock(place.code("RED"), 7)
    place.push()
    assert place.shows("RED") == 7
    assert Listing.objects.get(store=place.store, item=road.item("RED")).sent_quantity == 7


def test_agreement_is_no_difference(place: Place) -> None:
    report = place.check()
    assert (report.read, report.differences, named()) == (2, 0, [])


def test_a_figure_edited_in_the_mall_is_named_and_put_right(place: Place) -> None:
    place.mall.set_stock(place.code("RED"), 9)
    place.check()
    assert (named(), place.shows("RED")) == ([(5, 9, "edited_there", True)], 5)


def test_counting_switched_off_in_the_mall_is_named_and_switched_on_with_our_figure(place: Place) -> None:
    place.mall.edit_variant(place.code("RED"), use_inventory="F")
    place.check()

    variant = place.mall.find_variant(place.code("RED"))[1]
    assert (named(), variant.use_inventory, variant.quantity) == ([(5, None, "edited_there", True)], "T", 5)
    place.check()
    assert len(named()) == 1


def test_goods_the_mall_never_counted_are_neither_opened_nor_told_nor_a_difference(road: Road) -> None:
    mall = mall_with(RED=5, FREE=0)
    code = mall.products[2].variants[0].variant_code
    mall.edit_variant(code, use_inventory="F")
    place = connect_mall(road, mall)

    place.push()
    report = place.check()

    assert not Stock.objects.filter(item=road.item("FREE")).exists()
    assert (report.differences, named(), writes(place)) == (0, [], 0)
    assert mall.find_variant(code)[1].use_inventory == "F"


def test_a_figure_below_nothing_is_a_persons_business_and_we_never_tell_one(road: Road, place: Place) -> None:
    code = place.code("RED")
    place.mall.edit_variant(code, display_soldout="F")
    order_id = place.buy(("RED", 7), check=False)
    assert place.shows("RED") == -2
    place.check()

    assert place.problems() == ["oversold"]
    assert place.order(order_id).status == "partial"
    assert (place.shows("RED"), road.reserved("RED"), road.available("RED")) == (0, 5, 0)
    assert Listing.objects.get(store=place.store, item=road.item("RED")).sent_quantity == 0


def test_stock_below_nothing_opens_as_nothing(road: Road) -> None:
    mall = mall_with(RED=5)
    mall.set_stock(mall.products[1].variants[0].variant_code, -3)
    place = connect_mall(road, mall)
    assert (road.on_hand("RED"), place.problems()) == (0, [])


def test_the_variants_of_a_product_are_told_in_one_call(road: Road) -> None:
    mall = mall_with()
    sizes = [f"S{number}" for number in range(6)]
    mall.add_product("셔츠", "49000", options={"사이즈": sizes}, quantity=5, codes=sizes)
    place = connect_mall(road, mall)
    for sku in sizes:
        road.receive(sku, 1)

    place.push()

    assert [place.shows(sku) for sku in sizes] == [6] * 6
    assert writes(place) == 1


def figure_of(number: int, product: str, quantity: int) -> Figure:
    return Figure(
        listing_id=number,
        remote_id=product,
        variation_key=str(number),
        parent_id="",
        title="",
        quantity=quantity,
        available=quantity,
        version=1,
        seen=None,
        sent=None,
        forced=False,
        attempts=0,
        sure=True,
        mark="",
    )


def test_the_riskiest_product_goes_first_and_its_variants_with_it() -> None:
    rows = [
        figure_of(1, "a", 0),
        figure_of(2, "b", 1),
        figure_of(3, "a", 2),
        figure_of(4, "c", 3),
        figure_of(5, "b", 9),
        figure_of(6, "b", 9),
    ]
    batches = [[row.listing_id for row in batch] for batch in chunks(rows, size=3)]
    assert batches == [[1, 3], [2, 5, 6], [4]]


def test_a_product_larger_than_a_batch_is_divided_and_nothing_is_left_out() -> None:
    rows = [figure_of(number, "a", number) for number in range(5)] + [figure_of(9, "b", 9)]
    batches = [[row.listing_id for row in batch] for batch in chunks(rows, size=2)]
    assert batches == [[0, 1], [2, 3], [4, 9]]


def test_a_store_in_shadow_is_read_and_never_written(road: Road) -> None:
    place = connect_mall(road, mall_with(RED=5), live=False)
    road.receive("RED", 1)
    place.push()
    place.check()
    assert (writes(place), Store.objects.get(pk=place.store.pk).state, MINA.kind) == (0, "shadow", "user")
