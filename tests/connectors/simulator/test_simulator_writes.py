"""Writing over the wire: §5 of the protocol."""

import base64

import pytest

from entrepot.connectors.opencart.simulator import Item


def product(ref, product_id, quantity, **more):
    return {"ref": ref, "kind": "product", "product_id": product_id, "quantity": quantity, **more}


def value(ref, product_id, option_id, value_id, quantity, **more):
    ids = {"product_id": product_id, "option_id": option_id, "option_value_id": value_id}
    return {"ref": ref, "kind": "option_value", **ids, "quantity": quantity, **more}


# --------------------------------------------------------------------------- stock


def test_a_figure_is_absolute_and_read_back(every_line):
    twice = [every_line.set_stock(product("a", 28, 3)) for _ in range(2)]

    assert twice == [
        [{"ref": "a", "ok": True, "quantity": 3, "previous": 939}],
        [{"ref": "a", "ok": True, "quantity": 3, "previous": 3}],
    ]
    assert every_line.quantity(28) == 3


def test_a_figure_that_is_not_the_expected_one_is_not_overwritten(four_one):
    [answer] = four_one.set_stock(product("a", 28, 3, expected=940))

    assert (answer["ok"], answer["error"]["code"]) == (False, "changed")
    assert answer["error"]["detail"] == {"quantity": 939}
    assert four_one.quantity(28) == 939
    assert four_one.set_stock(product("a", 28, 3, expected=939))[0]["ok"]


def test_a_negative_figure_can_be_expected_but_never_written(four_one):
    four_one.shop.set_quantity(28, 0)
    four_one.shop.place_order([Item(28, 2)], check=False)

    assert four_one.set_stock(product("a", 28, -1))[0]["error"]["code"] == "invalid"
    assert four_one.set_stock(product("a", 28, 4, expected=-2))[0] == {
        "ref": "a",
        "ok": True,
        "quantity": 4,
        "previous": -2,
    }


def test_one_bad_item_never_stops_the_others(four_one):
    answers = four_one.set_stock(
        product("missing", 4711, 1),
        product("good", 28, 7),
        {"ref": "kind", "kind": "shelf", "product_id": 28, "quantity": 1},
        value("value", 30, 5, 4711, 1),
        product("text", 28, "many"),
        value("fine", 30, 5, 39, 9),
    )

    assert [(row["ref"], row.get("error", {}).get("code")) for row in answers] == [
        ("missing", "not_found"),
        ("good", None),
        ("kind", "invalid"),
        ("value", "not_found"),
        ("text", "invalid"),
        ("fine", None),
    ]
    assert (four_one.quantity(28), four_one.quantity(30, 39)) == (7, 9)


def test_an_option_values_figure_makes_the_product_the_sum_of_its_values(every_line):
    answers = every_line.set_stock(value("r", 30, 5, 39, 4), value("b", 30, 5, 40, 0))

    assert [row["product_quantity"] for row in answers] == [4, 4]
    assert every_line.quantity(30) == 4


def test_negative_values_count_as_nothing_in_the_sum(four_one):
    four_one.shop.set_option_quantity(30, 40, -3)
    assert four_one.set_stock(value("r", 30, 5, 39, 4))[0]["product_quantity"] == 4


def test_a_variants_figure_lifts_its_master_and_the_masters_option_value(four_one):
    [answer] = four_one.set_stock({"ref": "v", "kind": "variant", "product_id": 50, "quantity": 9})

    assert answer == {
        "ref": "v",
        "ok": True,
        "quantity": 9,
        "previous": 4,
        "product_quantity": 9,
        "master_quantity": 9,
    }
    assert (four_one.quantity(50), four_one.quantity(30), four_one.quantity(30, 39)) == (9, 9, 9)
    four_one.shop.place_order([Item(50, 3)])
    assert four_one.set_stock({"ref": "x", "kind": "variant", "product_id": 28, "quantity": 9})[0]["ok"] is False


def test_a_thousand_items_are_the_most(four_one):
    reply = four_one.post("stock", {"items": [product(str(n), 28, n) for n in range(1001)]})
    assert (reply.status, reply.json["error"]["code"]) == (400, "bad_request")


def test_each_write_is_kept_with_the_moment_it_was_acknowledged(four_one):
    four_one.set_stock(value("r", 30, 5, 39, 4))
    write = four_one.server.counters.wait_for_stock(30, 39, quantity=4)

    assert (write.kind, write.previous, write.quantity) == ("option_value", 2, 4)
    assert write.applied <= write.acknowledged
    kept = four_one.control("counters")
    assert kept["stock_writes"][0]["option_value_id"] == 39
    assert kept["requests"] == {"stock": 1}


# --------------------------------------------------------------------------- prices


