"""Tokens: asking Cafe24 for them, and keeping away from its limit of 15 requests in two hours."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from urllib.parse import quote

import msgspec

from entrepot.connectors.cafe24 import kst
from entrepot.connectors.cafe24.answers import rest_wanted
from entrepot.connectors.cafe24.errors import (
    CodeRefused,
    CutAnswer,
    NotTheApi,
    QuotaUsedUp,
    RenewalRests,
    TokenServiceFailed,
    TooManyTokens,
    WrongClient,
    WrongShape,
)
from entrepot.connectors.cafe24.mall import MallKeys
from entrepot.connectors.contract import CallRecord, ConsentNeeded, Grant, Journal, Memory, Surroundings
from entrepot.connectors.http import HttpAnswer, HttpClient, HttpRequest
from entrepot.kernel.errors import ChannelError

TOKEN_PATH = "/api/v2/oauth/token"  # noqa: S105 - an address
SPAN = timedelta(hours=2)
MOST_IN_SPAN = 12
"""Of the 15 that Cafe24 allows in `SPAN`; the rest is left for the owner's own pressing of Authorize."""
BLOCKED_WAIT = 60.0
REMEMBERED = "renewals"
RESTING = "renewal_rest"
FIRST_REST, LONGEST_REST = 15.0, 1200.0
"""Rests between failed requests double; so a failing token service never uses up the twelve."""


class TokenAnswer(msgspec.Struct):
    """Cafe24's flat answer, good or bad; every key may be missing."""

    access_token: str | None = None
    expires_at: str | None = None
    refresh_token: str | None = None
    refresh_token_expires_at: str | None = None
    mall_id: str | None = None
    user_id: str | None = None
    shop_no: str | int | None = None
    scopes: Sequence[str] | str | None = None
    error: str | Mapping[str, msgspec.Raw] | None = None
    error_description: str | None = None


