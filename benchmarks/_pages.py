"""Pages asked for as a browser does, through the whole web application: how long each takes in the server."""

import time
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks._rig import must, spread

LIMIT_MS = 50.0
MOST_QUERIES = 24
Pages = dict[str, dict[str, Any]]


def browser_of(member: Any) -> Client:  # noqa: ANN401 - a membership, known once Django is ready
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def measure(browser: Client, address: str, *, row: bytes, times: int) -> dict[str, Any]:
    """How long a page takes, how often it asks the database, and how many rows it has, each of which holds `row`."""
    for _ in range(3):
        answer = browser.get(address)
    must(answer.status_code == 200, f"{address}: {answer.status_code}")
    with CaptureQueriesContext(connection) as asked:
        rows = browser.get(address).content.count(row)
    queries = len(asked)
    must(0 < queries <= MOST_QUERIES, f"{address} asks {queries} times")
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        browser.get(address)
        taken.append(time.perf_counter() - began)
    ordered = sorted(taken)
    return spread(taken) | {
        "p95_ms": round(ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)] * 1000, 1),
        "queries": queries,
        "rows": rows,
    }
