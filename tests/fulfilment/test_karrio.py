"""karrio behind the port: a parcel as UPS is asked for it, and its answer as a label. No call leaves the machine."""

import base64
import json
import urllib.error

import pytest

karrio = pytest.importorskip("karrio.sdk", reason="the extra `karrio` is not installed")
pytest.importorskip("karrio.mappers.ups", reason="karrio's part for UPS is not installed")

from karrio.mappers.ups import proxy  # noqa: E402

from entrepot.fulfilment import carrier_karrio  # noqa: E402
from entrepot.fulfilment.carriers_port import CarrierAway, LabelAsk, LabelRefused, Party  # noqa: E402

ACCOUNT = {
    "carrier": "ups",
    "settings": json.dumps({"client_id": "id", "client_secret": "secret", "account_number": "A1B2C3"}),
    "service": "ups_standard",
}
ASK = LabelAsk(
    reference="12-34-1",
    sender=Party(name="Seoul Socks", lines=["1 Dock Road", "Baltimore"], postcode="21093", country="US"),
    receiver=Party(name="Mina Kim", lines=["9 Main St"], city="Roswell", region="GA", postcode="30076", country="US"),
    weight_grams=420,
    size_mm=(300, 200, 100),
    service="",
    goods=[],
    currency="USD",
)
TOKEN = {"token_type": "Bearer", "issued_at": "1700000000000", "access_token": "t", "expires_in": "14399"}
LABEL = base64.b64encode(b"%PDF-1.4 a label").decode()
SOLD = {
    "ShipmentResponse": {
        "Response": {"ResponseStatus": {"Code": "1", "Description": "Success"}},
        "ShipmentResults": {
            "ShipmentIdentificationNumber": "1Z12345E8791315413",
            "PackageResults": [
                {
                    "TrackingNumber": "1Z12345E8791315413",
                    "ShippingLabel": {"ImageFormat": {"Code": "ZPL"}, "GraphicImage": LABEL},
                }
            ],
        },
    }
}
REFUSED = {"response": {"errors": [{"code": "120100", "message": "Missing or invalid shipper number"}]}}


@pytest.fixture
def ups(monkeypatch):
    """What UPS is asked, and what it answers."""
    asked: list[dict] = []
    answers = {"ship": SOLD}

    def request(**call):
        if call["url"].endswith("/oauth/token"):
            return TOKEN
        asked.append(call)
        answer = answers["ship"]
        if isinstance(answer, Exception):
            raise answer
        return json.dumps(answer)

    monkeypatch.setattr(proxy.lib, "request", request)
    return asked, answers


def test_a_parcel_is_asked_for_as_ups_wants_it_and_its_label_comes_back(ups) -> None:
    asked, _ = ups

    bought = carrier_karrio.plugin.buy(ASK, ACCOUNT)

    assert (bought.tracking_number, bought.remote_id) == ("1Z12345E8791315413", "1Z12345E8791315413")
    assert bought.label
    shipment = json.loads(asked[0]["data"])["ShipmentRequest"]["Shipment"]
    package = shipment["Package"]
    package = package[0] if isinstance(package, list) else package
    assert shipment["ShipTo"]["Address"]["City"] == "Roswell"
    assert shipment["Shipper"]["Address"]["City"] == "Baltimore"
    assert float(package["PackageWeight"]["Weight"]) > 0
    assert shipment["Service"]["Code"] == "11"


def test_what_ups_refuses_is_refused_with_its_words(ups) -> None:
    _, answers = ups
    answers["ship"] = REFUSED

    with pytest.raises(LabelRefused) as refusal:
        carrier_karrio.plugin.buy(ASK, ACCOUNT)

    assert "Missing or invalid shipper number" in refusal.value.fields["said"]


def test_a_machine_that_takes_no_call_has_sold_nothing(ups) -> None:
    _, answers = ups
    answers["ship"] = urllib.error.URLError(ConnectionRefusedError(111, "refused"))

    with pytest.raises(CarrierAway):
        carrier_karrio.plugin.buy(ASK, ACCOUNT)


def test_a_call_that_is_cut_off_is_in_doubt(ups) -> None:
    _, answers = ups
    answers["ship"] = TimeoutError("read timed out")

    with pytest.raises(carrier_karrio.OutcomeUnknown):
        carrier_karrio.plugin.buy(ASK, ACCOUNT)


def test_a_carrier_karrio_does_not_have_is_refused_before_anything_is_sent(ups) -> None:
    asked, _ = ups

    with pytest.raises(LabelRefused):
        carrier_karrio.plugin.buy(ASK, {**ACCOUNT, "carrier": "pigeon_post"})

    assert asked == []
