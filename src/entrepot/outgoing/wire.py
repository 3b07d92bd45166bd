"""Handing one message over by HTTP: signed, to a public machine only, no redirect followed, never waiting for long.

The name is looked up once, every address it has is checked, and the call goes to a checked one: a name that points
elsewhere a moment later leads nowhere.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import Final, Self

import httpx2
from django.conf import settings
from standardwebhooks import Webhook

from entrepot.kernel.addresses import addresses_of, is_public
from entrepot.outgoing import errors

CONNECT_SECONDS: Final = 5.0
SECONDS: Final = 15.0
ANSWER_BYTES: Final = 16 * 1024
AGENT: Final = "Entrepot-Webhooks/1"
FORBIDDEN: Final = frozenset({401, 403, 407})
MISSING: Final = frozenset({404, 405, 410, 421})
BUSY: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other system said: its status, and the beginning of what it wrote."""

    status: int
    body: bytes
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Try:
    """One try: the answer, where there was one, and the trouble, where it was not taken."""

    answer: Answer | None
    trouble: errors.Undelivered | None
    milliseconds: int


def signed(uid: str, body: str, *, secrets: Iterable[str], now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks: the message's id, the time of this try, a signature for each secret."""
    moment = now.astimezone(UTC)
    return {
        "webhook-id": uid,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(uid, moment, body) for secret in secrets),
    }


@cache
def _certificates() -> ssl.SSLContext:
    """Whom this machine trusts, read once: it costs 30 ms."""
    return httpx2.create_ssl_context(trust_env=False)


class Wire:
    """A connection to one address, kept open for the messages that follow."""

    def __init__(self, url: str) -> None:
        self._url = httpx2.URL(url)
        self._client = httpx2.Client(
            verify=_certificates(),
            timeout=httpx2.Timeout(SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            headers={"user-agent": AGENT},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def post(self, body: str, headers: Mapping[str, str]) -> Try:
        """Hand a message over. Taken = any status of 200 to 299."""
        began = time.monotonic()
        answer: Answer | None = None
        trouble: errors.Undelivered | None = None
        try:
            answer = self._post(body, headers, began)
            trouble = _refusal(answer.status, self._url.host)
        except errors.Undelivered as failure:
            trouble = failure
        return Try(answer, trouble, _since(began))

    def _post(self, body: str, headers: Mapping[str, str], began: float) -> Answer:
        host, address = self._url.host, checked_address(self._url)
        named = {"host": self._url.netloc.decode("ascii"), "content-type": "application/json", **headers}
        try:
            with self._client.stream(
                "POST",
                self._url.copy_with(host=address),
                content=body.encode(),
                headers=named,
                extensions={"sni_hostname": host},
            ) as answer:
                said = b""
                for chunk in answer.iter_bytes():
                    said += chunk
                    if len(said) >= ANSWER_BYTES:
                        break
                    if time.monotonic() - began > SECONDS:
                        raise errors.TargetSlow(host=host, seconds=f"{SECONDS:g}")
                return Answer(answer.status_code, said[:ANSWER_BYTES], _since(began))
        except (httpx2.HTTPError, httpx2.StreamError, ssl.SSLError, OSError) as failure:
            raise _classified(failure, host) from failure


def checked_address(url: httpx2.URL) -> str:
    """An address of the machine that may be called.

    Raises:
        TargetUnknown: The name has none.
        TargetPrivate: One of its addresses lies in a private network, and the installation does not allow that.
    """
    host, port = url.host, url.port or (443 if url.scheme == "https" else 80)
    try:
        found = addresses_of(host, port)
    except (OSError, UnicodeError) as failure:
        raise errors.TargetUnknown(str(failure), host=host) from failure
    if not settings.PRIVATE_TARGETS and not all(is_public(address) for address in found):
        raise errors.TargetPrivate(host=host)
    return found[0]


def _refusal(status: int, host: str) -> errors.Undelivered | None:
    if 200 <= status < 300:
        return None
    kind: type[errors.Undelivered] = errors.NoticeRefused
    if 300 <= status < 400:
        kind = errors.TargetRedirects
    elif status in FORBIDDEN:
        kind = errors.TargetForbids
    elif status in MISSING:
        kind = errors.TargetMissing
    elif status in BUSY:
        kind = errors.TargetBusy
    elif status >= 500:
        kind = errors.TargetBroken
    return kind(host=host, status=status)


def _classified(failure: BaseException, host: str) -> errors.Undelivered:
    detail = f"{type(failure).__name__}: {failure}"
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return errors.TargetUncertified(detail, host=host, problem=cause.verify_message)
        cause = cause.__cause__ or cause.__context__
    if isinstance(failure, httpx2.TimeoutException) and not isinstance(failure, httpx2.ConnectTimeout):
        return errors.TargetSlow(detail, host=host, seconds=f"{SECONDS:g}")
    return errors.TargetSilent(detail, host=host)


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
