"""Tokens: renewed in time, once, by one, and never in a storm. Case numbers are those of the Cafe24 reference, §9."""

from datetime import UTC, datetime, timedelta

import pytest

from entrepot.connectors.cafe24 import errors
from entrepot.connectors.contract import ConsentNeeded
from tests.connectors.cafe24.scripted import ACCESS, NOW, REFRESH, error, good, grant, oauth_error, page, refused, token

TOKEN = "oauth/token"
COUNT = good({"count": 7})


def count(client):
    return client.get("products/count").read(int, "count")


def test_a_call_carries_the_token_the_version_and_nothing_secret_in_its_address(mall):
    mall.on("GET", "products/count", COUNT)
    assert count(mall.client()) == 7
    (asked,) = mall.asked
    assert asked.target == "/api/v2/admin/products/count"
    assert asked.headers["Authorization"] == f"Bearer {ACCESS}"
    assert asked.headers["X-Cafe24-Api-Version"] == "2025-03-01"
    assert asked.headers["Content-Type"] == "application/json"


# case 3
def test_a_token_that_ends_in_the_middle_is_renewed_once_and_the_same_call_repeated(mall):
    mall.on("GET", "products/count", COUNT, error(401, "access_token time expired. (invalid_token)"), COUNT)
    mall.on("POST", TOKEN, token("two"))
    client = mall.client()
    assert [count(client), count(client)] == [7, 7]
    assert mall.tokens_used() == ["one", "one", "two"]
    assert mall.forms() == [{"grant_type": "refresh_token", "refresh_token": REFRESH}]
    assert mall.vault.kept.refresh_token == "refresh-token-two-of-hanbit"


def test_a_write_refused_for_its_token_is_sent_again_because_nothing_was_done(mall):
    mall.on("PUT", "products/5", error(401, "Invalid access_token"), good({"product": {"product_no": 5}}))
    mall.on("POST", TOKEN, token("two"))
    mall.client().put("products/5", {"price": "1.00"})
    assert mall.bodies("PUT") == [{"shop_no": 1, "request": {"price": "1.00"}}] * 2


# case 7
def test_a_new_token_that_is_refused_too_asks_for_the_owner_and_does_not_go_on(mall):
    mall.on("GET", "products/count", error(401, "Invalid access_token"))
    mall.on("POST", TOKEN, token("two"))
    sentence = refused(lambda: count(mall.client()), ConsentNeeded)
    assert sentence.startswith("hanbitmall does not accept Entrepot any more")
    assert (mall.tokens_used(), len(mall.forms())) == (["one", "two"], 1)


# case 6: on a host in UTC a naive Korean time read as UTC would seem to be nine hours off
def test_a_naive_end_is_korean_time(mall):
    mall.on("GET", "products/count", error(401, "Invalid access_token"), COUNT)
    mall.on("POST", TOKEN, token("two"))
    count(mall.client())
    assert mall.vault.kept.access_ends_at == NOW + timedelta(hours=2)
    assert mall.vault.kept.refresh_ends_at == NOW + timedelta(days=14)


@pytest.mark.parametrize(("minutes", "used"), [(11, "one"), (10, "two"), (1, "two"), (-300, "two")])
def test_a_token_with_ten_minutes_left_is_renewed_before_it_is_used(mall, minutes, used):
    mall.vault.kept = grant(timedelta(minutes=minutes))
    mall.on("GET", "products/count", COUNT)
    mall.on("POST", TOKEN, token("two"))
    count(mall.client())
    assert mall.tokens_used() == [used]


# case 5
def test_a_renewal_that_names_no_refresh_token_keeps_the_old_one(mall):
    mall.vault.kept = grant(timedelta(minutes=1), scopes=("mall.read_order",), facts={"user_id": "owner"})
    mall.on("GET", "products/count", COUNT)
    mall.on("POST", TOKEN, token("two", refresh_token=None, refresh_token_expires_at=None, scopes=None, user_id=None))
    count(mall.client())
    kept = mall.vault.kept
    assert (kept.access_token, kept.refresh_token) == ("access-token-two-of-hanbit", REFRESH)
    assert kept.refresh_ends_at == NOW + timedelta(days=13)
    assert (kept.scopes, kept.facts["user_id"]) == (("mall.read_order",), "owner")


# case 5
def test_a_new_refresh_token_whose_end_is_not_told_has_no_known_end(mall):
    mall.vault.kept = grant(timedelta(minutes=1))
    mall.on("GET", "products/count", COUNT)
    mall.on("POST", TOKEN, token("two", refresh_token_expires_at=None))
    count(mall.client())
    assert mall.vault.kept.refresh_token == "refresh-token-two-of-hanbit"
    assert mall.vault.kept.refresh_ends_at is None


# case 4
def test_when_another_worker_was_quicker_its_token_is_used_and_none_is_asked_for(mall):
    def quicker(_asked):
        mall.vault.kept = grant(access_token="access-token-theirs-of-hanbit")
        return error(401, "Invalid access_token")

    mall.on("GET", "products/count", quicker, COUNT)
    assert count(mall.client()) == 7
    assert (mall.tokens_used(), mall.forms()) == (["one", "theirs"], [])


# case 4
def test_a_refresh_token_that_was_used_elsewhere_asks_for_the_owner(mall):
    mall.vault.kept = grant(timedelta(minutes=-1))
    mall.on("POST", TOKEN, oauth_error(400, "invalid_grant", "Invalid refresh_token"))
    refused(lambda: count(mall.client()), ConsentNeeded)
    assert mall.vault.kept.refresh_token == REFRESH