class SilentJournal:
    """Records that a token was asked for, never what was said: both bodies are secrets."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def record(self, call: CallRecord) -> None:
        """Keep the call without its bodies."""
        self._journal.record(replace(call, request_body=b"", response_body=b""))


class TokenDesk:
    """Asks one mall for tokens."""

    def __init__(self, keys: MallKeys, base: str, surroundings: Surroundings) -> None:
        self._keys = keys
        self._base = base
        journal = surroundings.journal
        self._surroundings = replace(surroundings, journal=SilentJournal(journal) if journal else None)

    def redeem(self, code: str, return_url: str) -> Grant:
        """The grant for a code with which the owner's browser came back; a code lives one minute.

        Raises:
            CodeRefused: Cafe24 does not take the code (any more).
            ChannelError: As for `renew`.
        """
        return self._ask({"grant_type": "authorization_code", "code": code, "redirect_uri": return_url}, None)

    def renew(self, kept: Grant, now: datetime) -> Grant:
        """A grant in place of `kept`. What the answer leaves out stays as it was.

        Raises:
            ConsentNeeded: The permission has ended, was taken back, or was renewed elsewhere.
            WrongClient: The app's id and secret do not fit.
            TooManyTokens: Cafe24 blocks the app for a while.
            ChannelDown: Cafe24 could not say.
        """
        if kept.refresh_ends_at is not None and kept.refresh_ends_at <= now:
            raise ConsentNeeded("the refresh token has ended", name=self._keys.mall_id)
        return self._ask({"grant_type": "refresh_token", "refresh_token": kept.refresh_token}, kept)

    def _ask(self, form: Mapping[str, str], kept: Grant | None) -> Grant:
        pair = f"{self._keys.client_id}:{self._keys.client_secret}".encode()
        headers = {
            "Authorization": "Basic " + base64.b64encode(pair).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        body = "&".join(f"{name}={quote(value, safe='')}" for name, value in form.items()).encode()
        request = HttpRequest(method="POST", url=self._base + TOKEN_PATH, headers=headers, body=body)
        http = HttpClient(self._surroundings)  # made for each request: there is one in two hours
        try:
            answer = http.exchange(lambda: request, lambda answer: answer, repeatable=False)
        finally:
            http.close()
        # Read outside the exchange: a block of the token address says nothing about the mall's other calls.
        return self._read(answer, kept)

    def _read(self, answer: HttpAnswer, kept: Grant | None) -> Grant:
        try:
            said = msgspec.json.decode(answer.body, type=TokenAnswer)
        except (msgspec.DecodeError, UnicodeDecodeError):
            said = None
        if answer.status != 200:
            raise self._trouble(answer, said or TokenAnswer(), is_renewal=kept is not None)
        if said is None:
            raise self._unreadable(answer)
        return self._grant(said, kept)

    def _grant(self, said: TokenAnswer, kept: Grant | None) -> Grant:
        ends_at = kst.moment(said.expires_at)
        refresh_token = said.refresh_token or (kept.refresh_token if kept else "")
        if not said.access_token or not refresh_token:
            raise WrongShape(mall_id=self._keys.mall_id, resource="oauth/token", path="$.access_token")
        if said.refresh_token and not said.refresh_token_expires_at:
            refresh_ends_at = None  # a new token whose end is not told; the old one's end is not its own
        else:
            refresh_ends_at = kst.moment(said.refresh_token_expires_at) or (kept.refresh_ends_at if kept else None)
        facts = {"mall_id": said.mall_id, "user_id": said.user_id, "shop_no": said.shop_no}
        stated = {name: str(value) for name, value in facts.items() if value not in {None, ""}}
        return Grant(
            access_token=said.access_token,
            access_ends_at=ends_at or datetime.now(UTC) + SPAN,
            refresh_token=refresh_token,
            refresh_ends_at=refresh_ends_at,
            scopes=_scopes(said.scopes) or (kept.scopes if kept else ()),
            facts=(dict(kept.facts) if kept else {}) | stated,
        )

    def _trouble(self, answer: HttpAnswer, said: TokenAnswer, *, is_renewal: bool) -> ChannelError:
        mall_id = self._keys.mall_id
        name = said.error if isinstance(said.error, str) else ""
        said_of = said.error_description or ""
        detail = f"HTTP {answer.status}: {name} {said_of}".strip()[:200]
        if answer.status == 429 or "too many" in said_of.lower():
            wait = ceil(max(rest_wanted(answer.headers), BLOCKED_WAIT))
            return TooManyTokens(detail, retry_after=wait, mall_id=mall_id)
        if name == "invalid_client" or (answer.status == 401 and not name):
            return WrongClient(detail, mall_id=mall_id)
        if name == "invalid_grant" or answer.status in {403, 404} or "uninstalled" in said_of.lower():
            return ConsentNeeded(detail, name=mall_id) if is_renewal else CodeRefused(detail, mall_id=mall_id)
        if rest := rest_wanted(answer.headers):
            return QuotaUsedUp(detail, retry_after=ceil(rest))
        return TokenServiceFailed(detail, mall_id=mall_id, status=answer.status)

    def _unreadable(self, answer: HttpAnswer) -> ChannelError:
        if answer.body.lstrip()[:1] == b"<":
            return NotTheApi(address=self._base)
        return CutAnswer("no whole JSON from the token address", mall_id=self._keys.mall_id)


class RenewalBudget:
    """How often a token was asked for lately, by all workers of the store, and how long to rest after a failure."""

    def __init__(self, memory: Memory, mall_id: str) -> None:
        self._memory = memory
        self._mall_id = mall_id

    def spend(self, now: datetime) -> None:
        """Count one more request.

        Raises:
            TooManyTokens: There were as many as Entrepot dares in two hours.
            RenewalRests: The last one failed a moment ago.
        """
        stamp = int(now.timestamp())
        oldest = stamp - int(SPAN.total_seconds())
        until, _ = self._rest()
        if stamp < until:
            raise RenewalRests(retry_after=until - stamp, mall_id=self._mall_id)
        asked = [number for number in self._numbers(REMEMBERED) if oldest < number <= stamp]
        if len(asked) >= MOST_IN_SPAN:
            raise TooManyTokens("own limit", retry_after=asked[0] - oldest, mall_id=self._mall_id)
        self._memory.put(REMEMBERED, " ".join(map(str, [*asked, stamp])))

    def failed(self, now: datetime, wait: float = 0.0) -> None:
        """Rest for `wait` seconds, or twice as long as after the failure before."""
        _, failures = self._rest()
        seconds = max(wait, min(FIRST_REST * 2**failures, LONGEST_REST))
        self._memory.put(RESTING, f"{int(now.timestamp() + seconds)} {failures + 1}")

    def went_well(self) -> None:
        """The next failure is a first one."""
        if self._memory.get(RESTING):
            self._memory.put(RESTING, "")

    def _rest(self) -> tuple[int, int]:
        stated = (self._memory.get(RESTING) or "").split()
        return (int(stated[0]), int(stated[1])) if len(stated) == 2 and "".join(stated).isdigit() else (0, 0)

    def _numbers(self, name: str) -> list[int]:
        return sorted(int(number) for number in (self._memory.get(name) or "").split() if number.isdigit())


def _scopes(stated: Sequence[str] | str | None) -> tuple[str, ...]:
    if isinstance(stated, str):
        return tuple(stated.replace(",", " ").split())
    return tuple(stated or ())
