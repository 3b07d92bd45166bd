"""Forms of the carrier screens."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entrepot.fulfilment.carriers import KNOWN
from entrepot.fulfilment.carriers_port import Plugins
from entrepot.fulfilment.models import Carrier, CarrierRule
from entrepot.web.forms.look import Choices, DeskForm

FREIGHTS: Choices = [
    ("", _("Not said")),
    ("prepaid", _("Prepaid")),
    ("collect", _("Collect")),
    ("account", _("On account")),
]


class NewCarrierForm(DeskForm):
    kind = forms.ChoiceField(
        label=_("Carrier"),
        required=False,
        initial="cj",
        choices=[*((row.code, row.name) for row in KNOWN.values()), ("", _("Another one"))],
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("May stay empty for a carrier of the list.")
    )


class CarrierForm(DeskForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    tracking_url = forms.CharField(
        label=_("Where a parcel is followed"),
        max_length=500,
        required=False,
        help_text=_("A web address with {number} where the tracking number goes."),
    )
    service = forms.CharField(
        label=_("Service"), max_length=60, required=False, help_text=_("Printed on the label, for example the branch.")
    )
    freight = forms.ChoiceField(label=_("Who pays the carrier"), choices=FREIGHTS, required=False)
    low_at = forms.IntegerField(
        label=_("Tell me when so few numbers are left"), min_value=0, max_value=1_000_000, initial=100
    )
    active = forms.BooleanField(label=_("In use"), required=False)


class PluginForm(DeskForm):
    """Which plug-in buys the labels, and the account there. A secret is never shown; left empty it stays."""

    plugin = forms.ChoiceField(label=_("Labels are bought through"), required=False)

    def offer(self, found: Plugins, chosen: str) -> None:
        """The plug-ins that are installed, and what the chosen one's account consists of."""
        choices: list[tuple[str, Any]] = [("", _("nobody: numbers come from ranges, by hand or by file"))]
        choices += [(name, seller.title) for name, seller in found.sellers.items()]
        self.fields["plugin"].choices = choices  # type: ignore[attr-defined]
        for one in found.sellers[chosen].fields if chosen in found.sellers else ():
            widget = forms.PasswordInput({"autocomplete": "off"}) if one.secret else forms.TextInput()
            self.fields[f"account-{one.name}"] = forms.CharField(
                label=gettext(one.label), required=False, widget=widget, max_length=4000
            )
        self.dress()

    def account(self) -> dict[str, str]:
        """What was typed of the account."""
        return {
            name.removeprefix("account-"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("account-")
        }


class RangeForm(DeskForm):
    first = forms.CharField(label=_("First number"), max_length=40, help_text=_("As the carrier wrote it, with zeros."))
    last = forms.CharField(label=_("Last number"), max_length=40)
    mod7 = forms.BooleanField(
        label=_("These are serials: add the remainder by 7 as a last digit"),
        required=False,
        help_text=_("Only if the carrier's paper says so."),
    )


class RuleForm(DeskForm):
    """Every condition may stay empty; those that are given must all fit."""

    carrier_id = forms.TypedChoiceField(label=_("Carrier"), coerce=int)
    sales_channel_id = forms.TypedChoiceField(label=_("Store"), coerce=int, empty_value=None, required=False)
    countries = forms.CharField(label=_("Countries"), required=False, help_text=_("Two letters each: KR, JP"))
    postcode_from = forms.CharField(label=_("Postcode from"), max_length=20, required=False)
    postcode_to = forms.CharField(
        label=_("Postcode to"), max_length=20, required=False, help_text=_("63 takes every postcode that begins so.")
    )
    weight_from = forms.IntegerField(label=_("Weight from (g)"), min_value=0, max_value=10_000_000, required=False)
    weight_to = forms.IntegerField(label=_("Weight to (g)"), min_value=0, max_value=10_000_000, required=False)
    value_from = forms.DecimalField(label=_("Value from"), min_value=0, max_digits=15, required=False)
    value_to = forms.DecimalField(label=_("Value to"), min_value=0, max_digits=15, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    sku = forms.CharField(label=_("SKU"), max_length=255, required=False, help_text=_("* stands for anything: BULKY-*"))

    def offer(self, carriers: Sequence[Carrier], stores: Choices) -> None:
        """What may be chosen."""
        self.fields["carrier_id"].choices = [(row.pk, row.name) for row in carriers]  # type: ignore[attr-defined]
        self.fields["sales_channel_id"].choices = [("", _("All stores")), *stores]  # type: ignore[attr-defined]

    def conditions(self) -> dict[str, Any]:
        """As `keep_rule` takes it."""
        facts = dict(self.cleaned_data)
        facts["countries"] = facts["countries"].replace(",", " ").split()
        return facts


def of_rule(rule: CarrierRule) -> dict[str, Any]:
    """A rule as its form shows it."""
    names = [*RuleForm.base_fields]
    return {name: getattr(rule, name) for name in names} | {"countries": ", ".join(rule.countries)}


class SenderForm(DeskForm):
    warehouse_id = forms.TypedChoiceField(label=_("Sends from"), coerce=int, empty_value=None, required=False)
    name = forms.CharField(label=_("Name"), max_length=120)
    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    address = forms.CharField(
        label=_("Address"), max_length=500, widget=forms.Textarea({"rows": 3}), help_text=_("As it is printed.")
    )
    country = forms.CharField(label=_("Country"), max_length=2, required=False, help_text=_("Two letters: KR"))

    def offer(self, places: Choices) -> None:
        """The warehouses that may have a sender of their own."""
        choices = [("", _("every warehouse without a sender of its own")), *places]
        self.fields["warehouse_id"].choices = choices  # type: ignore[attr-defined]


class BoxForm(DeskForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    length_mm = forms.IntegerField(label=_("Length (mm)"), min_value=1, max_value=100_000)
    width_mm = forms.IntegerField(label=_("Width (mm)"), min_value=1, max_value=100_000)
    height_mm = forms.IntegerField(label=_("Height (mm)"), min_value=1, max_value=100_000)
    weight_grams = forms.IntegerField(label=_("Its own weight (g)"), min_value=0, max_value=1_000_000, initial=0)


class CodesForm(DeskForm):
    """What each store calls a carrier; `named`: a store's id and name, and the carriers it lists as choices."""

    def __init__(self, *args: Any, named: Sequence[tuple[int, str, Choices]], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        for store_id, name, listed in named:
            choices = [("", _("The one of the same name")), *listed]
            self.fields[f"store-{store_id}"] = forms.ChoiceField(label=name, required=False, choices=choices)
        self.dress()


class ShippingForm(DeskForm):
    """How the parcels of each store (id and name) are sent."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own signature
        stores: Sequence[tuple[int, str]],
        modes: Choices,
        carriers: Choices,
        **kwargs: Any,  # noqa: ANN401 - Django's own signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stores = stores
        for store_id, name in stores:
            self.fields[f"mode-{store_id}"] = forms.ChoiceField(label=name, required=False, choices=modes)
            self.fields[f"usual-{store_id}"] = forms.TypedChoiceField(
                label=name, required=False, choices=[("", "—"), *carriers], coerce=int, empty_value=None
            )
        self.dress()

    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each store with its two fields."""
        return [(name, self[f"mode-{pk}"], self[f"usual-{pk}"]) for pk, name in self.stores]
