"""A kit is changed in the order of docs/locks.md: its catalogue row first, then the stock of its parts."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.inventory.services import compose_kit
from tests.books import MINA, make_items, make_kit, make_seller


def test_the_kit_is_locked_before_the_stock_of_its_parts(db: None) -> None:
    seller = make_seller()
    items = make_items(seller, RED=5, BLUE=5)
    kit_id = make_kit(seller, "SET", {items["RED"]: 1})

    with CaptureQueriesContext(connection) as asked:
        compose_kit(seller_id=seller.pk, kit_id=kit_id, parts={items["BLUE"]: 2}, actor=MINA)

    locks = [one["sql"] for one in asked.captured_queries if "FOR NO KEY UPDATE" in one["sql"] or "OF s" in one["sql"]]
    kinds = ["stock" if "FROM inventory_stock s" in sql else "catalogue" for sql in locks]
    assert kinds == ["catalogue", "stock", "catalogue"]
