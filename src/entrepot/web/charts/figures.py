"""What the dashboard says of the last days: orders a day, how soon they left, which share lacked stock or fell through.

Every figure is defined once, where it is counted (`orders.queries.pace`), and said in words beside it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from entrepot.kernel.money import shown
from entrepot.orders.queries.pace import Days, Pace, Sales, pace, sales
from entrepot.web.charts.charts import Cell, Chart, Point, Series, Table, written
from entrepot.web.desk import Desk
from entrepot.web.templatetags.desk import span

PERIODS = (14, 30, 90)
PERIOD = 30
APART = 5
"""So many stores have bars of their own; all others are one."""
WEEKLY_FROM = 60
"""Periods of so many days are told by the week."""
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Rate:
    """A figure of the period, with what it is a part of, and how it is counted."""

    word: str | Promise
    number: str
    text: str
    meaning: str | Promise
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Trade:
    """The last days: what was ordered and what became of it."""

    period: int
    orders: Chart
    pace: Chart
    rates: Sequence[Rate]


def period_of(text: str) -> int:
    """The period that an address asks for, else the usual one."""
    return int(text) if text in {str(days) for days in PERIODS} else PERIOD


def trade(here: Desk, *, period: int, names: Mapping[int, str]) -> Trade:
    """The last `period` days of the person's clock, today among them. `names`: the channels by id."""
    days = Days.up_to(timezone.localdate(timezone=here.zone), period, here.zone)
    weekly = period >= WEEKLY_FROM
    sold = sales(seller_id=here.seller_id, days=days, channel_ids=here.store_ids)
    left = pace(seller_id=here.seller_id, days=days, weekly=weekly, channel_ids=here.store_ids)
    charts = orders_chart(sold, days, names), pace_chart(left, days, weekly=weekly)
    return Trade(period, *charts, rates(sold, left, period))


def orders_chart(sold: Sequence[Sales], days: Days, names: Mapping[int, str]) -> Chart:
    """Orders a day, a bar for each store; the table adds the amounts in each currency."""
    by_store: Counter[int] = Counter()
    by_day: Counter[date] = Counter()
    cells: Counter[tuple[date, int]] = Counter()
    for row in sold:
        by_store[row.channel_id] += row.placed
        by_day[row.day] += row.placed
        cells[row.day, row.channel_id] += row.placed
    ranked = sorted((one for one in by_store if by_store[one]), key=lambda one: (-by_store[one], names.get(one, "")))
    groups = [(names.get(one, ""), [one]) for one in ranked[:APART]]
    if others := ranked[APART:]:
        groups.append((_("Other stores"), others))
    series = [
        Series(name, [_day_point(day, sum(cells[day, one] for one in ids)) for day in days.each])
        for name, ids in groups
    ]
    return Chart(
        key="chart-orders",
        title=gettext_lazy("Orders per day"),
        kind="stacked",
        unit=gettext_lazy("orders"),
        axis=gettext_lazy("Day"),
        series=series,
        summary=_orders_sentence(
            by_day, [(name, sum(by_store[one] for one in ids)) for name, ids in groups], len(days)
        ),
        empty=gettext_lazy("No order was placed in these days."),
        written=_orders_table(series, by_day, sold, days),
    )


def _day_point(day: date, value: float | None) -> Point:
    return Point(day.isoformat(), value, tick=f"{day:%m-%d}")


def _orders_sentence(by_day: Mapping[date, int], stores: Sequence[tuple[str, int]], days: int) -> str:
    count = sum(by_day.values())
    if not count:
        return ""
    best = min(by_day, key=lambda day: (-by_day[day], day))
    said = ngettext(
        "%(n)s order in %(days)s days, %(mean)s a day.", "%(n)s orders in %(days)s days, %(mean)s a day.", count
    ) % {"n": written(count), "days": days, "mean": written(count / days, 1)}
    said += " " + _("Most came on %(day)s: %(n)s.") % {"day": best.isoformat(), "n": written(by_day[best])}
    if len(stores) > 1:
        said += " " + ", ".join(f"{name} {written(n)}" for name, n in stores) + "."
    return said


def _orders_table(series: Sequence[Series], by_day: Mapping[date, int], sold: Sequence[Sales], days: Days) -> Table:
    amounts: dict[str, dict[date, Decimal]] = {}
    for row in sold:
        amounts.setdefault(row.currency, {}).setdefault(row.day, Decimal(0))
        amounts[row.currency][row.day] += row.amount
    currencies = sorted(amounts)
    head = [_("Day"), *(one.name for one in series), _("All orders")]
    head += [_("Order value, %(currency)s") % {"currency": currency} for currency in currencies]
    rows: list[list[Cell]] = [
        [
            day.isoformat(),
            *(one.points[place].value for one in series),
            by_day.get(day, 0),
            *(shown(amounts[currency].get(day, Decimal(0)), currency) for currency in currencies),
        ]
        for place, day in enumerate(days.each)
    ]
    total: list[Cell] = [_("Together"), *(sum(point.value or 0 for point in one.points) for one in series)]
    total += [sum(by_day.values())]
    total += [shown(sum(amounts[currency].values(), Decimal(0)), currency) for currency in currencies]
    return Table(head, [*reversed(rows), total])


