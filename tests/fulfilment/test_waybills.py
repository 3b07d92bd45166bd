"""Waybill numbers (채번): ranges stay apart, and a number is given once."""

import pytest
from django.db import IntegrityError, transaction

from entrepot.accounts.models import Seller
from entrepot.fulfilment.carriers import KNOWN, looked_at, mod7_number, s10_digit, same_carrier, tracking_address
from entrepot.fulfilment.errors import (
    CarrierNotFound,
    CarrierTaken,
    RangeInvalid,
    RangeNotFound,
    RangeOverlaps,
    WaybillsEmpty,
)
from entrepot.fulfilment.models import Carrier, Waybill, WaybillRange
from entrepot.fulfilment.services.carriers import add_carrier, change_carrier
from entrepot.fulfilment.services.waybills import add_range, allot, close_range
from entrepot.kernel.errors import Invalid
from tests.books import MINA, NOON, make_seller


@pytest.fixture
def seller(db: None) -> Seller:
    return make_seller()


@pytest.fixture
def carrier(seller: Seller) -> Carrier:
    return add_carrier(seller_id=seller.pk, kind="cj", actor=MINA)


def give(carrier: Carrier, first: str, last: str, **words: object) -> WaybillRange:
    return add_range(seller_id=carrier.seller_id, carrier_id=carrier.pk, first=first, last=last, actor=MINA, **words)


def take(carrier: Carrier) -> str:
    return allot(seller_id=carrier.seller_id, carrier_id=carrier.pk, actor=MINA, now=NOON)


def test_a_carrier_of_the_table_comes_with_name_and_address(carrier):
    assert (carrier.name, carrier.kind, carrier.active) == ("CJ대한통운", "cj", True)
    assert tracking_address(carrier.tracking_url, "640012345678").endswith("wblNo=640012345678")


def test_any_other_carrier_is_entered_by_its_name(seller):
    made = add_carrier(seller_id=seller.pk, name=" 가온택배 ", tracking_url="https://gaon.example/{number}", actor=MINA)
    assert (made.name, made.kind, made.tracking_url) == ("가온택배", "", "https://gaon.example/{number}")


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"name": "  "}, "name"), ({"name": "A", "tracking_url": "javascript:alert(1)//{number}"}, "tracking_url"),
     ({"name": "A", "tracking_url": "https://a.example/"}, "tracking_url")],
)  # fmt: skip
def test_a_carrier_without_a_name_or_with_a_wrong_address_is_refused(seller, facts, field):
    with pytest.raises(Invalid) as refusal:
        add_carrier(seller_id=seller.pk, actor=MINA, **facts)
    assert refusal.value.fields["field"] == field
    assert Carrier.objects.count() == 0


def test_a_name_stands_once_for_each_seller(carrier):
    with pytest.raises(CarrierTaken):
        add_carrier(seller_id=carrier.seller_id, kind="cj", actor=MINA)
    add_carrier(seller_id=make_seller("Busan Books").pk, kind="cj", actor=MINA)
    assert Carrier.objects.count() == 2


def test_anothers_carrier_is_not_found(carrier):
    stranger = make_seller("Busan Books").pk
    with pytest.raises(CarrierNotFound):
        change_carrier(seller_id=stranger, carrier_id=carrier.pk, name="Mine", actor=MINA)
    with pytest.raises(CarrierNotFound):
        add_range(seller_id=stranger, carrier_id=carrier.pk, first="1", last="2", actor=MINA)
    with pytest.raises(CarrierNotFound):
        allot(seller_id=stranger, carrier_id=carrier.pk, actor=MINA)
    assert Carrier.objects.get().name == "CJ대한통운"


def test_numbers_are_given_in_order_with_their_zeros_and_the_older_range_first(carrier):
    give(carrier, "0098", "0099")
    give(carrier, "0001", "0002")

    assert [take(carrier) for _ in range(4)] == ["0098", "0099", "0001", "0002"]
    with pytest.raises(WaybillsEmpty):
        take(carrier)
    assert list(Waybill.objects.order_by("id").values_list("number", flat=True)) == ["0098", "0099", "0001", "0002"]


