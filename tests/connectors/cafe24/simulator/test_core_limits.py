"""How often a client may call; numbers in names are behaviours of reference §9."""

import pytest

from tests.connectors.cafe24.simulator.core_rig import Caller


def fill(caller: Caller, fill: float) -> None:
    caller.server.bucket.fill(caller.server.oauth.client_id, fill)


def test_every_answer_shows_the_bucket_and_the_usage(demo: Caller) -> None:
    demo.server.bucket.leak = 0.0001
    assert demo.call("GET", "/store").headers["x-api-call-limit"] == "1/40"
    reply = demo.call("GET", "/nothing")
    assert reply.headers["x-api-call-limit"] == "2/40"
    assert reply.headers["x-cafe24-call-usage"] == "0.07"
    assert reply.headers["x-cafe24-time-usage"].count(".") == 1
    assert "x-cafe24-call-remain" not in reply.headers


def test_10_the_forty_first_call_is_a_429_with_a_full_bucket_and_no_retry_after(demo: Caller) -> None:
    demo.server.bucket.leak = 0.0001
    replies = [demo.call("GET", "/store") for _ in range(41)]
    assert [reply.status for reply in replies] == [200] * 40 + [429]
    assert replies[-1].headers["x-api-call-limit"] == "40/40"
    assert "retry-after" not in replies[-1].headers
    assert replies[-1].error == (429, "Too Many Requests")
    assert demo.server.counters.refused == 1
    assert demo.server.counters.most_fill == pytest.approx(40, abs=0.01)


def test_the_bucket_leaks_two_a_second(demo: Caller) -> None:
    fits, level = demo.server.bucket.pour("somebody", 40)
    demo.server.bucket._fills["somebody"] = (10.0, demo.server.bucket._fills["somebody"][1] - 3.0)
    fits, level = demo.server.bucket.pour("somebody", 40)
    assert fits
    assert level == pytest.approx(10 - 6 + 1, abs=0.1)


def test_refused_calls_do_not_fill_the_bucket_unless_the_mall_is_set_so(demo: Caller) -> None:
    demo.server.bucket.leak = 0.0001
    fill(demo, 40)
    assert demo.call("GET", "/store").status == 429
    assert demo.server.bucket._fills[demo.server.oauth.client_id][0] == pytest.approx(40, abs=0.01)
    demo.mall.settings.rejected_calls_fill_bucket = True
    assert demo.call("GET", "/store").status == 429
    assert demo.server.bucket._fills[demo.server.oauth.client_id][0] == pytest.approx(41, abs=0.01)


def test_a_refused_write_does_nothing(demo: Caller) -> None:
    fill(demo, 40)
    assert demo.put("/products/11", {"price": "1.00"}).status == 429
    assert demo.mall.products[11].price() == "130000.00"


def test_a_bucket_that_is_not_enforced_still_counts(demo: Caller) -> None:
    demo.server.bucket.enforced = False
    fill(demo, 400)
    reply = demo.call("GET", "/store")
    assert (reply.status, reply.headers["x-api-call-limit"]) == (200, "40/40")


def test_a_used_up_quota_says_how_long_to_wait_and_calling_on_makes_it_longer(demo: Caller) -> None:
    """Behaviour 11."""
    demo.server.quota.block(37)
    first, second = demo.call("GET", "/store"), demo.call("GET", "/store")
    assert (first.status, second.status) == (429, 429)
    assert int(first.headers["x-cafe24-call-remain"]) == 38
    assert int(second.headers["x-cafe24-call-remain"]) > int(first.headers["x-cafe24-call-remain"])
    assert float(first.headers["x-cafe24-call-usage"]) > 100
    assert demo.server.counters.while_blocked == 2


def test_the_quota_counts_calls_of_ten_minutes(demo: Caller) -> None:
    demo.server.quota.calls = 4
    replies = [demo.call("GET", "/store") for _ in range(5)]
    assert [reply.status for reply in replies] == [200, 200, 200, 200, 429]
    assert replies[3].headers["x-cafe24-call-usage"] == "100.00"
    assert replies[4].headers["x-cafe24-call-usage"] == "125.00"
    assert replies[4].headers["x-cafe24-call-remain"] == "600"


def test_the_quota_counts_seconds_of_work(demo: Caller) -> None:
    demo.server.quota.seconds = 5.0
    demo.call("GET", "/store")
    demo.server.quota.spend(demo.server.oauth.client_id, 6.0)
    reply = demo.call("GET", "/store")
    assert reply.status == 429
    assert reply.headers["x-cafe24-time-remain"] == "600"
    assert float(reply.headers["x-cafe24-time-usage"]) >= 120


def test_12_more_than_ten_calls_in_a_second_are_counted_as_abnormal(demo: Caller) -> None:
    replies = [demo.call("GET", "/store") for _ in range(13)]
    assert {reply.status for reply in replies} == {200}
    assert demo.server.counters.most_per_second == 13
    assert demo.server.counters.abnormal == 3


def test_12_the_mall_can_be_set_to_refuse_them(demo: Caller) -> None:
    demo.mall.settings.abnormal_calls_refused = True
    assert [demo.call("GET", "/store").status for _ in range(12)] == [200] * 10 + [429] * 2


def test_an_endpoint_with_thirty_shows_thirty(demo: Caller) -> None:
    demo.server.bucket.leak = 0.0001
    assert demo.put("/collectrequests/1", {"collect_tracking_no": "1"}).headers["x-api-call-limit"] == "1/30"
    assert demo.call("GET", "/store").headers["x-api-call-limit"] == "2/40"
