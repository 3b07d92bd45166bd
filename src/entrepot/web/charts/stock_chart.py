"""An item's stock over time as a chart whose every step says its cause."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from entrepot.inventory.history import History, Step
from entrepot.inventory.models import Movement
from entrepot.orders.models import OrderLine
from entrepot.web.charts.charts import Chart, Point, Series, Tick, written
from entrepot.web.templatetags.desk import reason_words, reference_words, signed

PERIODS = ("7", "30", "90", "all")
PERIOD = "30"
MOST_TICKS = 7
MINUTES = (1, 5, 10, 15, 30, 60, 120, 240, 480)
"""A short stretch has a mark every so many minutes."""


def period_of(text: str) -> str:
    """The period that an address asks for, else the usual one."""
    return text if text in PERIODS else PERIOD


def begin_of(period: str, now: datetime) -> datetime | None:
    """Since when; None = ever."""
    return None if period == "all" else now - timedelta(days=int(period))


def references(found: History | None) -> Sequence[str]:
    """Whose stock the steps moved."""
    return [step.movement.reference for step in found.steps] if found else []


def stock_chart(found: History | None, lines: Mapping[str, OrderLine], *, now: datetime, houses: int) -> Chart:
    """The chart of an item. `lines`: the order lines that this person may see, by reference."""
    points = _points(found, lines, now, houses) if found else []
    return Chart(
        key="chart-stock",
        title=gettext_lazy("Stock over time"),
        kind="steps",
        unit=gettext_lazy("pieces"),
        axis=gettext_lazy("When"),
        cause_word=gettext_lazy("Cause"),
        series=[
            Series(word, [Point(label, figures[place], cause, at) for label, figures, cause, at in points])
            for place, word in enumerate((_("On hand"), _("Reserved"), _("Available")))
        ],
        ticks=_ticks(points[0][3], points[-1][3]) if points else (),
        summary=_sentence(found) if found else "",
        note=_left_out(found) if found else "",
        empty=gettext_lazy("Nothing was ever counted here, so there is nothing to draw."),
    )


Drawn = tuple[str, tuple[int, int, int], str, datetime]


def _points(found: History, lines: Mapping[str, OrderLine], now: datetime, houses: int) -> list[Drawn]:
    on_hand, reserved = found.before
    new = found.steps and found.before == (0, 0)  # nothing to see before the first of it came
    since = found.steps[0].at if new else found.since
    drawn = [(_moment(since), (on_hand, reserved, on_hand - reserved), _("As it stood then"), since)]
    for step in found.steps:
        figures = step.on_hand, step.reserved, step.available
        drawn.append((_moment(step.at), figures, cause(step.movement, lines, houses), step.at))
    end = max(now, drawn[-1][3])
    return [*drawn, (_moment(end), drawn[-1][1], _("Now"), end)]


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i")


def cause(movement: Movement, lines: Mapping[str, OrderLine], houses: int) -> str:
    """Why the figure changed: what was done, by how much, for which order or why, by whom, and where."""
    moved = []
    if movement.on_hand_delta:
        moved.append(_("on hand %(n)s") % {"n": signed(movement.on_hand_delta)})
    if movement.reserved_delta:
        moved.append(_("reserved %(n)s") % {"n": signed(movement.reserved_delta)})
    line = lines.get(movement.reference)
    whose = _("Order %(number)s") % {"number": line.order.number} if line else reference_words(movement.reference)
    word = movement.get_kind_display()
    parts = [f"{word} ({', '.join(moved)})" if moved else word, whose if whose != word else ""]
    parts += [reason_words(movement.reason), movement.actor_label, movement.warehouse.name if houses > 1 else ""]
    return " · ".join(part for part in parts if part)


def _sentence(found: History) -> str:
    steps = found.steps
    if not steps:
        on_hand, reserved = found.before
        return _("Nothing moved: %(on_hand)s on hand, %(reserved)s reserved, %(available)s available throughout.") % {
            "on_hand": written(on_hand),
            "reserved": written(reserved),
            "available": written(on_hand - reserved),
        }
    low = min(steps, key=lambda step: step.available)
    said = ngettext("%(n)s movement.", "%(n)s movements.", found.moved) % {"n": written(found.moved)}
    said += " " + _("Available went from %(first)s to %(last)s, on hand from %(was)s to %(is)s.") % {
        "first": written(found.before[0] - found.before[1]),
        "last": written(steps[-1].available),
        "was": written(found.before[0]),
        "is": written(steps[-1].on_hand),
    }
    return said + " " + _lowest(low, found)


def _lowest(low: Step, found: History) -> str:
    before = found.before[0] - found.before[1]
    if before < low.available:
        return _("The least available was %(n)s, at the beginning.") % {"n": written(before)}
    return _("The least available was %(n)s, on %(when)s.") % {"n": written(low.available), "when": _moment(low.at)}


def _left_out(found: History) -> str:
    said = []
    if not found.whole:
        said.append(_("Only the newest %(n)s movements are looked at.") % {"n": written(found.moved)})
    if len(found.steps) < found.moved:
        said.append(
            _(
                "%(drawn)s of %(moved)s steps are drawn: what people did (receipts, counts, adjustments, transfers), "
                "and of each stretch of time the least available, the most on hand and the last. The ledger has all."
            )
            % {"drawn": written(len(found.steps)), "moved": written(found.moved)}
        )
    return " ".join(said)


def _ticks(first: datetime, last: datetime) -> Sequence[Tick]:
    """Midnights, or moments of a short stretch, by the person's clock: at most seven of them."""
    zone = timezone.get_current_timezone()
    if last - first < timedelta(days=2):
        pace = next((n for n in MINUTES if (last - first) / timedelta(minutes=n) <= MOST_TICKS), MINUTES[-1])
        begin = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        moments = (begin + timedelta(minutes=n) for n in range(0, 3 * 24 * 60, pace))
        return [Tick(f"{at.astimezone(zone):%H:%M}", at) for at in moments if first <= at <= last]
    begin_day, days = first.astimezone(zone).date(), (last.astimezone(zone).date() - first.astimezone(zone).date()).days
    pace = -(-days // MOST_TICKS)
    midnights = [
        datetime.combine(begin_day + timedelta(days=n), time.min, zone) for n in range(1, days + 1) if n % pace == 0
    ]
    shape = "%Y-%m" if days > 400 else "%m-%d"
    return [Tick(f"{at:{shape}}", at) for at in midnights if first <= at <= last]