def test_a_range_of_serials_gets_its_last_digit(carrier):
    give(carrier, "64001234560", "64001234561", mod7=True)
    assert [take(carrier), take(carrier)] == [mod7_number("64001234560"), mod7_number("64001234561")]
    assert mod7_number("10") == "103"


def test_a_prefix_stands_before_the_number(carrier):
    give(carrier, "kp-00010", "KP-00011")
    assert take(carrier) == "KP00010"


@pytest.mark.parametrize(("first", "last"), [("200", "299"), ("150", "200"), ("250", "400"), ("100", "999")])
def test_ranges_of_one_carrier_never_share_a_number(carrier, first, last):
    give(carrier, "200", "299")
    with pytest.raises(RangeOverlaps):
        give(carrier, first, last)
    assert WaybillRange.objects.count() == 1


def test_a_closed_range_gives_nothing_and_its_numbers_stay_known(carrier):
    made = give(carrier, "200", "299")
    close_range(seller_id=carrier.seller_id, range_id=made.pk, actor=MINA)

    with pytest.raises(WaybillsEmpty):
        take(carrier)
    with pytest.raises(RangeOverlaps):
        give(carrier, "200", "299")
    with pytest.raises(RangeNotFound):
        close_range(seller_id=make_seller("Busan Books").pk, range_id=made.pk, actor=MINA)


def test_another_carrier_may_have_the_same_numbers(carrier):
    other = add_carrier(seller_id=carrier.seller_id, kind="hanjin", actor=MINA)
    give(carrier, "200", "299")
    give(other, "200", "299")
    assert (take(carrier), take(other)) == ("200", "200")


@pytest.mark.parametrize(
    ("first", "last"), [("", "9"), ("9", "1"), ("09", "123"), ("A1", "B9"), ("1.2E+11", "9"), ("1" * 19, "2" * 19)]
)
def test_what_is_no_range_is_refused(carrier, first, last):
    with pytest.raises(RangeInvalid):
        give(carrier, first, last)
    assert WaybillRange.objects.count() == 0


def test_the_database_itself_refuses_a_number_twice(carrier):
    give(carrier, "200", "299")
    take(carrier)
    with pytest.raises(IntegrityError), transaction.atomic():
        Waybill.objects.create(seller_id=carrier.seller_id, carrier=carrier, number="200", taken_at=NOON)


@pytest.mark.parametrize(
    ("kind", "number", "sentence"),
    [
        ("cj", "640012345678", None),
        ("cj", "6400-1234-5678", None),
        ("cj", "64001234567", "{carrier} numbers usually have {lengths} digits; {number} has {count}."),
        ("lotte", "ABC", "{carrier} numbers are digits; {number} is not."),
        ("epost", "RR473124829KR", None),
        ("epost", "RR473124828KR", "The check digit of {number} does not fit: one of its digits is probably wrong."),
        ("", "anything", None),
    ],
)
def test_a_number_is_warned_about_and_never_refused(kind, number, sentence):
    warned = looked_at(kind, number)
    assert (warned.sentence if warned else None) == sentence


def test_every_carrier_of_the_table_has_an_address_and_lengths():
    assert list(KNOWN) == ["cj", "hanjin", "lotte", "epost", "logen"]
    for known in KNOWN.values():
        assert known.tracking_url.startswith("https://")
        assert "{number}" in known.tracking_url
        assert known.lengths


def test_the_published_example_of_s10_has_its_check_digit():
    assert s10_digit("47312482") == 9


@pytest.mark.parametrize("word", ["CJ 대한통운", "cj logistics", "대한통운", "CJ대한통운"])
def test_a_stores_word_for_a_carrier_is_known(word):
    assert same_carrier("cj", "CJ대한통운", word)
    assert not same_carrier("hanjin", "한진택배", word)
