"""The physical things a seller has. How a thing is sold in a store is a listing (`channels`)."""

from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller


class Brand(models.Model):
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "name"], name="brand_once")]


class Category(models.Model):
    """The seller's own tree; each store's categories are mapped to it in `channels`."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "parent", "name"], name="category_once", nulls_distinct=False)
        ]


class Product(models.Model):
    """What a merchant calls one product: a single item, or a group of variations under one name.

    `attributes` = [["Fabric", "Wool"], …]; `images`: addresses of further pictures beside the main one. Stores get
    these words where a listing has none of its own.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    name = models.CharField(max_length=500)
    brand = models.ForeignKey(Brand, on_delete=models.SET_NULL, null=True)
    categories = models.ManyToManyField(Category)
    image_url = models.CharField(max_length=1000, blank=True)
    images = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    description = models.TextField(blank=True, db_default="")
    attributes = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    is_group = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["seller", "-id"], name="product_newest"),
            models.Index(fields=["seller", "is_group", "-id"], name="product_kind_newest"),
            models.Index(fields=["brand", "-id"], name="product_brand_newest"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="product_name_trgm"),
        ]


class Living(models.Manager["Item"]):
    """Items that have not been merged into another one."""

    def get_queryset(self) -> models.QuerySet["Item"]:
        """Without those that live on as another one's second SKU."""
        return super().get_queryset().filter(merged_into=None)


class Item(models.Model):
    """One countable thing with its own SKU. `options` = [["Colour", "Red"], …] inside its product.

    `merged_into`: it was the same thing as that one and is only its second SKU now. It keeps its past, and is a kit of
    the kept one, so that whatever still names it finds the kept one's stock. `objects` leaves such items out.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("Single")
        VARIATION = "variation", _("Variation")
        KIT = "kit", _("Kit")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SINGLE)
    sku = models.CharField(max_length=255)
    name = models.CharField(max_length=500)
    options = models.JSONField(default=list)
    barcode = models.CharField(max_length=64, blank=True)
    image_url = models.CharField(max_length=1000, blank=True)
    weight_grams = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    length_mm = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    width_mm = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    height_mm = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    cost = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    low_stock_at = models.IntegerField(default=0)
    merged_into = models.ForeignKey("self", on_delete=models.CASCADE, null=True, db_index=False, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = Living()
    everything: models.Manager["Item"] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "sku"], name="item_sku_once"),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | models.Q(kind="kit"), name="item_merged_is_a_kit"
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "barcode"], name="item_barcode", condition=~models.Q(barcode="")),
            models.Index(fields=["seller", "-id"], name="item_newest"),
            models.Index(fields=["merged_into"], name="item_merged", condition=models.Q(merged_into__isnull=False)),
            GinIndex(OpClass(Upper("sku"), name="gin_trgm_ops"), name="item_sku_trgm"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="item_name_trgm"),
        ]


class Change(models.Model):
    """One field of a product or an item as it was and as it became: written by the database itself, never changed.

    `actor` = who wrote, as `user:Mina` or `store:Seoul Socks`; values are text as the database shows them.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    object_type = models.CharField(max_length=8)
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    actor = models.CharField(max_length=140)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["seller", "object_type", "object_id", "-id"], name="catalog_change_object")]


class KitPart(models.Model):
    """A kit holds `quantity` of `item`; the kit's own stock is never stored."""

    kit = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="parts")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="in_kits")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kit", "item"], name="kit_part_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="kit_part_some"),
        ]


class Picture(models.Model):
    """A picture a merchant gave as a file, kept as it came. Products name it by its address (`catalog.pictures`)."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    public_id = models.UUIDField(default=uuid4, unique=True)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=10)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "sha256"], name="picture_once")]
