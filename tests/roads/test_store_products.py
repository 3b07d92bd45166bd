"""What a store has of its own of a product: what we want there, what it was sent, what it shows (R-CAT 1, 3, 8, 9)."""

from decimal import Decimal

import pytest

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Product
from entrepot.channels.errors import (
    DraftIncomplete,
    DraftNotFound,
    ListedAlready,
    ListingNotFound,
    NothingToPull,
    PriceNeedsApproval,
)
from entrepot.channels.models import Difference, Listing, ListingChange, Run, Store, StoreProduct
from entrepot.channels.queries import storefront as queries
from entrepot.channels.queries.storefront import Way
from entrepot.channels.services import offers, storefront, sync
from entrepot.channels.services.differences_settled import decide, settle_words
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.offers_push import push_listings
from entrepot.channels.services.storefront import NewPrice
from entrepot.connectors.opencart.simulator import Shop
from entrepot.kernel.errors import Invalid
from tests.roads.rig import MINA, Place, small_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(road) -> Place:
    return road.connect(small_shop(RED=5, BLUE=3))


def row(place: Place, remote_id: int | str = 1) -> StoreProduct:
    return StoreProduct.objects.get(store=place.store, remote_id=str(remote_id))


def told(place: Place):
    return push_listings(Store.objects.get(pk=place.store.pk))


def read_again(place: Place) -> None:
    sync.sync_products(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))


def change(place: Place, **fields) -> ListingChange:
    return offers.ask_update(
        seller_id=place.store.seller_id, listing_id=place.listing(1).pk, fields=fields, actor=MINA
    )[0]


def test_the_import_writes_what_the_store_shows_and_wants_nothing(place):
    assert list(StoreProduct.objects.order_by("remote_id").values_list("remote_id", flat=True)) == ["1", "2"]
    found = row(place)
    assert found.product == Product.objects.get(items__sku="RED")
    assert (found.seen["name"], found.seen["brand"], found.seen["category_ids"]) == ("RED sock", "", [])
    assert (found.wanted, found.sent, found.answered) == ({}, {}, {})
    assert found.seen_at is not None


def test_reading_again_takes_over_what_the_owner_changed_and_no_row_is_doubled(place):
    place.shop.save_product(1, names={1: "Ruby sock"})
    read_again(place)
    assert StoreProduct.objects.count() == 2
    assert row(place).seen["name"] == "Ruby sock"


def test_a_wish_is_wanted_at_once_sent_when_taken_and_seen_in_the_answer(place):
    change(place, name="Warm red sock")
    assert (row(place).wanted, row(place).sent) == ({"name": "Warm red sock"}, {})
    assert row(place).seen["name"] == "RED sock"
    told(place)
    found = row(place)
    assert (found.wanted, found.sent, found.answered) == ({"name": "Warm red sock"},) * 3
    assert found.seen["name"] == "Warm red sock"
    assert found.sent_at is not None


def test_a_wish_that_is_given_up_is_wanted_no_more(place):
    change(place, name="Warm red sock")
    told(place)
    later = change(place, name="Cold red sock", description="<p>Ice</p>")
    assert row(place).wanted == {"name": "Cold red sock", "description": "<p>Ice</p>"}
    offers.cancel_change(seller_id=place.store.seller_id, change_id=later.pk, actor=MINA)
    assert row(place).wanted == {"name": "Warm red sock"}


def test_what_the_owner_changed_and_we_take_is_no_longer_wanted_otherwise(place):
    change(place, name="Warm red sock")
    told(place)
    place.shop.save_product(1, names={1: "Ruby sock"})
    read_again(place)
    found = row(place)
    assert (found.sent["name"], found.answered["name"], found.seen["name"]) == (
        "Warm red sock",
        "Warm red sock",
        "Ruby sock",
    )
    difference = place.listing(1).differences.get(field="title")
    decide(seller_id=place.store.seller_id, difference_id=difference.pk, decision="theirs", actor=MINA)
    found = row(place)
    assert (found.wanted, found.sent) == ({}, {"name": "Ruby sock"})


