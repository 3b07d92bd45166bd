"""Kits by file: made, recomposed, and refused as a whole."""

import pytest

from entrepot.catalog.models import Item, KitPart
from entrepot.channels.services.merging import merge_items
from tests.books import MINA, make_items, make_kit, make_seller
from tests.sheets.books_of_files import counts, done, sheets, take, template, wrong, xlsx

pytestmark = pytest.mark.django_db
HEAD = ["Kit SKU", "Kit name", "Part SKU", "Quantity"]


def parts(sku):
    return dict(KitPart.objects.filter(kit__sku=sku).values_list("item__sku", "quantity"))


def test_kits_are_made_and_recomposed_and_stand_or_fall_as_a_whole():
    seller = make_seller()
    ids = make_items(seller, RED=9, BLUE=9, GREEN=9)
    make_kit(seller, "DUO", {ids["RED"]: 1, ids["BLUE"]: 1})
    rows = [
        HEAD, ["TRIO", "Three socks", "RED", 1], ["TRIO", None, "BLUE", 2], ["DUO", None, "GREEN", 2],
        ["BAD", None, "RED", 1], ["BAD", None, "NONE", 1], ["RED", None, "BLUE", 1], ["OTHER", None, "DUO", 1],
    ]  # fmt: skip
    upload = take(seller, "kits", xlsx(rows))
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [
        (5, ""), (6, "part_sku"), (7, "kit_sku"), (8, "part_sku"),
    ]  # fmt: skip
    assert counts(done(upload)) == (0, 0, 4, 3)
    assert (parts("TRIO"), parts("DUO")) == ({"RED": 1, "BLUE": 2}, {"GREEN": 2})
    assert (Item.objects.get(sku="TRIO").name, Item.objects.filter(sku="BAD").exists()) == ("Three socks", False)
    table = next(iter(sheets(template(seller, "kits", filled=True)).values()))
    assert sorted(table[1:]) == [
        ["DUO", "DUO kit", "GREEN", 2.0], ["TRIO", "Three socks", "BLUE", 2.0], ["TRIO", "Three socks", "RED", 1.0],
    ]  # fmt: skip


def test_both_skus_of_a_merged_item_in_one_kit_are_added_up():
    seller = make_seller()
    ids = make_items(seller, RED=9, ROT=9)
    merge_items(seller_id=seller.pk, kept_id=ids["RED"], merged_id=ids["ROT"], actor=MINA)
    done(take(seller, "kits", xlsx([HEAD, ["DUO", "Two", "RED", 1], ["DUO", None, "ROT", 2]])))
    assert parts("DUO") == {"RED": 3}
