"""Products by file: created, changed, and the template that comes back as it went."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.catalog.errors import (
    AttributeIncomplete,
    PictureAddressInvalid,
    TooManyAttributes,
    TooManyPictures,
)
from entrepot.catalog.models import Brand, Category, Change, Item, Product
from entrepot.sheets import services
from entrepot.sheets.models import Upload
from tests.books import MINA, figure, make_items, make_seller
from tests.sheets.books_of_files import counts, done, sheets, take, template, wrong, xlsx

pytestmark = pytest.mark.django_db
HEAD = [
    "SKU", "Name", "Group", "Option 1: name", "Option 1: value", "Option 2: name", "Option 2: value", "Barcode",
    "Brand", "Category", "Weight (g)", "Cost", "Cost currency", "Opening stock",
]  # fmt: skip
SOCKS = [
    ["S-RM", "Sock red M", "Sock", "Colour", "Red", "Size", "M", "8801234567893", "Seoul",
     "Clothes > Socks", 85, 4200, "krw", 25],
    ["S-RL", "Sock red L", "Sock", "Colour", "Red", "Size", "L", None, None, None, 90, 4300, "KRW", 3],
    ["CAP", "A cap", None, None, None, None, None, None, "Seoul", "Clothes > Caps | Sale", 120.5, None, None, None],
]  # fmt: skip


@pytest.fixture
def seller():
    return make_seller()


def test_single_products_and_groups_are_made_with_their_stock(seller):
    upload = take(seller, "products-new", xlsx([HEAD, *SOCKS]))
    assert (wrong(upload), counts(upload)) == ([], (3, 0, 0, 0))
    assert upload.facts["news"] == {"brand": ["Seoul"], "category": ["Clothes > Caps", "Clothes > Socks", "Sale"]}
    assert Item.objects.count() == 0
    assert counts(done(upload)) == (0, 0, 0, 3)
    group = Product.objects.get(name="Sock")
    assert (group.is_group, group.brand.name, group.items.count()) == (True, "Seoul", 2)
    red = Item.objects.get(sku="S-RM")
    assert (red.kind, red.options, red.barcode, red.weight_grams, red.cost, red.cost_currency) == (
        "variation", [["Colour", "Red"], ["Size", "M"]], "8801234567893", 85, 4200, "KRW",
    )  # fmt: skip
    cap = Item.objects.get(sku="CAP")
    assert (cap.kind, cap.product.name, cap.weight_grams) == ("single", "A cap", Decimal("120.5"))
    assert sorted(cap.product.categories.values_list("name", flat=True)) == ["Caps", "Sale"]
    assert (figure(red.pk), figure(cap.pk)) == ((25, 0), (0, 0))


def test_a_new_variation_joins_the_group_it_names(seller):
    done(take(seller, "products-new", xlsx([HEAD, SOCKS[0]])))
    late = ["S-RL", "Sock red L", "Sock", "Colour", "Red", "Size", "L"]
    done(take(seller, "products-new", xlsx([HEAD, late])))
    assert (Product.objects.count(), Product.objects.get().items.count()) == (1, 2)


def test_rows_that_do_not_fit_are_refused_one_by_one(seller):
    make_items(seller, OLD=1)
    rows = [
        HEAD,
        ["OLD", "Known"],
        ["A", None],
        ["B", "B", "Shirt", None, None],
        ["C", "C", "Shirt", "Colour", "Red"],
        ["D", "D", "Shirt", "Colour", "Red"],
        ["E", "E", "Shirt", "Size", "M"],
        ["F", "F", None, "Size", "M"],
        ["G", "G", "Shirt", "Colour", "Blue", None, None, None, "Other"],
        ["H", "H", "Shirt", "Colour", "Green", None, None, None, "Seoul"],
        ["I", "I", None, None, None, None, None, 12345],
        ["J", "J"],
        ["J", "J again"],
    ]
    upload = take(seller, "products-new", xlsx(rows))
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [
        (2, "sku"), (3, "name"), (4, "option1_name"), (6, "option1_value"), (7, "option1_name"), (8, "group"),
        (10, "brand"), (11, "barcode"), (12, "sku"), (13, "sku"),
    ]  # fmt: skip
    done(upload)
    assert sorted(Item.objects.values_list("sku", flat=True)) == ["C", "G", "OLD"]


def test_a_change_touches_only_what_differs_and_is_taken_back(seller):
    done(take(seller, "products-new", xlsx([HEAD, *SOCKS])))
    rows = [
        ["SKU", "Name", "Barcode", "Weight (g)", "Category", "Brand", "Option 2: value"],
        ["S-RM", "Red sock M", "[clear]", 85, None, None, "XL"],
        ["CAP", None, None, None, "Sale", "Busan", None],
        ["S-RL", None, None, 90, None, None, None],
    ]
    upload = take(seller, "products", xlsx(rows))
    assert (wrong(upload), counts(upload)) == ([], (2, 1, 0, 0))
    assert upload.rows.get(number=2).before == {
        "name": "Sock red M", "barcode": "8801234567893", "option2_value": "M",
        "product": Product.objects.get(name="Sock").pk,
    }  # fmt: skip
    upload = done(upload)
    red, cap = Item.objects.get(sku="S-RM"), Item.objects.get(sku="CAP")
    assert (red.name, red.barcode, red.weight_grams, red.options[1]) == ("Red sock M", "", 85, ["Size", "XL"])
    assert (cap.product.brand.name, [one.name for one in cap.product.categories.all()]) == ("Busan", ["Sale"])
    assert {(one.field, one.actor) for one in Change.objects.filter(object_id=red.pk, object_type="item")} == {
        ("name", "user:Mina"), ("barcode", "user:Mina"), ("options", "user:Mina"),
    }  # fmt: skip
    back = services.take_back(seller_id=seller.pk, upload_id=upload.pk, actor=MINA)
    services.work_upload(back.pk)
    done(Upload.objects.get(pk=back.pk))
    red.refresh_from_db()
    assert (red.name, red.barcode, red.options[1]) == ("Sock red M", "8801234567893", ["Size", "M"])
    assert Item.objects.get(sku="CAP").product.brand.name == "Seoul"


def test_changes_that_make_variations_alike_or_group_a_single_are_refused(seller):
    done(take(seller, "products-new", xlsx([HEAD, *SOCKS])))
    rows = [["SKU", "Option 2: value", "Group"], ["S-RL", "M", None], ["CAP", None, "Sock"], ["CAP ", "M", None]]
    upload = take(seller, "products", xlsx(rows))
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [
        (2, "option1_value"), (3, "group"), (4, "option1_name"),
    ]  # fmt: skip


def test_another_sellers_item_is_not_known(seller):
    make_items(make_seller("Other"), THEIRS=1)
    upload = take(seller, "products", xlsx([["SKU", "Name"], ["THEIRS", "Mine now"]]))
    assert (counts(upload), Item.objects.get().name) == ((0, 0, 1, 0), "THEIRS sock")


WORD = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(
    lambda word: word[0] not in "=#'[" and not set("|>›»_") & set(word) and word.strip() == word
    and not word[0].isdigit()
)  # fmt: skip
FIGURE = st.decimals(0, 100_000, places=3)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORD, WORD, WORD, FIGURE, FIGURE), min_size=1, max_size=5, unique_by=lambda row: row[0]))
def test_what_a_filled_template_holds_is_what_was_uploaded(db, rows):
    Product.objects.all().delete()
    Brand.objects.all().delete()
    Category.objects.all().delete()
    seller = make_seller()
    given_rows = [
        ["SKU", "Name", "Category", "Weight (g)", "Cost"],
        *[[a, b, c, float(w), float(m)] for a, b, c, w, m in rows],
    ]
    upload = done(take(seller, "products-new", xlsx_texts(given_rows)))
    assert counts(upload) == (0, 0, 0, len(rows))
    book = template(seller, "products", filled=True)
    table = next(iter(sheets(book).values()))
    heads = [str(cell).removesuffix(" *") for cell in table[0]]
    told = [[row[heads.index(name)] for name in given_rows[0]] for row in table[1:]]
    blank = [[cell if cell != "" else 0.0 for cell in row] for row in told]
    assert sorted(blank, key=str) == sorted(given_rows[1:], key=str)
    assert counts(take(seller, "products", book)) == (0, len(rows), 0, 0)


def xlsx_texts(rows):
    return xlsx(rows)


def test_a_new_variation_must_differ_as_its_known_siblings_do(seller):
    done(take(seller, "products-new", xlsx([HEAD, SOCKS[0]])))
    rows = [["X", "X", "Sock", "Colour", "Red", "Size", "M"], ["Y", "Y", "Sock", "Length", "Long"]]
    upload = take(seller, "products-new", xlsx([HEAD, *rows]))
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(2, "option1_value"), (3, "option1_name")]


def test_a_barcode_of_another_item_is_refused(seller):
    done(take(seller, "products-new", xlsx([HEAD, *SOCKS])))
    rows = [["SKU", "Barcode"], ["CAP", "8801234567893"], ["S-RL", "0012345678905"], ["S-RM", "8801234567893"]]
    upload = take(seller, "products", xlsx(rows))
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(2, "barcode")]
    fresh = [["SKU", "Name", "Barcode"], ["N1", "N1", "8801234567893"], ["N2", "N2", "123"], ["N3", "N3", "123"]]
    upload = take(seller, "products-new", xlsx(fresh))
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(2, "barcode"), (4, "barcode")]


# --------------------------------------------------------------------------- what the whole product says of itself

SAID = ["SKU", "Name", "Group", "Option 1: name", "Option 1: value", "Description", "Attributes", "Further pictures"]
SIDE, BACK = "https://img.example/side.jpg", "https://img.example/back.jpg"
WOOL = ["Warm.", "Fabric: Wool | Made in: Korea", f"{SIDE} | {BACK}"]


def words_of(name: str) -> tuple[object, object, object]:
    return Product.objects.values_list("description", "attributes", "images").get(name=name)


def test_products_are_made_with_their_words_in_english_and_in_korean(seller):
    rows = [SAID, ["S-M", "Sock M", "Sock", "Size", "M", *WOOL], ["S-L", "Sock L", "Sock", "Size", "L"]]
    done(take(seller, "products-new", xlsx(rows)))
    assert words_of("Sock") == ("Warm.", [["Fabric", "Wool"], ["Made in", "Korea"]], [SIDE, BACK])
    korean = [["SKU", "상품명", "상세설명", "속성", "추가이미지"], ["CAP", "모자", "따뜻해요", "소재: 울", SIDE]]
    done(take(seller, "products-new", xlsx(korean)))
    assert words_of("모자") == ("따뜻해요", [["소재", "울"]], [SIDE])


@pytest.mark.parametrize(
    ("place", "cell", "said"),
    [(6, "Wool", AttributeIncomplete), (6, "Fabric: outside: Wool\nSize:", AttributeIncomplete),
     (6, "\n".join(["Fabric: Wool"] * 51), TooManyAttributes), (7, "sock.jpg", PictureAddressInvalid),
     (7, " ".join(f"{SIDE}?{n}" for n in range(21)), TooManyPictures)],
)  # fmt: skip
def test_words_that_no_product_can_keep_are_refused_with_the_reason(seller, place, cell, said):
    row = ["CAP", "Cap", None, None, None, *WOOL]
    row[place] = cell
    upload = take(seller, "products-new", xlsx([SAID, row]))
    assert wrong(upload) == [(2, "attributes" if place == 6 else "images", said.message)]
    assert Product.objects.count() == 0


def test_variations_of_one_product_say_the_same_of_it(seller):
    rows = [SAID, ["S-M", "Sock M", "Sock", "Size", "M", *WOOL], ["S-L", "Sock L", "Sock", "Size", "L", "Cold."]]
    assert [(row, column) for row, column, _sentence in wrong(take(seller, "products-new", xlsx(rows)))] == [
        (3, "description")
    ]


def test_words_are_changed_emptied_and_taken_back_by_file(seller):
    done(take(seller, "products-new", xlsx([SAID, ["CAP", "Cap", None, None, None, *WOOL]])))
    head = ["SKU", "Description", "Attributes", "Further pictures"]
    upload = take(seller, "products", xlsx([head, ["CAP", None, "Fabric: Silk", "[clear]"]]))
    done(upload)
    assert words_of("Cap") == ("Warm.", [["Fabric", "Silk"]], [])
    fields = Change.objects.filter(object_type="product").order_by("field").values_list("field", flat=True)
    assert list(fields) == ["attributes", "images"]
    back = services.take_back(seller_id=seller.pk, upload_id=upload.pk, actor=MINA)
    services.work_upload(back.pk)
    done(Upload.objects.get(pk=back.pk))
    assert words_of("Cap") == ("Warm.", [["Fabric", "Wool"], ["Made in", "Korea"]], [SIDE, BACK])


def test_a_template_comes_back_as_it_went_and_leaves_blank_what_a_cell_cannot_hold(seller):
    done(take(seller, "products-new", xlsx([SAID, ["CAP", "Cap", None, None, None, *WOOL]])))
    assert counts(take(seller, "products", template(seller, "products", filled=True))) == (0, 1, 0, 0)
    product = Product.objects.get()
    long, bars = "x" * 40_000, [["Size", "S | M"]]
    Product.objects.filter(pk=product.pk).update(description=long, attributes=bars)
    assert counts(take(seller, "products", template(seller, "products", filled=True))) == (0, 1, 0, 0)
    assert words_of("Cap") == (long, bars, [SIDE, BACK])
