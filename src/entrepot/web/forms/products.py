"""Products and items as a person fills them in."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product as combinations
from typing import Any, TypeAlias

from django import forms
from django.forms import BaseFormSet
from django.utils.translation import gettext_lazy as _

from entrepot.catalog.drafts import ItemDraft, ProductDraft
from entrepot.catalog.models import Item, Product
from entrepot.catalog.pictures import ENDINGS
from entrepot.catalog.product_words import attributes_out
from entrepot.kernel.money import plain
from entrepot.web.forms.lines import LONGEST_LINES, LinesForm
from entrepot.web.forms.look import DeskForm, Label
from entrepot.web.forms.pictures import ImageAddressField, PicturesForm
from entrepot.web.wording.countries import CURRENCIES

AXES = (1, 2, 3)
MOST_VARIATIONS = 200
PATH_SIGN = ">"


def _measure(label: Label, *, places: int = 3) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=9 + places,
        decimal_places=places,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )


class ProductForm(LinesForm):
    """What all items of a product share."""

    name = forms.CharField(label=_("Name"), max_length=500)
    brand = forms.CharField(
        label=_("Brand"), max_length=255, required=False, widget=forms.TextInput({"list": "brand-names"})
    )
    categories = forms.CharField(
        label=_("Categories"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("One on each line, from the broad to the narrow: Clothing > Socks"),
    )
    image_url = ImageAddressField(
        label=_("Address of the picture"), max_length=1000, required=False, assume_scheme="https"
    )
    images = forms.CharField(
        label=_("Addresses of further pictures"),
        required=False,
        max_length=LONGEST_LINES,
        widget=forms.Textarea({"rows": 4, "class": "form-control mono"}),
        help_text=_("One on each line."),
    )

    def draft(self, items: Sequence[ItemDraft]) -> ProductDraft:
        """The product with these items."""
        facts = self.cleaned_data
        lines = [line.split(PATH_SIGN) for line in facts["categories"].splitlines()]
        paths = [tuple(name.strip() for name in line if name.strip()) for line in lines]
        return ProductDraft(
            name=facts["name"],
            items=items,
            brand=facts["brand"],
            categories=[path for path in paths if path],
            image_url=facts["image_url"],
            description=facts["description"],
            attributes=facts["attributes"],
            images=facts["images"],
        )


def product_initial(product: Product, paths: Sequence[Sequence[str]]) -> dict[str, str]:
    """A product as the form shows it."""
    return {
        "name": product.name,
        "brand": product.brand.name if product.brand else "",
        "categories": "\n".join(f" {PATH_SIGN} ".join(path) for path in paths),
        "image_url": product.image_url,
        "images": "\n".join(product.images),
        "description": product.description,
        "attributes": "\n".join(attributes_out(product.attributes)),
    }


class ItemForm(PicturesForm):
    """Everything of one item."""

    sku = forms.CharField(label="SKU", max_length=255)
    name = forms.CharField(
        label=_("Name of the item"),
        max_length=500,
        required=False,
        help_text=_("Empty: the product's name and the options."),
    )
    barcode = forms.CharField(label=_("Barcode"), max_length=64, required=False)
    weight_grams = _measure(_("Weight (g)"))
    length_mm = _measure(_("Length (mm)"))
    width_mm = _measure(_("Width (mm)"))
    height_mm = _measure(_("Height (mm)"))
    cost = _measure(_("Cost of one"), places=4)
    cost_currency = forms.ChoiceField(
        label=_("Currency of the cost"), required=False, choices=[("", "—"), *((code, code) for code in CURRENCIES)]
    )
    low_stock_at = forms.IntegerField(
        label=_("Low at"), min_value=0, max_value=10_000_000, required=False, initial=0, help_text=_("Pieces left.")
    )
    image_url = ImageAddressField(
        label=_("Address of its own picture"), max_length=1000, required=False, assume_scheme="https"
    )
    pictures = forms.FileField(
        label=_("Its own picture from your computer"),
        required=False,
        widget=forms.FileInput({"accept": ",".join(ENDINGS)}),
        help_text=_("JPEG, PNG, GIF or WebP, up to 10 MB. It takes the place of the address when you save."),
    )

    def clean(self) -> dict[str, Any]:
        """A cost has a currency."""
        facts = super().clean() or self.cleaned_data
        if facts.get("cost") is not None and not facts.get("cost_currency"):
            self.add_error("cost_currency", _("Say in which currency the cost is."))
        return facts

    def draft(self, options: Sequence[tuple[str, str]] = ()) -> ItemDraft:
        """The item with these options."""
        facts = {name: self.cleaned_data[name] for name in _item_fields()}
        facts["low_stock_at"] = facts["low_stock_at"] or 0
        if facts["cost"] is None:
            facts["cost_currency"] = ""
        return ItemDraft(options=options, **facts)


def _item_fields() -> list[str]:
    """The fields that are an item's; files become addresses before the form is read."""
    return [name for name in ItemForm.base_fields if name != "pictures"]


def item_initial(item: Item) -> dict[str, Any]:
    """An item as the form shows it."""
    facts = {name: getattr(item, name) for name in _item_fields()}
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in facts.items()}


