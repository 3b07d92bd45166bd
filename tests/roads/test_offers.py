"""What a person wants changed of a listing reaches the shop; what the shop's owner changed is noticed (R-CAT 5–9)."""

import base64
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.catalog.models import Item, Product
from entrepot.catalog.services import upsert_items
from entrepot.channels.errors import (
    ChangeNotFound,
    DeletionNeedsApproval,
    ListedAlready,
    ListingNotFound,
    PriceImpossible,
    PriceNeedsApproval,
    StoreStateForbids,
)
from entrepot.channels.models import Difference, Listing, ListingChange, Store
from entrepot.channels.services import offers, plans, sync
from entrepot.channels.services.differences_settled import decide
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.offers_push import owes_changes, push_listings
from entrepot.channels.services.plans_apply import apply_plan, plan_undo
from entrepot.channels.services.retry import retry
from entrepot.connectors.contract import LevelAnswer
from entrepot.connectors.opencart.listings import OpenCartListings
from entrepot.connectors.opencart.simulator import Shop
from entrepot.connectors.pictures import square
from entrepot.inventory import services as inventory
from entrepot.kernel.errors import ChannelDown, Invalid
from tests.roads.rig import MINA, Place, Road, small_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger(road: Road) -> Seller:
    return Seller.objects.create(name="Stranger")


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5, BLUE=3))


def told(place: Place):
    return push_listings(Store.objects.get(pk=place.store.pk))


def changes(place: Place) -> list[tuple[str, str]]:
    return list(ListingChange.objects.filter(store=place.store).order_by("pk").values_list("kind", "state"))


def price(place: Place, amount: str, retail: str | None = None, *, approved: bool = False, product_id: int = 1):
    return offers.ask_price(
        seller_id=place.store.seller_id,
        listing_ids=[place.listing(product_id).pk],
        price=Decimal(amount),
        retail_price=None if retail is None else Decimal(retail),
        actor=MINA,
        approved=approved,
    )


def read_again(place: Place) -> None:
    sync.sync_products(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))


def offer(**given) -> Offer:
    return Offer(**{"price": Decimal("12.50"), **given})


# --------------------------------------------------------------------------- prices


def test_a_price_reaches_the_shop_as_regular_price_and_special(place):
    price(place, "9", "12")
    assert owes_changes() == [place.store.pk]
    assert (told(place).done, owes_changes()) == (1, [])

    assert place.shop.tables.products[1].price == "12.0000"
    read_again(place)  # what the shop shows, its special included
    row = place.listing(1)
    assert (row.price, row.retail_price) == (Decimal(9), Decimal(12))
    assert row.agreed == {"price": "9", "retail_price": "12", "title": "RED sock", "active": True}
    assert changes(place) == [("price", "done")]
    assert place.shop.tables.products[2].price == "10.0000"


def test_a_later_price_overtakes_one_that_has_not_gone_out(place):
    price(place, "9")
    price(place, "8")
    told(place)
    assert changes(place) == [("price", "overtaken"), ("price", "done")]
    assert place.listing(1).price == Decimal(8)


def test_a_price_that_falls_by_more_than_thirty_percent_is_asked_about_first(place):
    with pytest.raises(PriceNeedsApproval) as refused:
        price(place, "6.99")
    assert refused.value.fields == {"title": "RED sock", "percent": 30, "before": "10", "price": "6.99"}
    assert changes(place) == []
    price(place, "7")
    price(place, "6.99", approved=True)
    assert [state for _, state in changes(place)] == ["overtaken", "waiting"]


@pytest.mark.parametrize(("amount", "retail"), [("0", None), ("-1", None), ("10", "9.99")])
def test_a_price_that_cannot_be_is_refused_and_nothing_is_asked_for(place, amount, retail):
    with pytest.raises(PriceImpossible):
        price(place, amount, retail, approved=True)
    assert changes(place) == []


def test_of_another_sellers_listing_nothing_can_be_asked(place, stranger):
    for verb in (offers.ask_active, offers.ask_delete):
        more = {"active": False} if verb is offers.ask_active else {}
        with pytest.raises(ListingNotFound):
            verb(seller_id=stranger.pk, listing_ids=[place.listing(1).pk], actor=MINA, **more)
    assert changes(place) == []


def test_a_store_in_shadow_mode_is_asked_for_nothing(road):
    place = road.connect(small_shop(RED=5), live=False)
    with pytest.raises(StoreStateForbids):
        price(place, "9")
    assert changes(place) == []


