"""Two SKUs that are one thing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.catalog.models import Item
from entrepot.catalog.queries import item_by_sku
from entrepot.web.forms.look import DeskForm, Label


def _sku(label: Label, help_text: Label) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=255,
        widget=forms.TextInput({"autocomplete": "off", "class": "form-control mono"}),
    )


class MergeForm(DeskForm):
    """Which item stays, and which one becomes its second SKU."""

    keep = _sku(_("This one stays"), _("Its name, its prices and its past stay as they are."))
    other = _sku(_("This one is the same thing"), _("Its SKU goes on finding the one that stays."))

    def pair(self, seller_id: int) -> tuple[Item, Item] | None:
        """The two items; None where one is nobody's, said at its field."""
        found = {name: item_by_sku(seller_id=seller_id, sku=self.cleaned_data[name].strip()) for name in self.fields}
        for name, item in found.items():
            if item is None:
                self.add_error(name, _("You have no item with this SKU."))
        kept, merged = found["keep"], found["other"]
        return (kept, merged) if kept and merged else None


class SureForm(DeskForm):
    """A person who knows what it means."""

    sure = forms.BooleanField(label=_("I know that this cannot be undone"))
