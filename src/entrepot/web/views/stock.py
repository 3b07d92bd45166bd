"""Stock figures, the ledger of one item, and why it is what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.catalog import queries as catalog_queries
from entrepot.channels.models import Listing
from entrepot.channels.queries.listings import listings_of_items
from entrepot.channels.services.why import why
from entrepot.inventory import queries
from entrepot.inventory.history import history
from entrepot.inventory.models import Movement, Stock
from entrepot.kernel.errors import EntrepotError
from entrepot.orders.models import OrderLine
from entrepot.orders.queries import lines_by_reference
from entrepot.orders.services import adjust_stock, count_stock
from entrepot.warehouse.queries import places
from entrepot.web.charts import stock_chart
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.forms.filters import StockFilters
from entrepot.web.forms.stock import AdjustForm, MomentForm
from entrepot.web.holding.after import stock_moved
from entrepot.web.way.saved import with_views

LEVELS = ("", "low", "out", "reserved")


@desk("stock.view")
@require_safe
@with_views("stock")
def stock(request: DeskRequest) -> HttpResponse:
    """On hand, reserved, available and incoming of every item."""
    filters = StockFilters(request.GET)
    level = request.GET.get("level", "")
    page = queries.stock_list(
        seller_id=request.desk.seller_id,
        search=filters.value("q").strip(),
        level=level if level in LEVELS else "",
        warehouse_ids=request.desk.warehouse_ids,
        after=request.GET.get("after", ""),
    )
    return show(request, "web/stock/list.html", {"page": page, "filters": filters, "level": level})


@desk("stock.view")
@require_safe
def stock_item(request: DeskRequest, item_id: int) -> HttpResponse:
    """One item's figures by warehouse, for whom it is set aside, and every movement."""
    return _item_page(request, item_id, None)


