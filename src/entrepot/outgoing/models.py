"""What other systems are told: where, what of it is still owed, and how each try went.

Nothing is remembered at the moment it happens. An endpoint reads on in rows that exist anyway (orders' events, the
ledger, problems), or compares what it was told of an order with where the order stands; what it is owed is then a
`Notice`, and a notice stays until it was taken.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.inventory.models import Warehouse
from entrepot.orders.models import Order


class Endpoint(models.Model):
    """An address of another system: the one that works in `warehouse`, or one that has asked for `kinds`.

    `secrets` is sealed; until `previous_until` messages are signed with the secret before, too. `positions` says how
    far it has read in each source. `failures` in a row since `failing_since`; nothing is sent before `rests_until`.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")

    class Label(models.TextChoices):
        LINK = "link", _("As a link")
        PDF = "pdf", _("As a PDF inside the message")
        ZPL = "zpl", _("As ZPL inside the message")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.OneToOneField(Warehouse, on_delete=models.CASCADE, null=True, related_name="endpoint")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=40), default=list)
    label = models.CharField(max_length=4, choices=Label.choices, default=Label.LINK)
    secrets = models.BinaryField()
    previous_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    positions = models.JSONField(default=dict)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    last_taken_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "name"], name="endpoint_name_once")]


class Notice(models.Model):
    """One message to an endpoint. `uid` and `body` never change, so a repeat is the same message to the receiver.

    Messages of one `lane` (an order, an item) are taken one after the other. `source` is the row it tells of.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="notices")
    uid = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    lane = models.CharField(max_length=60)
    source = models.BigIntegerField(null=True)
    body = models.TextField()
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "kind", "source"], name="notice_once_for_a_row")]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="notice_newest"),
            models.Index(fields=["endpoint", "lane", "id"], name="notice_open", condition=models.Q(taken_at=None)),
        ]


class Attempt(models.Model):
    """One try to hand a notice over, and what was answered. No secrets, no personal data."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    answer = models.TextField(blank=True)


class Told(models.Model):
    """What a warehouse's system was last told of an order: `facts` = {subject: [kind, digest]}.

    `stamp` stands for the state it was compared with: while the order's stamp is this one, nothing is owed. `over`:
    nothing more is expected to happen to it there.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="told")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    stamp = models.CharField(max_length=32)
    facts = models.JSONField(default=dict)
    over = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "order"], name="told_once_for_an_order")]
        indexes = [models.Index(fields=["endpoint", "order"], name="told_open", condition=models.Q(over=False))]


class Watermark(models.Model):
    """How far a table's ids are complete. Ids are given out before they are committed, so the newest may come late.

    Every id up to `settled` that will ever exist is there. `pending` was the newest id while transaction `until` and
    older ones ran; once they have all ended, it is settled.
    """

    source = models.CharField(max_length=40, unique=True)
    settled = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    until = models.BigIntegerField(default=0)
