"""A scan screen, and a scan, cost the same however much waits."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entrepot.inventory import services as inventory
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.models import PickList, Wave
from entrepot.warehouse.services import hand_over, returns
from tests.books import MINA, make_items
from tests.floor import Floor, make_floor, work
from tests.web.factories import make_person, sit_down

SCREENS = ["home", "receive", "put_away", "put_back", "pick", "pack", "hand_over", "counts", "returns"]


def fill(floor: Floor, start: int) -> None:
    """Two more of everything that can wait."""
    said = {"seller_id": floor.seller_id, "actor": MINA}
    here = {"warehouse_id": floor.warehouse_id, **said}
    make_items(floor.channel.seller, **{f"S{start}N{n}": 3 for n in range(2)})
    for sku in ("RED", "GREEN"):
        inventory.receive(item_id=floor.items[sku], quantity=20, **said)
    for n in range(2):
        number = f"{start}{n}"
        warehouse.expect(quantities={floor.items["RED"]: 2}, **here)
        warehouse.start_count(bin_ids=[floor.bins["A-1"]], **here)
        floor.order(f"a{number}", ("RED", 1))
        floor.picked(f"b{number}", ("RED", 1))
        packed = floor.packed(f"c{number}", ("RED", 1), tracking=f"6400{number}")
        packed.shipments.update(carrier_name=f"Carrier {number}")
        hand_over.open_manifest(carrier=f"Carrier {number}", **here)
        returns.expect_return(order_id=packed.pk, **here)
        gone = floor.picked(f"d{number}", ("GREEN", 1))
        floor.order(f"e{number}", ("GREEN", 1))
        floor.wave("single", work_ids=[work(floor.order(f"f{number}", ("GREEN", 1))).pk])
        gone.work.update(state="recalled")


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_costs_the_same_for_twice_the_work(db: None, name: str) -> None:
    floor = make_floor()
    browser = sit_down(make_person(floor.channel.seller, "picker"))
    address = reverse(f"web:floor_{name}", args=[floor.warehouse_id])
    fill(floor, 1)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    fill(floor, 2)

    with CaptureQueriesContext(connection) as many:
        browser.get(address)

    assert len(many) == len(few), "\n".join(query["sql"][:200] for query in many.captured_queries)
    assert len(many) <= 16


def test_a_scan_on_a_walk_costs_the_same_for_many_orders(db: None) -> None:
    floor = make_floor()
    browser = sit_down(make_person(floor.channel.seller, "picker"))
    said = {"seller_id": floor.seller_id, "item_id": floor.items["GREEN"], "quantity": 60, "actor": MINA}
    inventory.receive(**said)
    warehouse.put_away(warehouse_id=floor.warehouse_id, bin_id=floor.bins["B-1"], **said)

    def cost(orders: int, start: int) -> int:
        made = [floor.order(f"{start}-{n}", ("GREEN", 2)) for n in range(orders)]
        wave: Wave = floor.wave("single", work_ids=[work(order).pk for order in made])
        address = reverse("web:floor_pick_list", args=[floor.warehouse_id, PickList.objects.get(wave=wave).pk])
        form = {"token": f"token-{start:06d}", "scan": "GREEN", "keep.bin": "B-1"}
        with CaptureQueriesContext(connection) as asked:
            assert browser.post(address, form, headers={"X-Floor": "1"}).status_code == 200
        return len(asked)

    cost(2, 1)  # the first scan of all makes the place where picked goods wait
    assert cost(12, 3) == cost(2, 2) <= 60
