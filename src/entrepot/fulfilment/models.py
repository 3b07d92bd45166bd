"""Parcels: what leaves for an order, with which carrier, under which number, and where it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.orders.models import Order, OrderLine


class Shipment(models.Model):
    """A parcel of one order. `state` is a decision of `flow.SHIPMENT_FLOW`.

    `carrier` is the code its store knows the carrier by, else the carrier's name; `tracking_number` is text, as the
    carrier wrote it. `remote_id` is the store's own id of the parcel, once it has told one. `version` grows with every
    change, and `told_version` is the version its store knows: what is between them has still to be told.
    """

    class State(models.TextChoices):
        PACKED = "packed", _("Packed")
        HANDED_OVER = "handed_over", _("Handed over")
        DELIVERED = "delivered", _("Delivered")
        VOID = "void", _("Void")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shipments")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PACKED)
    carrier = models.CharField(max_length=80, blank=True)
    carrier_name = models.CharField(max_length=120, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    tracking_url = models.CharField(max_length=500, blank=True)
    remote_id = models.CharField(max_length=80, blank=True)
    version = models.BigIntegerField(default=1)
    told_version = models.BigIntegerField(default=0, db_default=0)
    packed_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "remote_id"], condition=~models.Q(remote_id=""), name="shipment_remote_once"
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-id"], name="shipment_newest"),
            models.Index(fields=["seller", "tracking_number"], name="shipment_tracking"),
            models.Index(fields=["order", "id"], name="shipment_of_order"),
            models.Index(
                fields=["seller", "order"],
                name="shipment_untold",
                condition=models.Q(version__gt=models.F("told_version")),
            ),
        ]


class ShipmentLine(models.Model):
    """How much of an order's line lies in a parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="parcels")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="shipment_line_has_quantity"),
        ]
