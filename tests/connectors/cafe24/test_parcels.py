"""Telling a mall of parcels: one parcel, never two. Numbers: reference §9."""

import pytest

from entrepot.connectors.cafe24.errors import GoneFromMall, OrderStateRefused
from entrepot.connectors.cafe24.order_errors import (
    CancelAskedFirst,
    CarrierUnknown,
    NothingToShip,
    NotPaidYet,
    OnHoldInMall,
    ParcelIncomplete,
)
from entrepot.connectors.cafe24.shipments import Cafe24Shipments
from entrepot.connectors.contract import ChannelCarrier, ShipmentWrite, WriteAnswer
from entrepot.kernel.errors import ChannelDown, ChannelError
from tests.connectors.cafe24.order_rig import rig

NUMBER, OTHER_NUMBER = "612345678901", "612345678902"


@pytest.fixture
def mall():
    with rig() as opened:
        yield opened


def parcel(order_id, state="ready", **changes):
    given = {"carrier": "0006", "tracking_number": NUMBER, "key": f"{order_id}-{state}"} | changes
    return ShipmentWrite(order_id=order_id, state=state, **given)


def ship(mall, order_id, state="ready", **changes):
    return Cafe24Shipments(mall.session()).ship(parcel(order_id, state, **changes))


def issued(mall, order_id):
    return mall.mall.order(order_id)["parcels_issued"]


def refused(mall, order_id, kind, state="ready", **changes):
    """The telling is refused with this very class, and nothing has changed in the mall."""
    before = mall.mall.order(order_id)
    with pytest.raises(ChannelError) as caught:
        ship(mall, order_id, state, **changes)
    assert type(caught.value) is kind, repr(caught.value)
    assert mall.mall.order(order_id) == before
    return caught.value.message.format(**caught.value.fields)


# --------------------------------------------------------------------------- the way of a parcel


def test_a_parcel_goes_from_packed_to_delivered(mall):
    order_id = mall.place(2, 1)
    seen = []
    for state in ("ready", "handed_over", "delivered"):
        answer = ship(mall, order_id, state)
        assert answer == WriteAnswer(remote_id=f"D-{order_id}-00", repeated=False)
        seen.append(mall.statuses(order_id))
    assert seen == [["N21", "N21"], ["N30", "N30"], ["N40", "N40"]]
    assert issued(mall, order_id) == 1


@pytest.mark.parametrize(("state", "codes"), [("ready", ["N21"]), ("handed_over", ["N30"]), ("delivered", ["N40"])])
def test_a_parcel_told_late_takes_all_its_steps_at_once_and_a_repeat_takes_none(mall, state, codes):
    order_id = mall.place(1)
    first = ship(mall, order_id, state)
    mall.journal.calls.clear()
    second = ship(mall, order_id, state)
    assert (first.repeated, second.repeated, second.remote_id) == (False, True, first.remote_id)
    assert (mall.statuses(order_id), issued(mall, order_id)) == (codes, 1)
    assert mall.journal.lines == [f"GET orders/{order_id}/shipments"]


def test_packing_costs_three_calls(mall):
    order_id = mall.place(1)
    mall.journal.calls.clear()
    ship(mall, order_id)
    assert mall.journal.lines == [
        f"GET orders/{order_id}/shipments",
        f"GET orders/{order_id}",
        f"POST orders/{order_id}/shipments",
    ]


# §9.29
def test_goods_still_being_prepared_are_prepared_first(mall):
    mall.mall.settings.use_product_prepare_status = True
    order_id = mall.place(1)
    assert mall.statuses(order_id) == ["N10"]
    ship(mall, order_id)
    assert mall.statuses(order_id) == ["N21"]
    assert [body["request"].get("process_status") for body in mall.journal.bodies] == ["prepare", None]


