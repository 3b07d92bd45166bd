"""A simulated mall on the desk, connected as the screens connect it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from entrepot.channels import registry
from entrepot.channels.addresses import consent_url
from entrepot.channels.models import Store
from entrepot.channels.services import consent, lifecycle
from entrepot.channels.services.importing.errand import run_import
from entrepot.channels.services.intake import pull_orders
from entrepot.channels.services.packing import pack_order
from entrepot.channels.services.statuses import push_statuses
from entrepot.connectors.cafe24.simulator import Mall, SimulatorServer
from entrepot.connectors.cafe24.type import cafe24
from entrepot.fulfilment import services as parcels
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.models import Order

FIELDS = {"mall_id": "sodammall", "client_id": "AppOfTheTests0001", "client_secret": "a-secret-of-the-test-app"}
WEBHOOK_KEY = "a-key-of-the-test-webhooks"
SESSION = "the browser of the test"


@contextmanager
def served(mall: Mall) -> Iterator[SimulatorServer]:
    """The mall over HTTP, and our connector pointed at it; neither side waits for a limit."""
    kept = registry.connector_types["cafe24"]
    words = {"client_id": FIELDS["client_id"], "client_secret": FIELDS["client_secret"]}
    with SimulatorServer(mall, **words) as server:
        server.bucket.enforced = False
        registry.register(replace(cafe24(server.url), calls_per_second=200.0, burst=1000, peak_per_second=None))
        yield server
    registry.register(kept)


def connected(server: SimulatorServer, seller_id: int, actor: Actor, *, name: str, live: bool = True) -> Store:
    """Consent given, first import carried to its end, live."""
    said: dict[str, Any] = {"session_key": SESSION, "return_url": consent_url("cafe24"), "actor": actor}
    address = consent.begin_consent(
        seller_id=seller_id,
        connector="cafe24",
        credentials=FIELDS | {"webhook_key": WEBHOOK_KEY},
        facts={"name": name, "country": "KR", "currency": ""},
        **said,
    )
    asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
    came = parse_qs(urlsplit(server.oauth.decision(asked, allow=True)).query)
    query = {key: values[0] for key, values in came.items()}
    store = consent.finish_consent(seller_id=seller_id, state=query["state"], query=query, **said)
    run_import(store=store)
    if live:
        lifecycle.go_live(seller_id=seller_id, store_id=store.pk, actor=actor)
    store.refresh_from_db()
    return store


def at_work(server: SimulatorServer, seller_id: int, actor: Actor) -> Store:
    """A live mall with an order to pack, one on its way, and one whose buyer wants to cancel after it was packed."""
    store = connected(server, seller_id, actor, name="소담상점")
    said: dict[str, Any] = {"seller_id": seller_id, "actor": actor}
    ready = list(Order.objects.filter(sales_channel_id=store.pk, status="new", follows="", pickup=False, origin=""))[:4]
    for order in ready:
        orders.release_to_warehouse(order_id=order.pk, **said)
    for number, order in enumerate(ready[1:4]):
        pack_order(order_id=order.pk, carrier="0006", tracking_number=f"64001234567{number}", **said)
    parcels.hand_over(order_id=ready[1].pk, **said)
    push_statuses(store)
    server.mall.request_cancel(ready[2].remote_id, reason="다른 색상으로 다시 주문할게요.\n죄송합니다.")
    pull_orders(store)
    return store
