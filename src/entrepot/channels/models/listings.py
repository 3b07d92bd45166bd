"""What we list in a store: desired, sent and seen; what its lists hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item, Product
from entrepot.channels.models.stores import Store


class Listing(models.Model):
    """An item as sold in one store. `desired / sent / seen`: what we owe, what we told, what the store showed.

    Stale = the item's stock version is above `sent_version`, or `force_push`. `sent_*` are what the store acknowledged;
    `seen_*` what it showed when last read. A refusal stands on the row until the next try at `next_try_at`. `agreed` =
    price, retail price, title and active as both sides last agreed on them; what the store shows otherwise was changed
    there and is a `Difference`.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Inactive")
        MISSING = "missing", _("Missing in the store")
        DELETED = "deleted", _("Deleted in the store")
        UNLINKED = "unlinked", _("Unlinked")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="listings")
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="listings")
    remote_id = models.CharField(max_length=80)
    variation_key = models.CharField(max_length=200, blank=True)
    parent_id = models.CharField(max_length=80, blank=True)
    remote_sku = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=500)
    options = models.JSONField(default=list)
    price = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    retail_price = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=3)
    image_url = models.CharField(max_length=1000, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    buffer = models.PositiveIntegerField(null=True)
    maximum = models.PositiveIntegerField(null=True)
    share_percent = models.PositiveSmallIntegerField(null=True)
    stock_push = models.BooleanField(default=True)
    force_push = models.BooleanField(default=False)
    sent_version = models.BigIntegerField(default=-1)
    sent_quantity = models.IntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    seen_quantity = models.IntegerField(null=True)
    seen_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_reason = models.CharField(max_length=500, blank=True)
    agreed = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "remote_id", "variation_key"], name="listing_once"),
        ]
        indexes = [
            models.Index(fields=["item", "store"], name="listing_item"),
            models.Index(fields=["seller", "-id"], name="listing_newest"),
            models.Index(fields=["store"], name="listing_forced", condition=models.Q(force_push=True)),
            models.Index(fields=["store", "next_try_at"], name="listing_retry", condition=models.Q(attempts__gt=0)),
            models.Index(fields=["store", "id"], name="listing_unmatched", condition=models.Q(item=None)),
            models.Index(fields=["seller", "id"], name="listing_nobodys", condition=models.Q(item=None)),
            models.Index(fields=["store"], name="listing_refused", condition=models.Q(error_code__gt="")),
        ]


class ListingChange(models.Model):
    """Something a store is to change of what it lists: desired (`fields`), sent, seen; the row is the truth.

    A price concerns one `listing`; the other kinds concern the whole product `remote_id` there. `before` is what the
    store showed when it was asked for. `product` is what a creation is made of; `remote_id` is known once it exists,
    and `made` says which of its parts the store has already, so that a second try goes on from there.
    """

    class Kind(models.TextChoices):
        CREATE = "create", _("List it")
        UPDATE = "update", _("Change it")
        PRICE = "price", _("Change the price")
        ACTIVATE = "activate", _("Show it")
        DEACTIVATE = "deactivate", _("Hide it")
        DELETE = "delete", _("Delete it there")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Refused by the store")
        OVERTAKEN = "overtaken", _("Overtaken by a later wish")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="listing_changes")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, null=True, related_name="changes")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="listing_changes")
    remote_id = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    key = models.CharField(max_length=80, unique=True)
    fields = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    seen = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "product"],
                condition=models.Q(kind="create", state="waiting"),
                name="listing_change_creates_once",
            )
        ]
        indexes = [
            models.Index(fields=["store", "id"], name="listing_change_open", condition=models.Q(state="waiting")),
            models.Index(fields=["store", "remote_id", "-id"], name="listing_change_product"),
            models.Index(fields=["seller", "-id"], name="listing_change_newest"),
        ]


class Difference(models.Model):
    """A change made in the store's own admin: `field` of a listing was agreed to be `ours` and is shown as `theirs`."""

    class Decision(models.TextChoices):
        THEIRS = "theirs", _("The store's was taken")
        OURS = "ours", _("Ours was sent again")
        GONE = "gone", _("They agree again")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="differences")
    field = models.CharField(max_length=20)
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "field"], condition=models.Q(decided_at=None), name="difference_open_once"
            )
        ]
        indexes = [
            models.Index(fields=["seller", "-id"], name="difference_open", condition=models.Q(decided_at=None)),
        ]


class StockTold(models.Model):
    """History of what a store was told or showed, for "why is it 3?": one row per change, never updated."""

    class Kind(models.TextChoices):
        SENT = "sent"
        SEEN = "seen"

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="told")
    at = models.DateTimeField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    quantity = models.IntegerField(null=True)
    version = models.BigIntegerField(null=True)
    cause = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["listing", "-at"], name="stock_told_newest")]


class RemoteCategory(models.Model):
    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    remote_id = models.CharField(max_length=80)
    parent_id = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=255)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="remote_category_once")]


class RemoteBrand(models.Model):
    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    remote_id = models.CharField(max_length=80)
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="remote_brand_once")]


class RemoteAttribute(models.Model):
    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    remote_id = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    group = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="remote_attribute_once")]
