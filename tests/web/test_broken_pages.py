"""Whatever breaks inside, a person reads a plain page with a number, and the log has the rest under it."""

import logging
import re
from typing import Any

import pytest
from django.db import OperationalError
from django.template import TemplateSyntaxError
from django.urls import reverse

from entrepot.web.views import orders
from tests.web.conftest import AtDesk

SECRET = "postgresql://owner:hunter2@db/entrepot"


@pytest.mark.parametrize(
    "trouble",
    [ValueError(f"unexpected {SECRET}"), OperationalError(f"FATAL: {SECRET}"), TemplateSyntaxError("Invalid block")],
    ids=lambda one: type(one).__name__,
)
def test_a_page_that_breaks_says_a_number_and_nothing_of_the_inside(
    at_desk: AtDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    def breaks(*_args: Any, **_words: Any) -> None:
        raise trouble

    monkeypatch.setattr(orders, "show", breaks)
    at_desk.browser.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        answer = at_desk.browser.get(reverse("web:orders"))

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side" in page
    number = re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", page)
    assert number is not None
    assert "hunter2" not in page
    assert type(trouble).__name__ not in page
    told = [record.msg for record in caplog.records if record.name == "entrepot.project.views"]
    assert [(line["event"], line["incident"], line["kind"]) for line in told] == [
        ("page_broke", number[0], type(trouble).__name__)
    ]
