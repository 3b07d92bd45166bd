"""Parcels: what leaves for an order, with which carrier, under which number, and where it is; the seller's carriers.

A carrier gives the seller ranges of waybill numbers; a `Waybill` is one number of them that was taken, for good.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.inventory.models import Warehouse
from entrepot.orders.models import Order, OrderLine, SalesChannel


class Carrier(models.Model):
    """A carrier that the seller has an agreement with. `kind` = its line of the table in `carriers.py`; "" = any other.

    Not `active`: nothing is given to it any more; what was stays. `plugin` = the plug-in that buys its labels, with
    the seller's `account` there, sealed; "" = numbers come from ranges, by hand or by file.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=120)
    tracking_url = models.CharField(max_length=500, blank=True)
    service = models.CharField(max_length=60, blank=True)
    freight = models.CharField(max_length=10, blank=True)
    low_at = models.PositiveIntegerField(default=100)
    plugin = models.CharField(max_length=40, blank=True, db_default="")
    account = models.BinaryField(null=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "name"], name="carrier_name_once")]


class CarrierRule(models.Model):
    """Orders that fit every condition go with the carrier; the first rule by `position` that fits. Empty = any.

    Postcodes are compared as text; `sku` is a pattern with * for anything, which one line must fit. Weights in grams;
    `value_*` in `currency`, an order in another currency does not fit.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveIntegerField()
    countries = ArrayField(models.CharField(max_length=2), default=list)
    postcode_from = models.CharField(max_length=20, blank=True)
    postcode_to = models.CharField(max_length=20, blank=True)
    weight_from = models.PositiveIntegerField(null=True)
    weight_to = models.PositiveIntegerField(null=True)
    value_from = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    value_to = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    sku = models.CharField(max_length=255, blank=True)
    sales_channel = models.ForeignKey(SalesChannel, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["seller", "position", "id"], name="carrier_rule_order")]


class WaybillRange(models.Model):
    """Numbers a carrier has given, `first` … `last`, written with `digits` digits after `prefix`; `next` is free.

    `mod7`: the carrier counts in serials and adds their remainder by 7 as a last digit (said by the seller, whose
    contract it is). Two ranges of a carrier never share a number, closed ones neither.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="ranges")
    prefix = models.CharField(max_length=10, blank=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    next = models.BigIntegerField()
    digits = models.PositiveSmallIntegerField()
    mod7 = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first__gte=0, first__lte=models.F("last")), name="waybill_range_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(next__gte=models.F("first"), next__lte=models.F("last") + 1),
                name="waybill_range_next_within",
            ),
            ExclusionConstraint(
                name="waybill_ranges_apart",
                expressions=[
                    ("carrier", RangeOperators.EQUAL),
                    ("prefix", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "first", "last", models.Value("[]"), function="int8range", output_field=models.TextField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def written(self, serial: int) -> str:
        """A serial as the carrier writes it, without a last digit that is counted."""
        return f"{self.prefix}{serial:0{self.digits}d}"

    @property
    def first_text(self) -> str:
        """The first number as it was entered."""
        return self.written(self.first)

    @property
    def last_text(self) -> str:
        """The last one."""
        return self.written(self.last)

    @property
    def next_text(self) -> str:
        """The one that is given next."""
        return self.written(self.next)

    @property
    def left(self) -> int:
        """How many numbers are free."""
        return 0 if self.closed else self.last - self.next + 1


class ShipFrom(models.Model):
    """Who sends from a warehouse (none named: from all others), as it stands on labels. `address`: its lines."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=120)
    company = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=500)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "warehouse"], name="ship_from_once", nulls_distinct=False)
        ]


class Box(models.Model):
    """A box of the packing table: outer millimetres, and its own weight in grams."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    length_mm = models.PositiveIntegerField()
    width_mm = models.PositiveIntegerField()
    height_mm = models.PositiveIntegerField()
    weight_grams = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "name"], name="box_name_once")]


class Shipment(models.Model):
    """A parcel of one order. `state` is a decision of `flow.SHIPMENT_FLOW`.

    `carrier` is the code its store knows the carrier by, else the carrier's name; `tracking_number` is text, as the
    carrier wrote it. `remote_id` is the store's own id of the parcel, once it has told one. `version` grows with every
    change, and `told_version` is the version its store knows: what is between them has still to be told. `carrier_ref`
    is the carrier of our own that has it and `chosen_because` why, as [sentence, words for it]. `label_made_at` = its
    store knew of it and its label could be printed.
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
    carrier_ref = models.ForeignKey(Carrier, on_delete=models.SET_NULL, null=True, related_name="shipments")
    chosen_because = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    label_made_at = models.DateTimeField(null=True)
    weight_grams = models.PositiveIntegerField(null=True)
    box = models.ForeignKey(Box, on_delete=models.SET_NULL, null=True, related_name="+")
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
            models.Index(
                fields=["seller", "order"],
                name="shipment_unlabelled",
                condition=models.Q(label_made_at=None, state="packed"),
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


class Waybill(models.Model):
    """A number of a range that was taken. It stays taken, whatever becomes of its parcel."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="waybills")
    number = models.CharField(max_length=40)
    shipment = models.ForeignKey(Shipment, on_delete=models.SET_NULL, null=True, related_name="waybills")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "number"], name="waybill_number_once")]


class Purchase(models.Model):
    """A label asked of a carrier. It is written before the carrier is asked: one that stays `asked` may be sold there.

    `reference` is what the carrier was told the parcel is called. A parcel has at most one that is asked or bought.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        BOUGHT = "bought", _("Bought")
        REFUSED = "refused", _("Refused")
        CANCELED = "canceled", _("Given back")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="purchases")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="purchases")
    reference = models.CharField(max_length=35, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    remote_id = models.CharField(max_length=120, blank=True)
    form = models.CharField(max_length=3, blank=True)
    label = models.BinaryField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment"],
                condition=models.Q(state__in=["asked", "bought"]),
                name="purchase_once_for_a_parcel",
            )
        ]
        indexes = [models.Index(fields=["seller", "shipment"], name="purchase_of_parcel")]
