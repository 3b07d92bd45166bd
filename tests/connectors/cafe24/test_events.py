"""Webhooks of a mall: whom to believe, and what they are about. Numbers: reference §9."""

import json

import pytest

from entrepot.connectors.cafe24.events import Cafe24Events
from entrepot.connectors.cafe24.order_errors import EventUnreadable
from entrepot.connectors.contract import ChannelEvent, SenderNotBelieved
from tests.connectors.cafe24.order_rig import WEBHOOK_KEY, rig


@pytest.fixture(scope="module")
def mall():
    with rig() as opened:
        yield opened


@pytest.fixture(scope="module")
def session(mall):
    return mall.session()


def body(number, wrapped=True, **resource):
    keys = {"mall_id": "sodammall", "event_shop_no": "1"} | resource
    return json.dumps({"event_no": number} | ({"resource": keys} if wrapped else keys)).encode()


def hear(session, content, *, key=WEBHOOK_KEY, sent=WEBHOOK_KEY, **headers):
    events = Cafe24Events(session, key)
    given = {"Content-Type": "application/json", "X-API-Key": sent} | headers
    return events.receive(target="/hooks/cafe24/7?a=b", headers=given, body=content)


def heard(session, content, **options):
    return [(event.kind, event.object_id, event.identity) for event in hear(session, content, **options)]


HERE = "sodammall/1"


@pytest.mark.parametrize("number", [90023, 90024, 90025, 90026, 90027, 90028, 90029, 90031, 90064, 90070, 90160, 90162])
def test_what_happens_to_an_order_names_the_order(session, number):
    assert heard(session, body(number, order_id="20261122-0000007")) == [("order", "20261122-0000007", HERE)]


# §9.50
@pytest.mark.parametrize("number", [90071, 90072, 90073, 90074])
def test_an_event_of_many_orders_is_as_many_events(session, number):
    content = body(number, order_id="20261122-0000007, 20261122-0000008,20261122-0000007,")
    assert heard(session, content) == [("order", "20261122-0000007", HERE), ("order", "20261122-0000008", HERE)]


# §9.50
def test_an_event_may_have_its_number_as_text_and_no_wrapper(session):
    content = body("90023", wrapped=False, order_id="20261122-0000007")
    assert heard(session, content) == [("order", "20261122-0000007", HERE)]


@pytest.mark.parametrize("number", [90001, 90002, 90003, 90022, 90075, 90150])
def test_what_happens_to_a_product_names_the_product(session, number):
    assert heard(session, body(number, product_no=31)) == [("product", "31", HERE)]


def test_an_event_of_many_products_is_as_many_events(session):
    assert heard(session, body(90041, product_no="31,32")) == [("product", "31", HERE), ("product", "32", HERE)]


# §9.52
@pytest.mark.parametrize("number", [90077, 90078])
def test_an_app_that_was_deleted_or_has_expired_is_revoked(session, number):
    assert heard(session, body(number, client_id="x", app_name="OMS")) == [("revoked", "", HERE)]


@pytest.mark.parametrize("number", [90042, 90100, 90079, 99999])
def test_what_concerns_neither_is_heard_and_left(session, number):
    assert heard(session, body(number)) == [("other", "", HERE)]


def test_an_event_without_the_id_it_is_about_is_of_no_use(session):
    assert heard(session, body(90023)) == [("other", "", HERE)]
    assert heard(session, body(90001, product_no="")) == [("other", "", HERE)]


# §9.58
def test_an_event_says_which_shop_of_the_mall_speaks(session):
    assert heard(session, body(90023, order_id="1", event_shop_no="2")) == [("order", "1", "sodammall/2")]
    assert heard(session, body(90075, product_no=1, event_shop_no=None)) == [("product", "1", HERE)]


def test_an_event_that_names_no_shop_is_about_our_shop_too(mall):
    second = mall.session(shop_no=2)
    assert heard(second, body(90075, product_no=1, event_shop_no=None)) == [("product", "1", "sodammall/2")]
    assert heard(second, body(90077, event_shop_no=None)) == [("revoked", "", "sodammall/2")]


def test_an_event_keeps_the_trace_that_tells_a_repeat_from_a_second_one(session):
    content = body(90023, order_id="20261122-0000007")
    [first] = hear(session, content, **{"X-Trace-Id": "trace-1"})
    assert first == ChannelEvent(
        remote_id="90023:trace-1", kind="order", object_id="20261122-0000007", own=False, identity=HERE
    )


# §9.50
@pytest.mark.parametrize("sent", ["", "wrong", WEBHOOK_KEY[:-1], WEBHOOK_KEY + "x", "열쇠"])
def test_a_wrong_key_is_not_believed(session, sent):
    with pytest.raises(SenderNotBelieved) as caught:
        hear(session, body(90077), sent=sent)
    assert WEBHOOK_KEY not in str(caught.value)


@pytest.mark.parametrize("sent", ["", " ", WEBHOOK_KEY])
def test_without_a_key_of_our_own_nothing_is_believed(session, sent):
    with pytest.raises(SenderNotBelieved):
        hear(session, body(90023, order_id="1"), key=" ", sent=sent)


def test_the_key_is_found_however_its_header_is_written(session):
    events = Cafe24Events(session, f" {WEBHOOK_KEY} ")
    [event] = events.receive(target="/", headers={"x-api-key": WEBHOOK_KEY}, body=body(90023, order_id="7"))
    assert event.object_id == "7"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"x"', b"{}", b'{"event_no": null}', b'{"event_no": "x"}', b"\xff"]
)
def test_what_is_no_event_is_told_as_unreadable(session, content):
    with pytest.raises(EventUnreadable):
        hear(session, content)


def test_the_address_is_entered_by_hand(mall, session):
    before = len(mall.journal.calls)
    events = Cafe24Events(session, WEBHOOK_KEY)
    events.register("https://oms.example.org/hooks/1")
    events.register(None)
    assert (events.set_by_hand, len(mall.journal.calls)) == (True, before)
