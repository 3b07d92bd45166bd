"""A Cafe24 mall from a shell: agreed to in the browser, packed with a number, answered, taken back."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from django.db import connection

from entrepot.channels.models import Consent, RemoteCarrier, Run, StatusDebt, Store
from entrepot.channels.services.consent import finish_consent
from entrepot.cli import consent as consenting
from entrepot.cli import orders, stores
from entrepot.connectors.cafe24.simulator import Mall, SimulatorServer
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.errors import EntrepotError
from entrepot.orders import services
from entrepot.orders.models import Order
from tests.books import MINA, SHOP, draft, figure, line, make_items, make_seller, place_one, status
from tests.browser.mall import FIELDS, served
from tests.web.factories import make_claim, make_mall

GROUPS = {"stores": stores.stores, "orders": orders.orders}


@pytest.fixture
def order(db: None) -> Order:
    """Three red socks of a live mall, with the warehouse."""
    seller = make_seller()
    store = make_mall(seller)
    RemoteCarrier.objects.create(store=store, remote_id="0006", name="CJ대한통운", is_default=True)
    items = make_items(seller, RED=10)
    made = place_one(store.sales_channel, draft("1", line(items["RED"], 3, remote_id="-01", sku="RED")))
    services.release_to_warehouse(seller_id=seller.pk, order_id=made.pk, actor=MINA)
    return made


def run(*words, expect=0):
    done = CliRunner().invoke(GROUPS[words[0]], [str(word) for word in words[1:]], env={"COLUMNS": "200"})
    assert done.exit_code == expect, (done.output, done.exception)
    return done.output


def rows(*words):
    return [json.loads(row) for row in run(*words, "--json").splitlines()]


def test_the_carriers_of_a_mall_are_listed_by_their_codes(order):
    assert rows("stores", "carriers", order.sales_channel_id) == [
        {"code": "0006", "name": "CJ대한통운", "default": True}
    ]


def test_an_order_is_packed_with_carrier_and_number(order):
    assert run("orders", "pack", order.pk, "--carrier", "0006", "--number", "640012") == (
        "Order #1 is Ready to ship now.\n"
    )
    (row,) = rows("orders", "parcels", order.pk)
    assert (row["state"], row["carrier"], row["number"], row["quantity"]) == ("packed", "CJ대한통운", "640012", 3)
    run("orders", "number", Shipment.objects.get().pk, "--carrier", "0006", "--number", "640099")
    assert Shipment.objects.get().tracking_number == "640099"
    run("orders", "move", "hand-over", order.pk)
    assert (status(order), Shipment.objects.get().state) == ("in_transit", "handed_over")


def test_without_a_number_nothing_is_packed_for_a_mall(order):
    done = CliRunner().invoke(orders.orders, ["pack", str(order.pk)])
    assert type(done.exception).__name__ == "NumberNeeded"
    assert (Shipment.objects.count(), status(order)) == (0, "rfp")


def test_a_wish_is_listed_and_answered(order):
    services.ask_cancel(seller_id=order.seller_id, order_id=order.pk, actor=SHOP)
    claim = make_claim(order, lines=[["-01", 3]])
    (row,) = rows("orders", "claims", order.pk)
    assert (row["id"], row["kind"], row["state"], row["lines"]) == (claim.pk, "cancel", "asked", "3 × -01")
    run("orders", "answer", "refuse", claim.pk, "--reason", "Already at the driver's")
    assert StatusDebt.objects.get(kind="claim").payload["reason"] == "Already at the driver's"


def test_a_stopped_parcel_is_unpacked_and_canceled(order):
    run("orders", "pack", order.pk, "--carrier", "0006", "--number", "640012")
    make_claim(order, lines=[["-01", 3]])
    services.stop(seller_id=order.seller_id, order_id=order.pk, code="cancel_after_packing", actor=SHOP)
    assert run("orders", "decide", "unpack-and-cancel", order.pk) == "Order #1 is Cancel in process now.\n"
    assert Shipment.objects.get().state == "void"


def test_a_return_is_received_by_sku(order):
    services.mark_ready(seller_id=order.seller_id, order_id=order.pk, actor=SHOP)
    services.hand_over(seller_id=order.seller_id, order_id=order.pk, actor=SHOP)
    services.ask_return(seller_id=order.seller_id, order_id=order.pk, actor=SHOP)
    assert "has no BLUE" in run("orders", "receive", order.pk, "--restock", "BLUE=1", expect=2)
    assert "SKU=N" in run("orders", "receive", order.pk, "--restock", "RED", expect=2)
    assert figure(order.lines.get().item_id) == (7, 0)
    run("orders", "receive", order.pk, "--restock", "RED=2", "--scrap", "RED=1")
    assert (figure(order.lines.get().item_id), status(order)) == ((9, 0), "returned")


@pytest.fixture
def mall() -> Iterator[SimulatorServer]:
    with served(Mall.empty()) as server:
        yield server


def come_back(server: SimulatorServer, address: str, seller_id: int, *, allow: bool) -> None:
    """What the browser does meanwhile: agrees there, and comes back to the page of the web."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    came = parse_qs(urlsplit(server.oauth.decision(asked, allow=allow)).query)
    query = {name: values[0] for name, values in came.items()}
    finish_consent(
        seller_id=seller_id,
        state=query["state"],
        query=query,
        session_key=consenting.ANY_BROWSER,
        return_url=consenting.consent_url("cafe24"),
        actor=MINA,
    )


CONNECT = [
    "connect", "cafe24", "--name", "Sodam", "--country", "KR", "--mall-id", FIELDS["mall_id"],
    "--client-id", FIELDS["client_id"], "--secret", FIELDS["client_secret"],
]  # fmt: skip


@pytest.mark.parametrize("allow", [True, False])
def test_connecting_prints_where_to_agree_and_waits_for_the_browser(transactional_db, mall, monkeypatch, allow):
    seller = make_seller()
    said: list[str] = []
    monkeypatch.setattr(consenting.click, "echo", lambda text="", **_how: said.append(text))
    monkeypatch.setattr(consenting, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(stores, "WATCH_SECONDS", 0.05)
    person = threading.Thread(target=_browse, args=(mall, said, seller.pk), kwargs={"allow": allow})
    person.start()

    done = CliRunner().invoke(stores.stores, CONNECT, env={"COLUMNS": "200"})
    person.join()

    if allow:
        assert done.exit_code == 0, done.exception
        store = Store.objects.get()
        assert (store.state, store.identity, store.sales_channel.currency) == ("shadow", "sodammall/1", "KRW")
        assert f"Connected as store {store.pk}, in shadow mode." in said
    else:
        assert type(done.exception).__name__ == "ConsentCameToNothing"
        assert (Store.objects.count(), Consent.objects.count()) == (0, 0)


def _browse(mall: SimulatorServer, said: list[str], seller_id: int, *, allow: bool) -> None:
    """Open the printed address; a refusal is what the browser would show. The import is a worker's, who is not here."""
    for _ in range(400):
        if address := next((text.strip() for text in said if "oauth/authorize" in text), ""):
            break
        time.sleep(0.05)
    with suppress(EntrepotError):
        come_back(mall, address, seller_id, allow=allow)
    Run.objects.update(state="done")
    connection.close()


def test_a_currency_is_asked_for_where_the_store_does_not_say_it(db):
    make_seller()
    words = ["connect", "opencart", "--name", "A", "--country", "US", "--url", "http://a.example", "--secret", "s"]
    done = CliRunner().invoke(stores.stores, words)
    assert (done.exit_code, "--currency" in done.output) == (2, True)
