"""OAuth of a mall: authorize, token, rotation, revoke; the numbers in brackets are the behaviours of reference §9."""

import base64
import hashlib
import hmac
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest

from tests.connectors.cafe24.simulator.core_rig import ADMIN, FORM, OAUTH, Caller, Reply

BACK = "https://oms.example/cafe24/back?store=7"


def authorize(caller: Caller, **other: str | None) -> Reply:
    asked = {
        "response_type": "code",
        "client_id": caller.server.oauth.client_id,
        "state": "a b+c",
        "redirect_uri": BACK,
        "scope": "mall.read_product,mall.write_order",
        **other,
    }
    query = urlencode({name: text for name, text in asked.items() if text is not None})
    return caller.send("GET", f"{OAUTH}/authorize?{query}")


def came_back(reply: Reply) -> dict[str, str]:
    assert reply.status == 302
    address = reply.headers["location"]
    assert address.startswith(BACK + "&")
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items() if name != "store"}


def code_of(caller: Caller, **other: str | None) -> str:
    caller.server.oauth.decide = "allow"
    return came_back(authorize(caller, **other))["code"]


def redeem(caller: Caller, code: str, **other: str) -> Reply:
    return caller.ask_token(**{"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **other})


def refusal(reply: Reply) -> tuple[int, str, str]:
    assert set(reply.json) == {"error", "error_description"}
    return reply.status, reply.json["error"], reply.json["error_description"]


def test_the_operator_sees_what_the_app_asks_for_and_may_allow_or_deny_it(demo: Caller) -> None:
    page = authorize(demo)
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    text = page.raw.decode()
    assert "mall.read_product" in text
    assert "mall.read_order" in text
    assert 'name="decision" value="allow"' in text
    assert 'name="decision" value="deny"' in text
    assert 'name="state" value="a b+c"' in text


def test_allowing_sends_the_browser_back_with_a_code_and_the_state_untouched(demo: Caller) -> None:
    asked = {
        "response_type": "code",
        "client_id": demo.server.oauth.client_id,
        "state": "a b+c",
        "redirect_uri": BACK,
        "scope": "mall.read_product",
        "decision": "allow",
    }
    reply = demo.send("POST", f"{OAUTH}/authorize", urlencode(asked).encode(), {"Content-Type": FORM})
    back = came_back(reply)
    assert set(back) == {"code", "state"}
    assert back["state"] == "a b+c"


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"_decide": "deny"}, "access_denied"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": "mall.read_product,mall.read_moon"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_a_refusal_goes_back_with_its_error_the_state_and_a_trace(
    demo: Caller, other: dict[str, str | None], error: str
) -> None:
    back = came_back(authorize(demo, **other))
    assert set(back) == {"error", "state", "trace_id"}
    assert back["error"] == error


def test_somebody_who_is_not_the_representative_operator_cannot_allow(demo: Caller) -> None:
    demo.server.oauth.representative = False
    assert came_back(authorize(demo, _decide="allow"))["error"] == "access_denied"


@pytest.mark.parametrize("other", [{"client_id": "somebody-else"}, {"redirect_uri": "https://elsewhere.example/x"}])
def test_an_unknown_client_or_address_is_never_redirected_to(demo: Caller, other: dict[str, str]) -> None:
    demo.server.oauth.redirect_uris = [BACK]
    reply = authorize(demo, **other)
    assert reply.status == 400
    assert "location" not in reply.headers


def test_6_a_code_becomes_a_flat_token_answer_with_korean_times_without_a_zone(demo: Caller) -> None:
    demo.mall.clock.stopped = demo.mall.clock.now().replace(2026, 3, 2, 8, 0, 5, 0)
    row = redeem(demo, code_of(demo)).json
    assert {name: type(value) for name, value in row.items()} == {
        "access_token": str,
        "expires_at": str,
        "refresh_token": str,
        "refresh_token_expires_at": str,
        "client_id": str,
        "mall_id": str,
        "user_id": str,
        "scopes": list,
        "issued_at": str,
        "shop_no": str,
        "token_type": str,
    }
    assert row["issued_at"] == "2026-03-02T08:00:05.000"
    assert row["expires_at"] == "2026-03-02T10:00:05.000"
    assert row["refresh_token_expires_at"] == "2026-03-16T08:00:05.000"
    assert row["scopes"] == ["mall.read_order", "mall.read_product", "mall.write_order"]
    assert (row["mall_id"], row["shop_no"], row["token_type"]) == ("sodammall", "1", "Bearer")
    assert len(row["access_token"]) == 22


