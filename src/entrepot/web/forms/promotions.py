"""A promotion as a person fills it in."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import Listing
from entrepot.channels.services.promotions import reduced
from entrepot.kernel.money import coin_of, parse_amount
from entrepot.web.forms.look import Choices, DeskForm, Label

STEPS = ["0.01", "0.05", "0.10", "1", "10", "100", "1000"]


def _moment(label: Label) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )


def _line(text: str) -> tuple[str, Decimal | None]:
    """`RED-M 9900`: the SKU, and its price where the last word is one."""
    sku, _gap, amount = text.strip().replace("\t", " ").rpartition(" ")
    try:
        return (sku.strip(), parse_amount(amount)) if sku else (amount, None)
    except ValueError:
        return text.strip(), None


class PromotionForm(DeskForm):
    """Which store, when, by how much, and what: each line a SKU, with a price of its own after it if it has one."""

    name = forms.CharField(label=_("Name"), max_length=120)
    store = forms.TypedChoiceField(label=_("Store"), coerce=int)
    starts_at = _moment(_("From"))
    ends_at = _moment(_("Until"))
    percent = forms.DecimalField(
        label=_("Less, in percent"),
        required=False,
        min_value=Decimal("0.1"),
        max_value=Decimal(99),
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    step = forms.TypedChoiceField(label=_("Rounded to"), coerce=Decimal, choices=[(step, step) for step in STEPS])
    what = forms.CharField(
        label=_("SKUs"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea({"rows": 6, "class": "form-control mono"}),
        help_text=_("One on each line, if you like with its own price behind it: RED-M 9900. Empty: the whole store."),
    )
    approved = forms.BooleanField(label=_("Yes, I mean it"), required=False, widget=forms.HiddenInput())

    def offer(self, stores: Choices) -> None:
        """The stores to choose from."""
        self.fields["store"].choices = stores  # type: ignore[attr-defined]

    def ask_twice(self) -> None:
        """Show the box a person ticks to approve prices that fall far."""
        self.fields["approved"].widget = forms.CheckboxInput({"class": "form-check-input"})

    def clean_starts_at(self) -> Any:  # noqa: ANN401 - a moment
        """Not before now: what should begin at once begins at once."""
        return max(self.cleaned_data["starts_at"], timezone.now())

    def clean(self) -> dict[str, Any]:
        """Every line has a price: its own, or one by the percentage."""
        facts = super().clean() or self.cleaned_data
        wanted = dict(_line(line) for line in facts.get("what", "").splitlines() if line.strip())
        without = [sku for sku, price in wanted.items() if price is None]
        if facts.get("percent") is None and "percent" not in self.errors:
            if without:
                words = _("%(sku)s has no price. Write it behind the SKU, or give a percentage above.")
                self.add_error("what", words % {"sku": without[0]})
            elif not wanted:
                self.add_error("percent", _("Say by how much, or give every SKU its price."))
        facts["wanted"] = wanted
        return facts

    def prices(self, listings: Mapping[int, Listing]) -> dict[int, Decimal]:
        """What each listing is to cost."""
        wanted, percent = self.cleaned_data["wanted"], self.cleaned_data["percent"]
        found = {}
        for pk, listing in listings.items():
            own = wanted.get(listing.item.sku) if listing.item else None
            if own is not None:
                found[pk] = own
            elif percent is not None and listing.price:
                step = max(self.cleaned_data["step"], coin_of(listing.currency))
                found[pk] = reduced(listing.price, percent=percent, step=step)
        return found

    def unknown(self, listings: Mapping[int, Listing]) -> list[str]:
        """SKUs that the store does not list."""
        there = {listing.item.sku for listing in listings.values() if listing.item}
        return sorted(set(self.cleaned_data["wanted"]) - there)
