"""The seller's own categories: a tree that a person tends."""

import pytest

from entrepot.accounts.models import AuditEntry, Seller
from entrepot.catalog import queries
from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ProductDraft
from entrepot.catalog.errors import (
    CategoryInside,
    CategoryNameMissing,
    CategoryNotEmpty,
    CategoryNotFound,
    CategoryTaken,
    CategoryTooDeep,
)
from entrepot.catalog.models import Change, Product
from tests.books import MINA, make_seller


@pytest.fixture
def seller(db: None) -> Seller:
    return make_seller()


def make(seller: Seller, name: str, parent_id: int | None = None) -> int:
    return catalog.make_category(seller_id=seller.pk, name=name, parent_id=parent_id, actor=MINA).pk


def paths(seller: Seller) -> list[str]:
    return [row.words for row in queries.categories(seller_id=seller.pk).rows]


def test_categories_are_made_renamed_and_moved_with_all_below_them(seller: Seller):
    clothes, winter = make(seller, " Clothes "), make(seller, "Winter")
    socks = make(seller, "Socks", clothes)
    make(seller, "Wool", socks)
    catalog.move_category(seller_id=seller.pk, category_id=socks, parent_id=winter, actor=MINA)
    catalog.rename_category(seller_id=seller.pk, category_id=winter, name="겨울", actor=MINA)
    assert paths(seller) == ["Clothes", "겨울", "겨울 › Socks", "겨울 › Socks › Wool"]
    catalog.move_category(seller_id=seller.pk, category_id=socks, parent_id=None, actor=MINA)
    assert paths(seller) == ["Clothes", "Socks", "Socks › Wool", "겨울"]
    verbs = AuditEntry.objects.filter(seller=seller).order_by("id").values_list("verb", flat=True)
    assert list(verbs[4:]) == ["categories.move", "categories.rename", "categories.move"]


def test_a_category_is_never_moved_into_itself(seller: Seller):
    clothes = make(seller, "Clothes")
    socks = make(seller, "Socks", clothes)
    for place in (clothes, socks):
        with pytest.raises(CategoryInside):
            catalog.move_category(seller_id=seller.pk, category_id=clothes, parent_id=place, actor=MINA)
    assert paths(seller) == ["Clothes", "Clothes › Socks"]


def test_two_of_one_name_in_one_place_are_refused(seller: Seller):
    clothes = make(seller, "Clothes")
    make(seller, "Socks", clothes)
    other = make(seller, "Socks")
    with pytest.raises(CategoryTaken):
        make(seller, "Clothes")
    with pytest.raises(CategoryTaken):
        catalog.move_category(seller_id=seller.pk, category_id=other, parent_id=clothes, actor=MINA)
    with pytest.raises(CategoryTaken):
        catalog.rename_category(seller_id=seller.pk, category_id=other, name="Clothes", actor=MINA)
    assert paths(seller) == ["Clothes", "Clothes › Socks", "Socks"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 256])
def test_a_category_needs_a_name_that_fits(seller: Seller, name: str):
    with pytest.raises(CategoryNameMissing):
        make(seller, name)
    assert paths(seller) == []


def test_a_tree_is_twenty_levels_deep_at_most(seller: Seller):
    at = None
    for level in range(20):
        at = make(seller, f"L{level}", at)
    with pytest.raises(CategoryTooDeep):
        make(seller, "L20", at)
    short = make(seller, "Short")
    tall = make(seller, "Tall")
    make(seller, "Taller", tall)
    catalog.move_category(seller_id=seller.pk, category_id=tall, parent_id=short, actor=MINA)
    with pytest.raises(CategoryTooDeep):
        catalog.move_category(seller_id=seller.pk, category_id=short, parent_id=at, actor=MINA)
    assert "Short › Tall › Taller" in paths(seller)


def test_what_lies_in_a_deleted_category_comes_to_lie_in_the_one_above(seller: Seller):
    draft = ProductDraft(name="Sock", items=[ItemDraft(sku="S")], categories=[("Clothes", "Socks")])
    product = catalog.create_product(seller_id=seller.pk, draft=draft, actor=MINA)
    clothes = queries.categories(seller_id=seller.pk).rows[0].pk
    socks = queries.categories(seller_id=seller.pk).rows[1].pk
    with pytest.raises(CategoryNotEmpty):
        catalog.delete_category(seller_id=seller.pk, category_id=clothes, actor=MINA)
    assert catalog.delete_category(seller_id=seller.pk, category_id=socks, actor=MINA) == 1
    assert list(Product.objects.get(pk=product.pk).categories.values_list("name", flat=True)) == ["Clothes"]
    assert catalog.delete_category(seller_id=seller.pk, category_id=clothes, actor=MINA) == 1
    assert not Product.objects.get(pk=product.pk).categories.exists()
    changes = Change.objects.filter(object_type="product", object_id=product.pk, field="categories").order_by("id")
    assert list(changes.values_list("before", "after", "actor")) == [
        ("Socks", "Clothes", "user:Mina"), ("Clothes", "", "user:Mina"),
    ]  # fmt: skip


def test_another_sellers_category_does_not_exist(seller: Seller):
    other = make_seller("Busan Boots")
    theirs = make(other, "Boots")
    with pytest.raises(CategoryNotFound):
        make(seller, "Socks", theirs)
    with pytest.raises(CategoryNotFound):
        catalog.rename_category(seller_id=seller.pk, category_id=theirs, name="Mine", actor=MINA)
    with pytest.raises(CategoryNotFound):
        catalog.delete_category(seller_id=seller.pk, category_id=theirs, actor=MINA)
    assert (paths(seller), paths(other)) == ([], ["Boots"])


def test_categories_are_found_by_any_part_of_their_path_and_signs_mean_themselves(seller: Seller):
    clothes = make(seller, "Clothes 100%")
    make(seller, "Socks", clothes)
    make(seller, "Scarves")
    found = queries.categories(seller_id=seller.pk, search="100% › so").rows
    assert [row.words for row in found] == ["Clothes 100% › Socks"]
    assert queries.categories(seller_id=seller.pk, search="_").rows == []