@require_POST
@desk("stock.adjust")
def stock_adjust(request: DeskRequest, item_id: int) -> HttpResponse:
    """Change the figure, with a reason."""
    seller_id = request.desk.seller_id
    item = catalog_queries.item(seller_id=seller_id, item_id=item_id)
    form = _adjust_form(request, request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        said = {"reason": facts["reason"], "actor": request.desk.actor, "warehouse_id": facts["warehouse"]}
        try:
            if facts["how"] == "set":
                seen = _seen(request, facts["warehouse"])
                count_stock(seller_id=seller_id, item_id=item.pk, on_hand=facts["quantity"], seen=seen, **said)
            else:
                sign = -1 if facts["how"] == "remove" else 1
                adjust_stock(seller_id=seller_id, item_id=item.pk, delta=sign * facts["quantity"], **said)
        except EntrepotError as error:
            form.refuse(error)
        else:
            stock_moved(request.desk, [item.pk])
            done(request, _("The stock of %(sku)s is changed.") % {"sku": item.sku})
            return redirect("web:stock_item", item_id)
    return _item_page(request, item_id, form)


def _seen(request: DeskRequest, warehouse_id: int | None) -> int | None:
    """What the page showed on hand there (`3:7 4:0`); None where it does not say."""
    pairs = (word.partition(":") for word in request.POST.get("saw", "").split())
    saw = {place: figure for house, _sign, text in pairs if (place := number_of(house)) for figure in _figure(text)}
    if warehouse_id is None:
        return next(iter(saw.values())) if len(saw) == 1 else None
    return saw.get(warehouse_id, 0) if "saw" in request.POST else None


def _figure(text: str) -> list[int]:
    return [int(text)] if text.isascii() and text.isdigit() and len(text) < 12 else []


def _adjust_form(request: DeskRequest, data: object = None) -> AdjustForm:
    form = AdjustForm(data)
    here = request.desk
    known = queries.warehouses(seller_id=here.seller_id, warehouse_ids=here.warehouse_ids)
    houses = [(house.pk, house.name) for house in known]
    form.offer(houses)
    return form


def _item_page(request: DeskRequest, item_id: int, form: AdjustForm | None) -> HttpResponse:
    seller_id = request.desk.seller_id
    item = catalog_queries.item(seller_id=seller_id, item_id=item_id)
    kind = request.GET.get("kind", "")
    mine: dict[str, Any] = {"seller_id": seller_id, "item_id": item_id, "warehouse_ids": request.desk.warehouse_ids}
    page = queries.ledger(
        **mine,
        kind=kind if kind in Movement.Kind.values else "",
        after=request.GET.get("after", ""),
    )
    kept = queries.reservations_of(**mine)
    standing = queries.stock_by_warehouse(**mine)
    span = _Span.of(request, standing)
    past = history(seller_id=seller_id, item_id=item_id, since=span.since, warehouse_ids=span.places)
    references = [*(step.reference for step in page.rows), *(row.reference for row in kept)]
    references += stock_chart.references(past)
    lines = _of_my_orders(request, lines_by_reference(seller_id=seller_id, references=references))
    facts = {
        "item": item,
        "figures": _figures(request, item_id, standing),
        "warehouses": standing,
        "places": places.places_of_item(**mine),
        "reservations": kept,
        "listings": _of_my_stores(request, listings_of_items(seller_id=seller_id, item_ids=[item_id])[item_id]),
        "lines": lines,
        "span": span,
        "chart": stock_chart.stock_chart(past, lines, now=span.now, houses=len(standing)),
        "page": page,
        "kinds": Movement.Kind.choices,
        "kind": kind,
        "form": form or _adjust_form(request),
    }
    wrong = form is not None and form.errors
    return show(request, "web/stock/item.html", facts, status=422 if wrong else 200)


@dataclass(frozen=True, slots=True)
class _Span:
    """What the chart is asked for: how long back, in which warehouse."""

    period: str
    now: datetime
    warehouse_id: int | None
    places: Sequence[int] | None

    @classmethod
    def of(cls, request: DeskRequest, standing: Sequence[Stock]) -> "_Span":
        """As the address says; a warehouse only where the item has stock in several that this person may see."""
        asked = number_of(request.GET.get("w", ""))
        one = asked if len(standing) > 1 and asked in {row.warehouse_id for row in standing} else None
        period = stock_chart.period_of(request.GET.get("days", ""))
        return cls(period, timezone.now(), one, request.desk.warehouse_ids if one is None else [one])

    @property
    def since(self) -> datetime | None:
        """Since when; None = ever."""
        return stock_chart.begin_of(self.period, self.now)

    @property
    def periods(self) -> Sequence[tuple[str, str]]:
        """The choices, in words."""
        return [(one, _("All") if one == "all" else _("%(n)s days") % {"n": one}) for one in stock_chart.PERIODS]


def _figures(request: DeskRequest, item_id: int, standing: Sequence[Stock]) -> queries.Figures:
    """The item's figures where this person works."""
    if request.desk.warehouse_ids is None:
        return queries.figures(seller_id=request.desk.seller_id, item_ids=[item_id])[item_id]
    on_hand, reserved = sum(row.on_hand for row in standing), sum(row.reserved for row in standing)
    return queries.Figures(on_hand, reserved, sum(row.incoming for row in standing), on_hand - reserved)


def _of_my_stores(request: DeskRequest, rows: Sequence[Listing]) -> Sequence[Listing]:
    mine = request.desk.store_ids
    return rows if mine is None else [row for row in rows if row.store_id in mine]


def _of_my_orders(request: DeskRequest, lines: Mapping[str, OrderLine]) -> Mapping[str, OrderLine]:
    mine = request.desk.store_ids
    return lines if mine is None else {key: row for key, row in lines.items() if row.order.sales_channel_id in mine}


@desk("stock.view")
@require_safe
def stock_why(request: DeskRequest, item_id: int) -> HttpResponse:
    """Why is it 3? The figures at a moment, what each store had been told, and each step before."""
    seller_id = request.desk.seller_id
    item = catalog_queries.item(seller_id=seller_id, item_id=item_id)
    form = MomentForm(request.GET if "at" in request.GET else None, initial={"at": timezone.localtime()})
    at: datetime = form.value("at") or timezone.now()
    mine = {"store_ids": request.desk.store_ids, "warehouse_ids": request.desk.warehouse_ids}
    facts = {"item": item, "form": form, "at": at, "why": why(seller_id=seller_id, item_id=item_id, at=at, **mine)}
    return show(request, "web/stock/why.html", facts)
