"""The rows of the list of orders as HTML. Fifty rows of many cells are read all day, so each cell is one small function
and not a template: a page costs a third of what it did (`benchmarks/order_list.py`).
"""  # noqa: D205 - the reason is one sentence

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from entrepot.orders.models import Order, Status
from entrepot.web.templatetags.desk import badge, country_word
from entrepot.web.templatetags.people import phone_text
from entrepot.web.wording import marks, words
from entrepot.web.wording.amounts import money_short

Cell = Callable[["Rows", Order], str]
MOST_NUMBERS: Final = 2


class Rows:
    """The rows of a page in one language. What a cell needs that is not on the order: `numbers` of parcels."""

    def __init__(
        self,
        page: Sequence[Order],
        names: Sequence[str],
        *,
        titles: Mapping[str, object],
        numbers: Mapping[int, Sequence[str]],
    ) -> None:
        self.page, self.names, self.numbers = page, names, numbers
        self.titles = {name: escape(str(titles[name])) for name in names}
        self.choose, self.pickup = escape(_("Choose order")), escape(_("Pick-up"))
        self.address = reverse("web:order", args=[0])

    def __iter__(self) -> Iterator[SafeString]:
        cells = [(CELLS[name], self.titles[name]) for name in self.names]
        for order in self.page:
            rest = "".join([f'<td{_kind(cell)} data-label="{title}">{cell(self, order)}</td>' for cell, title in cells])
            yield mark_safe(f"<tr>{self._box(order)}{self._head(order)}{rest}</tr>")  # noqa: S308 - every cell is escaped

    def __bool__(self) -> bool:
        return bool(self.page)

    @cached_property
    def statuses(self) -> Mapping[str, str]:
        """Each status as it looks."""
        found = {order.status for order in self.page}
        every = {status: marks.mark_of("order", status) for status in found}
        return {status: badge(one.tone, one.icon, Status(status).label) for status, one in every.items()}

    def _box(self, order: Order) -> str:
        label = f"{self.choose} {escape(order.number)}"
        box = f'<input type="checkbox" class="form-check-input" name="order" value="{order.pk}" data-row'
        return f'<td class="thin choose">{box} aria-label="{label}"></td>'

    def _head(self, order: Order) -> str:
        about = [escape(order.sales_channel.name)]
        about += [escape(words.label(order.origin))] if order.origin else []
        about += [self.pickup] if order.pickup else []
        href = self.address.replace("/0/", f"/{order.pk}/")
        link = f'<a class="row-title" href="{href}" data-open>{escape(order.number)}</a>'
        return f'<td class="has-corner"><div>{link}<div class="sub">{" · ".join(about)}</div></div></td>'


def _kind(cell: Cell) -> str:
    """The class of a cell's column."""
    return CLASSES.get(cell, "")


def _status(rows: Rows, order: Order) -> str:
    held = f'<span class="sub block">{escape(words.hold_label(order.hold_code))}</span>' if order.hold_code else ""
    return f"<span>{rows.statuses[order.status]}{held}</span>"


def _placed(_rows: Rows, order: Order) -> str:
    at = timezone.localtime(order.placed_at)
    return f'<time datetime="{at.isoformat()}" title="{at:%Y-%m-%d %H:%M:%S %Z}">{at:%Y-%m-%d %H:%M}</time>'


def _buyer(_rows: Rows, order: Order) -> str:
    return f'<span class="clip clip-name">{escape(order.buyer_name)}</span>' if order.buyer_name else ""


def _phone(_rows: Rows, order: Order) -> str:
    return escape(phone_text(order.buyer_phone, order=order))


def _products(_rows: Rows, order: Order) -> str:
    first = getattr(order, "first_name", "")
    if not first:
        return ""
    name = escape(first)
    others = getattr(order, "line_count", 1) - 1
    more = f' <span class="sub more-lines">+{others}</span>' if others > 0 else ""
    return f'<span class="clip clip-product" title="{name}">{name}</span>{more}'


def _pieces(_rows: Rows, order: Order) -> str:
    return formats.number_format(getattr(order, "piece_count", 0), force_grouping=True)


def _total(_rows: Rows, order: Order) -> str:
    return money_short(order.total, order.base_currency)


def _payment(_rows: Rows, order: Order) -> str:
    return f'<span class="clip clip-name">{escape(order.payment_method)}</span>' if order.payment_method else ""


def _country(_rows: Rows, order: Order) -> str:
    code = str((order.shipping or {}).get("country_code", ""))
    return escape(country_word(code)) if code else ""


def _tracking(rows: Rows, order: Order) -> str:
    numbers = rows.numbers.get(order.pk, ())
    shown = [f'<span class="block">{escape(number)}</span>' for number in numbers[:MOST_NUMBERS]]
    more = len(numbers) - MOST_NUMBERS
    return "".join(shown) + (f'<span class="sub">+{more}</span>' if more > 0 else "")


def _tags(_rows: Rows, order: Order) -> str:
    return " ".join(format_html('<span class="tag">{}</span>', tag) for tag in order.tags)


CELLS: Final[Mapping[str, Cell]] = {
    "status": _status,
    "placed": _placed,
    "buyer": _buyer,
    "phone": _phone,
    "products": _products,
    "pieces": _pieces,
    "total": _total,
    "payment": _payment,
    "country": _country,
    "tracking": _tracking,
    "tags": _tags,
}
CLASSES: Final[Mapping[Cell, str]] = {
    _status: ' class="corner"',
    _phone: ' class="tnum"',
    _pieces: ' class="num"',
    _total: ' class="num"',
    _tracking: ' class="tnum"',
}
