"""The seller's side of an Agora: consents begun and finished as the screens do it."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from entrepot.accounts.models import Seller
from entrepot.channels.models import Store
from entrepot.channels.services.consent import begin_consent, finish_consent
from entrepot.kernel.actor import Actor
from tests.channels.agora import GOOD_CODE, mall

MINA = Actor("user", "Mina")
BACK = "https://desk.example/back"
SESSION = "the-browser-of-mina"
FACTS = {"name": "My mall", "country": "KR", "currency": "KRW", "settings": {}}


def keys(mall_id: str = "blue", **more: str) -> dict[str, str]:
    return {"mall_id": mall_id, "client_secret": mall(mall_id).client_secret, "hook_key": "key-of-the-hook", **more}


def begin(seller: Seller, credentials: Mapping[str, str] | None = None, **words: object) -> str:
    """Begin a consent; the state that went out with the browser."""
    said: dict = {"facts": FACTS, "session_key": SESSION, "return_url": BACK, "actor": MINA} | words
    address = begin_consent(
        seller_id=seller.pk, connector="agora", credentials=keys() if credentials is None else credentials, **said
    )
    return parse_qs(urlsplit(address).query)["state"][0]


def finish(seller: Seller, state: str, *, session_key: str = SESSION, **query: str) -> Store:
    """Come back with the owner's answer."""
    answer = {"code": GOOD_CODE, "state": state} | query
    return finish_consent(
        seller_id=seller.pk, state=state, query=answer, session_key=session_key, return_url=BACK, actor=MINA
    )


def connected(seller: Seller, mall_id: str = "blue", *, name: str = "My mall", shop_no: str = "1") -> Store:
    """A store of this mall, connected with its owner's consent."""
    state = begin(seller, keys(mall_id, shop_no=shop_no), facts=FACTS | {"name": name})
    return finish(seller, state)
