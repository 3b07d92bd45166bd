"""The rows of the product list as HTML: a function a row and not a template (`benchmarks/catalogue_list.py`)."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from entrepot.catalog.queries import ListedProduct
from entrepot.web.templatetags.desk import icon, number

THUMB: Final = '<img class="thumb" src="{}" alt="" loading="lazy" width="40" height="40" referrerpolicy="no-referrer">'


class Rows:
    """The rows of a page in one language."""

    def __init__(self, page: Sequence[ListedProduct]) -> None:
        self.page = page

    def __bool__(self) -> bool:
        return bool(self.page)

    def __iter__(self) -> Iterator[SafeString]:
        kinds = {False: escape(_("Single")), True: escape(_("With variations"))}
        brand, kind, items = (escape(_(word)) for word in ("Brand", "Kind", "Items"))
        bare = f'<span class="thumb-none">{icon("photo-off")}</span>'
        address = reverse("web:product", args=[0])
        for row in self.page:
            href = address.replace("/0/", f"/{row.pk}/")
            more = f' <span class="sub">+{row.item_count - 1}</span>' if row.item_count > 1 else ""
            yield mark_safe(  # noqa: S308 - every part is escaped
                f'<tr><td class="thin no-stack">{THUMB.format(escape(row.image_url)) if row.image_url else bare}</td>'
                f'<td><a class="row-title" href="{href}">{escape(row.name)}</a></td>'
                f'<td class="mono" data-label="SKU">{escape(row.first_sku)}{more}</td>'
                f'<td data-label="{brand}">{escape(row.brand or "")}</td>'
                f'<td data-label="{kind}">{kinds[row.is_group]}</td>'
                f'<td class="num" data-label="{items}">{number(row.item_count)}</td></tr>'
            )
