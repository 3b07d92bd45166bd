"""Which answer is which trouble, and what a call sends. Case numbers are those of the Cafe24 reference, §9."""

import json

import pytest

from entrepot.connectors.cafe24 import errors
from entrepot.connectors.contract import HeldMemory
from entrepot.connectors.http import ConnectionCut, HostTooSlow
from tests.connectors.cafe24.scripted import Reply, error, good, page, refused

PATH = "products/5"
SHOWN = good({"product": {"product_no": 5}})
ENDED = error(
    400, "2025-03-01 version you requested is not available. The default value for the app version is 2026-09-01."
)

# --------------------------------------------------------------------------- the version


# case 1
def test_the_version_that_the_mall_names_is_adopted_and_remembered(mall):
    mall.on("GET", PATH, ENDED, SHOWN)
    client = mall.client()
    client.get(PATH)
    client.get(PATH)
    mall.client().get(PATH)
    assert [asked.headers["X-Cafe24-Api-Version"] for asked in mall.asked] == ["2025-03-01", *["2026-09-01"] * 3]
    assert mall.memory.get("api_version") == "2026-09-01"


# case 1
def test_an_ended_version_is_adopted_for_a_write_too_because_nothing_was_done(mall):
    mall.on("PUT", PATH, ENDED, SHOWN)
    mall.client().put(PATH, {"display": "T"})
    assert len(mall.bodies("PUT")) == 2


def test_a_version_named_that_does_not_work_either_is_told_and_not_tried_for_ever(mall):
    mall.on("GET", PATH, ENDED, error(400, "2026-09-01 version is not available. The default version is 2026-10-01."))
    sentence = refused(lambda: mall.client().get(PATH), errors.VersionEnded)
    assert sentence.startswith("Cafe24 no longer offers version 2026-09-01 of its interface and names 2026-10-01")
    assert len(mall.asked) == 2


def test_a_version_remembered_is_asked_for_at_once(mall):
    mall.on("GET", PATH, SHOWN)
    mall.client(memory=HeldMemory({"api_version": "2026-06-01"})).get(PATH)
    assert mall.asked[0].headers["X-Cafe24-Api-Version"] == "2026-06-01"


# --------------------------------------------------------------------------- limits


# case 10
def test_a_full_bucket_is_a_pause_of_a_second(mall):
    mall.on("GET", PATH, error(429, "Too Many Requests", X_Api_Call_Limit="40/40"))
    refused(lambda: mall.client().get(PATH), errors.BucketFull)
    assert (mall.throttle.penalties, mall.throttle.observed, len(mall.asked)) == ([1.0], [(40.0, 40.0)], 1)


# case 11
def test_a_used_up_quota_is_waited_for_as_long_as_the_mall_says(mall):
    headers = {"X_Cafe24_Call_Usage": "102", "X_Cafe24_Call_Remain": "37", "X_Cafe24_Time_Remain": "12"}
    mall.on("GET", PATH, error(429, "Too Many Requests", **headers))
    sentence = refused(lambda: mall.client().get(PATH), errors.QuotaUsedUp)
    assert sentence.endswith("goes on by itself in 37 seconds.")
    assert max(mall.throttle.penalties) == 37.0


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [
        ({"X_Cafe24_Call_Usage": "99.99"}, []),
        ({"X_Cafe24_Call_Usage": "120.04", "X_Cafe24_Call_Remain": "9"}, [9.0]),
        ({"X_Cafe24_Time_Usage": "100"}, [30.0]),
        ({"X_Cafe24_Call_Usage": "some"}, []),
    ],
)
def test_a_good_answer_may_ask_for_a_pause_too(mall, headers, pauses):
    mall.on("GET", PATH, good({"product": {}}, X_Api_Call_Limit="7/40", **headers))
    mall.client().get(PATH)
    assert (mall.throttle.penalties, mall.throttle.observed) == (pauses, [(7.0, 40.0)])


def test_a_limit_that_is_no_number_is_not_believed(mall):
    mall.on("GET", PATH, good({"product": {}}, X_Api_Call_Limit="many"), good({"product": {}}))
    client = mall.client()
    client.get(PATH)
    client.get(PATH)
    assert mall.throttle.observed == []


