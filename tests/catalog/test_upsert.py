"""Imports: thousands of items in a handful of statements, and a repeat changes nothing."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.catalog.errors import SkuMissing, SkuTooLong
from entrepot.catalog.models import Brand, Category, Item, Product
from tests.books import MINA, make_seller
from tests.race.meeting import at_once

SHIRT = ProductRow(
    key="31",
    name="Shirt",
    brand="Hanbok & Co",
    categories=(("Clothes", "Shirts"), ("Sale",)),
    image_url="https://shop.example/shirt.jpg",
    is_group=True,
)
SOCK = ProductRow(key="32", name="Sock")


def upsert(seller, *rows: ItemRow) -> dict[str, int]:
    return catalog.upsert_items(seller_id=seller.pk, rows=rows, actor=MINA)


def shirt(size: str, **words: object) -> ItemRow:
    return ItemRow(sku=f"SHIRT-{size}", name=f"Shirt {size}", product=SHIRT, options=(("Size", size),), **words)


def test_products_items_brands_and_categories_are_made_once(seller):
    ids = upsert(seller, shirt("M"), shirt("L"), ItemRow(sku="SOCK", name="Sock", product=SOCK, barcode="880"))

    assert list(ids) == ["SHIRT-M", "SHIRT-L", "SOCK"]
    group, single = Product.objects.order_by("name")
    assert (group.name, group.is_group, group.brand.name) == ("Shirt", True, "Hanbok & Co")
    assert (single.name, single.is_group, single.brand) == ("Sock", False, None)
    assert sorted(group.categories.values_list("name", "parent__name")) == [("Sale", None), ("Shirts", "Clothes")]
    assert Item.objects.get(sku="SHIRT-M").options == [["Size", "M"]]
    assert dict(Item.objects.values_list("sku", "kind")) == {
        "SHIRT-M": "variation",
        "SHIRT-L": "variation",
        "SOCK": "single",
    }


def test_the_same_rows_again_give_the_same_ids_and_write_nothing(seller):
    rows = [shirt("M"), shirt("L")]
    first = upsert(seller, *rows)
    stamp = list(Item.objects.order_by("id").values_list("id", "updated_at"))

    assert upsert(seller, *rows) == first

    assert list(Item.objects.order_by("id").values_list("id", "updated_at")) == stamp
    assert (Product.objects.count(), Brand.objects.count(), Category.objects.count()) == (1, 1, 3)


def test_a_second_stores_row_of_a_known_sku_is_the_same_item_and_only_fills_blanks(seller):
    ids = upsert(seller, shirt("M", barcode="880"))
    other = ProductRow(key="other:9", name="Hemd", brand="Other")

    row = ItemRow(
        sku="SHIRT-M",
        name="Hemd M",
        product=other,
        barcode="999",
        image_url="https://b.example/m.jpg",
        weight_grams=Decimal(180),
    )
    again = upsert(seller, row)

    assert again == ids
    kept = Item.objects.get()
    assert (kept.name, kept.barcode, kept.image_url, kept.weight_grams) == (
        "Shirt M",
        "880",
        "https://b.example/m.jpg",
        Decimal(180),
    )
    assert Product.objects.get().name == "Shirt"


def test_a_new_variation_joins_the_product_of_its_siblings(seller):
    upsert(seller, shirt("M"))
    upsert(seller, shirt("M"), shirt("XL"))
    assert Product.objects.count() == 1
    assert set(Product.objects.get().items.values_list("sku", flat=True)) == {"SHIRT-M", "SHIRT-XL"}


def test_of_rows_with_one_sku_the_first_counts(seller):
    ids = upsert(seller, ItemRow(sku="A", name="first", product=SOCK), ItemRow(sku="A", name="second", product=SOCK))
    assert list(ids) == ["A"]
    assert Item.objects.get().name == "first"


def test_a_blank_or_endless_sku_is_refused_and_nothing_of_its_chunk_written(seller):
    good = ItemRow(sku="A", name="Sock", product=SOCK)
    for sku, error in (("  ", SkuMissing), ("x" * 256, SkuTooLong)):
        with pytest.raises(error):
            upsert(seller, good, ItemRow(sku=sku, name="Sock", product=SOCK))
    assert (Item.objects.count(), Product.objects.count()) == (0, 0)


def test_two_sellers_may_use_one_sku(seller):
    other = make_seller("Busan Boots")
    assert upsert(seller, shirt("M")) != upsert(other, shirt("M"))
    assert Brand.objects.count() == 2


def test_a_thousand_rows_cost_as_many_queries_as_four(seller):
    def queries(prefix: str, count: int) -> int:
        rows = [
            ItemRow(
                sku=f"{prefix}{n}",
                name=f"{prefix}{n}",
                product=ProductRow(
                    key=f"{prefix}{n // 4}", name=f"{prefix}{n // 4}", brand=f"{prefix}{n % 3}", categories=((prefix,),)
                ),
            )
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as asked:
            upsert(seller, *rows)
        return len(asked)

    assert queries("few", 4) == queries("many", 1000) <= 18


@pytest.mark.django_db(transaction=True)
def test_two_stores_importing_the_same_skus_at_once_make_each_item_once_and_no_empty_product():
    seller = make_seller()
    store_a = [ItemRow(sku=f"S{n}", name="a", product=ProductRow(key=f"a{n}", name=f"a{n}")) for n in range(200)]
    store_b = [ItemRow(sku=f"S{n}", name="b", product=ProductRow(key=f"b{n}", name=f"b{n}")) for n in range(200)]

    ends = at_once([lambda: upsert(seller, *store_a), lambda: upsert(seller, *store_b[::-1])] * 3)

    assert all(end == ends[0] for end in ends)
    assert Item.objects.count() == 200
    assert Product.objects.count() == 200
    assert not Product.objects.filter(items=None).exists()
