"""The hand-made order: who buys, and lines by SKU."""

from decimal import Decimal
from typing import Any, TypeAlias

from django import forms
from django.forms import BaseFormSet
from django.utils.translation import gettext_lazy as _

from entrepot.web.forms.look import Choices, DeskForm, Label
from entrepot.web.wording.countries import COUNTRIES, CURRENCIES


def _amount(label: Label, *, required: bool = True, initial: Decimal | None = None) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=required,
        initial=initial,
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=4,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )


class ManualOrderForm(DeskForm):
    """The head of an order typed in by a person. `key` makes a repeated submit harmless."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    channel = forms.TypedChoiceField(label=_("Offline store"), coerce=int, empty_value=None, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    buyer_name = forms.CharField(label=_("Buyer"), max_length=200)
    buyer_email = forms.EmailField(label=_("E-mail address"), required=False)
    buyer_phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    line1 = forms.CharField(label=_("Street"), max_length=200, required=False)
    line2 = forms.CharField(label=_("Street, second line"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    region = forms.CharField(label=_("Region"), max_length=120, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=[("", "—"), *COUNTRIES], required=False)
    payment_method = forms.CharField(label=_("Payment"), max_length=200, required=False)
    shipping_method = forms.CharField(label=_("Shipping"), max_length=200, required=False)
    shipping_cost = _amount(_("Shipping cost"), required=False)
    comment = forms.CharField(
        label=_("The buyer's comment"), max_length=5000, required=False, widget=forms.Textarea({"rows": 2})
    )
    tags = forms.CharField(label=_("Tags"), max_length=400, required=False, help_text=_("Several, divided by commas."))
    note = forms.CharField(
        label=_("Note"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("For your own people; the buyer never sees it."),
    )

    def offer(self, channels: Choices) -> None:
        """Offline stores to choose from; with one or none there is nothing to choose."""
        if len(channels) < 2:
            del self.fields["channel"]
        else:
            self.fields["channel"].choices = channels  # type: ignore[attr-defined]

    def address(self) -> dict[str, Any] | None:
        """The delivery address, or None when nothing of it was given."""
        names = ("line1", "line2", "city", "region", "postcode")
        facts = {name: self.cleaned_data[name] for name in names}
        if not any(facts.values()):
            return None
        country = self.cleaned_data["country"]
        return {
            "name": self.cleaned_data["buyer_name"],
            "company": "",
            **facts,
            "country": str(dict(COUNTRIES).get(country, country)),
            "country_code": country,
            "phone": self.cleaned_data["buyer_phone"],
        }


class ManualLineForm(DeskForm):
    """One line: SKU, quantity, price."""

    sku = forms.CharField(label="SKU", max_length=255)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=1_000_000,
        initial=1,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    unit_price = _amount(_("Unit price"))
    unit_tax = _amount(_("Unit tax"), required=False)


ManualLineSet: TypeAlias = "BaseFormSet[ManualLineForm]"
ManualLines = forms.formset_factory(ManualLineForm, min_num=1, extra=0, max_num=200, validate_min=True)
