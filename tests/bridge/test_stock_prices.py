"""Stock and price writes: absolute, conditional, rolled up, answered item by item."""
# ruff: noqa: S608 - a test's own SQL on its own database

from __future__ import annotations

import pytest

from tests.bridge.seeds import insert, product
from tests.bridge.shops import Shop

pytestmark = pytest.mark.php


def stock(shop: Shop, *items: dict[str, object]) -> list[dict[str, object]]:
    return shop.client.post("stock", {"items": [{"ref": str(i), **item} for i, item in enumerate(items)]}).data


def prices(shop: Shop, *items: dict[str, object]) -> list[dict[str, object]]:
    return shop.client.post("prices", {"items": [{"ref": str(i), **item} for i, item in enumerate(items)]}).data


def quantity(shop: Shop, product_id: int) -> int:
    return int(shop.one(f"SELECT quantity FROM #product WHERE product_id={product_id}") or 0)


def values(shop: Shop) -> list[int]:
    return [
        int(q or 0) for (q,) in shop.sql("SELECT quantity FROM #product_option_value ORDER BY product_option_value_id")
    ]


def everything(shop: Shop) -> list[list[str | None]]:
    return shop.sql(
        "SELECT product_id, quantity, price FROM #product;"
        " SELECT quantity, price, price_prefix FROM #product_option_value"
    )


def test_a_product_is_set_and_read_back(shop: Shop) -> None:
    assert stock(shop, {"kind": "product", "product_id": 28, "quantity": 3}) == [
        {"ref": "0", "ok": True, "quantity": 3, "previous": 5}
    ]
    assert quantity(shop, 28) == 3
    assert shop.one("SELECT date_modified FROM #product WHERE product_id=28") == "2011-09-30 01:05:23"


def test_setting_the_same_figure_again_is_no_error(shop: Shop) -> None:
    for previous in (5, 3):
        assert stock(shop, {"kind": "product", "product_id": 28, "quantity": 3}) == [
            {"ref": "0", "ok": True, "quantity": 3, "previous": previous}
        ]


def test_an_expected_figure_is_a_condition(shop: Shop) -> None:
    good, bad = stock(
        shop,
        {"kind": "product", "product_id": 28, "quantity": 4, "expected": 5},
        {"kind": "product", "product_id": 31, "quantity": 4, "expected": 5},
    )
    assert good == {"ref": "0", "ok": True, "quantity": 4, "previous": 5}
    assert bad["ok"] is False
    assert bad["error"] == {"code": "changed", "message": "The shop has another figure.", "detail": {"quantity": 0}}
    assert (quantity(shop, 28), quantity(shop, 31)) == (4, 0)


def test_a_condition_that_already_holds_and_one_that_only_fits_the_wish(shop: Shop) -> None:
    assert stock(shop, {"kind": "product", "product_id": 28, "quantity": 5, "expected": 5})[0]["ok"] is True
    refused = stock(shop, {"kind": "product", "product_id": 28, "quantity": 5, "expected": 4})[0]
    assert refused["error"]["code"] == "changed"


def test_a_negative_figure_in_the_shop_can_be_expected(shop41: Shop) -> None:
    shop41.sql("UPDATE #product SET quantity=-1 WHERE product_id=28")
    assert stock(shop41, {"kind": "product", "product_id": 28, "quantity": 0, "expected": -1})[0] == {
        "ref": "0",
        "ok": True,
        "quantity": 0,
        "previous": -1,
    }


@pytest.mark.parametrize(
    ("item", "code", "field", "reason"),
    [
        ({"kind": "product", "product_id": 28, "quantity": -1}, "invalid", "quantity", "negative"),
        ({"kind": "product", "product_id": 28, "quantity": 1.5}, "invalid", "quantity", "not_a_whole_number"),
        ({"kind": "product", "product_id": 28, "quantity": True}, "invalid", "quantity", "not_a_whole_number"),
        ({"kind": "product", "product_id": 28, "quantity": "12abc"}, "invalid", "quantity", "not_a_whole_number"),
        ({"kind": "product", "product_id": 28, "quantity": 2147483648}, "invalid", "quantity", "out_of_range"),
        ({"kind": "product", "product_id": 28}, "invalid", "quantity", "missing"),
        ({"kind": "product", "quantity": 1}, "invalid", "product_id", "missing"),
        ({"kind": "bundle", "product_id": 28, "quantity": 1}, "invalid", "kind", "unknown"),
        ({"kind": "variant", "product_id": 28, "quantity": 1}, "invalid", "kind", "not_a_variant"),
        ({"kind": "option_value", "product_id": 30, "quantity": 1}, "invalid", "option_id", "missing"),
        ({"kind": "product", "product_id": 999, "quantity": 1}, "not_found", None, None),
        (
            {"kind": "option_value", "product_id": 30, "option_id": 5, "option_value_id": 99, "quantity": 1},
            "not_found",
            None,
            None,
        ),
    ],
)
def test_a_bad_item_is_refused_by_itself_and_changes_nothing(
    shop: Shop, item: dict[str, object], code: str, field: str | None, reason: str | None
) -> None:
    before = everything(shop)
    bad, good = stock(shop, item, {"kind": "product", "product_id": 31, "quantity": 8})
    assert (bad["ok"], bad["error"]["code"]) == (False, code)
    if field:
        assert (bad["error"]["detail"]["field"], bad["error"]["detail"]["reason"]) == (field, reason)
    assert good == {"ref": "1", "ok": True, "quantity": 8, "previous": 0}
    shop.sql("UPDATE #product SET quantity=0 WHERE product_id=31")
    assert everything(shop) == before


