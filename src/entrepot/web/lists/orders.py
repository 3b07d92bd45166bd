"""What stands around the list of orders: tabs with counts, columns, chips of what is filtered, choices of filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entrepot.accounts.models import SavedView, ScreenChoice
from entrepot.fulfilment.finding import carrier_names, numbers_of
from entrepot.inventory.queries import warehouses
from entrepot.orders import queries
from entrepot.orders.models import Order, Status
from entrepot.web.desk import Desk
from entrepot.web.forms.filters import OrderFilters
from entrepot.web.forms.look import with_all
from entrepot.web.lists.order_rows import Rows
from entrepot.web.wording import marks, words
from entrepot.web.wording.countries import COUNTRIES

SCREEN: Final = "orders"
ALWAYS: Final = (
    Status.NEW,
    Status.PARTIAL,
    Status.ON_HOLD,
    Status.RFP,
    Status.READY_TO_SHIP,
    Status.IN_TRANSIT,
    Status.COMPLETE,
)
COLUMNS: Final[Mapping[str, str | Promise]] = {
    "status": gettext_lazy("Status"),
    "placed": gettext_lazy("Placed"),
    "buyer": gettext_lazy("Buyer"),
    "phone": gettext_lazy("Phone"),
    "products": gettext_lazy("Products"),
    "pieces": gettext_lazy("Pieces"),
    "total": gettext_lazy("Total"),
    "payment": gettext_lazy("Payment"),
    "country": gettext_lazy("Country"),
    "tracking": gettext_lazy("Tracking number"),
    "tags": gettext_lazy("Tags"),
}
"""In the order they stand in; the order's number and its store are always first."""
USUAL: Final = ("status", "placed", "buyer", "products", "pieces", "total", "tracking", "tags")
SIZES: Final = (25, 50, 100, 200)
FIRST_FIELDS: Final = ("q", "channel", "since", "until")
"""Always seen; the other filters are behind a button."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: its field and value in the address, and what is said."""

    name: str
    value: str
    word: str


def tabs(counts: Mapping[str, int], chosen: str) -> list[tuple[Status, marks.Mark, int]]:
    """The statuses that always stand there, those with orders, and the chosen one."""
    others = [status for status in Status if status not in ALWAYS and (counts.get(status) or status == chosen)]
    shown = [*ALWAYS, *others]
    return [(status, marks.mark_of("order", status), counts.get(status, 0)) for status in shown]


def rows_of(here: Desk, choice: ScreenChoice, view: SavedView | None, page: Sequence[Order]) -> Rows:
    """The page with the columns of the view, else the person's own, else the usual ones."""
    wanted = (view.columns if view else ()) or choice.columns or USUAL
    ids = [order.pk for order in page]
    return Rows(
        page,
        [name for name in COLUMNS if name in wanted],
        titles=COLUMNS,
        numbers=numbers_of(seller_id=here.seller_id, order_ids=ids) if "tracking" in wanted else {},
    )


def fill_stores(form: OrderFilters, here: Desk) -> None:
    """The stores this person may choose from."""
    stores = queries.sales_channels(seller_id=here.seller_id, channel_ids=here.store_ids)
    _fill(form, "channel", [(row.pk, row.name) for row in stores], _("All stores"))


def fill_choices(form: OrderFilters, here: Desk, *, shown: bool) -> None:
    """What there is to choose from behind the button, where it is `shown`; else only what is on, to be said in words.

    What is chosen stays even where none of the newest orders has it.
    """
    seller = here.seller_id
    found = queries.choices(seller_id=seller) if shown else _chosen(form)
    countries = dict(COUNTRIES)
    _fill(form, "hold", [(code, words.hold_label(code)) for code in found.holds])
    _fill(form, "tag", [(tag, tag) for tag in (queries.tags_in_use(seller_id=seller) if shown else ())])
    _fill(form, "country", [(code, countries.get(code, code)) for code in found.countries])
    _fill(form, "payment", [(one, one) for one in found.payments])
    _fill(form, "origin", [(one, words.label(one)) for one in found.origins])
    if shown or form.data.get("carrier"):
        _fill(form, "carrier", carrier_names(seller_id=seller))
    if shown or form.data.get("warehouse"):
        houses = warehouses(seller_id=seller, warehouse_ids=here.membership.warehouse_ids or None)
        _fill(form, "warehouse", [(row.pk, row.name) for row in houses])


def _chosen(form: OrderFilters) -> queries.Choices:
    fields = ("country", "payment", "origin", "hold")
    return queries.Choices(*([value] if (value := form.data.get(name)) else [] for name in fields))


def _fill(form: OrderFilters, name: str, choices: Sequence[tuple[Any, Any]], first: str = "") -> None:
    field, word = form.fields[name], form.data.get(name, "")
    if isinstance(field, forms.ChoiceField):
        known = word in {"", *(str(value) for value, _label in choices)}
        more = [] if known or isinstance(field, forms.TypedChoiceField) else [(word, word)]
        field.choices = with_all(first or _("Any"), [*choices, *more])


def chips_of(form: OrderFilters) -> list[Chip]:
    """What is filtered behind the button, in words."""
    chips = []
    for name, field in form.fields.items():
        value = form.value(name)
        if name in FIRST_FIELDS or name == "sort" or value in {None, "", False}:
            continue
        said = _said(field, value)
        word = str(field.label) if value is True else f"{field.label}: {said}"
        chips.append(Chip(name, form.data.get(name, ""), word))
    return chips


def _said(field: forms.Field, value: Any) -> object:  # noqa: ANN401 - a filter's value is of its field's kind
    if isinstance(field, forms.ChoiceField):
        choices: list[tuple[Any, Any]] = list(field.widget.choices)
        return dict(choices).get(value, value)
    if isinstance(field, forms.DecimalField):
        return formats.number_format(value, use_l10n=True, force_grouping=True)
    return value


def exact(page: Sequence[Order], by: queries.OrderFilter) -> Order | None:
    """The one order that is meant where its number, or its parcel's, was typed in full."""
    typed = by.search.strip().lower()
    if not typed or " " in typed:
        return None
    word = typed.rpartition(":")[2]
    parcels = by.parcels.get(word, ())
    hits = [row for row in page if row.pk in parcels or word in {row.number.lower(), row.remote_id.lower()}]
    return hits[0] if len(hits) == 1 else None
