"""Our books about each store: the connection, what we list there, what came in, what we owe it, what went wrong."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item, Product
from entrepot.orders.models import Order, SalesChannel


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


class Announced(models.Model):
    """An order that an event named and that was not fetched since. `at` = the newest event; one refused waits."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    remote_id = models.CharField(max_length=80)
    at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="announced_once")]


class RemoteCarrier(models.Model):
    """A carrier as the store lists it; `remote_id` is what the store wants to be told."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="carriers")
    remote_id = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    tracking_url = models.CharField(max_length=500, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="remote_carrier_once")]


class Listing(models.Model):
    """An item as sold in one store. `desired / sent / seen`: what we owe, what we told, what the store showed.

    Stale = the item's stock version is above `sent_version`, or `force_push`. `sent_*` are what the store acknowledged;
    `seen_*` what it showed when last read. A refusal stands on the row until the next try at `next_try_at`. `agreed` =
    price, retail price, title and active as both sides last agreed on them; what the store shows otherwise was changed
    there and is a `Difference`.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Inactive")
        MISSING = "missing", _("Missing in the store")
        DELETED = "deleted", _("Deleted in the store")
        UNLINKED = "unlinked", _("Unlinked")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="listings")
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="listings")
    remote_id = models.CharField(max_length=80)
    variation_key = models.CharField(max_length=200, blank=True)
    parent_id = models.CharField(max_length=80, blank=True)
    remote_sku = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=500)
    options = models.JSONField(default=list)
    price = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    retail_price = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=3)
    image_url = models.CharField(max_length=1000, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    buffer = models.PositiveIntegerField(null=True)
    maximum = models.PositiveIntegerField(null=True)
    share_percent = models.PositiveSmallIntegerField(null=True)
    stock_push = models.BooleanField(default=True)
    force_push = models.BooleanField(default=False)
    sent_version = models.BigIntegerField(default=-1)
    sent_quantity = models.IntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    seen_quantity = models.IntegerField(null=True)
    seen_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_reason = models.CharField(max_length=500, blank=True)
    agreed = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "remote_id", "variation_key"], name="listing_once"),
        ]
        indexes = [
            models.Index(fields=["item", "store"], name="listing_item"),
            models.Index(fields=["seller", "-id"], name="listing_newest"),
            models.Index(fields=["store"], name="listing_forced", condition=models.Q(force_push=True)),
            models.Index(fields=["store", "next_try_at"], name="listing_retry", condition=models.Q(attempts__gt=0)),
            models.Index(fields=["store", "id"], name="listing_unmatched", condition=models.Q(item=None)),
        ]


class ListingChange(models.Model):
    """Something a store is to change of what it lists: desired (`fields`), sent, seen; the row is the truth.

    A price concerns one `listing`; the other kinds concern the whole product `remote_id` there. `before` is what the
    store showed when it was asked for. `product` is what a creation is made of; `remote_id` is known once it exists.
    """

    class Kind(models.TextChoices):
        CREATE = "create", _("List it")
        UPDATE = "update", _("Change it")
        PRICE = "price", _("Change the price")
        ACTIVATE = "activate", _("Show it")
        DEACTIVATE = "deactivate", _("Hide it")
        DELETE = "delete", _("Delete it there")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Refused by the store")
        OVERTAKEN = "overtaken", _("Overtaken by a later wish")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="listing_changes")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, null=True, related_name="changes")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="listing_changes")
    remote_id = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    key = models.CharField(max_length=80, unique=True)
    fields = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    seen = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["store", "id"], name="listing_change_open", condition=models.Q(state="waiting")),
            models.Index(fields=["store", "remote_id", "-id"], name="listing_change_product"),
            models.Index(fields=["seller", "-id"], name="listing_change_newest"),
        ]


class Difference(models.Model):
    """A change made in the store's own admin: `field` of a listing was agreed to be `ours` and is shown as `theirs`."""

    class Decision(models.TextChoices):
        THEIRS = "theirs", _("The store's was taken")
        OURS = "ours", _("Ours was sent again")
        GONE = "gone", _("They agree again")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="differences")
    field = models.CharField(max_length=20)
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "field"], condition=models.Q(decided_at=None), name="difference_open_once"
            )
        ]
        indexes = [
            models.Index(fields=["seller", "-id"], name="difference_open", condition=models.Q(decided_at=None)),
        ]


