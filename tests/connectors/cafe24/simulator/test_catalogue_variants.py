"""Variants, stock and options; numbers in names are behaviours of reference §9."""

from typing import Any

import pytest

from entrepot.connectors.cafe24.simulator import SoldOut
from tests.connectors.cafe24.simulator.core_rig import Caller

RED = "/products/13/variants/P000000N000A"
LINEN = "/products/23/variants"


def heard_by(caller: Caller) -> list[tuple[int, dict[str, Any]]]:
    heard: list[tuple[int, dict[str, Any]]] = []
    caller.mall.hearers.append(lambda number, resource: heard.append((number, resource)))
    return heard


# ---------------------------------------------------------------------- one variant


def test_a_variant_is_written_flat_and_answered_with_its_stock_nested(demo: Caller) -> None:
    reply = demo.put(RED, {"quantity": 15, "additional_amount": "-500"})
    assert reply.json == {
        "variant": {
            "shop_no": 1,
            "variant_code": "P000000N000A",
            "options": [{"name": "색상", "value": "레드"}],
            "custom_variant_code": "CAM-EOS-5D-RED",
            "duplicated_custom_variant_code": "F",
            "display": "T",
            "selling": "T",
            "additional_amount": "-500.00",
            "inventories": {
                "shop_no": 1,
                "variant_code": "P000000N000A",
                "use_inventory": "T",
                "important_inventory": "A",
                "inventory_control_type": "A",
                "display_soldout": "T",
                "quantity": 15,
                "safety_inventory": 0,
            },
        }
    }
    assert demo.get(RED)["variant"]["quantity"] == 15


def test_36_custom_codes_may_be_missing_or_shared_and_a_write_says_so(demo: Caller) -> None:
    codes = [row["custom_variant_code"] for row in demo.get("/products/24/variants")["variants"]]
    assert codes == ["SD-TEE-BK", "SD-TEE-BK", "SD-TEE-IV-M", "SD-TEE-IV-L"]
    assert {row["custom_variant_code"] for row in demo.get("/products/25/variants")["variants"]} == {None}
    blue = demo.put("/products/13/variants/P000000N000B", {"custom_variant_code": "SD-TEE-BK"}).json["variant"]
    assert blue["duplicated_custom_variant_code"] == "T"
    blue = demo.put("/products/13/variants/P000000N000B", {"custom_variant_code": None}).json["variant"]
    assert (blue["custom_variant_code"], blue["duplicated_custom_variant_code"]) == (None, "F")


@pytest.mark.parametrize(
    ("request_", "parameter"),
    [
        ({"quantity": -1}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"use_inventory": "Y"}, "use_inventory"),
        ({"inventory_control_type": "C"}, "inventory_control_type"),
        ({"custom_variant_code": "x" * 41}, "custom_variant_code"),
        ({"additional_amount": "much"}, "additional_amount"),
        ({"supply_price": "5"}, "supply_price"),
        ({"price": "5"}, "price"),
        ({}, "request"),
    ],
)
def test_a_variant_that_cannot_be_is_refused_by_its_parameter_and_stays(
    demo: Caller, request_: dict[str, object], parameter: str
) -> None:
    before = demo.get(RED)
    status, message = demo.put(RED, {**request_, **({"display": "F"} if request_ else {})}).error
    assert status == 422
    assert message.endswith(f" (parameter.{parameter})")
    assert demo.get(RED) == before


def test_a_variant_of_another_product_is_not_found_here(demo: Caller) -> None:
    assert demo.call("GET", "/products/11/variants/P000000N000A").error[0] == 404


def test_a_variant_can_be_deleted_but_not_the_last_one(demo: Caller) -> None:
    assert demo.delete(RED).json == {"variant": {"product_no": 13, "variant_code": "P000000N000A"}}
    assert [row["variant_code"] for row in demo.get("/products/13/variants")["variants"]] == ["P000000N000B"]
    assert demo.delete("/products/13/variants/P000000N000B").error[0] == 422


# ---------------------------------------------------------------------- many variants


def test_many_variants_are_written_at_once_in_the_order_they_were_named(demo: Caller) -> None:
    body = {
        "requests": [{"variant_code": "P000000X000B", "quantity": 1}, {"variant_code": "P000000X000A", "quantity": 2}]
    }
    rows = demo.call("PUT", LINEN, body).json["variants"]
    assert [(row["variant_code"], row["inventories"]["quantity"]) for row in rows] == [
        ("P000000X000B", 1),
        ("P000000X000A", 2),
    ]


