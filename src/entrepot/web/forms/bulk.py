"""What a deed for many orders is asked for before it begins."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.sheets.orders_columns import COLUMNS, USUAL
from entrepot.web.forms.look import DeskForm


class AskForm(DeskForm):
    """Nothing more than yes."""


class ReasonForm(DeskForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))


class TagForm(DeskForm):
    tag = forms.CharField(label=_("Tag"), max_length=40)


class NoteForm(DeskForm):
    text = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("For your own people; the buyer never sees it."),
    )


class PackManyForm(DeskForm):
    by_rules = forms.BooleanField(
        label=_("Choose the carrier by your rules, and take the next number of its range"), required=False, initial=True
    )


class PrintForm(DeskForm):
    paper = forms.ChoiceField(
        label=_("Paper"),
        choices=[
            ("labels", _("Labels (PDF)")),
            ("zpl", _("Labels (ZPL, for label printers)")),
            ("picking", _("Picking list")),
            ("slips", _("Packing slips")),
        ],
    )


class ExportForm(DeskForm):
    """Which columns, a row for each line or each order, and which kind of file."""

    per = forms.ChoiceField(
        label=_("A row for each"), choices=[("line", _("line of an order")), ("order", _("order"))], initial="line"
    )
    form = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[("xlsx", "Excel (.xlsx)"), ("csv", "CSV (UTF-8)"), ("cp949", "CSV (CP949)")],
        initial="xlsx",
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(key, _(column.heading)) for key, column in COLUMNS.items()],
        initial=USUAL,
        widget=forms.CheckboxSelectMultiple,
    )


FORMS: Mapping[str, type[DeskForm]] = {
    "recall": ReasonForm,
    "hold": ReasonForm,
    "unhold": ReasonForm,
    "cancel_by_seller": ReasonForm,
    "tag": TagForm,
    "untag": TagForm,
    "note": NoteForm,
    "pack": PackManyForm,
    "print": PrintForm,
    "export": ExportForm,
}
ASKED_FIRST = frozenset({"hold", "cancel_by_seller", "note", "export"})
"""Begun by nobody without a look at the form, or a word of warning."""
NEEDED = {"tag": "tag", "untag": "tag", "print": "paper"}
"""Deeds with one word that may come with the button itself."""


def form_of(kind: str, bound: Mapping[str, Any] | None, *, before: Mapping[str, Any] | None = None) -> DeskForm:
    """The form of a deed; `before` = what was chosen last time."""
    kind_of = FORMS.get(kind, AskForm)
    known: dict[str, Any] = {name: value for name, value in (before or {}).items() if name in kind_of.base_fields}
    return kind_of(bound, initial=known) if known else kind_of(bound)


def facts_of(form: DeskForm) -> dict[str, Any]:
    """What was said, as a deed keeps it."""
    return {name: list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
            for name, value in form.cleaned_data.items()}  # fmt: skip
