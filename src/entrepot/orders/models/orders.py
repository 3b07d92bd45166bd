"""Orders as Entrepot carries them: lines, totals, and everything that happened to them."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item


class SalesChannel(models.Model):
    """Where orders come from, as a name on the desk. A connected store's settings hang on it in `channels`."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "name"], name="sales_channel_name_once")]


class Status(models.TextChoices):
    """The statuses of the desk (spec §4.3). Their moves are in `flow.py`."""

    NEW = "new", _("New")
    PARTIAL = "partial", _("Partial")
    RFP = "rfp", _("Ready for packing")
    READY_TO_SHIP = "ready_to_ship", _("Ready to ship")
    IN_TRANSIT = "in_transit", _("In transit")
    COMPLETE = "complete", _("Complete")
    CANCEL_IN_PROCESS = "cancel_in_process", _("Cancel in process")
    CANCELED = "canceled", _("Canceled")
    SELLER_CANCEL_IN_PROCESS = "seller_cancel_in_process", _("Cancelled by seller in process")
    SELLER_CANCELED = "seller_canceled", _("Cancelled by seller")
    RETURN_IN_PROCESS = "return_in_process", _("Return in process")
    RETURNED = "returned", _("Returned")
    UNPAID_CANCELED = "unpaid_canceled", _("Cancelled before payment")
    ON_HOLD = "on_hold", _("On hold")


class PackGroup(models.Model):
    """Orders of one buyer to one address that leave in one parcel (merged, 합포장). They stay orders of their own."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)


class Facets(models.Expression):
    """What else an order is filtered by, as one array that an index holds: `country:KR`, `payment:…`, `comment`."""

    columns = ("shipping", "payment_method", "origin", "comment", "pickup")

    def __init__(self) -> None:
        super().__init__(output_field=ArrayField(models.TextField()))
        self.sources: list[Any] = [models.F(name) for name in self.columns]

    def get_source_expressions(self) -> list[Any]:
        return self.sources

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sources = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:  # noqa: ANN401, ARG002 - Django's own signature
        shipping, payment, origin, comment, pickup = (compiler.compile(one)[0] for one in self.sources)
        parts = (
            f"'country:' || COALESCE({shipping} ->> 'country_code', '')",
            f"'payment:' || {payment}",
            f"'origin:' || {origin}",
            f"CASE WHEN {comment} <> '' THEN 'comment' ELSE '' END",
            f"CASE WHEN {pickup} THEN 'pickup' ELSE '' END",
        )
        return f"(ARRAY[{', '.join(parts)}])", ()


class Order(models.Model):
    """One order. Amounts are in `base_currency`, without rounding; the buyer saw amount × `rate` in `currency`.

    `follows`: the remote id of the order this is a part of, which travels on its own. `origin`: the market the buyer
    bought in, where it is not the store itself. `hold_code` names why it is on hold (`unmapped_sku`, `unmapped_status`,
    `address_incomplete`, `person`, …) and `held_from` the status it goes back to. `version` grows with every change,
    for optimistic locking on screens. A part that was split off here has the order it came from as `split_from` and
    the remote id `whole~2`; its store knows the whole only. `ran_short`: it was Partial at some time, so it asked for
    stock that was not there. `handed_over_at`: when it left, as far as that was seen; `life.take` writes both.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    sales_channel = models.ForeignKey(SalesChannel, on_delete=models.PROTECT, related_name="orders")
    remote_id = models.CharField(max_length=80)
    number = models.CharField(max_length=80)
    status = models.CharField(max_length=30, choices=Status.choices)
    hold_code = models.CharField(max_length=40, blank=True)
    held_from = models.CharField(max_length=30, blank=True)
    remote_status_id = models.CharField(max_length=40, blank=True)
    remote_version = models.BigIntegerField(default=0)
    placed_at = models.DateTimeField()
    base_currency = models.CharField(max_length=3)
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=19, decimal_places=8, default=1)
    total = models.DecimalField(max_digits=19, decimal_places=4)
    buyer_name = models.CharField(max_length=200, blank=True)
    buyer_email = models.CharField(max_length=254, blank=True)
    buyer_phone = models.CharField(max_length=60, blank=True)
    shipping = models.JSONField(null=True)
    billing = models.JSONField(null=True)
    payment_method = models.CharField(max_length=200, blank=True)
    shipping_method = models.CharField(max_length=200, blank=True)
    comment = models.TextField(blank=True)
    follows = models.CharField(max_length=80, blank=True, db_default="")
    origin = models.CharField(max_length=80, blank=True, db_default="")
    pickup = models.BooleanField(db_default=False)
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="split_parts")
    pack_group = models.ForeignKey(PackGroup, on_delete=models.SET_NULL, null=True, related_name="orders")
    tags = ArrayField(models.CharField(max_length=40), default=list)
    ran_short = models.BooleanField(default=False, db_default=False)
    handed_over_at = models.DateTimeField(null=True)
    search_text = models.TextField(blank=True)
    version = models.BigIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sales_channel", "remote_id"], name="order_exactly_once"),
            models.CheckConstraint(
                condition=models.Q(status=Status.ON_HOLD, hold_code__gt="") | ~models.Q(status=Status.ON_HOLD),
                name="order_hold_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["seller", "status", "-placed_at", "-id"], name="order_status_newest"),
            models.Index(fields=["sales_channel", "-placed_at", "-id"], name="order_channel_newest"),
            models.Index(fields=["sales_channel", "follows"], name="order_follows", condition=models.Q(follows__gt="")),
            models.Index(
                fields=["seller", "placed_at", "id"], name="order_partial", condition=models.Q(status="partial")
            ),
            models.Index(fields=["seller", "-placed_at", "-id"], name="order_tagged", condition=~models.Q(tags=[])),
            models.Index(
                fields=["seller", "-placed_at", "-id"], name="order_held", condition=models.Q(hold_code__gt="")
            ),
            models.Index(fields=["seller", "total"], name="order_value"),
            models.Index(
                fields=["seller", "handed_over_at"],
                name="order_left",
                include=["placed_at", "sales_channel"],
                condition=models.Q(handed_over_at__isnull=False),
            ),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="order_words"),
            GinIndex(Facets(), name="order_facets"),
        ]


