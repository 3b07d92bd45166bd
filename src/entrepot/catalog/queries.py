"""Questions about products and items."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Upper

from entrepot.catalog.models import Brand, Category, Change, Item, KitPart, Product
from entrepot.catalog.rows import fetch
from entrepot.catalog.search import Narrowed, escaped, product_ids
from entrepot.kernel.errors import NotFound
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark

TREE = """
WITH RECURSIVE tree AS (
    SELECT id, parent_id, name, ARRAY[name]::text[] AS path FROM catalog_category
    WHERE seller_id = %(seller)s AND parent_id IS NULL
    UNION ALL
    SELECT c.id, c.parent_id, c.name, t.path || c.name::text FROM catalog_category c JOIN tree t ON c.parent_id = t.id
    WHERE c.seller_id = %(seller)s AND cardinality(t.path) < 30
)
SELECT id, parent_id, name, path,
       (SELECT count(*) FROM catalog_product_categories f WHERE f.category_id = tree.id),
       (SELECT count(*) FROM catalog_category c WHERE c.parent_id = tree.id)
FROM tree
WHERE (%(like)s = '' OR upper(array_to_string(path, ' › ')) LIKE upper(%(like)s))
  AND (%(only)s::bigint[] IS NULL OR id = ANY(%(only)s)) AND NOT id = ANY(%(without)s::bigint[])
  AND (%(after)s::text[] IS NULL OR path > %(after)s)
ORDER BY path LIMIT %(limit)s
"""
LISTED = """
SELECT p.id, p.name, b.name, p.image_url, p.is_group, count(i.id), coalesce(min(i.sku), '')
FROM (SELECT * FROM catalog_product p WHERE p.seller_id = %(seller)s {narrow} ORDER BY p.id DESC LIMIT %(limit)s) p
LEFT JOIN catalog_brand b ON b.id = p.brand_id
LEFT JOIN catalog_item i ON i.product_id = p.id AND i.merged_into_id IS NULL
GROUP BY p.id, p.name, b.name, p.image_url, p.is_group ORDER BY p.id DESC
"""
FOUND = "AND p.id = ANY(%(ids)s::bigint[])"
BETWEEN = "\x1f"
"""Between the names of a path in a bookmark."""


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """A product as a list shows it: how many items it has, and the first SKU of them (empty where there is none)."""

    pk: int
    name: str
    brand: str | None
    image_url: str
    is_group: bool
    item_count: int
    first_sku: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category where it stands: `path` from the root down, how many products and categories lie in it."""

    pk: int
    parent_id: int | None
    name: str
    path: tuple[str, ...]
    products: int
    inside: int

    @property
    def words(self) -> str:
        """The path as one text."""
        return " › ".join(self.path)


def _matching(seller_id: int, text: str) -> Q:
    """Items whose SKU, name or barcode holds `text`."""
    return Q(seller_id=seller_id) & (Q(sku__icontains=text) | Q(name__icontains=text) | Q(barcode=text))


