"""The work of a warehouse: what comes in, is counted, picked, packed, handed over and comes back.

Where goods lie is `inventory`'s (zones, bins, bin stock); these rows say who is to do what, and what was done.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item
from entrepot.fulfilment.models import Shipment
from entrepot.inventory.models import Bin, Warehouse, Zone
from entrepot.orders.models import Order, OrderLine
from entrepot.warehouse.messages import Message  # noqa: F401 - Django looks for models here


class Series(models.Model):
    """The last number given to a seller's papers of one kind (`R` receipts, `T` transfers, `C` counts …)."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    prefix = models.CharField(max_length=4)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "prefix"], name="series_once")]


class Receipt(models.Model):
    """Goods on their way in. `reference`: the paper of whoever sends them (a purchase, a delivery note).

    A transfer is a receipt whose goods have left `from_warehouse` already: what is sent and not yet received is in
    transit, and stands as incoming at the stock of `warehouse`.
    """

    class Kind(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        BLIND = "blind", _("Not announced")
        TRANSFER = "transfer", _("Transfer")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="receipts")
    from_warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, null=True, related_name="transfers_out")
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    supplier = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    expected_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="receipt_number_once"),
            models.CheckConstraint(
                condition=Q(kind="transfer", from_warehouse__isnull=False)
                | (~Q(kind="transfer") & Q(from_warehouse__isnull=True)),
                name="receipt_transfer_has_origin",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "state", "-id"], name="receipt_newest"),
            models.Index(fields=["seller", "reference"], name="receipt_reference"),
        ]


class ReceiptLine(models.Model):
    """How much of an item is expected, and has come. What is missing or too much is arithmetic."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    expected = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["receipt", "item"], name="receipt_line_once")]


class Count(models.Model):
    """A cycle count: people count without seeing the books, and differences change them once a manager approves."""

    class State(models.TextChoices):
        COUNTING = "counting", _("Counting")
        TO_APPROVE = "to_approve", _("Waits for approval")
        DONE = "done", _("Done")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="counts")
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State.choices, default=State.COUNTING)
    by_bin = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=120)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "number"], name="count_number_once")]
        indexes = [models.Index(fields=["seller", "state", "-id"], name="count_newest")]


class CountLine(models.Model):
    """One item in one bin to be counted; no bin = what of it has none; no item = an empty bin.

    `expected` is what the books said at the moment `counted` was entered: the difference is what approval adds, so
    whatever moved since then stays moved.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be counted")
        COUNTED = "counted", _("Counted")
        APPROVED = "approved", _("Approved")
        DROPPED = "dropped", _("Left as it was")

    count = models.ForeignKey(Count, on_delete=models.CASCADE, related_name="lines")
    bin = models.ForeignKey(Bin, on_delete=models.PROTECT, null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    rounds = models.PositiveSmallIntegerField(default=0)
    expected = models.PositiveIntegerField(null=True)
    counted = models.PositiveIntegerField(null=True)
    counted_by = models.CharField(max_length=120, blank=True)
    counted_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["count", "bin", "item"], name="count_line_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, expected__isnull=True)
                | Q(counted__isnull=False, expected__isnull=False),
                name="count_line_knows_what_was_expected",
            ),
        ]


class WorkOrder(models.Model):
    """An order released to this warehouse. `ship_to` is its address, `carrier` a hint, `due` when it should leave."""

    class State(models.TextChoices):
        RELEASED = "released", _("Released")
        PICKING = "picking", _("Being picked")
        PICKED = "picked", _("Picked")
        PACKED = "packed", _("Packed")
        HANDED_OVER = "handed_over", _("Handed over")
        RECALLED = "recalled", _("Recalled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="work")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="work")
    number = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RELEASED)
    ship_to = models.JSONField(default=dict)
    carrier = models.CharField(max_length=80, blank=True)
    due = models.DateTimeField(null=True)
    recall_reason = models.CharField(max_length=300, blank=True)
    released_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "warehouse"], condition=~Q(state="recalled"), name="work_once_for_an_order"
            ),
        ]
        indexes = [
            models.Index(fields=["warehouse", "state", "due", "id"], name="work_next"),
            models.Index(fields=["seller", "number"], name="work_number"),
        ]