def test_a_draft_becomes_the_product_it_was_made_into(road, place):
    second = road.connect(Shop.empty(), name="Second shop")
    product = Product.objects.get(items__sku="RED")
    draft = StoreProduct.objects.create(
        seller=road.seller, store=second.store, product=product, wanted={"name": "Wool sock", "price": "12.5"}
    )
    offers.ask_listing(
        seller_id=road.seller.pk, product_id=product.pk, store_id=second.store.pk,
        offer=Offer(price=Decimal("12.50"), name="Wool sock"), actor=MINA,
    )  # fmt: skip
    told(second)
    [made] = second.shop.tables.products
    draft.refresh_from_db()
    assert draft.remote_id == str(made)
    assert draft.wanted == {"name": "Wool sock"}
    assert (draft.sent["name"], draft.answered["name"], draft.seen["name"]) == ("Wool sock",) * 3
    assert StoreProduct.objects.filter(store=second.store).count() == 1


# --------------------------------------------------------------------------- drafts, one or many stores


def in_stores(road, product: Product):
    return queries.places(
        seller_id=road.seller.pk, product_id=product.pk, item_ids=[item.pk for item in product.items.all()]
    )


def states(road, product: Product) -> dict[str, str]:
    return {place.store.sales_channel.name: str(place.state) for place in in_stores(road, product)}


def word(road, product: Product, name: str, *, number: int = 0):
    return next(one for one in in_stores(road, product)[number].words if one.name == name)


@pytest.fixture
def red(place) -> Product:
    return Product.objects.get(items__sku="RED")


def test_a_draft_is_kept_completed_and_listed_in_two_stores_at_once(road, place, red):
    second, third = (road.connect(Shop.empty(), name=name) for name in ("Second shop", "Third shop"))
    who = {"seller_id": road.seller.pk, "product_id": red.pk, "actor": MINA}
    storefront.save_draft(store_id=second.store.pk, fields={"name": "Wool sock", "description": ""}, **who)
    assert states(road, red) == {"First shop": "active", "Second shop": "draft", "Third shop": "unlisted"}
    with pytest.raises(DraftIncomplete):
        storefront.list_drafts(store_ids=[second.store.pk], **who)
    with pytest.raises(DraftNotFound):
        storefront.list_drafts(store_ids=[third.store.pk], **who)
    assert ListingChange.objects.count() == 0

    offer_ = {"name": "Wool sock", "price": Decimal("12.50"), "active": True}
    storefront.save_draft(store_id=second.store.pk, fields=offer_, **who)
    storefront.save_draft(store_id=third.store.pk, fields=offer_ | {"name": "", "price": "13"}, **who)
    storefront.list_drafts(store_ids=[second.store.pk, third.store.pk], **who)
    assert states(road, red)["Third shop"] == "sending"
    for one, name, price in ((second, "Wool sock", "12.5000"), (third, "RED sock", "13.0000")):
        told(one)
        [made] = one.shop.tables.products.values()
        assert (made.names[1], made.price, made.quantity) == (name, price, 5)
    assert states(road, red) == {"First shop": "active", "Second shop": "active", "Third shop": "active"}
    assert not StoreProduct.objects.filter(remote_id="").exists()


def test_where_one_store_has_it_no_draft_is_kept_and_nothing_is_listed_in_the_others(road, place, red):
    free = road.connect(Shop.empty(), name="Second shop")
    has_it = road.connect(small_shop(RED=1), name="Third shop")
    offer_ = Offer(price=Decimal(12))
    with pytest.raises(ListedAlready):
        storefront.list_in(
            seller_id=road.seller.pk,
            product_id=red.pk,
            offers={free.store.pk: offer_, has_it.store.pk: offer_},
            actor=MINA,
        )
    assert (ListingChange.objects.count(), StoreProduct.objects.filter(remote_id="").count()) == (0, 0)


@pytest.mark.parametrize("fields", [{"price": "0"}, {"price": "much"}, {"prices": {"1": "-1"}}, {"colour": "red"}])
def test_a_draft_with_a_price_that_cannot_be_or_an_unknown_field_is_not_kept(road, place, red, fields):
    second = road.connect(Shop.empty(), name="Second shop")
    who = {"seller_id": road.seller.pk, "product_id": red.pk, "actor": MINA}
    with pytest.raises(Invalid):
        storefront.save_draft(store_id=second.store.pk, fields=fields, **who)
    assert not StoreProduct.objects.filter(remote_id="").exists()