def products(
    *,
    seller_id: int,
    search: str = "",
    brand_id: int | None = None,
    kind: str = "",
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[ListedProduct]:
    """Products, newest first; `kind` is single or group."""
    key = read_bookmark(after, int)
    by = Narrowed(
        brand_id=brand_id or None,
        is_group={"single": False, "group": True}.get(kind),
        before=int(key[0]) if key else None,
    )
    facts = {**by.facts(), "seller": seller_id, "limit": limit + 1, "ids": None}
    if search:
        facts["ids"] = product_ids(seller_id=seller_id, text=search, by=by, limit=limit + 1)
    rows = [ListedProduct(*row) for row in fetch(LISTED.format(narrow=FOUND if search else by.sql()), facts)]
    return page_of(rows, limit=limit, key=lambda row: (row.pk,))


def product(*, seller_id: int, product_id: int) -> Product:
    """One product with its items (as `ordered_items`), brand and categories.

    Raises:
        NotFound: There is none, or it is another seller's.
    """
    ordered: QuerySet[Item] = Item.objects.filter(seller_id=seller_id).order_by("id")
    found = (
        Product.objects.filter(seller_id=seller_id, id=product_id)
        .select_related("brand")
        .prefetch_related(Prefetch("items", queryset=ordered, to_attr="ordered_items"), "categories")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def item(*, seller_id: int, item_id: int) -> Item:
    """One item with its product; one that was merged too (`merged_into`).

    Raises:
        NotFound: There is none, or it is another seller's.
    """
    found = Item.everything.filter(seller_id=seller_id, id=item_id).select_related("product", "merged_into").first()
    if found is None:
        raise NotFound
    return found


def items_by_id(*, seller_id: int, item_ids: Sequence[int]) -> Mapping[int, Item]:
    """These items of the seller; ids of others are simply absent."""
    return {row.pk: row for row in Item.objects.filter(seller_id=seller_id, id__in=item_ids)}


def item_by_sku(*, seller_id: int, sku: str) -> Item | None:
    """The item with this SKU, if the seller has one; of a merged one the kept one."""
    rows = Item.everything.filter(seller_id=seller_id, sku=sku).select_related("product", "merged_into__product")
    found = rows.first()
    return (found.merged_into or found) if found else None


def ids_by_sku(*, seller_id: int, skus: Collection[str]) -> dict[str, int]:
    """Item ids by SKU; of merged items that of the kept one. Unknown SKUs are absent."""
    rows = Item.everything.filter(seller_id=seller_id, sku__in=skus) if skus else Item.everything.none()
    return {sku: kept or pk for sku, pk, kept in rows.values_list("sku", "pk", "merged_into_id")}


def kept_ids(*, seller_id: int, code: str) -> frozenset[int]:
    """The kept ones of merged items with this SKU or barcode, whatever the case, as their labels still say."""
    merged = Item.everything.filter(Q(sku__iexact=code) | Q(barcode__iexact=code), merged_into__isnull=False)
    return frozenset(merged.filter(seller_id=seller_id).values_list("merged_into_id", flat=True) if code else ())


# Counted in the order of the barcodes' index; only what is there twice is read.
TWINS = """
WITH twice AS (
    SELECT barcode FROM catalog_item WHERE seller_id = %(seller)s AND barcode <> '' AND merged_into_id IS NULL
    GROUP BY barcode HAVING count(*) > 1 ORDER BY barcode LIMIT %(most)s
)
SELECT array_agg(i.id ORDER BY i.id) FROM twice JOIN catalog_item i ON i.seller_id = %(seller)s
    AND i.barcode = twice.barcode AND i.barcode <> '' AND i.merged_into_id IS NULL
GROUP BY i.barcode ORDER BY i.barcode
"""


def twins(*, seller_id: int, limit: int = 20) -> Sequence[Sequence[Item]]:
    """Items that have one barcode and so may be one thing, the oldest of each first."""
    groups = [row[0] for row in fetch(TWINS, {"seller": seller_id, "most": limit})]
    known = items_by_id(seller_id=seller_id, item_ids=[pk for group in groups for pk in group])
    return [[known[pk] for pk in group if pk in known] for group in groups]


def other_skus(*, seller_id: int, item_ids: Collection[int]) -> dict[int, set[str]]:
    """SKUs of items that were merged into these."""
    found: dict[int, set[str]] = {}
    rows = Item.everything.filter(seller_id=seller_id, merged_into__in=item_ids)
    for kept, sku in rows.values_list("merged_into_id", "sku"):
        found.setdefault(kept or 0, set()).add(sku)
    return found


def nearest_skus(*, seller_id: int, skus: Sequence[str], limit: int = 50) -> dict[str, list[str]]:
    """For SKUs nobody knows, those of the seller that look most alike; asked for so many at most."""
    found: dict[str, list[str]] = {}
    for sku in skus[:limit]:
        rows = Item.objects.filter(seller_id=seller_id).annotate(upper=Upper("sku"))
        near = rows.filter(upper__trigram_similar=sku.upper())
        near = near.annotate(alike=TrigramSimilarity("upper", sku.upper())).order_by("-alike", "sku")
        found[sku] = list(near.values_list("sku", flat=True)[:3])
    return found


def find_items(*, seller_id: int, text: str, limit: int = 20) -> Sequence[Item]:
    """Items for a picker: the exact SKU first, then those whose SKU, name or barcode holds the text."""
    text = text.strip()
    if not text:
        return []
    rows = list(Item.objects.filter(_matching(seller_id, text)).order_by("sku")[:limit])
    exact = item_by_sku(seller_id=seller_id, sku=text)
    if exact is not None:
        rows = [exact, *(row for row in rows if row.pk != exact.pk)][:limit]
    return rows


def items_called(*, seller_id: int, code: str, limit: int = 4) -> Sequence[Item]:
    """Items with exactly this SKU or barcode, as typed or in capitals; of merged ones the kept."""
    forms = {code, code.upper()}
    rows = Item.everything.filter(seller_id=seller_id, sku__in=forms).select_related("merged_into")
    coded = Item.everything.filter(seller_id=seller_id, barcode__in=forms).exclude(barcode="")
    found = [*rows[:limit], *coded.select_related("merged_into")[:limit]] if code else []
    kept = {row.pk: row for row in ((one.merged_into or one) for one in found)}
    return list(kept.values())[:limit]


def suggest_items(*, seller_id: int, sku: str, title: str, limit: int = 5) -> Sequence[Item]:
    """Items that a listing with this SKU and title may well be: same SKU or barcode, part of the SKU, same name."""
    guess = Q(name__iexact=title)
    if sku:
        guess |= Q(sku__iexact=sku) | Q(barcode=sku) | Q(sku__istartswith=sku)
    return list(Item.objects.filter(guess, seller_id=seller_id).order_by("sku")[:limit])


def history(*, seller_id: int, product: Product, after: str = "", limit: int = PAGE_SIZE) -> Page[Change]:
    """What became of a product's fields and its items', the newest first."""
    items = Item.everything.filter(seller_id=seller_id, product=product).values("pk")
    rows = Change.objects.filter(seller_id=seller_id).filter(
        Q(object_type="product", object_id=product.pk) | Q(object_type="item", object_id__in=items)
    )
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def last_change(*, seller_id: int, object_type: str, object_id: int, field: str = "") -> Change | None:
    """The last change of a product or an item, of one field where one is named."""
    rows = Change.objects.filter(seller_id=seller_id, object_type=object_type, object_id=object_id)
    return (rows.filter(field=field) if field else rows).order_by("-id").first()


def kit_parts(*, seller_id: int, kit_id: int) -> Sequence[KitPart]:
    """What a kit is made of, by SKU."""
    rows = KitPart.objects.filter(kit_id=kit_id, kit__seller_id=seller_id).select_related("item")
    return list(rows.order_by("item__sku"))


def category_paths(*, seller_id: int, product: Product) -> Sequence[tuple[str, ...]]:
    """The paths of a product's categories, from the root down."""
    known = {row.pk: row for row in Category.objects.filter(seller_id=seller_id)}
    paths = []
    for category in product.categories.all():
        names, at = [category.name], category.parent_id
        while at is not None and at in known:
            names.append(known[at].name)
            at = known[at].parent_id
        paths.append(tuple(reversed(names)))
    return sorted(paths)


def categories(
    *,
    seller_id: int,
    search: str = "",
    only: Collection[int] | None = None,
    without: Collection[int] = (),
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[CategoryRow]:
    """The seller's own categories in the order of their paths; of `only` these ids, and not those of `without`."""
    word = escaped(search.strip())
    key = read_bookmark(after, str)
    facts = {
        "seller": seller_id,
        "like": f"%{word}%" if word else "",
        "only": None if only is None else list(only),
        "without": list(without),
        "after": str(key[0]).split(BETWEEN) if key else None,
        "limit": limit + 1,
    }
    rows = [
        CategoryRow(pk, parent_id, name, tuple(path), products, inside)
        for pk, parent_id, name, path, products, inside in fetch(TREE, facts)
    ]
    return page_of(rows, limit=limit, key=lambda row: (BETWEEN.join(row.path),))


def category(*, seller_id: int, category_id: int) -> CategoryRow:
    """One category.

    Raises:
        NotFound: There is none, or it is another seller's.
    """
    found = categories(seller_id=seller_id, only=[category_id], limit=1).rows
    if not found:
        raise NotFound
    return found[0]


def brand_page(
    *,
    seller_id: int,
    search: str = "",
    only: Collection[int] | None = None,
    without: Collection[int] = (),
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Brand]:
    """The seller's brands by name, each with `products`; of `only` these ids, and not those of `without`."""
    rows = Brand.objects.filter(seller_id=seller_id).annotate(products=Count("product"))
    if search.strip():
        rows = rows.filter(name__icontains=search.strip())
    if only is not None:
        rows = rows.filter(pk__in=only)
    if without:
        rows = rows.exclude(pk__in=without)
    if key := read_bookmark(after, str):
        rows = rows.filter(name__gt=key[0])
    return page_of(rows.order_by("name"), limit=limit, key=lambda row: (row.name,))


def category_ids(*, seller_id: int, ids: Collection[int]) -> set[int]:
    """Those of these ids that are categories of this seller."""
    return set(Category.objects.filter(seller_id=seller_id, pk__in=ids).values_list("pk", flat=True))


def brand_names(*, seller_id: int, ids: Collection[int]) -> dict[int, str]:
    """Names of those of these ids that are brands of this seller."""
    return dict(Brand.objects.filter(seller_id=seller_id, pk__in=ids).values_list("pk", "name"))


def count_categories(*, seller_id: int) -> int:
    """How many categories the seller has."""
    return Category.objects.filter(seller_id=seller_id).count()


def count_brands(*, seller_id: int) -> int:
    """How many brands the seller has."""
    return Brand.objects.filter(seller_id=seller_id).count()


def brands(*, seller_id: int) -> Sequence[Brand]:
    """The seller's brands by name."""
    return list(Brand.objects.filter(seller_id=seller_id).order_by("name")[:500])


def has_items(*, seller_id: int) -> bool:
    """Whether the seller has any item yet."""
    return Item.objects.filter(seller_id=seller_id).exists()
