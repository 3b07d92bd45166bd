"""Where our categories and brands stand in a store: what is mapped, what may be, and what a product gets by it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from entrepot.catalog import queries as catalog
from entrepot.catalog.rows import fetch
from entrepot.channels.models import BrandMapping, CategoryMapping, RemoteBrand, Store
from entrepot.channels.shelves import branches, category_path
from entrepot.channels.shelves_alike import Why, pool_of
from entrepot.kernel.page import PAGE_SIZE, Page

What = Literal["categories", "brands"]
Show = Literal["", "open", "mapped"]
JOINT: Final = " › "

CATEGORIES_OF = """
WITH RECURSIVE up AS (
    SELECT f.product_id, c.id AS start, c.id, c.parent_id, 0 AS far
    FROM catalog_product_categories f JOIN catalog_category c ON c.id = f.category_id
    WHERE c.seller_id = %(seller)s AND f.product_id = ANY(%(products)s)
    UNION ALL
    SELECT up.product_id, up.start, c.id, c.parent_id, up.far + 1
    FROM up JOIN catalog_category c ON c.id = up.parent_id WHERE up.far < 30
), near AS (
    SELECT up.product_id, m.remote_id, up.far, min(up.far) OVER (PARTITION BY up.product_id, up.start) AS nearest
    FROM up JOIN channels_categorymapping m ON m.category_id = up.id AND m.store_id = %(store)s
    JOIN channels_remotecategory r ON r.store_id = m.store_id AND r.remote_id = m.remote_id
)
SELECT product_id, array_agg(DISTINCT remote_id ORDER BY remote_id) FROM near WHERE far = nearest GROUP BY product_id
"""
BRANDS_OF = """
SELECT p.id, r.name FROM catalog_product p
JOIN channels_brandmapping m ON m.brand_id = p.brand_id AND m.store_id = %(store)s
JOIN channels_remotebrand r ON r.store_id = m.store_id AND r.remote_id = m.remote_id
WHERE p.seller_id = %(seller)s AND p.id = ANY(%(products)s)
"""


@dataclass(frozen=True, slots=True)
class Shelved:
    """What the mapping says of a product: the store's category ids and the name of its brand there."""

    category_ids: Sequence[str] = ()
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A category (`words` = its path) or a brand of the store. `gone`: the store has it no more."""

    remote_id: str
    words: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Idea:
    """What one of ours may be there, and why. `certain`: it stands alone with the same path or name."""

    place: Place
    why: Why
    certain: bool


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One of our categories or brands, where it stands in the store, or the idea where nobody has said so yet."""

    pk: int
    words: str
    products: int
    places: Sequence[Place] = ()
    idea: Idea | None = None


@dataclass(frozen=True, slots=True)
class Shelves:
    """A store's shelves: `places` by remote id, and how many of ours stand nowhere."""

    what: What
    places: Mapping[str, Place]
    mapped: Mapping[int, Sequence[str]]
    total: int
    labels: Mapping[str, str] = field(default_factory=dict)
    """Remote id by what a person reads and writes; two of one path are told apart by their ids."""

    @property
    def unmapped(self) -> int:
        """How many nobody has mapped."""
        return self.total - len(self.mapped)

    def label(self, place: Place) -> str:
        """A place as a person writes it."""
        if place.gone:
            return place.words
        return place.words if self.labels.get(place.words) == place.remote_id else f"{place.words} #{place.remote_id}"


def shelves_of(*, seller_id: int, store_id: int, product_ids: Collection[int]) -> dict[int, Shelved]:
    """For each product what the mapping says; a category nobody mapped counts as the nearest mapped one above it."""
    facts = {"seller": seller_id, "store": store_id, "products": list(product_ids)}
    categories = dict(fetch(CATEGORIES_OF, facts))
    brands = dict(fetch(BRANDS_OF, facts))
    return {pk: Shelved(categories.get(pk, ()), brands.get(pk, "")) for pk in product_ids}


def shelves(*, seller_id: int, store: Store, what: What) -> Shelves:
    """What the store has, and what is mapped to it."""
    places = _places(seller_id, store, what)
    labels: dict[str, str] = {}
    for place in places.values():
        taken = place.words in labels
        labels[f"{place.words} #{place.remote_id}" if taken else place.words] = place.remote_id
    mapped: dict[int, list[str]] = {}
    for pk, remote_id in _mappings(seller_id, store, what):
        mapped.setdefault(pk, []).append(remote_id)
    count = catalog.count_categories if what == "categories" else catalog.count_brands
    total = count(seller_id=seller_id)
    return Shelves(what, places, mapped, total, labels)


def shelf_page(
    *,
    seller_id: int,
    there: Shelves,
    search: str = "",
    show: str = "",
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[ShelfRow]:
    """Our categories by path, or brands by name. `show`: open (nobody has mapped them), mapped, or all."""
    only = list(there.mapped) if show == "mapped" else None
    without = list(there.mapped) if show == "open" else []
    if there.what == "categories":
        page = catalog.categories(
            seller_id=seller_id, search=search, only=only, without=without, after=after, limit=limit
        )
        rows = [ShelfRow(row.pk, row.words, row.products) for row in page.rows]
        following = page.next
    else:
        found = catalog.brand_page(
            seller_id=seller_id, search=search, only=only, without=without, after=after, limit=limit
        )
        rows = [ShelfRow(row.pk, row.name, row.products) for row in found.rows]  # type: ignore[attr-defined]
        following = found.next
    return Page(_with_places(there, rows), following)


def _with_places(there: Shelves, rows: Sequence[ShelfRow]) -> Sequence[ShelfRow]:
    pool = pool_of(tuple((place.remote_id, tuple(place.words.split(JOINT))) for place in there.places.values()))
    filled = []
    for row in rows:
        if row.pk in there.mapped:
            places = [there.places.get(one, Place(one, f"#{one}", gone=True)) for one in there.mapped[row.pk]]
            filled.append(replace(row, places=places))
        elif guess := pool.nearest(tuple(row.words.split(JOINT))):
            idea = Idea(there.places[guess.remote_id], guess.why, guess.certain)
            filled.append(replace(row, idea=idea))
        else:
            filled.append(row)
    return filled


def _places(seller_id: int, store: Store, what: What) -> dict[str, Place]:
    if what == "brands":
        brands = RemoteBrand.objects.filter(store=store, store__seller_id=seller_id).order_by("name", "id")
        return {row.remote_id: Place(row.remote_id, row.name) for row in brands}
    rows = branches(seller_id=seller_id, store_id=store.pk)
    found = [Place(remote_id, JOINT.join(category_path(remote_id, rows))) for remote_id in rows]
    return {place.remote_id: place for place in sorted(found, key=lambda place: (place.words, place.remote_id))}


def _mappings(seller_id: int, store: Store, what: What) -> Sequence[tuple[int, str]]:
    if what == "brands":
        brands = BrandMapping.objects.filter(seller_id=seller_id, store=store)
        return list(brands.order_by("id").values_list("brand_id", "remote_id"))
    rows = CategoryMapping.objects.filter(seller_id=seller_id, store=store)
    return list(rows.order_by("id").values_list("category_id", "remote_id"))
