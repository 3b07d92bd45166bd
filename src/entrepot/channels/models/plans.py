"""Pushes that are looked at before they go out, and the way back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Product
from entrepot.channels.models.listings import Listing, ListingChange
from entrepot.channels.models.stores import Store


class Plan(models.Model):
    """What is to be changed in stores, field by field, before anybody is told.

    `rails`: what stopped it, and what is left out of it, [{"code": …, "count": …}, …] (`services.rails`); one that was
    stopped is applied only once a person has `approved` it. `undo_of`: the plan this one takes back. `total` = lines
    that change something; `counts` = how many of each kind in each store, [{"store": id, "kind": …, "count": …}, …],
    and `store_ids` = these stores.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("To be looked at")
        APPLIED = "applied", _("Applied")
        DISCARDED = "discarded", _("Thrown away")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    source = models.CharField(max_length=20)
    rails = models.JSONField(default=list)
    approved = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=list)
    store_ids = models.JSONField(default=list)
    undo_of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="undone_by")
    created_by = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    applied_by = models.CharField(max_length=120, blank=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["seller", "-id"], name="plan_newest")]


class PlanLine(models.Model):
    """One change of a plan: `before` as the store shows it, `fields` as it is to be. `change`: the wish it became."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, null=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True)
    remote_id = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=ListingChange.Kind.choices)
    before = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    worst = models.DecimalField(max_digits=9, decimal_places=4, default=0)
    """How grave it is, for the order of the preview: the share a price falls by, 1 for what is deleted."""
    change = models.ForeignKey(ListingChange, on_delete=models.SET_NULL, null=True, related_name="plan_lines")

    class Meta:
        indexes = [models.Index(fields=["plan", "-worst", "id"], name="plan_line_worst")]
