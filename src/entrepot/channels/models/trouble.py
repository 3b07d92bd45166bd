"""Long runs, what they found, problems, drifts, and the journal of what was said."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.channels.models.listings import Listing
from entrepot.channels.models.stores import Store


class Run(models.Model):
    """One long errand at a store: first import, product sync, order sync, drift check. Resumable at `cursor`."""

    class Kind(models.TextChoices):
        FIRST_IMPORT = "first_import", _("First import")
        PRODUCTS = "products", _("Product sync")
        ORDERS = "orders", _("Order sync")
        STOCK = "stock", _("Stock sync")
        DRIFT = "drift", _("Stock check")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        WAITING = "waiting", _("Waiting for the store")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    phase = models.CharField(max_length=20, blank=True)
    cursor = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    counts = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    started_by = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    progressed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind"],
                condition=models.Q(state__in=["running", "waiting"]),
                name="run_one_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["store", "-id"], name="run_newest")]


class Finding(models.Model):
    """A line of the SKU doctor: something of the store that could not be taken as it is, and what to do."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="findings")
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True)
    code = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=80)
    variation_key = models.CharField(max_length=200, blank=True)
    sku = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    blocking = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "code", "remote_id", "variation_key"], name="finding_once"),
        ]


class Problem(models.Model):
    """Something a person should look at. One open row per cause; it says what, where and what to do.

    `object_type`/`object_id` name what it stands on (`store`, `listing`, `incoming_order`, `order`, `run`).
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, null=True, related_name="problems")
    code = models.CharField(max_length=40)
    object_type = models.CharField(max_length=20)
    object_id = models.CharField(max_length=40)
    fields = models.JSONField(default=dict)
    detail = models.TextField(blank=True)
    occurrences = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "code", "object_type", "object_id"],
                condition=models.Q(resolved_at=None),
                name="problem_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["seller", "-last_at"], name="problem_open", condition=models.Q(resolved_at=None)),
            models.Index(fields=["seller", "object_type", "object_id"], name="problem_object"),
        ]


class Drift(models.Model):
    """A difference found between what we told a store and what it shows, named and what was done about it."""

    class Cause(models.TextChoices):
        SOLD_THERE = "sold_there", _("Sold in the store, order not taken in yet")
        EDITED_THERE = "edited_there", _("Changed in the store's admin")
        LOST_WRITE = "lost_write", _("Our last write was lost")
        CANCELED_THERE = "canceled_there", _("Given back by a cancellation in the store")
        MISSING = "missing", _("No longer in the store")

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="drifts")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="drifts")
    found_at = models.DateTimeField()
    told = models.IntegerField(null=True)
    shown = models.IntegerField(null=True)
    cause = models.CharField(max_length=20, choices=Cause.choices)
    repaired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["store", "-id"], name="drift_newest")]


class JournalEntry(models.Model):
    """One call between Entrepot and a store, masked: no secrets, no personal data. `about` = ["order:12", …]."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="journal")
    at = models.DateTimeField()
    incoming = models.BooleanField(default=False)
    method = models.CharField(max_length=8)
    target = models.CharField(max_length=1000)
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    request = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_reason = models.CharField(max_length=500, blank=True, default="", db_default="")
    about = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["store", "-id"], name="journal_newest"),
            GinIndex(fields=["about"], name="journal_about"),
        ]
