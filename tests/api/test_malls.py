"""What programs do with a mall: begin the consent, pack with a number, answer, take back. In exact values."""

from urllib.parse import parse_qs, urlsplit

import pytest

from entrepot.channels.models import Consent, RemoteCarrier, StatusDebt
from entrepot.fulfilment.models import Shipment
from entrepot.orders import services
from entrepot.orders.models import Order
from tests.books import MINA, SHOP, draft, figure, line, place_one, status
from tests.web.factories import MALL_FIELDS, make_claim, make_mall


@pytest.fixture
def order(world) -> Order:
    """Three of the item, sold in a live mall, with the warehouse."""
    store = make_mall(world.seller)
    RemoteCarrier.objects.create(store=store, remote_id="0006", name="CJ대한통운", is_default=True)
    made = place_one(store.sales_channel, draft("1", line(world.item.pk, 3, remote_id="-01")))
    services.release_to_warehouse(seller_id=world.seller.pk, order_id=made.pk, actor=MINA)
    return made


def test_a_consent_is_begun_and_its_address_answered(world):
    facts = {"channel": "cafe24", "name": "Sodam", "country": "KR", "credentials": MALL_FIELDS}

    answer = world.program().post("/stores/consents", facts)

    assert answer.status_code == 201
    address = urlsplit(answer.json()["address"])
    assert (address.hostname, address.path) == ("sodammall.cafe24api.com", "/api/v2/oauth/authorize")
    assert parse_qs(address.query)["redirect_uri"] == ["http://127.0.0.1:8000/stores/consent/cafe24/"]
    assert Consent.objects.get(connector="cafe24", facts__name="Sodam").used_at is None


def test_a_channel_without_an_owner_to_ask_says_so(world):
    facts = {"channel": "opencart", "name": "A", "country": "KR", "credentials": {}}
    answer = world.program().post("/stores/consents", facts)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_consent_kind")


def test_a_store_is_authorized_again(world, order):
    answer = world.program().post(f"/stores/{order.sales_channel_id}/authorize")
    assert answer.status_code == 201
    assert Consent.objects.get(store=order.sales_channel_id).seller_id == world.seller.pk


def test_carriers_are_listed_by_the_codes_a_parcel_names(world, order):
    assert world.program().get(f"/stores/{order.sales_channel_id}/carriers").json() == [
        {"code": "0006", "name": "CJ대한통운", "is_default": True}
    ]


def test_a_parcel_is_packed_renumbered_and_void(world, order):
    program = world.program("orders.view", "orders.pack")
    made = program.post(f"/orders/{order.pk}/parcels", {"carrier": "0006", "tracking_number": "640012"})
    assert made.status_code == 201
    body = made.json()
    (parcel,) = body["parcels"]
    assert (body["status"], parcel["state"], parcel["carrier_name"], parcel["tracking_number"]) == (
        "ready_to_ship",
        "packed",
        "CJ대한통운",
        "640012",
    )
    assert parcel["lines"] == [{"line_id": order.lines.get().pk, "quantity": 3}]
    address = f"/orders/{order.pk}/parcels/{parcel['id']}"
    changed = program.put(address, {"carrier": "0006", "tracking_number": "640099"}).json()
    assert changed["parcels"][0]["tracking_number"] == "640099"
    assert program.post(f"{address}/void").json()["parcels"][0]["state"] == "void"


def test_packing_by_a_move_is_refused_where_a_number_is_wanted(world, order):
    answer = world.program().post(f"/orders/{order.pk}/moves/pack")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "number_needed")
    assert (status(order), Shipment.objects.filter(order=order).count()) == ("rfp", 0)


def test_a_carrier_that_is_none_of_the_store_s_is_refused_with_those_that_are(world, order):
    answer = world.program().post(f"/orders/{order.pk}/parcels", {"carrier": "DHL", "tracking_number": "1"})
    assert answer.status_code == 422
    assert "0006 CJ대한통운" in answer.json()["error"]["message"]
    assert Shipment.objects.filter(order=order).count() == 0


def test_a_wish_is_answered_with_its_own_scope(world, order):
    services.ask_cancel(seller_id=world.seller.pk, order_id=order.pk, actor=SHOP)
    claim = make_claim(order, lines=[["-01", 3]])
    address = f"/orders/{order.pk}/claims/{claim.pk}"
    assert world.program("orders.edit").post(f"{address}/accept", {}).json()["error"]["code"] == "scope_missing"
    unreasoned = world.program().post(f"{address}/refuse", {})
    assert (unreasoned.status_code, unreasoned.json()["error"]["code"]) == (422, "reason_for_buyer_missing")
    assert StatusDebt.objects.count() == 0

    told = world.program("orders.edit", "orders.cancel").post(f"{address}/accept", {}).json()

    assert (told["status"], told["claims"][0]["state"]) == ("cancel_in_process", "asked")
    assert StatusDebt.objects.get().payload["deed"] == "accept"


def test_a_stopped_parcel_goes_on_or_is_unpacked(world, order):
    program = world.program()
    program.post(f"/orders/{order.pk}/parcels", {"carrier": "0006", "tracking_number": "640012"})
    make_claim(order, lines=[["-01", 3]])
    services.stop(seller_id=world.seller.pk, order_id=order.pk, code="cancel_after_packing", actor=SHOP)
    assert program.post(f"/orders/{order.pk}/decide/forget", {}).status_code == 422

    answer = program.post(f"/orders/{order.pk}/decide/unpack_and_cancel", {})

    assert (answer.json()["status"], answer.json()["parcels"][0]["state"]) == ("cancel_in_process", "void")


def test_a_return_is_received_line_by_line(world, order):
    services.mark_ready(seller_id=world.seller.pk, order_id=order.pk, actor=SHOP)
    services.hand_over(seller_id=world.seller.pk, order_id=order.pk, actor=SHOP)
    services.ask_return(seller_id=world.seller.pk, order_id=order.pk, actor=SHOP)
    before = figure(world.item.pk)[0]
    back = {"line_id": order.lines.get().pk, "restocked": 2, "scrapped": 2}
    address = f"/orders/{order.pk}/return"
    assert world.program().post(address, {"lines": [back]}).status_code == 422
    assert figure(world.item.pk)[0] == before

    answer = world.program().post(address, {"lines": [back | {"scrapped": 1}]})

    assert (answer.json()["status"], answer.json()["lines"][0]["returned"]) == ("returned", 3)
    assert figure(world.item.pk)[0] == before + 2
