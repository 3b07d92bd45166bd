"""The page where a mall's owner grants access, the code it comes back with, and launches from the admin."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, unquote

from entrepot.connectors.cafe24.errors import BadMallId, CodeRefused
from entrepot.connectors.cafe24.mall import base_url, mall_id_of, mall_keys
from entrepot.connectors.cafe24.scopes import PERMISSIONS
from entrepot.connectors.cafe24.tokens import TokenDesk
from entrepot.connectors.contract import ConsentRefused, Grant, SenderNotBelieved, Surroundings
from entrepot.kernel.reasons import marked, quoted

AUTHORIZE_PATH = "/api/v2/oauth/authorize"
LAUNCH_WINDOW_SECONDS = 2 * 3600
_SIGNATURE = "&hmac="

_SAID = {
    "access_denied": marked("The permission was declined, or the person is not the mall's representative operator."),
    "invalid_scope": marked(
        "The app does not declare all the permissions that Entrepot asks for in the Developer Center."
    ),
    "invalid_request": marked("The Redirect URI in the Developer Center is another one, or the Client ID is wrong."),
    "unsupported_response_type": marked("Cafe24 did not understand the request."),
}


class Cafe24ConsentPage:
    """The consent page of any mall; keeps nothing."""

    def __init__(self, api_base: str) -> None:
        self._api_base = api_base

    def address(self, credentials: Mapping[str, str], *, state: str, return_url: str) -> str:
        """Where to send the owner's browser.

        Raises:
            ChannelMisconfigured: The credentials cannot be ones of a mall.
        """
        keys = mall_keys(credentials)
        asked = {
            "response_type": "code",
            "client_id": keys.client_id,
            "state": state,
            "redirect_uri": return_url,
            "scope": ",".join(PERMISSIONS),
        }
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
        return f"{base_url(self._api_base, keys.mall_id)}{AUTHORIZE_PATH}?{query}"

    def redeem(self, credentials: Mapping[str, str], *, answer: Mapping[str, str], return_url: str) -> Grant:
        """The grant for what the browser came back with; the caller has checked `state`.

        Raises:
            ConsentRefused: The owner said no, or may not say yes.
            ChannelError: Cafe24 cannot be reached, or takes code or credentials for wrong.
        """
        keys = mall_keys(credentials)
        if error := answer.get("error", ""):
            trace = answer.get("trace_id", "")
            raise ConsentRefused(
                f"{error} {trace}".strip()[:200], name=keys.mall_id, reason=_SAID.get(error) or quoted(error)
            )
        if not answer.get("code"):
            raise CodeRefused("no code in the answer", mall_id=keys.mall_id)
        desk = TokenDesk(keys, base_url(self._api_base, keys.mall_id), Surroundings())
        return desk.redeem(answer["code"], return_url)

    def launched_by(self, query: str) -> Mapping[str, str]:
        """The mall whose owner opened our app, not believed yet; empty when this is no launch."""
        signed, found, _ = query.lstrip("?").rpartition(_SIGNATURE)
        if not found:
            return {}
        said = parse_qs(signed)
        try:
            mall_id = mall_id_of({"mall_id": said.get("mall_id", [""])[0]})
        except BadMallId:
            return {}
        return {"mall_id": mall_id, "shop_no": said.get("shop_no", ["1"])[0]}

    def check_launch(self, credentials: Mapping[str, str], *, query: str, now: datetime) -> None:
        """Believe the launch: signed with the app's secret over the raw text, within two hours, for this mall.

        Raises:
            SenderNotBelieved: It is not.
        """
        keys = mall_keys(credentials)
        signed, _, stated = query.lstrip("?").rpartition(_SIGNATURE)
        digest = hmac.new(keys.client_secret.encode(), signed.encode(), hashlib.sha256).digest()
        expected = base64.b64encode(digest)
        if not signed or not hmac.compare_digest(expected, unquote(stated).encode()):
            raise SenderNotBelieved("the launch's signature is wrong", name=keys.mall_id)
        said = parse_qs(signed)
        if said.get("mall_id") != [keys.mall_id]:
            raise SenderNotBelieved("the launch is another mall's", name=keys.mall_id)
        if abs(now.timestamp() - _launched_at(said).timestamp()) > LAUNCH_WINDOW_SECONDS:
            raise SenderNotBelieved("the launch is too old, or the clocks differ", name=keys.mall_id)


def _launched_at(said: Mapping[str, list[str]]) -> datetime:
    stated = said.get("timestamp", [""])[0]
    seconds = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 12 else 0
    return datetime.fromtimestamp(seconds, UTC)
