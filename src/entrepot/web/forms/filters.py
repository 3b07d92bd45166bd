"""The filters above the lists."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import Listing
from entrepot.web.forms.look import Choices, FilterForm, Label, with_all


def _search(label: Label) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, widget=forms.TextInput({"type": "search"}))


def _chosen(label: Label) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value=None)


def _word(label: Label, choices: Choices = ()) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=with_all(_("Any"), choices))


def _day(label: Label) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}))


def _value(label: Label) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, max_digits=19, decimal_places=4, min_value=0)


class OrderFilters(FilterForm):
    """What the list of orders is narrowed by; its choices are filled in where they are shown (`order_choices.py`)."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search", "placeholder": _("Number, buyer, phone, SKU or tracking number")}),
    )
    channel = _chosen(_("Store"))
    since = _day(_("Placed from"))
    until = _day(_("Placed until"))
    hold = _word(_("Held for"))
    tag = _word(_("Tag"))
    country = _word(_("Country"))
    payment = _word(_("Payment"))
    origin = _word(_("Market"))
    carrier = _chosen(_("Carrier"))
    number = _word(_("Tracking number"), [("yes", _("With a number")), ("no", _("Without a number"))])
    label = _word(_("Label"), [("missing", _("Without a label")), ("made", _("With a label"))])
    warehouse = _chosen(_("Goods set aside in"))
    note = _word(_("Note"), [("own", _("Of ours")), ("buyer", _("Of the buyer"))])
    total_from = _value(_("Total from"))
    total_to = _value(_("Total up to"))
    pickup = forms.BooleanField(label=_("Pick-up only"), required=False)
    sort = forms.ChoiceField(
        label=_("Sort"), required=False, choices=[("", _("Newest first")), ("oldest", _("Oldest first"))]
    )


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
