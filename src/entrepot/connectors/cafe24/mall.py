"""What the connect form's fields say: which mall, which shop of it, which app. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from entrepot.connectors.cafe24.errors import BadMallId, BadShopNo, MissingClient

_MALL_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}\Z")
_HOSTS = re.compile(r"^(?:https?://)?(?:www\.)?([a-z0-9_-]+)\.cafe24(?:api|shop)?\.com(?:[:/?].*)?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MallKeys:
    """A mall and the app that was made for it. The secret is never shown."""

    mall_id: str
    shop_no: int
    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"MallKeys({self.mall_id}/{self.shop_no})"


def mall_id_of(credentials: Mapping[str, str]) -> str:
    """The mall id, also out of a pasted address of the mall.

    Raises:
        BadMallId: It cannot be one.
    """
    entered = credentials.get("mall_id", "").strip().lower()
    pasted = _HOSTS.match(entered)
    mall_id = pasted[1] if pasted else entered
    if not _MALL_ID.match(mall_id):
        raise BadMallId(mall_id=entered)
    return mall_id


def mall_keys(credentials: Mapping[str, str]) -> MallKeys:
    """The fields of the connect form, checked.

    Raises:
        ChannelMisconfigured: One cannot be right.
    """
    mall_id = mall_id_of(credentials)
    shop_no = credentials.get("shop_no", "").strip() or "1"
    if not (shop_no.isascii() and shop_no.isdigit() and 0 < int(shop_no) < 1000):
        raise BadShopNo(shop_no=shop_no)
    client_id, client_secret = credentials.get("client_id", "").strip(), credentials.get("client_secret", "").strip()
    if not client_id or not client_secret:
        raise MissingClient
    return MallKeys(mall_id, int(shop_no), client_id, client_secret)


def base_url(api_base: str, mall_id: str) -> str:
    """Where a mall's interface is; `{mall_id}` in the base is optional (a simulator is one mall on its own)."""
    return api_base.replace("{mall_id}", mall_id).rstrip("/")


def limit_key(credentials: Mapping[str, str]) -> str:
    """What shares the mall's bucket: all shops of one mall."""
    return f"cafe24:{mall_id_of(credentials)}"