class StockTold(models.Model):
    """History of what a store was told or showed, for "why is it 3?": one row per change, never updated."""

    class Kind(models.TextChoices):
        SENT = "sent"
        SEEN = "seen"

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="told")
    at = models.DateTimeField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    quantity = models.IntegerField(null=True)
    version = models.BigIntegerField(null=True)
    cause = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["listing", "-at"], name="stock_told_newest")]


class RemoteCategory(models.Model):
    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    remote_id = models.CharField(max_length=80)
    parent_id = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=255)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="remote_category_once")]


class RemoteBrand(models.Model):
    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    remote_id = models.CharField(max_length=80)
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="remote_brand_once")]


class RemoteAttribute(models.Model):
    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    remote_id = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    group = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "remote_id"], name="remote_attribute_once")]


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


class Run(models.Model):
    """One long errand at a store: first import, product sync, order sync, drift check. Resumable at `cursor`."""

    class Kind(models.TextChoices):
        FIRST_IMPORT = "first_import", _("First import")
        PRODUCTS = "products", _("Product sync")
        ORDERS = "orders", _("Order sync")
        STOCK = "stock", _("Stock sync")
        DRIFT = "drift", _("Stock check")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        WAITING = "waiting", _("Waiting for the store")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    phase = models.CharField(max_length=20, blank=True)
    cursor = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    counts = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    started_by = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    progressed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind"],
                condition=models.Q(state__in=["running", "waiting"]),
                name="run_one_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["store", "-id"], name="run_newest")]


class Finding(models.Model):
    """A line of the SKU doctor: something of the store that could not be taken as it is, and what to do."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="findings")
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True)
    code = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=80)
    variation_key = models.CharField(max_length=200, blank=True)
    sku = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    blocking = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "code", "remote_id", "variation_key"], name="finding_once"),
        ]


class Problem(models.Model):
    """Something a person should look at. One open row per cause; it says what, where and what to do.

    `object_type`/`object_id` name what it stands on (`store`, `listing`, `incoming_order`, `order`, `run`).
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, null=True, related_name="problems")
    code = models.CharField(max_length=40)
    object_type = models.CharField(max_length=20)
    object_id = models.CharField(max_length=40)
    fields = models.JSONField(default=dict)
    detail = models.TextField(blank=True)
    occurrences = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "code", "object_type", "object_id"],
                condition=models.Q(resolved_at=None),
                name="problem_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["seller", "-last_at"], name="problem_open", condition=models.Q(resolved_at=None)),
            models.Index(fields=["seller", "object_type", "object_id"], name="problem_object"),
        ]


class Drift(models.Model):
    """A difference found between what we told a store and what it shows, named and what was done about it."""

    class Cause(models.TextChoices):
        SOLD_THERE = "sold_there", _("Sold in the store, order not taken in yet")
        EDITED_THERE = "edited_there", _("Changed in the store's admin")
        LOST_WRITE = "lost_write", _("Our last write was lost")
        CANCELED_THERE = "canceled_there", _("Given back by a cancellation in the store")
        MISSING = "missing", _("No longer in the store")

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="drifts")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="drifts")
    found_at = models.DateTimeField()
    told = models.IntegerField(null=True)
    shown = models.IntegerField(null=True)
    cause = models.CharField(max_length=20, choices=Cause.choices)
    repaired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["store", "-id"], name="drift_newest")]


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


class JournalEntry(models.Model):
    """One call between Entrepot and a store, masked: no secrets, no personal data. `about` = ["order:12", …]."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="journal")
    at = models.DateTimeField()
    incoming = models.BooleanField(default=False)
    method = models.CharField(max_length=8)
    target = models.CharField(max_length=1000)
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    request = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    about = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["store", "-id"], name="journal_newest"),
            GinIndex(fields=["about"], name="journal_about"),
        ]
