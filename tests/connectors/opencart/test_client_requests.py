"""What the client sends, and what the journal and the throttle learn of it."""

import hashlib
import hmac

import pytest

from entrepot.connectors.opencart import errors, signing
from entrepot.connectors.opencart.client import OpenCartClient
from entrepot.kernel.errors import ChannelError
from tests.connectors.opencart.scripted import NOW, SECRET, good, refusal


# case 33
def test_a_request_is_signed_over_what_is_really_sent(shop):
    shop.answers(good([]))
    shop.client().post("stock", {"items": [{"ref": "a & b", "quantity": 3}]})
    asked = shop.asked[0]
    assert asked.target == "/index.php?route=extension/oms_bridge/api&resource=stock"
    assert asked.body == b'{"items":[{"ref":"a & b","quantity":3}]}'
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["X-Oms-Timestamp"] == str(int(NOW))
    message = f"v1\nPOST\n{asked.target}\n{int(NOW)}\n{asked.headers['X-Oms-Nonce']}\n".encode() + asked.body
    wanted = "v1=" + hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
    assert asked.headers["X-Oms-Signature"] == wanted


# case 32
def test_all_requests_share_one_session_of_the_shop(shop):
    shop.answers(good([]))
    client = shop.client()
    client.get("info")
    client.get("products", ids="1,2")
    cookie = "OCSESSID=" + hashlib.sha256(f"oms-session:{SECRET}".encode()).hexdigest()[:26]
    assert [asked.headers["Cookie"] for asked in shop.asked] == [cookie, cookie]
    assert shop.asked[1].target.endswith("&resource=products&ids=1,2")


def test_every_attempt_spends_a_nonce_of_its_own(shop):
    shop.answers(refusal(401, "replayed"), good([]))
    shop.client().get("info")
    nonces = [asked.headers["X-Oms-Nonce"] for asked in shop.asked]
    assert len(nonces) == len(set(nonces)) == 2
    assert all(16 <= len(nonce) <= 64 for nonce in nonces)


def test_the_journal_and_the_throttle_see_every_attempt(shop):
    shop.answers(refusal(401, "bad_signature"))
    with pytest.raises(errors.WrongSecret):
        shop.client().get("info")
    (call,) = shop.journal.calls
    assert (call.method, call.status, call.request_body) == ("GET", 401, b"")
    assert call.url == f"{shop.address}index.php?route=extension/oms_bridge/api&resource=info"
    assert b"bad_signature" in call.response_body
    assert isinstance(call.error, errors.WrongSecret)
    assert shop.throttle.waits == 1


@pytest.mark.parametrize("secret", ["", "   ", "short", "with space inside", "Schlüssel-mit-Umlaut"])
def test_what_cannot_be_a_key_is_refused_before_any_call(shop, secret):
    with pytest.raises(errors.BadSecretKey):
        OpenCartClient(shop.address, secret, shop.surroundings())


def test_a_key_pasted_with_blanks_around_it_is_the_key(shop):
    client = OpenCartClient(shop.address, f" {SECRET}\n", shop.surroundings())
    client.close()
    assert client.secret == SECRET


def test_every_error_of_the_connector_has_a_code_of_its_own():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ChannelError)]
    own = [kind for kind in kinds if kind.__module__ == errors.__name__]
    assert len({kind.code for kind in own}) == len(own)
    assert all(kind.code.startswith("opencart_") for kind in own)


def test_a_signature_is_checked_in_the_order_of_the_protocol():
    request = signing.Signable("POST", "/hooks/1?x=1", b"{}")
    headers = signing.signed_headers(SECRET, request, timestamp=1000, nonce="n" * 16)
    lowered = {name.lower(): value for name, value in headers.items()}
    assert signing.fault(SECRET, request, headers=headers, now=1300.0) is None
    assert signing.fault(SECRET, request, headers=lowered, now=700.0) is None
    assert signing.fault(SECRET, request, headers=headers, now=1301.0) == "clock_skew"
    assert signing.fault("another key", request, headers=headers, now=1000.0) == "bad_signature"
    assert signing.fault(SECRET, request._replace(body=b"{} "), headers=headers, now=1000.0) == "bad_signature"
    assert signing.fault(SECRET, request._replace(target="/hooks/1"), headers=headers, now=1000.0) == "bad_signature"
    for name in headers:
        without = {key: value for key, value in headers.items() if key != name}
        assert signing.fault(SECRET, request, headers=without, now=1000.0) == "unsigned"
    assert signing.fault(SECRET, request, headers=headers | {"X-Oms-Nonce": "short"}, now=1000.0) == "unsigned"
    assert signing.fault(SECRET, request, headers=headers | {"X-Oms-Timestamp": "-1"}, now=1000.0) == "unsigned"