class OrderCount(models.Model):
    """By how many the orders of a channel at a status became more or fewer; their sum is how many there are.

    Triggers of the order table write a row for each statement, so writers never wait for each other; `fold_counts` adds
    the rows up from time to time.
    """

    seller = models.ForeignKey(Seller, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    sales_channel = models.ForeignKey(
        SalesChannel, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    status = models.CharField(max_length=30)
    n = models.BigIntegerField()


class OrderLine(models.Model):
    """One line. `item` None = not matched to our catalogue yet (the order is on hold for `unmapped_sku`).

    How much of it is set aside is the sum of the reservations under `reference`; progress is arithmetic.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    remote_id = models.CharField(max_length=80)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True)
    product_remote_id = models.CharField(max_length=80, blank=True)
    variation_key = models.CharField(max_length=200, blank=True)
    sku = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=500)
    model = models.CharField(max_length=255, blank=True)
    options = models.JSONField(default=list)
    quantity = models.PositiveIntegerField()
    canceled = models.PositiveIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0, db_default=0)
    unit_price = models.DecimalField(max_digits=19, decimal_places=4)
    line_total = models.DecimalField(max_digits=19, decimal_places=4)
    unit_tax = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(
                condition=models.Q(canceled__lte=models.F("quantity"), shipped__lte=models.F("quantity")),
                name="order_line_within_quantity",
            ),
            models.CheckConstraint(
                condition=models.Q(returned__lte=models.F("shipped")), name="order_line_returned_was_shipped"
            ),
        ]
        indexes = [models.Index(fields=["item", "order"], name="order_line_item")]

    @property
    def reference(self) -> str:
        """The name under which this line's stock is set aside."""
        return f"line:{self.pk}"


class OrderClaim(models.Model):
    """A wish to cancel, send back or exchange lines, as its store has it; `lines` = [[line id there, quantity], …]."""

    class Kind(models.TextChoices):
        CANCEL = "cancel", _("Cancellation")
        RETURN = "return", _("Return")
        EXCHANGE = "exchange", _("Exchange")

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        ACCEPTED = "accepted", _("Accepted")
        RECEIVED = "received", _("Goods are back")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="claims")
    remote_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    lines = models.JSONField(default=list)
    reason = models.CharField(max_length=2000, blank=True)
    asked_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "kind", "remote_id"], name="order_claim_once")]


class OrderTotal(models.Model):
    """A row of the store's totals, kept as it was."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="totals")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=255)
    amount = models.DecimalField(max_digits=19, decimal_places=4)


class OrderEvent(models.Model):
    """One step on the order's time line. `kind` is a dotted verb; `facts` fill its sentence."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    from_status = models.CharField(max_length=30, blank=True)
    to_status = models.CharField(max_length=30, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["order", "id"], name="order_event_order")]


class OrderNote(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField(auto_now_add=True)
    author = models.CharField(max_length=120)
    text = models.TextField()
