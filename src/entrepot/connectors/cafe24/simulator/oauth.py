"""The mall's OAuth 2.0: authorize, token, revoke; and how its admin launches the app (reference §1, §6)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from uuid import uuid4

from entrepot.connectors.cafe24.simulator.answers import Answer, Row
from entrepot.connectors.cafe24.simulator.tokens import CODE_LIVES, Code, Pair, Tokens, opaque

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

FORM = "application/x-www-form-urlencoded"
_NAMES = (
    "application",
    "store",
    "product",
    "category",
    "collection",
    "supply",
    "order",
    "shipping",
    "personal",
    "privacy",
    "customer",
    "community",
    "promotion",
    "notification",
    "design",
    "salesreport",
    "translation",
    "mileage",
    "analytics",
)
SCOPES = frozenset(f"mall.{verb}_{name}" for name in _NAMES for verb in ("read", "write"))
OMS_SCOPES = (
    "mall.read_application",
    "mall.write_application",
    "mall.read_store",
    "mall.write_store",
    "mall.read_product",
    "mall.write_product",
    "mall.read_category",
    "mall.write_category",
    "mall.read_collection",
    "mall.write_collection",
    "mall.read_supply",
    "mall.read_order",
    "mall.write_order",
    "mall.read_shipping",
    "mall.write_shipping",
)


class OAuthRefusal(Exception):
    """A flat OAuth error (reference §1.3)."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description

    def answer(self) -> Answer:
        """The error as an answer."""
        return Answer(self.status, {"error": self.error, "error_description": self.description})


class AuthorizeRefusal(Exception):
    """A refusal of the authorize page; `error` goes back to the app, "" = it cannot be sent anywhere."""

    def __init__(self, error: str, why: str) -> None:
        super().__init__(why)
        self.error, self.why = error, why


