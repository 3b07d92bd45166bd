"""A file of orders."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.web.forms.look import DeskForm

MOST_MEGABYTES = 20


class OrdersFileForm(DeskForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("xlsx, xls, ods or csv, up to 20 MB."),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )

    def clean_file(self) -> object:
        """Refuse what is larger than a file of orders can be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_MEGABYTES * 1_000_000:
            raise forms.ValidationError(_("The file is larger than 20 MB. Divide it into several files."))
        return file
