"""Products are found by any part of their words, however many there are and wherever they stand in the list."""

import pytest

from entrepot.accounts.models import Seller
from entrepot.catalog import queries, search
from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ProductDraft
from entrepot.catalog.models import Item
from entrepot.catalog.search import rare_piece
from tests.books import MINA, make_seller


@pytest.fixture
def seller(db: None) -> Seller:
    return make_seller()


def make(seller: Seller, name: str, *skus: str, brand: str = "", barcode: str = "") -> None:
    several = len(skus) > 1
    items = [ItemDraft(sku=sku, options=[("Size", sku)] if several else [], barcode=barcode) for sku in skus]
    catalog.create_product(seller_id=seller.pk, draft=ProductDraft(name=name, items=items, brand=brand), actor=MINA)


def found(seller: Seller, text: str, **by: object) -> list[str]:
    return [row.name for row in queries.products(seller_id=seller.pk, search=text, **by).rows]  # type: ignore[arg-type]


@pytest.fixture(params=["among the newest", "by the index"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test looks both ways: with a window that holds all, and with one that holds nothing."""
    monkeypatch.setattr(search, "WINDOW", 3000 if request.param == "among the newest" else 0)


def test_by_any_part_of_name_sku_or_an_items_name_and_by_the_whole_barcode(seller: Seller, way: None):
    make(seller, "Warm wool sock", "WS-1", barcode="8801234567893")
    make(seller, "면양말", "KR-1")
    make(seller, "Shirt 100%", "SH_RED", "SH_BLUE")
    for text, names in [
        ("WOOL", ["Warm wool sock"]), ("ws-", ["Warm wool sock"]), ("8801234567893", ["Warm wool sock"]),
        ("88012", []), ("양말", ["면양말"]), ("면", ["면양말"]), ("sh_r", ["Shirt 100%"]), ("SHXR", []),
        ("100%", ["Shirt 100%"]), ("1%", []), ("shirt 100% sh_b", ["Shirt 100%"]), ("-1", ["면양말", "Warm wool sock"]),
    ]:  # fmt: skip
        assert found(seller, text) == names, text


def test_a_merged_items_own_sku_finds_the_kept_ones_product_and_its_name_does_not(seller: Seller):
    make(seller, "Sock", "RED")
    make(seller, "Socke", "ROT-7")
    red, rot = (Item.objects.get(sku=sku).pk for sku in ("RED", "ROT-7"))
    catalog.absorb(seller_id=seller.pk, kept_id=red, merged_id=rot, actor=MINA)
    assert found(seller, "ROT-7") == ["Sock"]
    assert found(seller, "Sock") == ["Socke", "Sock"]  # its emptied product is the caller's to drop


def test_words_brand_and_kind_narrow_together_and_pages_follow_without_gap(seller: Seller, way: None):
    for n in range(5):
        make(seller, f"Sock {n}", f"S-{n}", brand="Sodam")
    make(seller, "Sock of nobody", "S-X")
    make(seller, "Sock group", "G-1", "G-2", brand="Sodam")
    make(make_seller("Busan"), "Sock of another", "S-Y")
    brand = queries.brands(seller_id=seller.pk)[0].pk
    names, after = [], ""
    while True:
        page = queries.products(seller_id=seller.pk, search="sock", brand_id=brand, kind="single", after=after, limit=2)
        names += [row.name for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert names == ["Sock 4", "Sock 3", "Sock 2", "Sock 1", "Sock 0"]
    assert found(seller, "sock", brand_id=brand, kind="group") == ["Sock group"]


def test_what_lies_behind_the_window_is_found_too(seller: Seller, monkeypatch: pytest.MonkeyPatch):
    make(seller, "Old teapot", "T-1")
    make(seller, "Old sock", "S-0")
    for n in range(3):
        make(seller, f"Sock {n}", f"S-{n + 1}")
    monkeypatch.setattr(search, "WINDOW", 2)
    assert found(seller, "teapot") == ["Old teapot"]
    assert found(seller, "sock") == ["Sock 2", "Sock 1", "Sock 0", "Old sock"]


@pytest.mark.parametrize(("text", "piece"), [
    ("SKU-0004990", "0004990"), ("WOOL SOCK", "WOOL"), ("BUYER135973", "R135973"), ("양말", "양말"), ("A-1", "A-1"),
])  # fmt: skip
def test_an_index_is_asked_for_a_short_and_rich_piece(text: str, piece: str):
    assert rare_piece(text) == piece