def test_a_code_is_good_once(demo: Caller) -> None:
    code = code_of(demo)
    assert redeem(demo, code).status == 200
    assert refusal(redeem(demo, code)) == (400, "invalid_grant", "Invalid authorization code")


def test_a_code_is_good_for_one_minute(demo: Caller) -> None:
    code = code_of(demo)
    demo.mall.clock.move(seconds=61)
    assert refusal(redeem(demo, code)) == (400, "invalid_grant", "Invalid authorization code")


def test_a_code_belongs_to_the_address_it_was_asked_for(demo: Caller) -> None:
    assert refusal(redeem(demo, code_of(demo), redirect_uri="https://oms.example/other"))[1] == "invalid_grant"


def test_a_challenge_asks_for_its_verifier(demo: Caller) -> None:
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    wrong = code_of(demo, code_challenge=challenge, code_challenge_method="S256")
    assert refusal(redeem(demo, wrong, code_verifier="w" * 43))[1] == "invalid_grant"
    right = code_of(demo, code_challenge=challenge, code_challenge_method="S256")
    assert redeem(demo, right, code_verifier=verifier).status == 200


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, (400, "invalid_request", "The request is missing a required parameter : grant_type")),
        (
            {"grant_type": "refresh_token"},
            (400, "invalid_request", "The request is missing a required parameter : refresh_token"),
        ),
        (
            {"grant_type": "password"},
            (400, "unsupported_grant_type", "The requested grant type is not supported."),
        ),
        (
            {"grant_type": "refresh_token", "refresh_token": "made-up"},
            (400, "invalid_grant", "Invalid refresh_token"),
        ),
    ],
)
def test_token_refusals_are_flat(demo: Caller, form: dict[str, str], expected: tuple[int, str, str]) -> None:
    assert refusal(demo.ask_token(**form)) == expected


def test_a_wrong_client_secret_is_told_so(demo: Caller) -> None:
    client = (demo.server.oauth.client_id, "wrong")
    reply = demo.ask_token(client=client, grant_type="refresh_token", refresh_token="x")
    assert refusal(reply) == (401, "invalid_client", "It is a wrong client_secret.")


def test_a_token_request_must_be_a_form(demo: Caller) -> None:
    assert refusal(demo.ask_token(kind="application/json", grant_type="refresh_token"))[:2] == (400, "invalid_request")


def test_4_a_refresh_hands_out_a_new_pair_and_ends_the_old_refresh_token_at_once(demo: Caller) -> None:
    first = demo.server.grant()
    second = demo.refresh(first["refresh_token"]).json
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    assert refusal(demo.refresh(first["refresh_token"])) == (400, "invalid_grant", "Invalid refresh_token")
    assert demo.refresh(second["refresh_token"]).status == 200


def test_5_a_mall_may_answer_a_refresh_without_a_refresh_token_and_the_old_one_lives_on(demo: Caller) -> None:
    demo.mall.settings.refresh_answers_refresh_token = False
    first = demo.server.grant()
    second = demo.refresh(first["refresh_token"]).json
    assert "refresh_token" not in second
    assert "refresh_token_expires_at" not in second
    assert demo.refresh(first["refresh_token"]).status == 200


def test_7_a_refresh_token_is_good_for_fourteen_days(demo: Caller) -> None:
    first = demo.server.grant()
    demo.mall.clock.move(days=13, hours=23)
    second = demo.refresh(first["refresh_token"]).json
    demo.mall.clock.move(days=14, seconds=1)
    assert refusal(demo.refresh(second["refresh_token"]))[1] == "invalid_grant"


