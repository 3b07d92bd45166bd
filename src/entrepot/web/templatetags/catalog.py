"""Words for what the catalogue keeps."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

FIELDS: dict[str, Promise] = {
    "name": _("Name"),
    "brand": _("Brand"),
    "categories": _("Categories"),
    "image_url": _("Picture"),
    "is_group": _("With variations"),
    "items": _("Items"),
    "parts": _("Made of"),
    "kind": _("Kind"),
    "sku": _("SKU"),
    "options": _("Options"),
    "barcode": _("Barcode"),
    "weight_grams": _("Weight (g)"),
    "length_mm": _("Length (mm)"),
    "width_mm": _("Width (mm)"),
    "height_mm": _("Height (mm)"),
    "cost": _("Cost of one"),
    "cost_currency": _("Currency of the cost"),
    "low_stock_at": _("Low at"),
    "product": _("Product"),
    "merged_into": _("Merged into"),
}


@register.filter
def catalog_field(name: str) -> str:
    """The name of a field of a product or an item, in words."""
    return str(FIELDS.get(name, name))
