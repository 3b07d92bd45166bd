"""Forms about what a store is to list, and for how much."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import Listing
from entrepot.channels.queries.offers import CategoryChoice
from entrepot.channels.services.offers import Offer
from entrepot.kernel.money import plain
from entrepot.web.forms.look import DeskForm, Label


def _amount(label: Label, *, help_text: Label = "", required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=required,
        max_digits=15,
        decimal_places=4,
        min_value=Decimal(0),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )


class PriceForm(DeskForm):
    """What buyers pay, and what it costs without a reduction."""

    price = _amount(_("Selling price"), help_text=_("What the buyer pays."))
    retail_price = _amount(
        _("Retail price (MRP)"),
        help_text=_("Empty: the same as the selling price."),
        required=False,
    )
    approved = forms.BooleanField(label=_("Yes, I mean it"), required=False, widget=forms.HiddenInput())

    def ask_twice(self) -> None:
        """Show the box a person ticks to approve a price that falls far."""
        self.fields["approved"].widget = forms.CheckboxInput({"class": "form-check-input"})


def price_start(listing: Listing) -> Mapping[str, Any]:
    """The price a listing has, as the form shows it."""
    return {
        "price": _short(listing.price),
        "retail_price": _short(listing.retail_price),
    }


def _short(amount: Decimal | None) -> str:
    return "" if amount is None else plain(amount)


class OfferForm(DeskForm):
    """A product as it is to be listed in one store."""

    price = _amount(_("Selling price"), help_text=_("What the buyer pays."))
    retail_price = _amount(
        _("Retail price (MRP)"), help_text=_("Empty: the same as the selling price."), required=False
    )
    name = forms.CharField(label=_("Name in this store"), max_length=250)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=60_000, widget=forms.Textarea({"rows": 6})
    )
    brand = forms.ChoiceField(label=_("Brand in this store"), required=False)
    categories = forms.MultipleChoiceField(
        label=_("Categories in this store"),
        required=False,
        widget=forms.SelectMultiple({"size": 8, "class": "form-select"}),
        help_text=_("Buyers find a product by its category. Hold Ctrl to choose several."),
    )
    active = forms.BooleanField(label=_("Show it to buyers at once"), required=False, initial=True)

    def offer_choices(self, categories: Sequence[CategoryChoice], brands: Sequence[str]) -> None:
        """The store's own categories and brands; what it has none of is not asked."""
        self.fields["brand"].choices = [("", "—"), *((name, name) for name in brands)]  # type: ignore[attr-defined]
        self.fields["categories"].choices = [(row.remote_id, row.path) for row in categories]  # type: ignore[attr-defined]
        for name, there in (("brand", brands), ("categories", categories)):
            if not there:
                del self.fields[name]

    def offer(self) -> Offer:
        """What was filled in."""
        facts = self.cleaned_data
        return Offer(
            price=facts["price"],
            retail_price=facts["retail_price"],
            name=facts["name"],
            description=facts["description"],
            brand=facts.get("brand", ""),
            category_ids=facts.get("categories", []),
            active=facts["active"],
        )