# --------------------------------------------------------------------------- shown, hidden, deleted


def test_a_product_is_hidden_and_shown_again(place):
    ids = [place.listing(1).pk]
    offers.ask_active(seller_id=place.store.seller_id, listing_ids=ids, active=False, actor=MINA)
    told(place)
    assert (place.shop.tables.products[1].status, place.listing(1).state) == (0, "inactive")
    offers.ask_active(seller_id=place.store.seller_id, listing_ids=ids, active=True, actor=MINA)
    told(place)
    assert (place.shop.tables.products[1].status, place.listing(1).state) == (1, "active")
    assert place.shop.tables.products[2].status == 1


def test_a_deleted_product_is_gone_there_and_remembered_here(place):
    row = place.listing(1)
    price(place, "9")
    offers.ask_delete(seller_id=place.store.seller_id, listing_ids=[row.pk], approved=True, actor=MINA)
    told(place)
    assert sorted(place.shop.tables.products) == [2]
    row.refresh_from_db()
    assert (row.state, row.item.sku) == ("deleted", "RED")
    assert changes(place) == [("price", "overtaken"), ("delete", "done")]
    with pytest.raises(ListingNotFound):
        offers.ask_delete(seller_id=place.store.seller_id, listing_ids=[row.pk], approved=True, actor=MINA)


def test_nothing_is_deleted_that_nobody_has_approved(place):
    with pytest.raises(DeletionNeedsApproval) as refused:
        offers.ask_delete(seller_id=place.store.seller_id, listing_ids=[place.listing(1).pk], actor=MINA)
    assert refused.value.fields == {"title": "RED sock", "store": "First shop"}
    assert (changes(place), told(place).done) == ([], 0)


def test_deleting_what_the_shop_no_longer_has_is_done(place):
    row = place.listing(1)
    offers.ask_delete(seller_id=place.store.seller_id, listing_ids=[row.pk], approved=True, actor=MINA)
    place.shop.delete_product(1)
    told(place)
    row.refresh_from_db()
    assert (row.state, changes(place)) == ("deleted", [("delete", "done")])


def test_a_refusal_stands_on_the_list_and_retry_sends_it_again(place):
    place.shop.delete_product(1)
    price(place, "9")
    assert told(place).refused == 1
    assert changes(place) == [("price", "failed")]
    assert "listing_change_refused" in place.problems()
    assert owes_changes() == []

    offers.cancel_change(
        seller_id=place.store.seller_id, change_id=ListingChange.objects.get(store=place.store).pk, actor=MINA
    )
    assert "listing_change_refused" not in place.problems()
    assert changes(place) == [("price", "canceled")]


def test_retry_on_the_problem_makes_the_change_due_again(place):
    place.shop.delete_product(1)
    price(place, "9")
    told(place)
    problem = place.store.problems.get(code="listing_change_refused")
    retry(seller_id=place.store.seller_id, problem_id=problem.pk, actor=MINA)
    assert owes_changes() == [place.store.pk]
    done = ListingChange.objects.get(store=place.store)
    done.state = "done"
    done.save(update_fields=["state"])
    with pytest.raises(ChangeNotFound):
        offers.cancel_change(seller_id=place.store.seller_id, change_id=done.pk, actor=MINA)


# --------------------------------------------------------------------------- listing a product


def test_a_product_of_one_shop_is_listed_in_another_with_the_same_stock(road, place):
    second = road.connect(Shop.empty(), name="Second shop")
    product = Product.objects.get(items__sku="RED")
    offers.ask_listing(
        seller_id=road.seller.pk,
        product_id=product.pk,
        store_id=second.store.pk,
        offer=offer(description="<b>Warm</b>", active=True),
        actor=MINA,
    )
    assert told(second).done == 1

    [made] = second.shop.tables.products.values()
    assert (made.price, made.quantity, made.status) == ("12.5000", 5, 1)
    row = Listing.objects.get(store=second.store)
    assert (row.item.sku, row.price, row.state) == ("RED", Decimal("12.5"), "active")
    assert Item.objects.filter(seller=road.seller).count() == 2
    road.receive("RED", 2)
    second.push()
    place.push()
    assert (second.shows(made.product_id), place.shows(1)) == (7, 7)


