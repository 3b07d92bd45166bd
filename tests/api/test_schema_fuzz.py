"""Whatever is sent to a reading operation, the answer is one that the description promises, and never a 500."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error, response_schema_conformance, status_code_conformance

from entrepot.project.wsgi import application

CHECKS = (not_a_server_error, status_code_conformance, response_schema_conformance)


@pytest.fixture
def one_connection():
    """Django closes its connection after each WSGI request, and with it the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_reading_operations_answer_as_described(transactional_db, world, one_connection):
    headers = {"Authorization": f"Bearer {world.program().secret}", "Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    asked = []
    for found in schema.include(method="GET").get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=8,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case):
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
        asked.append(operation.path)
    assert len(asked) == 67


@pytest.mark.parametrize("after", ["x", "bm90IGpzb24", "WzFd", "W251bGxd", "💥"])
def test_a_torn_bookmark_is_the_first_page(world, after):
    program = world.program()
    assert program.get("/orders", after=after).json() == program.get("/orders").json()
