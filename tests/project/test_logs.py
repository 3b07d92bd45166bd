import io
import json
import logging
from logging.config import dictConfig

import pytest
import structlog
from django.test import RequestFactory

from entrepot.project import logs


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"secret_key": "abc"}, {"secret_key": "[hidden]"}),
        (
            {"headers": {"Authorization": "Bearer x", "Accept": "*/*"}},
            {"headers": {"Authorization": "[hidden]", "Accept": "*/*"}},
        ),
        ({"buyer_name": "Kim"}, {"buyer_name": "[hidden]"}),
        ({"event": "sent to mina@socks.example"}, {"event": "sent to [hidden]"}),
        ({"path": "/join/" + "a" * 43 + "/"}, {"path": "/join/[hidden]/"}),
        ({"rows": [{"email": "x"}, "ent_" + "b" * 43]}, {"rows": [{"email": "[hidden]"}, "[hidden]"]}),
        ({"url": "postgresql://entrepot:pw@h/db"}, {"url": "postgresql://entrepot:[hidden]@h/db"}),
        (
            {"store": 3, "run": 5, "key_error": "x", "sku": "A-1"},
            {"store": 3, "run": 5, "key_error": "x", "sku": "A-1"},
        ),
    ],
)
def test_secrets_and_personal_data_are_blanked_and_the_rest_is_kept(
    event: dict[str, object], expected: dict[str, object]
) -> None:
    assert logs.hide(None, "info", event) == expected


def test_away_from_a_terminal_each_line_is_json_from_structlog_and_from_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = logs.logging_settings("INFO")
    said = io.StringIO()
    settings["handlers"]["stderr"]["stream"] = said
    root = logging.getLogger()
    before = root.handlers[:]
    try:
        dictConfig(settings)
        structlog.get_logger("entrepot.test").info("order.taken", order=7, buyer_email="x@y.example")
        asked = RequestFactory().get("/orders/", {"q": "Minjun"})
        logging.getLogger("django.request").warning(
            "Not Found: %s", "/join/" + "a" * 43 + "/", extra={"request": asked}
        )
    finally:
        root.handlers = before
    first, second = (json.loads(line) for line in said.getvalue().splitlines())
    assert (first["event"], first["order"], first["buyer_email"], first["level"]) == (
        "order.taken",
        7,
        "[hidden]",
        "info",
    )
    assert second["event"] == "Not Found: /join/[hidden]/"
    assert second["request"] == "[hidden]"  # its address holds what was searched for
