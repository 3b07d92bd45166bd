"""A warehouse worked in by a program: bins, goods in, counted, waved, sent and taken back."""

from entrepot.accounts.models import AuditEntry
from entrepot.inventory.models import Stock, Warehouse
from tests.books import figure


def test_goods_come_in_by_the_api_and_lie_in_their_bin(world):
    program, place, item = world.program(), world.ids["warehouse_id"], world.item
    assert program.post(f"/warehouses/{place}/bins", {"zone": "B", "first": "B-1", "last": "B-3"}).json() == {"new": 3}
    bins = program.get(f"/warehouses/{place}/bins?search=B-2").json()["rows"]

    made = program.post(
        "/receipts", {"warehouse_id": place, "supplier": "Mill", "lines": [{"item_id": item.pk, "quantity": 4}]}
    )
    paper = made.json()
    came = program.post(
        f"/receipts/{paper['id']}/receive", {"item_id": item.pk, "quantity": 3, "bin_id": bins[0]["id"]}
    )
    closed = program.post(f"/receipts/{paper['id']}/close", {"reason": "one was forgotten"})

    assert (made.status_code, paper["state"], paper["kind"]) == (201, "open", "expected")
    assert came.json()["lines"] == [{"item_id": item.pk, "sku": item.sku, "expected": 4, "received": 3}]
    assert closed.json()["state"] == "closed"
    assert program.get(f"/warehouses/{place}/stock").json()["rows"] == [
        {"bin_id": bins[0]["id"], "bin": "B-2", "item_id": item.pk, "sku": item.sku, "quantity": 3}
    ]
    assert (figure(item.pk), Stock.objects.get(item=item).incoming) == ((8, 2), 0)
    assert program.get("/stock-agreement").json() == []


def test_a_count_changes_the_books_only_once_it_is_approved(world):
    program, place, item = world.program(), world.ids["warehouse_id"], world.item
    count = program.post("/counts", {"warehouse_id": place, "item_ids": [item.pk]}).json()
    program.post(f"/counts/{count['id']}/enter", {"bin_id": None, "found": {str(item.pk): 4}})

    waits = program.post(f"/counts/{count['id']}/finish").json()
    before = figure(item.pk)
    done = program.post(f"/counts/{count['id']}/approve", {"reason": "counted twice"}).json()

    assert (waits["state"], [(row["expected"], row["counted"]) for row in waits["lines"]]) == ("to_approve", [(5, 4)])
    assert (before, figure(item.pk), done["state"]) == ((5, 2), (4, 2), "done")


def test_goods_travel_to_another_warehouse(world):
    program, item = world.program(), world.item
    other = program.post("/warehouses", {"code": "BUSAN", "name": "Busan"}).json()

    sent = program.post(
        "/transfers",
        {
            "from_warehouse_id": world.ids["warehouse_id"],
            "to_warehouse_id": other["id"],
            "lines": [{"item_id": item.pk, "quantity": 2}],
        },
    ).json()
    program.post(f"/receipts/{sent['id']}/receive", {"item_id": item.pk, "quantity": 2})

    rows = Stock.objects.filter(item=item).order_by("warehouse__code").values_list("warehouse__code", "on_hand")
    assert list(rows) == [("BUSAN", 2), ("MAIN", 3)]
    assert AuditEntry.objects.filter(verb__in=["warehouse.add", "warehouse.send"]).count() == 2


def test_a_released_order_is_work_at_once_and_the_desk_does_not_pack_it(world):
    program, place = world.program(), world.ids["warehouse_id"]
    program.post(f"/warehouses/{place}/mode", {"mode": "wms"})

    released = program.post(f"/orders/{world.order.pk}/moves/release")
    work = program.get(f"/wms/work?warehouse_id={place}&state=released").json()["rows"]
    packed = program.post(f"/orders/{world.order.pk}/moves/pack")
    handed = program.post(f"/orders/{world.order.pk}/moves/hand_over")

    assert (released.json()["status"], [row["order_id"] for row in work]) == ("rfp", [world.order.pk])
    assert (packed.status_code, packed.json()["error"]["code"]) == (409, "picked_elsewhere")
    assert (handed.status_code, handed.json()["error"]["code"]) == (409, "not_packed_there")
    wave = program.post("/waves", {"warehouse_id": place, "kind": "zone"}).json()
    assert [(row["pieces"], row["through"]) for row in wave["lists"]] == [(2, 0)]
    refused = program.post(f"/warehouses/{place}/mode", {"mode": "oms_only"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "work_begun")
    assert Warehouse.objects.get(pk=place).mode == "wms"


def test_making_a_wave_needs_the_scope_to_pack_and_approving_the_scope_to_approve(world):
    reader = world.program("orders.view", "stock.view", "stock.count")
    place = world.ids["warehouse_id"]

    answers = [
        reader.post("/waves", {"warehouse_id": place, "kind": "zone"}),
        reader.post(f"/counts/{world.ids['count_id']}/approve", {"reason": "x"}),
        reader.post("/warehouses", {"code": "X", "name": "X"}),
    ]

    assert [row.json()["error"]["code"] for row in answers] == ["scope_missing"] * 3
    assert Warehouse.objects.count() == 1
