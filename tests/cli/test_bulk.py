"""Deeds for many orders, and orders by file, from the shell."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from entrepot.cli.orders import orders
from entrepot.orders.models import Bulk, Order, SalesChannel
from tests.books import draft, line, make_items, make_seller, place, status


@pytest.fixture
def channel(db: None) -> SalesChannel:
    seller = make_seller()
    return SalesChannel.objects.create(seller=seller, name="Counter", kind="offline", country="KR", currency="KRW")


def run(*arguments: object) -> str:
    """What a command says."""
    done = CliRunner().invoke(orders, [str(one) for one in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_all_orders_of_a_status_are_released_and_refusals_named(channel: SalesChannel) -> None:
    red = make_items(channel.seller, RED=9)["RED"]
    placed = place(channel, *[draft(str(n), line(red), minute=n) for n in range(3)])
    assert run("bulk", "release", "--status", "new").splitlines() == [
        f"Deed {Bulk.objects.get().pk}: 3 orders.",
        "Done: 3 done, 0 refused, 0 left out.",
    ]
    assert {status(Order(pk=one.order_id)) for one in placed} == {"rfp"}
    said = run("bulk", "release", placed[0].order_id, "--in-background")
    assert said.splitlines() == [f"Deed {Bulk.objects.latest('id').pk}: 1 orders."]
    said = run("bulk", "complete", placed[0].order_id)
    assert "0 done, 1 refused, 0 left out." in said
    assert "#0: This is not possible while the order is “Ready for packing”." in said
    listed = run("bulks", "--json").splitlines()
    assert '"kind": "complete", "state": "done", "total": 1, "done": 0, "refused": 1' in listed[0]
    assert run("bulk-stop", Bulk.objects.get(state="waiting").pk) == "Stopped; 1 orders are left as they were.\n"


def test_files_go_where_one_says_and_orders_come_from_a_file(channel: SalesChannel, tmp_path: Path) -> None:
    make_items(channel.seller, RED=9)
    file = tmp_path / "orders.csv"
    file.write_text(
        "Order number,Buyer,SKU,Quantity,Unit price\nA-1,Kim,RED,2,100\nA-2,Lee,NONE,1,100\n", encoding="utf-8"
    )
    said = run("import", file, "--dry-run")
    assert "2 rows: 1 new orders, 0 here already, 1 rows wrong." in said
    assert "row 3 A-2: You have no item with the SKU “NONE”." in said
    assert Order.objects.count() == 0

    run("import", file, "--to", tmp_path)

    assert Order.objects.get().number == "A-1"
    assert (tmp_path / "rows-to-correct.xlsx").stat().st_size > 1000
    run("bulk", "export", "--all", "--to", tmp_path)
    assert (tmp_path / f"orders-{Bulk.objects.latest('id').pk}.xlsx").stat().st_size > 1000


def test_nothing_is_done_to_all_orders_by_mistake(channel: SalesChannel) -> None:
    done = CliRunner().invoke(orders, ["bulk", "release"])
    assert done.exit_code == 2
    assert "Name the orders, or say which" in done.output
    assert Bulk.objects.count() == 0
