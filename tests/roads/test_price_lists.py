"""Price lists: worked out, rounded, followed by stores; what falls far waits, what a person set stays."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.catalog.errors import ItemNotFound
from entrepot.catalog.models import Item
from entrepot.catalog.services import upsert_items
from entrepot.channels.errors import PriceImpossible, StoreStateForbids
from entrepot.channels.models import (
    Difference,
    Listing,
    ListingChange,
    ListPrice,
    ListTold,
    PriceList,
    Store,
    StorePricing,
)
from entrepot.channels.price_errors import (
    FollowsNoList,
    PercentImpossible,
    PriceBelowCoin,
    PriceListCircle,
    PriceListCurrency,
    PriceListHasPrices,
    PriceListInUse,
    PriceListNameTaken,
    PriceListNotFound,
    RoundingImpossible,
)
from entrepot.channels.queries.following import counts, followed
from entrepot.channels.queries.price_figures import Figure, figures
from entrepot.channels.services import lifecycle, offers, price_following, sync
from entrepot.channels.services.offers_push import push_listings
from entrepot.channels.services.price_following import follow, run_price_lists, stop_following, tell_prices
from entrepot.channels.services.price_lists import (
    ListFacts,
    Written,
    change_price_list,
    delete_price_list,
    make_price_list,
    write_prices,
)
from entrepot.channels.services.promotions import plan_promotion, run_promotions
from tests.books import make_items, make_kit, make_seller
from tests.roads.rig import MINA, Place, Road, small_shop

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place(road: Road) -> Place:
    """RED, BLUE and GREEN at 10.00 dollars."""
    return road.connect(small_shop(RED=5, BLUE=3, GREEN=1))


def make_list(seller: Seller, name: str = "Shops", **words) -> PriceList:
    facts = {"name": name, "currency": "USD", "kind": "fixed"}
    return make_price_list(seller_id=seller.pk, facts=ListFacts(**{**facts, **words}), actor=MINA)


def write(price_list: PriceList, sku: str, price: str | None, retail: str | None = None) -> tuple[int, int]:
    item = Item.objects.get(seller_id=price_list.seller_id, sku=sku)
    one = None if price is None else Written(Decimal(price), None if retail is None else Decimal(retail))
    return write_prices(seller_id=price_list.seller_id, price_list_id=price_list.pk, prices={item.pk: one}, actor=MINA)


def costs(seller: Seller, sku: str, cost: str | None, currency: str = "USD") -> None:
    Item.objects.filter(seller=seller, sku=sku).update(cost=cost, cost_currency=currency)


def figure(price_list: PriceList, sku: str) -> Figure:
    return next(one for one in figures(seller_id=price_list.seller_id, price_list=price_list) if one.sku == sku)


def price(price_list: PriceList, sku: str) -> Decimal | None:
    return figure(price_list, sku).price


def obey(place: Place, price_list: PriceList, **words) -> int:
    asked = follow(
        seller_id=place.store.seller_id, store_id=place.store.pk, price_list_id=price_list.pk, actor=MINA, **words
    )
    push_listings(Store.objects.get(pk=place.store.pk))
    return asked


def later(place: Place, hours: int = 0) -> int:
    """The clock looks at what is due, and the shop is told."""
    asked = run_price_lists(now=timezone.now() + hours * HOUR)
    push_listings(Store.objects.get(pk=place.store.pk))
    return asked


def shown(place: Place) -> list[str]:
    """What buyers of the shop pay for RED, BLUE and GREEN: its own figures."""
    rows = [place.shop.tables.products[number] for number in (1, 2, 3)]
    cuts = [[*row.specials, *(cut for cut in row.discounts if cut.get("special") == "1")] for row in rows]
    return [f"{Decimal(cut[0]['price'] if cut else row.price):.2f}" for row, cut in zip(rows, cuts, strict=True)]


def steps(place: Place, price_list: PriceList) -> dict[str, int]:
    return counts(seller_id=place.store.seller_id, store=place.store, price_list=price_list)


# --------------------------------------------------------------------------- what a list says


@pytest.mark.parametrize(
    ("cost", "kind", "percent", "step", "rounding", "ending", "result"),
    [
        ("7000", "margin", "30", "1", "nearest", "0", "10000"),
        ("7100", "margin", "30", "100", "nearest", "0", "10100"),
        ("7100", "margin", "30", "100", "up", "0", "10200"),
        ("7190", "margin", "30", "100", "down", "0", "10200"),
        ("7000", "margin", "30", "100", "up", "0", "10000"),
        ("7000", "markup", "50", "10", "nearest", "0", "10500"),
        ("7005", "markup", "0", "10", "nearest", "0", "7010"),
        ("7000", "margin", "30", "1000", "nearest", "100", "9900"),
        ("6615", "margin", "30", "1000", "nearest", "100", "9900"),
        ("7000", "margin", "30", "1000", "up", "100", "10900"),
        ("6930", "margin", "30", "1000", "down", "100", "9900"),
        ("30", "markup", "0", "100", "down", "0", "100"),
        ("30", "markup", "0", "1000", "down", "100", "900"),
    ],
)  # fmt: skip
def test_a_price_is_worked_out_and_rounded(cost, kind, percent, step, rounding, ending, result):  # noqa: PLR0917 - a row of the table
    seller = make_seller()
    make_items(seller, SOCK=1)
    costs(seller, "SOCK", cost, "KRW")
    made = make_list(
        seller, currency="KRW", kind=kind, percent=Decimal(percent), step=Decimal(step), rounding=rounding,
        ending=Decimal(ending),
    )  # fmt: skip
    assert price(made, "SOCK") == Decimal(result)


def test_dollars_may_end_in_99_cents():
    seller = make_seller()
    make_items(seller, SOCK=1)
    costs(seller, "SOCK", "7.13")
    made = make_list(seller, kind="markup", percent=Decimal(40), step=Decimal(1), ending=Decimal("0.01"))
    assert price(made, "SOCK") == Decimal("9.99")


def test_a_price_written_down_goes_before_one_worked_out_and_stands_as_written():
    seller = make_seller()
    make_items(seller, SOCK=1)
    costs(seller, "SOCK", "7000", "KRW")
    made = make_list(seller, currency="KRW", kind="margin", percent=Decimal(30), step=Decimal(100))
    assert write(made, "SOCK", "12345", "15000") == (1, 0)
    assert write(made, "SOCK", "12345", "15000") == (0, 0)
    one = figure(made, "SOCK")
    assert (one.price, one.retail_price, one.written, one.margin) == (12345, 15000, True, Decimal("43.3"))
    assert write(made, "SOCK", None) == (0, 1)
    assert price(made, "SOCK") == 10000


def test_a_list_is_worked_out_from_another_and_that_from_a_third():
    seller = make_seller()
    make_items(seller, SOCK=1)
    first = make_list(seller, "Own shop")
    second = make_list(seller, "Market", kind="base", base_id=first.pk, percent=Decimal(10))
    third = make_list(
        seller, "Outlet", kind="base", base_id=second.pk, percent=Decimal(-50), step=Decimal(1), rounding="up"
    )
    assert (price(third, "SOCK"), figure(third, "SOCK").why) == (None, "not_written")
    write(first, "SOCK", "10", "25")
    assert [price(one, "SOCK") for one in (first, second, third)] == [10, 11, 6]
    assert [figure(one, "SOCK").retail_price for one in (first, second, third)] == [25, 25, 25]
    write(second, "SOCK", "20")
    assert [(price(one, "SOCK"), figure(one, "SOCK").retail_price) for one in (first, second, third)] == [
        (10, 25), (20, None), (10, None),
    ]  # fmt: skip


def test_what_has_no_cost_or_one_in_another_currency_has_no_price_and_the_list_says_why():
    seller = make_seller()
    make_items(seller, SOCK=1, BOOT=1, HAT=1)
    costs(seller, "BOOT", "5", "KRW")
    costs(seller, "HAT", "5", "")
    made = make_list(seller, kind="markup", percent=Decimal(100))
    assert [(price(made, sku), figure(made, sku).why) for sku in ("SOCK", "BOOT", "HAT")] == [
        (None, "no_cost"), (None, "other_currency"), (10, ""),
    ]  # fmt: skip


def test_a_kit_costs_what_its_parts_cost():
    seller = make_seller()
    ids = make_items(seller, SOCK=9, HAT=9)
    make_kit(seller, "SET", {ids["SOCK"]: 2, ids["HAT"]: 1})
    made = make_list(seller, kind="markup", percent=Decimal(100))
    costs(seller, "SOCK", "3")
    assert (price(made, "SET"), figure(made, "SET").why) == (None, "no_cost")
    costs(seller, "HAT", "4")
    assert (price(made, "SET"), figure(made, "SET").cost) == (20, 10)
    costs(seller, "HAT", "4", "KRW")
    assert price(made, "SET") is None


def test_prices_that_earn_too_little_are_found():
    seller = make_seller()
    make_items(seller, SOCK=1, HAT=1, BOOT=1)
    for sku, cost in (("SOCK", "8"), ("HAT", "7"), ("BOOT", "11")):
        costs(seller, sku, cost)
    made = make_list(seller, least_margin=Decimal(25))
    for sku in ("SOCK", "HAT", "BOOT"):
        write(made, sku, "10")
    low = figures(seller_id=seller.pk, price_list=made, show="low")
    assert [(one.sku, one.margin) for one in low] == [("SOCK", Decimal("20.0")), ("BOOT", Decimal("-10.0"))]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"name": "Taken"}, PriceListNameTaken),
        ({"kind": "margin", "percent": Decimal(100)}, PercentImpossible),
        ({"kind": "margin"}, PercentImpossible),
        ({"kind": "markup", "percent": Decimal(-1)}, PercentImpossible),
        ({"least_margin": Decimal(100)}, PercentImpossible),
        ({"kind": "base", "percent": Decimal(0)}, PriceListNotFound),
        ({"step": Decimal("0.005")}, RoundingImpossible),
        ({"step": Decimal(1), "ending": Decimal(1)}, RoundingImpossible),
        ({"currency": "KRW", "step": Decimal(10), "ending": Decimal("0.5")}, RoundingImpossible),
    ],
)
def test_a_list_that_cannot_be_is_refused_and_nothing_is_made(words, refusal):
    seller = make_seller()
    make_list(seller, "Taken")
    with pytest.raises(refusal):
        make_list(seller, **{"name": "New", **words})
    assert PriceList.objects.count() == 1


def test_a_list_is_never_worked_out_from_itself():
    seller = make_seller()
    first = make_list(seller, "A")
    second = make_list(seller, "B", kind="base", base_id=first.pk, percent=Decimal(0))
    facts = ListFacts(name="A", currency="USD", kind="base", base_id=second.pk, percent=Decimal(0))
    with pytest.raises(PriceListCircle):
        change_price_list(seller_id=seller.pk, price_list_id=first.pk, facts=facts, actor=MINA)
    assert PriceList.objects.get(pk=first.pk).kind == "fixed"


def test_a_list_of_another_currency_is_no_base():
    seller = make_seller()
    won = make_list(seller, "Won", currency="KRW")
    with pytest.raises(PriceListCurrency):
        make_list(seller, "Dollars", kind="base", base_id=won.pk, percent=Decimal(0))


def test_a_list_in_use_stays_and_one_that_is_not_goes_with_its_prices(place):
    base, seller = make_list(place.store.seller, "Base"), place.store.seller
    derived = make_list(seller, "Derived", kind="base", base_id=base.pk, percent=Decimal(0))
    write(base, "RED", "12")
    with pytest.raises(PriceListInUse):
        delete_price_list(seller_id=seller.pk, price_list_id=base.pk, actor=MINA)
    obey(place, derived)
    with pytest.raises(PriceListInUse):
        delete_price_list(seller_id=seller.pk, price_list_id=derived.pk, actor=MINA)
    stop_following(seller_id=seller.pk, store_id=place.store.pk, actor=MINA)
    delete_price_list(seller_id=seller.pk, price_list_id=derived.pk, actor=MINA)
    delete_price_list(seller_id=seller.pk, price_list_id=base.pk, actor=MINA)
    assert (PriceList.objects.count(), ListPrice.objects.count()) == (0, 0)


@pytest.mark.parametrize(("amount", "retail"), [("0", None), ("-1", None), ("10", "9.99")])
def test_a_price_that_cannot_be_is_not_written(amount, retail):
    seller = make_seller()
    make_items(seller, SOCK=1)
    made = make_list(seller)
    with pytest.raises(PriceImpossible):
        write(made, "SOCK", amount, retail)
    assert ListPrice.objects.count() == 0


def test_a_price_that_nobody_can_pay_is_not_written():
    seller = make_seller()
    make_items(seller, SOCK=1)
    won, dollars = make_list(seller, "Won", currency="KRW"), make_list(seller)
    for made, amount, retail in ((won, "10000.5", None), (won, "10000", "12000.5"), (dollars, "9.995", None)):
        with pytest.raises(PriceBelowCoin):
            write(made, "SOCK", amount, retail)
    with pytest.raises(PriceImpossible):
        write(won, "SOCK", "10000", "1000000000000000")
    assert ListPrice.objects.count() == 0


def test_written_prices_never_become_amounts_of_another_currency():
    seller = make_seller()
    make_items(seller, SOCK=1)
    made = make_list(seller)
    write(made, "SOCK", "12")
    facts = ListFacts(name="Shops", currency="KRW", kind="fixed")
    with pytest.raises(PriceListHasPrices) as refusal:
        change_price_list(seller_id=seller.pk, price_list_id=made.pk, facts=facts, actor=MINA)
    assert str(refusal.value.fields["count"]) == "1"
    assert PriceList.objects.get().currency == "USD"
    write(made, "SOCK", None)
    assert change_price_list(seller_id=seller.pk, price_list_id=made.pk, facts=facts, actor=MINA).currency == "KRW"


def test_another_sellers_list_and_items_are_out_of_reach(place):
    stranger = make_seller("Stranger")
    theirs, mine = make_list(stranger), make_list(place.store.seller)
    item = Item.objects.get(sku="RED")
    with pytest.raises(ItemNotFound):
        write_prices(seller_id=stranger.pk, price_list_id=theirs.pk, prices={item.pk: Written(Decimal(1))}, actor=MINA)
    with pytest.raises(PriceListNotFound):
        write_prices(seller_id=stranger.pk, price_list_id=mine.pk, prices={}, actor=MINA)
    with pytest.raises(PriceListNotFound):
        obey(place, theirs)
    assert (ListPrice.objects.count(), StorePricing.objects.count()) == (0, 0)


# --------------------------------------------------------------------------- stores that follow


def test_a_store_that_follows_is_told_at_once_and_whenever_the_list_changes(place):
    made = make_list(place.store.seller)
    write(made, "RED", "12", "15")
    write(made, "BLUE", "8")
    assert (obey(place, made), shown(place)) == (2, ["12.00", "8.00", "10.00"])
    assert (place.listing(1).price, place.listing(1).retail_price) == (12, 15)
    assert steps(place, made) == {"same": 2, "none": 1}
    assert later(place) == 0
    write(made, "BLUE", "9")
    assert (later(place), shown(place)) == (1, ["12.00", "9.00", "10.00"])


def test_a_change_of_the_base_reaches_stores_that_follow_a_derived_list(place):
    base = make_list(place.store.seller, "Base")
    write(base, "RED", "10")
    derived = make_list(place.store.seller, "Derived", kind="base", base_id=base.pk, percent=Decimal(20))
    obey(place, derived)
    write(base, "RED", "11")
    assert (later(place), shown(place)[0]) == (1, "13.20")


def test_a_new_cost_is_noticed_within_the_hour(place):
    made = make_list(place.store.seller, kind="markup", percent=Decimal(100))
    costs(place.store.seller, "RED", "5.50")
    assert (obey(place, made), shown(place)[0]) == (1, "11.00")
    costs(place.store.seller, "RED", "6")
    assert later(place) == 0
    assert (later(place, hours=1), shown(place)[0]) == (1, "12.00")


def test_a_price_that_falls_far_waits_until_a_person_says_yes(place):
    made = make_list(place.store.seller)
    write(made, "RED", "6.99")
    write(made, "BLUE", "7")
    assert (obey(place, made), shown(place)) == (1, ["10.00", "7.00", "10.00"])
    assert (place.problems(), steps(place, made)) == (["list_prices_wait"], {"falls": 1, "same": 1, "none": 1})
    assert later(place, hours=1) == 0
    told = tell_prices(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA, approved=True)
    push_listings(Store.objects.get(pk=place.store.pk))
    assert (told, shown(place)[0], place.problems()) == (1, "6.99", [])


def test_a_price_that_a_person_set_stays_until_the_lists_own_price_changes(place):
    made = make_list(place.store.seller)
    write(made, "RED", "12")
    obey(place, made)
    offers.ask_price(
        seller_id=place.store.seller_id, listing_ids=[place.listing(1).pk], price=Decimal(13), retail_price=None,
        actor=MINA,
    )  # fmt: skip
    push_listings(Store.objects.get(pk=place.store.pk))
    assert (later(place, hours=1), shown(place)[0], steps(place, made)) == (0, "13.00", {"own": 1, "none": 2})
    write(made, "RED", "14")
    assert (later(place), shown(place)[0]) == (1, "14.00")


def test_a_price_set_in_the_shop_itself_stays_until_all_is_told_again(place):
    made = make_list(place.store.seller)
    write(made, "RED", "12")
    obey(place, made)
    place.shop.tables.products[1].price = "9.5000"
    sync.sync_products(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    sync.run_sync(store=Store.objects.get(pk=place.store.pk))
    assert (later(place, hours=1), shown(place)[0]) == (0, "9.50")
    tell_prices(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA, again=True)
    push_listings(Store.objects.get(pk=place.store.pk))
    assert shown(place)[0] == "12.00"


def test_a_promotion_keeps_its_price_and_the_list_goes_on_after_it(place):
    made = make_list(place.store.seller)
    write(made, "RED", "10")
    obey(place, made)
    start = timezone.now()
    plan_promotion(
        seller_id=place.store.seller_id, store_id=place.store.pk, name="Autumn", starts_at=start,
        ends_at=start + HOUR, prices={place.listing(1).pk: Decimal(8)}, actor=MINA,
    )  # fmt: skip
    run_promotions(now=start)
    push_listings(Store.objects.get(pk=place.store.pk))
    write(made, "RED", "11")
    assert (later(place), shown(place)[0], steps(place, made)) == (0, "8.00", {"promotion": 1, "none": 2})
    run_promotions(now=start + HOUR)
    push_listings(Store.objects.get(pk=place.store.pk))
    assert (later(place, hours=2), shown(place)[0]) == (1, "11.00")


def test_what_a_promotion_overtook_is_told_when_it_is_over(place):
    made = make_list(place.store.seller)
    write(made, "RED", "12")
    follow(seller_id=place.store.seller_id, store_id=place.store.pk, price_list_id=made.pk, actor=MINA)
    start = timezone.now()
    plan_promotion(
        seller_id=place.store.seller_id, store_id=place.store.pk, name="Autumn", starts_at=start,
        ends_at=start + HOUR, prices={place.listing(1).pk: Decimal(8)}, actor=MINA,
    )  # fmt: skip
    run_promotions(now=start)
    assert (later(place), shown(place)[0]) == (0, "8.00")
    run_promotions(now=start + HOUR)
    push_listings(Store.objects.get(pk=place.store.pk))
    assert (shown(place)[0], steps(place, made)) == ("10.00", {"change": 1, "none": 2})
    assert (later(place, hours=2), shown(place)[0]) == (1, "12.00")
    assert (later(place, hours=2), steps(place, made)) == (0, {"same": 1, "none": 2})


def test_a_persons_price_that_overtook_the_lists_stays(place):
    made = make_list(place.store.seller)
    write(made, "RED", "12")
    follow(seller_id=place.store.seller_id, store_id=place.store.pk, price_list_id=made.pk, actor=MINA)
    offers.ask_price(
        seller_id=place.store.seller_id, listing_ids=[place.listing(1).pk], price=Decimal(13), retail_price=None,
        actor=MINA,
    )  # fmt: skip
    push_listings(Store.objects.get(pk=place.store.pk))
    assert (later(place, hours=1), shown(place)[0], steps(place, made)) == (0, "13.00", {"own": 1, "none": 2})


def test_a_list_that_changes_while_a_store_is_told_is_told_again(place, monkeypatch):
    made = make_list(place.store.seller)
    obey(place, made)
    write(made, "RED", "12")

    def looked_up(**words):
        rows = followed(**words)
        monkeypatch.undo()
        write(made, "RED", "13")
        return rows

    monkeypatch.setattr(price_following, "followed", looked_up)
    assert (later(place), shown(place)[0]) == (1, "12.00")
    assert (later(place), shown(place)[0]) == (1, "13.00")


def test_a_store_that_cannot_be_told_holds_up_no_other(road, place, monkeypatch):
    second = road.connect(small_shop(RED=5), name="Second shop")
    made = make_list(place.store.seller)
    obey(place, made)
    obey(second, made)
    write(made, "RED", "12")

    def broken(**words):
        if words["store_id"] == place.store.pk:
            raise RuntimeError("a connection fell")
        return tell_prices(**words)

    monkeypatch.setattr(price_following, "tell_prices", broken)
    assert run_price_lists() == 1
    push_listings(Store.objects.get(pk=second.store.pk))
    assert (shown(place)[0], second.listing(1).price) == ("10.00", 12)
    monkeypatch.undo()
    assert (later(place), shown(place)[0]) == (1, "12.00")


def test_a_price_on_its_way_is_not_asked_for_twice_and_a_refused_one_is_named(place):
    made = make_list(place.store.seller)
    write(made, "RED", "12")
    follow(seller_id=place.store.seller_id, store_id=place.store.pk, price_list_id=made.pk, actor=MINA)
    assert (run_price_lists(now=timezone.now() + HOUR), ListingChange.objects.count()) == (0, 1)
    assert steps(place, made) == {"on_its_way": 1, "none": 2}
    ListingChange.objects.update(state="failed")
    assert steps(place, made) == {"refused": 1, "none": 2}


def test_a_retail_price_the_lists_say_nothing_of_stays_while_it_is_above_the_price(place):
    seller_id = place.store.seller_id
    offers.ask_price(
        seller_id=seller_id, listing_ids=[place.listing(1).pk], price=Decimal(10), retail_price=Decimal(15), actor=MINA
    )
    push_listings(Store.objects.get(pk=place.store.pk))
    costs(place.store.seller, "RED", "6")
    made = make_list(place.store.seller, kind="markup", percent=Decimal(100))
    obey(place, made)
    assert (place.listing(1).price, place.listing(1).retail_price) == (12, 15)
    costs(place.store.seller, "RED", "8")
    later(place, hours=1)
    assert (place.listing(1).price, place.listing(1).retail_price) == (16, None)


def test_a_choice_of_a_product_has_a_price_of_its_own_and_no_retail_price(place):
    seller, store = place.store.seller, place.store
    shirt = ProductRow(key="shirt", name="Shirt", is_group=True)
    rows = [ItemRow(sku=f"SHIRT-{size}", name="Shirt", product=shirt, options=[("Size", size)]) for size in "ML"]
    ids = upsert_items(seller_id=seller.pk, rows=rows, actor=MINA)
    product = Item.objects.get(pk=ids["SHIRT-M"]).product
    offer = offers.Offer(price=Decimal(10))
    offers.ask_listing(seller_id=seller.pk, product_id=product.pk, store_id=store.pk, offer=offer, actor=MINA)
    push_listings(Store.objects.get(pk=store.pk))
    listed = Listing.objects.filter(store=store, item__product=product)
    assert listed.exclude(variation_key="").count() == 2
    offers.ask_price(
        seller_id=seller.pk, listing_ids=list(listed.values_list("pk", flat=True)), price=Decimal(11),
        retail_price=Decimal(15), actor=MINA,
    )  # fmt: skip
    push_listings(Store.objects.get(pk=store.pk))
    assert set(listed.values_list("price", "retail_price")) == {(11, None)}
    made = make_list(seller)
    for sku in ids:
        write(made, sku, "12", "15")
    assert obey(place, made) == 2
    assert set(listed.values_list("price", "retail_price")) == {(12, None)}
    sync.sync_products(seller_id=seller.pk, store_id=store.pk, actor=MINA)
    sync.run_sync(store=Store.objects.get(pk=store.pk))
    assert Difference.objects.filter(decided_at=None).count() == 0
    assert (later(place, hours=2), steps(place, made)) == (0, {"same": 2, "none": 3})


def test_a_store_of_another_currency_or_one_that_is_paused_follows_nothing(place):
    won = make_list(place.store.seller, "Won", currency="KRW")
    with pytest.raises(PriceListCurrency):
        obey(place, won)
    dollars = make_list(place.store.seller)
    lifecycle.pause(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    with pytest.raises(StoreStateForbids):
        obey(place, dollars)
    assert (StorePricing.objects.count(), ListingChange.objects.count()) == (0, 0)


def test_a_paused_store_hears_of_the_list_when_it_is_live_again(place):
    made = make_list(place.store.seller)
    obey(place, made)
    lifecycle.pause(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    write(made, "RED", "12")
    assert later(place, hours=5) == 0
    lifecycle.resume(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    assert (later(place), shown(place)[0]) == (1, "12.00")


def test_a_store_that_stops_following_keeps_its_prices(place):
    made = make_list(place.store.seller)
    write(made, "RED", "12")
    obey(place, made)
    stop_following(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)
    write(made, "RED", "14")
    assert (later(place, hours=2), shown(place)[0], ListTold.objects.count()) == (0, "12.00", 0)
    with pytest.raises(FollowsNoList):
        tell_prices(seller_id=place.store.seller_id, store_id=place.store.pk, actor=MINA)


def test_what_following_would_change_is_known_before(place):
    made = make_list(place.store.seller, least_margin=Decimal(50))
    costs(place.store.seller, "RED", "7")
    write(made, "RED", "12")
    write(made, "BLUE", "5")
    rows = followed(seller_id=place.store.seller_id, store=place.store, price_list=made)
    assert [(row.sku, row.price, row.wanted, row.percent, row.margin, row.low, row.step) for row in rows] == [
        ("RED", 10, 12, -20, Decimal("41.7"), True, "change"),
        ("BLUE", 10, 5, 50, None, None, "falls"),
        ("GREEN", 10, None, 0, None, None, "none"),
    ]
    assert steps(place, made) == {"change": 1, "falls": 1, "none": 1, "low": 1}
    assert ListingChange.objects.count() == 0