def test_an_option_value_rolls_up_into_its_product(shop: Shop) -> None:
    answers = stock(
        shop, {"kind": "option_value", "product_id": 30, "option_id": 5, "option_value_id": 39, "quantity": 6}
    )
    assert answers == [{"ref": "0", "ok": True, "quantity": 6, "previous": 2, "product_quantity": 11}]
    assert (values(shop), quantity(shop, 30)) == ([6, 5], 11)


def test_a_negative_value_counts_as_none_in_the_sum(shop: Shop) -> None:
    shop.sql("UPDATE #product_option_value SET quantity=-3 WHERE product_option_value_id=16")
    assert (
        stock(shop, {"kind": "option_value", "product_id": 30, "option_id": 5, "option_value_id": 39, "quantity": 6})[
            0
        ]["product_quantity"]
        == 6
    )
    assert values(shop) == [6, -3]


def test_a_conditional_option_value_that_changed_is_not_written(shop: Shop) -> None:
    refused = stock(
        shop,
        {"kind": "option_value", "product_id": 30, "option_id": 5, "option_value_id": 39, "quantity": 6, "expected": 1},
    )[0]
    assert refused["error"] == {"code": "changed", "message": "The shop has another figure.", "detail": {"quantity": 2}}
    assert (values(shop), quantity(shop, 30)) == ([2, 5], 7)


def test_of_two_options_the_greater_sum_stays_above_both(shop41: Shop) -> None:
    shop41.sql(
        "INSERT INTO #product_option_value SET product_option_id=227, product_id=30, option_id=8, option_value_id=70,"
        " quantity=1, subtract=1, price=0, price_prefix='+'"
    )
    stock(
        shop41,
        {"kind": "option_value", "product_id": 30, "option_id": 8, "option_value_id": 70, "quantity": 4},
        {"kind": "option_value", "product_id": 30, "option_id": 5, "option_value_id": 39, "quantity": 1},
    )
    assert quantity(shop41, 30) == 6


def test_a_variant_rolls_up_into_its_master_and_the_masters_values(shop4: Shop) -> None:
    answers = stock(shop4, {"kind": "variant", "product_id": 50, "quantity": 9})
    assert answers == [
        {"ref": "0", "ok": True, "quantity": 9, "previous": 4, "product_quantity": 9, "master_quantity": 12}
    ]
    assert (quantity(shop4, 50), quantity(shop4, 51), quantity(shop4, 30)) == (9, 3, 12)
    assert values(shop4) == [9, 3]


def test_variants_that_leave_an_option_open_do_not_touch_its_values(shop4: Shop) -> None:
    shop4.sql("""UPDATE #product SET variant='{"226":""}' WHERE product_id=51""")
    stock(
        shop4,
        {"kind": "variant", "product_id": 50, "quantity": 9},
        {"kind": "variant", "product_id": 51, "quantity": 1},
    )
    assert (quantity(shop4, 30), values(shop4)) == (10, [9, 5])


def test_the_last_of_two_items_for_one_product_wins(shop: Shop) -> None:
    answers = stock(
        shop,
        {"kind": "product", "product_id": 28, "quantity": 1},
        {"kind": "product", "product_id": 28, "quantity": 2, "expected": 1},
    )
    assert [answer["ok"] for answer in answers] == [True, True]
    assert quantity(shop, 28) == 2


def test_the_product_cache_is_cleared_once_for_a_batch(shop: Shop) -> None:
    stock(shop, *[{"kind": "product", "product_id": i, "quantity": 1} for i in (28, 30, 31)])
    assert shop.cache_clears() == ["product"]


def test_a_thousand_items_take_less_than_a_second(shop: Shop) -> None:
    rows = [insert("product", product(1000 + i, f"P{i}", 5, 1, shop.generation)) for i in range(1000)]
    shop.db.run("SET sql_mode='';" + "".join(rows), shop.name)
    for condition in ({}, {"expected": 3}):
        items = [{"ref": i, "kind": "product", "product_id": 1000 + i, "quantity": 3, **condition} for i in range(1000)]
        replies = [shop.client.post("stock", {"items": items}) for _ in range(3)]
        assert all(answer["ok"] for reply in replies for answer in reply.data)
        # The best of three: other work on the same machine is not what is measured.
        assert min(reply.took for reply in replies) < 1