def test_26_a_hundred_entries_go_at_once_and_the_hundred_and_first_refuses_all(demo: Caller) -> None:
    entry = {"variant_code": "P000000X000A", "quantity": 3}
    assert demo.call("PUT", LINEN, {"requests": [entry] * 101}).error[0] == 422
    assert demo.mall.stock("P000000X000A") == 12
    assert demo.call("PUT", LINEN, {"requests": [entry] * 100}).status == 200


def test_27_a_bad_entry_is_answered_in_its_place_with_207_and_the_others_are_written(demo: Caller) -> None:
    entries = [
        {"variant_code": "P000000X000A", "quantity": 1},
        {"variant_code": "P000000L000A", "quantity": 1},
        {"variant_code": "P000000X000C", "quantity": -1},
        {"variant_code": "P000000X000D", "quantity": 8},
    ]
    reply = demo.call("PUT", LINEN, {"requests": entries})
    assert reply.status == 207
    rows = reply.json["variants"]
    assert rows[1] == {"error": {"code": 422, "message": "The variant does not exist. (parameter.variant_code)"}}
    assert rows[2] == {"error": {"code": 422, "message": "Invalid value. (parameter.quantity)"}}
    assert [demo.mall.stock(f"P000000X000{letter}") for letter in "ACD"] == [1, 7, 8]
    assert demo.server.counters.wait_for_writes(2)
    assert [write.variant_code for write in demo.server.counters.stock_writes] == ["P000000X000A", "P000000X000D"]


def test_27_when_every_entry_is_refused_the_answer_is_the_refusal(demo: Caller) -> None:
    reply = demo.call("PUT", LINEN, {"requests": [{"quantity": 1}, {"variant_code": "nobody", "quantity": 1}]})
    assert reply.error == (422, "This field is required. (parameter.variant_code)")


def test_38_many_writes_that_change_nothing_at_all_are_a_409_and_one_change_is_enough(demo: Caller) -> None:
    same = [{"variant_code": "P000000X000A", "quantity": 12}, {"variant_code": "P000000X000B", "quantity": 20}]
    assert demo.call("PUT", LINEN, {"requests": same}).error[0] == 409
    changed = [same[0], {"variant_code": "P000000X000B", "quantity": 19}]
    assert demo.call("PUT", LINEN, {"requests": changed}).status == 200


# ---------------------------------------------------------------------- stock


def test_the_inventory_has_its_own_path_with_nine_keys(demo: Caller) -> None:
    assert demo.get(f"{RED}/inventories") == {
        "inventory": {
            "shop_no": 1,
            "variant_code": "P000000N000A",
            "use_inventory": "T",
            "important_inventory": "A",
            "inventory_control_type": "A",
            "display_soldout": "T",
            "quantity": 4,
            "safety_inventory": 0,
            "origin_code": "W000000A",
        }
    }


def test_38_a_quantity_is_absolute_and_writing_the_same_again_is_a_409(demo: Caller) -> None:
    path = f"{RED}/inventories"
    assert demo.put(path, {"quantity": 9}).json["inventory"]["quantity"] == 9
    assert demo.put(path, {"quantity": "9"}).error[0] == 409
    assert demo.put(RED, {"quantity": 9}).error[0] == 409
    demo.mall.settings.conflict_on_same_content = False
    assert demo.put(path, {"quantity": 9}).status == 200
    assert demo.mall.stock("P000000N000A") == 9


def test_37_a_quantity_means_nothing_while_stock_is_not_managed_unless_it_is_switched_on_with_it(demo: Caller) -> None:
    path = "/products/27/variants/P00000BB000A/inventories"
    assert demo.get(path)["inventory"]["use_inventory"] == "F"
    assert demo.put(path, {"quantity": 50}).json["inventory"]["quantity"] == 0
    assert demo.put(path, {"quantity": 50, "use_inventory": "T"}).json["inventory"]["quantity"] == 50


def test_37_a_pre_order_product_shows_less_than_nothing(demo: Caller) -> None:
    row = demo.get("/products/28/variants")["variants"][0]
    assert (row["display_soldout"], row["quantity"]) == ("F", -3)


def test_selling_takes_stock_by_the_rules_of_each_variant(demo: Caller) -> None:
    mall = demo.mall
    assert mall.take_stock("P000000N000A", 3) == 1
    with pytest.raises(SoldOut):
        mall.take_stock("P000000N000A", 2)
    assert mall.take_stock("P000000N000A", 2, check=False) == -1
    assert mall.give_stock("P000000N000A", 4) == 3
    assert mall.take_stock("P00000BC000A", 2) == -5
    assert mall.take_stock("P00000BB000A", 1000) == 0
    with pytest.raises(KeyError):
        mall.take_stock("P0000000000A", 1)


