"""Deeds for many orders by programs."""

from entrepot.orders.models import Bulk, Order
from entrepot.sheets.orders_bulk import carry_on
from tests.books import draft, line, place, status


def some(world, count=3):
    channel = world.order.sales_channel
    drafts = [draft(f"B{n}", line(world.item.pk), minute=n) for n in range(count)]
    return [one.order_id for one in place(channel, *drafts)]


def test_a_deed_is_begun_watched_and_every_order_told(world):
    program, ids = world.program(), some(world)
    answer = program.post("/orders/bulk", {"kind": "release", "orders": [*ids, ids[0], 999999]})
    assert answer.status_code == 202
    begun = answer.json()
    assert (begun["state"], begun["total"], begun["done"], begun["asked_by"]) == ("waiting", 3, 0, "warehouse robot")

    carry_on(bulk_id=begun["id"])

    far = program.get(f"/bulks/{begun['id']}").json()
    assert (far["state"], far["done"], far["refused"], far["seconds_left"]) == ("done", 3, 0, None)
    rows = program.get(f"/bulks/{begun['id']}/orders").json()["rows"]
    assert [(row["number"], row["state"], row["status"], row["reason"]) for row in rows] == [
        ("#B0", "done", "rfp", ""),
        ("#B1", "done", "rfp", ""),
        ("#B2", "done", "rfp", ""),
    ]
    again = program.post("/orders/bulk", {"kind": "release", "filter": {"status": "rfp"}}).json()
    assert again["total"] == 3


def test_the_scope_of_the_deed_is_needed_and_a_revoked_key_does_no_more(world):
    ids = some(world)
    for kind, scope in (
        ("release", "orders.release"),
        ("export", "orders.export"),
        ("cancel_by_seller", "orders.cancel"),
    ):
        answer = world.program("orders.view").post("/orders/bulk", {"kind": kind, "orders": ids})
        assert (answer.status_code, answer.json()["error"]["fields"]) == (403, {"scope": scope})
    begun = (
        world.program("orders.view", "orders.release").post("/orders/bulk", {"kind": "release", "orders": ids}).json()
    )
    world.seller.apikey_set.update(revoked_at="2026-11-22T00:00:00Z")
    carry_on(bulk_id=begun["id"])
    assert [status(Order(pk=one)) for one in ids] == ["new", "new", "new"]


def test_what_cannot_be_begun_is_refused_and_leaves_nothing(world):
    program, before = world.program(), Bulk.objects.count()
    for body, code in (
        ({"kind": "fly", "orders": [world.order.pk]}, "unknown_deed"),
        ({"kind": "tag", "orders": [world.order.pk]}, "deed_needs_word"),
        ({"kind": "release", "orders": []}, "no_orders_chosen"),
    ):
        answer = program.post("/orders/bulk", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert Bulk.objects.count() == before


def test_a_deed_is_stopped_and_its_rest_done_later(world):
    program, ids = world.program(), some(world)
    begun = program.post("/orders/bulk", {"kind": "release", "orders": ids}).json()
    stopped = program.post(f"/bulks/{begun['id']}/stop").json()
    assert (stopped["state"], stopped["skipped"]) == ("stopped", 3)
    answer = program.post(f"/bulks/{begun['id']}/stop")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "deed_not_open")
    again = program.post(f"/bulks/{begun['id']}/retry").json()
    carry_on(bulk_id=again["id"])
    assert [status(Order(pk=one)) for one in ids] == ["rfp", "rfp", "rfp"]


def test_an_export_is_fetched_as_a_file(world):
    program, ids = world.program(), some(world, 1)
    body = {"kind": "export", "orders": ids, "columns": ["number", "sku", "quantity"], "form": "csv"}
    begun = program.post("/orders/bulk", body).json()
    carry_on(bulk_id=begun["id"])
    (made,) = program.get(f"/bulks/{begun['id']}").json()["files"]
    assert made == {"position": 1, "name": f"orders-{begun['id']}.csv"}
    file = program.get(f"/bulks/{begun['id']}/files/1")
    assert file.content.decode("utf-8-sig").splitlines() == ["Order number,SKU,Quantity", "#B0,RED,1"]
    reader = world.program("orders.view").get(f"/bulks/{begun['id']}/files/1")
    assert (reader.status_code, reader.json()["error"]["code"]) == (403, "scope_missing")
