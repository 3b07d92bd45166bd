"""Every push can be looked at first, is stopped where it goes too far, and can be taken back (R-CAT-10)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from entrepot.accounts.models import AuditEntry, Seller
from entrepot.catalog.models import Product
from entrepot.channels.errors import StoreStateForbids
from entrepot.channels.models import (
    Listing,
    ListingChange,
    Plan,
    PlanLine,
    Promotion,
    PromotionLine,
    Store,
    StoreProduct,
)
from entrepot.channels.plan_errors import (
    PlanEmpty,
    PlanMoved,
    PlanNeedsApproval,
    PlanNotFound,
    PlanOver,
    PlanStillGoing,
    PlanTooBig,
    PlanUndone,
    RuleCurrencies,
    RuleUnclear,
)
from entrepot.channels.queries import plans as queries
from entrepot.channels.queries.listings import ListingFilter
from entrepot.channels.services import plans, retention
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.offers_push import push_listings
from entrepot.channels.services.plan_lines import Change
from entrepot.channels.services.plans import PriceRule
from entrepot.channels.services.plans_apply import apply_plan, plan_undo, stop_plan
from entrepot.connectors.opencart.simulator import Shop
from tests.roads.rig import MINA, Place, Road, small_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger(road: Road) -> Seller:
    return Seller.objects.create(name="Stranger")


@pytest.fixture
def place(road: Road) -> Place:
    """Twelve products for 10 each, so that hiding one hides less than a tenth."""
    return road.connect(
        small_shop(**dict.fromkeys(["RED", "BLUE", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"], 5))
    )


def ids(place: Place, *products: int) -> list[int]:
    return [place.listing(number).pk for number in products]


def price_plan(place: Place, *products: int, **rule) -> Plan:
    rule = {name: Decimal(value) if name != "retail" else value for name, value in rule.items()}
    return plans.plan_prices(
        seller_id=place.store.seller_id, listing_ids=ids(place, *products), rule=PriceRule(**rule), actor=MINA
    )


def deed_plan(place: Place, deed, *products: int) -> Plan:
    return plans.plan_deed(seller_id=place.store.seller_id, listing_ids=ids(place, *products), deed=deed, actor=MINA)


def lines(plan: Plan) -> list[tuple]:
    """(product there, kind, the fields before, the fields as they are to be), the worst first."""
    rows = queries.lines(seller_id=plan.seller_id, plan=plan).rows
    return [(row.remote_id, row.kind, {name: row.before.get(name) for name in row.fields}, row.fields) for row in rows]


def approve(plan: Plan) -> Plan:
    return plans.approve_plan(seller_id=plan.seller_id, plan_id=plan.pk, actor=MINA)


def apply(plan: Plan) -> Plan:
    return apply_plan(seller_id=plan.seller_id, plan_id=plan.pk, actor=MINA)


def undo(plan: Plan) -> Plan:
    return plan_undo(seller_id=plan.seller_id, plan_id=plan.pk, actor=MINA)


def tell(place: Place) -> None:
    push_listings(Store.objects.get(pk=place.store.pk))


def shop_price(place: Place, product: int) -> str:
    return place.shop.tables.products[product].price


def wishes() -> list[tuple[str, str]]:
    return list(ListingChange.objects.order_by("pk").values_list("kind", "state"))


# --------------------------------------------------------------------------- looked at first


def test_a_plan_shows_every_price_before_and_after_and_tells_no_store(place):
    plan = price_plan(place, 1, 2, percent="-15")
    assert (plan.state, plan.total, plan.rails) == ("draft", 2, [])
    assert plan.counts == [{"store": place.store.pk, "kind": "price", "count": 2}]
    before, after = {"price": "10", "retail_price": None}, {"price": "8.5", "retail_price": None}
    assert lines(plan) == [("1", "price", before, after), ("2", "price", before, after)]
    tell(place)
    assert (wishes(), shop_price(place, 1)) == ([], "10.0000")


def test_the_deepest_fall_comes_first_and_the_steepest_rise_before_the_gentle_one(place):
    wanted = {1: "10.50", 2: "9", 3: "7.5", 4: "40"}
    changes = [
        Change(kind="price", fields={"price": price, "retail_price": None}, listing_id=place.listing(number).pk)
        for number, price in wanted.items()
    ]
    plan = plans.make_plan(seller_id=place.store.seller_id, changes=changes, actor=MINA)
    assert [line[0] for line in lines(plan)] == ["3", "2", "4", "1"]
    assert list(PlanLine.objects.filter(plan=plan).order_by("-worst").values_list("worst", flat=True)) == [
        Decimal("0.2500"),
        Decimal("0.1000"),
        Decimal("-0.2500"),
        Decimal("-0.9524"),
    ]


@pytest.mark.parametrize(
    ("rule", "price", "retail"),
    [
        ({"price": "9"}, "9", None),
        ({"percent": "-15", "step": "1"}, "9", None),
        ({"amount": "-0.555"}, "9.45", None),
        ({"percent": "5", "step": "0.1"}, "10.5", None),
        ({"price": "9", "retail": "before"}, "9", "10"),
        ({"price": "9", "retail": Decimal(12)}, "9", "12"),
    ],
)
def test_a_rule_says_what_everything_costs(place, rule, price, retail):
    plan = price_plan(place, 1, **rule)
    assert lines(plan)[0][3] == {"price": price, "retail_price": retail}


@pytest.mark.parametrize("rule", [{}, {"price": "9", "percent": "1"}])
def test_a_rule_that_says_nothing_or_two_things_is_refused(place, rule):
    with pytest.raises(RuleUnclear):
        price_plan(place, 1, **rule)
    assert not Plan.objects.exists()


def in_won(place: Place, *products: int, price: str) -> None:
    rows = Listing.objects.filter(pk__in=ids(place, *products))
    rows.update(currency="KRW", price=Decimal(price))


@pytest.mark.parametrize("rule", [{"price": "9"}, {"amount": "-1"}, {"percent": "-10", "step": "10"}])
def test_one_amount_for_listings_of_several_currencies_is_refused(place, rule):
    in_won(place, 2, price="12000")
    with pytest.raises(RuleCurrencies) as refused:
        price_plan(place, 1, 2, **rule)
    assert (refused.value.fields["currencies"], Plan.objects.count()) == ("KRW, USD", 0)
    assert {line[0]: line[3]["price"] for line in lines(price_plan(place, 1, 2, percent="-10"))} == {
        "1": "9",
        "2": "10800",
    }


@pytest.mark.parametrize(
    ("rule", "price"),
    [
        ({"percent": "-15", "step": "0.01"}, "10497"),
        ({"percent": "-15", "step": "2.5"}, "10497"),
        ({"price": "9999.5"}, "10000"),
    ],
)
def test_there_is_no_price_between_two_coins(place, rule, price):
    in_won(place, 1, price="12349")
    assert lines(price_plan(place, 1, **rule))[0][3]["price"] == price


def test_what_is_in_a_promotion_is_left_out_and_named(place):
    ends = timezone.now() + timedelta(days=1)
    made = Promotion.objects.create(
        seller_id=place.store.seller_id, store=place.store, name="Sale", state="running", created_by="Mina",
        starts_at=timezone.now(), ends_at=ends, created_at=timezone.now(),
    )  # fmt: skip
    plan = price_plan(place, 1, 2, 3, price="9")
    PromotionLine.objects.create(promotion=made, listing=place.listing(1), price=Decimal(8), state="running")
    with pytest.raises(PlanMoved):
        apply(plan)
    plan.refresh_from_db()
    assert ([line[0] for line in lines(plan)], plan.rails) == (["2", "3"], [{"code": "in_promotion", "count": 1}])
    apply(plan)
    assert ListingChange.objects.count() == 2
    with pytest.raises(PlanEmpty):
        price_plan(place, 1, price="8")


def test_a_product_of_which_one_choice_is_hidden_already_is_hidden(place):
    row = place.listing(1)
    Listing.objects.create(
        seller_id=row.seller_id, store=place.store, remote_id="1", variation_key="7", title="RED L", currency="USD",
        state="inactive",
    )  # fmt: skip
    both = list(Listing.objects.filter(store=place.store, remote_id="1").order_by("pk").values_list("pk", flat=True))
    plan = plans.plan_deed(seller_id=row.seller_id, listing_ids=both, deed="hide", actor=MINA)
    assert (plan.total, lines(plan)[0][:2]) == (1, ("1", "deactivate"))


def test_more_listings_than_a_plan_holds_are_refused_with_the_number(place, monkeypatch):
    monkeypatch.setattr(queries, "MOST_LISTINGS", 11)
    with pytest.raises(PlanTooBig) as refused:
        queries.listing_ids(seller_id=place.store.seller_id, by=ListingFilter())
    assert refused.value.fields == {"most": 11}
    monkeypatch.setattr(queries, "MOST_LISTINGS", 12)
    assert len(queries.listing_ids(seller_id=place.store.seller_id, by=ListingFilter())) == 12


def test_a_regular_price_that_is_no_longer_above_the_price_goes(place):
    Listing.objects.filter(pk=place.listing(1).pk).update(retail_price=Decimal(11))
    assert lines(price_plan(place, 1, price="11"))[0][2:] == (
        {"price": "10", "retail_price": "11"},
        {"price": "11", "retail_price": None},
    )
    assert lines(price_plan(place, 1, price="9"))[0][3] == {"price": "9", "retail_price": "11"}


def test_a_store_that_shows_the_selling_price_alone_is_planned_as_it_will_show_it(place):
    Store.objects.filter(pk=place.store.pk).update(settings={"price_mapping": "selling"})
    plan = price_plan(place, 1, price="9", retail=Decimal(12))
    assert lines(plan)[0][3] == {"price": "9", "retail_price": None}
    apply(plan)
    tell(place)
    row = place.listing(1)
    assert (row.price, row.retail_price, shop_price(place, 1)) == (Decimal(9), None, "9.0000")
    assert undo(plan).total == 1


def map_prices(place: Place, mapping: str) -> None:
    Store.objects.filter(pk=place.store.pk).update(settings={"price_mapping": mapping})


def test_the_way_back_is_what_the_store_showed_however_its_prices_are_mapped(place):
    apply(price_plan(place, 1, price="10", retail=Decimal(12)))
    tell(place)
    map_prices(place, "retail")
    plan = apply(price_plan(place, 1, price="11"))
    tell(place)
    assert (lines(plan)[0][3], shop_price(place, 1)) == ({"price": "12", "retail_price": None}, "12.0000")

    back = undo(plan)
    assert lines(back)[0][3] == {"price": "10", "retail_price": "12"}
    apply(back)
    tell(place)
    row = place.listing(1)
    assert (row.price, row.retail_price) == (Decimal(10), Decimal(12))
    assert [row["price"] for row in place.shop.tables.products[1].discounts] == ["10.0000"]


def test_what_is_told_is_what_was_looked_at_though_the_mapping_changed_since(place):
    plan = price_plan(place, 1, price="9", retail=Decimal(12))
    map_prices(place, "retail")
    apply(plan)
    tell(place)
    row = place.listing(1)
    assert (row.price, row.retail_price) == (Decimal(9), Decimal(12))


def test_a_product_to_be_listed_is_shown_at_the_price_its_store_will_show(road, place):
    second = road.connect(Shop.empty(), name="Second shop")
    map_prices(second, "retail")
    product = Product.objects.get(items__sku="RED")
    offer = Offer(price=Decimal(12), retail_price=Decimal(15))
    plan = plans.plan_creations(seller_id=road.seller.pk, offers={(product.pk, second.store.pk): offer}, actor=MINA)
    [line] = plan.lines.all()
    assert (line.fields["price"], line.fields["retail_price"]) == ("15", None)
    apply(plan)
    tell(second)
    assert [row.price for row in second.shop.tables.products.values()] == ["15.0000"]


def test_what_the_store_shows_already_is_no_change(place):
    with pytest.raises(PlanEmpty):
        price_plan(place, 1, price="10")
    with pytest.raises(PlanEmpty):
        deed_plan(place, "show", 1, 2)
    assert not Plan.objects.exists()


def test_a_product_is_hidden_once_however_many_of_its_listings_were_chosen(place):
    row = place.listing(1)
    Listing.objects.create(
        seller_id=row.seller_id, store=place.store, remote_id="1", variation_key="7", title="RED L", currency="USD"
    )
    both = list(Listing.objects.filter(store=place.store, remote_id="1").values_list("pk", flat=True))
    plan = plans.plan_deed(seller_id=row.seller_id, listing_ids=both, deed="hide", actor=MINA)
    assert (plan.total, lines(plan)[0][:2]) == (1, ("1", "deactivate"))


def test_of_another_sellers_listings_nothing_is_planned(place, stranger):
    with pytest.raises(PlanEmpty):
        plans.plan_deed(seller_id=stranger.pk, listing_ids=ids(place, 1), deed="hide", actor=MINA)
    plan = price_plan(place, 1, price="9")
    for verb in (plans.approve_plan, plans.discard_plan, apply_plan, plan_undo, stop_plan):
        with pytest.raises(PlanNotFound):
            verb(seller_id=stranger.pk, plan_id=plan.pk, actor=MINA)
    assert (Plan.objects.get().state, wishes()) == ("draft", [])


def test_for_a_store_that_only_reads_nothing_is_planned(road):
    place = road.connect(small_shop(RED=5), live=False)
    with pytest.raises(StoreStateForbids):
        price_plan(place, 1, price="9")
    assert not Plan.objects.exists()


# --------------------------------------------------------------------------- guard rails


def test_a_price_that_falls_by_half_is_stopped_until_a_person_approves(place):
    plan = price_plan(place, 1, 2, percent="-50")
    assert plan.rails == [{"code": "price_falls", "count": 2, "percent": 50}]
    with pytest.raises(PlanNeedsApproval):
        apply(plan)
    tell(place)
    assert (wishes(), shop_price(place, 1)) == ([], "10.0000")

    approve(plan)
    apply(plan)
    tell(place)
    assert (shop_price(place, 1), shop_price(place, 2), shop_price(place, 3)) == ("5.0000", "5.0000", "10.0000")
    assert list(AuditEntry.objects.filter(verb__startswith="plans.").order_by("pk").values_list("verb", flat=True)) == [
        "plans.approve",
        "plans.apply",
    ]


def test_a_price_that_falls_by_thirty_percent_needs_nobody(place):
    apply(price_plan(place, 1, price="7"))
    tell(place)
    assert shop_price(place, 1) == "7.0000"


def test_a_price_that_no_store_can_show_is_never_sent_whoever_approves(place):
    place.shop.save_product(2, price="30.0000")
    Listing.objects.filter(pk=place.listing(2).pk).update(price=Decimal(30))
    plan = price_plan(place, 1, 2, amount="-10")
    assert plan.rails == [{"code": "price_impossible", "count": 1}, {"code": "price_falls", "count": 1, "percent": 33}]
    assert [line[0] for line in lines(plan)] == ["1", "2"]
    apply(approve(plan))
    tell(place)
    assert (shop_price(place, 1), shop_price(place, 2)) == ("10.0000", "20.0000")
    told = queries.progress(seller_id=plan.seller_id, plan=plan)
    assert (told.done, told.left_out, told.percent) == (1, 1, 100)


def test_hiding_more_than_a_tenth_of_a_store_is_stopped_and_less_is_not(place):
    assert deed_plan(place, "hide", 1).rails == []
    plan = deed_plan(place, "hide", 1, 2)
    assert plan.rails == [{"code": "many_hidden", "count": 2, "store": place.store.pk, "of": 12}]
    with pytest.raises(PlanNeedsApproval):
        apply(plan)
    assert wishes() == []


def test_a_deletion_is_stopped(place):
    plan = deed_plan(place, "delete", 3)
    assert plan.rails == [{"code": "deletions", "count": 1}]
    with pytest.raises(PlanNeedsApproval):
        apply(plan)
    tell(place)
    assert 3 in place.shop.tables.products


# --------------------------------------------------------------------------- applied


def test_a_plan_that_the_store_overtook_shows_it_anew_and_is_approved_again(place):
    plan = approve(price_plan(place, 1, 2, percent="-50"))
    Listing.objects.filter(pk=place.listing(1).pk).update(price=Decimal(4))
    with pytest.raises(PlanMoved) as refused:
        apply(plan)
    assert (refused.value.fields, wishes()) == ({"count": 1}, [])
    plan.refresh_from_db()
    assert (plan.approved, plan.rails) == (False, [{"code": "price_falls", "count": 1, "percent": 50}])
    assert [(line[0], line[2]["price"], line[3]["price"]) for line in lines(plan)] == [
        ("2", "10", "5"),
        ("1", "4", "5"),
    ]


def test_a_plan_is_applied_once(place):
    plan = apply(price_plan(place, 1, price="9"))
    for verb in (apply_plan, plans.approve_plan, plans.discard_plan):
        with pytest.raises(PlanOver):
            verb(seller_id=plan.seller_id, plan_id=plan.pk, actor=MINA)
    assert wishes() == [("price", "waiting")]


def test_a_plan_thrown_away_leaves_nothing_to_do(place):
    plan = plans.discard_plan(seller_id=place.store.seller_id, plan_id=price_plan(place, 1, price="9").pk, actor=MINA)
    assert (plan.state, plan.total, plan.lines.count()) == ("discarded", 1, 0)
    with pytest.raises(PlanOver):
        apply(plan)


def test_a_plan_that_nobody_applies_is_thrown_away_after_thirty_days_and_an_applied_one_stays(place):
    young, old, done = (price_plan(place, 1, price=price) for price in ("9", "8", "9.5"))
    apply_plan(seller_id=place.store.seller_id, plan_id=done.pk, actor=MINA)
    ago = timezone.now() - timedelta(days=31)
    Plan.objects.filter(pk__in=[old.pk, done.pk]).update(created_at=ago)
    assert (retention.prune()["plans"], retention.prune()["plans"]) == (1, 0)
    states = {plan.pk: (plan.state, plan.lines.count()) for plan in Plan.objects.all()}
    assert states == {young.pk: ("draft", 1), old.pk: ("discarded", 0), done.pk: ("applied", 1)}


def test_a_listing_that_went_meanwhile_is_left_out(place):
    plan = price_plan(place, 1, 2, price="9")
    Listing.objects.filter(pk=place.listing(2).pk).update(state="missing")
    apply(plan)
    tell(place)
    told = queries.progress(seller_id=plan.seller_id, plan=plan)
    assert (told.total, told.done, told.left_out) == (2, 1, 1)


def test_what_has_not_gone_out_can_be_given_up(place):
    plan = apply(price_plan(place, 1, 2, price="9"))
    assert stop_plan(seller_id=plan.seller_id, plan_id=plan.pk, actor=MINA) == 2
    tell(place)
    assert (wishes(), shop_price(place, 1)) == ([("price", "canceled")] * 2, "10.0000")


def test_a_wish_of_somebody_else_that_would_be_overtaken_is_looked_at_first(place):
    plan = price_plan(place, 1, 2, price="9")
    apply(price_plan(place, 1, price="8"))
    with pytest.raises(PlanMoved) as refused:
        apply(plan)
    assert (refused.value.fields, wishes()) == ({"count": 1}, [("price", "waiting")])
    plan.refresh_from_db()
    assert plan.rails == [{"code": "overtakes", "count": 1}]
    apply(plan)
    assert wishes() == [("price", "overtaken"), ("price", "waiting"), ("price", "waiting")]
    tell(place)
    assert shop_price(place, 1) == "9.0000"


def test_words_that_were_given_up_are_no_longer_wanted(place):
    apply(word_plan(place, 1, name="First"))
    tell(place)
    plan = apply(word_plan(place, 1, 2, name="Second", description="<p>New</p>"))
    stop_plan(seller_id=plan.seller_id, plan_id=plan.pk, actor=MINA)
    wanted = StoreProduct.objects.filter(store=place.store, remote_id__in=["1", "2"]).order_by("remote_id")
    assert list(wanted.values_list("wanted", flat=True)) == [{"name": "First"}, {}]


def test_a_plan_that_the_stores_show_already_is_thrown_away_and_stays_with_its_store(place):
    plan = price_plan(place, 1, price="9")
    Listing.objects.filter(pk=place.listing(1).pk).update(price=Decimal(9))
    with pytest.raises(PlanEmpty):
        apply(plan)
    plan.refresh_from_db()
    assert (plan.state, plan.store_ids, wishes()) == ("discarded", [place.store.pk], [])


# --------------------------------------------------------------------------- the way back


def test_what_a_store_did_after_the_way_back_was_made_has_a_way_back_of_its_own(place):
    plan = apply(price_plan(place, 1, 2, price="9"))
    late = ListingChange.objects.get(remote_id="2")
    ListingChange.objects.filter(pk=late.pk).update(state="canceled")
    tell(place)
    apply(undo(plan))
    ListingChange.objects.filter(pk=late.pk).update(state="waiting")  # it was under way, and the store took it
    tell(place)
    last = undo(plan)
    assert [(line[0], line[3]["price"]) for line in lines(last)] == [("2", "10")]
    apply(last)
    tell(place)
    assert (shop_price(place, 1), shop_price(place, 2)) == ("10.0000", "10.0000")
    with pytest.raises(PlanUndone):
        undo(plan)


def test_one_click_plans_the_way_back_and_everything_is_as_it_was(place):
    plan = apply(price_plan(place, 1, 2, price="9", retail="before"))
    tell(place)
    hidden = apply(deed_plan(place, "hide", 3))
    tell(place)
    assert (place.listing(1).retail_price, place.shop.tables.products[3].status) == (Decimal(10), 0)

    back = undo(plan)
    assert (back.undo_of_id, back.total, back.rails) == (plan.pk, 2, [])
    assert lines(back)[0][2:] == ({"price": "9", "retail_price": "10"}, {"price": "10", "retail_price": None})
    apply(back)
    apply(undo(hidden))
    tell(place)
    rows = Listing.objects.filter(store=place.store).order_by("pk").values_list("price", "retail_price", "state")
    assert set(rows) == {(Decimal(10), None, "active")}
    assert (shop_price(place, 1), place.shop.tables.products[1].discounts) == ("10.0000", [])
    assert place.shop.tables.products[3].status == 1
    with pytest.raises(PlanUndone):
        undo(plan)


def test_a_price_somebody_changed_since_stays_and_is_counted(place):
    plan = apply(price_plan(place, 1, 2, price="9"))
    tell(place)
    apply(price_plan(place, 2, price="8"))
    tell(place)
    back = undo(plan)
    assert [line[0] for line in lines(back)] == ["1"]
    assert back.rails == [{"code": "changed_since", "count": 1}]
    apply(back)
    tell(place)
    assert (shop_price(place, 1), shop_price(place, 2)) == ("10.0000", "8.0000")


def test_there_is_no_way_back_while_stores_have_not_answered(place):
    plan = apply(price_plan(place, 1, price="9"))
    with pytest.raises(PlanStillGoing):
        undo(plan)
    assert Plan.objects.count() == 1


def test_what_was_deleted_cannot_be_brought_back(place):
    plan = apply(approve(deed_plan(place, "delete", 1)))
    tell(place)
    with pytest.raises(PlanEmpty):
        undo(plan)
    assert Plan.objects.count() == 1


def test_a_second_click_on_the_way_back_leaves_one_plan(place):
    plan = apply(price_plan(place, 1, price="9"))
    tell(place)
    undo(plan)
    last = undo(plan)
    assert list(Plan.objects.filter(undo_of=plan)) == [last]
    assert queries.way_back(seller_id=plan.seller_id, plan=plan) == last


def test_a_title_is_planned_field_by_field_and_comes_back(place):
    plan = plans.plan_words(
        seller_id=place.store.seller_id,
        listing_ids=ids(place, 1),
        fields={"name": "Warm red sock"},
        actor=MINA,
    )
    assert lines(plan) == [("1", "update", {"name": "RED sock"}, {"name": "Warm red sock"})]
    apply(plan)
    tell(place)
    assert place.shop.tables.products[1].names[1] == "Warm red sock"
    apply(undo(plan))
    tell(place)
    assert place.shop.tables.products[1].names[1] == "RED sock"


def word_plan(place: Place, *products: int, **fields) -> Plan:
    return plans.plan_words(
        seller_id=place.store.seller_id, listing_ids=ids(place, *products), fields=fields, actor=MINA
    )


def test_words_somebody_changed_since_stay_and_are_counted_field_by_field(place):
    plan = apply(word_plan(place, 1, 2, 3, name="Sale", description="<p>Cheap</p>"))
    tell(place)
    apply(word_plan(place, 1, name="Better"))
    tell(place)
    theirs = StoreProduct.objects.get(store=place.store, remote_id="2")
    StoreProduct.objects.filter(pk=theirs.pk).update(seen=theirs.seen | {"name": "Theirs", "description": "Theirs"})
    word_plan(place, 3, name="Only planned")

    back = undo(plan)
    assert [(line[0], sorted(line[3])) for line in lines(back)] == [
        ("1", ["description"]),
        ("3", ["description", "name"]),
    ]
    assert back.rails == [{"code": "changed_since", "count": 2}]
    apply(back)
    tell(place)
    names = [place.shop.tables.products[number].names[1] for number in (1, 2, 3)]
    assert names == ["Better", "Sale", "C sock"]


def test_words_about_to_be_told_by_somebody_else_stay(place):
    plan = apply(word_plan(place, 1, name="Sale"))
    tell(place)
    apply(word_plan(place, 1, name="Better"))
    with pytest.raises(PlanEmpty):
        undo(plan)
    tell(place)
    assert place.shop.tables.products[1].names[1] == "Better"


def test_words_that_the_store_changed_meanwhile_are_looked_at_again(place):
    plan = word_plan(place, 1, 2, name="Sale")
    theirs = StoreProduct.objects.get(store=place.store, remote_id="1")
    StoreProduct.objects.filter(pk=theirs.pk).update(seen=theirs.seen | {"name": "Theirs"})
    with pytest.raises(PlanMoved) as refused:
        apply(plan)
    assert (refused.value.fields, wishes()) == ({"count": 1}, [])
    assert [line[2] for line in lines(plan)] == [{"name": "Theirs"}, {"name": "BLUE sock"}]
    apply(plan)
    assert wishes() == [("update", "waiting")] * 2


def test_words_of_a_product_above_variants_stay_its_own_when_the_plan_is_laid_out_again(place):
    """Its words are planned by way of one of its variants."""
    Listing.objects.filter(pk=place.listing(1).pk).update(parent_id="12")
    changes = [
        Change(kind="update", fields={"name": "All sizes"}, listing_id=place.listing(1).pk, remote_id="12"),
        Change(kind="price", fields={"price": "9", "retail_price": None}, listing_id=place.listing(2).pk),
    ]
    plan = plans.make_plan(seller_id=place.store.seller_id, changes=changes, actor=MINA)
    Listing.objects.filter(pk=place.listing(2).pk).update(price=Decimal(11))
    with pytest.raises(PlanMoved):
        apply(plan)
    apply(plan)
    tell(place)
    names = [place.shop.tables.products[number].names[1] for number in (1, 12)]
    assert names == ["RED sock", "All sizes"]


def test_products_are_planned_into_another_store_and_taken_back_by_deletion(road, place):
    second = road.connect(Shop.empty(), name="Second shop")
    product = Product.objects.get(items__sku="RED")
    new = {
        (product.pk, second.store.pk): Offer(price=Decimal(12)),
        (product.pk, place.store.pk): Offer(price=Decimal(12)),
    }
    plan = plans.plan_creations(seller_id=road.seller.pk, offers=new, actor=MINA)
    assert (plan.total, plan.rails) == (1, [{"code": "listed_already", "count": 1}])
    apply(plan)
    tell(second)
    assert len(second.shop.tables.products) == 1

    back = undo(plan)
    assert back.rails[0] == {"code": "deletions", "count": 1}
    apply(approve(back))
    tell(second)
    assert (second.shop.tables.products, len(place.shop.tables.products)) == ({}, 12)


def test_a_product_listed_meanwhile_is_not_listed_a_second_time(road, place):
    second = road.connect(Shop.empty(), name="Second shop")
    product = Product.objects.get(items__sku="RED")
    new = {(product.pk, second.store.pk): Offer(price=Decimal(12))}
    first, twin = (plans.plan_creations(seller_id=road.seller.pk, offers=new, actor=MINA) for _ in range(2))
    apply(first)
    apply(twin)
    tell(second)
    assert len(second.shop.tables.products) == 1
    assert queries.progress(seller_id=twin.seller_id, plan=twin).left_out == 1


# --------------------------------------------------------------------------- who sees it, and long ones


def test_who_works_for_one_store_sees_plans_of_that_store_alone(road, place):
    second = road.connect(small_shop(SHOE=5), name="Second shop")
    mine = price_plan(place, 1, price="9")
    both = plans.plan_prices(
        seller_id=road.seller.pk, listing_ids=[*ids(place, 1), *ids(second, 1)], rule=PriceRule(price=Decimal(9)),
        actor=MINA,
    )  # fmt: skip
    assert both.store_ids == sorted([place.store.pk, second.store.pk])
    seen = queries.plans(seller_id=road.seller.pk, store_ids=[place.store.pk])
    assert list(seen.rows) == [mine]
    with pytest.raises(PlanNotFound):
        queries.plan(seller_id=road.seller.pk, plan_id=both.pk, store_ids=[place.store.pk])


def test_lines_come_page_by_page_each_once(place):
    plan = price_plan(place, *range(1, 13), percent="-10")
    found, after = [], ""
    while True:
        page = queries.lines(seller_id=plan.seller_id, plan=plan, after=after, limit=5)
        found += [row.remote_id for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert sorted(found, key=int) == [str(number) for number in range(1, 13)]