def test_the_app_hears_when_a_variant_sells_out_and_when_it_comes_back_and_not_in_between(demo: Caller) -> None:
    heard = heard_by(demo)
    for quantity in (3, 0, -1, 0, 2, 5):
        demo.mall.set_stock("P000000N000A", quantity)
    told = [(number, row["variant_code"], row["status_text"], row["use_soldout"]) for number, row in heard]
    assert told == [(90075, "P000000N000A", "품절", "T"), (90075, "P000000N000A", "품절해제", "F")]
    assert "event_shop_no" not in heard[0][1]


# ---------------------------------------------------------------------- options


def options(*pairs: tuple[str, list[str]]) -> list[dict[str, Any]]:
    return [{"option_name": name, "option_value": [{"option_text": text} for text in texts]} for name, texts in pairs]


def test_options_are_one_object_with_the_list_inside(demo: Caller) -> None:
    option = demo.get("/products/23/options")["option"]
    assert list(option) == [
        "shop_no",
        "product_no",
        "has_option",
        "option_type",
        "option_list_type",
        "option_preset_code",
        "options",
        "select_one_by_option",
        "option_preset_name",
        "use_additional_option",
        "additional_options",
        "use_attached_file_option",
        "attached_file_option",
    ]
    assert [row["option_name"] for row in option["options"]] == ["색상", "사이즈"]


def test_giving_options_replaces_the_one_variant_by_every_combination_with_codes_never_used(demo: Caller) -> None:
    request = {
        "has_option": "T",
        "option_type": "T",
        "options": options(("색", ["빨강", "파랑"]), ("크기", ["S", "M"])),
    }
    reply = demo.post("/products/11/options", request)
    assert reply.status == 201
    assert reply.json["option"]["option_list_type"] == "S"
    codes = [row["variant_code"][-4:] for row in demo.get("/products/11/variants")["variants"]]
    assert codes == ["000B", "000C", "000D", "000E"]
    assert demo.post("/products/11/options", request).error[0] == 422


def test_60_deleting_options_takes_the_variants_and_new_ones_have_new_codes(demo: Caller) -> None:
    assert demo.delete("/products/13/options").json == {"option": {"product_no": 13}}
    (only,) = demo.get("/products/13/variants")["variants"]
    assert (only["variant_code"], only["options"], only["quantity"]) == ("P000000N000A", None, 0)
    assert only["custom_variant_code"] is None
    assert demo.call("GET", "/products/13/variants/P000000N000B").error[0] == 404
    demo.post("/products/13/options", {"options": options(("색상", ["레드", "블루"]))})
    codes = [row["variant_code"][-4:] for row in demo.get("/products/13/variants")["variants"]]
    assert codes == ["000C", "000D"]


def test_options_can_be_renamed_and_the_variants_follow(demo: Caller) -> None:
    request = {
        "original_options": options(("색상", ["레드", "블루"])),
        "options": options(("컬러", ["빨강", "파랑"])),
    }
    assert demo.put("/products/13/options", request).status == 200
    rows = demo.get("/products/13/variants")["variants"]
    assert [(row["variant_code"], row["options"]) for row in rows] == [
        ("P000000N000A", [{"name": "컬러", "value": "빨강"}]),
        ("P000000N000B", [{"name": "컬러", "value": "파랑"}]),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([("색상", ["레드", "블루"])], [("색상", ["레드", "블루", "그린"])]),
        ([("색상", ["레드", "블루"])], [("색상", ["레드", "블루"]), ("사이즈", ["M"])]),
        ([("색깔", ["레드", "블루"])], [("색상", ["빨강", "파랑"])]),
    ],
)
def test_options_cannot_be_added_removed_or_renamed_from_what_they_are_not(
    demo: Caller, before: list[tuple[str, list[str]]], after: list[tuple[str, list[str]]]
) -> None:
    request = {"original_options": options(*before), "options": options(*after)}
    assert demo.put("/products/13/options", request).error[0] == 422
    assert [row["options"][0]["value"] for row in demo.get("/products/13/variants")["variants"]] == ["레드", "블루"]


def test_a_product_cannot_have_more_than_a_thousand_variants(demo: Caller) -> None:
    many = [str(number) for number in range(32)]
    request = {"options": options(("가", many), ("나", many))}
    assert demo.post("/products/11/options", request).error[0] == 422
    assert len(demo.get("/products/11/variants")["variants"]) == 1


def test_independent_options_make_no_variants_of_their_own(demo: Caller) -> None:
    request = {"option_type": "F", "options": options(("각인", ["있음", "없음"]))}
    assert demo.post("/products/11/options", request).json["option"]["option_type"] == "F"
    assert len(demo.get("/products/11/variants")["variants"]) == 1
