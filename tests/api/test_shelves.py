"""Categories and shelves over the API and from a shell."""

import json

from click.testing import CliRunner

from entrepot.catalog.models import Category
from entrepot.channels.models import BrandMapping, CategoryMapping
from entrepot.cli.shelves import categories, shelves


def test_a_tree_is_made_renamed_moved_and_deleted(world):
    program = world.program()
    made = program.post("/categories", {"name": "Winter", "parent_id": None}).json()
    inside = program.post("/categories", {"name": "Wool", "parent_id": made["id"]}).json()
    assert inside["path"] == ["Winter", "Wool"]
    assert program.put(f"/categories/{inside['id']}", {"parent_id": None}).json()["path"] == ["Wool"]
    assert program.put(f"/categories/{inside['id']}", {"name": "양털"}).json()["path"] == ["양털"]
    assert [row["path"] for row in program.get("/categories").json()["rows"]] == [["Socks"], ["Winter"], ["양털"]]
    assert program.delete(f"/categories/{inside['id']}").status_code == 204
    assert program.get("/categories", search="양털").json()["rows"] == []
    again = program.post("/categories", {"name": "Winter"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "category_taken")


def test_a_shelf_is_suggested_taken_and_changed(world):
    program, place = world.program(), f"/stores/{world.store.pk}/shelves/categories"
    idea = program.get(place, show="open").json()["rows"][0]
    assert (idea["words"], idea["idea"]["place"]["remote_id"], idea["idea"]["certain"]) == ("Socks", "20", True)
    assert program.post(f"{place}/suggested").json() == {"changed": 1}
    assert program.get(place, show="open").json()["rows"] == []
    assert program.put(f"{place}/{world.ids['category_id']}", {"remote_ids": []}).json() == {"changed": 1}
    assert not CategoryMapping.objects.exists()
    wrong = program.put(f"{place}/{world.ids['category_id']}", {"remote_ids": ["99"]})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "shelf_unknown")
    brands = f"/stores/{world.store.pk}/shelves/brands"
    assert program.put(f"{brands}/{world.ids['brand_id']}", {"remote_id": "7"}).json() == {"changed": 1}
    assert BrandMapping.objects.get().remote_id == "7"


def _run(group, *words):
    done = CliRunner().invoke(group, [str(word) for word in words], env={"COLUMNS": "200"})
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def test_the_same_from_a_shell(world):
    store, mine = world.store.pk, world.ids
    assert _run(shelves, "suggested", store) == "1 mapping(s) changed.\n"
    assert _run(shelves, "map", store, mine["brand_id"], "7", "--brands") == "1 mapping(s) changed.\n"
    assert json.loads(_run(shelves, "list", store, "--show", "mapped", "--json")) == {
        "id": mine["category_id"], "ours": "Socks", "products": 0, "store": "Socks #20", "idea": "",
    }  # fmt: skip
    _run(categories, "make", "Winter")
    made = Category.objects.get(name="Winter")
    assert _run(categories, "move", mine["category_id"], "--inside", made.pk) == "Winter › Socks\n"
    assert _run(categories, "rename", made.pk, "겨울") == f"Category {made.pk} is 겨울 now.\n"
    assert "겨울 › Socks" in _run(categories, "list")
    assert _run(categories, "delete", mine["category_id"]) == "Deleted; 0 product(s) lay in it.\n"
