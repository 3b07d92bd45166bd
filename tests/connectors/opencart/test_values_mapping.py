"""Single values: text, weights, images, and the shop's clock."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.mapping_values import grams, image_url, plain, shop_clock, truth, wall_time


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (None, ""),
        ("", ""),
        ("Date &amp; Time", "Date & Time"),
        ("O'Brien &amp; S&oslash;ns", "O'Brien & Søns"),
        ("30&quot;", '30"'),
        ("&lt;rear&gt;", "<rear>"),
        ("&amp;amp;", "&amp;"),
        ("AT&T", "AT&T"),
        ("  spaced  ", "spaced"),
    ],
)
def test_text_is_unescaped_once(stored, text):
    assert plain(stored) == text


@pytest.mark.parametrize(
    ("weight", "unit", "in_grams"),
    [
        ("1.50000000", "kg", "1500"),
        ("146.40000000", "g", "146.4"),
        ("2.00000000", "lb", "907.185"),
        ("1.00000000", "oz", "28.35"),
        ("1.00000000", "KG.", "1000"),
        ("0.00000000", "kg", None),
        ("1.00000000", "stone", None),
        ("1.00000000", None, None),
        (None, "kg", None),
    ],
)
def test_weights_are_grams(weight, unit, in_grams):
    found = grams(None if weight is None else Decimal(weight), unit)
    assert (None if found is None else str(found)) == in_grams


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("catalog/demo/a b.jpg", "http://s/image/catalog/demo/a%20b.jpg"),
        ("catalog/한글 &amp; co.png", "http://s/image/catalog/%ED%95%9C%EA%B8%80%20%26%20co.png"),
        ("/catalog/a.jpg", "http://s/image/catalog/a.jpg"),
        ("https://cdn.example.com/a.jpg", "https://cdn.example.com/a.jpg"),
        ("", ""),
        (None, ""),
    ],
)
def test_an_image_is_an_address_that_works(path, url):
    assert image_url("http://s/image/", path) == url


@pytest.mark.parametrize(("stored", "flag"), [(1, True), ("1", True), (True, True), (0, False), ("0", False)])
def test_flags_are_read_however_php_wrote_them(stored, flag):
    assert truth(stored) is flag
    assert truth(None) is truth("") is truth(False) is False


# case 31
@pytest.mark.parametrize("stored", ["0000-00-00", "0000-00-00 00:00:00", "", None, "soon"])
def test_zero_dates_are_no_dates(stored):
    assert wall_time(stored) is None


# --------------------------------------------------------------------------- case 27: the clock


def clock(shop, zone="", utc="2026-11-22T02:30:00Z"):
    return shop_clock(wire.Clock(utc=utc, shop=shop, timezone=zone))


def test_a_named_zone_knows_summer_and_winter():
    berlin = clock("2026-11-22 03:30:00", "Europe/Berlin")
    assert berlin.aware("2026-07-01 12:00:00") == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert berlin.aware("2026-12-01 12:00:00") == datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
    assert (berlin.name, berlin.offset_seconds, berlin.agrees) == ("Europe/Berlin", 3600, True)


def test_the_hour_that_comes_twice_is_taken_as_the_first():
    berlin = clock("2026-11-22 03:30:00", "Europe/Berlin")
    assert berlin.aware("2026-10-25 02:30:00") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "+09:00", "../etc/passwd", "America"])
def test_an_unknown_zone_is_read_off_the_two_clocks(zone):
    found = clock("2026-11-22 11:30:02", zone)
    assert found.aware("2026-11-22 11:17:44") == datetime(2026, 11, 22, 2, 17, 44, tzinfo=UTC)
    assert (found.offset_seconds, found.agrees) == (32400, True)


def test_a_zone_the_clock_does_not_follow_is_not_believed():
    found = clock("2026-11-22 11:30:00", "UTC")
    assert found.aware("2026-11-22 11:17:44") == datetime(2026, 11, 22, 2, 17, 44, tzinfo=UTC)
    assert not found.agrees


@given(
    st.sampled_from(["Asia/Seoul", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "UTC"]),
    st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - wall clock on purpose
)
def test_a_time_comes_back_as_the_shop_wrote_it(zone, wall):
    utc = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
    shop = utc.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")
    found = clock(shop, zone)
    assert found.agrees
    moment = found.aware(wall.strftime("%Y-%m-%d %H:%M:%S"))
    again = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert again == wall.replace(microsecond=0) or abs((again - wall.replace(microsecond=0)).total_seconds()) <= 86400
