"""The connection to a store: its row, its limit of calls, its consent, its carriers."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.orders.models import SalesChannel


class Store(models.Model):
    """A connected store. Shares its primary key with its sales channel.

    `state` is a decision (shadow, live, paused …); whether work is waiting is arithmetic over rows. `limit_key` names
    the `Limit` it shares; `penalty_until` is a pause the store asked for. `memory` holds what its connector remembers,
    `grant_ends_at` when its owner's consent ends (the tokens themselves lie sealed in `credentials`).
    """

    class State(models.TextChoices):
        SHADOW = "shadow", _("Shadow (read only)")
        LIVE = "live", _("Live")
        PAUSED = "paused", _("Paused")
        BROKEN = "broken", _("Needs attention")
        DISCONNECTED = "disconnected", _("Disconnected")

    sales_channel = models.OneToOneField(SalesChannel, on_delete=models.PROTECT, primary_key=True, related_name="store")
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    connector = models.CharField(max_length=20)
    identity = models.CharField(max_length=200)
    url = models.CharField(max_length=500, blank=True)
    remote_name = models.CharField(max_length=255, blank=True)
    remote_version = models.CharField(max_length=40, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    credentials = models.BinaryField(default=bytes)
    settings = models.JSONField(default=dict)
    info = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SHADOW)
    resume_state = models.CharField(max_length=20, blank=True)
    state_reason = models.CharField(max_length=40, blank=True)
    memory = models.JSONField(default=dict)
    grant_ends_at = models.DateTimeField(null=True)
    limit_key = models.CharField(max_length=120, blank=True)
    order_cursor = models.CharField(max_length=400, blank=True)
    orders_due_at = models.DateTimeField(null=True)
    orders_seen_at = models.DateTimeField(null=True)
    states_checked_at = models.DateTimeField(null=True)
    drift_checked_at = models.DateTimeField(null=True)
    penalty_until = models.DateTimeField(null=True)
    connected_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "connector", "identity"],
                condition=~models.Q(state="disconnected") & ~models.Q(identity=""),
                name="store_same_shop_once",
            ),
        ]
        indexes = [models.Index(fields=["limit_key"], name="store_limit")]

    @property
    def writable(self) -> bool:
        """Whether anything may be written to the store."""
        return self.state == self.State.LIVE


class Limit(models.Model):
    """A rate limit that one store or several share: GCRA's theoretical arrival times, on the database's clock.

    `tat` is that of the bucket, `pace_tat` that of the highest rate within it.
    """

    key = models.CharField(max_length=120, unique=True)
    tat = models.FloatField(default=0)
    pace_tat = models.FloatField(default=0)


class Consent(models.Model):
    """A connection that waits for its shop's owner to agree in the store's own pages. Used once, within the hour.

    `facts` = what the connect form said; `store` is there when a known store is authorized again.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    connector = models.CharField(max_length=20)
    state_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64, blank=True)
    credentials = models.BinaryField(default=bytes)
    facts = models.JSONField(default=dict)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, null=True, related_name="consents")
    started_by = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class RemoteCarrier(models.Model):
    """A carrier as the store lists it; `remote_id` is what the store wants to be told."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="carriers")
    remote_id = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    tracking_url = models.CharField(max_length=500, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="remote_carrier_once")]
