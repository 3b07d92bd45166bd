"""Many packers at one range of waybill numbers: each number is given once; the twin that looks first gives twice."""

import time

import pytest
from django.db import IntegrityError, connection, transaction

from entrepot.fulfilment.errors import WaybillsEmpty
from entrepot.fulfilment.models import Carrier, Waybill, WaybillRange
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.waybills import add_range, allot
from tests.books import MINA, NOON, make_seller
from tests.race.meeting import at_once, queued_up

PACKERS = 20


@pytest.fixture
def carrier(transactional_db: None) -> Carrier:
    made = add_carrier(seller_id=make_seller().pk, kind="cj", actor=MINA)
    for first, last in [("100", "107"), ("200", "203")]:
        add_range(seller_id=made.seller_id, carrier_id=made.pk, first=first, last=last, actor=MINA)
    return made


def take(carrier: Carrier) -> str:
    return allot(seller_id=carrier.seller_id, carrier_id=carrier.pk, actor=MINA, now=NOON)


def test_twenty_packers_at_twelve_numbers_get_each_once_over_both_ranges(carrier: Carrier) -> None:
    first = WaybillRange.objects.order_by("id")[0].pk
    ends = queued_up("fulfilment_waybillrange", [first], [lambda: take(carrier)] * PACKERS)

    given = sorted(end for end in ends if isinstance(end, str))
    assert given == [*(str(number) for number in range(100, 108)), *(str(number) for number in range(200, 204))]
    assert [type(end) for end in ends if not isinstance(end, str)] == [WaybillsEmpty] * 8
    assert Waybill.objects.count() == 12


def test_a_packer_that_looks_first_and_takes_later_gives_one_number_to_several(carrier: Carrier) -> None:
    """The twin that must fail: only the constraint keeps the numbers apart."""

    def look_then_take() -> str:
        row = WaybillRange.objects.filter(carrier=carrier).order_by("id")[0]
        time.sleep(0.2)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE fulfilment_waybillrange SET next = %s WHERE id = %s", [row.next + 1, row.pk])
            Waybill.objects.create(seller_id=carrier.seller_id, carrier=carrier, number=str(row.next), taken_at=NOON)
        return str(row.next)

    ends = at_once([look_then_take] * 4)

    assert sorted(type(end).__name__ for end in ends) == [*["IntegrityError"] * 3, "str"]
    assert isinstance(next(end for end in ends if not isinstance(end, str)), IntegrityError)