def test_what_is_there_already_is_not_listed_twice(road, place):
    product = Product.objects.get(items__sku="RED")
    with pytest.raises(ListedAlready):
        offers.ask_listing(
            seller_id=road.seller.pk, product_id=product.pk, store_id=place.store.pk, offer=offer(), actor=MINA
        )
    second = road.connect(Shop.empty(), name="Second shop")
    asked = {"seller_id": road.seller.pk, "product_id": product.pk, "store_id": second.store.pk, "actor": MINA}
    offers.ask_listing(offer=offer(), **asked)
    with pytest.raises(ListedAlready):
        offers.ask_listing(offer=offer(), **asked)
    assert ListingChange.objects.filter(store=second.store).count() == 1


def test_a_lost_answer_makes_no_second_product(road, place):
    second = road.connect(Shop.empty(), name="Second shop")
    product = Product.objects.get(items__sku="RED")
    offers.ask_listing(
        seller_id=road.seller.pk, product_id=product.pk, store_id=second.store.pk, offer=offer(), actor=MINA
    )
    second.server.faults.add("lost", resource="products_create")
    with pytest.raises(ChannelDown):
        told(second)
    assert len(second.shop.tables.products) == 1
    assert changes(second) == [("create", "waiting")]
    told(second)
    assert (len(second.shop.tables.products), changes(second)) == (1, [("create", "done")])


# --------------------------------------------------------------------------- changed in the shop's admin


def test_a_price_changed_in_the_admin_is_proposed_and_ours_can_be_told_again(place):
    place.shop.save_product(1, price="8.0000")
    read_again(place)
    [found] = Difference.objects.filter(decided_at=None)
    assert (found.field, found.ours, found.theirs) == ("price", "10", "8")
    read_again(place)
    assert Difference.objects.count() == 1

    decide(seller_id=place.store.seller_id, difference_id=found.pk, decision="ours", actor=MINA)
    told(place)
    assert place.shop.tables.products[1].price == "10.0000"
    read_again(place)
    assert not Difference.objects.filter(decided_at=None).exists()


def test_taking_the_stores_price_ends_the_difference(place):
    place.shop.save_product(1, price="8.0000")
    read_again(place)
    [found] = Difference.objects.filter(decided_at=None)
    decide(seller_id=place.store.seller_id, difference_id=found.pk, decision="theirs", actor=MINA)
    read_again(place)
    assert list(Difference.objects.values_list("decision", flat=True)) == ["theirs"]
    assert place.listing(1).agreed["price"] == "8"
    assert changes(place) == []


@pytest.mark.parametrize(("policy", "shown", "kept"), [("theirs", "8.0000", "8"), ("ours", "10.0000", "10")])
def test_a_policy_decides_by_itself(place, policy, shown, kept):
    Store.objects.filter(pk=place.store.pk).update(settings={"edit_policy": policy})
    place.shop.save_product(1, price="8.0000")
    read_again(place)
    told(place)
    assert place.shop.tables.products[1].price == shown
    assert place.listing(1).agreed["price"] == kept
    assert list(Difference.objects.values_list("decision", flat=True)) == [policy]


def test_a_difference_that_went_away_by_itself_is_closed(place):
    place.shop.save_product(1, price="8.0000")
    read_again(place)
    place.shop.save_product(1, price="10.0000")
    read_again(place)
    assert list(Difference.objects.values_list("decision", flat=True)) == ["gone"]


def test_a_product_hidden_in_the_admin_is_proposed(place):
    place.shop.save_product(2, status=0)
    read_again(place)
    [found] = Difference.objects.filter(decided_at=None)
    assert (found.listing.remote_id, found.field, found.ours, found.theirs) == ("2", "active", True, False)
    decide(seller_id=place.store.seller_id, difference_id=found.pk, decision="ours", actor=MINA)
    told(place)
    assert place.shop.tables.products[2].status == 1


def test_a_store_whose_products_were_read_a_day_ago_is_read_again_once(place):
    day = timezone.now() + timedelta(hours=23, minutes=59)
    assert sync.sync_stale(now=day) == []
    assert sync.sync_stale(now=day + timedelta(minutes=2)) == [place.store.pk]
    assert sync.sync_stale(now=day + timedelta(minutes=2)) == []
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))
    assert sync.sync_stale(now=timezone.now() + timedelta(hours=23)) == []


PICTURE = "data:image/png;base64," + base64.b64encode(square("shirt")).decode()