def test_8_the_sixteenth_token_request_in_two_hours_is_blocked_until_the_first_is_two_hours_old(demo: Caller) -> None:
    pair = demo.server.grant()
    for _ in range(15):
        pair = demo.refresh(pair["refresh_token"]).json
    blocked = demo.refresh(pair["refresh_token"])
    assert refusal(blocked)[:2] == (429, "too_many_requests")
    demo.mall.clock.move(hours=2, seconds=1)
    assert demo.refresh(pair["refresh_token"]).status == 200


def test_fifteen_access_tokens_live_at_once_and_the_oldest_goes(demo: Caller) -> None:
    tokens = [demo.server.grant()["access_token"] for _ in range(16)]
    demo.token = tokens[0]
    assert demo.call("GET", "/store").error == (401, "Invalid access_token")
    demo.token = tokens[1]
    assert demo.call("GET", "/store").status == 200


def test_3_an_access_token_is_over_after_two_hours_and_says_so(demo: Caller) -> None:
    demo.mall.clock.move(hours=1, minutes=59)
    assert demo.call("GET", "/store").status == 200
    demo.mall.clock.move(minutes=1)
    assert demo.call("GET", "/store").error == (401, "access_token time expired. (invalid_token)")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_one_token_ends_its_pair_with_an_empty_answer(demo: Caller, which: str) -> None:
    pair = demo.server.grant()
    basic = f"{demo.server.oauth.client_id}:{demo.server.oauth.client_secret}"
    headers = {"Authorization": f"Basic {base64.b64encode(basic.encode()).decode()}", "Content-Type": FORM}
    form = urlencode({"token": pair[which], "token_hint": which}).encode()
    reply = demo.send("POST", f"{OAUTH}/revoke", form, headers)
    assert (reply.status, reply.raw) == (200, b"")
    demo.token = pair["access_token"]
    assert demo.call("GET", "/store").error == (401, "Invalid access_token")
    assert refusal(demo.refresh(pair["refresh_token"]))[1] == "invalid_grant"


def test_52_deleting_the_app_ends_every_token_tells_the_app_and_allowing_it_anew_installs_it(demo: Caller) -> None:
    heard: list[tuple[int, dict[str, object]]] = []
    demo.mall.hearers.append(lambda number, resource: heard.append((number, resource)))
    pair = demo.server.grant()
    demo.server.oauth.uninstall()
    demo.token = pair["access_token"]
    assert demo.call("GET", "/store").error == (401, "Invalid access_token")
    assert refusal(demo.refresh(pair["refresh_token"])) == (400, "invalid_request", "Uninstalled app")
    assert [(number, set(resource)) for number, resource in heard] == [
        (90077, {"mall_id", "client_id", "app_name", "deleted_date"})
    ]
    assert redeem(demo, code_of(demo)).status == 200


def test_53_the_launch_is_signed_over_the_raw_query_with_its_korean_name(demo: Caller) -> None:
    raw, _, given = demo.server.oauth.launch_query(timestamp=1772400000).partition("&hmac=")
    assert raw == (
        "is_multi_shop=F&lang=ko_KR&mall_id=sodammall&nation=KR&shop_no=1&timestamp=1772400000"
        "&user_id=sodammall&user_name=%EC%9D%B4%EC%86%8C%EB%8B%B4&user_type=P"
    )
    secret = demo.server.oauth.client_secret.encode()
    assert base64.b64decode(unquote(given)) == hmac.new(secret, raw.encode(), hashlib.sha256).digest()


def test_no_token_or_a_made_up_one_is_refused_in_the_nested_shape(demo: Caller) -> None:
    demo.token = "made-up"
    assert demo.call("GET", "/store").error == (401, "Invalid access_token")
    assert demo.send("GET", f"{ADMIN}/store").status == 401


def test_4_of_eight_that_refresh_with_one_token_at_once_exactly_one_gets_a_pair(demo: Caller) -> None:
    token = demo.server.grant()["refresh_token"]
    start = threading.Barrier(8)

    def refresh(_number: int) -> int:
        start.wait()
        return demo.refresh(token).status

    with ThreadPoolExecutor(8) as workers:
        statuses = list(workers.map(refresh, range(8)))
    assert sorted(statuses) == [200] + [400] * 7
