from decimal import Decimal

import pytest

from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ProductDraft
from entrepot.catalog.errors import (
    ItemNotFound,
    KitInvalid,
    PartOfKit,
    ProductInUse,
    ProductNotFound,
    SkuMissing,
    SkuTaken,
    VariationsAlike,
)
from entrepot.catalog.models import Item, KitPart, Product
from entrepot.orders.models import SalesChannel
from tests.books import MINA, draft, line, make_channel, make_items, make_kit, make_seller, place


@pytest.fixture
def channel(db: None) -> SalesChannel:
    return make_channel(make_seller())


def create(seller, *items: ItemDraft, name: str = "Shirt", **words: object) -> Product:
    draft = ProductDraft(name=name, items=items, **words)
    return catalog.create_product(seller_id=seller.pk, draft=draft, actor=MINA)


def size(name: str, sku: str = "") -> ItemDraft:
    return ItemDraft(sku=sku or f"SHIRT-{name}", options=(("Size", name),))


def test_a_product_of_one_item_is_single(seller):
    product = create(
        seller,
        ItemDraft(
            sku="SOCK", weight_grams=Decimal("80.5"), cost=Decimal("1.2500"), cost_currency="EUR", low_stock_at=3
        ),
        name="Sock",
        brand="Hanbok & Co",
        categories=(("Clothes", "Socks"),),
    )
    item = Item.objects.get()
    assert (product.is_group, item.kind, item.name) == (False, "single", "Sock")
    assert (item.weight_grams, item.cost, item.cost_currency, item.low_stock_at) == (
        Decimal("80.5"),
        Decimal("1.25"),
        "EUR",
        3,
    )
    assert (product.brand.name, product.categories.get().name) == ("Hanbok & Co", "Socks")


def test_a_product_of_several_items_is_a_group_and_names_its_variations(seller):
    product = create(seller, size("M"), size("L"))
    assert product.is_group
    assert list(Item.objects.order_by("id").values_list("kind", "name")) == [
        ("variation", "Shirt M"),
        ("variation", "Shirt L"),
    ]


def test_what_cannot_be_a_product_is_refused_and_nothing_is_written(seller):
    create(seller, ItemDraft(sku="SOCK"), name="Sock")
    for items, error in (
        ((), SkuMissing),
        ((ItemDraft(sku=" "),), SkuMissing),
        ((ItemDraft(sku="SOCK"),), SkuTaken),
        ((size("M"), size("L", sku="SHIRT-M")), SkuTaken),
        ((size("M"), size("M", sku="OTHER")), VariationsAlike),
    ):
        with pytest.raises(error):
            create(seller, *items)
    assert (Product.objects.count(), Item.objects.count()) == (1, 1)


def test_editing_gives_new_words_and_a_new_sku_joins_as_a_variation(seller):
    product = create(seller, size("M"))
    draft = ProductDraft(name="Blouse", items=[size("M"), size("L")], brand="New", categories=(("Tops",),))

    catalog.edit_product(seller_id=seller.pk, product_id=product.pk, draft=draft, actor=MINA)

    kept = Product.objects.get()
    assert (kept.name, kept.is_group, kept.brand.name, kept.categories.get().name) == ("Blouse", True, "New", "Tops")
    assert set(Item.objects.values_list("sku", "kind")) == {("SHIRT-M", "variation"), ("SHIRT-L", "variation")}


def test_an_item_left_out_of_an_edit_stays(seller):
    product = create(seller, size("M"), size("L"))
    draft = ProductDraft(name="Shirt", items=[size("M")])
    catalog.edit_product(seller_id=seller.pk, product_id=product.pk, draft=draft, actor=MINA)
    assert Item.objects.count() == 2
    assert Product.objects.get().is_group


