"""The owner's consent, and launches from the mall's admin."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from entrepot.connectors.cafe24 import errors
from entrepot.connectors.cafe24.consent_page import Cafe24ConsentPage
from entrepot.connectors.cafe24.type import CAFE24, cafe24
from entrepot.connectors.contract import ConsentRefused, SenderNotBelieved
from tests.connectors.cafe24.scripted import CREDENTIALS, NOW, good, oauth_error, refused, token

RETURN = "https://oms.hanbit.example/connect/cafe24"
LAUNCHED = datetime.fromtimestamp(1_795_300_000, UTC)
SIGNED = (
    "is_multi_shop=F&lang=ko_KR&mall_id=hanbitmall&nation=KR&shop_no=1&timestamp=1795300000&user_id=hanbitmall"
    "&user_name=%EA%B9%80%ED%95%9C%EB%B9%9B&user_type=P"
)


def launch(signed=SIGNED, secret=CREDENTIALS["client_secret"]):
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}&hmac={quote(base64.b64encode(digest).decode(), safe='')}"


def check(query, now=LAUNCHED, **changes):
    CAFE24.consent.check_launch(CREDENTIALS | changes, query=query, now=now)


def test_the_owner_is_sent_to_the_own_mall_with_the_permissions_that_are_needed():
    address = CAFE24.consent.address(CREDENTIALS, state="s p/ice", return_url=RETURN)
    assert address.startswith("https://hanbitmall.cafe24api.com/api/v2/oauth/authorize?response_type=code&client_id=")
    assert "+" not in address
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (asked["state"], asked["redirect_uri"]) == ("s p/ice", RETURN)
    assert asked["scope"].split(",") == [
        "mall.read_product",
        "mall.write_product",
        "mall.read_order",
        "mall.write_order",
        "mall.read_category",
        "mall.read_collection",
        "mall.read_store",
        "mall.read_shipping",
        "mall.read_application",
    ]
    assert CREDENTIALS["client_secret"] not in address


@pytest.mark.parametrize("entered", ["Hanbitmall ", "https://hanbitmall.cafe24.com/admin", "hanbitmall.cafe24api.com"])
def test_a_pasted_address_is_a_mall_id_too(entered):
    address = CAFE24.consent.address(CREDENTIALS | {"mall_id": entered}, state="s", return_url=RETURN)
    assert address.startswith("https://hanbitmall.cafe24api.com/")
    assert CAFE24.limit_key(CREDENTIALS | {"mall_id": entered}) == "cafe24:hanbitmall"


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("mall_id", "", errors.BadMallId),
        ("mall_id", "evil.example.com/", errors.BadMallId),
        ("mall_id", "한빛", errors.BadMallId),
        ("mall_id", "a@b", errors.BadMallId),
        ("client_id", " ", errors.MissingClient),
        ("client_secret", "", errors.MissingClient),
        ("shop_no", "two", errors.BadShopNo),
        ("shop_no", "0", errors.BadShopNo),
    ],
)
def test_what_cannot_be_a_credential_is_refused_before_anything_is_sent(field, value, kind):
    changed = CREDENTIALS | {field: value}
    refused(lambda: CAFE24.consent.address(changed, state="s", return_url=RETURN), kind)


def test_a_code_becomes_a_grant(mall):
    mall.on("POST", "oauth/token", token("one"))
    found = Cafe24ConsentPage(mall.base).redeem(CREDENTIALS, answer={"code": "c/1", "state": "s"}, return_url=RETURN)
    assert mall.forms() == [{"grant_type": "authorization_code", "code": "c/1", "redirect_uri": RETURN}]
    assert found.access_ends_at == NOW + timedelta(hours=2)
    assert found.facts == {"mall_id": "hanbitmall", "user_id": "hanbitmall", "shop_no": "1"}
    assert tuple(found.scopes) == ("mall.read_product", "mall.write_product")
    pair = base64.b64decode(mall.asked[0].headers["Authorization"].removeprefix("Basic ")).decode()
    assert pair == f"{CREDENTIALS['client_id']}:{CREDENTIALS['client_secret']}"


def test_an_owner_who_declines_is_told_so_and_nothing_is_asked(mall):
    answer = {"error": "access_denied", "state": "s", "trace_id": "t-1"}
    sentence = refused(
        lambda: Cafe24ConsentPage(mall.base).redeem(CREDENTIALS, answer=answer, return_url=RETURN), ConsentRefused
    )
    assert "did not give Entrepot permission. The permission was declined" in sentence
    assert mall.asked == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (oauth_error(400, "invalid_grant", "Invalid authorization code"), errors.CodeRefused),
        (oauth_error(401, "invalid_client", "It is a wrong client_secret."), errors.WrongClient),
        (oauth_error(429, "slow_down"), errors.TooManyTokens),
        (good({"access_token": "a"}), errors.WrongShape),
    ],
)
def test_a_code_that_is_not_taken(mall, reply, kind):
    mall.on("POST", "oauth/token", reply)
    page = Cafe24ConsentPage(mall.base)
    refused(lambda: page.redeem(CREDENTIALS, answer={"code": "c"}, return_url=RETURN), kind)


def test_coming_back_without_a_code_asks_nobody(mall):
    refused(lambda: Cafe24ConsentPage(mall.base).redeem(CREDENTIALS, answer={}, return_url=RETURN), errors.CodeRefused)
    assert mall.asked == []


# --------------------------------------------------------------------------- launches


# case 53
def test_a_launch_names_its_mall_and_is_believed_when_signed():
    query = launch()
    assert CAFE24.consent.launched_by(query) == {"mall_id": "hanbitmall", "shop_no": "1"}
    check(query)
    check("?" + query)


def test_the_signature_is_the_one_the_reference_computed():
    signed = (
        "is_multi_shop=T&lang=ko_KR&mall_id=samplemall&nation=KR&shop_no=1&timestamp=1741571000&user_id=samplemall"
        "&user_name=%ED%99%8D%EA%B8%B8%EB%8F%99&user_type=P"
    )
    query = f"{signed}&hmac=DC4nrXe7%2FktcJTQuuKZJY8K0RFoTSWIcJPU3%2F%2FM5DaI%3D"
    credentials = {"mall_id": "samplemall", "client_id": "x", "client_secret": "ExampleSecret000000001"}
    CAFE24.consent.check_launch(credentials, query=query, now=datetime.fromtimestamp(1741571000, UTC))


# case 53
@pytest.mark.parametrize(
    "query",
    [
        launch().replace("user_type=P", "user_type=A"),
        launch().replace("%EA%B9%80", "김"),
        launch(secret="another-secret"),
        launch() + "x",
        launch().rpartition("&hmac=")[0],
        "&hmac=",
        "",
    ],
)
def test_a_launch_that_was_changed_is_not_believed(query):
    refused(lambda: check(query), SenderNotBelieved)


# case 53
def test_a_launch_counts_for_two_hours_before_and_after():
    for hours in (-2, 2):
        check(launch(), LAUNCHED + timedelta(hours=hours))
        late = LAUNCHED + timedelta(hours=hours) * 1.001
        refused(lambda late=late: check(launch(), late), SenderNotBelieved)


def test_a_launch_signed_for_another_mall_or_without_time_is_not_believed():
    refused(lambda: check(launch(), mall_id="othermall"), SenderNotBelieved)
    refused(lambda: check(launch(SIGNED.replace("timestamp=1795300000", "timestamp=soon"))), SenderNotBelieved)


def test_what_is_no_launch_names_nobody():
    for query in ("", "page=2", "hmac=abc", "mall_id=bad%20mall&hmac=x", "lang=ko&hmac=x"):
        assert CAFE24.consent.launched_by(query) == {}


# --------------------------------------------------------------------------- the kind of channel


def test_what_the_connect_page_asks():
    fields = {field.name: (field.secret, field.required, field.initial) for field in CAFE24.fields}
    assert fields == {
        "mall_id": (False, True, ""),
        "client_id": (False, True, ""),
        "client_secret": (True, True, ""),
        "webhook_key": (True, False, ""),
        "shop_no": (False, False, "1"),
    }


def test_the_limits_are_the_malls_own():
    assert (CAFE24.calls_per_second, CAFE24.burst, CAFE24.peak_per_second) == (2.0, 38, 9.0)
    assert CAFE24.announced_by_id
    assert cafe24("http://127.0.0.1:1").limit_key({"mall_id": "m1"}) == "cafe24:m1"
