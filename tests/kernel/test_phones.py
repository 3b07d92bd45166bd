"""Numbers are grouped as Koreans read them, whatever form a store sent; what is no plain number is left alone."""

import pytest

from entrepot.kernel.phones import digits_of, shown


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("01012345678", "010-1234-5678"),
        ("010 1234 5678", "010-1234-5678"),
        ("+82 10-2345-6789", "010-2345-6789"),
        ("+82 (0)10 2345 6789", "010-2345-6789"),
        ("0082 10 1234 5678", "010-1234-5678"),
        ("821023456789", "010-2345-6789"),
        ("1012345678", "010-1234-5678"),
        ("0111234567", "011-123-4567"),
        ("021234567", "02-123-4567"),
        ("0212345678", "02-1234-5678"),
        ("+8221234567", "02-123-4567"),
        ("0311234567", "031-123-4567"),
        ("07012345678", "070-1234-5678"),
        ("0801234567", "080-123-4567"),
        ("15881234", "1588-1234"),
        ("+82 1588 1234", "1588-1234"),
        ("050712345678", "0507-1234-5678"),
        ("05051234567", "0505-123-4567"),
    ],
)
def test_a_number_of_korea_is_grouped_as_it_is_said_there(stored: str, read: str) -> None:
    assert shown(stored, country="KR") == read


def test_abroad_a_korean_number_begins_with_82() -> None:
    assert shown("01012345678", country="KR", home="US") == "+82 10-1234-5678"
    assert shown("021234567", country="KR", home="US") == "+82 2-123-4567"
    assert shown("15881234", country="KR", home="US") == "+82 1588-1234"


@pytest.mark.parametrize(
    "stored",
    ["+1 415 555 0100", "(415) 555-0100", "010-1234-5678 / 02-1", "112", "010-1234-5678 (내선 3)", "don't call", ""],
)
def test_what_is_not_a_number_of_korea_is_left_alone(stored: str) -> None:
    assert shown(stored, country="KR") == stored
    assert shown(stored, country="US") == stored


def test_a_number_without_a_country_is_not_taken_for_a_korean_one() -> None:
    assert shown("07012345678", country="GB") == "07012345678"
    assert shown("0044 20 7946 0958", country="GB") == "+442079460958"


def test_what_is_dialled_is_exactly_the_stored_number() -> None:
    assert digits_of("+82 10-2345-6789") == "+821023456789"
    assert digits_of("010-1234-5678") == "01012345678"
    assert digits_of("010-1234-5678 / 02-1") == ""
