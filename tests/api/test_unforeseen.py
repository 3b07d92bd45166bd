"""A program reads JSON whatever happens: an address that is none, a call that breaks, a body nobody can take."""

import logging
import re

import pytest
from django.db import OperationalError
from django.test import Client

from entrepot.api import stock
from tests.api.conftest import CalledWorld

SECRET = "postgresql://owner:hunter2@db/entrepot"
NOWHERE = "The API has no such address, so nothing was read or changed. Look up the right one at /api/v1/docs."


@pytest.mark.parametrize("trouble", [ValueError(SECRET), OperationalError(SECRET)], ids=lambda one: type(one).__name__)
def test_a_call_that_breaks_answers_a_number_and_nothing_of_the_inside(
    world: CalledWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    def breaks(**_words: object) -> None:
        raise trouble

    program = world.program()
    program.client.raise_request_exception = False
    monkeypatch.setattr(stock.queries, "stock_list", breaks)
    with caplog.at_level(logging.ERROR):
        answer = program.get("/stock")

    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/json"
    told = [record.msg for record in caplog.records if record.name == "entrepot.project.views"]
    assert [(line["event"], line["kind"]) for line in told] == [("page_broke", type(trouble).__name__)]
    incident = told[0]["incident"]
    assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", incident)
    assert answer.json() == {
        "error": {
            "code": "broke_inside",
            "message": (
                "Something broke on our side. A call either does all it says or changes nothing, so it may be sent "
                f"again. If it stays, give the number {incident} to whoever looks after Entrepot: the log says there "
                "what broke."
            ),
            "fields": {"incident": incident},
        }
    }


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/items/", "/api/v2/items", "/api/", "/api"])
@pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
def test_an_unknown_address_of_the_api_answers_json(path: str, verb: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), verb)(path)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json() == {"error": {"code": "no_such_address", "message": NOWHERE, "fields": {}}}


def test_a_method_an_address_does_not_take_is_refused_in_json_and_names_those_it_takes(world: CalledWorld) -> None:
    program = world.program()
    answer = program.client.put("/api/v1/stock", headers={"authorization": f"Bearer {program.secret}"})

    assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, "application/json", "GET")
    message = "This address takes GET, not PUT, so nothing was changed. Look up the call at /api/v1/docs."
    fields = {"allowed": "GET", "method": "PUT"}
    assert answer.json() == {"error": {"code": "no_such_method", "message": message, "fields": fields}}


def test_a_body_that_is_no_json_is_named_in_the_shape_of_every_refusal(world: CalledWorld) -> None:
    program = world.program()
    answer = program.client.post(
        f"/api/v1/stock/{world.item.pk}/adjust",
        "{no json",
        content_type="application/json",
        headers={"authorization": f"Bearer {program.secret}"},
    )

    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (400, "application/json")
    assert answer.json()["error"]["code"] == "unreadable"


@pytest.mark.django_db
def test_a_request_to_another_host_is_refused_in_json_under_the_api_and_as_a_page_elsewhere() -> None:
    program, person = (Client().get(path, headers={"host": "evil host"}) for path in ("/api/v1/items", "/orders/"))

    assert (program.status_code, program.json()["error"]["code"]) == (400, "unreadable")
    assert (person.status_code, person["Content-Type"].split(";")[0]) == (400, "text/html")
