"""HTTP to one shop's bridge: signs, sends, and reads answers. Raises only ChannelErrors.

The protocol is docs/reference/opencart-bridge-v1.md; which answer is which trouble stands in `answers.ANSWERS`.
"""

import re
import secrets
import time
from collections.abc import Callable
from html import unescape

import msgspec

from entrepot.connectors.contract import Surroundings
from entrepot.connectors.http import HttpAnswer, HttpClient, HttpRequest, request_target
from entrepot.connectors.opencart import signing
from entrepot.connectors.opencart.address import resource_url, shop_address
from entrepot.connectors.opencart.answers import Refusal, trouble
from entrepot.connectors.opencart.errors import (
    BadSecretKey,
    CutAnswer,
    NoBridge,
    PhpError,
    WrongProtocol,
    WrongShape,
)
from entrepot.connectors.opencart.rows import mismatch_path
from entrepot.connectors.opencart.wire import Answer, Fault, Meta
from entrepot.kernel.errors import ChannelError

PROTOCOL = 1

_KEY = re.compile(r"[\x21-\x7e]{8,}\Z")
_TAGS = re.compile(r"<[^>]*>")
_FATAL = re.compile(r"(?:PHP )?(?:Fatal|Parse) error(?:</b>)?:\s*(.{1,400})", re.DOTALL)
_JSON_START = re.compile(rb"[\[{]")
_STARTS_TRIED = 400


