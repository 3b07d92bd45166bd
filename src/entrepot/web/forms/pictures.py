"""Fields for pictures: an address, or files from the person's own computer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.catalog.pictures import ENDINGS, kept_id
from entrepot.web.forms.look import DeskForm


class ImageAddressField(forms.URLField):
    """The address of a picture: on the web, or of one that is kept here."""

    def clean(self, value: Any) -> str:  # noqa: ANN401 - Django's own signature
        """A kept picture's address is taken as it is; any other must be one of the web."""
        text = str(value or "").strip()
        return text if kept_id(text) else super().clean(value)


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PicturesForm(DeskForm):
    """A form with pictures from files. They are kept before the form looks at what was sent (`web.pictures`).

    `refused`: why some of them were not.
    """

    pictures = forms.FileField(
        label=_("Pictures from your computer"),
        required=False,
        widget=FilesInput({"accept": ",".join(ENDINGS), "multiple": True}),
        help_text=_("JPEG, PNG, GIF or WebP, up to 10 MB each. They are added to the addresses when you save."),
    )

    def __init__(self, *args: Any, refused: Sequence[str] = (), **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self._refused = refused

    def clean_pictures(self) -> None:
        """A file that was refused is said at its field, and nothing else of the form is lost."""
        if self._refused:
            raise forms.ValidationError(list(self._refused))
