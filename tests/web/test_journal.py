"""The payload journal speaks: what a call was for, how it ended, why it failed, what it was about."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from entrepot.channels.models import JournalEntry
from entrepot.connectors.http import HostNotAnswering
from tests.web.conftest import AtDesk
from tests.web.factories import make_journal_entry, make_store

WHY = HostNotAnswering(host="shop.example.com").sentence()


def words_of(browser: Client, address: str) -> str:
    """The page as a person reads it."""
    text = browser.get(address).content.decode()
    text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", text[text.index("<main") :], flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def silent(at_desk: AtDesk) -> JournalEntry:
    store = make_store(at_desk.house.seller, "Quiet shop")
    return make_journal_entry(
        store, status=None, error_code="host_not_answering", error_reason=WHY, about=["order:12", "product:40"]
    )


def test_the_list_says_what_each_call_was_for_and_why_it_failed(at_desk: AtDesk, silent: JournalEntry) -> None:
    said = words_of(at_desk.browser, reverse("web:journal") + f"?store={silent.store_id}")

    assert "Tell stock" in said
    assert "No answer Nothing answers at shop.example.com. 12 ms" in said
    assert "Order 12 Product 40" in said
    assert "host_not_answering" not in said


def test_a_call_says_it_whole(at_desk: AtDesk, silent: JournalEntry) -> None:
    said = words_of(at_desk.browser, reverse("web:journal_entry", args=[silent.pk]))

    assert f"What went wrong {WHY} host_not_answering" in said


def test_a_failed_answer_is_told_from_a_good_one_by_a_word(at_desk: AtDesk, silent: JournalEntry) -> None:
    make_journal_entry(silent.store, status=503)
    make_journal_entry(silent.store, status=200)
    make_journal_entry(silent.store, status=200, incoming=True)

    said = words_of(at_desk.browser, reverse("web:journal") + f"?store={silent.store_id}")

    assert said.count("Failed · 503") == 1
    assert "The store announces a change" in said


def test_a_call_nobody_has_words_for_is_shown_by_its_address(at_desk: AtDesk, silent: JournalEntry) -> None:
    entry = make_journal_entry(silent.store, method="PATCH", target="/index.php?resource=tomorrow")

    assert words_of(at_desk.browser, reverse("web:journal_entry", args=[entry.pk])).count("PATCH /index.php") == 2


def test_old_calls_without_a_reason_still_say_something(at_desk: AtDesk, silent: JournalEntry) -> None:
    JournalEntry.objects.filter(pk=silent.pk).update(error_reason="")

    said = words_of(at_desk.browser, reverse("web:journal_entry", args=[silent.pk]))

    assert "What went wrong Nothing answers at …. Entrepot goes on trying by itself." in said


def test_it_is_said_in_korean(at_desk: AtDesk, silent: JournalEntry) -> None:
    at_desk.browser.post(reverse("web:language"), {"language": "ko", "back": "/orders/"})

    said = words_of(at_desk.browser, reverse("web:journal") + f"?store={silent.store_id}")

    assert "재고 전송" in said
    assert "응답 없음" in said
    assert "Nothing answers" not in said
    assert "shop.example.com" in said
