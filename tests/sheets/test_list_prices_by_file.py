"""Prices of price lists by file: written, taken out, refused, and taken back."""

import pytest
from django.utils import timezone

from entrepot.channels.models import ListPrice, PriceList, StorePricing
from entrepot.channels.services.price_lists import ListFacts, make_price_list
from entrepot.sheets import services
from tests.books import MINA, make_items, make_seller
from tests.sheets.books_of_files import counts, done, sheets, shop, take, template, wrong, xlsx

pytestmark = pytest.mark.django_db
HEAD = ["Price list", "SKU", "Price", "Retail price"]


@pytest.fixture
def seller():
    made = make_seller()
    make_items(made, RED=1, BLUE=1, GREEN=1)
    for name in ("Shops", "Markets"):
        facts = ListFacts(name=name, currency="KRW", kind="fixed")
        make_price_list(seller_id=made.pk, facts=facts, actor=MINA)
    return made


def written():
    rows = ListPrice.objects.order_by("price_list__name", "item__sku")
    return [
        (name, sku, int(price), None if retail is None else int(retail))
        for name, sku, price, retail in rows.values_list("price_list__name", "item__sku", "price", "retail_price")
    ]


def test_good_rows_are_written_and_wrong_ones_say_why(seller):
    rows = [
        HEAD, ["Shops", "RED", 12900, 15900], ["Markets", "RED", 11900, None], ["Outlet", "RED", 1, None],
        ["Shops", "BOOT", 5, None], ["Shops", "BLUE", None, None], ["Shops", "GREEN", 100, 90],
    ]  # fmt: skip
    upload = take(seller, "list-prices", xlsx(rows))
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [
        (4, "price_list"), (5, "sku"), (6, "price"), (7, "retail_price"),
    ]  # fmt: skip
    assert counts(done(upload)) == (0, 0, 4, 2)
    assert written() == [("Markets", "RED", 11900, None), ("Shops", "RED", 12900, 15900)]


def test_a_price_that_nobody_can_pay_is_named_and_the_others_are_written(seller):
    rows = [HEAD, ["Shops", "RED", 100.5, None], ["Shops", "BLUE", 100, 120.5], ["Shops", "GREEN", 100, None]]
    upload = take(seller, "list-prices", xlsx(rows))
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(2, "price"), (3, "retail_price")]
    done(upload)
    assert written() == [("Shops", "GREEN", 100, None)]


def test_a_price_is_changed_taken_out_and_left_as_it_is(seller):
    done(take(seller, "list-prices", xlsx([HEAD, ["Shops", "RED", 100, 120], ["Shops", "BLUE", 100, None]])))
    rows = [HEAD, ["Shops", "RED", 90, None], ["Shops", "BLUE", "[clear]", None], ["Shops", "GREEN", "[clear]", None]]
    done(take(seller, "list-prices", xlsx(rows)))
    assert written() == [("Shops", "RED", 90, 120)]


def test_a_template_is_filled_with_what_is_written_and_offers_the_lists(seller):
    done(take(seller, "list-prices", xlsx([HEAD, ["Shops", "RED", 100, 120]])))
    table = next(iter(sheets(template(seller, "list-prices", filled=True)).values()))
    assert table[1][:2] == ["Shops", "RED"]
    assert 100.0 in table[1]
    assert 120.0 in table[1]


def test_a_file_of_another_sellers_list_finds_none(seller):
    stranger = make_seller("Stranger")
    make_items(stranger, BOOT=1)
    upload = take(stranger, "list-prices", xlsx([HEAD, ["Shops", "BOOT", 5, None]]))
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(2, "price_list")]
    assert PriceList.objects.filter(seller=stranger).count() == 0


def test_a_file_of_who_works_for_some_stores_writes_no_price_that_another_store_follows(seller):
    first, second = shop(seller, "First shop"), shop(seller, "Second shop")
    followed = PriceList.objects.get(name="Shops")
    StorePricing.objects.create(store=first, price_list=followed, since=timezone.now())
    rows = [HEAD, ["Shops", "RED", 12900, None], ["Markets", "RED", 11900, None]]

    upload = take(seller, "list-prices", xlsx(rows), store_ids=[second.pk])
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(2, "price_list")]
    assert counts(done(upload)) == (0, 0, 1, 1)
    assert written() == [("Markets", "RED", 11900, None)]

    anybodys = take(seller, "list-prices", xlsx(rows))
    services.apply_upload(seller_id=seller.pk, upload_id=anybodys.pk, actor=MINA, store_ids=[second.pk])
    services.work_upload(anybodys.pk)
    assert written() == [("Markets", "RED", 11900, None)]


def test_a_file_is_taken_back_only_by_who_works_for_the_stores(seller):
    first, second = shop(seller, "First shop"), shop(seller, "Second shop")
    StorePricing.objects.create(store=first, price_list=PriceList.objects.get(name="Shops"), since=timezone.now())
    upload = done(take(seller, "list-prices", xlsx([HEAD, ["Shops", "RED", 12900, None]])))
    back = services.take_back(seller_id=seller.pk, upload_id=upload.pk, actor=MINA, store_ids=[second.pk])
    services.work_upload(back.pk)
    assert [(row, column) for row, column, _sentence in wrong(back)] == [(2, "price_list")]
    assert written() == [("Shops", "RED", 12900, None)]
