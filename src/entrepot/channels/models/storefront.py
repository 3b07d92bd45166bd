"""What a product looks like in one store: its words, pictures and shelves there, wanted, sent and seen."""

from django.db import models

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Brand, Category, Product
from entrepot.channels.models.stores import Store


class StoreProduct(models.Model):
    """A product as one store has it, for all its listings there.

    Each of the four is {name, description, brand, category_ids, images, attributes: [[name, value], …]}. `wanted`
    holds only what was set for this store, the rest is as the product itself says; `sent` what the store was told and
    has taken, `answered` how it showed that at once (its own addresses of pictures, its own writing of a text), `seen`
    what it showed when last read: where that is not what it answered, it was changed there.

    A draft has a `product` and no `remote_id` yet; its `wanted` also holds price, retail_price, prices and active, as a
    change that lists it does.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="store_products")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="store_products")
    remote_id = models.CharField(max_length=80, blank=True)
    wanted = models.JSONField(default=dict)
    sent = models.JSONField(default=dict)
    answered = models.JSONField(default=dict)
    seen = models.JSONField(default=dict)
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "remote_id"], condition=~models.Q(remote_id=""), name="store_product_once"
            ),
            models.UniqueConstraint(
                fields=["store", "product"], condition=models.Q(remote_id=""), name="store_product_draft_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(remote_id="") | models.Q(product__isnull=False), name="store_product_of_something"
            ),
        ]
        indexes = [models.Index(fields=["product", "store"], name="store_product_product")]


class CategoryMapping(models.Model):
    """What is in our `category` is listed under the store's category `remote_id`."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="category_mappings")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="mappings")
    remote_id = models.CharField(max_length=80)
    mapped_by = models.CharField(max_length=120)
    mapped_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "category", "remote_id"], name="category_mapping_once")]


class BrandMapping(models.Model):
    """Our `brand` is the store's brand `remote_id`."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="brand_mappings")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="mappings")
    remote_id = models.CharField(max_length=80)
    mapped_by = models.CharField(max_length=120)
    mapped_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "brand"], name="brand_mapping_once")]