def test_some_lines_are_packed_and_the_others_wait(mall):
    order_id = mall.place(1, 1, 1)
    answer = ship(mall, order_id, line_ids=[f"{order_id}-01", f"{order_id}-03"])
    assert mall.statuses(order_id) == ["N21", "N20", "N21"]
    second = ship(mall, order_id, line_ids=[f"{order_id}-02"], tracking_number=OTHER_NUMBER)
    assert answer.remote_id != second.remote_id
    assert sorted(found.tracking_number for found in mall.order(order_id).parcels) == [NUMBER, OTHER_NUMBER]
    ship(mall, order_id, "handed_over", line_ids=[f"{order_id}-02"], tracking_number=OTHER_NUMBER)
    assert mall.statuses(order_id) == ["N21", "N30", "N21"]


def test_the_lines_of_a_bundle_are_one_item_of_the_mall(mall):
    parts = [(mall.code(1), 2), (mall.code(2), 1)]
    order_id = mall.mall.place_order(bundle=[(mall.code(0), 1, parts)], check=False)
    ship(mall, order_id, line_ids=[f"{order_id}-01/1", f"{order_id}-01/2"])
    assert mall.statuses(order_id) == ["N21"]
    assert mall.order(order_id).parcels[0].line_ids == (f"{order_id}-01/1", f"{order_id}-01/2")


# §9.42
def test_each_receivers_goods_travel_on_their_own(mall):
    receivers = [{"name": "하나"}, {"name": "둘", "address1": "부산광역시 중구 둘째로 2"}]
    order_id = mall.mall.place_order([(mall.code(0), 1, 0), (mall.code(1), 1, 1)], receivers=receivers, check=False)
    second = mall.orders().fetch([order_id]).orders[1].remote_id
    ship(mall, second)
    assert mall.statuses(order_id) == ["N20", "N21"]
    ship(mall, order_id, tracking_number=OTHER_NUMBER)
    assert mall.statuses(order_id) == ["N21", "N21"]
    assert [order.parcels[0].tracking_number for order in mall.orders().fetch([order_id]).orders] == [
        OTHER_NUMBER,
        NUMBER,
    ]


# §9.42
def test_a_receivers_lines_are_found_though_the_mall_gave_one_of_them_a_shipping_code_nobody_has(mall):
    receivers = [{"name": "하나"}, {"name": "둘", "address1": "부산광역시 중구 둘째로 2"}]
    goods = [(mall.code(0), 1, 0), (mall.code(1), 1, 1), (mall.code(2), 1, 1)]
    order_id = mall.mall.place_order(goods, receivers=receivers, check=False)
    second = mall.orders().fetch([order_id]).orders[1]
    first_line, other_line = [line.remote_id for line in second.lines]
    ship(mall, second.remote_id, line_ids=[first_line])
    ship(mall, second.remote_id, line_ids=[other_line], tracking_number=OTHER_NUMBER)
    for line, number in ((first_line, NUMBER), (other_line, OTHER_NUMBER)):
        ship(mall, second.remote_id, "handed_over", line_ids=[line], tracking_number=number)
    assert (mall.statuses(order_id), issued(mall, order_id)) == (["N20", "N30", "N30"], 2)


# §9.19
def test_the_replacement_in_an_exchange_is_shipped_by_itself(mall):
    order_id = mall.place(1)
    ship(mall, order_id, "delivered")
    replacement = f"{order_id}:{mall.mall.exchange(order_id)}"
    ship(mall, replacement, "handed_over", tracking_number=OTHER_NUMBER)
    assert mall.statuses(order_id) == ["E10", "N30"]
    assert mall.order(replacement).status_id == "N30"


# §9.49
def test_goods_fetched_at_the_shop_need_no_parcel_to_be_ready(mall):
    mall.mall.settings.use_product_prepare_status = True
    order_id = mall.place(1, store_pickup=True)
    for state, codes in (("ready", ["N20"]), ("handed_over", ["N30"]), ("delivered", ["N40"])):
        ship(mall, order_id, state, carrier="", tracking_number="")
        ship(mall, order_id, state, carrier="", tracking_number="")
        assert mall.statuses(order_id) == codes
    [found] = mall.order(order_id).parcels
    assert (found.carrier, found.tracking_number, issued(mall, order_id)) == ("0001", "PICKUP", 1)


# --------------------------------------------------------------------------- the number


