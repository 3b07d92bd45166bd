"""Brands and categories by name: found or made, in sets, in sorted order so that imports never wait in a circle."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from entrepot.catalog.rows import clip, fetch, run
from entrepot.kernel.actor import Actor

BRANDS = """
INSERT INTO catalog_brand (seller_id, name) SELECT %s, name FROM unnest(%s::text[]) AS t(name) ORDER BY name
ON CONFLICT (seller_id, name) DO NOTHING
"""
BRAND_IDS = "SELECT name, id FROM catalog_brand WHERE seller_id = %s AND name = ANY(%s)"

CATEGORIES = """
INSERT INTO catalog_category (seller_id, parent_id, name)
SELECT %s, parent_id, name FROM unnest(%s::bigint[], %s::text[]) AS t(parent_id, name) ORDER BY parent_id, name
ON CONFLICT (seller_id, parent_id, name) DO NOTHING
"""
CATEGORY_IDS = """
SELECT c.parent_id, c.name, c.id FROM catalog_category c
JOIN unnest(%s::bigint[], %s::text[]) AS t(parent_id, name)
  ON c.name = t.name AND c.parent_id IS NOT DISTINCT FROM t.parent_id
WHERE c.seller_id = %s
"""

Path = tuple[str, ...]


@transaction.atomic
def ensure_brands(*, seller_id: int, names: Iterable[str], actor: Actor) -> dict[str, int]:  # noqa: ARG001 - every verb names its actor
    """Give the ids of these brands, making the ones that are missing. Blank names are left out."""
    wanted = {name: clip(name.strip(), 255) for name in names if name.strip()}
    if not wanted:
        return {}
    unique = sorted(set(wanted.values()))
    found = dict(fetch(BRAND_IDS, [seller_id, unique]))
    if len(found) < len(unique):
        run(BRANDS, [seller_id, [name for name in unique if name not in found]])
        found = dict(fetch(BRAND_IDS, [seller_id, unique]))
    return {name: found[kept] for name, kept in wanted.items()}


@transaction.atomic
def ensure_categories(*, seller_id: int, paths: Iterable[Sequence[str]], actor: Actor) -> dict[Path, int]:  # noqa: ARG001 - every verb names its actor
    """Give the id of the last name of each path, making what is missing, one statement for each level."""
    wanted = {tuple(path): tuple(clip(name.strip(), 255) for name in path) for path in paths if path}
    known: dict[Path, int] = {}
    for depth in range(1, max(map(len, wanted.values()), default=0) + 1):
        level = sorted({path[:depth] for path in wanted.values() if len(path) >= depth})
        known |= _level(seller_id, level, known)
    return {path: known[kept] for path, kept in wanted.items()}


def _level(seller_id: int, level: Sequence[Path], parents: Mapping[Path, int]) -> dict[Path, int]:
    pairs = {(parents.get(path[:-1]), path[-1]): path for path in level}
    parent_ids, names = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    found = fetch(CATEGORY_IDS, [parent_ids, names, seller_id])
    if len(found) < len(pairs):
        run(CATEGORIES, [seller_id, parent_ids, names])
        found = fetch(CATEGORY_IDS, [parent_ids, names, seller_id])
    return {pairs[parent_id, name]: category_id for parent_id, name, category_id in found}
