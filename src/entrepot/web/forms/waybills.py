"""Forms of numbers by file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.sheets.layouts import LAYOUTS
from entrepot.web.forms.look import DeskForm


class WaybillsOutForm(DeskForm):
    layout = forms.ChoiceField(label=_("Columns of"), choices=[(row.code, row.title) for row in LAYOUTS.values()])
    form = forms.ChoiceField(
        label=_("File"), choices=[("xlsx", "xlsx"), ("csv", "csv (UTF-8)"), ("cp949", "csv (CP949)")]
    )
    which = forms.ChoiceField(
        label=_("Parcels"), choices=[("without", _("without a number")), ("all", _("all that are packed"))]
    )


class WaybillsInForm(DeskForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("xlsx, xls or csv, with columns for the order's number and the tracking number."),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.csv,.txt"}),
    )