# §9.21
def test_another_number_is_written_alone_and_the_state_after_it(mall):
    order_id = mall.place(1)
    ship(mall, order_id)
    ship(mall, order_id, "handed_over", tracking_number=OTHER_NUMBER, carrier="0018")
    requests = [body["request"] for body in mall.journal.bodies]
    assert requests[1:] == [
        {"tracking_no": OTHER_NUMBER, "shipping_company_code": "0018"},
        {"status": "shipping"},
    ]
    [found] = mall.order(order_id).parcels
    assert (found.tracking_number, found.carrier, found.state) == (OTHER_NUMBER, "0018", "handed_over")
    assert issued(mall, order_id) == 1


def test_a_number_corrected_before_the_carrier_came_stays_one_parcel(mall):
    order_id = mall.place(1)
    ship(mall, order_id)
    answer = ship(mall, order_id, tracking_number=OTHER_NUMBER)
    assert (answer.repeated, mall.statuses(order_id), issued(mall, order_id)) == (False, ["N21"], 1)
    assert mall.order(order_id).parcels[0].tracking_number == OTHER_NUMBER


def test_goods_that_somebody_sent_in_the_mall_keep_that_number(mall):
    order_id = mall.place(1)
    mall.mall.ship_in_admin(order_id, tracking_no=OTHER_NUMBER)
    answer = ship(mall, order_id)
    assert (answer.repeated, mall.statuses(order_id), issued(mall, order_id)) == (True, ["N30"], 1)
    assert mall.order(order_id).parcels[0].tracking_number == OTHER_NUMBER


# §9.24
@pytest.mark.parametrize("listed", [False, True])
def test_a_carrier_filled_in_ahead_is_no_parcel(mall, listed):
    mall.mall.orders.switches.unsent_shipments_listed = listed
    order_id = mall.place(1)
    assert mall.mall.order(order_id)["items"][0]["shipping_company_code"]
    assert ship(mall, order_id).repeated is False
    assert mall.statuses(order_id) == ["N21"]


# §9.23
def test_a_state_with_a_blank_behind_it_is_understood(mall):
    mall.mall.orders.switches.trailing_blank = True
    order_id = mall.place(1)
    ship(mall, order_id, "handed_over")
    assert ship(mall, order_id, "handed_over").repeated is True


# §9.25
def test_carriers_are_named_by_the_code_that_parcels_take(mall):
    carriers = Cafe24Shipments(mall.session()).carriers()
    assert carriers[0] == ChannelCarrier(
        remote_id="0006", name="CJ대한통운", tracking_url=carriers[0].tracking_url, default=True
    )
    assert {carrier.remote_id for carrier in carriers} >= {"0001", "0018", "0079"}


# §9.25
@pytest.mark.parametrize("preparing", [False, True])
def test_a_carrier_the_mall_does_not_have_is_refused_and_nothing_is_told(mall, preparing):
    mall.mall.settings.use_product_prepare_status = preparing
    words = refused(mall, mall.place(1), CarrierUnknown, carrier="7777")
    assert "7777" in words
    assert "CJ대한통운 (0006)" in words


@pytest.mark.parametrize("missing", ["carrier", "tracking_number"])
def test_a_parcel_without_carrier_or_number_is_refused(mall, missing):
    refused(mall, mall.place(1), ParcelIncomplete, **{missing: " "})


# --------------------------------------------------------------------------- goods that may not go


# §9.31
@pytest.mark.parametrize("packed", [False, True])
def test_a_wish_to_cancel_stops_the_parcel(mall, packed):
    order_id = mall.place(1)
    if packed:
        ship(mall, order_id)
    mall.mall.request_cancel(order_id)
    refused(mall, order_id, CancelAskedFirst, "handed_over")


# §9.30
def test_a_refused_wish_lets_the_parcel_go_on(mall):
    order_id = mall.place(1)
    ship(mall, order_id)
    mall.mall.request_cancel(order_id)
    mall.mall.refuse_cancel(order_id)
    assert mall.statuses(order_id) == ["C11"]
    ship(mall, order_id, "handed_over")
    assert mall.statuses(order_id) == ["N30"]