def test_a_price_and_a_special_are_set_read_back_and_removed(every_line):
    item = {"ref": "p", "kind": "product", "product_id": 28, "price": "19.99"}
    special = {"price": "15", "date_start": None, "date_end": None, "customer_group_id": 1}
    [both] = every_line.post("prices", {"items": [{**item, "special": special}]}).content
    [left] = every_line.post("prices", {"items": [item]}).content
    [none] = every_line.post("prices", {"items": [{**item, "special": None}]}).content

    assert (both["price"], both["special"]["price"], both["special"]["date_end"]) == (
        "19.9900",
        "15.0000",
        "0000-00-00",
    )
    assert left["special"]["price"] == "15.0000"
    assert none["special"] is None
    assert every_line.product(28)["price"] == "19.9900"


def test_an_option_values_full_price_is_kept_as_a_difference(four_one):
    items = [
        {"ref": "r", "kind": "option_value", "product_id": 30, "option_id": 5, "option_value_id": 39, "price": "90"},
        {"ref": "b", "kind": "option_value", "product_id": 30, "option_id": 5, "option_value_id": 40, "price": "112.5"},
        {"ref": "x", "kind": "product", "product_id": 28, "price": "cheap"},
    ]
    answers = four_one.post("prices", {"items": items}).content
    values = four_one.product(30)["options"][0]["values"]

    assert [(row["price_prefix"], row["price"]) for row in values] == [("-", "10.0000"), ("+", "12.5000")]
    assert [row["ok"] for row in answers] == [True, True, False]
    assert answers[0]["price"] == "90.0000"


# --------------------------------------------------------------------------- order history and parcels


def history(key, order_id, status, **more):
    return {"key": key, "order_id": order_id, "order_status_id": status, "comment": "", "notify": False, **more}


def test_a_status_is_written_once_per_key_and_moves_the_stock(every_line):
    order_id = every_line.shop.place_order([Item(28, 3)])
    body = history("k-1", order_id, 7, comment="Out of stock & sorry")
    first, again = (every_line.post("order_history", body).content for _ in range(2))
    rows = every_line.order(order_id)["order_history"]

    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["order_history_id"] == again["order_history_id"]
    assert [row["order_status_id"] for row in rows] == ["1", "7"]
    assert rows[-1]["comment"] == "Out of stock &amp; sorry"
    assert every_line.quantity(28) == 939


def test_a_key_used_with_another_body_is_a_conflict(four_one):
    order_id = four_one.shop.place_order([Item(28, 1)])
    four_one.post("order_history", history("k-1", order_id, 2))
    reply = four_one.post("order_history", history("k-1", order_id, 3))

    assert (reply.status, reply.json["error"]["code"]) == (409, "conflict")


def test_a_status_the_shop_does_not_have_is_refused_though_the_shop_itself_would_take_it(four_one):
    """Case 12."""
    order_id = four_one.shop.place_order([Item(28, 1)])
    reply = four_one.post("order_history", history("k-1", order_id, 99))
    assert (reply.status, reply.json["error"]["detail"]["field"]) == (422, "order_status_id")

    four_one.shop.set_status(order_id, 99)
    assert four_one.order(order_id)["order"]["order_status_id"] == "99"
    assert four_one.quantity(28) == 939


def test_an_order_that_moved_on_is_not_overwritten(four_one):
    order_id = four_one.shop.place_order([Item(28, 1)])
    reply = four_one.post("order_history", history("k-1", order_id, 3, expect_status=2))

    assert (reply.status, reply.json["error"]["code"]) == (409, "conflict")
    assert four_one.order(order_id)["order"]["order_status_id"] == "1"
    assert four_one.post("order_history", history("k-2", order_id, 3, expect_status=1)).status == 200
    assert four_one.post("order_history", history("k-3", 4711, 3)).json["error"]["code"] == "not_found"


def test_a_parcel_is_kept_and_told_as_a_comment(every_line):
    order_id = every_line.shop.place_order([Item(28, 1)])
    body = {"key": "p-1", "order_id": order_id, "carrier": "CJ 대한통운", "tracking_number": "600123456789"}
    body |= {"tracking_url": None, "order_status_id": 3, "comment": None, "notify": True}
    first, again = (every_line.post("shipment", body).content for _ in range(2))
    order = every_line.order(order_id)

    assert (first["shipment_id"], again["shipment_id"], again["repeated"]) == (1, 1, True)
    assert order["shipments"][0]["tracking_number"] == "600123456789"
    assert order["order_history"][-1]["comment"] == "CJ 대한통운 600123456789"
    assert (order["order"]["order_status_id"], order["order"]["tracking"]) == ("3", "")


def test_writes_of_the_protocol_are_marked_in_the_outbox(every_line):
    order_id = every_line.shop.place_order([Item(28, 1)])
    every_line.post("order_history", history("k-1", order_id, 2))
    events = every_line.get("events").content
    told = every_line.order(order_id)["order_history"][-1]["order_history_id"]

    assert [(row["kind"], row["origin"]) for row in events] == [
        ("order.added", "shop"),
        ("order.history", "shop"),
        ("order.history", "oms"),
    ]
    assert events[-1]["detail"] == {"order_status_id": 2, "order_history_id": int(told)}
    assert [row["event_id"] for row in every_line.get("events", "&after=1&limit=1").content] == [2]


