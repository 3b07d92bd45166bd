"""What a chart says of itself, and the colours it is drawn in."""

import re
from pathlib import Path

import pytest

from entrepot.web.charts.charts import Chart, Point, Series, Table
from entrepot.web.templatetags.charts import chart_rows

TOKENS = Path(__file__).parents[2] / "src/entrepot/web/static/web/tokens.css"


def a_chart(**words) -> Chart:
    series = [
        Series("On hand", [Point("Mon", 1, "came"), Point("Tue", None, "unknown")]),
        Series("Sold", [Point("Mon", 1234.5), Point("Tue", 2)]),
    ]
    facts = {"series": series, "summary": "Two days.", "axis": "Day", **words}
    return Chart(key="c", title="Stock", kind="lines", unit="pieces", **facts)


def test_the_table_has_the_numbers_that_are_drawn() -> None:
    chart = a_chart(cause_word="Cause")

    assert chart.table == Table(
        ["Day", "On hand", "Sold", "Cause"], [["Mon", 1, 1234.5, "came"], ["Tue", None, 2, "unknown"]]
    )
    assert [one["values"] for one in chart.drawn["series"]] == [[1, None], [1234.5, 2]]
    assert chart.drawn["causes"] == ["came", "unknown"]
    assert chart.has_points


def test_what_has_no_value_at_all_is_not_drawn() -> None:
    assert not a_chart(series=[]).has_points
    assert not a_chart(series=[Series("On hand", [Point("Mon", None)])]).has_points


def test_a_row_shows_numbers_to_the_right_and_escapes_words() -> None:
    assert chart_rows([["<Mon>", 1234, "<b>"]]) == (
        '<tr><th scope="row">&lt;Mon&gt;</th><td class="num">1,234</td><td>&lt;b&gt;</td></tr>'
    )
    assert "–" in chart_rows([["Tue", None]])


def _light(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("place", "sheet"), [(0, "#ffffff"), (1, "#1a222c")])
def test_every_series_stands_out_three_to_one_from_the_sheet_in_both_themes(place: int, sheet: str) -> None:
    text = TOKENS.read_text()
    for number in range(1, 7):
        colour = re.findall(rf"--chart-{number}: (#\w{{6}});", text)[place]
        above, below = sorted((_light(colour), _light(sheet)), reverse=True)
        assert (above + 0.05) / (below + 0.05) >= 3, colour
