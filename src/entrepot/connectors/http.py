"""The one module that knows the HTTP library. A store's client hands it requests and gets answers or ChannelErrors.

Every attempt asks the store's shared throttle first, ends within its time, is cut off above a size, and is
written to the payload journal whether it went well or not.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar

import httpx2
import stamina

from entrepot.connectors.contract import CallRecord, Surroundings
from entrepot.kernel.errors import ChannelDown, ChannelError, ChannelMisconfigured, ChannelThrottled

MAX_ANSWER_BYTES = 32 * 1024 * 1024
CONNECT_SECONDS = 10.0
WHOLE_CALL_FACTOR = 4.0
"""A store that drips its answer may take this many time-outs in all."""

Answered = TypeVar("Answered")

_PATIENCE = stamina.RetryingCaller(attempts=3, timeout=10.0, wait_initial=0.1, wait_max=1.0, wait_jitter=0.2)


# --------------------------------------------------------------------------- what may go wrong on the way


class BriefOutage(ChannelDown):
    """A failure that often passes within a second; the only kind a reading call is repeated for at once."""


class HostNotAnswering(BriefOutage):
    """Nothing listens at the address (refused, no route, connection time-out)."""

    code = "host_not_answering"
    message = (
        "Nothing answers at {host}. Entrepot goes on trying by itself. If this lasts, check that the shop is "
        "switched on and that the address is right."
    )


class ConnectionCut(BriefOutage):
    """The connection ended before the answer did."""

    code = "connection_cut"
    message = (
        "The connection to {host} was cut before the answer was complete. Entrepot goes on trying by itself. "
        "If this lasts, ask the shop's host whether a firewall or a memory limit ends requests."
    )


class HostTooSlow(ChannelDown):
    """No answer in time. A write may have been done all the same."""

    code = "host_too_slow"
    message = (
        "{host} did not answer within {seconds} seconds. Entrepot goes on trying by itself. If this lasts, ask "
        "the shop's host why it is slow, or choose a smaller page size in the store's settings."
    )


class NameLookupDown(BriefOutage):
    """The name service did not answer; that says nothing about the store."""

    code = "name_lookup_down"
    message = (
        "The name {host} cannot be looked up now. Entrepot goes on trying by itself. If this lasts, check the "
        "internet connection and name server of the computer Entrepot runs on."
    )


class HostUnknown(ChannelMisconfigured):
    """There is no such host."""

    code = "host_unknown"
    message = "There is no computer with the name {host}. Check the address for a typing mistake."


class CertificateRefused(ChannelMisconfigured):
    """The host's certificate does not hold."""

    code = "certificate_refused"
    message = (
        "The security certificate of {host} cannot be trusted: {problem}. Renew or repair the certificate at the "
        "shop's host, or use the name the certificate was made for."
    )


class NoSecureConnection(ChannelMisconfigured):
    """The port speaks no TLS that we speak."""

    code = "no_secure_connection"
    message = (
        "{host} does not offer a secure connection (https). If the shop has no certificate, write the address "
        "with http:// in front; else ask the shop's host to repair https."
    )


class AnswerTooLarge(ChannelMisconfigured):
    """The answer was cut off by us, above the size cap."""

    code = "answer_too_large"
    message = (
        "{host} sent more than {megabytes} MB in one answer, so Entrepot stopped reading. Choose a smaller page "
        "size in the store's settings, or check that the address is that of the shop."
    )


class AddressUnusable(ChannelMisconfigured):
    """Not an address a request can be sent to."""

    code = "address_unusable"
    message = "{address} is not a web address. Enter one such as https://shop.example.com."


