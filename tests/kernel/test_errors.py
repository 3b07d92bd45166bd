"""Every refusal of the books has a code of its own and a sentence whose fields it brings along."""

import importlib
import string

import pytest

from entrepot.kernel.errors import ChannelThrottled, EntrepotError, NotFound, Refused

ROOMS = ["catalog", "inventory", "orders"]
ERRORS = [
    error
    for room in ROOMS
    for error in vars(importlib.import_module(f"entrepot.{room}.errors")).values()
    if isinstance(error, type) and issubclass(error, EntrepotError) and error.__module__.startswith(f"entrepot.{room}")
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_a_refusal_is_a_whole_sentence_with_its_own_code(error):
    assert issubclass(error, Refused)
    assert "code" in vars(error)
    assert "message" in vars(error)
    assert error.message[0].isupper() or error.message[0] in "{“"
    assert error.message.endswith((".", "{reason}"))
    assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(error.message))


def test_no_two_refusals_share_a_code():
    codes = [error.code for error in ERRORS]
    assert len(set(codes)) == len(codes)


def test_an_error_says_its_sentence_with_the_fields_filled_in_and_the_detail_for_the_engineer():
    assert str(ChannelThrottled("429", retry_after=3)) == (
        "channel_throttled: The store asks Entrepot to slow down. It goes on by itself in 3 seconds. (429)"
    )
    assert (
        str(NotFound())
        == "not_found: This does not exist, or it belongs to somebody else. Go back and choose it from its list."
    )