# --------------------------------------------------------------------------- the table


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (
            error(400, "Please enter the Request parameter."),
            errors.NotUnderstood,
            "Please enter the Request parameter.",
        ),
        (
            error(403, "The API requires mall.write_product: insufficient_scope"),
            errors.ScopeMissing,
            "mall.write_product",
        ),
        (error(403, "The app is not installed"), errors.AccessRefused, "The app is not installed."),
        (error(404, "No API found."), errors.GoneFromMall, "products/5"),
        (error(409, "The same content."), errors.SameAlready, "The same content."),
        (page(413, "<html>"), errors.TooLarge, "more than Cafe24 takes at once"),
        (page(414, "<html>URI too long</html>"), errors.NotUnderstood, "answer 414"),
        (error(415, "Unsupported"), errors.NotUnderstood, "answer 415"),
        (error(422, "You cannot change to that order state."), errors.OrderStateRefused, "You cannot change to that"),
        (
            error(422, "Invalid value. (parameter.price)"),
            errors.RefusedByMall,
            "refused “price”. It said: “Invalid value.”",
        ),
        (error(422, ""), errors.RefusedByMall, "refused “products/5”. It gave no reason."),
        (error(500, "Internal Server Error"), errors.MallFailed, "answer 500"),
        (Reply(500), errors.MallFailed, "answer 500"),
        (page(502, "<html>Bad gateway</html>"), errors.MallFailed, "answer 502"),
        (error(503, "Service Unavailable"), errors.MallClosed, "answer 503"),
        (page(504, "<html>"), errors.MallTooSlow, "did not finish in time"),
        (page(200, "<!doctype html><title>Mall</title>"), errors.NotTheApi, "a web page"),
        (Reply(200, b'{"product": {"product_no"'), errors.CutAnswer, "stopped in the middle"),
        (Reply(200, b'"product"'), errors.WrongShape, "at $"),
        (Reply(302, headers={"Location": "https://example.com/"}), errors.Redirected, "another address"),
        (Reply(200, b'{"product": {', cut=True), ConnectionCut, "cut before"),
    ],
)
def test_each_answer_is_its_own_trouble(mall, reply, kind, words):
    mall.on("PUT", PATH, reply)
    assert words in refused(lambda: mall.client().put(PATH, {"price": "1.00"}), kind)
    assert len(mall.asked) == 1


# case 54
@pytest.mark.parametrize("reply", [error(500, "no"), page(502, "<html>"), Reply(200), Reply(200, b'{"a')])
def test_a_reading_call_waits_a_brief_outage_out_and_a_write_is_never_repeated(mall, reply):
    mall.on("GET", PATH, reply, reply, SHOWN)
    assert mall.client().get(PATH).read(dict, "product") == {"product_no": 5}
    assert len(mall.asked) == 3


def test_no_answer_in_time_is_said_as_it_is(mall):
    mall.on("GET", PATH, Reply(200, b"{}", after=0.6))
    refused(lambda: mall.client(timeout_seconds=0.2).get(PATH), HostTooSlow)


# case 9
def test_a_missing_permission_is_named_and_the_other_calls_go_on(mall):
    mall.on("GET", "carriers", error(403, "insufficient_scope"))
    mall.on("GET", PATH, SHOWN)
    client = mall.client()
    sentence = refused(lambda: client.get("carriers"), errors.ScopeMissing)
    assert "no permission mall.read_shipping in the mall hanbitmall" in sentence
    assert client.get(PATH).status == 200
    assert (mall.calls(), mall.forms()) == (["GET carriers", "GET products/5"], [])


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "products", "mall.read_product"),
        ("PUT", "products/1/variants", "mall.write_product"),
        ("GET", "categories", "mall.read_category"),
        ("GET", "categories/3/products", "mall.read_product"),
        ("DELETE", "categories/3/products/4", "mall.write_product"),
        ("GET", "orders/20260101-0000001", "mall.read_order"),
        ("GET", "orders/setting", "mall.read_store"),
        ("POST", "cancellationrequests", "mall.write_order"),
        ("GET", "webhooks/logs", "mall.read_application"),
        ("GET", "brands", "mall.read_collection"),
    ],
)
def test_the_permission_of_each_call_is_known(mall, method, path, scope):
    mall.on(method, path, error(403, "insufficient_scope"))
    client = mall.client()
    calls = {"GET": client.get, "DELETE": client.delete}
    deed = calls.get(method) or (lambda path: getattr(client, method.lower())(path, {}))
    assert scope in refused(lambda: deed(path), errors.ScopeMissing)


