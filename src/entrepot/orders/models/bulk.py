"""One deed for many orders, carried in the background, with a result for each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller, User
from entrepot.orders.models.orders import Order


class Bulk(models.Model):
    """A deed (`kind`, with the `facts` it needs) for many orders. How far it is, is arithmetic over its items.

    Who asked is kept as an actor, so that every step on an order's time line names them.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("To be confirmed")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=120)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["seller", "-id"], name="bulk_newest"),
            models.Index(fields=["id"], name="bulk_open", condition=models.Q(state__in=["waiting", "running"])),
        ]


class BulkItem(models.Model):
    """What became of one order. `error_code` and `error_fields` name the refusal, which the screens put into words."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        SKIPPED = "skipped", _("Left out")

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="items")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    error_code = models.CharField(max_length=60, blank=True)
    error_fields = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "order"], name="bulk_item_once")]
        indexes = [models.Index(fields=["bulk", "state", "id"], name="bulk_item_state")]


class BulkFile(models.Model):
    """A file that a deed made, or was given: the label sheet, the Excel file of orders. Kept for some days.

    `position` 0 is what was given; what was made is numbered from 1. In the database, because the worker that makes it
    and the machine that hands it out need not be the same.
    """

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=100)
    content = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "position"], name="bulk_file_once")]
