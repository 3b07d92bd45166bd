"""An order's address as its reader knows it."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from entrepot.web.templatetags.people import address_block

FROM_AMERICA = SimpleNamespace(sales_channel=SimpleNamespace(country="US"), shipping={})


@pytest.mark.parametrize(
    ("language", "code", "stored", "last"),
    [
        ("en", "KR", "Korea, Republic of", "South Korea"),
        ("ko", "KR", "Korea, Republic of", "대한민국"),
        ("ko", "TV", "Tuvalu", "Tuvalu"),
        ("en", "tv", "", "TV"),
        ("en", "US", "United States", "Springfield"),
        ("en", "", "Somewhere", "Springfield"),
    ],
)
def test_a_foreign_country_is_said_in_the_reader_s_words(language: str, code: str, stored: str, last: str) -> None:
    address = {"line1": "12 Elm Street", "city": "Springfield", "country_code": code, "country": stored}
    with translation.override(language):
        block = address_block(address, FROM_AMERICA)  # type: ignore[arg-type]

    lines = block.removeprefix("<address>").removesuffix("</address>").split("<br>")
    assert lines[-1] == last
