"""Addresses line by line as their country writes them."""

import pytest

from entrepot.kernel.names import full_name
from entrepot.kernel.postal import address_lines, street_lines, with_postcode

JUNGGU = {"city": "중구", "region": "서울특별시", "postcode": "04524"}


@pytest.mark.parametrize("street", ["세종대로 110", "서울특별시 중구 세종대로 110"])
def test_a_korean_address_goes_from_the_region_to_the_house_and_says_nothing_twice(street: str) -> None:
    assert address_lines(JUNGGU | {"line1": street, "line2": "3층"}, "KR") == [
        "[04524] 서울특별시 중구 세종대로 110",
        "3층",
    ]


def test_a_region_written_short_in_the_street_is_not_said_again() -> None:
    assert address_lines(JUNGGU | {"line1": "서울 중구 세종대로 110"}, "KR") == ["[04524] 서울 중구 세종대로 110"]
    moved = {"line1": "강남로 3", "city": "용인시", "region": "경기도", "postcode": "16979"}
    assert address_lines(moved, "KR") == ["[16979] 경기도 용인시 강남로 3"]


def test_a_korean_address_in_latin_letters_goes_the_other_way_round() -> None:
    there = {"line1": "110 Sejong-daero", "city": "Seoul", "region": "Seoul", "postcode": "04524"}
    assert address_lines(there, "KR") == ["110 Sejong-daero", "Seoul 04524"]


@pytest.mark.parametrize(
    ("country", "city", "region", "postcode", "written"),
    [
        ("US", "Baltimore", "MD", "21093", ["Baltimore, MD 21093"]),
        ("DE", "Berlin", "Berlin", "10115", ["10115 Berlin"]),
        ("GB", "Bristol", "", "BS1 4RB", ["Bristol", "BS1 4RB"]),
        ("AU", "Perth", "WA", "6000", ["Perth WA 6000"]),
        ("BR", "São Paulo", "SP", "01000-000", ["São Paulo - SP", "01000-000"]),
        ("NL", "Delft", "", "2611 AA", ["2611 AA Delft"]),
        ("XX", "Somewhere", "Far", "123", ["123 Somewhere, Far"]),
    ],
)
def test_other_countries_keep_their_own_order(
    country: str, city: str, region: str, postcode: str, written: list[str]
) -> None:
    address = {"line1": "1 Quay", "city": city, "region": region, "postcode": postcode}

    assert address_lines(address, country) == ["1 Quay", *written]


def test_a_japanese_address_begins_with_its_postcode() -> None:
    there = {"line1": "千代田1-1", "city": "千代田区", "region": "東京都", "postcode": "100-0001"}
    assert address_lines(there, "JP") == ["〒100-0001 東京都 千代田区 千代田1-1"]


def test_a_label_has_the_postcode_in_its_own_place() -> None:
    assert street_lines(JUNGGU | {"line1": "세종대로 110"}, "KR") == ["서울특별시 중구 세종대로 110"]
    assert street_lines({"line1": "1 Quay", "city": "Baltimore", "region": "MD", "postcode": "2"}, "US") == [
        "1 Quay",
        "Baltimore, MD",
    ]


def test_lines_that_stand_already_get_the_postcode_where_it_is_looked_for() -> None:
    assert (
        with_postcode(["서울특별시 중구 세종대로 110", "3층"], "04524", "KR")[0]
        == "[04524] 서울특별시 중구 세종대로 110"
    )
    assert with_postcode(["Allee 1", "Berlin"], "10115", "DE") == ["Allee 1", "10115 Berlin"]
    assert with_postcode(["1 Quay", "Bristol"], "BS1", "GB") == ["1 Quay", "Bristol BS1"]
    assert with_postcode([], "04524", "KR") == ["[04524]"]
    assert with_postcode(["1 Quay"], "", "GB") == ["1 Quay"]


def test_an_empty_address_has_no_lines() -> None:
    assert address_lines({}, "KR") == address_lines({}, "US") == []


def test_a_korean_name_has_the_family_name_first_and_no_gap() -> None:
    assert full_name("서연", "김") == "김서연"
    assert full_name("김서연", "김서연") == "김서연"
    assert full_name("Mina", "Kim") == "Mina Kim"
    assert full_name("", "김") == "김"
