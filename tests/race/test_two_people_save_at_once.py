"""Two people save one form at the same instant: one is kept, the other is asked; without the lock one is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from entrepot.catalog.models import Item
from entrepot.web.holding import sitting
from tests.race.meeting import queued_up
from tests.web.factories import House, full_house, make_person, sit_down
from tests.web.test_two_people import opened


@pytest.fixture
def house(transactional_db: None) -> House:
    return full_house()


def both_save(house: House) -> tuple[Item, list[int]]:
    """Two browsers opened the form; each gives the item a name of its own, and both reach its row together."""
    red = house.items["RED"]
    address = reverse("web:item_edit", args=[red])
    browsers = [sit_down(house.owner), sit_down(make_person(house.seller, "manager", "mina@example.com"))]
    forms = [opened(browser, address) for browser in browsers]

    def save(number: int) -> Callable[[], HttpResponse]:
        return lambda: browsers[number].post(address, forms[number] | {"name": f"Name {number}"})

    ends: list[Any] = queued_up("catalog_item", [red], [save(0), save(1)])
    return Item.objects.get(pk=red), sorted(end.status_code for end in ends)


def test_one_of_two_who_save_at_once_is_kept_and_the_other_gets_the_choice(house: House) -> None:
    item, answers = both_save(house)

    assert answers == [302, 409]
    assert item.name in {"Name 0", "Name 1"}


def test_comparing_without_holding_the_row_loses_what_one_of_them_wrote(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin that must fail: both compare with what was there before, both write, and nobody is told."""

    @contextmanager
    def looking(*_args: object, **_words: object) -> Iterator[None]:
        with transaction.atomic():
            yield

    monkeypatch.setattr(sitting, "holding", looking)

    _item, answers = both_save(house)

    assert answers == [302, 302]
