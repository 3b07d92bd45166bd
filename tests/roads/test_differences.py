"""Words, pictures and shelves of a product that were changed in a store's own admin: proposed, or decided by a rule."""

import base64
from html import unescape
from typing import Any

import pytest

from entrepot.channels.models import Difference, ListingChange, Store, StoreProduct
from entrepot.channels.services import storefront, sync
from entrepot.channels.services.differences_settled import decide, settle_words
from entrepot.channels.services.offers_push import push_listings
from entrepot.connectors.pictures import square
from entrepot.kernel.errors import NotFound
from tests.roads import mall
from tests.roads.rig import MINA, Place, small_shop

pytestmark = pytest.mark.django_db
SOFT, THEIRS = "<p>Soft.</p>", "<p>Softer.</p>"


@pytest.fixture
def place(road) -> Place:
    """A shop whose product 1 was told a description."""
    made = road.connect(small_shop(RED=5, BLUE=3))
    want(made, description=SOFT)
    return made


def want(place: Any, remote_id: str = "1", **words: Any) -> None:
    storefront.change_there(
        seller_id=place.store.seller_id, store_id=place.store.pk, remote_id=remote_id, words=words, actor=MINA
    )
    told(place)


def told(place: Any) -> None:
    push_listings(Store.objects.get(pk=place.store.pk))


def read_again(place: Any) -> None:
    sync.sync_products(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))


def rewrite(place: Place, text: str) -> None:
    """The shop's owner changes the description."""
    place.shop.save_product(1, descriptions={1: text})


def shown(place: Place) -> str:
    return unescape(place.shop.tables.products[1].descriptions[1])  # kept escaped, as a shop keeps it


def rule(place: Place, **settings: Any) -> None:
    Store.objects.filter(pk=place.store.pk).update(settings=settings)


def found() -> list[tuple[str, Any, Any, str]]:
    rows = Difference.objects.order_by("pk")
    return [(row.field, row.ours, row.theirs, row.decision) for row in rows]


def test_what_nobody_changed_there_is_no_difference(place: Place) -> None:
    read_again(place)
    assert found() == []


def test_a_description_changed_there_is_proposed_once_and_ours_can_be_told_again(place: Place) -> None:
    rewrite(place, THEIRS)
    read_again(place)
    read_again(place)
    assert found() == [("description", SOFT, THEIRS, "")]
    row = Difference.objects.get()
    assert row.listing_id == place.listing(1).pk
    decide(seller_id=place.store.seller_id, difference_id=row.pk, decision="ours", actor=MINA)
    told(place)
    assert shown(place) == SOFT
    read_again(place)
    assert found() == [("description", SOFT, THEIRS, "ours")]


def test_theirs_is_taken_and_what_was_still_asked_of_it_is_given_up(place: Place) -> None:
    rewrite(place, THEIRS)
    read_again(place)
    storefront.change_there(
        seller_id=place.store.seller_id, store_id=place.store.pk, remote_id="1", words={"description": "Wool."},
        actor=MINA,
    )  # fmt: skip
    decide(seller_id=place.store.seller_id, difference_id=Difference.objects.get().pk, decision="theirs", actor=MINA)
    assert list(ListingChange.objects.order_by("pk").values_list("state", flat=True)) == ["done", "canceled"]
    told(place)
    read_again(place)
    assert (shown(place), found()) == (THEIRS, [("description", SOFT, THEIRS, "theirs")])
    row = StoreProduct.objects.get(store=place.store, remote_id="1")
    assert ("description" in row.wanted, row.sent["description"]) == (False, THEIRS)


def test_what_goes_away_by_itself_or_is_told_anew_is_closed(place: Place) -> None:
    rewrite(place, THEIRS)
    read_again(place)
    rewrite(place, SOFT)
    read_again(place)
    rewrite(place, THEIRS)
    read_again(place)
    want(place, description="Wool.")
    assert found() == [("description", SOFT, THEIRS, "gone")] * 2
    read_again(place)
    assert len(found()) == 2


def test_a_wish_on_its_way_is_no_difference(place: Place) -> None:
    storefront.change_there(
        seller_id=place.store.seller_id, store_id=place.store.pk, remote_id="1", words={"description": "Wool."},
        actor=MINA,
    )  # fmt: skip
    rewrite(place, THEIRS)
    read_again(place)
    assert found() == []
    ListingChange.objects.filter(state="waiting").update(state="failed")
    read_again(place)
    assert found() == []  # refused, with its reason; not told again and again by a rule


def test_each_field_has_its_own_rule_and_the_others_follow_the_store_s(place: Place) -> None:
    rule(place, edit_policy="theirs", edit_policies={"description": "ours", "price": "ask"})
    place.shop.save_product(1, price="8.0000", names={1: "Ruby sock"}, descriptions={1: THEIRS})
    read_again(place)
    told(place)
    assert sorted(found()) == [
        ("description", SOFT, THEIRS, "ours"),
        ("price", "10", "8", ""),
        ("title", "RED sock", "Ruby sock", "theirs"),
    ]
    row = place.shop.tables.products[1]
    assert (shown(place), row.names[1], row.price) == (SOFT, "Ruby sock", "8.0000")


def test_one_that_takes_the_store_s_description_only(place: Place) -> None:
    rule(place, edit_policies={"description": "theirs"})
    place.shop.save_product(1, names={1: "Ruby sock"}, descriptions={1: THEIRS})
    read_again(place)
    assert sorted(found()) == [("description", SOFT, THEIRS, "theirs"), ("title", "RED sock", "Ruby sock", "")]


def test_a_store_that_is_only_read_is_told_nothing_by_a_rule(place: Place) -> None:
    rule(place, edit_policies={"description": "ours"})
    Store.objects.filter(pk=place.store.pk).update(state="shadow")
    rewrite(place, THEIRS)
    read_again(place)
    assert found() == [("description", SOFT, THEIRS, "")]
    assert ListingChange.objects.filter(state="waiting").count() == 0


def test_settling_on_the_product_s_own_page_settles_the_difference(place: Place) -> None:
    rewrite(place, THEIRS)
    read_again(place)
    settle_words(
        seller_id=place.store.seller_id, store_id=place.store.pk, remote_id="1", names=["description"], theirs=True,
        actor=MINA,
    )  # fmt: skip
    assert found() == [("description", SOFT, THEIRS, "theirs")]


def test_another_seller_decides_nothing(place: Place) -> None:
    rewrite(place, THEIRS)
    read_again(place)
    with pytest.raises(NotFound):
        decide(
            seller_id=place.store.seller_id + 1, difference_id=Difference.objects.get().pk, decision="ours", actor=MINA
        )
    assert (found(), ListingChange.objects.filter(state="waiting").count()) == ([("description", SOFT, THEIRS, "")], 0)


def test_a_mall_s_readings_of_many_and_of_one_make_no_difference(road) -> None:
    place = mall.connect_mall(road, mall.mall_with(RED=5))
    number = StoreProduct.objects.get(store=place.store).remote_id
    pictures = ["data:image/png;base64," + base64.b64encode(square(word)).decode() for word in ("shirt", "back")]
    want(place, number, description=SOFT, images=pictures, attributes=[["소재", "면"]])
    row = StoreProduct.objects.get(store=place.store)
    assert len(row.answered["images"]) == 2
    read_again(place)
    storefront.pull(
        seller_id=place.store.seller_id, product_id=row.product_id, store_ids=[place.store.pk], actor=MINA
    )  # fmt: skip
    sync.run_sync(store=place.fresh())
    assert found() == []
