"""Forms of files with many changes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import Store
from entrepot.sheets.kinds.kind import Kind
from entrepot.web.forms.look import DeskForm


class UploadForm(DeskForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("xlsx, xls, ods or csv. Columns may stand in any order; headings in English or Korean."),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods,.csv,.txt,.tsv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    store = forms.ChoiceField(label=_("Store"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300,
        help_text=_("The ledger keeps it for rows that say none."),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: Kind, stores: Sequence[Store], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        if kind.needs_store:
            self.fields["store"].choices = [(store.pk, store.sales_channel.name) for store in stores]  # type: ignore[attr-defined]
        else:
            del self.fields["store"]
        if kind.code != "stock":
            del self.fields["reason"]

    @property
    def store_id(self) -> int | None:
        """The store that was chosen."""
        chosen = self.cleaned_data.get("store")
        return int(chosen) if chosen else None


class TemplateForm(DeskForm):
    store = forms.ChoiceField(label=_("Store"), required=False)
    filled = forms.ChoiceField(label=_("Content"), choices=[("", _("Empty, with an example"))])

    def __init__(self, *args: Any, kind: Kind, stores: Sequence[Store], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        chosen = [(str(store.pk), store.sales_channel.name) for store in stores]
        if kind.needs_store:
            self.fields["store"].choices = chosen  # type: ignore[attr-defined]
        elif kind.takes_store and chosen:
            self.fields["store"].choices = [("", _("My own brands and categories")), *chosen]  # type: ignore[attr-defined]
            self.fields["store"].label = _("Drop-downs of")
        else:
            del self.fields["store"]
        if kind.present is None:
            del self.fields["filled"]
        else:
            self.fields["filled"].choices = [("1", _("What stands now")), ("", _("Empty, with an example"))]  # type: ignore[attr-defined]
            self.fields["filled"].required, self.fields["filled"].initial = False, "1"
