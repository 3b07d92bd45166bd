"""The signature both sides put on what they send (docs/reference/opencart-bridge-v1.md §2). Pure functions."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

VERSION = "v1"
TIMESTAMP_HEADER = "X-Oms-Timestamp"
NONCE_HEADER = "X-Oms-Nonce"
SIGNATURE_HEADER = "X-Oms-Signature"
CLOCK_WINDOW_SECONDS = 300

Fault = Literal["unsigned", "bad_signature", "clock_skew"]

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
_TIMESTAMP = re.compile(r"[0-9]{1,12}\Z")


class Signable(NamedTuple):
    """The parts of a request that are signed; `target` is path and query exactly as sent."""

    method: str
    target: str
    body: bytes


def string_to_sign(request: Signable, *, timestamp: str, nonce: str) -> bytes:
    """The bytes both sides sign: version, method, target, time, nonce, each with a line feed; then the raw body."""
    parts = (VERSION, request.method.upper(), request.target, timestamp, nonce)
    return "".join(f"{part}\n" for part in parts).encode() + request.body


def signature(secret: str, request: Signable, *, timestamp: str, nonce: str) -> str:
    """The value of the signature header: `v1=` and 64 lower-case hex digits."""
    message = string_to_sign(request, timestamp=timestamp, nonce=nonce)
    return f"{VERSION}={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


def signed_headers(secret: str, request: Signable, *, timestamp: int, nonce: str) -> dict[str, str]:
    """The three headers of a signed request."""
    return {
        TIMESTAMP_HEADER: str(timestamp),
        NONCE_HEADER: nonce,
        SIGNATURE_HEADER: signature(secret, request, timestamp=str(timestamp), nonce=nonce),
    }


def nonce_of(headers: Mapping[str, str]) -> str:
    """The nonce of a request whose signature holds."""
    return _lowered(headers).get(NONCE_HEADER.lower(), "")


def timestamp_of(headers: Mapping[str, str]) -> int:
    """The Unix seconds of a request whose signature holds."""
    return int(_lowered(headers)[TIMESTAMP_HEADER.lower()])


def fault(secret: str, request: Signable, *, headers: Mapping[str, str], now: float) -> Fault | None:
    """What is wrong with a signed request, or None. Header names in any case; constant-time compare.

    The caller must still refuse a nonce it has seen: only a signature that holds may spend one.
    """
    lowered = _lowered(headers)
    stamp = lowered.get(TIMESTAMP_HEADER.lower(), "")
    nonce = lowered.get(NONCE_HEADER.lower(), "")
    given = lowered.get(SIGNATURE_HEADER.lower(), "")
    if not (_TIMESTAMP.match(stamp) and _NONCE.match(nonce) and given):
        return "unsigned"
    wanted = signature(secret, request, timestamp=stamp, nonce=nonce)
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        return "bad_signature"
    return "clock_skew" if abs(now - int(stamp)) > CLOCK_WINDOW_SECONDS else None


def session_cookie(secret: str) -> str:
    """The fixed session of all our requests, so that the shop keeps one session row and not thousands."""
    return hashlib.sha256(f"oms-session:{secret}".encode()).hexdigest()[:26]


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