class WorkLine(models.Model):
    """How much of an item an order wants from the shelves. A kit is here as its parts. Progress is arithmetic."""

    work = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="work_lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField()
    picked = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)
    packed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "order_line", "item"], name="work_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="work_line_some"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("short")), name="work_line_within_quantity"
            ),
            models.CheckConstraint(condition=Q(packed__lte=F("picked")), name="work_line_packed_was_picked"),
        ]


class Wave(models.Model):
    """Work picked together: single-line orders as one batch, a cart with a tote for each order, or by zone."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("Single-line batch")
        CART = "cart", _("Cart with totes")
        ZONE = "zone", _("By zone")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PICKING = "picking", _("Being picked")
        DONE = "done", _("Done")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="waves")
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "number"], name="wave_number_once")]
        indexes = [models.Index(fields=["warehouse", "state", "-id"], name="wave_newest")]


class Tote(models.Model):
    """A box with a label that holds what is picked for one order; `work` None = it is free."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="totes")
    code = models.CharField(max_length=40)
    work = models.OneToOneField(WorkOrder, on_delete=models.SET_NULL, null=True, related_name="tote")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warehouse", "code"], name="tote_code_once")]


class PickList(models.Model):
    """One walk through the warehouse by one person. A wave by zones has one for each zone."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PICKING = "picking", _("Being picked")
        DONE = "done", _("Done")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="pick_lists")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True)
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    picker = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "number"], name="pick_list_number_once")]
        indexes = [models.Index(fields=["seller", "state", "-id"], name="pick_list_newest")]


class PickLine(models.Model):
    """Take `quantity` of an item for one work line out of a bin; no bin = it has none. `position` is the path."""

    pick_list = models.ForeignKey(PickList, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    work_line = models.ForeignKey(WorkLine, on_delete=models.CASCADE, related_name="pick_lines")
    bin = models.ForeignKey(Bin, on_delete=models.PROTECT, null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField()
    picked = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)
    tote = models.ForeignKey(Tote, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pick_list", "position"], name="pick_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pick_line_some"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("short")), name="pick_line_within_quantity"
            ),
        ]


class Pack(models.Model):
    """A parcel on the packing table: its box, its weight, and that its label was printed.

    What lies in it is told by its `shipment`.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    work = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="packs")
    shipment = models.OneToOneField(Shipment, on_delete=models.CASCADE, null=True, related_name="pack")
    box = models.CharField(max_length=40, blank=True)
    weight_grams = models.PositiveIntegerField(null=True)
    packed_at = models.DateTimeField()
    packed_by = models.CharField(max_length=120)
    label_printed_at = models.DateTimeField(null=True)


class Manifest(models.Model):
    """What one carrier takes at one collection."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="manifests")
    number = models.CharField(max_length=20)
    carrier = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "number"], name="manifest_number_once")]
        indexes = [models.Index(fields=["warehouse", "state", "-id"], name="manifest_newest")]


class ManifestLine(models.Model):
    """A parcel scanned onto a manifest; a parcel leaves once."""

    manifest = models.ForeignKey(Manifest, on_delete=models.CASCADE, related_name="lines")
    shipment = models.OneToOneField(Shipment, on_delete=models.CASCADE, related_name="manifest_line")
    scanned = models.CharField(max_length=80)
    scanned_at = models.DateTimeField()
    scanned_by = models.CharField(max_length=120)


class Return(models.Model):
    """What comes back of an order: announced, received, graded."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        RECEIVED = "received", _("Received")
        DONE = "done", _("Graded")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="returns")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="returns")
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.EXPECTED)
    tracking_number = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "number"], name="return_number_once")]
        indexes = [
            models.Index(fields=["warehouse", "state", "-id"], name="return_newest"),
            models.Index(fields=["seller", "tracking_number"], name="return_tracking"),
        ]


class ReturnLine(models.Model):
    """Some of an order's line as it came back, graded: good goes on the shelf (`bin`), the rest is scrapped."""

    class Grade(models.TextChoices):
        AS_NEW = "as_new", _("As new")
        OPENED = "opened", _("Opened, can be sold")
        DAMAGED = "damaged", _("Damaged")
        WRONG = "wrong", _("Not what was sold")

    back = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="back")
    grade = models.CharField(max_length=10, choices=Grade.choices, blank=True)
    quantity = models.PositiveIntegerField()
    restocked = models.BooleanField(default=False)
    bin = models.ForeignKey(Bin, on_delete=models.PROTECT, null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["back", "order_line", "grade"], name="return_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="return_line_some"),
        ]
