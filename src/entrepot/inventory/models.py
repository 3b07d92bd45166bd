"""Stock as an append-only ledger, and the two running figures it adds up to.

`Stock` holds on hand and reserved per item and warehouse; every change of either is one `Movement` written in the same
transaction. Available = on hand - reserved. The database refuses a reservation beyond what is on hand.

Where goods lie is told by bins: `Stock.located` of what is on hand lies in bins, the rest somewhere in the warehouse
("unlocated"). The database refuses more in bins than is on hand.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item


class Warehouse(models.Model):
    """A place that keeps stock. `mode`: who picks and packs there."""

    class Mode(models.TextChoices):
        OMS_ONLY = "oms_only", _("People at the order desk")
        WMS = "wms", _("Entrepot's warehouse screens")
        EXTERNAL = "external", _("An external warehouse system")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, blank=True)
    is_default = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.OMS_ONLY, db_default=Mode.OMS_ONLY)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "code"], name="warehouse_code_once"),
            models.UniqueConstraint(
                fields=["seller"], condition=models.Q(is_default=True), name="warehouse_one_default"
            ),
        ]


class Stock(models.Model):
    """The running figures of one item in one warehouse. `located` = how much of on hand lies in bins.

    `version` grows by one with every change and never falls; a store's listing remembers the version it was told.
    `changed_at` only narrows the search for stale listings; the version decides.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="stock")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    incoming = models.IntegerField(default=0)
    located = models.IntegerField(default=0, db_default=0)
    version = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "warehouse"], name="stock_once"),
            models.CheckConstraint(condition=models.Q(on_hand__gte=0), name="stock_on_hand_not_negative"),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0) & models.Q(reserved__lte=models.F("on_hand")),
                name="stock_never_promised_twice",
            ),
            models.CheckConstraint(condition=models.Q(incoming__gte=0), name="stock_incoming_not_negative"),
            models.CheckConstraint(
                condition=models.Q(located__gte=0) & models.Q(located__lte=models.F("on_hand")),
                name="stock_in_bins_is_on_hand",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "changed_at"], name="stock_changed"),
            models.Index(fields=["warehouse", "item"], name="stock_loose", condition=Q(on_hand__gt=F("located"))),
        ]

    @property
    def unlocated(self) -> int:
        """What of on hand lies in no bin."""
        return self.on_hand - self.located


class Movement(models.Model):
    """One step of the ledger, never changed or deleted (a trigger refuses it).

    `on_hand_delta` / `reserved_delta` and the figures after it. `reference` names the cause (`order:12`,
    `import:3`, `count:5` …), `version` the stock row's version after the step.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening stock")
        RECEIPT = "receipt", _("Receipt")
        RESERVATION = "reservation", _("Reservation")
        RELEASE = "release", _("Release of a reservation")
        SALE = "sale", _("Sale (left the warehouse)")
        CANCEL = "cancel", _("Cancellation")
        RETURN = "return", _("Return")
        ADJUSTMENT = "adjustment", _("Adjustment")
        COUNT = "count", _("Count")
        TRANSFER_OUT = "transfer_out", _("Transfer out")
        TRANSFER_IN = "transfer_in", _("Transfer in")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="movements")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    on_hand_delta = models.IntegerField()
    reserved_delta = models.IntegerField()
    on_hand_after = models.IntegerField()
    reserved_after = models.IntegerField()
    version = models.BigIntegerField()
    reference = models.CharField(max_length=80)
    reason = models.CharField(max_length=300, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "warehouse", "version"], name="movement_version_once"),
        ]
        indexes = [
            models.Index(fields=["seller", "-id"], name="movement_newest"),
            models.Index(fields=["seller", "reference"], name="movement_reference"),
            models.Index(fields=["item", "-at", "-id"], name="movement_of_item"),
            models.Index(
                fields=["seller", "at"], name="movement_came", condition=models.Q(kind__in=["receipt", "transfer_in"])
            ),
        ]

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """The word for the kind. Django's own translates the words of every kind first, for each row."""
        return str(self.Kind(self.kind).label)


class Reservation(models.Model):
    """What is set aside, for whom: one row per item, warehouse and reference (an order line). Gone when zero."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    item = models.ForeignKey(Item, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    reference = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "item", "warehouse"], name="reservation_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="reservation_some"),
        ]
        indexes = [models.Index(fields=["seller", "item"], name="reservation_item")]


class Zone(models.Model):
    """A part of a warehouse. Bins of a staging zone hold what is picked and waits to leave."""

    class Kind(models.TextChoices):
        STORAGE = "storage", _("Storage")
        STAGING = "staging", _("Staging")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="zones")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.STORAGE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warehouse", "code"], name="zone_code_once")]


class Bin(models.Model):
    """A place with a label. `code` is what the scanner reads; `path` puts bins in walking order (A-2 before A-10)."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="bins")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="bins")
    code = models.CharField(max_length=40)
    path = models.CharField(max_length=120, db_collation="C")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warehouse", "code"], name="bin_code_once")]
        indexes = [models.Index(fields=["warehouse", "path", "id"], name="bin_path")]


class BinStock(models.Model):
    """How much of an item lies in a bin. A row at zero remembers where the item lay.

    Written only by who holds the lock of the item's stock row in that warehouse.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE)
    bin = models.ForeignKey(Bin, on_delete=models.CASCADE, related_name="stock")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="bin_stock")
    quantity = models.IntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bin", "item"], name="bin_stock_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="bin_stock_not_negative"),
        ]
        indexes = [models.Index(fields=["item", "warehouse"], name="bin_stock_item")]


class BinMove(models.Model):
    """One step between bins, never changed or deleted. No `from_bin` / `to_bin` = from or to what has no bin."""

    class Kind(models.TextChoices):
        PUT_AWAY = "put_away", _("Put away")
        TAKE_OUT = "take_out", _("Taken out of the bin")
        MOVE = "move", _("Moved")
        PICK = "pick", _("Picked")
        LEAVE = "leave", _("Left with the stock figure")
        COUNT = "count", _("Counted")
        RETURN = "return", _("Returned")
        ARRIVE = "arrive", _("Arrived in the bin")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="bin_moves")
    from_bin = models.ForeignKey(Bin, on_delete=models.PROTECT, null=True, related_name="moves_out")
    to_bin = models.ForeignKey(Bin, on_delete=models.PROTECT, null=True, related_name="moves_in")
    quantity = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reference = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="bin_move_some"),
            models.CheckConstraint(
                condition=models.Q(from_bin__isnull=False) | models.Q(to_bin__isnull=False), name="bin_move_has_a_bin"
            ),
        ]
        indexes = [
            models.Index(fields=["from_bin", "-id"], name="bin_move_out"),
            models.Index(fields=["to_bin", "-id"], name="bin_move_in"),
            models.Index(fields=["seller", "item", "-id"], name="bin_move_item"),
        ]

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """The word for the kind. Django's own translates the words of every kind first, for each row."""
        return str(self.Kind(self.kind).label)
