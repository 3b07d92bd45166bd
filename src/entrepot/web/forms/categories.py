"""Forms about the seller's own categories, and about the shelves of a store."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.catalog.queries import CategoryRow
from entrepot.web.forms.look import DeskForm, FilterForm


class CategoryFilters(FilterForm):
    """Part of a path."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)


def _parent(value: Any) -> int | None:  # noqa: ANN401 - what a form was sent
    return int(value) if value else None


class CategoryForm(DeskForm):
    """A category's name and where it stands."""

    name = forms.CharField(label=_("Name"), max_length=255)
    parent = forms.TypedChoiceField(label=_("Inside"), required=False, coerce=_parent, empty_value=None)

    def offer(self, places: Sequence[CategoryRow]) -> None:
        """The categories it may lie in."""
        choices = [("", _("— at the top —")), *((row.pk, row.words) for row in places)]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]


class NewCategoryForm(CategoryForm):
    """One more category."""

    prefix = "new"


class ShelfFilters(FilterForm):
    """Which of ours are listed on a store's shelves page."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), ("open", _("Not mapped yet")), ("mapped", _("Mapped"))],
    )
