"""Telling a mall what becomes of an order before its parcel: prepared, held, canceled. Numbers: reference §9."""

from dataclasses import replace

import pytest

from entrepot.connectors.cafe24.errors import GoneFromMall
from entrepot.connectors.cafe24.order_errors import (
    AlreadyShipped,
    OrderMovedOn,
    ParcelsTellThis,
    UnknownStatus,
)
from entrepot.connectors.cafe24.order_sinks import Cafe24Cancellations, Cafe24Statuses
from entrepot.connectors.contract import StatusWrite, WriteAnswer
from entrepot.kernel.errors import ChannelDown, ChannelError
from tests.connectors.cafe24.order_rig import rig


@pytest.fixture
def mall():
    with rig() as opened:
        opened.mall.settings.use_product_prepare_status = True
        yield opened


def write(order_id, status_id="", **changes):
    return StatusWrite(key=f"{order_id}-{status_id}", order_id=order_id, status_id=status_id, **changes)


def tell(mall, order_id, status_id, **changes):
    return Cafe24Statuses(mall.session()).tell(write(order_id, status_id, **changes))


def cancel(mall, order_id, **changes):
    return Cafe24Cancellations(mall.session()).cancel(write(order_id, "C40", **changes))


def refused(mall, order_id, kind, deed):
    before = mall.mall.order(order_id)
    with pytest.raises(ChannelError) as caught:
        deed()
    assert type(caught.value) is kind, repr(caught.value)
    assert mall.mall.order(order_id) == before
    return caught.value.message.format(**caught.value.fields)


# --------------------------------------------------------------------------- prepared, held, released


# §9.29
def test_an_order_is_prepared_held_and_released(mall):
    order_id = mall.place(1, 1)
    for status_id, codes in (("N20", "N20"), ("N10", "N10"), ("N22", "N22"), ("N20", "N20"), ("N22", "N22")):
        assert tell(mall, order_id, status_id) == WriteAnswer(remote_id=order_id, repeated=False)
        assert mall.statuses(order_id) == [codes, codes]
        assert tell(mall, order_id, status_id) == WriteAnswer(remote_id=order_id, repeated=True)
    words = [body["request"]["process_status"] for body in mall.journal.bodies]
    assert words == ["prepare", "prepareproduct", "hold", "unhold", "prepare", "hold"]


def test_what_is_released_stays_where_it_comes_back_to(mall):
    order_id = mall.place(1)
    tell(mall, order_id, "N20")
    tell(mall, order_id, "N22")
    assert tell(mall, order_id, "N10").repeated is False
    assert mall.statuses(order_id) == ["N20"]


def test_only_the_lines_named_are_moved(mall):
    order_id = mall.place(1, 1)
    tell(mall, order_id, "N22", line_ids=[f"{order_id}-02"])
    assert mall.statuses(order_id) == ["N10", "N22"]


def test_a_mall_without_the_first_step_is_where_it_should_be_from_the_start(mall):
    mall.mall.settings.use_product_prepare_status = False
    order_id = mall.place(1)
    assert tell(mall, order_id, "N10").repeated is True
    assert mall.statuses(order_id) == ["N20"]


@pytest.mark.parametrize("status_id", ["N21", "N30", "N40", "N50"])
def test_what_parcels_tell_is_told_by_parcels(mall, status_id):
    order_id = mall.place(1)
    words = refused(mall, order_id, ParcelsTellThis, lambda: tell(mall, order_id, status_id))
    assert f"state {status_id}" in words


@pytest.mark.parametrize("status_id", ["N00", "C40", "R40", "9999", ""])
def test_a_state_that_nobody_gives_to_an_order_is_refused(mall, status_id):
    order_id = mall.place(1)
    refused(mall, order_id, UnknownStatus, lambda: tell(mall, order_id, status_id))


def test_an_order_that_has_moved_on_is_not_overwritten(mall):
    order_id = mall.place(1)
    refused(mall, order_id, OrderMovedOn, lambda: tell(mall, order_id, "N20", expected_status_id="N22"))
    mall.mall.ship_in_admin(order_id)
    words = refused(mall, order_id, OrderMovedOn, lambda: tell(mall, order_id, "N22"))
    assert "N30" in words


