"""`entrepot sheets`: a template out, a file in, its result back."""

import pytest
from click.testing import CliRunner

from entrepot.cli.sheets import sheets
from entrepot.sheets.models import Upload
from tests.books import figure, make_items, make_seller
from tests.sheets.books_of_files import sheets as sheets_of

pytestmark = pytest.mark.django_db(transaction=True)


def told(*arguments: str) -> str:
    answer = CliRunner().invoke(sheets, arguments)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_a_file_is_checked_applied_and_its_result_written(tmp_path) -> None:
    ids = make_items(make_seller(), RED=5, BLUE=4)
    template, file, result = tmp_path / "t.xlsx", tmp_path / "s.csv", tmp_path / "r.xlsx"
    told("template", "stock", str(template), "--filled", "--language", "ko")
    assert {row[0] for row in next(iter(sheets_of(template.read_bytes()).values()))[1:]} == {"RED", "BLUE"}
    file.write_bytes("SKU,재고수량\r\nRED,9\r\nGREY,1\r\n".encode("cp949"))
    assert "row 3: SKU: No item has the SKU “GREY”." in told("upload", "stock", str(file))
    assert figure(ids["RED"]) == (5, 0)
    told("upload", "stock", str(file), "--apply")
    assert figure(ids["RED"]) == (9, 0)
    number = Upload.objects.latest("pk").pk
    assert "done" in told("status", str(number))
    told("result", str(number), str(result))
    assert "To correct" in sheets_of(result.read_bytes())


def test_a_guard_rail_stops_the_command_too(tmp_path) -> None:
    ids = make_items(make_seller(), RED=5)
    file = tmp_path / "s.csv"
    file.write_text("SKU,On hand\nRED,0\n")
    answer = CliRunner().invoke(sheets, ["upload", "stock", str(file), "--apply"])
    assert (answer.exit_code, figure(ids["RED"])) == (1, (5, 0))
    told("upload", "stock", str(file), "--apply", "--approve")
    assert figure(ids["RED"]) == (0, 0)