# --------------------------------------------------------------------------- the client


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What came back, whatever its status. Header names are lower case."""

    request: HttpRequest
    status: int
    headers: Mapping[str, str]
    body: bytes


def request_target(url: str) -> str:
    """Path and query exactly as they will be sent; what a signature covers.

    Raises:
        AddressUnusable: The URL cannot be sent to.
    """
    return _parsed(url).raw_path.decode("ascii")


@cache
def _certificates() -> ssl.SSLContext:
    """Whom this machine trusts. Reading them costs 30 ms, so all clients of a process share what was read first."""
    return httpx2.create_ssl_context()


class HttpClient:
    """Connections to one store, used by any number of threads."""

    def __init__(self, surroundings: Surroundings, *, max_answer_bytes: int = MAX_ANSWER_BYTES) -> None:
        self._surroundings = surroundings
        self._max_answer_bytes = max_answer_bytes
        self._opening = threading.Lock()
        self._opened: httpx2.Client | None = None

    @property
    def _client(self) -> httpx2.Client:
        """Made at the first call: who only checks a signature calls nobody."""
        with self._opening:
            if self._opened is None:
                seconds = self._surroundings.timeout_seconds
                self._opened = httpx2.Client(
                    verify=_certificates(),
                    timeout=httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
                    limits=httpx2.Limits(max_connections=10, max_keepalive_connections=5, keepalive_expiry=4.0),
                    follow_redirects=False,
                    headers={"User-Agent": "Entrepot"},
                )
            return self._opened

    def close(self) -> None:
        """Let the connections go."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()

    def exchange(
        self,
        build: Callable[[], HttpRequest],
        read: Callable[[HttpAnswer], Answered],
        *,
        repeatable: bool,
    ) -> Answered:
        """Send what `build` makes and answer what `read` makes of the answer.

        `build` is called for each attempt (a signature is used once). Only a `repeatable` call (a GET) is tried
        again, thrice in all, and only after a BriefOutage. `read` raises the store's own ChannelErrors, so that
        the journal holds them beside the bytes.

        Raises:
            ChannelError: The network failed, or `read` refused the answer.
        """
        if not repeatable:
            return self._attempt(build, read)
        return _PATIENCE(BriefOutage, self._attempt, build, read)

    def _attempt(self, build: Callable[[], HttpRequest], read: Callable[[HttpAnswer], Answered]) -> Answered:
        if self._surroundings.throttle is not None:
            self._surroundings.throttle.wait()
        request = build()
        started_at, started = datetime.now(UTC), time.monotonic()
        answer: HttpAnswer | None = None
        error: ChannelError | None = None
        try:
            answer = self._receive(request, started)
            return read(answer)
        except ChannelError as trouble:
            error = trouble
            if isinstance(trouble, ChannelThrottled) and self._surroundings.throttle is not None:
                self._surroundings.throttle.penalise(trouble.retry_after)
            raise
        finally:
            self._journal(request, answer, error, started_at, time.monotonic() - started)

    def _receive(self, request: HttpRequest, started: float) -> HttpAnswer:
        url = _parsed(request.url)
        try:
            with self._client.stream(
                request.method, url, headers=dict(request.headers), content=request.body or None
            ) as response:
                body = self._read_body(response, started)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return HttpAnswer(request=request, status=response.status_code, headers=headers, body=body)
        except (httpx2.HTTPError, httpx2.StreamError, ssl.SSLError, OSError) as failure:
            raise _classified(failure, host=_host(url), seconds=self._surroundings.timeout_seconds) from failure

    def _read_body(self, response: httpx2.Response, started: float) -> bytes:
        """Raises: AnswerTooLarge, HostTooSlow."""
        host, size, chunks = _host(response.url), 0, []
        limit = self._surroundings.timeout_seconds * WHOLE_CALL_FACTOR
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self._max_answer_bytes:
                raise AnswerTooLarge(host=host, megabytes=self._max_answer_bytes // (1024 * 1024))
            if time.monotonic() - started > limit:
                raise HostTooSlow(host=host, seconds=f"{limit:g}")
            chunks.append(chunk)
        return b"".join(chunks)

    def _journal(
        self,
        request: HttpRequest,
        answer: HttpAnswer | None,
        error: ChannelError | None,
        started_at: datetime,
        seconds: float,
    ) -> None:
        if self._surroundings.journal is None:
            return
        self._surroundings.journal.record(
            CallRecord(
                method=request.method,
                url=request.url,
                request_body=request.body,
                status=None if answer is None else answer.status,
                response_body=b"" if answer is None else answer.body,
                started_at=started_at,
                seconds=seconds,
                error=error,
            )
        )


# --------------------------------------------------------------------------- which failure is which trouble

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def _classified(failure: Exception, *, host: str, seconds: float) -> ChannelError:
    detail = f"{type(failure).__name__}: {failure}"
    for cause in _causes(failure):
        if found := _of_system(cause, detail, host):
            return found
    match failure:
        case httpx2.ConnectTimeout() | httpx2.ConnectError():
            return HostNotAnswering(detail, host=host)
        case httpx2.TimeoutException():
            return HostTooSlow(detail, host=host, seconds=f"{seconds:g}")
        case _:
            return ConnectionCut(detail, host=host)


def _of_system(cause: BaseException, detail: str, host: str) -> ChannelError | None:
    """What the system's own error says, where it is more exact than the library's."""
    error: ChannelError | None = None
    match cause:
        case socket.gaierror() if cause.errno not in _NO_SUCH_NAME:
            error = NameLookupDown(detail, host=host)
        case socket.gaierror() | UnicodeError():
            error = HostUnknown(detail, host=host)
        case ssl.SSLCertVerificationError():
            error = CertificateRefused(detail, host=host, problem=cause.verify_message)
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            error = ConnectionCut(detail, host=host)
        case ssl.SSLError():
            error = NoSecureConnection(detail, host=host)
    return error


def _causes(failure: BaseException) -> list[BaseException]:
    """The failure and what it came from; the library wraps the system's own errors twice."""
    chain: list[BaseException] = []
    current: BaseException | None = failure
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    return chain


def _parsed(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError) as failure:
        raise AddressUnusable(str(failure), address=url) from failure
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise AddressUnusable(address=url)
    return parsed


def _host(url: httpx2.URL) -> str:
    return url.host if url.port is None else f"{url.host}:{url.port}"
