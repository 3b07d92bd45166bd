"""A new screen cannot be forgotten by the benchmark of screens."""

import pytest
from django.urls import Resolver404, resolve

from tests.web.factories import full_house
from tests.web.pages import NO_SCREENS, names, screens

FOR_STRANGERS = {"sign_in", "join"}
"""What is opened before somebody has signed in, and so has nothing of a seller on it."""


def test_every_address_that_answers_a_person_with_a_page_is_measured(db: None) -> None:
    measured = pytest.importorskip("benchmarks.screens").addresses(full_house(), {})
    opened = {_name(address) for address in measured.values()}

    assert opened == set(screens())
    assert opened | NO_SCREENS | FOR_STRANGERS <= names()


def test_what_is_heavy_is_measured_beside_what_is_usual(db: None) -> None:
    house = full_house()
    heavy = {"order": {"order_id": 7_000_000}}

    measured = pytest.importorskip("benchmarks.screens").addresses(house, heavy)

    assert measured["order (heavy)"] == "/orders/7000000/"
    assert measured["order"] == f"/orders/{house.order.pk}/"
    assert measured["store (mall)"] == f"/stores/{house.mall.pk}/"


def _name(address: str) -> str:
    try:
        return str(resolve(address).url_name)
    except Resolver404:
        return f"{address} leads nowhere"
