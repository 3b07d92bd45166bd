"""A barcode that somebody found on a thing."""

import pytest

from entrepot.catalog.errors import BarcodeInvalid, BarcodeTaken, HasBarcode, ItemNotFound
from entrepot.catalog.models import Change, Item
from entrepot.catalog.services.barcodes import name_barcode
from tests.books import MINA, make_items, make_seller


def test_an_item_without_a_barcode_is_given_the_one_on_it(db: None):
    seller = make_seller()
    ids = make_items(seller, RED=1, BLUE=1)
    words = {"seller_id": seller.pk, "actor": MINA}

    name_barcode(item_id=ids["RED"], barcode=" 8801234567893 ", **words)
    name_barcode(item_id=ids["RED"], barcode="8801234567893", **words)

    assert Item.objects.get(pk=ids["RED"]).barcode == "8801234567893"
    assert Change.objects.filter(object_id=ids["RED"], field="barcode").get().actor == "user:Mina"


def test_a_barcode_belongs_to_one_item_and_an_item_has_one(db: None):
    seller = make_seller()
    ids = make_items(seller, RED=1, BLUE=1)
    words = {"seller_id": seller.pk, "actor": MINA}
    name_barcode(item_id=ids["RED"], barcode="8801", **words)

    for code, refusal in {
        "8801": BarcodeTaken,
        "RED": BarcodeTaken,
        "": BarcodeInvalid,
        "x" * 65: BarcodeInvalid,
    }.items():
        with pytest.raises(refusal):
            name_barcode(item_id=ids["BLUE"], barcode=code, **words)
    with pytest.raises(HasBarcode):
        name_barcode(item_id=ids["RED"], barcode="8802", **words)
    with pytest.raises(ItemNotFound):
        name_barcode(item_id=ids["RED"], barcode="8801", seller_id=make_seller("Other").pk, actor=MINA)
    assert set(Item.objects.values_list("sku", "barcode")) == {("RED", "8801"), ("BLUE", "")}
