"""Price lists as a person fills them in."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import PriceList
from entrepot.channels.services.price_lists import ListFacts
from entrepot.web.forms.look import DeskForm, FilterForm, Label
from entrepot.web.wording.countries import CURRENCIES


def _amount(label: Label, help_text: Label = "", *, required: bool = False, places: int = 4) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=required,
        max_digits=19,
        decimal_places=places,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )


class PriceListForm(DeskForm):
    """How a list makes its prices."""

    name = forms.CharField(label=_("Name"), max_length=120)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    kind = forms.ChoiceField(label=_("Prices come from"), choices=PriceList.Kind.choices)
    base = forms.TypedChoiceField(
        label=_("The other list"), required=False, coerce=int, empty_value=None, help_text=_("For “From another list”.")
    )
    percent = _amount(
        _("Percent"),
        _("Margin: so much of the price is profit. Mark-up: so much on top of the cost. Other list: + or − so much."),
        places=2,
    )
    step = _amount(_("Rounded to"), _("10, 100, 1000 … Empty: the smallest coin."))
    rounding = forms.ChoiceField(label=_("Rounded"), choices=PriceList.Rounding.choices)
    ending = _amount(_("Ending taken off"), _("100 with 1000 makes 9,900; 0.01 with 1 makes 9.99."))
    least_margin = _amount(_("Least margin in percent"), _("Prices that earn less are marked."), places=2)

    def offer(self, lists: Sequence[PriceList], own_id: int | None = None) -> None:
        """The lists it may be worked out from."""
        rows = [(row.pk, f"{row.name} ({row.currency})") for row in lists if row.pk != own_id]
        self.fields["base"].choices = [("", "–"), *rows]  # type: ignore[attr-defined]

    def facts(self) -> ListFacts:
        """What was filled in."""
        given = self.cleaned_data
        return ListFacts(
            name=given["name"],
            currency=given["currency"],
            kind=given["kind"],
            base_id=given["base"],
            percent=given["percent"],
            step=given["step"],
            rounding=given["rounding"],
            ending=given["ending"] or Decimal(0),
            least_margin=given["least_margin"],
        )


class WriteForm(DeskForm):
    """A price written down for one SKU; without a price it is taken out."""

    sku = forms.CharField(label="SKU", max_length=255)
    price = _amount(_("Price"), required=True)
    retail_price = _amount(_("Retail price"))


class GoneForm(DeskForm):
    """What somebody looked at who takes a list away."""

    state = forms.CharField(label=_("the list, or a price in it"))


class PriceFilters(FilterForm):
    """What the prices of a list are narrowed by."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=forms.TextInput({"type": "search"}))


def initial(row: PriceList) -> dict[str, Any]:
    """A list as its form shows it."""
    return {
        "name": row.name,
        "currency": row.currency,
        "kind": row.kind,
        "base": row.base_id,
        "percent": _bare(row.percent),
        "step": _bare(row.step),
        "rounding": row.rounding,
        "ending": _bare(row.ending) if row.ending else None,
        "least_margin": _bare(row.least_margin),
    }


def _bare(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"
