"""Bins from a shell."""

import json

import pytest
from click.testing import CliRunner

from entrepot.cli.stock import NoSuchSku
from entrepot.cli.warehouse import warehouse
from entrepot.inventory import services as inventory
from entrepot.inventory.errors import BinNotFound, WarehouseNotFound
from entrepot.inventory.models import Bin, Stock
from entrepot.inventory.services import Carry
from entrepot.warehouse.errors import PastedLineInvalid, ZoneNotFound
from entrepot.warehouse.work_errors import NothingToPick
from tests.books import MINA, make_items, make_seller
from tests.shelves import make_bins


@pytest.fixture
def place(db):
    seller = make_seller()
    red = make_items(seller, RED=5, BLUE=2)["RED"]
    found = inventory.default_warehouse(seller_id=seller.pk, actor=MINA)
    bins = make_bins(found, "A2", "A10")
    carries = [Carry(red, 3, None, bins["A10"])]
    inventory.carry(seller_id=seller.pk, warehouse_id=found.pk, carries=carries, actor=MINA, kind="put_away")
    return found


def run(*words):
    return CliRunner().invoke(warehouse, list(words), env={"COLUMNS": "200"})


def rows(*words):
    done = run(*words, "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    return [json.loads(row) for row in done.output.splitlines()]


def test_bins_are_listed_as_people_walk_with_what_lies_in_them(place):
    assert rows("bins") == [
        {"bin": "A2", "zone": "S", "quantity": 0, "items": 0},
        {"bin": "A10", "zone": "S", "quantity": 3, "items": 1},
    ]
    assert [row["bin"] for row in rows("bins", "--level", "empty")] == ["A2"]


def test_a_shell_tells_what_lies_where(place):
    assert rows("in", "a10") == [{"sku": "RED", "name": "RED sock", "quantity": 3}]
    assert rows("where", "RED") == [
        {"sku": "RED", "bin": "A10", "quantity": 3},
        {"sku": "RED", "bin": None, "quantity": 2},
    ]
    assert [(row["sku"], row["quantity"]) for row in rows("unlocated")] == [("BLUE", 2), ("RED", 2)]
    [step] = rows("history", "A10")
    assert (step["what"], step["from"], step["to"], step["quantity"]) == ("put_away", None, "A10", 3)


def test_a_row_of_bins_is_laid_out_from_a_shell(place):
    done = run("layout", "s", "B-01", "B-03")
    assert (done.exit_code, done.output) == (0, "3 bins are new in S.\n")
    assert Bin.objects.filter(code__startswith="B-").count() == 3


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["in", "A99"], BinNotFound),
        (["where", "PINK"], NoSuchSku),
        (["bins", "--warehouse", "NOWHERE"], WarehouseNotFound),
        (["layout", "NOZONE", "A", "B"], ZoneNotFound),
    ],
)
def test_what_is_not_there_is_said(place, words, error):
    assert isinstance(run(*words).exception, error)


def test_a_second_warehouse_is_opened_and_sent_goods_that_a_shell_receives(place, tmp_path):
    lines = tmp_path / "lines.txt"
    lines.write_text("RED 2\n", encoding="utf-8")
    assert run("add", "BUSAN", "Busan").output == "BUSAN is open.\n"
    assert run("send", "BUSAN", str(lines)).output == "T-000001 is on its way.\n"
    assert run("receive", "t-000001", "RED", "2").output == "2 × RED received.\n"
    assert [(row["number"], row["due"], row["came"]) for row in rows("receipts")] == [("T-000001", 2, 2)]
    assert rows("where", "RED", "--warehouse", "BUSAN") == [{"sku": "RED", "bin": None, "quantity": 2}]
    assert [(row["code"], row["mode"]) for row in rows("list")] == [("MAIN", "oms_only"), ("BUSAN", "oms_only")]


def test_a_shell_says_whether_everything_adds_up(place):
    assert (run("check").exit_code, run("check").output) == (0, "Everything agrees.\n")
    Stock.objects.filter(item__sku="RED").update(on_hand=6)
    apart = run("check", "--json")
    assert apart.exit_code == 1
    assert [(row["check"], row["says"], row["adds_up_to"]) for row in map(json.loads, apart.output.splitlines())] == [
        ("ledger", 6, 5)
    ]


def test_a_line_nobody_knows_is_named_and_nothing_is_announced(place, tmp_path):
    lines = tmp_path / "lines.txt"
    lines.write_text("RED 2\nMAUVE\t4\n", encoding="utf-8")
    refused = run("expect", str(lines))
    assert isinstance(refused.exception, PastedLineInvalid)
    assert (refused.exception.fields["line"], refused.exception.fields["text"]) == (2, "MAUVE")
    assert rows("receipts") == []


def test_who_picks_and_packs_is_said_from_a_shell(place):
    assert run("mode", "wms").output == "MAIN: wms now. 0 released orders go the new way.\n"
    assert rows("work") == []
    assert isinstance(run("wave", "zone").exception, NothingToPick)