# --------------------------------------------------------------------------- good answers of many shapes


@pytest.mark.parametrize("reply", [Reply(204, content_type=""), Reply(202), Reply(200)])
def test_a_write_may_be_answered_with_nothing(mall, reply):
    mall.on("DELETE", PATH, reply)
    assert mall.client().delete(PATH).members == {}


# case 27
def test_a_mixed_bulk_answer_is_read_entry_by_entry(mall):
    entries = [{"shipping_code": "D-1"}, {"error": {"code": 422, "message": "No."}}]
    mall.on("POST", "shipments", good({"shipments": entries}, 207), good(entries, 207))
    client = mall.client()
    for _ in range(2):
        answer = client.post("shipments", [{"order_id": "1"}, {"order_id": "2"}])
        assert [json.loads(bytes(raw)) for raw in answer.rows("shipments")] == entries
        assert answer.status == 207


def test_singular_and_plural_one_and_many_are_all_read(mall):
    mall.on("GET", PATH, good({"cancellation": {"claim_code": "C1"}}), good({"products": None}))
    client = mall.client()
    answer = client.get(PATH)
    assert [bytes(raw) for raw in answer.rows("cancellations", "cancellation")] == [b'{"claim_code": "C1"}']
    assert client.get(PATH).rows("products") == []


def test_an_answer_without_its_member_names_the_place(mall):
    mall.on("GET", PATH, good({"produkt": {}}), good({"count": "many"}))
    client = mall.client()
    assert "at $.product." in refused(lambda: client.get(PATH).read(dict, "product"), errors.WrongShape)
    assert "at $.count." in refused(lambda: client.get(PATH).read(int, "count"), errors.WrongShape)


def test_a_refusal_dressed_as_a_success_is_still_one(mall):
    mall.on("GET", PATH, good({"error": {"code": 500, "message": "Internal"}}))
    refused(lambda: mall.client().get(PATH), errors.MallFailed)


# --------------------------------------------------------------------------- what is sent


# case 55
def test_blanks_are_sent_as_percent_20_and_korean_is_encoded(mall):
    mall.on("GET", "products", good({"products": []}))
    mall.client().get("products", {"product_name": "검은 옷+a&b", "product_no": "1,2", "limit": 100})
    (target,) = [asked.target for asked in mall.asked]
    assert target.endswith("?product_name=%EA%B2%80%EC%9D%80%20%EC%98%B7%2Ba%26b&product_no=1,2&limit=100")


def test_one_request_and_several_have_each_their_envelope(mall):
    mall.on("POST", "labels", good({}))
    client = mall.client()
    client.post("labels", {"name": "a"})
    client.post("labels", [{"name": "a"}, {"name": "b"}])
    assert mall.bodies("POST") == [
        {"shop_no": 1, "request": {"name": "a"}},
        {"shop_no": 1, "requests": [{"name": "a"}, {"name": "b"}]},
    ]


# case 58
def test_the_second_shop_of_a_mall_is_named_in_every_call_that_knows_shops(mall):
    for path in ("products", "shops", "webhooks/logs"):
        mall.on("GET", path, good({"x": 1}))
    mall.on("PUT", PATH, SHOWN)
    mall.on("DELETE", PATH, SHOWN)
    client = mall.client({"shop_no": "2"})
    client.get("products", {"limit": 5})
    client.get("shops")
    client.get("webhooks/logs")
    client.delete(PATH)
    client.put(PATH, {})
    assert mall.calls()[:4] == [
        "GET products?shop_no=2&limit=5",
        "GET shops",
        "GET webhooks/logs",
        "DELETE products/5?shop_no=2",
    ]
    assert mall.bodies("PUT") == [{"shop_no": 2, "request": {}}]


def test_how_a_page_begins_is_kept_for_the_engineer_and_nothing_of_json(mall):
    mall.on("GET", PATH, page(403, "<h1>Blocked by the office firewall</h1>"), Reply(422, b'{"buyer": "Kim'))
    client = mall.client()
    with pytest.raises(errors.AccessRefused) as caught:
        client.get(PATH)
    assert "office firewall" in caught.value.detail
    with pytest.raises(errors.RefusedByMall) as caught:
        client.get(PATH)
    assert "Kim" not in repr([caught.value, caught.value.fields])
