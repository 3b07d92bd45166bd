"""The filters above the lists."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import Listing
from entrepot.web.forms.look import FilterForm, Label, with_all


def _search(label: Label) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, widget=forms.TextInput({"type": "search"}))


def _chosen(label: Label) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value=None)


class OrderFilters(FilterForm):
    q = _search(_("Number, buyer, phone or SKU"))
    channel = _chosen(_("Store"))
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    since = forms.DateField(label=_("Placed from"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("Placed until"), required=False, widget=forms.DateInput({"type": "date"}))


class ProductFilters(FilterForm):
    q = _search(_("Name, SKU or barcode"))
    brand = _chosen(_("Brand"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=with_all(_("All kinds"), [("single", _("Single")), ("group", _("With variations"))]),
    )


class ListingFilters(FilterForm):
    q = _search(_("Title, SKU or remote id"))
    store = _chosen(_("Store"))
    state = forms.ChoiceField(
        label=_("State in the store"), required=False, choices=with_all(_("All states"), Listing.State.choices)
    )


class StockFilters(FilterForm):
    q = _search(_("SKU, name or barcode"))


class ProblemFilters(FilterForm):
    store = _chosen(_("Store"))
    code = forms.ChoiceField(label=_("Kind"), required=False)


class JournalFilters(FilterForm):
    store = _chosen(_("Store"))
    about = forms.CharField(
        label=_("About"), required=False, max_length=60, widget=forms.TextInput({"placeholder": "order:12"})
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=with_all(_("Any outcome"), [("ok", _("Succeeded")), ("failed", _("Failed"))]),
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        required=False,
        choices=with_all(_("Both directions"), [("out", _("To the store")), ("in", _("From the store"))]),
    )


class AuditFilters(FilterForm):
    who = _search(_("Who"))
    verb = _search(_("Deed"))