def test_a_draft_is_thrown_away_but_not_while_the_store_is_told_it(road, place, red):
    second = road.connect(Shop.empty(), name="Second shop")
    who = {"seller_id": road.seller.pk, "product_id": red.pk, "store_id": second.store.pk, "actor": MINA}
    storefront.save_draft(fields={"name": "Wool"}, **who)
    storefront.discard_draft(**who)
    assert states(road, red)["Second shop"] == "unlisted"
    with pytest.raises(DraftNotFound):
        storefront.discard_draft(**who)
    storefront.list_in(
        seller_id=road.seller.pk, product_id=red.pk, offers={second.store.pk: Offer(price=Decimal(9))}, actor=MINA
    )
    with pytest.raises(ListedAlready):
        storefront.discard_draft(**who)
    assert states(road, red)["Second shop"] == "sending"


def test_a_refused_listing_is_corrected_and_goes_on_under_its_old_key(road, place, red):
    second = road.connect(Shop.empty(), name="Second shop")
    who = {"seller_id": road.seller.pk, "product_id": red.pk, "actor": MINA}
    bad = Offer(price=Decimal(9), category_ids=["999"])
    [refused] = storefront.list_in(offers={second.store.pk: bad}, **who).values()
    ListingChange.objects.filter(pk=refused.pk).update(state="failed", error_code="refused", error_reason="No.")
    assert states(road, red)["Second shop"] == "failed"
    [again] = storefront.list_in(offers={second.store.pk: Offer(price=Decimal(9))}, **who).values()
    assert (again.pk, again.key, again.state) == (refused.pk, refused.key, "waiting")
    told(second)
    assert (len(second.shop.tables.products), states(road, red)["Second shop"]) == (1, "active")


# --------------------------------------------------------------------------- what is there


def edit(place: Place, **given):
    return storefront.change_there(
        seller_id=place.store.seller_id, store_id=place.store.pk, remote_id="1", actor=MINA, **given
    )


def test_words_and_a_price_are_changed_together_and_each_is_seen_on_its_way(road, place, red):
    price = NewPrice(listing_id=place.listing(1).pk, price=Decimal(9), retail_price=Decimal(12))
    edit(place, words={"name": "Warm red sock"}, prices=[price])
    assert states(road, red) == {"First shop": "sending"}
    name = word(road, red, "name")
    assert (name.wanted, name.sent, name.seen, name.way) == ("Warm red sock", None, "RED sock", Way.SENDING)
    told(place)
    name = word(road, red, "name")
    assert (name.wanted, name.sent, name.seen, name.way) == (*("Warm red sock",) * 3, Way.THERE)
    [priced] = in_stores(road, red)[0].prices
    assert (priced.wanted, priced.sent, priced.seen) == (((Decimal(9), Decimal(12)),) * 3)


def test_a_price_that_falls_far_stops_the_words_too_until_it_is_approved(road, place, red):
    low = [NewPrice(listing_id=place.listing(1).pk, price=Decimal(5))]
    with pytest.raises(PriceNeedsApproval):
        edit(place, words={"name": "Warm"}, prices=low)
    assert (ListingChange.objects.count(), row(place).wanted) == (0, {})
    assert len(edit(place, words={"name": "Warm"}, prices=low, approved=True)) == 2


def test_a_listing_of_another_product_cannot_be_priced_by_another_seller(road, place, red):
    stranger = Seller.objects.create(name="Stranger")
    with pytest.raises(ListingNotFound):
        storefront.change_there(
            seller_id=stranger.pk, store_id=place.store.pk, remote_id="1", words={"name": "Mine"}, actor=MINA
        )
    assert ListingChange.objects.count() == 0


def test_what_the_owner_changed_is_named_and_ours_is_told_again_or_theirs_taken(road, place, red):
    edit(place, words={"name": "Warm red sock"})
    told(place)
    place.shop.save_product(1, names={1: "Ruby sock"})
    read_again(place)
    assert word(road, red, "name").way == Way.CHANGED
    who = {"seller_id": road.seller.pk, "store_id": place.store.pk, "remote_id": "1", "actor": MINA}
    settle_words(names=["name"], theirs=False, **who)
    told(place)
    assert place.shop.tables.products[1].names[1] == "Warm red sock"
    assert word(road, red, "name").way == Way.THERE

    place.shop.save_product(1, names={1: "Ruby sock"})
    read_again(place)
    settle_words(names=["name"], theirs=True, **who)
    found = word(road, red, "name")
    assert (found.wanted, found.sent, found.seen, found.way) == (None, "Ruby sock", "Ruby sock", Way.THERE)


