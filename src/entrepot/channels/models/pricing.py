"""Price lists that stores follow, and prices for a time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item
from entrepot.channels.models.listings import Listing
from entrepot.channels.models.stores import Store


class Promotion(models.Model):
    """Lower prices in one store from `starts_at` until `ends_at`. `percent`: how they were made, if by a percentage."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="promotions")
    name = models.CharField(max_length=120)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="promotion_ends_later")
        ]
        indexes = [
            models.Index(fields=["seller", "-id"], name="promotion_newest"),
            models.Index(fields=["id"], name="promotion_open", condition=models.Q(state__in=["planned", "running"])),
        ]


class PromotionLine(models.Model):
    """What one listing costs meanwhile, and what it cost `before`, which comes back.

    `change_id`: the wish that lowered it. `left`: somebody set another price meanwhile; that one stays.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        BACK = "back", _("Back to before")
        LEFT = "left", _("Another price was set meanwhile")
        SKIPPED = "skipped", _("Was not in the store")

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="lines")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="promotion_lines")
    price = models.DecimalField(max_digits=19, decimal_places=4)
    before = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    before_retail = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    change_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promotion", "listing"], name="promotion_line_once"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="promotion_price_above_zero"),
        ]
        indexes = [models.Index(fields=["listing"], name="promotion_line_open", condition=models.Q(state="running"))]


class PriceList(models.Model):
    """Prices of one currency that stores follow (`StorePricing`).

    They are written down item by item (`fixed`), or worked out: `margin` = cost / (1 - percent / 100), so that
    `percent` of the price is profit; `markup` = cost × (1 + percent / 100); `base` = the price in the list `base`
    × (1 + percent / 100). A price written down goes before one that is worked out, and stands as it is written. What
    is worked out is rounded by `rounding` to a multiple of `step` (0.01, 1, 10, 100 …) less `ending`: with 1,000 and
    100 prices are 8,900, 9,900, 10,900. A margin below `least_margin` is shown as too low.
    """

    class Kind(models.TextChoices):
        FIXED = "fixed", _("Item by item")
        MARGIN = "margin", _("Margin on the cost")
        MARKUP = "markup", _("Mark-up on the cost")
        BASE = "base", _("From another list")

    class Rounding(models.TextChoices):
        NEAREST = "nearest", _("To the nearest")
        UP = "up", _("Up")
        DOWN = "down", _("Down")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="derived")
    percent = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    step = models.DecimalField(max_digits=12, decimal_places=4)
    rounding = models.CharField(max_length=8, choices=Rounding.choices, default=Rounding.NEAREST)
    ending = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    least_margin = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "name"], name="price_list_once"),
            models.CheckConstraint(condition=models.Q(step__gt=0, ending__gte=0), name="price_list_step"),
            models.CheckConstraint(
                condition=models.Q(kind="base", base__isnull=False) | (~models.Q(kind="base") & models.Q(base=None)),
                name="price_list_base",
            ),
        ]


class ListPrice(models.Model):
    """What an item costs in a price list; `retail_price` (MRP) None = the same."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="list_prices")
    price = models.DecimalField(max_digits=19, decimal_places=4)
    retail_price = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["price_list", "item"], name="list_price_once"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="list_price_above_zero"),
        ]


class StorePricing(models.Model):
    """The price list a store follows. `due_at`: when it is looked at next for prices the store is to be told."""

    store = models.OneToOneField(Store, on_delete=models.CASCADE, primary_key=True, related_name="pricing")
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="stores")
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)


class ListTold(models.Model):
    """What a listing was last told by the list its store follows.

    A price set otherwise since then, by a person or in the store, stays until the list's own price changes.
    """

    listing = models.OneToOneField(Listing, on_delete=models.CASCADE, primary_key=True, related_name="list_told")
    price = models.DecimalField(max_digits=19, decimal_places=4)
    retail_price = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    at = models.DateTimeField()
