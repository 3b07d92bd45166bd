"""What other warehouse systems reported, each message once."""

from django.db import models

from entrepot.accounts.models import Seller


class Message(models.Model):
    """A message that was applied. `key` is the sender's name for it: the same key again is the same message."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    body = models.JSONField(default=dict)
    actor_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "key"], name="warehouse_message_once")]
