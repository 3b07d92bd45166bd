"""What the payload journal keeps of Cafe24's bodies: which order and which goods, and never who buys."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from entrepot.channels.masking import MASK, Masking
from entrepot.connectors.cafe24.simulator import Mall, SimulatorServer
from entrepot.connectors.cafe24.type import CAFE24
from tests.connectors.cafe24 import scripted
from tests.connectors.cafe24.order_payloads import orders
from tests.connectors.cafe24.stand import granted

MASKING = Masking(personal_keys=CAFE24.personal_keys, secret_keys=CAFE24.secret_keys)
TELLING = {
    *("name", "name_en", "name_furigana", "names_furigana", "email", "member_email", "member_id", "phone", "cellphone"),
    *("virtual_phone_no", "zipcode", "address1", "address2", "address_full", "buyer_zipcode", "buyer_address1"),
    *("buyer_address2", "billing_name", "bank_account_no", "bank_account_owner_name", "shipping_message"),
    *("clearance_information", "company_name", "user_name", "tracking_no", "receiver_name", "buyer_name"),
    *("refund_bank_account_no", "refund_bank_account_holder", "address_city", "address_street", "address_state"),
}


def told(node: Any, key: str = "") -> Iterator[str]:
    """The texts that tell who somebody is."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from told(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from told(value, key)
    elif isinstance(node, str) and key in TELLING and len(node.strip()) > 2:
        yield node


@pytest.mark.parametrize("order", orders(), ids=lambda order: order["order_id"])
def test_an_order_in_the_journal_tells_nobody(order):
    texts = set(told(order))
    assert len(texts) > 2
    kept = MASKING.body(json.dumps({"order": order}, ensure_ascii=False).encode())
    assert order["order_id"] in kept
    assert [text for text in texts if json.dumps(text, ensure_ascii=False) in kept] == []


def test_an_event_in_the_journal_tells_nobody():
    resource = {
        "mall_id": "hanbitmall",
        "order_id": "20260211-0000012",
        "buyer_name": "김한빛",
        "buyer_phone": "02-123-4567",
        "buyer_cellphone": "010-1234-5678",
        "buyer_email": "kim@hanbit.example",
        "receiver_name": "이소담",
        "receiver_address": "서울 종로구 새문안로 1",
        "member_id": "kimhb77",
    }
    kept = MASKING.body(json.dumps({"event_no": 90023, "resource": resource}, ensure_ascii=False).encode())
    assert "20260211-0000012" in kept
    assert not [text for name, text in resource.items() if name not in {"mall_id", "order_id"} and text in kept]
    log = {"log_id": "1", "request_body": json.dumps({"resource": resource}, ensure_ascii=False), "success": "F"}
    assert "김한빛" not in MASKING.body(json.dumps({"logs": [log]}, ensure_ascii=False).encode())


def test_what_was_searched_for_is_hidden_in_the_address():
    kept = MASKING.target(
        "https://m.example/api/v2/admin/orders?buyer_name=%EA%B9%80&order_id=20260211-0000012&limit=5"
    )
    assert kept == f"/api/v2/admin/orders?buyer_name={MASK}&order_id=20260211-0000012&limit=5"


def test_nothing_secret_is_recorded_while_a_mall_is_worked_with(opened):
    journal = scripted.Journal()
    with SimulatorServer(Mall.demo(orders=0)) as server:
        grant = granted(server)
        connector = opened(server, journal=journal, vault=scripted.HeldGrant(grant))
        connector.shop.info()
        server.oauth.tokens.expire_access()
        connector.shop.info()
    recorded = repr(journal.calls)
    assert len(journal.calls) > 8
    for secret in (grant.access_token, grant.refresh_token, server.oauth.client_secret):
        assert secret not in recorded
