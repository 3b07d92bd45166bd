"""New prices for many listings, as a person fills them in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.channels.services.plans import PriceRule
from entrepot.web.forms.look import DeskForm

STEPS = ["0.01", "0.05", "0.10", "1", "10", "100", "1000"]
WAYS = [("percent", _("Move by percent")), ("amount", _("Move by an amount")), ("price", _("One price for all"))]
RETAILS = [
    ("keep", _("Leave it where it stays above the price")),
    ("before", _("The price of now, so that the reduction is seen")),
    ("none", _("None")),
]


class PlanForm(DeskForm):
    """How prices move, to which step they are rounded, and what stands beside them."""

    way = forms.ChoiceField(label=_("How"), choices=WAYS)
    figure = forms.DecimalField(
        label=_("By how much, or the new price"),
        help_text=_("Below zero makes it cheaper: -10"),
        max_digits=15,
        decimal_places=4,
        widget=forms.TextInput({"inputmode": "text", "autocomplete": "off"}),
    )
    step = forms.TypedChoiceField(
        label=_("Rounded to"),
        coerce=Decimal,
        empty_value=None,
        required=False,
        choices=[("", _("the smallest coin")), *((step, step) for step in STEPS)],
    )
    retail = forms.ChoiceField(label=_("Retail price (MRP)"), choices=RETAILS)
    title = forms.CharField(
        label=_("Name of the plan"), required=False, max_length=120, help_text=_("So that you find it again.")
    )

    def clean(self) -> dict[str, Any]:
        """A price that falls by everything is none."""
        facts = super().clean() or self.cleaned_data
        figure, way = facts.get("figure"), facts.get("way")
        if figure is not None and ((way == "percent" and figure <= -100) or (way == "price" and figure <= 0)):
            self.add_error("figure", _("That leaves no price at all."))
        if figure is not None and way != "price" and not figure:
            self.add_error("figure", _("That changes nothing."))
        return facts

    def rule(self) -> PriceRule:
        """What was filled in."""
        facts = self.cleaned_data
        step = None if facts["way"] == "price" else facts["step"]
        return PriceRule(**{facts["way"]: facts["figure"]}, step=step, retail=facts["retail"])
