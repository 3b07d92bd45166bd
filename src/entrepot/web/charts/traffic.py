"""A store's calls and runs as charts: how busy the line is, and how long each sync took and how it ended."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from entrepot.channels.models import Run
from entrepot.channels.queries.calls import MINUTES, MOST_CALLS, Call
from entrepot.channels.services.runs import results
from entrepot.web.charts.charts import Chart, Point, Series, written
from entrepot.web.templatetags.desk import run_seconds, run_trouble, span
from entrepot.web.wording.words import label

SHOWN_RUNS = 30


def calls_chart(calls: Sequence[Call], now: datetime) -> Chart:
    """Calls a minute in the last half hour, the failed ones apart."""
    begin = now.replace(second=0, microsecond=0) - timedelta(minutes=MINUTES - 1)
    minutes = [begin + timedelta(minutes=n) for n in range(MINUTES)]
    seen = [call for call in calls if call.at >= begin]
    good = Counter(call.at.replace(second=0, microsecond=0) for call in seen if not call.failed)
    bad = Counter(call.at.replace(second=0, microsecond=0) for call in seen if call.failed)
    named = [(_("Answered"), good), (_("Failed"), bad)]
    busiest = max(minutes, key=lambda minute: good[minute] + bad[minute])
    said = ngettext(
        "%(n)s call in %(minutes)s minutes, %(failed)s failed.",
        "%(n)s calls in %(minutes)s minutes, %(failed)s failed.",
        len(seen),
    )
    said %= {"n": written(len(seen)), "minutes": MINUTES, "failed": written(bad.total())}
    return Chart(
        key="chart-calls",
        title=gettext_lazy("Calls per minute"),
        kind="stacked",
        unit=gettext_lazy("calls"),
        axis=gettext_lazy("Minute"),
        series=[Series(word, [Point(_clock(at), counts[at]) for at in minutes]) for word, counts in named]
        if seen
        else [],
        summary=f"{said} "
        + _("Most in the minute of %(when)s: %(n)s.")
        % {"when": _clock(busiest), "n": written(good[busiest] + bad[busiest])},
        note=_("Only the newest %(n)s calls are counted.") % {"n": written(MOST_CALLS)}
        if len(calls) >= MOST_CALLS
        else "",
        empty=gettext_lazy("No call in the last half hour."),
    )


def _clock(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "H:i")


def runs_chart(runs: Sequence[Run]) -> Chart:
    """How long the last runs took, the oldest first, by how they ended. `runs`: the newest first."""
    shown = [run for run in runs if run.finished_at][:SHOWN_RUNS][::-1]
    seconds = [run_seconds(run) or 0 for run in shown]
    unit = 60 if max(seconds, default=0) >= 300 else 1
    ends = [
        state
        for state in (Run.State.DONE, Run.State.FAILED, Run.State.CANCELED)
        if any(r.state == state for r in shown)
    ]
    series = [
        Series(
            str(state.label),
            [
                Point(
                    _when(run),
                    round(took / unit, 1) if run.state == state else 0,
                    outcome(run),
                    tick=_clock(run.started_at),
                )
                for run, took in zip(shown, seconds, strict=True)
            ],
        )
        for state in ends
    ]
    return Chart(
        key="chart-runs",
        title=gettext_lazy("How long the last runs took"),
        kind="stacked",
        unit=gettext_lazy("minutes") if unit > 1 else gettext_lazy("seconds"),
        axis=gettext_lazy("Started"),
        cause_word=gettext_lazy("What came of it"),
        series=series,
        summary=_runs_sentence(shown, seconds),
        empty=gettext_lazy("No run has ended yet."),
    )


def _when(run: Run) -> str:
    return formats.date_format(timezone.localtime(run.started_at), "Y-m-d H:i")


def outcome(run: Run) -> str:
    """What a run was, how long it took, how it ended and what it did."""
    counted = ", ".join(f"{label(name)} {written(n)}" for name, n in results(run).items() if isinstance(n, int) and n)
    parts = [run.get_kind_display(), span(run_seconds(run)), run.get_state_display(), counted]
    return " · ".join(part for part in [*parts, run_trouble(run) if run.error_code else ""] if part)


def _runs_sentence(shown: Sequence[Run], seconds: Sequence[float]) -> str:
    if not shown:
        return ""
    failed = sum(run.state == Run.State.FAILED for run in shown)
    said = ngettext(
        "%(n)s run has ended, %(failed)s of them early.", "%(n)s runs have ended, %(failed)s of them early.", len(shown)
    )
    slow = max(range(len(shown)), key=lambda place: seconds[place])
    return (
        said % {"n": written(len(shown)), "failed": written(failed)}
        + " "
        + _("The longest took %(time)s: %(kind)s on %(when)s.")
        % {"time": span(seconds[slow]), "kind": shown[slow].get_kind_display(), "when": _when(shown[slow])}
    )
