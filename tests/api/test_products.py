"""Products, items and kits over the API."""

from entrepot.catalog.models import Item, KitPart, Product
from tests.books import make_items

SHIRT = {
    "name": "Shirt", "brand": "Hanbok", "categories": [["Clothes", "Shirts"]],
    "items": [
        {"sku": "SHIRT-RED", "options": [["Colour", "Red"]], "cost": "4.5", "cost_currency": "USD"},
        {"sku": "SHIRT-BLUE", "options": [["Colour", "Blue"]]},
    ],
}  # fmt: skip


def test_a_group_is_made_and_read_back(world):
    answer = world.program().post("/products", SHIRT)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["name"], body["brand"], body["is_group"]) == ("Shirt", "Hanbok", True)
    assert [(row["sku"], row["kind"], row["options"]) for row in body["items"]] == [
        ("SHIRT-RED", "variation", [["Colour", "Red"]]),
        ("SHIRT-BLUE", "variation", [["Colour", "Blue"]]),
    ]
    assert str(Item.objects.get(sku="SHIRT-RED").cost) == "4.5000"


def test_a_list_tells_how_many_items_a_product_has_and_the_first_sku(world):
    program = world.program()
    product_id = program.post("/products", SHIRT | {"brand": "Sodam"}).json()["id"]
    rows = program.get("/products?search=shirt").json()["rows"]
    assert rows == [
        {
            "id": product_id,
            "name": "Shirt",
            "brand": "Sodam",
            "is_group": True,
            "image_url": "",
            "item_count": 2,
            "first_sku": "SHIRT-BLUE",
        }
    ]


def test_a_sku_of_another_item_is_refused_and_nothing_is_made(world):
    before = Product.objects.count()
    answer = world.program().post("/products", {"name": "Again", "items": [{"sku": world.item.sku}]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "sku_taken")
    assert Product.objects.count() == before


def test_an_item_changes_only_in_what_is_given_and_the_history_tells(world):
    program = world.program()
    product_id = program.post("/products", SHIRT).json()["id"]
    item = Item.objects.get(sku="SHIRT-RED")
    assert program.put(f"/items/{item.pk}", {"barcode": "8801234567893"}).status_code == 200
    item.refresh_from_db()
    assert (item.barcode, str(item.cost), item.options) == ("8801234567893", "4.5000", [["Colour", "Red"]])
    rows = program.get(f"/products/{product_id}/history").json()["rows"]
    assert [(row["field"], row["before"], row["after"]) for row in rows] == [("barcode", "", "8801234567893")]
    assert rows[0]["actor"].startswith("api_key:")


def test_a_group_gets_another_variation(world):
    program = world.program()
    product_id = program.post("/products", SHIRT).json()["id"]
    more = {"name": "Shirt", "items": [{"sku": "SHIRT-GREEN", "options": [["Colour", "Green"]]}]}
    assert len(program.put(f"/products/{product_id}", more).json()["items"]) == 3


def test_the_same_choice_twice_is_refused_and_nothing_changes(world):
    program = world.program()
    product_id = program.post("/products", SHIRT).json()["id"]
    more = {"name": "Other", "items": [{"sku": "SHIRT-R2", "options": [["Colour", "Red"]]}]}
    answer = program.put(f"/products/{product_id}", more)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "variations_alike")
    assert (Product.objects.get(pk=product_id).name, Item.objects.filter(product_id=product_id).count()) == ("Shirt", 2)


def test_what_has_no_past_is_taken_away(world):
    program = world.program()
    product_id = program.post("/products", SHIRT).json()["id"]
    blue = Item.objects.get(sku="SHIRT-BLUE")
    assert program.delete(f"/items/{blue.pk}").status_code == 204
    assert program.delete(f"/products/{product_id}").status_code == 204
    assert not Product.objects.filter(pk=product_id).exists()


def test_a_kit_is_made_and_gets_other_parts(world):
    ids = make_items(world.seller, KNIFE=4, FORK=9)
    program = world.program()
    parts = [{"item_id": ids["KNIFE"], "quantity": 1}, {"item_id": ids["FORK"], "quantity": 2}]
    made = program.post("/kits", {"sku": "SET", "name": "Cutlery", "parts": parts})
    assert made.status_code == 201
    kit = Item.objects.get(sku="SET")
    changed = program.put(f"/kits/{kit.pk}/parts", {"parts": [{"item_id": ids["FORK"], "quantity": 3}]})
    assert changed.status_code == 200
    assert list(KitPart.objects.filter(kit=kit).values_list("item_id", "quantity")) == [(ids["FORK"], 3)]


WORDS = {
    "description": "<p>Warm.</p>", "attributes": [["Fabric", "Wool"]], "images": ["https://img.example/side.jpg"],
}  # fmt: skip


def words_of(body: dict[str, object]) -> dict[str, object]:
    return {name: body[name] for name in WORDS}


def test_what_a_product_says_of_itself_is_given_read_back_and_stays_where_it_is_left_out(world):
    program = world.program()
    body = program.post("/products", SHIRT | WORDS).json()
    assert words_of(body) == WORDS
    address = f"/products/{body['id']}"
    assert words_of(program.put(address, {"name": "Linen shirt"}).json()) == WORDS
    assert words_of(program.put(address, {"name": "Linen shirt", "description": "", "images": []}).json()) == {
        "description": "", "attributes": [["Fabric", "Wool"]], "images": [],
    }  # fmt: skip
    assert words_of(program.get(address).json())["description"] == ""


def test_words_that_cannot_be_kept_are_refused_and_nothing_changes(world):
    program = world.program()
    body = program.post("/products", SHIRT | WORDS).json()
    for wrong, code in (
        ({"attributes": [["Fabric", " "]]}, "attribute_incomplete"),
        ({"attributes": [["Fabric: outside", "Wool"]]}, "attribute_impossible"),
        ({"images": ["sock.jpg"]}, "picture_address_invalid"),
    ):
        answer = program.put(f"/products/{body['id']}", {"name": "Other", **wrong})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    again = program.get(f"/products/{body['id']}").json()
    assert (again["name"], words_of(again)) == ("Shirt", WORDS)


def test_a_program_that_says_what_it_read_overwrites_nothing_newer(world):
    program = world.program()
    product_id = program.post("/products", SHIRT).json()["id"]
    where = f"/products/{product_id}"
    read = program.get(where)["ETag"]
    assert program.put(where, {"name": "Linen shirt"}, **{"if-match": read}).status_code == 200

    late = program.put(where, {"name": "Cotton shirt"}, **{"if-match": read})

    assert late.status_code == 412
    assert late.json()["error"]["code"] == "not_as_read"
    assert Product.objects.get(pk=product_id).name == "Linen shirt"
    again = program.put(where, {"name": "Cotton shirt"}, **{"if-match": program.get(where)["ETag"]})
    assert again.status_code == 200
