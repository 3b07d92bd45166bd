"""The payload journal says of every call to a store what it was for."""

from dataclasses import replace

import pytest

from entrepot.connectors import call_words as words
from entrepot.connectors.cafe24.calls import CALLS as MALL_CALLS
from entrepot.connectors.call_words import CallTable, purpose
from entrepot.connectors.conformance import CHECKS, run
from entrepot.connectors.contract import CallRecord, Connector, ConnectorType
from entrepot.connectors.opencart.calls import CALLS as SHOP_CALLS

PROMISES = {check.id for check in CHECKS if not check.id.startswith("trouble.")}
BRIDGE = "/index.php?route=extension/oms_bridge/api&resource="


class Heard:
    """A journal that keeps which calls there were."""

    def __init__(self) -> None:
        self.calls: set[tuple[str, str]] = set()

    def record(self, call: CallRecord) -> None:
        self.calls.add((call.method, call.url))


@pytest.fixture
def heard() -> Heard:
    return Heard()


def listened_to(kind: ConnectorType, heard: Heard) -> ConnectorType:
    """The same kind of store, each call of which is heard."""

    def opened(credentials, surroundings) -> Connector:
        return kind.open(credentials, replace(surroundings, journal=heard))

    return replace(kind, open=opened)


def all_done(stage, heard: Heard) -> tuple[set[str], list[str]]:
    """What was said of the calls that the whole suite makes, and those of which nothing is said."""
    kind = stage.kind
    stage.kind = listened_to(kind, heard)
    try:
        connector = stage.open()
        run(connector, write=True, stage=stage, only=PROMISES)
        connector.close()
    finally:
        stage.kind = kind
    said = {call: purpose(kind.calls, method=call[0], target=call[1]) for call in heard.calls}
    return set(said.values()), sorted(f"{method} {url}" for (method, url), meaning in said.items() if not meaning)


def test_every_call_to_a_shop_says_what_it_was_for(stage, heard):
    said, silent = all_done(stage, heard)
    assert silent == []
    assert said == {meaning for _, _, meaning in SHOP_CALLS} - {words.READ_NEWS}


def test_every_call_to_a_mall_says_what_it_was_for(mall_stage, heard):
    said, silent = all_done(mall_stage, heard)
    assert silent == []
    assert said == {meaning for _, _, meaning in MALL_CALLS} - {words.SIGN_IN}


@pytest.mark.parametrize(
    ("table", "method", "target", "meaning"),
    [
        (SHOP_CALLS, "GET", f"{BRIDGE}orders&after_history_id=3", words.READ_ORDERS),
        (SHOP_CALLS, "GET", f"{BRIDGE}order&ids=3,4", words.READ_ORDERS),
        (SHOP_CALLS, "GET", f"{BRIDGE}stock", words.READ_STOCK),
        (SHOP_CALLS, "POST", f"{BRIDGE}stock", words.TELL_STOCK),
        (SHOP_CALLS, "POST", f"{BRIDGE}product_delete", words.DELETE_PRODUCT),
        (SHOP_CALLS, "GET", f"{BRIDGE}orders_of_tomorrow", ""),
        (SHOP_CALLS, "DELETE", f"{BRIDGE}stock", ""),
        (MALL_CALLS, "POST", "/api/v2/oauth/token", words.SIGN_IN),
        (MALL_CALLS, "GET", "/api/v2/admin/orders?limit=10", words.READ_ORDERS),
        (MALL_CALLS, "GET", "/api/v2/admin/orders/20261122-0000011?embed=items", words.READ_ORDERS),
        (MALL_CALLS, "GET", "/api/v2/admin/orders/setting", words.READ_SHOP),
        (MALL_CALLS, "PUT", "/api/v2/admin/orders/20261122-0000011", words.TELL_STATUS),
        (MALL_CALLS, "POST", "/api/v2/admin/orders/20261122-0000011/cancellation", words.TELL_CLAIM),
        (MALL_CALLS, "PUT", "/api/v2/admin/returnrequests", words.TELL_CLAIM),
        (MALL_CALLS, "PUT", "/api/v2/admin/orders/20261122-0000011/shipments/D-1", words.TELL_PARCEL),
        (MALL_CALLS, "PUT", "/api/v2/admin/products/7/variants/P00A/inventories", words.TELL_STOCK),
        (MALL_CALLS, "PUT", "/api/v2/admin/products/7/variants", words.TELL_STOCK_OR_PRICES),
        (MALL_CALLS, "GET", "/api/v2/admin/categories/3/products", words.READ_CATEGORIES),
        (MALL_CALLS, "DELETE", "/api/v2/admin/products/7", words.DELETE_PRODUCT),
        (MALL_CALLS, "DELETE", "/api/v2/admin/categories/3/products/7", words.CHANGE_PRODUCT),
        (MALL_CALLS, "DELETE", "/api/v2/admin/products/7/options", words.CHANGE_PRODUCT),
        (MALL_CALLS, "GET", "/api/v2/admin/suppliers", ""),
    ],
)
def test_the_words_of_a_call(table: CallTable, method: str, target: str, meaning: str):
    assert purpose(table, method=method, target=target) == meaning
