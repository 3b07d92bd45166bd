"""Who gets in, and who sees whose rows."""

import re

from django.test import Client

from entrepot.api.app import api
from entrepot.inventory.models import Movement
from entrepot.orders.models import Order, OrderEvent
from tests.books import figure

PARAMETER = re.compile(r"\{(\w+)\}")
WORDS = {"move": "pause", "what": "orders", "deed": "accept", "kind": "stock", "position": "1"}
BODIES = {
    "/warehouses/{warehouse_id}/mode": {"mode": "wms"},
    "/warehouses/{warehouse_id}/bins": {"zone": "B", "first": "B-1"},
    "/warehouses/{warehouse_id}/put-away": {"item_id": 1, "quantity": 1, "bin_id": 1},
    "/receipts/{receipt_id}/receive": {"item_id": 1, "quantity": 1},
    "/receipts/{receipt_id}/close": {"reason": "that was all"},
    "/receipts/{receipt_id}/cancel": {"reason": "never sent"},
    "/counts/{count_id}/enter": {"found": {}},
    "/counts/{count_id}/approve": {"reason": "counted twice"},
    "/counts/{count_id}/recount": {},
    "/counts/{count_id}/drop": {"reason": "counted wrongly"},
    "/counts/{count_id}/cancel": {},
    "/returns/{return_id}/grade": {"lines": [{"line_id": 1, "grade": "as_new", "quantity": 1}]},
    "/stock/{item_id}/adjust": {"delta": 1, "reason": "found"},
    "/listings/{listing_id}/map": {"sku": "NEW"},
    "/stores/{store_id}/findings/{finding_id}/fix": {"fix": "own"},
    "/items/{item_id}/merge": {"sku": "NOBODY"},
    "/categories/{category_id}": {"name": "Warm socks"},
    "/stores/{store_id}/shelves/categories/{category_id}": {"remote_ids": ["20"]},
    "/stores/{store_id}/shelves/brands/{brand_id}": {"remote_id": "7"},
    "/stores/{store_id}/credentials": {"credentials": {"domain_url": "http://127.0.0.1:9", "secret_key": "x"}},
    "/price-lists/{price_list_id}": {"name": "Shops", "currency": "KRW"},
    "/price-lists/{price_list_id}/prices": {"prices": [{"sku": "RED", "price": "12"}]},
    "/stores/{store_id}/pricing": {"price_list_id": 1},
    "/stores/{store_id}/pricing/tell": {"approved": False},
    "/listings/{listing_id}/price": {"price": "12"},
    "/listings/{listing_id}/words": {"name": "Warm red sock"},
    "/listings/{listing_id}/active": {"active": True},
    "/products/{product_id}": {"name": "Warm sock"},
    "/items/{item_id}": {"barcode": "8801234567893"},
    "/kits/{item_id}/parts": {"parts": [{"item_id": 1, "quantity": 1}]},
    "/products/{product_id}/stores/{store_id}": {"price": "12"},
    "/products/{product_id}/stores": {"offers": [{"store_id": 1, "price": "12"}]},
    "/products/{product_id}/stores/{store_id}/draft": {"name": "Warm sock"},
    "/products/{product_id}/stores/{store_id}/change": {"words": {"name": "Warm sock"}},
    "/products/{product_id}/stores/{store_id}/settle": {"names": ["name"], "theirs": True},
    "/differences/{difference_id}/decide": {"decision": "theirs"},
    "/orders/{order_id}/notes": {"text": "hello"},
    "/orders/{order_id}/split": {"by": "missing"},
    "/orders/merge": {"order_ids": [1, 2]},
    "/orders/{order_id}/parcels/{shipment_id}": {"carrier": "0006", "tracking_number": "6400"},
    "/orders/{order_id}/return": {"lines": [{"line_id": 1, "restocked": 1}]},
}


def operations():
    for path, verbs in api.get_openapi_schema()["paths"].items():
        for verb in verbs:
            yield verb, path.removeprefix("/api/v1")


ADDRESSED = [(verb, path) for verb, path in operations() if "_id}" in path]


def ask(program, verb, path, ids):
    address = PARAMETER.sub(lambda found: str(ids.get(found[1]) or WORDS[found[1]]), path)
    if "/orders/" in path and "{move}" in path:
        address = address.replace("/pause", "/release")
    if "/decide/" in path:
        address = address.replace("/accept", "/go_on")
    return program.get(address) if verb == "get" else getattr(program, verb)(address, BODIES.get(path))


def test_the_walk_meets_every_kind_of_object():
    assert {name for _, path in ADDRESSED for name in PARAMETER.findall(path)} - set(WORDS) == {
        "store_id",
        "product_id",
        "listing_id",
        "item_id",
        "order_id",
        "claim_id",
        "shipment_id",
        "problem_id",
        "entry_id",
        "change_id",
        "difference_id",
        "plan_id",
        "upload_id",
        "bulk_id",
        "endpoint_id",
        "notice_id",
        "warehouse_id",
        "receipt_id",
        "count_id",
        "wave_id",
        "return_id",
        "category_id",
        "brand_id",
        "finding_id",
        "price_list_id",
        "promotion_id",
    }


def test_another_sellers_object_does_not_exist(world, other):
    def standing():
        return (Movement.objects.count(), OrderEvent.objects.count(), figure(other.item.pk), other.order.version)

    before, program = standing(), world.program()
    answers = {(verb, path): ask(program, verb, path, other.ids) for verb, path in ADDRESSED}
    assert {key: answer.status_code for key, answer in answers.items() if answer.status_code != 404} == {}
    assert {answer.json()["error"]["code"].rpartition("not_found")[1] for answer in answers.values()} == {"not_found"}
    assert standing() == before


def test_a_list_never_holds_another_sellers_rows(world, other):
    program, mine, listed = world.program(), set(world.ids.values()), 0
    for path in (path for verb, path in operations() if verb == "get" and "{" not in path):
        body = program.get(path).json()
        for row in body if isinstance(body, list) else body.get("rows", []):
            listed += 1
            assert row.get("store_id", row.get("id", row.get("item_id"))) in mine, path
    assert listed == 19


def test_without_a_key_nobody_gets_in(world):
    for verb, path in operations():
        address = "/api/v1" + PARAMETER.sub(lambda found: str(world.ids.get(found[1]) or "x"), path)
        answer = getattr(Client(), verb)(address, headers={"authorization": "Bearer ent_wrong"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "key_not_valid"), path


def test_a_key_can_do_no_more_than_its_scopes_say(world):
    program = world.program("audit.view")
    for verb, path in ADDRESSED:
        answer = ask(program, verb, path, world.ids)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope_missing"), path
    assert Order.objects.get(pk=world.order.pk).version == world.order.version
    assert figure(world.item.pk) == (5, 2)


def test_a_packer_s_key_neither_releases_an_order_nor_lifts_a_hold(world):
    program = world.program("orders.view", "orders.pack")
    for move in ("release", "unhold"):
        answer = program.post(f"/orders/{world.order.pk}/moves/{move}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope_missing"), move
    assert Order.objects.get(pk=world.order.pk).version == world.order.version


def test_a_revoked_key_is_a_stranger(world):
    program = world.program("orders.view")
    assert program.get("/orders").status_code == 200
    world.seller.apikey_set.update(revoked_at="2026-11-22T00:00:00Z")
    assert program.get("/orders").status_code == 401
