from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.kernel.money import Money, parse_amount, shown


@pytest.mark.parametrize(
    ("text", "amount"),
    [("19.9900", "19.9900"), ("-3", "-3"), (12, "12"), (" 0.1 ", "0.1"), (Decimal("1.005"), "1.005"), ("1E+3", "1E+3")],
)
def test_an_amount_is_read_to_its_last_digit(text, amount):
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize("text", [1.5, True, None, "", "abc", "1,50", "NaN", "Infinity", "1_000", "1_0.0_1", [], {}])
def test_what_is_no_exact_amount_is_refused(text):
    with pytest.raises(ValueError, match="amount"):
        parse_amount(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**14), max_value=10**14))
def test_four_places_survive_the_way_through_text(amount):
    assert parse_amount(str(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "USD", "0.01"),
        ("-0.005", "USD", "-0.01"),
        ("2.4999", "KRW", "2"),
        ("2.5", "KRW", "3"),
        ("1.239", "EUR", "1.24"),
        ("1.239", "HUF", "1.24"),
        ("1.239", "TWD", "1.24"),
        ("1.5", "XPF", "2"),
    ],
)
def test_money_is_rounded_to_the_smallest_coin_of_its_currency(amount, currency, rounded):
    assert Money(Decimal(amount), currency).rounded() == Money(Decimal(rounded), currency)


def test_won_are_shown_whole_and_other_money_as_it_is_kept() -> None:
    assert shown(Decimal("9090.9091"), "KRW") == Decimal(9091)
    assert shown(Decimal("19.9"), "USD") == Decimal("19.90")
    assert shown(Decimal("0.0455"), "USD") == Decimal("0.0455")
    assert shown(Decimal("1.2"), "KWD") == Decimal("1.200")
