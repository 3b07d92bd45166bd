"""Forms of the stock pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.web.forms.look import Choices, DeskForm, FilterForm


class AdjustForm(DeskForm):
    """How the figure changes, and why."""

    how = forms.ChoiceField(
        label=_("What happened"),
        choices=[("set", _("Counted: set on hand to")), ("add", _("Found: add")), ("remove", _("Lost: take away"))],
    )
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=0, max_value=10_000_000, widget=forms.NumberInput({"inputmode": "numeric"})
    )
    warehouse = forms.TypedChoiceField(label=_("Warehouse"), required=False, coerce=int, empty_value=None)
    reason = forms.CharField(label=_("Reason"), max_length=300)
    only: int | None = None

    def offer(self, warehouses: Choices) -> None:
        """The warehouses to choose from; with one or none there is nothing to choose."""
        self.only = warehouses[0][0] if len(warehouses) == 1 else None
        if len(warehouses) < 2:
            del self.fields["warehouse"]
        else:
            self.fields["warehouse"].choices = warehouses  # type: ignore[attr-defined]
            self.fields["warehouse"].required = True

    def clean(self) -> dict[str, object]:
        """The only warehouse where there was nothing to choose, the default one (None) where none was chosen."""
        facts = super().clean() or self.cleaned_data
        facts.setdefault("warehouse", self.only)
        return facts


class MomentForm(FilterForm):
    at = forms.DateTimeField(
        label=_("Moment"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"],
    )