def test_a_price_of_another_product_is_not_changed_with_this_one(place, red):
    words = {"seller_id": red.seller_id, "store_id": place.store.pk, "remote_id": "1", "actor": MINA}
    blue = NewPrice(listing_id=place.listing(2).pk, price=Decimal(9))
    with pytest.raises(ListingNotFound):
        storefront.change_there(words={"name": "Warm"}, prices=[blue], **words)
    assert ListingChange.objects.count() == 0


def test_taking_their_name_ends_its_difference_and_what_was_still_to_be_told(place, red):
    who = {"seller_id": red.seller_id, "store_id": place.store.pk, "remote_id": "1", "actor": MINA}
    place.shop.save_product(1, names={1: "Ruby sock"})
    read_again(place)
    assert Difference.objects.get(decided_at=None).field == "title"
    alone = change(place, name="Warm red sock")
    both = change(place, name="Wool sock", description="Soft.")
    settle_words(names=["name"], theirs=True, **who)
    alone.refresh_from_db()
    both.refresh_from_db()
    assert (alone.state, both.state, both.fields) == ("canceled", "waiting", {"description": "Soft."})
    found = Difference.objects.get()
    assert (found.decision, found.decided_by) == ("theirs", str(MINA))
    told(place)
    assert place.shop.tables.products[1].names[1] == "Ruby sock"
    read_again(place)
    assert not Difference.objects.filter(decided_at=None).exists()


def test_telling_ours_again_tells_what_was_wanted_last_not_what_was_sent_before(place, red):
    who = {"seller_id": red.seller_id, "store_id": place.store.pk, "remote_id": "1", "actor": MINA}
    change(place, name="Warm red sock")
    told(place)
    change(place, name="Wool sock")
    settle_words(names=["name"], theirs=False, **who)
    told(place)
    assert place.shop.tables.products[1].names[1] == "Wool sock"
    assert row(place).wanted["name"] == "Wool sock"


def test_the_state_says_what_presses_most(road, place, red):
    listing = Listing.objects.filter(store=place.store, remote_id="1")
    for facts, said in (
        ({"state": "inactive"}, "inactive"),
        ({"state": "active", "seen_quantity": 0}, "out_of_stock"),
        ({"error_code": "refused"}, "failed"),
        ({"error_code": "", "state": "missing"}, "missing"),
        ({"state": "deleted"}, "deleted"),
        ({"state": "unlinked", "item": None}, "unlinked"),
    ):
        listing.update(**facts)
        assert states(road, red) == {"First shop": said}


# --------------------------------------------------------------------------- reading again


def test_one_product_is_read_from_every_store_that_has_it_and_nothing_else_is(road, place, red):
    second = road.connect(small_shop(RED=1), name="Second shop")
    place.shop.save_product(1, names={1: "Ruby sock"})
    place.shop.save_product(2, names={1: "Navy sock"})
    runs = storefront.pull(seller_id=road.seller.pk, product_id=red.pk, actor=MINA)
    assert sorted(run.store_id for run in runs) == sorted([place.store.pk, second.store.pk])
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))
    assert (row(place, 1).seen["name"], row(place, 2).seen["name"]) == ("Ruby sock", "BLUE sock")


def test_what_no_store_has_cannot_be_read(road, place):
    product = Product.objects.create(seller=road.seller, name="Only here")
    with pytest.raises(NothingToPull):
        storefront.pull(seller_id=road.seller.pk, product_id=product.pk, actor=MINA)
    assert not Run.objects.filter(kind="products").exists()


def test_what_the_store_only_writes_otherwise_is_no_change_there(road, place, red):
    """It gives a picture an address of its own; another picture than that one was chosen by its owner."""
    own = f"{place.server.url}/image/catalog/red.jpg"
    rows = StoreProduct.objects.filter(pk=row(place).pk)
    sent = {"images": ["https://elsewhere.example/red.jpg"], "category_ids": ["7", "9"]}
    rows.update(
        wanted=sent, sent=sent, answered={"images": [own], "category_ids": ["7", "9"]},
        seen={"images": [own], "category_ids": ["9", "7"]},
    )  # fmt: skip
    assert (word(road, red, "images").way, word(road, red, "category_ids").way) == (Way.THERE, Way.THERE)
    rows.update(seen={"images": [f"{own}?2"], "category_ids": ["9"]})
    assert (word(road, red, "images").way, word(road, red, "category_ids").way) == (Way.CHANGED, Way.CHANGED)
