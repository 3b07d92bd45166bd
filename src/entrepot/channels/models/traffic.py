"""Orders between a store and the desk: what was announced, what came in, and what we owe it to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.channels.models.stores import Store
from entrepot.orders.models import Order


class StatusMapping(models.Model):
    """What a store's own status means on our desk, by id, never by name."""

    class Meaning(models.TextChoices):
        UNPAID = "unpaid", _("Waiting for payment")
        NEW = "new", _("New order")
        HELD = "held", _("Held back in the store")
        PROCESSED = "processed", _("Processed (packed, not yet handed over)")
        IN_TRANSIT = "in_transit", _("In transit")
        COMPLETE = "complete", _("Complete")
        CANCEL_ASKED = "cancel_asked", _("The buyer asks to cancel")
        CANCELED = "canceled", _("Canceled")
        UNPAID_CANCELED = "unpaid_canceled", _("Canceled before payment")
        RETURN_ASKED = "return_asked", _("Return in process")
        RETURNED = "returned", _("Returned")
        IGNORE = "ignore", _("Do not import")
        PROBLEM = "problem", _("Ask a person")

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="status_mappings")
    remote_id = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    takes_stock = models.BooleanField(default=False)
    meaning = models.CharField(max_length=20, choices=Meaning.choices)
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="status_mapping_once")]


class Announced(models.Model):
    """An order that an event named and that was not fetched since. `at` = the newest event; one refused waits."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    remote_id = models.CharField(max_length=80)
    at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="announced_once")]


class IncomingOrder(models.Model):
    """An order as the store sent it, kept first. `raw` = {"order": a `ChannelOrder`, "store": the store's own rows}.

    `content_digest` is that of the lines, totals and addresses last taken in: it tells an edit from a status change.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ENTERED = "entered", _("Entered")
        IGNORED = "ignored", _("Not to be imported")
        PROBLEM = "problem", _("Problem")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="incoming_orders")
    remote_id = models.CharField(max_length=80)
    version = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    raw = models.JSONField()
    content_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, related_name="incoming")
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="incoming_order_once")]
        indexes = [
            models.Index(fields=["store", "id"], name="incoming_waiting", condition=models.Q(state="waiting")),
        ]


class StatusDebt(models.Model):
    """A status or tracking number a store is to be told: desired, sent, seen. The row is the truth, the job a wake."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="status_debts")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80, unique=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["store", "id"], name="status_debt_open", condition=models.Q(sent_at=None))]


class PushedEvent(models.Model):
    """A nonce of a pushed request, kept for the clock window so that a replay is refused."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "nonce"], name="pushed_event_nonce_once")]
