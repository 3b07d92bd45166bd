"""Products and items as people make and edit them, one by one."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from entrepot.accounts.live import announce
from entrepot.catalog.drafts import ItemDraft, ProductDraft, check_sku
from entrepot.catalog.errors import (
    ItemNotFound,
    LastItem,
    PartOfKit,
    ProductInUse,
    ProductNotFound,
    SkuMissing,
    SkuTaken,
    VariationsAlike,
)
from entrepot.catalog.history import note
from entrepot.catalog.models import Item, KitPart, Product
from entrepot.catalog.product_words import checked
from entrepot.catalog.rows import sign
from entrepot.catalog.services.taxonomy import ensure_brands, ensure_categories
from entrepot.kernel.actor import Actor

ITEM_FIELDS = [
    "name",
    "barcode",
    "image_url",
    "weight_grams",
    "length_mm",
    "width_mm",
    "height_mm",
    "cost",
    "cost_currency",
    "low_stock_at",
]


@transaction.atomic
def create_product(*, seller_id: int, draft: ProductDraft, actor: Actor) -> Product:
    """Make a product of one item, or a group of variations when the draft has several.

    Raises:
        SkuMissing: An item has no SKU.
        SkuTaken: A SKU is used already, here or twice in the draft.
        VariationsAlike: Two variations have the same options.
        DescriptionTooLong, AttributeIncomplete, AttributeImpossible, TooManyAttributes, PictureAddressInvalid,
        TooManyPictures: Its words cannot be kept like this.
    """
    _check(draft)
    sign(actor)
    product = Product(seller_id=seller_id, is_group=len(draft.items) > 1)
    _fill_product(product, draft, actor)
    kind = Item.Kind.VARIATION if product.is_group else Item.Kind.SINGLE
    for item in draft.items:
        _write_item(Item(seller_id=seller_id, product=product, kind=kind), item, product.name)
    announce(seller_id, "products")
    return product


@transaction.atomic
def edit_product(*, seller_id: int, product_id: int, draft: ProductDraft, actor: Actor) -> Product:
    """Give a product these words, and each item named by its SKU these values; new SKUs join as variations.

    An item that the draft leaves out stays as it is (a draft without items changes the product's words only): items are
    taken away by `delete_item` only.

    Raises:
        ProductNotFound: There is no such product of this seller.
        SkuMissing: An item has no SKU.
        SkuTaken: A new SKU belongs to another product.
        VariationsAlike: Two variations have the same options.
        DescriptionTooLong, AttributeIncomplete, AttributeImpossible, TooManyAttributes, PictureAddressInvalid,
        TooManyPictures: Its words cannot be kept like this.
    """
    product = Product.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=product_id).first()
    if product is None:
        raise ProductNotFound(product_id=product_id)
    sign(actor)
    items = {item.sku: item for item in Item.objects.filter(seller_id=seller_id, product_id=product_id)}
    if draft.items:
        named = {item.sku for item in draft.items}
        stay = [ItemDraft(sku=sku, options=item.options) for sku, item in items.items() if sku not in named]
        _check(replace(draft, items=[*draft.items, *stay]))
    product.is_group = product.is_group or len(items.keys() | {item.sku for item in draft.items}) > 1
    _fill_product(product, draft, actor)
    for wanted in draft.items:
        fresh = Item(seller_id=seller_id, product=product, kind=Item.Kind.SINGLE)
        _write_item(items.get(wanted.sku, fresh), wanted, product.name)
    if product.is_group:
        singles = Item.objects.filter(seller_id=seller_id, product_id=product_id, kind=Item.Kind.SINGLE)
        singles.update(kind=Item.Kind.VARIATION)
    announce(seller_id, "products", f"product:{product_id}", *(f"item:{item.pk}" for item in items.values()))
    return product


@transaction.atomic
def edit_item(*, seller_id: int, item_id: int, draft: ItemDraft, actor: Actor) -> Item:
    """Give one item these values, its SKU included.

    Raises:
        ItemNotFound: There is no such item of this seller.
        SkuMissing: The SKU is blank.
        SkuTaken: Another item has this SKU.
    """
    item = Item.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=item_id).first()
    if item is None:
        raise ItemNotFound(item_id=item_id)
    check_sku(draft.sku, draft.name)
    sign(actor)
    _write_item(item, draft, item.name)
    announce(seller_id, "products", f"item:{item_id}")
    return item


@transaction.atomic
def delete_item(*, seller_id: int, item_id: int, actor: Actor) -> None:
    """Take a variation away that was never sold or stocked. A product keeps at least one item.

    Raises:
        ItemNotFound: There is no such item of this seller.
        LastItem: Its product has no other; delete the product instead.
        PartOfKit: It is part of a kit.
        ProductInUse: It has a history in the stock ledger or on orders.
    """
    item = Item.objects.filter(seller_id=seller_id, pk=item_id).select_related("product").first()
    if item is None:
        raise ItemNotFound(item_id=item_id)
    product = Product.objects.select_for_update(no_key=True).get(seller_id=seller_id, pk=item.product_id)
    if not Item.objects.filter(seller_id=seller_id, product=product).exclude(pk=item_id).exists():
        raise LastItem(sku=item.sku)
    if used := KitPart.objects.filter(kit__seller_id=seller_id, item=item).count():
        raise PartOfKit(sku=item.sku, count=used)
    try:
        with transaction.atomic():
            item.delete()
    except IntegrityError as error:  # an order line protects it, or the ledger, which forgets nothing
        raise ProductInUse(str(error), name=item.sku) from error
    announce(seller_id, "products", f"item:{item_id}")
    note(
        seller_id=seller_id,
        object_type="product",
        object_id=product.pk,
        field="items",
        lists=([item.sku], []),
        actor=actor,
    )


@transaction.atomic
def delete_product(*, seller_id: int, product_id: int, actor: Actor) -> None:  # noqa: ARG001 - every verb names its actor
    """Remove a product that was never sold or stocked, with its items.

    Raises:
        ProductNotFound: There is no such product of this seller.
        PartOfKit: One of its items is part of a kit.
        ProductInUse: It has a history in the stock ledger or on orders.
    """
    product = Product.objects.filter(seller_id=seller_id, pk=product_id).first()
    if product is None:
        raise ProductNotFound(product_id=product_id)
    used = KitPart.objects.filter(kit__seller_id=seller_id, item__product_id=product_id).select_related("item")
    if first := used.first():
        raise PartOfKit(sku=first.item.sku, count=used.count())
    try:
        with transaction.atomic():
            product.delete()
    except IntegrityError as error:  # an order line protects it, or the ledger, which forgets nothing
        raise ProductInUse(str(error), name=product.name) from error
    announce(seller_id, "products", f"product:{product_id}")


def _check(draft: ProductDraft) -> None:
    if not draft.items:
        raise SkuMissing(name=draft.name)
    for item in draft.items:
        check_sku(item.sku, item.name or draft.name)
    _check_twins(draft.items)


def _check_twins(items: Sequence[ItemDraft]) -> None:
    skus: set[str] = set()
    choices: set[tuple[tuple[str, str], ...]] = set()
    for item in items:
        if item.sku in skus:
            raise SkuTaken(sku=item.sku)
        choice = tuple(sorted((name, value) for name, value in item.options))
        if len(items) > 1 and choice in choices:
            raise VariationsAlike(options=", ".join(f"{name}: {value}" for name, value in choice) or "–")
        skus.add(item.sku)
        choices.add(choice)


def _fill_product(product: Product, draft: ProductDraft, actor: Actor) -> None:
    product.name = draft.name
    product.image_url = draft.image_url
    words = checked(draft.words(), known=product.images)
    for name, value in words.items():
        setattr(product, name, value)
    brand = draft.brand.strip()
    brands = ensure_brands(seller_id=product.seller_id, names=[brand], actor=actor)
    product.brand_id = brands.get(brand)
    product.updated_at = timezone.now()
    fresh = product._state.adding  # noqa: SLF001 - Django documents it for this
    if fresh:
        product.save(force_insert=True)
    else:
        product.save(update_fields=["name", "image_url", *words, "brand", "is_group", "updated_at"])
    _file_under(product, draft, actor, fresh=fresh)


def _file_under(product: Product, draft: ProductDraft, actor: Actor, *, fresh: bool) -> None:
    before = [] if fresh else list(product.categories.values_list("name", flat=True))
    paths = ensure_categories(seller_id=product.seller_id, paths=draft.categories, actor=actor)
    product.categories.set(paths.values())
    if not fresh:
        note(
            seller_id=product.seller_id,
            object_type="product",
            object_id=product.pk,
            field="categories",
            lists=(before, product.categories.values_list("name", flat=True)),
            actor=actor,
        )


def _write_item(item: Item, draft: ItemDraft, product_name: str) -> None:
    item.sku = draft.sku
    item.options = [list(option) for option in draft.options]
    for field in ITEM_FIELDS:
        setattr(item, field, getattr(draft, field))
    if not item.name:
        item.name = " ".join([product_name, *(value for _, value in draft.options)])[:500]
    item.updated_at = timezone.now()
    try:
        with transaction.atomic():
            if item._state.adding:  # noqa: SLF001 - Django documents it for this
                item.save(force_insert=True)
            else:
                item.save(update_fields=["sku", "options", *ITEM_FIELDS, "kind", "updated_at"])
    except IntegrityError as error:
        if "item_sku_once" not in str(error):
            raise
        raise SkuTaken(str(error), sku=draft.sku) from error
