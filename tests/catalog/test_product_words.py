"""What a product says of itself for all its stores: description, attributes, further pictures."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.catalog import queries
from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ItemRow, ProductDraft, ProductRow
from entrepot.catalog.errors import (
    AttributeImpossible,
    AttributeIncomplete,
    DescriptionTooLong,
    PictureAddressInvalid,
    TooManyAttributes,
    TooManyPictures,
)
from entrepot.catalog.models import Product
from entrepot.catalog.services.patch import patch_products
from tests.books import MINA, make_seller

SIDE, BACK = "https://img.example/side.jpg", "https://img.example/back.jpg"
SOCK = ProductDraft(
    name="Sock",
    items=[ItemDraft(sku="SOCK")],
    image_url="https://img.example/front.jpg",
    description="<p>Warm.</p>",
    attributes=[("Fabric", "Wool"), ("Made in", "Korea")],
    images=[SIDE, BACK],
)
WRONG = [
    ({"description": "x" * 60_001}, DescriptionTooLong),
    ({"attributes": [("Fabric", "")]}, AttributeIncomplete),
    ({"attributes": [("  ", "Wool")]}, AttributeIncomplete),
    ({"attributes": [("Fabric: outside", "Wool")]}, AttributeImpossible),
    ({"attributes": [("Fabric", "x" * 2_001)]}, AttributeImpossible),
    ({"attributes": [("Fabric", "Wool")] * 51}, TooManyAttributes),
    ({"images": ["my desktop/sock.jpg"]}, PictureAddressInvalid),
    ({"images": ["https://img.example/" + "x" * 1_000]}, PictureAddressInvalid),
    ({"images": [f"https://img.example/{n}.jpg" for n in range(21)]}, TooManyPictures),
]


def make_sock(seller) -> Product:
    return catalog.create_product(seller_id=seller.pk, draft=SOCK, actor=MINA)


def edit(product: Product, **words: object) -> None:
    draft = ProductDraft(name="Sock", items=[], image_url=SOCK.image_url, **words)
    catalog.edit_product(seller_id=product.seller_id, product_id=product.pk, draft=draft, actor=MINA)


def words(product: Product) -> tuple[object, object, object]:
    return Product.objects.values_list("description", "attributes", "images").get(pk=product.pk)


def history(product: Product) -> list[tuple[str, str, str]]:
    page = queries.history(seller_id=product.seller_id, product=product)
    return [(row.field, row.before, row.after) for row in reversed(page.rows)]


def test_a_product_keeps_its_words_as_they_were_given(seller):
    assert words(make_sock(seller)) == ("<p>Warm.</p>", [["Fabric", "Wool"], ["Made in", "Korea"]], [SIDE, BACK])


def test_line_ends_and_blanks_are_made_even_and_a_picture_stands_once(seller):
    product = make_sock(seller)
    edit(
        product,
        description=" Warm.\r\nSoft.\n",
        attributes=[(" Fabric ", "Lamb's\n wool")],
        images=[SIDE, f" {SIDE} ", ""],
    )
    assert words(product) == ("Warm.\nSoft.", [["Fabric", "Lamb's wool"]], [SIDE])


def test_words_that_are_not_given_stay_and_empty_ones_empty_them(seller):
    product = make_sock(seller)
    edit(product)
    assert words(product) == words(make_sock(make_seller("Other")))
    edit(product, description="", attributes=[], images=[])
    assert words(product) == ("", [], [])


@pytest.mark.parametrize(("given", "refusal"), WRONG)
def test_words_that_cannot_be_kept_are_refused_and_nothing_changes(seller, given, refusal):
    product = make_sock(seller)
    before = words(product)
    with pytest.raises(refusal) as refused:
        edit(product, **given)
    assert refused.value.fields["field"] == next(iter(given))
    with pytest.raises(refusal):
        patch_products(seller_id=seller.pk, patches={product.pk: {"name": "Stocking", **given}}, actor=MINA)
    with pytest.raises(refusal):
        catalog.create_product(
            seller_id=seller.pk, draft=replace(SOCK, items=[ItemDraft(sku="NEW")], **given), actor=MINA
        )
    assert (Product.objects.get().name, words(product), history(product)) == ("Sock", before, [])


def test_a_picture_that_stands_there_already_may_be_of_any_kind(seller):
    product = make_sock(seller)
    Product.objects.filter(pk=product.pk).update(images=["/pictures/1"])
    edit(product, images=["/pictures/1", SIDE])
    assert words(product)[2] == ["/pictures/1", SIDE]


def test_the_history_notes_each_of_them_with_what_it_was(seller):
    product = make_sock(seller)
    edit(product, description="Soft.", attributes=[("Fabric", "Silk")], images=[BACK])
    assert history(product) == [
        ("attributes", '[["Fabric", "Wool"], ["Made in", "Korea"]]', '[["Fabric", "Silk"]]'),
        ("description", "<p>Warm.</p>", "Soft."),
        ("images", f'["{SIDE}", "{BACK}"]', f'["{BACK}"]'),
    ]


def test_words_of_many_products_are_changed_in_one_statement_and_others_words_stay(seller):
    mine, other = make_sock(seller), make_sock(make_seller("Other"))
    patch = {"description": "Soft.\r\n", "attributes": [["Fabric", "Silk"]], "images": [BACK]}
    assert patch_products(seller_id=seller.pk, patches={mine.pk: patch, other.pk: patch}, actor=MINA) == 1
    assert words(mine) == ("Soft.", [["Fabric", "Silk"]], [BACK])
    assert words(other)[0] == "<p>Warm.</p>"
    patch_products(seller_id=seller.pk, patches={mine.pk: {"name": "Stocking"}}, actor=MINA)
    assert words(mine) == ("Soft.", [["Fabric", "Silk"]], [BACK])


def row(sku: str, **given: object) -> ItemRow:
    product = ProductRow(key="7", name="Sock", image_url="https://img.example/front.jpg", is_group=True, **given)
    return ItemRow(sku=sku, name="Sock", product=product, options=[("Size", sku)])


def bring(seller, *rows: ItemRow) -> Product:
    catalog.upsert_items(seller_id=seller.pk, rows=rows, actor=MINA)
    return Product.objects.get(seller=seller)


def test_the_store_that_brings_a_product_brings_its_words_once(seller):
    first = {"description": "Warm.\r\n", "attributes": [("소재:", "울")], "images": [SOCK.image_url, SIDE, BACK]}
    product = bring(seller, row("S", **first), row("M", **first))
    assert words(product) == ("Warm.", [["소재", "울"]], [SIDE, BACK])
    bring(seller, row("S", description="Other."), row("L", description="Other.", images=["https://b.example/x.png"]))
    assert words(product) == ("Warm.", [["소재", "울"]], [SIDE, BACK])
    edit(product, description="", attributes=[], images=[])
    bring(seller, row("S", **first), row("XL", **first))
    assert words(product) == ("", [], [])


def test_what_no_product_can_keep_of_a_stores_words_is_left_out_and_stops_no_import(seller):
    long = {"description": "x" * 60_001, "attributes": [("Note", ""), ("Size: EU", "4\n2\x00")] * 51}
    product = bring(seller, row("S", images=["/web/own.jpg", *(f"{SIDE}?{n}" for n in range(30))], **long))
    description, attributes, images = words(product)
    assert (description, attributes[0], len(attributes), len(images)) == ("", ["Size - EU", "4 2"], 50, 20)


def test_a_row_that_knows_nothing_of_words_can_still_be_written(seller):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_product (seller_id, name, image_url, is_group, created_at, updated_at)"
            " VALUES (%s, 'Sock', '', false, now(), now()) RETURNING id",
            [seller.pk],
        )
        [number] = cursor.fetchone()
    assert words(Product.objects.get(pk=number)) == ("", [], [])


def test_words_of_many_new_products_cost_an_import_as_many_statements_as_of_one(seller):
    def cost(first: int, count: int) -> int:
        rows = [
            ItemRow(
                sku=f"S{n}",
                name="Sock",
                product=ProductRow(key=f"{n}", name="Sock", description="Warm.", images=[SIDE]),
            )
            for n in range(first, first + count)
        ]
        with CaptureQueriesContext(connection) as asked:
            catalog.upsert_items(seller_id=seller.pk, rows=rows, actor=MINA)
        return len(asked)

    assert cost(0, 1) == cost(1, 200)
    assert Product.objects.filter(description="Warm.").count() == 201


def test_the_product_that_a_merge_empties_leaves_its_words_where_the_kept_one_says_none(seller):
    kept = catalog.create_product(
        seller_id=seller.pk,
        draft=ProductDraft(name="Socks", items=[ItemDraft(sku="KEPT")], attributes=[("Fabric", "Silk")]),
        actor=MINA,
    )
    gone = make_sock(seller)
    pair = {"kept_id": kept.items.get().pk, "merged_id": gone.items.get().pk}
    assert catalog.absorb(seller_id=seller.pk, **pair, actor=MINA) == gone.pk
    assert words(kept) == ("<p>Warm.</p>", [["Fabric", "Silk"]], [SIDE, BACK])


def test_a_product_that_keeps_other_items_keeps_its_words_to_itself(seller):
    kept = catalog.create_product(
        seller_id=seller.pk, draft=ProductDraft(name="Socks", items=[ItemDraft(sku="KEPT")]), actor=MINA
    )
    two = [ItemDraft(sku="S", options=[("Size", "S")]), ItemDraft(sku="M", options=[("Size", "M")])]
    group = catalog.create_product(seller_id=seller.pk, draft=replace(SOCK, items=two), actor=MINA)
    merged = group.items.get(sku="S").pk
    assert catalog.absorb(seller_id=seller.pk, kept_id=kept.items.get().pk, merged_id=merged, actor=MINA) is None
    assert words(kept) == ("", [], [])
