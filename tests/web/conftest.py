from dataclasses import dataclass

import pytest
from django.test import Client

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