# --------------------------------------------------------------------------- products


def draft(**more):
    options = [
        {
            "name": "Colour",
            "type": "select",
            "required": True,
            "values": [
                {"name": "Black & white", "quantity": 3, "price": "25", "subtract": 1},
                {"name": "Red", "quantity": 4, "price": None, "subtract": 1},
            ],
        }
    ]
    made = {"model": "M-1", "sku": "SKU-1", "barcode": "8801234567890", "names": {"en-gb": 'Cup "A" <b>'}}
    return {**made, "price": "20", "quantity": 7, "status": 1, "options": options, "manufacturer": "Kim & Co", **more}


def test_a_product_is_made_once_per_key_with_everything_escaped(every_line):
    body = {"key": "c-1", "product": draft()}
    first, again = (every_line.post("product_create", body).content for _ in range(2))
    row = every_line.product(first["product_id"])

    assert (again["product_id"], again["repeated"]) == (first["product_id"], True)
    assert [entry["name"] for entry in row["descriptions"]] == ["Cup &quot;A&quot; &lt;b&gt;"] * 2
    if every_line.shop.line.name == "4.1":
        assert row["codes"] == [{"code": "SKU", "value": "SKU-1"}, {"code": "EAN", "value": "8801234567890"}]
    else:
        assert (row["sku"], row["ean"]) == ("SKU-1", "8801234567890")
    assert [(v["quantity"], v["price"]) for v in row["options"][0]["values"]] == [("3", "5.0000"), ("4", "0.0000")]
    makers = every_line.get("manufacturers").content
    assert (
        next(maker["name"] for maker in makers if maker["manufacturer_id"] == row["manufacturer_id"]) == "Kim &amp; Co"
    )


def test_what_the_shop_would_cut_without_a_word_is_refused_by_the_bridge(four_one):
    """Case 30."""
    reply = four_one.post("product_create", {"key": "c-1", "product": draft(model="M" * 65)})
    assert reply.json["error"]["detail"] == {"field": "model", "reason": "too_long"}
    made = four_one.shop.add_product(model="M" * 100)
    assert four_one.product(made)["model"] == "M" * 64


@pytest.mark.parametrize("change", [{"model": ""}, {"names": {}}, {"names": {"fr-fr": "x"}}, {"price": "cheap"}])
def test_a_product_that_cannot_be_is_refused_and_leaves_nothing(four_one, change):
    reply = four_one.post("product_create", {"key": "c-1", "product": draft(**change)})

    assert (reply.status, reply.json["error"]["code"]) == (422, "invalid")
    assert four_one.get("info").content["counts"]["products"] == 20


def test_an_update_changes_what_is_given_and_keeps_row_ids(four_one):
    option = {
        "name": "Select",
        "type": "select",
        "values": [
            {"name": "Red", "quantity": 8, "price": None},
            {"name": "Mint", "quantity": 1, "price": None},
        ],
    }
    row = four_one.post("product_update", {"product_id": 30, "product": {"price": "99.5", "options": [option]}}).content

    assert (row["price"], row["model"], row["quantity"]) == ("99.5000", "Product 3", "9")
    values = row["options"][0]["values"]
    assert values[0]["product_option_value_id"] == "15"
    assert [value["quantity"] for value in values] == ["8", "1"]


def test_products_are_hidden_and_deleted_one_by_one(four_one):
    hidden = four_one.post("product_status", {"items": [{"ref": "a", "product_id": 28, "status": 0}]}).content
    gone = four_one.post("product_delete", {"items": [{"ref": n, "product_id": n} for n in (29, 4711)]}).content

    assert hidden == [{"ref": "a", "ok": True, "product_id": 28, "status": 0}]
    assert [(row["ok"], row.get("error", {}).get("code")) for row in gone] == [(True, None), (False, "not_found")]
    assert four_one.product(28)["status"] == "0"


def test_an_image_is_checked_by_its_content(four_one):
    gif = base64.b64encode(b"GIF89a....").decode()
    good = four_one.post("image", {"path": "catalog/entrepot/a.gif", "content": gif})
    bad = four_one.post("image", {"path": "catalog/entrepot/a.gif", "content": base64.b64encode(b"<?php").decode()})
    outside = four_one.post("image", {"path": "catalog/../../config.php", "content": gif})

    assert good.content == {
        "path": "catalog/entrepot/a.gif",
        "url": f"{four_one.server.url}/image/catalog/entrepot/a.gif",
        "bytes": 10,
    }
    assert (bad.status, outside.status) == (422, 422)