# case 7
def test_after_fourteen_idle_days_nobody_is_asked_but_the_owner(mall):
    mall.vault.kept = grant(timedelta(days=-14), refresh_ends_at=NOW - timedelta(days=1))
    client = mall.client()
    for _ in range(3):
        refused(lambda: count(client), ConsentNeeded)
    assert mall.asked == []


def test_without_any_grant_no_call_is_made(mall):
    mall.vault.kept = None
    refused(lambda: count(mall.client()), ConsentNeeded)
    refused(lambda: count(mall.client(vault=None)), ConsentNeeded)
    assert mall.asked == []


# case 8
def test_a_mall_that_takes_no_token_at_all_is_asked_for_twelve_in_two_hours_and_no_more(mall):
    mall.on("GET", "products/count", error(401, "Invalid access_token"))
    mall.on("POST", TOKEN, lambda _: token(f"n{len(mall.asked)}", now=mall.now))
    for _ in range(20):
        mall.now += timedelta(minutes=1)
        refused_kind = errors.TooManyTokens if len(mall.forms()) >= 12 else ConsentNeeded
        refused(lambda: count(mall.client()), refused_kind)
    assert len(mall.forms()) == 12
    mall.now += timedelta(hours=2)
    refused(lambda: count(mall.client()), ConsentNeeded)
    assert len(mall.forms()) == 13


# case 8
def test_a_blocked_token_address_is_left_alone_for_a_while_and_the_old_token_used_on(mall):
    mall.vault.kept = grant(timedelta(minutes=9))
    mall.on("GET", "products/count", COUNT)
    mall.on("POST", TOKEN, oauth_error(429, "too_many_requests"))
    client = mall.client()
    assert [count(client) for _ in range(5)] == [7] * 5
    assert (mall.tokens_used(), len(mall.forms())) == (["one"] * 5, 1)
    assert mall.throttle.penalties == []


def test_a_token_address_that_fails_is_asked_again_ever_more_seldom(mall):
    mall.vault.kept = grant(timedelta(minutes=-1))
    mall.on("POST", TOKEN, oauth_error(500, "server_error"))
    client = mall.client()
    refused(lambda: count(client), errors.TokenServiceFailed)
    for _ in range(3):
        sentence = refused(lambda: count(client), errors.RenewalRests)
    assert "again by itself in 15 seconds" in sentence
    asked = []
    for _ in range(7200):
        mall.now += timedelta(seconds=1)
        if mall.now.second % 5 == 0:
            with pytest.raises((errors.TokenServiceFailed, errors.RenewalRests)):
                count(client)
        asked.append(len(mall.forms()))
    assert asked[14] == 2
    assert asked[-1] == 12


def test_when_the_token_address_works_again_the_next_failure_is_a_first_one(mall):
    mall.vault.kept = grant(timedelta(minutes=-1))
    mall.on("GET", "products/count", COUNT)
    mall.on("POST", TOKEN, oauth_error(500, "server_error"), token("two"))
    client = mall.client()
    refused(lambda: count(client), errors.TokenServiceFailed)
    mall.now += timedelta(seconds=16)
    assert count(client) == 7
    assert mall.memory.get("renewal_rest") == ""


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (oauth_error(401, "invalid_client", "It is a wrong client_secret."), errors.WrongClient),
        (oauth_error(400, "invalid_request", "missing parameter"), errors.TokenServiceFailed),
        (page(200, "<html>Welcome</html>"), errors.NotTheApi),
        (good({}), errors.WrongShape),
        (good({"access_token": 5}), errors.CutAnswer),
        (error(403, "Uninstalled app"), ConsentNeeded),
        (oauth_error(400, "invalid_request", "Uninstalled app"), ConsentNeeded),
    ],
)
def test_a_renewal_that_is_answered_otherwise(mall, reply, kind):
    mall.vault.kept = grant(timedelta(minutes=-1))
    mall.on("POST", TOKEN, reply)
    refused(lambda: count(mall.client()), kind)
    assert mall.vault.kept.access_token == ACCESS


def test_neither_tokens_nor_the_secret_are_in_errors_or_in_the_journal(mall):
    mall.vault.kept = grant(timedelta(minutes=1))
    mall.on("POST", TOKEN, token("two"), oauth_error(400, "invalid_grant", "Invalid refresh_token"))
    mall.on("GET", "products/count", COUNT, error(401, "Invalid access_token"))
    client = mall.client()
    count(client)
    with pytest.raises(ConsentNeeded) as caught:
        count(client)
    kept = repr([caught.value, caught.value.__cause__, caught.value.fields, mall.journal.calls, client.keys])
    assert [call.url.rpartition("/")[2] for call in mall.journal.calls] == ["token", "count", "count", "token"]
    for secret in ("of-hanbit", "hanbit-secret", "aGFuYml0"):
        assert secret not in kept


def test_on_the_clock_of_today_a_fresh_grant_is_used_as_it_is(mall):
    mall.vault.kept = grant(access_ends_at=datetime.now(UTC) + timedelta(hours=2))
    mall.on("GET", "products/count", COUNT)
    mall.now = datetime.now(UTC)
    assert count(mall.client()) == 7
    assert mall.forms() == []