@dataclass(slots=True)
class OAuth:
    """One app in one mall.

    `decide` is what the operator does on the authorize page: "ask" shows it, "allow" and "deny" answer at once.
    `representative` False: somebody else is signed in, whose Allow ends in access_denied. `redirect_uris` None takes
    any address; `declared` are the scopes the app has in the Developer Center. `most_token_requests` in two hours.
    """

    mall: "Mall"
    client_id: str
    client_secret: str
    redirect_uris: Sequence[str] | None = None
    declared: frozenset[str] = SCOPES
    decide: str = "ask"
    representative: bool = True
    installed: bool = True
    most_token_requests: int = 15
    tokens: Tokens = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = Tokens(self.mall.clock)

    # ------------------------------------------------------------------ authorize

    def check_authorize(self, asked: Mapping[str, str]) -> tuple[str, ...]:
        """The scopes of a well-formed authorize request.

        Raises:
            AuthorizeRefusal: It is not well-formed.
        """
        if asked.get("client_id") != self.client_id:
            raise AuthorizeRefusal("", "The client_id is not known.")
        address = asked.get("redirect_uri", "")
        if not address or (self.redirect_uris is not None and address not in self.redirect_uris):
            raise AuthorizeRefusal("", "The redirect_uri is not one that was registered.")
        if "response_type" not in asked:
            raise AuthorizeRefusal("invalid_request", "response_type is missing.")
        if asked["response_type"] != "code":
            raise AuthorizeRefusal("unsupported_response_type", "Only response_type=code is supported.")
        scopes = tuple(dict.fromkeys(asked.get("scope", "").replace(" ", ",").split(",")))
        if not all(scope in SCOPES & self.declared for scope in scopes):
            raise AuthorizeRefusal("invalid_scope", "A scope is not among those the app declares.")
        if asked.get("code_challenge") and asked.get("code_challenge_method", "S256") != "S256":
            raise AuthorizeRefusal("invalid_request", "Only code_challenge_method=S256 is supported.")
        return tuple(sorted({*scopes, *(scope.replace(".write_", ".read_") for scope in scopes)}))

    def decision(self, asked: Mapping[str, str], *, allow: bool) -> str:
        """Where the browser goes once the operator has decided."""
        try:
            scopes = self.check_authorize(asked)
        except AuthorizeRefusal as refusal:
            return self.refused(asked, refusal.error)
        if not allow or not self.representative:
            return self.refused(asked, "access_denied")
        self.installed = True
        code = Code(
            text=opaque(),
            redirect_uri=asked["redirect_uri"],
            scopes=scopes,
            ends_at=self.mall.clock.now() + CODE_LIVES,
            challenge=asked.get("code_challenge", ""),
            user_id=self.mall.mall_id,
        )
        return _back(asked, {"code": self.tokens.new_code(code)})

    def refused(self, asked: Mapping[str, str], error: str) -> str:
        """Where the browser goes after a refusal."""
        return _back(asked, {"error": error}, {"trace_id": str(uuid4())})

    # ------------------------------------------------------------------ token and revoke

    def token(self, headers: Mapping[str, str], form: Mapping[str, str]) -> Row:
        """The token answer.

        Raises:
            OAuthRefusal: No tokens, and why.
        """
        self._check_client(headers)
        if not self.installed:
            raise OAuthRefusal(400, "invalid_request", "Uninstalled app")
        if not self.tokens.may_ask(self.most_token_requests):
            raise OAuthRefusal(429, "too_many_requests", "Too many token requests. Try again later.")
        kind = _needed(form, "grant_type")
        if kind == "authorization_code":
            return self._answer(self._redeem(form))
        if kind == "refresh_token":
            return self._refresh(form)
        raise OAuthRefusal(400, "unsupported_grant_type", "The requested grant type is not supported.")

    def revoke(self, headers: Mapping[str, str], form: Mapping[str, str]) -> None:
        """End a token and the one it came with.

        Raises:
            OAuthRefusal: Wrong client, or no token named.
        """
        self._check_client(headers)
        self.tokens.revoke(_needed(form, "token"))

    def grant(self, scopes: Sequence[str] = OMS_SCOPES, *, shop_no: int = 1) -> Row:
        """Tokens without a browser, for tests: what the token endpoint would have answered."""
        with self.mall.lock:
            self.installed = True
            return self._answer(self.tokens.issue(scopes, user_id=self.mall.mall_id, shop_no=shop_no))

    def uninstall(self) -> None:
        """The operator deletes the app in the mall: every token ends, 90077 is sent (case 52)."""
        with self.mall.deed():
            self.installed = False
            self.tokens.revoke_all()
            resource = {"client_id": self.client_id, "app_name": "OMS", "deleted_date": self.mall.clock.stamp()}
            self.mall.tell(90077, resource)

    def launch_query(self, *, shop_no: int = 1, user_name: str = "이소담", timestamp: int | None = None) -> str:
        """The query with which the mall's admin opens the App URL, signed (case 53)."""
        moment = int(self.mall.clock.now().timestamp()) if timestamp is None else timestamp
        facts = {
            "is_multi_shop": "T" if len(self.mall.shops) > 1 else "F",
            "lang": self.mall.shops[shop_no].language_code,
            "mall_id": self.mall.mall_id,
            "nation": self.mall.shops[shop_no].country_code,
            "shop_no": str(shop_no),
            "timestamp": str(moment),
            "user_id": self.mall.mall_id,
            "user_name": user_name,
            "user_type": "P",
        }
        raw = urlencode(facts, quote_via=quote)
        digest = hmac.new(self.client_secret.encode(), raw.encode(), hashlib.sha256).digest()
        return f"{raw}&hmac={quote(base64.b64encode(digest).decode(), safe='')}"

    def _check_client(self, headers: Mapping[str, str]) -> None:
        kind, _, text = headers.get("Authorization", "").partition(" ")
        try:
            name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            name = secret = ""
        if kind.lower() != "basic" or name != self.client_id:
            raise OAuthRefusal(401, "invalid_client", "It is a wrong client_id.")
        if not hmac.compare_digest(secret.encode(), self.client_secret.encode()):
            raise OAuthRefusal(401, "invalid_client", "It is a wrong client_secret.")
        if headers.get("Content-Type", "").partition(";")[0].strip().lower() != FORM:
            raise OAuthRefusal(400, "invalid_request", f"The Content-Type must be {FORM}.")

    def _redeem(self, form: Mapping[str, str]) -> Pair:
        text, address = _needed(form, "code"), _needed(form, "redirect_uri")
        code = self.tokens.take_code(text)
        if code is None or code.redirect_uri != address or not _proves(code, form.get("code_verifier", "")):
            raise OAuthRefusal(400, "invalid_grant", "Invalid authorization code")
        return self.tokens.issue(code.scopes, user_id=code.user_id, shop_no=code.shop_no)

    def _refresh(self, form: Mapping[str, str]) -> Row:
        old = self.tokens.by_refresh(_needed(form, "refresh_token"))
        if old is None:
            raise OAuthRefusal(400, "invalid_grant", "Invalid refresh_token")
        fresh = self.tokens.issue(old.scopes, user_id=old.user_id, shop_no=old.shop_no)
        if self.mall.settings.refresh_answers_refresh_token:
            old.refreshable = False
            return self._answer(fresh)
        fresh.refreshable = False
        row = self._answer(fresh)
        del row["refresh_token"], row["refresh_token_expires_at"]
        return row

    def _answer(self, pair: Pair) -> Row:
        return pair.row(self.client_id, self.mall.mall_id)


def _needed(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise OAuthRefusal(400, "invalid_request", f"The request is missing a required parameter : {name}")
    return form[name]


def _proves(code: Code, verifier: str) -> bool:
    if not code.challenge:
        return True
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == code.challenge


def _back(asked: Mapping[str, str], *parts: Mapping[str, str]) -> str:
    first, *rest = parts
    query = dict(first) | ({"state": asked["state"]} if "state" in asked else {})
    for part in rest:
        query |= part
    address = asked["redirect_uri"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query, quote_via=quote)}"
