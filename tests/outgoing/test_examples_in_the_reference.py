"""The reference shows each kind of message as it really is: same parts, same kinds of values."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepot.channels.problems import open_problem
from entrepot.fulfilment import port
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.services.label import make_label
from entrepot.orders import services as orders
from entrepot.outgoing.kinds import CHOICES, WORK
from entrepot.outgoing.models import Endpoint, Notice
from entrepot.outgoing.services import endpoints
from entrepot.outgoing.services.deliver import deliver
from entrepot.warehouse.services.release import follow
from entrepot.warehouse.services.reports import take_report
from tests.books import MINA, SHOP, draft, line
from tests.elsewhere import Elsewhere, elsewhere

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "messages.md"
EXAMPLE = re.compile(r"^### `(?P<kind>[a-z._]+)`.*?^```json\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)


def documented(part: str) -> dict[str, object]:
    """`{kind: example}` of one part of the page."""
    text = PAGE.read_text(encoding="utf-8").partition(f"## {part}\n")[2].partition("\n## ")[0]
    return {found["kind"]: json.loads(found["body"]) for found in EXAMPLE.finditer(text)}


def shape(value: object) -> object:
    """What a body is made of: names and kinds of values; of a list the first row stands for all."""
    match value:
        case dict():
            return {name: shape(part) for name, part in value.items()}
        case list():
            return [shape(part) for part in value[:1]]
        case _:
            return type(value).__name__


@pytest.fixture
def outside(db: None, settings) -> Iterator[Elsewhere]:
    settings.PRIVATE_TARGETS = True
    with elsewhere() as made:
        yield made


def said(endpoint: Endpoint) -> dict[str, object]:
    deliver(Endpoint.objects.get(pk=endpoint.pk))
    return {row.kind: json.loads(row.body) for row in Notice.objects.filter(endpoint=endpoint).order_by("pk")}


def report(outside: Elsewhere, message: port.Incoming) -> None:
    take_report(
        seller_id=outside.seller_id,
        warehouse_id=outside.warehouse_id,
        key=str(message)[:80],
        message=message,
        actor=MINA,
    )


def walk(outside: Elsewhere, tell) -> None:
    """An order that is packed, shipped, delivered and sent back; another that changes, is unpacked and canceled."""
    who = {"seller_id": outside.seller_id, "actor": MINA}
    order, other = outside.order("1", RED=2), outside.order("2", RED=1)
    tell()
    words = {"carrier": "cj", "carrier_name": "CJ대한통운", "tracking_number": "640000000001"}
    address = {"name": "김서연", "city": "부산", "postcode": "48058"}
    moved = draft("2", line(outside.items["RED"], 1, remote_id="2-RED", sku="RED"), remote_version=2, shipping=address)
    orders.amend_order(order_id=other.pk, draft=moved, **who)
    tell()
    for one in (order, other):
        report(outside, port.Picked(order_id=one.pk))
        (parcel,) = one.shipments.all()
        url = "https://carrier.example/640000000001"
        fulfilment.set_tracking(shipment_id=parcel.pk, tracking_url=url, **words, **who)
        make_label(shipment_id=parcel.pk, **who)
    tell()
    fulfilment.unpack(order_id=other.pk, **who)
    follow(order_id=other.pk, **who)
    tell()
    orders.ask_cancel(order_id=other.pk, **who)
    orders.cancel_by_buyer(order_id=other.pk, **who)
    follow(order_id=other.pk, **who)
    tell()
    report(outside, port.Packed(order_id=order.pk))
    report(outside, port.HandedOver(order_ids=[order.pk]))
    fulfilment.deliver(order_id=order.pk, **who)
    orders.ask_return(seller_id=outside.seller_id, order_id=order.pk, actor=SHOP)
    facts = {"number": "#2", "store": "Sock shop"}
    open_problem(
        seller_id=outside.seller_id, store_id=None, code="no_carrier", object_type="order", object_id=2, fields=facts
    )
    follow(order_id=order.pk, **who)
    tell()


def test_what_programs_hear_is_documented_as_it_is(outside: Elsewhere) -> None:
    asked = endpoints.add_endpoint(
        seller_id=outside.seller_id, name="ERP", url=outside.server.url, kinds=list(CHOICES), actor=MINA
    )
    outside.server.secret = asked.secret
    walk(outside, lambda: deliver(Endpoint.objects.get(pk=asked.endpoint.pk)))

    heard = said(asked.endpoint)

    assert sorted(heard) == sorted(CHOICES)
    shown = documented("What programs hear")
    assert {kind: shape(shown.get(kind)) for kind in heard} == {kind: shape(body) for kind, body in heard.items()}
    assert sorted(shown) == sorted(CHOICES)


def test_what_a_warehouse_hears_is_documented_as_it_is(outside: Elsewhere) -> None:
    walk(outside, outside.tell)

    heard = said(outside.endpoint)

    assert sorted(heard) == sorted(WORK)
    shown = documented("What the system of a warehouse hears")
    assert {kind: shape(shown.get(kind)) for kind in heard} == {kind: shape(body) for kind, body in heard.items()}
    assert sorted(shown) == sorted(WORK)
    endpoints.ping(seller_id=outside.seller_id, endpoint_id=outside.endpoint.pk, actor=MINA)
    assert shape(documented("The test")["ping"]) == shape(said(outside.endpoint)["ping"])