def group(road, *choices: Sequence[tuple[str, str]]) -> Product:
    """A product with one item for each set of choices, 4 pieces of each."""
    product = ProductRow(key="shirt", name="Linen shirt", image_url=PICTURE, is_group=True)
    rows = [
        ItemRow(
            sku=f"SHIRT-{'-'.join(value for _, value in options)}", name="Linen shirt", product=product, options=options
        )
        for options in choices
    ]
    ids = upsert_items(seller_id=road.seller.pk, rows=rows, actor=MINA)
    for item_id in ids.values():
        inventory.receive(seller_id=road.seller.pk, item_id=item_id, quantity=4, actor=MINA)
    return Product.objects.get(items=next(iter(ids.values())))


def ask(road, store, product: Product, **given) -> ListingChange:
    return offers.ask_listing(
        seller_id=road.seller.pk, product_id=product.pk, store_id=store.pk, offer=offer(**given), actor=MINA
    )


def test_variations_of_one_choice_become_an_option_with_stock_and_price_of_their_own(road):
    shop = road.connect(Shop.empty())
    product = group(road, [("Size", "M")], [("Size", "L")])
    dear = product.items.get(sku="SHIRT-L")
    ask(road, shop.store, product, prices={dear.pk: Decimal("14.50")})
    assert told(shop).done == 1

    [made] = shop.shop.tables.products.values()
    [option] = made.options
    assert [(row.quantity, row.price) for row in option.values] == [(4, "2.0000"), (4, "0.0000")]
    listed = Listing.objects.filter(store=shop.store).order_by("item__sku")
    assert [(row.item.sku, row.price) for row in listed] == [
        ("SHIRT-L", Decimal("14.5")),
        ("SHIRT-M", Decimal("12.5")),
    ]
    road.receive("SHIRT-L", 3)
    shop.push()
    assert [row.quantity for row in option.values] == [7, 4]


def test_combinations_become_variants_each_a_listing_of_its_own_item(road):
    shop = road.connect(Shop.empty())
    product = group(road, [("Size", "M"), ("Colour", "Red")], [("Size", "L"), ("Colour", "Red")])
    ask(road, shop.store, product)
    assert told(shop).done == 1

    master, *variants = shop.shop.tables.products.values()
    large, medium = sorted(variants, key=lambda variant: str(variant.columns["model"]))
    listed = Listing.objects.filter(store=shop.store).order_by("item__sku")
    assert [(row.item.sku, row.remote_id, row.parent_id) for row in listed] == [
        ("SHIRT-L-Red", str(large.product_id), str(master.product_id)),
        ("SHIRT-M-Red", str(medium.product_id), str(master.product_id)),
    ]
    assert set(Item.objects.filter(seller=road.seller).values_list("sku", flat=True)) == {"SHIRT-M-Red", "SHIRT-L-Red"}
    road.receive("SHIRT-L-Red", 3)
    shop.push()
    assert [row.quantity for row in (master, large, medium)] == [11, 7, 4]


def test_what_variants_stand_below_is_hidden_shown_and_deleted_with_them(road):
    shop = road.connect(Shop.empty())
    ask(road, shop.store, group(road, [("Size", "M"), ("Colour", "Red")], [("Size", "L"), ("Colour", "Red")]))
    told(shop)
    first, second = Listing.objects.filter(store=shop.store).order_by("pk").values_list("pk", flat=True)
    said = {"seller_id": road.seller.pk, "actor": MINA}

    def after(*listing_ids: int, active: bool) -> list[int]:
        offers.ask_active(listing_ids=listing_ids, active=active, **said)
        told(shop)
        return sorted(product.status for product in shop.shop.tables.products.values())

    assert after(first, active=False) == [0, 1, 1]
    assert after(second, active=False) == [0, 0, 0]
    assert after(second, active=True) == [0, 1, 1]
    offers.ask_delete(listing_ids=[first], approved=True, **said)
    told(shop)
    assert len(shop.shop.tables.products) == 2
    offers.ask_delete(listing_ids=[second], approved=True, **said)
    told(shop)
    assert shop.shop.tables.products == {}


def variants(road) -> tuple[Place, list[Listing]]:
    """A master and two variants of it, made by us."""
    shop = road.connect(Shop.empty())
    ask(road, shop.store, group(road, [("Size", "M"), ("Colour", "Red")], [("Size", "L"), ("Colour", "Red")]))
    told(shop)
    return shop, list(Listing.objects.filter(store=shop.store).order_by("pk"))


