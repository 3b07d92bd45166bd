"""Forms about what a store is to list, and for how much."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.channels.errors import PriceNeedsApproval
from entrepot.channels.models import Listing, ListingChange
from entrepot.kernel.errors import EntrepotError
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

    def refuse(self, error: EntrepotError) -> None:
        """A price that falls far is asked about once more."""
        if isinstance(error, PriceNeedsApproval):
            self.ask_twice()
        super().refuse(error)

    def ask_twice(self) -> None:
        """Show the box a person ticks to approve a price that falls far."""
        self.fields["approved"].widget = forms.CheckboxInput({"class": "form-check-input"})


def price_start(listing: Listing, waiting: ListingChange | None) -> Mapping[str, Any]:
    """What a listing is to cost, as the form shows it: what its store was asked for last, else what it costs there."""
    if waiting is not None:
        asked = (waiting.fields.get(name) for name in ("price", "retail_price"))
        price, retail = (None if text is None else Decimal(str(text)) for text in asked)
        return {"price": _short(price), "retail_price": _short(retail)}
    return {
        "price": _short(listing.price),
        "retail_price": _short(listing.retail_price),
    }


def _short(amount: Decimal | None) -> str:
    return "" if amount is None else plain(amount)