def test_an_order_that_is_gone_is_told_as_gone(mall):
    with pytest.raises(GoneFromMall):
        tell(mall, "20200101-0000001", "N20")
    with pytest.raises(GoneFromMall):
        cancel(mall, "20200101-0000001")


def test_a_state_whose_answer_was_lost_is_found_done(mall):
    order_id = mall.place(1)
    mall.server.faults.add("lost", resource="write")
    with pytest.raises(ChannelDown):
        tell(mall, order_id, "N20")
    assert tell(mall, order_id, "N20").repeated is True


def test_somebody_who_is_quicker_in_the_mall_is_no_trouble(mall):
    order_id = mall.place(1)

    def meanwhile(call):
        if call.method == "GET" and f"orders/{order_id}" in call.url:
            mall.journal.meanwhile = lambda _call: None
            mall.mall.hold(order_id)

    mall.journal.meanwhile = meanwhile
    assert tell(mall, order_id, "N22").repeated is True
    assert mall.statuses(order_id) == ["N22"]


# --------------------------------------------------------------------------- canceled by the seller


def test_an_order_is_canceled_once_and_its_stock_goes_back(mall):
    variant = mall.product().variants[0]
    before = variant.quantity
    order_id = mall.place(2)
    assert variant.quantity == before - 2
    first, second = cancel(mall, order_id, comment="품절"), cancel(mall, order_id, comment="품절")
    assert (first.remote_id[:1], first.repeated, second) == ("C", False, replace(first, repeated=True))
    assert (mall.statuses(order_id), variant.quantity) == (["C40"], before)
    [body] = [body["request"] for body in mall.journal.bodies]
    assert (body["status"], body["recover_inventory"], body["reason"]) == ("canceled", "T", "품절")


def test_an_unpaid_order_is_canceled_as_one(mall):
    order_id = mall.place(1, paid=False)
    cancel(mall, order_id)
    assert (mall.statuses(order_id), cancel(mall, order_id).repeated) == (["C49"], True)


def test_what_has_left_stays_and_what_has_not_is_canceled(mall):
    order_id = mall.place(1, 1)
    mall.mall.ship_in_admin(order_id, items=[f"{order_id}-01"])
    cancel(mall, order_id)
    assert mall.statuses(order_id) == ["N30", "C40"]


def test_an_order_that_has_left_cannot_be_canceled(mall):
    order_id = mall.place(1)
    mall.mall.ship_in_admin(order_id)
    refused(mall, order_id, AlreadyShipped, lambda: cancel(mall, order_id))


def test_one_line_is_canceled_alone(mall):
    order_id = mall.place(1, 3)
    cancel(mall, order_id, line_ids=[f"{order_id}-02"])
    assert mall.statuses(order_id) == ["N10", "C40"]


def test_an_order_in_another_state_than_expected_is_not_canceled(mall):
    order_id = mall.place(1)
    refused(mall, order_id, OrderMovedOn, lambda: cancel(mall, order_id, expected_status_id="N20"))


def test_a_wish_to_cancel_is_granted_by_canceling(mall):
    order_id = mall.place(1)
    mall.mall.request_cancel(order_id)
    cancel(mall, order_id)
    assert mall.statuses(order_id) == ["C40"]


def test_an_order_on_its_way_to_be_canceled_is_left_to_the_mall(mall):
    order_id = mall.place(1)
    mall.mall.accept_cancel(order_id, status="canceling")
    assert cancel(mall, order_id).repeated is True
    assert mall.statuses(order_id) == ["C34"]


# §9.28
@pytest.mark.parametrize("fault", ["lost", "late"])
def test_a_cancellation_whose_answer_was_lost_cancels_once(mall, fault):
    order_id = mall.place(1)
    mall.server.faults.add(fault, resource="write")
    with pytest.raises(ChannelDown):
        cancel(mall, order_id)
    assert cancel(mall, order_id).repeated is True
    assert len(mall.mall.orders.claims) == 1


# §9.44
def test_an_order_of_a_market_is_canceled_without_the_words_that_markets_refuse(mall):
    order_id = mall.place(1, market="gmarket")
    cancel(mall, order_id)
    [body] = [body["request"] for body in mall.journal.bodies]
    assert sorted(body) == ["items", "reason", "recover_inventory", "status"]
    assert mall.statuses(order_id) == ["C40"]