def test_variants_that_a_plan_has_made_are_taken_back_with_what_they_stand_below(road):
    shop = road.connect(Shop.empty())
    product = group(road, [("Size", "M"), ("Colour", "Red")], [("Size", "L"), ("Colour", "Red")])
    facts = {"seller_id": road.seller.pk, "actor": MINA}
    plan = plans.plan_creations(offers={(product.pk, shop.store.pk): offer()}, **facts)
    apply_plan(plan_id=plan.pk, **facts)
    told(shop)
    assert len(shop.shop.tables.products) == 3

    back = plan_undo(plan_id=plan.pk, **facts)
    assert [line.kind for line in back.lines.all()] == ["delete", "delete"]
    plans.approve_plan(plan_id=back.pk, **facts)
    apply_plan(plan_id=back.pk, **facts)
    told(shop)
    assert shop.shop.tables.products == {}


def stumbling_over(monkeypatch, *numbers: int) -> None:
    """A shop that deletes anything but these."""
    plain = OpenCartListings.delete

    def delete(self, remote_ids):
        answers = {row.remote_id: row for row in plain(self, [one for one in remote_ids if int(one) not in numbers])}
        refused = {"variation_key": "", "outcome": "refused", "code": "locked", "reason": "It is locked."}
        return [answers.get(one) or LevelAnswer(remote_id=one, **refused) for one in remote_ids]

    monkeypatch.setattr(OpenCartListings, "delete", delete)


def test_while_a_variant_cannot_be_deleted_what_it_stands_below_stays(road, monkeypatch):
    shop, listings = variants(road)
    stuck = listings[1]
    stumbling_over(monkeypatch, int(stuck.remote_id))
    offers.ask_delete(seller_id=road.seller.pk, listing_ids=[row.pk for row in listings], approved=True, actor=MINA)
    report = told(shop)
    assert (report.done, report.refused) == (1, 1)
    assert sorted(shop.shop.tables.products) == sorted([int(stuck.parent_id), int(stuck.remote_id)])


def test_that_a_master_could_not_be_deleted_is_told_at_its_variants_and_tried_again(road, monkeypatch):
    shop, listings = variants(road)
    master = int(listings[0].parent_id)
    ids = [row.pk for row in listings]
    with monkeypatch.context() as stumbling:
        stumbling_over(stumbling, master)
        offers.ask_delete(seller_id=road.seller.pk, listing_ids=ids, approved=True, actor=MINA)
        told(shop)
    deletions = ListingChange.objects.filter(store=shop.store, kind="delete").order_by("pk")
    assert list(deletions.values_list("state", "error_reason")) == [("failed", "It is locked.")] * 2
    assert list(shop.shop.tables.products) == [master]
    offers.ask_again(seller_id=road.seller.pk, change_id=deletions[0].pk, actor=MINA)
    told(shop)
    assert (shop.shop.tables.products, deletions[0].state) == ({}, "done")


def test_combinations_that_a_store_cannot_count_are_refused_with_the_reason(road):
    shop = road.connect(Shop.empty(line="3.0"))
    product = group(road, [("Size", "M"), ("Colour", "Red")], [("Size", "L"), ("Colour", "Red")])
    ask(road, shop.store, product)
    assert told(shop).refused == 1
    assert shop.shop.tables.products == {}
    change = ListingChange.objects.get(store=shop.store)
    assert (change.state, change.error_code) == ("failed", "opencart_combinations")
    assert "none for a combination of Size, Colour" in change.error_reason


def test_a_name_and_a_description_are_changed_and_nothing_else(place):
    before = place.shop.tables.products[1].price
    fields = {"name": "Warm red sock", "description": "<p>Wool</p>"}
    who = {"seller_id": place.store.seller_id, "listing_id": place.listing(1).pk, "actor": MINA}
    with pytest.raises(Invalid):
        offers.ask_update(fields={}, **who)
    offers.ask_update(fields=fields, **who)
    told(place)
    product = place.shop.tables.products[1]  # OpenCart keeps its texts escaped
    assert (product.names[1], product.descriptions[1], product.price) == (
        "Warm red sock",
        "&lt;p&gt;Wool&lt;/p&gt;",
        before,
    )
    assert (place.listing(1).title, changes(place)) == ("Warm red sock", [("update", "done")])
    assert not Difference.objects.exists()