class OpenCartClient:
    """One shop's bridge. Any number of threads may use it.

    Raises (from every call): ChannelError, of the class the table in `errors` names.
    """

    def __init__(
        self,
        domain_url: str,
        secret: str,
        surroundings: Surroundings,
        *,
        http: HttpClient | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.address = shop_address(domain_url)
        self.secret = secret.strip()
        if not _KEY.match(self.secret):
            raise BadSecretKey
        self.notes: dict[str, str] = {}
        self._now = now
        self._http = http or HttpClient(surroundings)
        self._cookie = f"OCSESSID={signing.session_cookie(self.secret)}"

    def now(self) -> float:
        """Entrepot's clock, Unix seconds."""
        return self._now()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def get(self, resource: str, **parameters: str | int) -> Answer:
        """Read a resource. A brief outage is waited out, twice at most."""
        return self._call("GET", resource, {name: str(value) for name, value in parameters.items()}, b"")

    def post(self, resource: str, body: object) -> Answer:
        """Write. Sent once: whoever calls decides about a repeat."""
        return self._call("POST", resource, {}, msgspec.json.encode(body))

    def item_error(self, resource: str, fault: Fault | None) -> ChannelError:
        """The error for one item of a list that the shop did not do."""
        fault = fault or Fault(code="internal")
        return trouble(
            Refusal(
                status=200,
                code=fault.code,
                message=fault.message,
                detail=fault.detail if isinstance(fault.detail, dict) else {},
                headers={},
                address=self.address,
                resource=resource,
                target="",
                now=self.now(),
            )
        )

    def shape_error(self, resource: str, path: str, detail: str = "") -> WrongShape:
        """The error for an answer whose `path` is not as the protocol says."""
        return WrongShape(detail, address=self.address, resource=resource, path=path)

    def _call(self, method: str, resource: str, parameters: dict[str, str], body: bytes) -> Answer:
        url = resource_url(self.address, resource, parameters)
        target = request_target(url)
        signable = signing.Signable(method, target, body)

        def build() -> HttpRequest:
            headers = signing.signed_headers(
                self.secret, signable, timestamp=int(self._now()), nonce=secrets.token_urlsafe(24)
            )
            headers |= {"Cookie": self._cookie, "Accept": "application/json"}
            if body:
                headers["Content-Type"] = "application/json"
            return HttpRequest(method=method, url=url, headers=headers, body=body)

        return self._http.exchange(
            build, lambda answer: self._read(answer, resource, target), repeatable=method == "GET"
        )

    # ----------------------------------------------------------------- reading an answer

    def _read(self, answer: HttpAnswer, resource: str, target: str) -> Answer:
        decoded = self._decode(answer, resource, target)
        if decoded.meta is not None and decoded.meta.protocol not in {None, PROTOCOL}:
            raise WrongProtocol(address=self.address, theirs=decoded.meta.protocol, ours=PROTOCOL)
        if decoded.error is not None:
            fault = decoded.error
            raise trouble(self._refusal(answer, resource, target, fault))
        if answer.status != 200:
            raise trouble(self._refusal(answer, resource, target))
        if decoded.meta is None or decoded.meta.protocol is None:
            raise self.shape_error(resource, "$.meta.protocol")
        if not bytes(decoded.data):
            raise self.shape_error(resource, "$.data")
        self._note_warnings(decoded.meta)
        return decoded

    def _decode(self, answer: HttpAnswer, resource: str, target: str) -> Answer:
        """The envelope, also from behind PHP's warnings (case 14)."""
        try:
            return msgspec.json.decode(answer.body, type=Answer, strict=False)
        except msgspec.ValidationError as mismatch:
            raise self._mismatched(answer, resource, target, mismatch) from mismatch
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
        for start in _possible_starts(answer.body):
            try:
                decoded = msgspec.json.decode(answer.body[start:], type=Answer, strict=False)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
            if decoded.meta is not None or decoded.error is not None:
                self.notes["php_output"] = (
                    "PHP prints warnings before the shop's answers. They were skipped; switch Display Errors off in "
                    "the shop (System › Settings › Server)."
                )
                return decoded
        raise self._unreadable(answer, resource, target)

    def _mismatched(
        self, answer: HttpAnswer, resource: str, target: str, mismatch: msgspec.ValidationError
    ) -> ChannelError:
        """JSON, but not the protocol's: another program answers at this address, or the host itself."""
        if answer.status != 200:
            return trouble(self._refusal(answer, resource, target))
        return self.shape_error(resource, mismatch_path(mismatch), str(mismatch))

    def _unreadable(self, answer: HttpAnswer, resource: str, target: str) -> ChannelError:
        text = answer.body[:65536].decode("utf-8", "replace")
        if fatal := _FATAL.search(text):
            said = " ".join(unescape(_TAGS.sub("", fatal[1])).split())[:200]
            return PhpError(f"HTTP {answer.status}", address=self.address, php_message=said)
        if answer.status != 200:
            return trouble(self._refusal(answer, resource, target))
        excerpt = text.strip()[:200]
        if not excerpt or "json" in answer.headers.get("content-type", "") or excerpt[:1] in "{[":
            return CutAnswer(f"{len(answer.body)} bytes, no whole JSON", address=self.address)
        return NoBridge(excerpt, address=self.address)

    def _refusal(self, answer: HttpAnswer, resource: str, target: str, fault: Fault | None = None) -> Refusal:
        detail = fault.detail if fault is not None else None
        return Refusal(
            status=answer.status,
            code=fault.code if fault is not None else None,
            message=fault.message if fault is not None else "",
            detail=detail if isinstance(detail, dict) else {},
            headers=answer.headers,
            address=self.address,
            resource=resource,
            target=target,
            now=self._now(),
            excerpt=_page_excerpt(answer),
        )

    def _note_warnings(self, meta: Meta) -> None:
        if meta.warnings:
            self.notes["php_warnings"] = (
                "PHP reports warnings inside the shop while it answers. Have the shop's error log looked at."
            )


def _page_excerpt(answer: HttpAnswer) -> str:
    """How a web page begins, for the engineer. Nothing of JSON: it may tell who a buyer is, and errors are logged."""
    text = answer.body[:200].decode("utf-8", "replace").strip()
    return "" if text[:1] in {"{", "["} else text


def _possible_starts(body: bytes) -> list[int]:
    starts = (found.start() for found in _JSON_START.finditer(body))
    return [start for start, _ in zip(starts, range(_STARTS_TRIED), strict=False)]
