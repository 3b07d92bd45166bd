"""HTTP to one mall's Admin API: tokens, version, limits, and reading answers. Raises only ChannelErrors.

Which answer is which trouble stands in `answers.ANSWERS`; facts are from the project's Cafe24 reference (§1–3, §7).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

import msgspec

from entrepot.connectors.cafe24.answers import Refusal, bucket, rest_wanted, trouble, version_named
from entrepot.connectors.cafe24.errors import CutAnswer, NotTheApi, TokenRefused, VersionEnded, WrongShape
from entrepot.connectors.cafe24.mall import base_url, mall_keys
from entrepot.connectors.cafe24.rows import mismatch_path
from entrepot.connectors.cafe24.tokens import RenewalBudget, TokenDesk
from entrepot.connectors.contract import ConsentNeeded, Grant, Surroundings
from entrepot.connectors.http import HttpAnswer, HttpClient, HttpRequest
from entrepot.kernel.errors import ChannelDown, ChannelError, ChannelThrottled

Kind = TypeVar("Kind")
Query = Mapping[str, str | int]

DEFAULT_VERSION = "2025-03-01"
VERSION = "api_version"
ADMIN = "/api/v2/admin/"
RENEW_BEFORE = timedelta(minutes=10)
"""A token with less life than this is renewed before it is used."""
_WITHOUT_SHOP = ("shops", "webhooks", "apps")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, its members still undecoded. A bare array stands under "" (bulk answers of HTTP 207)."""

    status: int
    path: str
    mall_id: str
    members: Mapping[str, msgspec.Raw]

    def read(self, kind: type[Kind], *names: str) -> Kind:
        """The first member there is of `names` as a `kind`: Cafe24 is not of one mind about singular and plural.

        Raises:
            WrongShape: There is none, or it is no `kind`.
        """
        for name in names:
            if name in self.members:
                return self.decode(self.members[name], kind, name)
        raise WrongShape("no such member", mall_id=self.mall_id, resource=self.path, path=f"$.{names[0]}")

    def rows(self, *names: str) -> list[msgspec.Raw]:
        """The rows under the first of `names` there is (or the bare array); one object counts as one row, null as none.

        Raises:
            WrongShape: There is none of them.
        """
        raw = self.read(msgspec.Raw, *names, "")
        match bytes(raw)[:1]:
            case b"[":
                return self.decode(raw, list[msgspec.Raw], names[0])
            case b"{":
                return [raw]
        return []

    def decode(self, raw: msgspec.Raw, kind: type[Kind], name: str) -> Kind:
        """A part of the answer as a `kind`.

        Raises:
            WrongShape: It is none.
        """
        try:
            return msgspec.json.decode(raw, type=kind, strict=False)
        except msgspec.DecodeError as mismatch:
            path = mismatch_path(mismatch).replace("$", f"$.{name}", 1)
            raise WrongShape(str(mismatch), mall_id=self.mall_id, resource=self.path, path=path) from mismatch