def test_a_price_is_set_and_read_back(shop: Shop) -> None:
    answers = prices(
        shop, {"kind": "product", "product_id": 28, "price": "19.99"}, {"kind": "product", "product_id": 31, "price": 7}
    )
    assert answers == [
        {"ref": "0", "ok": True, "price": "19.9900", "special": None},
        {"ref": "1", "ok": True, "price": "7.0000", "special": None},
    ]


def test_an_option_value_keeps_the_difference_to_its_product(shop: Shop) -> None:
    answers = prices(
        shop,
        {"kind": "option_value", "product_id": 30, "option_id": 5, "option_value_id": 39, "price": "107.2501"},
        {"kind": "option_value", "product_id": 30, "option_id": 5, "option_value_id": 40, "price": "99.99"},
        {"kind": "product", "product_id": 30, "price": "105"},
    )
    assert [answer["price"] for answer in answers] == ["107.2501", "99.9900", "105.0000"]
    assert shop.sql("SELECT price_prefix, price FROM #product_option_value ORDER BY 1 DESC") == [
        ["-", "5.0100"],
        ["+", "2.2501"],
    ]


def specials(shop: Shop) -> list[list[str | None]]:
    table, extra = ("product_special", "") if shop.generation.specials else ("product_discount", "WHERE special = 1")
    return shop.sql(
        f"SELECT product_id, customer_group_id, price, date_start, date_end FROM #{table} {extra} ORDER BY 2, 1"
    )


def test_a_special_is_set_left_and_removed_for_the_default_group(shop: Shop) -> None:
    other = ["30", "2", "70.0000", "0000-00-00", "0000-00-00"]
    wish = {"kind": "product", "product_id": 30, "price": "100"}
    left = prices(shop, wish)[0]
    assert left["special"] == {
        "price": "80.0000",
        "date_start": "0000-00-00",
        "date_end": "0000-00-00",
        "customer_group_id": 1,
    }
    put = prices(
        shop,
        wish
        | {"special": {"price": "75", "date_start": "2026-01-01", "date_end": "2026-12-31", "customer_group_id": 1}},
    )[0]
    assert put["special"] == {
        "price": "75.0000",
        "date_start": "2026-01-01",
        "date_end": "2026-12-31",
        "customer_group_id": 1,
    }
    assert specials(shop) == [["30", "1", "75.0000", "2026-01-01", "2026-12-31"], other]
    assert prices(shop, wish | {"special": None})[0]["special"] is None
    assert specials(shop) == [other]
    assert shop.one("SELECT COUNT(*) FROM #product_discount WHERE quantity = 10") == "1"


def test_a_variants_price_is_marked_as_its_own(shop4: Shop) -> None:
    assert prices(shop4, {"kind": "variant", "product_id": 50, "price": "110"})[0]["price"] == "110.0000"
    assert shop4.one("SELECT override FROM #product WHERE product_id=50") == '{"model":"1","price":"1"}'


@pytest.mark.parametrize(
    ("item", "field", "reason"),
    [
        ({"kind": "product", "product_id": 28, "price": "-1"}, "price", "negative"),
        ({"kind": "product", "product_id": 28, "price": "1.23456"}, "price", "out_of_range"),
        ({"kind": "product", "product_id": 28, "price": "123456789012"}, "price", "out_of_range"),
        ({"kind": "product", "product_id": 28, "price": "1e3"}, "price", "not_a_number"),
        ({"kind": "product", "product_id": 28}, "price", "missing"),
        (
            {"kind": "product", "product_id": 28, "price": "1", "special": {"price": "x"}},
            "special.price",
            "not_a_number",
        ),
        (
            {"kind": "product", "product_id": 28, "price": "1", "special": {"price": "1", "date_end": "2026-02-30"}},
            "date_end",
            "not_a_day",
        ),
        (
            {
                "kind": "option_value",
                "product_id": 30,
                "option_id": 5,
                "option_value_id": 39,
                "price": "1",
                "special": None,
            },
            "special",
            "not_for_options",
        ),
        ({"kind": "variant", "product_id": 28, "price": "1"}, "kind", "not_a_variant"),
    ],
)
def test_a_bad_price_is_refused_and_changes_nothing(
    shop: Shop, item: dict[str, object], field: str, reason: str
) -> None:
    before = everything(shop), specials(shop)
    answer = prices(shop, item)[0]
    assert answer["error"]["code"] == "invalid"
    assert (answer["error"]["detail"]["field"], answer["error"]["detail"]["reason"]) == (field, reason)
    assert (everything(shop), specials(shop)) == before


def test_a_price_for_an_unknown_product_is_not_found(shop41: Shop) -> None:
    assert prices(shop41, {"kind": "product", "product_id": 999, "price": "1"})[0]["error"]["code"] == "not_found"
