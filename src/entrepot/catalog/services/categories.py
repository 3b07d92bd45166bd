"""The seller's own categories as a person tends them: made, renamed, moved, deleted.

Whoever changes the shape of the tree holds all its rows (id order), so that two moves at once make no circle; imports
that add categories below them do not wait for that.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import IntegrityError, transaction

from entrepot.accounts.services import audit
from entrepot.catalog.errors import (
    CategoryInside,
    CategoryNameMissing,
    CategoryNotEmpty,
    CategoryNotFound,
    CategoryTaken,
    CategoryTooDeep,
)
from entrepot.catalog.models import Category
from entrepot.catalog.rows import clip, run
from entrepot.kernel.actor import Actor

DEEPEST: Final = 20

NOTE = """
INSERT INTO catalog_change (seller_id, object_type, object_id, field, before, after, actor, at)
SELECT p.seller_id, 'product', p.id, 'categories', %s, %s, %s, now()
FROM catalog_product_categories f JOIN catalog_product p ON p.id = f.product_id
WHERE p.seller_id = %s AND f.category_id = %s
"""
UP = """
INSERT INTO catalog_product_categories (product_id, category_id)
SELECT f.product_id, c.parent_id FROM catalog_product_categories f JOIN catalog_category c ON c.id = f.category_id
WHERE c.seller_id = %s AND c.id = %s AND c.parent_id IS NOT NULL ORDER BY f.product_id
ON CONFLICT (product_id, category_id) DO NOTHING
"""


@transaction.atomic
def make_category(*, seller_id: int, name: str, parent_id: int | None, actor: Actor) -> Category:
    """Make a category at the top, or inside `parent_id`.

    Raises:
        CategoryNameMissing: The name is blank or too long.
        CategoryNotFound: There is no such place.
        CategoryTaken: One of that name is there already.
        CategoryTooDeep: The place is 20 levels deep.
    """
    word = _name(name)
    tree = _tree(seller_id)
    if parent_id is not None and len(_upwards(tree, parent_id)) >= DEEPEST:
        raise CategoryTooDeep(deepest=DEEPEST)
    made = Category(seller_id=seller_id, parent_id=parent_id, name=word)
    _write(made, fresh=True)
    _told(made, "make", actor, {"name": word})
    return made


@transaction.atomic
def rename_category(*, seller_id: int, category_id: int, name: str, actor: Actor) -> Category:
    """Give a category another name. Products in it and mappings to stores stay.

    Raises:
        CategoryNameMissing: The name is blank or too long.
        CategoryNotFound: There is no such category of this seller.
        CategoryTaken: Its place holds one of that name already.
    """
    word, tree = _name(name), _tree(seller_id)
    found = _one(tree, category_id)
    return _changed(tree, found, word, found.parent_id, actor)


@transaction.atomic
def move_category(*, seller_id: int, category_id: int, parent_id: int | None, actor: Actor) -> Category:
    """Put a category with all below it inside another one; None = to the top.

    Raises:
        CategoryNotFound: There is no such category, or no such place.
        CategoryInside: The place is the category itself, or below it.
        CategoryTooDeep: Something would come to lie more than 20 levels deep.
        CategoryTaken: The place holds one of that name already.
    """
    tree = _tree(seller_id)
    found = _one(tree, category_id)
    return _changed(tree, found, found.name, parent_id, actor)


@transaction.atomic
def change_category(*, seller_id: int, category_id: int, name: str, parent_id: int | None, actor: Actor) -> Category:
    """Give a category this name and this place in one step, both or neither.

    Raises:
        EntrepotError: What `rename_category` and `move_category` refuse.
    """
    word, tree = _name(name), _tree(seller_id)
    return _changed(tree, _one(tree, category_id), word, parent_id, actor)


@transaction.atomic
def delete_category(*, seller_id: int, category_id: int, actor: Actor) -> int:
    """Take a category away; its products come to lie in the one above it. How many there were.

    Raises:
        CategoryNotFound: There is no such category of this seller.
        CategoryNotEmpty: It holds others.
    """
    tree = _tree(seller_id)
    found = _one(tree, category_id)
    if inside := sum(row.parent_id == category_id for row in tree.values()):
        raise CategoryNotEmpty(name=found.name, count=inside)
    after = tree[found.parent_id].name if found.parent_id else ""
    moved = run(NOTE, [found.name, after, clip(str(actor), 140), seller_id, category_id])
    run(UP, [seller_id, category_id])
    _told(found, "delete", actor, {"name": found.name, "products": moved})
    found.delete()
    return moved


def _name(text: str) -> str:
    word = clip(text.strip(), 256)
    if not 0 < len(word) <= 255:
        raise CategoryNameMissing(field="name", reason="")
    return word


def _tree(seller_id: int) -> Mapping[int, Category]:
    rows = Category.objects.select_for_update(no_key=True).filter(seller_id=seller_id).order_by("id")
    return {row.pk: row for row in rows}


def _one(tree: Mapping[int, Category], category_id: int) -> Category:
    if category_id not in tree:
        raise CategoryNotFound(category_id=category_id)
    return tree[category_id]


def _upwards(tree: Mapping[int, Category], category_id: int) -> Sequence[int]:
    """It and all above it."""
    at: Category | None = _one(tree, category_id)
    ids: list[int] = []
    while at is not None and at.pk not in ids:
        ids.append(at.pk)
        at = tree.get(at.parent_id or 0)
    return ids


def _height(tree: Mapping[int, Category], category_id: int) -> int:
    """How many levels it has, its own included."""
    level, height = {category_id}, 0
    while level and height <= DEEPEST:
        level, height = {row.pk for row in tree.values() if row.parent_id in level}, height + 1
    return height


def _changed(tree: Mapping[int, Category], found: Category, name: str, parent_id: int | None, actor: Actor) -> Category:
    before, left = found.name, found.parent_id
    if left != parent_id:
        above = [] if parent_id is None else _upwards(tree, parent_id)
        if found.pk in above:
            raise CategoryInside(name=before)
        if len(above) + _height(tree, found.pk) > DEEPEST:
            raise CategoryTooDeep(deepest=DEEPEST)
    found.name, found.parent_id = name, parent_id
    if (before, left) != (name, parent_id):
        _write(found)
    if left != parent_id:
        _told(found, "move", actor, {"name": before, "into": tree[parent_id].name if parent_id else ""})
    if before != name:
        _told(found, "rename", actor, {"before": before, "name": name})
    return found


def _write(row: Category, *, fresh: bool = False) -> None:
    try:
        with transaction.atomic():
            if fresh:
                row.save(force_insert=True)
            else:
                row.save(update_fields=["name", "parent"])
    except IntegrityError as error:
        if "category_once" not in str(error):
            raise
        raise CategoryTaken(str(error), name=row.name) from error


def _told(row: Category, deed: str, actor: Actor, facts: Mapping[str, object]) -> None:
    audit(
        seller_id=row.seller_id,
        actor=actor,
        verb=f"categories.{deed}",
        object_type="category",
        object_id=row.pk,
        facts=facts,
    )