def pace_chart(left: Sequence[Pace], days: Days, *, weekly: bool) -> Chart:
    """From placed to handed over, by the day or week of handing over."""
    whole = left[0] if left else None
    known = {row.since: row for row in left[1:]}
    places = sorted({day - timedelta(days=day.weekday()) for day in days.each}) if weekly else days.each
    in_days = whole is not None and whole.median > 2 * 24 * HOUR
    unit = 24 * HOUR if in_days else HOUR

    def line(name: str, value: str) -> Series:
        return Series(
            name,
            [_day_point(day, round(getattr(known[day], value) / unit, 1) if day in known else None) for day in places],
        )

    return Chart(
        key="chart-pace",
        title=gettext_lazy("From order to hand-over"),
        kind="lines",
        unit=gettext_lazy("days") if in_days else gettext_lazy("hours"),
        axis=gettext_lazy("Week from") if weekly else gettext_lazy("Handed over on"),
        series=[line(_("Half within"), "median"), line(_("Nine of ten within"), "ninetieth")],
        summary=_pace_sentence(whole),
        empty=gettext_lazy("No order was handed over in these days."),
    )


def _pace_sentence(whole: Pace | None) -> str:
    if whole is None:
        return ""
    said = ngettext(
        "%(n)s order left. It took %(median)s.",
        "%(n)s orders left: half within %(median)s, nine of ten within %(ninetieth)s of being placed.",
        whole.left,
    )
    return said % {"n": written(whole.left), "median": _took(whole.median), "ninetieth": _took(whole.ninetieth)}


def _took(seconds: float) -> str:
    """How long something took: `5 h 10 min`, or days from two on."""
    if seconds < 48 * HOUR:
        return span(seconds)
    return _("%(n)s days") % {"n": written(seconds / 24 / HOUR, 1)}


def _short(seconds: float) -> str:
    """The same in as few letters as fit a figure."""
    if seconds < HOUR:
        return _("%(n)s min") % {"n": written(seconds / 60)}
    if seconds < 48 * HOUR:
        return _("%(n)s h") % {"n": written(seconds / HOUR, 1)}
    return _("%(n)s days") % {"n": written(seconds / 24 / HOUR, 1)}


def rates(sold: Sequence[Sales], left: Sequence[Pace], days: int) -> Sequence[Rate]:
    """How many were ordered, how soon they left, and which share lacked stock or was canceled, and by whom."""
    placed = sum(row.placed for row in sold)
    short = sum(row.ran_short for row in sold)
    took = _short(left[0].median) if left else "–"
    return [
        Rate(
            gettext_lazy("Orders placed"),
            written(placed),
            _("%(mean)s a day") % {"mean": written(placed / days, 1)},
            gettext_lazy(
                "All orders placed on these days, canceled ones too. An order that came or leaves in parts is one."
            ),
        ),
        Rate(
            gettext_lazy("Time to hand-over"),
            took,
            _("median of %(n)s orders") % {"n": written(left[0].left)} if left else "",
            gettext_lazy(
                "Of the orders handed over on these days: the time from placing to hand-over that half of them stayed "
                "within, and nine of ten. What had left before Entrepot knew it is not among them."
            ),
        ),
        Rate(
            gettext_lazy("Oversell rate"),
            _share(short, placed),
            _of(short, placed),
            gettext_lazy(
                "Orders placed on these days that asked for stock that was not there, when they came in or later, as a "
                "share of all placed. An order counts once, and stays counted when its stock has come."
            ),
            "bad" if short else "",
        ),
        _canceled(gettext_lazy("Canceled by buyers"), sum(row.by_buyer for row in sold), placed, BY_BUYER),
        _canceled(gettext_lazy("Canceled by you"), sum(row.by_seller for row in sold), placed, BY_SELLER),
        _canceled(gettext_lazy("Never paid"), sum(row.unpaid for row in sold), placed, UNPAID),
    ]


BY_BUYER = gettext_lazy("Orders placed on these days that the buyer canceled, or that were canceled in the store.")
BY_SELLER = gettext_lazy("Orders placed on these days that somebody of yours canceled and the store confirmed.")
UNPAID = gettext_lazy("Orders placed on these days that ended because nobody paid.")


def _canceled(word: str | Promise, count: int, placed: int, meaning: str | Promise) -> Rate:
    return Rate(word, _share(count, placed), _of(count, placed), meaning)


def _share(part: int, whole: int) -> str:
    return f"{written(100 * part / whole, 1)} %" if whole else "–"


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": written(part), "whole": written(whole)} if whole else ""
