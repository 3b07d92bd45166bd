"""Pushed events: believed when signed, fresh and new; never otherwise."""

import json

import pytest

from entrepot.connectors.contract import ChannelEvent, Surroundings
from entrepot.connectors.opencart import errors, signing
from entrepot.connectors.opencart.type import OPENCART
from tests.connectors.opencart.scripted import NOW, SECRET, refused

TARGET = "/hooks/opencart/7?x=1"
EVENTS = [
    {"event_id": 1, "kind": "order.history", "object_id": 3, "detail": {"order_status_id": 3}, "origin": "shop"},
    {"event_id": "2", "kind": "product.saved", "object_id": "28", "detail": [], "origin": "oms"},
    {"event_id": 3, "kind": "ping", "object_id": None},
    {"event_id": 4, "kind": "basket.left", "object_id": 1},
]


@pytest.fixture
def port():
    spent: set[str] = set()

    def seen(nonce: str) -> bool:
        known = nonce in spent
        spent.add(nonce)
        return known

    credentials = {"domain_url": "https://shop.example.com", "secret_key": SECRET}
    connector = OPENCART.open(credentials, Surroundings(seen_nonce=seen))
    connector.events._session.client._now = lambda: NOW
    yield connector.events
    connector.close()


def pushed(port, body, *, secret=SECRET, at=0.0, nonce="n" * 20, target=TARGET):
    request = signing.Signable("POST", TARGET, body)
    headers = signing.signed_headers(secret, request, timestamp=int(NOW + at), nonce=nonce)
    return port.receive(target=target, headers=headers, body=body)


def test_signed_events_are_read(port):
    body = json.dumps({"shop": "uuid", "events": EVENTS}).encode()
    assert pushed(port, body) == [
        ChannelEvent(remote_id="1", kind="order", object_id="3"),
        ChannelEvent(remote_id="2", kind="product", object_id="28", own=True),
        ChannelEvent(remote_id="3", kind="ping", object_id=""),
        ChannelEvent(remote_id="4", kind="other", object_id="1"),
    ]


def test_what_another_key_signed_is_refused(port):
    assert refused(lambda: pushed(port, b"{}", secret="another-key-0123456789"), errors.PushRefused) == (
        "A push in the name of https://shop.example.com/ was refused: its signature does not fit the Secret Key. If "
        "the key was made anew in the shop, save the new one here."
    )


def test_what_is_not_signed_is_refused(port):
    refused(lambda: port.receive(target=TARGET, headers={}, body=b"{}"), errors.PushRefused)


def test_a_push_to_another_address_is_refused(port):
    refused(lambda: pushed(port, b"{}", target="/hooks/opencart/8"), errors.PushRefused)


@pytest.mark.parametrize("at", [-400.0, 400.0])
def test_a_push_of_another_time_is_refused(port, at):
    assert "400 seconds apart" in refused(lambda: pushed(port, b"{}", at=at), errors.PushClockSkew)


def test_a_push_that_comes_twice_is_believed_once(port):
    body = json.dumps({"shop": "uuid", "events": []}).encode()
    assert pushed(port, body) == []
    refused(lambda: pushed(port, body), errors.PushReplayed)


def test_a_forged_push_spends_no_nonce(port):
    body = json.dumps({"shop": "uuid", "events": []}).encode()
    refused(lambda: pushed(port, body, secret="another-key-0123456789"), errors.PushRefused)
    assert pushed(port, body) == []


@pytest.mark.parametrize(
    ("body", "path"),
    [(b"<html>", "$"), (b"[]", "$"), (b'{"events": [{"kind": "ping"}]}', "$.events[0]"), (b"\xff", "$")],
)
def test_a_signed_push_of_another_shape_names_the_path(port, body, path):
    assert refused(lambda: pushed(port, body), errors.PushUnreadable) == (
        f"A push of https://shop.example.com/ is in a form Entrepot does not know, at {path}. Install the present "
        "extension from the connect page."
    )
