"""Connecting a simulated Cafe24 mall as its owner would: consent, tokens, first import, webhooks."""

import http.client
import time
from urllib.parse import parse_qsl, urlsplit

from benchmarks._desk import ACTOR
from benchmarks._rig import Shop, must, wait_until
from entrepot.accounts.models import Seller
from entrepot.channels.models import Store
from entrepot.channels.registry import connector_type
from entrepot.channels.services import connect
from entrepot.connectors.cafe24.simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET
from entrepot.connectors.contract import Grant

RETURN = "https://desk.example/stores/consent/cafe24/"
WEBHOOK_KEY = "a-webhook-key-for-benchmarks"
CREDENTIALS = {
    "mall_id": "sodammall",
    "client_id": DEFAULT_CLIENT_ID,
    "client_secret": DEFAULT_CLIENT_SECRET,
    "webhook_key": WEBHOOK_KEY,
    "shop_no": "1",
}


def consent() -> Grant:
    """Walk to the mall's page, which allows at once, and redeem the code it sends back with."""
    page = connector_type("cafe24").consent
    must(page, "Cafe24 asks for consent")
    if page is None:
        raise RuntimeError
    address = urlsplit(page.address(CREDENTIALS, state="benchmark", return_url=RETURN))
    line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    line.request("GET", f"{address.path}?{address.query}")
    sent_to = line.getresponse().getheader("Location") or ""
    line.close()
    return page.redeem(CREDENTIALS, answer=dict(parse_qsl(urlsplit(sent_to).query)), return_url=RETURN)


def connect_mall(seller: Seller, *, name: str = "Mall") -> Store:
    """Connect the mall; a worker then carries its first import on."""
    return connect.connect_store(
        seller_id=seller.pk,
        name=name,
        country="KR",
        currency="KRW",
        connector="cafe24",
        credentials=CREDENTIALS,
        grant=consent(),
        actor=ACTOR,
    )


def listen(mall: Shop, store: Store, *, web: str) -> None:
    """Have the mall announce its events to the web process."""

    def answers() -> bool:
        host = urlsplit(web)
        line = http.client.HTTPConnection(host.hostname or "", host.port, timeout=2)
        try:
            line.request("GET", "/")
            return line.getresponse().status < 500
        except OSError:
            return False
        finally:
            line.close()

    wait_until(answers, seconds=30, every=0.2)
    mall.control("webhooks", address=f"{web}/hooks/{store.public_id}", key=WEBHOOK_KEY)
    time.sleep(0.5)
