from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.web.factories import House, full_house, sit_down


@dataclass
class AtDesk:
    house: House
    browser: Client


@pytest.fixture
def at_desk(db: None) -> AtDesk:
    """The owner of a seller with one of everything, signed in."""
    house = full_house()
    return AtDesk(house, sit_down(house.owner))


@pytest.fixture(scope="module")
def _built_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[House, House]]:
    """Two full houses in a transaction around those of the module's tests, so that each test finds them as built."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # a durable transaction inside is as good as in any test
        around.__enter__()
        built = full_house("Mine"), full_house("Theirs")
    yield built
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def neighbours(_built_once: tuple[House, House], db: None) -> tuple[House, House]:
    """Two sellers who each have one of everything, for modules in which no test commits."""
    return deepcopy(_built_once)


@pytest.fixture
def house(neighbours: tuple[House, House]) -> House:
    """The first of the two."""
    return neighbours[0]