def test_an_item_gets_another_sku_unless_it_is_taken(seller):
    ids = make_items(seller, RED=1, BLUE=1)
    words = {"seller_id": seller.pk, "item_id": ids["RED"], "actor": MINA}
    with pytest.raises(SkuTaken):
        catalog.edit_item(draft=ItemDraft(sku="BLUE", name="Red"), **words)
    catalog.edit_item(draft=ItemDraft(sku="CRIMSON", name="Red"), **words)
    assert set(Item.objects.values_list("sku", flat=True)) == {"CRIMSON", "BLUE"}


def test_a_kit_is_made_of_ordinary_items(seller):
    ids = make_items(seller, RED=1, BLUE=1)
    kit = make_kit(seller, "PAIR", {ids["RED"]: 2, ids["BLUE"]: 1})
    assert Item.objects.get(pk=kit).kind == "kit"
    assert dict(KitPart.objects.values_list("item__sku", "quantity")) == {"RED": 2, "BLUE": 1}


def test_a_kit_that_cannot_be_is_refused_and_the_old_parts_stay(seller):
    ids = make_items(seller, RED=1)
    kit = make_kit(seller, "PAIR", {ids["RED"]: 2})
    boots = make_items(make_seller("Busan Boots"), BOOT=1)["BOOT"]
    for kit_id, parts, error in (
        (kit, {}, KitInvalid),
        (kit, {ids["RED"]: 0}, KitInvalid),
        (kit, {kit: 1}, KitInvalid),
        (ids["RED"], {ids["RED"]: 1}, KitInvalid),
        (kit, {boots: 1}, ItemNotFound),
        (boots, {ids["RED"]: 1}, ItemNotFound),
    ):
        with pytest.raises(error):
            catalog.set_parts(seller_id=seller.pk, kit_id=kit_id, parts=parts, actor=MINA)
    assert dict(KitPart.objects.values_list("item_id", "quantity")) == {ids["RED"]: 2}


def test_a_product_whose_item_is_part_of_a_kit_is_not_deleted(seller):
    red = make_items(seller, RED=0)["RED"]
    make_kit(seller, "PAIR", {red: 2})
    product_id = Item.objects.get(pk=red).product_id
    with pytest.raises(PartOfKit) as refusal:
        catalog.delete_product(seller_id=seller.pk, product_id=product_id, actor=MINA)
    assert refusal.value.fields == {"sku": "RED", "count": 1}
    assert Item.objects.count() == 2


def test_a_product_with_a_history_is_not_deleted(channel):
    red = make_items(channel.seller, RED=2)["RED"]
    place(channel, draft("1", line(red)))
    product_id = Item.objects.get().product_id
    with pytest.raises(ProductInUse):
        catalog.delete_product(seller_id=channel.seller_id, product_id=product_id, actor=MINA)
    stocked = Item.objects.get(pk=make_items(channel.seller, BLUE=2)["BLUE"]).product_id
    with pytest.raises(ProductInUse):
        catalog.delete_product(seller_id=channel.seller_id, product_id=stocked, actor=MINA)
    assert Item.objects.count() == 2


def test_an_unused_product_is_deleted_with_its_items(seller):
    product = create(seller, size("M"), size("L"))
    catalog.delete_product(seller_id=seller.pk, product_id=product.pk, actor=MINA)
    assert (Product.objects.count(), Item.objects.count()) == (0, 0)


def test_another_sellers_products_and_items_are_not_there(seller):
    stranger = make_seller("Busan Boots").pk
    product = create(seller, size("M"))
    item_id = Item.objects.get().pk
    draft = ProductDraft(name="x", items=[size("M")])
    with pytest.raises(ProductNotFound):
        catalog.edit_product(seller_id=stranger, product_id=product.pk, draft=draft, actor=MINA)
    with pytest.raises(ProductNotFound):
        catalog.delete_product(seller_id=stranger, product_id=product.pk, actor=MINA)
    with pytest.raises(ItemNotFound):
        catalog.edit_item(seller_id=stranger, item_id=item_id, draft=ItemDraft(sku="x"), actor=MINA)
    assert Product.objects.get().name == "Shirt"
