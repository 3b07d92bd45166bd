"""Who changed what of a product: the database notes it, whatever wrote."""

from dataclasses import replace
from decimal import Decimal

import pytest

from entrepot.catalog import queries
from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ItemRow, ProductDraft, ProductRow
from entrepot.catalog.errors import ItemNotFound, LastItem, ProductInUse
from entrepot.catalog.models import Change, Item, Product
from entrepot.inventory import services as inventory
from entrepot.kernel.actor import Actor
from tests.books import MINA, SHOP, make_items, make_kit, make_seller

RED = ItemDraft(sku="SHIRT-RED", options=(("Colour", "Red"),), cost=Decimal("4.5"), cost_currency="USD")
BLUE = ItemDraft(sku="SHIRT-BLUE", options=(("Colour", "Blue"),))
SHIRT = ProductDraft(name="Shirt", items=[RED, BLUE], brand="Hanbok", categories=[("Clothes",)])


def make_shirt(seller) -> Product:
    return catalog.create_product(seller_id=seller.pk, draft=SHIRT, actor=MINA)


def told(seller, product: Product) -> list[tuple[str, str, str, str, str]]:
    """The history, oldest first: (kind, field, before, after, who)."""
    page = queries.history(seller_id=seller.pk, product=product)
    return [(row.object_type, row.field, row.before, row.after, row.actor) for row in reversed(page.rows)]


def test_a_new_product_has_no_history(seller):
    assert told(seller, make_shirt(seller)) == []


def test_every_changed_field_is_noted_with_what_it_was_and_who_changed_it(seller):
    product = make_shirt(seller)
    wanted = replace(
        SHIRT, name="Linen shirt", brand="Moda", categories=[("Clothes", "Shirts")],
        items=[replace(RED, cost=Decimal("5.25"), barcode="8801234567893"), BLUE],
    )  # fmt: skip
    catalog.edit_product(seller_id=seller.pk, product_id=product.pk, draft=wanted, actor=Actor("user", "Juno"))
    assert told(seller, product) == [
        ("product", "brand", "Hanbok", "Moda", "user:Juno"),
        ("product", "name", "Shirt", "Linen shirt", "user:Juno"),
        ("product", "categories", "Clothes", "Shirts", "user:Juno"),
        ("item", "barcode", "", "8801234567893", "user:Juno"),
        ("item", "cost", "4.5000", "5.2500", "user:Juno"),
        ("item", "name", "Shirt Red", "Linen shirt Red", "user:Juno"),
        ("item", "name", "Shirt Blue", "Linen shirt Blue", "user:Juno"),
    ]


def test_the_same_values_again_note_nothing(seller):
    product = make_shirt(seller)
    catalog.edit_product(seller_id=seller.pk, product_id=product.pk, draft=SHIRT, actor=MINA)
    assert told(seller, product) == []


def test_what_an_import_fills_in_is_noted_as_the_stores(seller):
    rows = [ItemRow(sku="CAP", name="Cap", product=ProductRow(key="1", name="Cap"))]
    catalog.upsert_items(seller_id=seller.pk, rows=rows, actor=MINA)
    filled = [replace(rows[0], barcode="4006381333931", weight_grams=Decimal(90))]
    catalog.upsert_items(seller_id=seller.pk, rows=filled, actor=SHOP)
    product = Product.objects.get()
    assert told(seller, product) == [
        ("item", "barcode", "", "4006381333931", "store:Seoul Socks"),
        ("item", "weight_grams", "", "90.000", "store:Seoul Socks"),
    ]


def test_what_nobody_signed_is_entrepots_own(seller):
    product = make_shirt(seller)
    Change.objects.all().delete()
    with_sku = Item.objects.filter(sku="SHIRT-RED")
    with_sku.update(low_stock_at=7)
    rows = told(seller, product)
    assert [row[:4] for row in rows] == [("item", "low_stock_at", "0", "7")]


def test_the_parts_of_a_kit_are_noted(seller):
    ids = make_items(seller, RED=5, BLUE=5)
    kit_id = make_kit(seller, "PAIR", {ids["RED"]: 1})
    catalog.set_parts(seller_id=seller.pk, kit_id=kit_id, parts={ids["RED"]: 1, ids["BLUE"]: 2}, actor=MINA)
    product = Item.objects.get(pk=kit_id).product
    assert told(seller, product)[-1] == ("item", "parts", "1 × RED", "1 × RED, 2 × BLUE", "user:Mina")


def test_another_sellers_history_is_not_shown(seller):
    product = make_shirt(seller)
    Item.objects.filter(sku="SHIRT-RED").update(barcode="1")
    other = make_seller("Other")
    assert queries.history(seller_id=other.pk, product=product).rows == []


def test_a_variation_without_a_past_can_be_taken_away_and_leaves_a_note(seller):
    product = make_shirt(seller)
    blue = Item.objects.get(sku="SHIRT-BLUE")
    catalog.delete_item(seller_id=seller.pk, item_id=blue.pk, actor=MINA)
    assert list(Item.objects.values_list("sku", flat=True)) == ["SHIRT-RED"]
    assert told(seller, product) == [("product", "items", "SHIRT-BLUE", "", "user:Mina")]


def test_the_last_item_of_a_product_stays(seller):
    ids = make_items(seller, RED=0)
    with pytest.raises(LastItem):
        catalog.delete_item(seller_id=seller.pk, item_id=ids["RED"], actor=MINA)
    assert Item.objects.count() == 1


def test_a_variation_with_stock_behind_it_stays(seller):
    product = make_shirt(seller)
    blue = Item.objects.get(sku="SHIRT-BLUE")
    inventory.open_stock(seller_id=seller.pk, figures={blue.pk: 3}, reference="import:1", actor=MINA)
    with pytest.raises(ProductInUse):
        catalog.delete_item(seller_id=seller.pk, item_id=blue.pk, actor=MINA)
    assert (Item.objects.filter(product=product).count(), told(seller, product)) == (2, [])


def test_another_sellers_item_cannot_be_taken_away(seller):
    make_shirt(seller)
    blue = Item.objects.get(sku="SHIRT-BLUE")
    with pytest.raises(ItemNotFound):
        catalog.delete_item(seller_id=make_seller("Other").pk, item_id=blue.pk, actor=MINA)
    assert Item.objects.count() == 2