class Cafe24Client:
    """One mall, one shop of it. Any number of threads may use it.

    Raises (from every call): ChannelError, of the class `answers` names; ConsentNeeded when no token helps.
    """

    def __init__(
        self,
        credentials: Mapping[str, str],
        surroundings: Surroundings,
        api_base: str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.keys = mall_keys(credentials)
        self.base = base_url(api_base, self.keys.mall_id)
        self.mall_id, self.shop_no = self.keys.mall_id, self.keys.shop_no
        self._now = now
        self._surroundings = surroundings
        self._http = HttpClient(surroundings)
        self._desk = TokenDesk(self.keys, self.base, surroundings)
        self._budget = RenewalBudget(surroundings.memory, self.mall_id)
        self._version = ""

    @property
    def version(self) -> str:
        """The version of the interface in use."""
        return self._api_version()

    def scopes(self) -> frozenset[str]:
        """The permissions the owner granted, as far as Cafe24 told; empty when it did not."""
        vault = self._surroundings.vault
        grant = vault.grant() if vault else None
        return frozenset(grant.scopes) if grant else frozenset()

    def now(self) -> datetime:
        """Entrepot's clock, aware."""
        return self._now()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def get(self, path: str, query: Query | None = None) -> Answer:
        """Read. A brief outage is waited out, twice at most."""
        return self._call("GET", path, query or {}, b"")

    def post(self, path: str, request: object) -> Answer:
        """Write `request`, or several at once when it is a list. Sent once: whoever calls decides about a repeat."""
        return self._call("POST", path, {}, self._envelope(request))

    def put(self, path: str, request: object) -> Answer:
        """Write `request`, or several at once when it is a list. Sent once."""
        return self._call("PUT", path, {}, self._envelope(request))

    def delete(self, path: str) -> Answer:
        """Remove. Sent once."""
        return self._call("DELETE", path, {}, b"")

    def shape_error(self, path: str, where: str, detail: str = "") -> WrongShape:
        """The error for an answer whose `where` is not as documented."""
        return WrongShape(detail, mall_id=self.mall_id, resource=path, path=where)

    # ----------------------------------------------------------------- sending

    def _envelope(self, request: object) -> bytes:
        several = isinstance(request, Sequence) and not isinstance(request, str | bytes)
        return msgspec.json.encode({"shop_no": self.shop_no, "requests" if several else "request": request})

    def _url(self, method: str, path: str, query: Query) -> str:
        asked: dict[str, str | int] = {}
        if self.shop_no != 1 and method in {"GET", "DELETE"} and not path.startswith(_WITHOUT_SHOP):
            asked["shop_no"] = self.shop_no
        asked |= query
        text = "&".join(f"{quote(name, safe='')}={quote(str(value), safe=',')}" for name, value in asked.items())
        return f"{self.base}{ADMIN}{quote(path, safe='/')}" + (f"?{text}" if text else "")

    def _call(self, method: str, path: str, query: Query, body: bytes) -> Answer:
        """Send; adopt the version in force once, renew the token once."""
        url = self._url(method, path, query)
        grant, is_renewed = self._usable_grant()
        is_adopted = False
        while True:
            version = self._api_version()
            try:
                return self._send(method, path, url, body, grant=grant, version=version)
            except TokenRefused as refused:
                if is_renewed:
                    raise ConsentNeeded(refused.detail, name=self.mall_id) from refused
                grant, is_renewed = self._renewed(grant), True
            except VersionEnded as ended:
                if is_adopted or not self._adopt(ended.detail, version):
                    raise
                is_adopted = True

    def _send(self, method: str, path: str, url: str, body: bytes, *, grant: Grant, version: str) -> Answer:
        headers = {
            "Authorization": f"Bearer {grant.access_token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-Cafe24-Api-Version": version,
        }
        request = HttpRequest(method=method, url=url, headers=headers, body=body)
        return self._http.exchange(lambda: request, lambda answer: self._read(answer, path), repeatable=method == "GET")

    # ----------------------------------------------------------------- tokens and version

    def _usable_grant(self) -> tuple[Grant, bool]:
        """The grant to call with, and whether it was renewed just now."""
        vault = self._surroundings.vault
        grant = vault.grant() if vault else None
        if grant is None:
            raise ConsentNeeded("nothing is granted", name=self.mall_id)
        left = grant.access_ends_at - self._now()
        if left > RENEW_BEFORE:
            return grant, False
        try:
            return self._renewed(grant), True
        except (ChannelDown, ChannelThrottled):
            if left > timedelta(0):
                return grant, False  # it still holds; there is time to ask again
            raise

    def _renewed(self, stale: Grant) -> Grant:
        vault = self._surroundings.vault
        if vault is None:
            raise ConsentNeeded("nothing is granted", name=self.mall_id)
        return vault.renew(stale, self._ask)

    def _ask(self, kept: Grant) -> Grant:
        now = self._now()
        self._budget.spend(now)
        try:
            renewed = self._desk.renew(kept, now)
        except ChannelDown:
            self._budget.failed(now)
            raise
        except ChannelThrottled as blocked:
            self._budget.failed(now, blocked.retry_after)
            raise
        self._budget.went_well()
        return renewed

    def _api_version(self) -> str:
        if not self._version:
            self._version = self._surroundings.memory.get(VERSION) or DEFAULT_VERSION
        return self._version

    def _adopt(self, message: str, asked: str) -> bool:
        """Take the version the mall names from now on, for all workers; False when it names no other."""
        named = version_named(message, asked)
        if named:
            self._version = named
            self._surroundings.memory.put(VERSION, named)
        return bool(named)

    # ----------------------------------------------------------------- reading an answer

    def _read(self, answer: HttpAnswer, path: str) -> Answer:
        self._watch_limits(answer.headers)
        if not 200 <= answer.status < 300:
            raise trouble(self._refusal(answer, path))
        if not answer.body.strip():
            if answer.status in {202, 204} or answer.request.method != "GET":
                return Answer(answer.status, path, self.mall_id, {})
            raise CutAnswer(f"HTTP {answer.status}, no body", mall_id=self.mall_id)
        return Answer(answer.status, path, self.mall_id, self._members(answer, path))

    def _members(self, answer: HttpAnswer, path: str) -> Mapping[str, msgspec.Raw]:
        try:
            if answer.body.lstrip()[:1] == b"[":
                return {"": msgspec.Raw(msgspec.json.decode(answer.body, type=msgspec.Raw))}
            members = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
        except msgspec.ValidationError as mismatch:
            raise self.shape_error(path, mismatch_path(mismatch), str(mismatch)) from mismatch
        except (msgspec.DecodeError, UnicodeDecodeError) as broken:
            raise self._unreadable(answer) from broken
        if "error" in members and len(members) == 1:  # a refusal that a proxy dressed as a success
            raise trouble(self._refusal(answer, path))
        return members

    def _unreadable(self, answer: HttpAnswer) -> ChannelError:
        if answer.body.lstrip()[:1] == b"<":
            return NotTheApi(_excerpt(answer), address=self.base)
        return CutAnswer(f"{len(answer.body)} bytes, no whole JSON", mall_id=self.mall_id)

    def _watch_limits(self, headers: Mapping[str, str]) -> None:
        throttle = self._surroundings.throttle
        if throttle is None:
            return
        if filled := bucket(headers):
            throttle.observe(*filled)
        if rest := rest_wanted(headers):
            throttle.penalise(rest)

    def _refusal(self, answer: HttpAnswer, path: str) -> Refusal:
        return Refusal(
            status=answer.status,
            message=_message(answer),
            headers=answer.headers,
            method=answer.request.method,
            path=path,
            mall_id=self.mall_id,
            address=self.base,
        )


class _Fault(msgspec.Struct):
    message: str | None = None
    code: str | int | None = None


class _Refused(msgspec.Struct):
    error: _Fault | str | None = None
    error_description: str | None = None


def _message(answer: HttpAnswer) -> str:
    """The mall's own sentence, or how a gateway's page begins."""
    try:
        said = msgspec.json.decode(answer.body, type=_Refused, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _excerpt(answer)
    if isinstance(said.error, _Fault):
        return (said.error.message or "")[:500]
    return f"{said.error or ''} {said.error_description or ''}".strip()[:500]


def _excerpt(answer: HttpAnswer) -> str:
    """How a web page begins, for the engineer. Nothing of JSON: it may tell who a buyer is."""
    found = answer.body[:200].decode("utf-8", "replace").strip()
    return "" if found[:1] in {"{", "["} else found
