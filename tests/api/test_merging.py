"""Two items made one over the API and from a shell."""

from click.testing import CliRunner

from entrepot.catalog.models import Item
from entrepot.cli.catalog import products
from tests.books import figure, make_items


def test_what_would_happen_is_told_first_and_then_it_happens(world):
    make_items(world.seller, ROT=4)
    program, place = world.program(), f"/items/{world.item.pk}/merge"
    look = program.get(place, sku="ROT").json()
    assert (look["kept_sku"], look["other_sku"], look["on_hand"], look["together"], look["blocks"]) == (
        "RED", "ROT", 4, 9, [],
    )  # fmt: skip
    assert Item.objects.filter(sku="ROT").exists()
    assert program.post(place, {"sku": "ROT"}).json()["sku"] == "RED"
    assert figure(world.item.pk) == (9, 2)
    again = program.post(place, {"sku": "ROT"})
    assert (again.status_code, again.json()["error"]["code"]) == (422, "merge_same")


def test_what_stands_in_the_way_is_named(world):
    rot = make_items(world.seller, ROT=4)["ROT"]
    answer = world.program().post(f"/items/{rot}/merge", {"sku": "RED"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "merge_reserved")
    assert "2 of RED are set aside for orders (#7)" in answer.json()["error"]["message"]
    assert figure(world.item.pk) == (5, 2)


def test_the_same_from_a_shell(world):
    make_items(world.seller, ROT=4)

    def run(*words):
        done = CliRunner().invoke(products, ["merge", *words], env={"COLUMNS": "200"})
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    assert run("RED", "ROT") == (
        "ROT becomes RED: 4 on hand, 0 listing(s), 0 kit(s).\nSay it again with --yes to do it.\n"
    )
    assert figure(world.item.pk) == (5, 2)
    assert run("RED", "ROT", "--yes") == "ROT is RED now.\n"
    assert figure(world.item.pk) == (9, 2)


def test_it_takes_the_right_to_adjust_stock_too(world):
    make_items(world.seller, ROT=4)
    answer = world.program("catalog.edit").post(f"/items/{world.item.pk}/merge", {"sku": "ROT"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope_missing")
    assert "stock.adjust" in answer.json()["error"]["message"]
    assert Item.objects.filter(sku="ROT").exists()