def test_goods_on_hold_in_the_mall_are_not_shipped(mall):
    order_id = mall.place(1)
    mall.mall.hold(order_id)
    refused(mall, order_id, OnHoldInMall)


def test_goods_that_are_not_paid_are_not_shipped(mall):
    refused(mall, mall.place(1, paid=False), NotPaidYet)


# §9.20
def test_goods_that_were_canceled_are_not_shipped(mall):
    order_id = mall.place(1)
    mall.mall.accept_cancel(order_id)
    refused(mall, order_id, NothingToShip)


def test_what_was_canceled_of_an_order_stays_behind(mall):
    order_id = mall.place(3)
    mall.mall.accept_cancel(order_id, [(f"{order_id}-01", 1)])
    ship(mall, order_id)
    assert sorted(mall.statuses(order_id)) == ["C40", "N21"]


def test_orders_and_lines_that_the_mall_does_not_have_are_gone(mall):
    order_id = mall.place(1)
    refused(mall, order_id, GoneFromMall, line_ids=[f"{order_id}-09"])
    for unknown in ("20200101-0000001", f"{order_id}:D-none", "987654321"):
        with pytest.raises(GoneFromMall):
            ship(mall, unknown)


# --------------------------------------------------------------------------- answers that were lost


# §9.28
@pytest.mark.parametrize("fault", ["lost", "late", "timeout", "error", "cut"])
@pytest.mark.parametrize("state", ["ready", "handed_over", "delivered"])
@pytest.mark.parametrize("preparing", [False, True])
def test_an_answer_that_was_lost_makes_no_second_parcel(mall, fault, state, preparing):
    mall.mall.settings.use_product_prepare_status = preparing
    order_id = mall.place(1)
    for _ in range(6):
        mall.server.faults.add(fault, resource="write", seconds=0.4)
        try:
            Cafe24Shipments(mall.session(timeout_seconds=0.2)).ship(parcel(order_id, state))
        except ChannelDown:
            pass
        else:
            break
        finally:
            mall.server.faults.clear()
    answer = ship(mall, order_id, state)
    assert mall.statuses(order_id) == [{"ready": "N21", "handed_over": "N30", "delivered": "N40"}[state]]
    assert (issued(mall, order_id), len(mall.order(order_id).parcels)) == (1, 1)
    assert ship(mall, order_id, state) == WriteAnswer(remote_id=answer.remote_id, repeated=True)


# §9.20
def test_a_parcel_that_somebody_issued_at_the_same_moment_is_found_not_doubled(mall):
    order_id = mall.place(1)

    def meanwhile(call):
        if call.method == "GET" and call.url.split("?")[0].endswith(f"orders/{order_id}"):
            mall.journal.meanwhile = lambda _call: None
            mall.mall.ship_in_admin(order_id, tracking_no=OTHER_NUMBER)

    mall.journal.meanwhile = meanwhile
    answer = ship(mall, order_id)
    assert (answer.repeated, answer.remote_id) == (True, f"D-{order_id}-00")
    assert (mall.statuses(order_id), issued(mall, order_id)) == (["N30"], 1)
    assert len([line for line in mall.journal.lines if line.startswith("POST")]) == 1


# §9.20
def test_goods_canceled_at_the_same_moment_are_told_and_not_tried_again(mall):
    order_id = mall.place(1)

    def meanwhile(call):
        if call.method == "GET" and call.url.split("?")[0].endswith(f"orders/{order_id}"):
            mall.journal.meanwhile = lambda _call: None
            mall.mall.request_cancel(order_id)

    mall.journal.meanwhile = meanwhile
    with pytest.raises(OrderStateRefused):
        ship(mall, order_id)
    assert (mall.statuses(order_id), issued(mall, order_id)) == (["C00"], 0)
    assert len([line for line in mall.journal.lines if line.startswith("POST")]) == 1


# §9.44
def test_a_markets_dummy_number_is_replaced_by_the_real_one(mall):
    order_id = mall.place(1, market="coupang", dummy_invoice=True)
    ship(mall, order_id, "handed_over")
    [found] = mall.order(order_id).parcels
    assert (found.tracking_number, found.state, issued(mall, order_id)) == (NUMBER, "handed_over", 1)
