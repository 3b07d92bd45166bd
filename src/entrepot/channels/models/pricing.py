"""Prices for a time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
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
