"""What a large seller's desk shows at a glance, counted beforehand."""

from django.db import models

from entrepot.accounts.models import Seller


class KeptGlance(models.Model):
    """What `queries.glance.count` said at `counted_at`, and how long that took. Small sellers have none."""

    seller = models.OneToOneField(Seller, on_delete=models.CASCADE, primary_key=True, related_name="+")
    facts = models.JSONField()
    counted_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
