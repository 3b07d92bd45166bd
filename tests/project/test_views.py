import pytest
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db


def test_health_is_answered_to_anybody() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_figures_are_for_this_machine_itself() -> None:
    answer = Client(REMOTE_ADDR="127.0.0.1").get("/metrics")
    assert answer.status_code == 200
    assert b"entrepot_incoming_orders_waiting 0.0" in answer.content


@pytest.mark.parametrize(
    "headers", [{"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}]
)
def test_strangers_get_no_figures_not_even_through_a_proxy_here(headers: dict[str, str]) -> None:
    client = Client(**headers)
    assert client.get("/metrics").status_code == 404
    with override_settings(METRICS_TOKEN="t" * 32):
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 404
        assert client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {'t' * 32}").status_code == 200


def test_pages_may_not_be_framed_and_run_only_our_own_scripts() -> None:
    policy = Client().get("/healthz").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
