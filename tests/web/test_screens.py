"""Each screen opens, in both languages, with nothing in it and with everything in it."""

import pytest
from django.urls import reverse

from tests.books import make_seller
from tests.web.conftest import AtDesk
from tests.web.factories import House, make_person, sit_down
from tests.web.pages import LISTS, address, screens


@pytest.mark.parametrize("name", screens())
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_screen_opens(house: House, name: str, language: str) -> None:
    house.owner.user.language = language
    house.owner.user.save()

    answer = sit_down(house.owner).get(address(name, house))

    assert answer.status_code == 200
    text = answer.content.decode()
    assert f'<html lang="{language}"' in text
    assert "style=" not in text
    assert "onclick" not in text
    assert "<script>" not in text


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_has_words_for_nothing(db: None, name: str) -> None:
    owner = make_person(make_seller("Empty"))

    answer = sit_down(owner).get(reverse(f"web:{name}"), follow=True)  # a file of nothing leads back to its page

    assert answer.status_code == 200


def test_a_stranger_is_sent_to_the_sign_in_and_back(at_desk: AtDesk, client) -> None:
    answer = client.get(reverse("web:orders"))

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=%2Forders%2F"