class AxesForm(DeskForm):
    """The axes along which a group varies, and how its SKUs are made."""

    stem = forms.CharField(
        label=_("Beginning of every SKU"), max_length=200, required=False, help_text=_("SHIRT becomes SHIRT-RED-M.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        for number in AXES:
            self.fields[f"axis{number}"] = forms.CharField(
                label=_("Option %(n)s") % {"n": number},
                max_length=60,
                required=number == 1,
                widget=forms.TextInput(
                    {"placeholder": _("Colour") if number == 1 else _("Size") if number == 2 else ""}
                ),
            )
            self.fields[f"values{number}"] = forms.CharField(
                label=_("Its values, with commas between"), max_length=2000, required=number == 1
            )
        self.dress()

    def axes(self) -> list[tuple[str, list[str]]]:
        """The axes that were filled in, each with its values, each value once."""
        found = []
        for number in AXES:
            name = self.cleaned_data.get(f"axis{number}", "").strip()
            words = [word.strip() for word in self.cleaned_data.get(f"values{number}", "").split(",")]
            if name and any(words):
                found.append((name, list(dict.fromkeys(word for word in words if word))))
        return found

    def clean(self) -> dict[str, Any]:
        """An axis has values, a name stands once, and nobody wants thousands by mistake."""
        facts = super().clean() or self.cleaned_data
        for number in AXES:
            if bool(facts.get(f"axis{number}")) != bool(facts.get(f"values{number}")) and not self.errors:
                self.add_error(f"values{number}", _("An option needs a name and values."))
        axes = self.axes()
        if len({name.casefold() for name, _values in axes}) < len(axes):
            self.add_error("axis2", _("Give every option a name of its own."))
        if len(list(combinations(*(values for _name, values in axes)))) > MOST_VARIATIONS:
            self.add_error(None, _("More than %(n)s variations at once. Make fewer.") % {"n": MOST_VARIATIONS})
        return facts

    def variations(self) -> Iterator[dict[str, str]]:
        """A row for each combination, with a SKU to begin with."""
        axes = self.axes()
        for values in combinations(*(words for _name, words in axes)):
            sku = "-".join([self.cleaned_data["stem"], *values]).strip("-").replace(" ", "-").upper()
            named = zip((name for name, _words in axes), values, strict=True)
            yield {"options": written(list(named)), "sku": sku[:255]}


SEPARATOR, PAIR = "\x1f", "\x1e"


def written(options: Sequence[tuple[str, str]]) -> str:
    """Options as one text, for a hidden field."""
    return SEPARATOR.join(f"{name}{PAIR}{value}" for name, value in options)


class VariationForm(DeskForm):
    """One variation of a group in its table: what differs. `options` is its choice, carried along."""

    options = forms.CharField(widget=forms.HiddenInput, max_length=2000)
    keep = forms.BooleanField(label=_("Keep"), required=False, initial=True)
    sku = forms.CharField(label="SKU", max_length=255, required=False)
    barcode = forms.CharField(label=_("Barcode"), max_length=64, required=False)
    weight_grams = _measure(_("Weight (g)"))
    cost = _measure(_("Cost of one"), places=4)

    def chosen(self) -> list[tuple[str, str]]:
        """Its options."""
        text = self["options"].value() or ""
        pairs = (part.partition(PAIR) for part in text.split(SEPARATOR))
        return [(name, value) for name, sign, value in pairs if sign]

    @property
    def title(self) -> str:
        """Its choice in words."""
        return " / ".join(value for _name, value in self.chosen())

    def clean(self) -> dict[str, Any]:
        """What is kept has a SKU."""
        facts = super().clean() or self.cleaned_data
        if facts.get("keep") and not facts.get("sku", "").strip():
            self.add_error("sku", _("Every item needs a SKU."))
        return facts

    def draft(self, currency: str) -> ItemDraft:
        """The variation as an item."""
        facts = self.cleaned_data
        return ItemDraft(
            sku=facts["sku"].strip(),
            options=self.chosen(),
            barcode=facts["barcode"],
            weight_grams=facts["weight_grams"],
            cost=facts["cost"],
            cost_currency=currency if facts["cost"] is not None else "",
        )


VariationSet: TypeAlias = "BaseFormSet[VariationForm]"
Variations = forms.formset_factory(VariationForm, extra=0, max_num=MOST_VARIATIONS, absolute_max=MOST_VARIATIONS)


class KitForm(DeskForm):
    """A kit: an item made of others."""

    sku = forms.CharField(label="SKU", max_length=255)
    name = forms.CharField(label=_("Name"), max_length=500)
    barcode = forms.CharField(label=_("Barcode"), max_length=64, required=False)


class KitLineForm(DeskForm):
    """So much of an item is in it. A line without a SKU counts for nothing."""

    sku = forms.CharField(label=_("SKU of a part"), max_length=255, required=False)
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=10_000, initial=1, widget=forms.TextInput({"inputmode": "numeric"})
    )


KitLineSet: TypeAlias = "BaseFormSet[KitLineForm]"
KitLines = forms.formset_factory(KitLineForm, min_num=1, extra=0, max_num=100)
