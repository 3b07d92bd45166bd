"""Words for what the catalogue keeps."""

import json
import re
from collections.abc import Sequence
from html import unescape

from django import template
from django.core.exceptions import SuspiciousOperation
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from entrepot.catalog.models import Product
from entrepot.catalog.pictures import is_image_address
from entrepot.channels.services.offers_draft import own_words

register = template.Library()

FIELDS: dict[str, Promise] = {
    "name": _("Name"),
    "brand": _("Brand"),
    "categories": _("Categories"),
    "image_url": _("Picture"),
    "images": _("Further pictures"),
    "description": _("Description"),
    "attributes": _("Attributes"),
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


@register.filter
def own_pictures(product: Product) -> Sequence[str]:
    """The addresses of a product's pictures, the main one first."""
    return [address for address in own_words(product).get("images", ()) if is_image_address(address)]


@register.filter
def plain_text(markup: str) -> str:
    """A description without its markup, line by line."""
    broken = _NEW_LINE.sub("\n", markup)
    try:
        text = unescape(strip_tags(broken))
    except SuspiciousOperation:  # so broken a markup is text
        text = markup
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


@register.filter
def catalog_value(value: str, field: str) -> str:
    """A value of the history, in words."""
    if field == "description":
        return plain_text(value)
    if field not in {"attributes", "images", "options"}:
        return value
    try:
        rows = json.loads(value)
        return " · ".join(": ".join(row) if isinstance(row, list) else row for row in rows)
    except (TypeError, ValueError):
        return value


_NEW_LINE = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6])>", re.IGNORECASE)
