"""The demo's own world: an owner who comes in by a link, and a shop and a mall connected as a merchant would."""

import http.client
import json
import time
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from entrepot.accounts import services
from entrepot.accounts.models import Membership, User
from entrepot.channels.addresses import ANY_BROWSER, consent_url
from entrepot.channels.errors import ImportNotFinished
from entrepot.channels.models import Store
from entrepot.channels.services import connect, consent, lifecycle
from entrepot.channels.services.shipping import SELF_SHIP
from entrepot.channels.services.webhook import webhook_url
from entrepot.connectors.cafe24.type import CAFE24
from entrepot.connectors.opencart.type import OPENCART
from entrepot.fulfilment.models import Carrier
from entrepot.fulfilment.services.carrier_rules import keep_rule
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.waybills import add_range
from entrepot.kernel.actor import Actor
from entrepot.project.errors import NotADemoHome
from entrepot.project.prepare import link_address

OWNER = "owner@demo.example"
SELLER = "Demo trading"
SHOP, MALL = "Demo shop", "Demo mall"
MALL_ID, CLIENT_ID = "sodammall", "EntrepotDemoApp"
CARRIER, FIRST_NUMBER, LAST_NUMBER = "cj", "640000000001", "640000009999"
PATIENCE_SECONDS = 0.5
ACTOR = Actor("cli", "demo")


def owner_link() -> str:
    """A link that signs the demo's owner in; owner and seller are made on the first call.

    Raises:
        NotADemoHome: The database holds books that are not the demo's.
    """
    token = services.first_owner_link()
    if token is not None:
        services.accept_link(token=token, actor=ACTOR, email=OWNER, name="Demo owner", seller_name=SELLER)
    elif not User.objects.filter(email=OWNER).exists():
        raise NotADemoHome
    return link_address(services.sign_in_link(email=OWNER, actor=ACTOR))


def connect_shop(*, url: str, secret: str) -> None:
    """Connect the shop through the same services as the screens, wait for its first import, go live."""
    seller_id = _seller_id()
    store = _connected(seller_id, OPENCART.name)
    if store is None:
        store = connect.connect_store(
            seller_id=seller_id,
            name=SHOP,
            country="US",
            currency="USD",
            connector=OPENCART.name,
            credentials={"domain_url": url, "secret_key": secret},
            actor=ACTOR,
        )
    _go_live(store)


def connect_mall(*, url: str, secret: str) -> None:
    """Connect the mall, agreeing in its owner's place; wait for its first import, go live, turn on its webhooks."""
    seller_id = _seller_id()
    store = _connected(seller_id, CAFE24.name)
    if store is None or store.state == Store.State.BROKEN:
        fields = {"mall_id": MALL_ID, "client_id": CLIENT_ID, "client_secret": secret, "webhook_key": secret}
        store = _agree(seller_id, fields, store)
    _go_live(store)
    _tell(url, "webhooks", {"address": webhook_url(store), "key": secret})


def hire_carrier() -> None:
    """Add a carrier with numbers for practice, so that what is packed has a label; once."""
    seller_id = _seller_id()
    if Carrier.objects.filter(seller_id=seller_id).exists():
        return
    carrier = add_carrier(seller_id=seller_id, kind=CARRIER, actor=ACTOR)
    add_range(seller_id=seller_id, carrier_id=carrier.pk, first=FIRST_NUMBER, last=LAST_NUMBER, actor=ACTOR)
    keep_rule(seller_id=seller_id, carrier_id=carrier.pk, actor=ACTOR)


def _seller_id() -> int:
    return Membership.objects.get(user__email=OWNER).seller_id


def _connected(seller_id: int, connector: str) -> Store | None:
    stores = Store.objects.filter(seller_id=seller_id, connector=connector)
    return stores.exclude(state=Store.State.DISCONNECTED).first()


def _agree(seller_id: int, fields: Mapping[str, str], store: Store | None) -> Store:
    """Through the mall's consent page, as a browser would; the page is answered at once."""
    address = consent.begin_consent(
        seller_id=seller_id,
        connector=CAFE24.name,
        credentials=fields,
        facts={"name": MALL, "country": "KR", "currency": ""},
        actor=ACTOR,
        session_key=ANY_BROWSER,
        return_url=consent_url(CAFE24.name),
        store_id=store.pk if store else None,
    )
    came = _asked(address + "&_decide=allow")
    return consent.finish_consent(
        seller_id=seller_id,
        state=came["state"],
        query=came,
        session_key=ANY_BROWSER,
        return_url=consent_url(CAFE24.name),
        actor=ACTOR,
    )


def _asked(address: str) -> dict[str, str]:
    """Where the consent page sends the browser, as its query."""
    parts = urlsplit(address)
    asking = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        asking.request("GET", f"{parts.path}?{parts.query}")
        leads_to = asking.getresponse().getheader("Location") or ""
    finally:
        asking.close()
    return {name: values[0] for name, values in parse_qs(urlsplit(leads_to).query).items()}


def _tell(url: str, verb: str, facts: Mapping[str, object]) -> None:
    """Do what the mall's owner does by hand in the Developer Center."""
    parts = urlsplit(url)
    asking = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        asking.request("POST", f"/_control/{verb}", json.dumps(facts), {"Content-Type": "application/json"})
        asking.getresponse().read()
    finally:
        asking.close()


def _go_live(store: Store) -> None:
    while store.state == Store.State.SHADOW:
        try:
            store = lifecycle.go_live(seller_id=store.seller_id, store_id=store.pk, actor=ACTOR)
            lifecycle.change_settings(
                seller_id=store.seller_id, store_id=store.pk, changes={"shipping": SELF_SHIP}, actor=ACTOR
            )
        except ImportNotFinished:
            time.sleep(PATIENCE_SECONDS)
            store.refresh_from_db()
