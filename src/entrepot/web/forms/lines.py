"""Fields that a product and its listings both have: a description, attributes and pictures, a thing on each line."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.catalog.errors import PictureAddressInvalid
from entrepot.catalog.pictures import LONGEST_ADDRESS, is_image_address
from entrepot.catalog.product_words import (
    LONGEST_DESCRIPTION,
    attributes_in,
    clean_description,
)
from entrepot.kernel.errors import EntrepotError
from entrepot.web.forms.pictures import PicturesForm
from entrepot.web.wording.words import sentence

LONGEST_LINES = 20_000


class LinesForm(PicturesForm):
    """A description, attributes and pictures as a person writes them."""

    description = forms.CharField(
        label=_("Description"), required=False, max_length=LONGEST_DESCRIPTION, widget=forms.Textarea({"rows": 6})
    )
    images = forms.CharField(
        label=_("Addresses of the pictures"),
        required=False,
        max_length=LONGEST_LINES,
        widget=forms.Textarea({"rows": 4, "class": "form-control mono"}),
        help_text=_("One on each line, the main picture first."),
    )
    attributes = forms.CharField(
        label=_("Attributes"),
        required=False,
        max_length=LONGEST_LINES,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One on each line, name and value, such as Fabric: Wool."),
    )

    def clean_description(self) -> str:
        """Browsers send other line ends than stores do."""
        return clean_description(str(self.cleaned_data["description"]))

    def clean_images(self) -> list[str]:
        """Addresses; one that is there already may be of any kind."""
        lines = [line.strip() for line in self.cleaned_data["images"].splitlines() if line.strip()]
        known = str(self.initial.get("images") or "").splitlines()
        for line in lines:
            if not is_image_address(line) and line not in known:
                raise _said(PictureAddressInvalid(line=line[:80], most=LONGEST_ADDRESS))
        return lines

    def clean_attributes(self) -> list[list[str]]:
        """Names and values."""
        try:
            return attributes_in(self.cleaned_data["attributes"].splitlines())
        except EntrepotError as error:
            raise _said(error) from error

    def shown_images(self) -> list[str]:
        """The pictures that the form names and a page can show."""
        fields = [self[name].value() for name in ("image_url", "images") if name in self.fields]
        lines = (line.strip() for value in fields for line in str(value or "").splitlines())
        return [line for line in dict.fromkeys(lines) if is_image_address(line)]


def _said(error: EntrepotError) -> forms.ValidationError:
    return forms.ValidationError(sentence(error))
