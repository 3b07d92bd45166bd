"""What a desk shows at a glance: the same whether it is counted now or was kept, and what a plain count says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from entrepot.catalog.models import Item
from entrepot.channels.models import KeptGlance, Listing
from entrepot.channels.queries.glance import EVERY, FRESH_FOR, Oversold, Short, count, glance, read
from entrepot.channels.services.glance import keep_glances
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Stock
from entrepot.kernel.actor import SYSTEM
from tests.books import MINA, make_items, make_kit, make_seller
from tests.web.factories import make_listing, make_store

NOW = timezone.now()


@pytest.fixture
def books(db: None) -> dict:
    """Two live stores and one that only reads; five items, of which the stores show more or less than there is."""
    seller = make_seller()
    ids = make_items(seller, RED=3, BLUE=0, GREEN=12, GREY=5, NEVER=0)
    Stock.objects.filter(item_id=ids["NEVER"]).delete()
    Item.objects.filter(pk=ids["GREY"]).update(low_stock_at=5)
    Item.objects.filter(pk=ids["BLUE"]).update(low_stock_at=1)
    one, two = make_store(seller, "One"), make_store(seller, "Two")
    shadow = make_store(seller, "Shadow", state="shadow")
    for store in (one, two, shadow):
        make_listing(store, ids["RED"], "1", seen_quantity=5 if store is two else 4)
        make_listing(store, ids["GREEN"], "2", seen_quantity=12)
        make_listing(store, ids["BLUE"], "3", seen_quantity=9, state="inactive")
        make_listing(store, ids["NEVER"], "4", seen_quantity=None, sent_quantity=1 if store is one else None)
    make_listing(one, make_kit(seller, "PAIR", {ids["BLUE"]: 2}), "5", seen_quantity=9)
    make_listing(one, None, "6", error_code="refused")
    inventory.receive(seller_id=seller.pk, item_id=ids["GREEN"], quantity=1, actor=MINA)
    return {"seller": seller, "ids": ids, "one": one, "two": two}


def test_what_is_short_oversold_and_unsent_is_what_a_plain_count_says(books):
    seller, ids, one, two = books["seller"], books["ids"], books["one"], books["two"]

    found = count(seller_id=seller.pk, now=NOW)

    assert [(row.sku, row.available) for row in found.short] == [("BLUE", 0), ("GREY", 5)]
    assert found.short[1] == Short(ids["GREY"], "GREY", "GREY sock", 5, 0)
    assert list(found.oversold) == [
        Oversold(one.pk, ids["RED"], "RED", "RED sock", 4, 3),
        Oversold(one.pk, ids["NEVER"], "NEVER", "NEVER sock", 1, 0),
        Oversold(two.pk, ids["RED"], "RED", "RED sock", 5, 3),
    ]
    plain = {
        store.pk: sum(
            sum(Stock.objects.filter(item_id=row.item_id).values_list("version", flat=True)) > row.sent_version
            for row in Listing.objects.filter(store=store, item__isnull=False)
        )
        for store in (one, two)
    }
    assert {pk: row.count for pk, row in found.unsent.items()} == plain == {one.pk: 1, two.pk: 1}
    assert found.unsent[one.pk].oldest == Stock.objects.get(item_id=ids["GREEN"]).changed_at
    assert dict(found.refused) == {one.pk: 1}


def test_the_widest_gaps_of_a_persons_stores_come_first(books):
    found = count(seller_id=books["seller"].pk, now=NOW)

    assert [(row.store_id, row.shown) for row in found.of_stores(None).oversold] == [
        (books["two"].pk, 5),
        (books["one"].pk, 4),
        (books["one"].pk, 1),
    ]
    assert [row.shown for row in found.of_stores([books["two"].pk]).oversold] == [5]


def test_a_large_seller_reads_what_was_kept_and_it_is_what_was_counted(books):
    seller_id = books["seller"].pk
    assert keep_glances(actor=SYSTEM, now=NOW, large=5) == 1
    counted = count(seller_id=seller_id, now=NOW)
    inventory.receive(seller_id=seller_id, item_id=books["ids"]["BLUE"], quantity=2, actor=MINA)

    kept = glance(seller_id=seller_id, now=NOW + timedelta(seconds=9))

    assert kept.kept
    assert (kept.counted_at, kept.unsent, kept.refused) == (NOW, counted.unsent, counted.refused)
    assert (kept.oversold, kept.short) == (counted.oversold, counted.short)
    assert [row.sku for row in kept.short] == ["BLUE", "GREY"]


def test_a_kept_answer_is_renewed_when_due_and_not_believed_when_nobody_renews_it(books):
    seller_id = books["seller"].pk
    keep_glances(actor=SYSTEM, now=NOW, large=5)
    KeptGlance.objects.update(took_ms=1)
    inventory.receive(seller_id=seller_id, item_id=books["ids"]["BLUE"], quantity=2, actor=MINA)

    assert keep_glances(actor=SYSTEM, now=NOW + EVERY / 2, large=5) == 0
    old = glance(seller_id=seller_id, now=NOW + FRESH_FOR)
    assert (old.kept, [row.sku for row in old.short]) == (False, ["GREY"])
    assert keep_glances(actor=SYSTEM, now=NOW + EVERY, large=5) == 1
    assert [row.sku for row in glance(seller_id=seller_id, now=NOW + EVERY).short] == ["GREY"]

    KeptGlance.objects.update(took_ms=2_000)  # a fortieth of the time: every 80 seconds
    assert keep_glances(actor=SYSTEM, now=NOW + EVERY + timedelta(seconds=79), large=5) == 0
    assert keep_glances(actor=SYSTEM, now=NOW + EVERY + timedelta(seconds=80), large=5) == 1


def test_what_takes_ten_seconds_to_count_is_believed_until_the_next_count_is_done(books):
    seller_id = books["seller"].pk
    keep_glances(actor=SYSTEM, now=NOW, large=5)
    KeptGlance.objects.update(took_ms=10_000)  # a fortieth of the time: every 400 seconds

    assert keep_glances(actor=SYSTEM, now=NOW + timedelta(seconds=399), large=5) == 0
    assert glance(seller_id=seller_id, now=NOW + timedelta(seconds=420)).kept
    assert not glance(seller_id=seller_id, now=NOW + timedelta(seconds=800)).kept


def test_a_small_seller_keeps_nothing_and_is_counted_each_time(books):
    seller_id = books["seller"].pk
    keep_glances(actor=SYSTEM, now=NOW, large=5)

    assert keep_glances(actor=SYSTEM, now=NOW, large=500) == 0

    assert not KeptGlance.objects.exists()
    assert not glance(seller_id=seller_id, now=NOW).kept


def test_nothing_of_another_seller_is_seen(books):
    other = make_seller("Other")
    keep_glances(actor=SYSTEM, now=NOW, large=1)

    found = glance(seller_id=other.pk, now=NOW)

    assert (list(found.short), list(found.oversold), dict(found.unsent)) == ([], [], {})
    assert read(KeptGlance.objects.get()).short == count(seller_id=books["seller"].pk, now=NOW).short
