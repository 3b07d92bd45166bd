"""Looking an order up: by few letters too, by what is written on its parcel, and by one kind of word alone."""

import pytest

from entrepot.fulfilment.finding import with_parcels
from entrepot.fulfilment.models import Shipment
from entrepot.orders import services as orders
from entrepot.orders.queries import OrderFilter
from entrepot.orders.queries import orders as listed
from entrepot.orders.search import Sought, sought, text_of
from tests.books import MINA, NOON, draft, line, make_channel, make_items, make_seller, place_one


@pytest.fixture
def order(channel):
    red = make_items(channel.seller, RED=5)["RED"]
    home = {"name": "김민준", "city": "서울특별시", "postcode": "04524", "phone": "+82 10-2345-6789"}
    return place_one(
        channel,
        draft(
            "20261122-0000007",
            line(red, name="Wool sock", sku="SOCK-RED/L"),
            shipping=home,
            buyer_name="김 민준",
            buyer_email="Minjun@Example.com",
        ),
    )


def _parcel(order, number, **words):
    facts = {"seller_id": order.seller_id, "order_id": order.pk, "packed_at": NOON, **words}
    return Shipment.objects.create(tracking_number=number, **facts)


def _found(order, words):
    by = with_parcels(seller_id=order.seller_id, by=OrderFilter(search=words))
    return [one.pk for one in listed(seller_id=order.seller_id, by=by).rows]


@pytest.mark.parametrize(
    "words",
    [
        "민준", "김민", "김민준", "특별시", "별시", "서울 민준", "wo", "ool", "WOOL", "김", "20261122-0000007",
        "202611220000007", "#20261122-0000007", "01023456789", "010-2345-6789", "2345-6789", "+82-10-2345-6789",
        "minjun@example.com", "sock-red", "sku:sock-red", "SKU:SOCK", "phone:2345-6789", "phone:010-2345-6789",
        "email:minjun@", "buyer:민준", "product:wool", "number:0000007", "number:20261122-0000007", "sku:sock wool",
    ],
)  # fmt: skip
def test_an_order_is_found_by(order, words):
    assert _found(order, words) == [order.pk]


@pytest.mark.parametrize(
    "words",
    [
        "민서",
        "준김",
        "zq",
        "민준 zq",
        "sku:wool",
        "product:red/l",
        "email:민준",
        "phone:0000007",
        "tracking:wool",
        "50%",
    ],
)
def test_an_order_is_not_found_by(order, words):
    assert _found(order, words) == []


def test_an_order_is_found_by_the_number_on_its_parcel_as_soon_as_it_is_written(order):
    assert _found(order, "640012345678") == []

    parcel = _parcel(order, "640012345678")

    assert _found(order, "640012345678") == [order.pk]
    assert _found(order, "6400-1234-5678") == [order.pk]
    assert _found(order, "tracking:640012345678") == [order.pk]
    assert _found(order, "tracking:640012345678 wool") == [order.pk]
    assert _found(order, "tracking:640012345678 zq") == []
    parcel.state = Shipment.State.VOID
    parcel.save(update_fields=["state"])
    assert _found(order, "640012345678") == []


def test_a_tracking_number_with_letters_is_found_in_small_letters(order):
    _parcel(order, "RR123456789KR")

    assert _found(order, "rr123456789kr") == [order.pk]


def test_nobody_finds_an_order_by_the_parcel_of_another_seller(order):
    other = make_channel(make_seller("Other"), "Other shop")
    theirs = place_one(other, draft("9"))
    _parcel(theirs, "640012345678")

    assert _found(order, "640012345678") == []
    assert _found(theirs, "640012345678") == [theirs.pk]


def test_what_the_store_changed_is_found_and_what_it_was_is_not(order, channel):
    item = make_items(channel.seller, BLUE=5)["BLUE"]
    changed = draft("20261122-0000007", line(item, name="Silk scarf"), buyer_name="Ada", remote_version=2)
    orders.amend_order(seller_id=order.seller_id, order_id=order.pk, draft=changed, actor=MINA)

    assert _found(order, "silk ada") == [order.pk]
    assert _found(order, "wool") == []


def test_words_are_read_with_the_field_before_the_colon():
    assert sought("sku:A-1 PHONE:010-1234-5678 http://x a b c d e") == [
        Sought("a-1", "sku", "a-1"),
        Sought("01012345678", "phone", "010-1234-5678"),
        Sought("http://x", "", "http://x"),
        Sought("a", "", "a"),
        Sought("b", "", "b"),
        Sought("c", "", "c"),
    ]
    assert sought("sku: ") == []


def test_the_searched_text_has_small_letters_pairs_of_hangul_and_plain_digits():
    assert (
        text_of(["Kim 010-1234-5678", "서울특별시", "Kim"])
        == " kim 010-1234-5678 서울특별시 01012345678 울특 특별 별시"
    )


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("buyer135973@gmail.com", ["r135973"]),
        ("jo@naver.com", ["jo@naver.com"]),
        ("sku-04990", ["04990"]),
        ("01029425253", ["9425253"]),
        ("20251124-0666667", ["1240666"]),
        ("wool 민준 김민준영 zq", ["wool", " 민준", "김민준영", " zq"]),
    ],
)
def test_an_index_is_asked_for_the_piece_of_a_word_that_few_texts_have(words, keys):
    assert [word.key for word in sought(words)] == keys
