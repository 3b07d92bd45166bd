"""Answering buyers' wishes in a mall. Numbers: reference §9."""

import msgspec
import pytest

from entrepot.connectors.cafe24.claims import Cafe24Claims
from entrepot.connectors.cafe24.client import Answer
from entrepot.connectors.cafe24.errors import GoneFromMall, OrderStateRefused, RefusedByMall
from entrepot.connectors.cafe24.order_errors import ClaimNotOpen, ExchangeInMall, MarketDecides
from entrepot.connectors.contract import ClaimWrite
from entrepot.kernel.errors import ChannelDown, ChannelError
from tests.connectors.cafe24.order_rig import rig


@pytest.fixture
def mall():
    with rig() as opened:
        yield opened


def wish(mall, order_id, deed, place=0, **changes):
    """The answer to the order's claim as it is read now."""
    claim = mall.order(order_id).claims[place]
    given = {"claim_id": claim.remote_id, "kind": claim.kind, "lines": claim.lines, "reason": "이미 포장했습니다"}
    return ClaimWrite(key=f"{order_id}-{deed}", order_id=order_id, deed=deed, **(given | changes))


def answer(mall, write):
    return Cafe24Claims(mall.session()).answer(write)


def refused(mall, write, kind):
    before = mall.mall.order(write.order_id)
    with pytest.raises(ChannelError) as caught:
        answer(mall, write)
    assert type(caught.value) is kind, repr(caught.value)
    assert mall.mall.order(write.order_id) == before


def delivered(mall, *quantities):
    order_id = mall.place(*quantities)
    mall.mall.ship_in_admin(order_id)
    mall.mall.deliver(order_id)
    return order_id


# --------------------------------------------------------------------------- wishes to cancel


# §9.30
@pytest.mark.parametrize("shows", [True, False])
def test_a_refused_wish_lets_the_goods_go_on(mall, shows):
    mall.mall.orders.switches.refused_shows = shows
    order_id = mall.place(2)
    mall.mall.request_cancel(order_id)
    write = wish(mall, order_id, "refuse")
    first, second = answer(mall, write), answer(mall, write)
    assert (first.repeated, second.repeated) == (False, True)
    found = mall.order(order_id)
    assert (found.status_id, [claim.state for claim in found.claims]) == ("N20", ["refused"])
    [body] = [body["requests"][0] for body in mall.journal.bodies]
    assert (body["undone"], body["reject_reason"], body["display_reject_reason"]) == ("T", "이미 포장했습니다", "T")


@pytest.mark.parametrize("numbered", [True, False])
def test_an_accepted_wish_cancels_and_gives_the_stock_back(mall, numbered):
    mall.mall.orders.switches.request_has_claim_code = numbered
    variant = mall.product().variants[0]
    before = variant.quantity
    order_id = mall.place(2)
    mall.mall.request_cancel(order_id)
    write = wish(mall, order_id, "accept")
    first, second = answer(mall, write), answer(mall, write)
    assert (first.repeated, second.repeated, second.remote_id) == (False, True, first.remote_id)
    assert (mall.statuses(order_id), variant.quantity) == (["C40"], before)
    assert [(claim.remote_id, claim.state) for claim in mall.order(order_id).claims] == [(first.remote_id, "done")]


# §9.19
@pytest.mark.parametrize("split", [True, False])
def test_a_wish_for_some_units_cancels_those(mall, split):
    mall.mall.orders.switches.split_partial_claims = split
    order_id = mall.place(5)
    mall.mall.request_cancel(order_id, [(f"{order_id}-01", 2)])
    found = mall.order(order_id)
    assert (found.status_id, [quantity for _, quantity in found.claims[0].lines]) == ("N20", [2])
    answer(mall, wish(mall, order_id, "accept"))
    found = mall.order(order_id)
    [claim] = found.claims
    over = [line for line in found.lines if line.state == "canceled"]
    assert (claim.state, claim.lines) == ("done", ((over[0].remote_id, 2),))
    assert [(line.quantity, line.state) for line in found.lines if line not in over] == [(3, "open")]
    assert sum(line.line_total for line in found.lines) == found.totals[0].amount


def test_a_wish_for_one_line_leaves_the_other(mall):
    order_id = mall.place(1, 1)
    mall.mall.request_cancel(order_id, [f"{order_id}-02"])
    answer(mall, wish(mall, order_id, "accept"))
    assert mall.statuses(order_id) == ["N20", "C40"]


def test_a_wish_that_was_taken_back_cannot_be_accepted_and_need_not_be_refused(mall):
    order_id = mall.place(1)
    mall.mall.request_cancel(order_id)
    accept, refuse = wish(mall, order_id, "accept"), wish(mall, order_id, "refuse")
    mall.mall.withdraw_wish(order_id)
    refused(mall, accept, ClaimNotOpen)
    assert answer(mall, refuse).repeated is True
    assert mall.statuses(order_id) == ["N20"]


def test_a_wish_that_was_granted_in_the_mall_cannot_be_refused(mall):
    order_id = mall.place(1)
    mall.mall.request_cancel(order_id)
    refuse, accept = wish(mall, order_id, "refuse"), wish(mall, order_id, "accept")
    mall.mall.accept_cancel(order_id, status="canceling")
    refused(mall, refuse, ClaimNotOpen)
    assert answer(mall, accept).repeated is True
    assert mall.statuses(order_id) == ["C34"]


# §9.28
@pytest.mark.parametrize("deed", ["accept", "refuse"])
@pytest.mark.parametrize("fault", ["lost", "late"])
def test_an_answer_that_was_lost_is_found_given(mall, deed, fault):
    order_id = mall.place(1)
    mall.mall.request_cancel(order_id)
    write = wish(mall, order_id, deed)
    mall.server.faults.add(fault, resource="write")
    with pytest.raises(ChannelDown):
        answer(mall, write)
    assert answer(mall, write).repeated is True
    assert len(mall.mall.orders.claims) == (1 if deed == "accept" else 0)


def test_somebody_who_decides_at_the_same_moment_is_heard(mall):
    order_id = mall.place(1)
    mall.mall.request_cancel(order_id)
    write = wish(mall, order_id, "refuse")

    def meanwhile(call):
        if call.method == "GET":
            mall.journal.meanwhile = lambda _call: None
            mall.mall.accept_cancel(order_id)

    mall.journal.meanwhile = meanwhile
    with pytest.raises(ClaimNotOpen):
        answer(mall, write)
    assert mall.statuses(order_id) == ["C40"]


def test_a_wish_for_an_order_that_is_gone_is_told_as_gone(mall):
    order_id = mall.place(1)
    mall.mall.request_cancel(order_id)
    write = wish(mall, order_id, "accept")
    mall.mall.delete_order(order_id)
    with pytest.raises(GoneFromMall):
        answer(mall, write)


# --------------------------------------------------------------------------- goods sent back


def test_goods_sent_back_are_accepted_and_received_each_once(mall):
    order_id = delivered(mall, 2)
    mall.mall.request_return(order_id)
    accept = wish(mall, order_id, "accept", reason="")
    first, second = answer(mall, accept), answer(mall, accept)
    assert (mall.statuses(order_id), first.repeated, second.repeated) == (["R10"], False, True)
    receive = wish(mall, order_id, "receive")
    first, second = answer(mall, receive), answer(mall, receive)
    assert (mall.statuses(order_id), first.repeated, second.repeated) == (["R31"], False, True)
    found = mall.order(order_id)
    assert (found.status_id, [claim.state for claim in found.claims]) == ("R31", ["received"])
    bodies = [body["request"] for body in mall.journal.bodies]
    assert [body.get("recover_inventory") for body in bodies] == ["F", "F"]
    assert bodies[0]["reason"] == "사이즈 불만"
    assert (bodies[1]["status"], bodies[1]["pickup_completed"]) == ("processing", "T")


def test_goods_that_are_back_before_anybody_accepted_are_received_at_once(mall):
    order_id = delivered(mall, 1)
    mall.mall.request_return(order_id)
    write = wish(mall, order_id, "receive")
    assert answer(mall, write).remote_id.startswith("C")
    assert (mall.statuses(order_id), answer(mall, write).repeated) == (["R31"], True)


def test_only_the_lines_that_came_back_are_received(mall):
    order_id = delivered(mall, 1, 1)
    mall.mall.request_return(order_id)
    answer(mall, wish(mall, order_id, "accept"))
    answer(mall, wish(mall, order_id, "receive", lines=[(f"{order_id}-01", 1)]))
    assert mall.statuses(order_id) == ["R31", "R10"]


def test_a_refused_return_leaves_the_goods_with_the_buyer(mall):
    order_id = delivered(mall, 1)
    mall.mall.request_return(order_id)
    write = wish(mall, order_id, "refuse")
    assert [answer(mall, write).repeated for _ in range(2)] == [False, True]
    found = mall.order(order_id)
    assert (found.status_id, found.lines[0].state) == ("N40", "delivered")


def test_a_return_that_is_over_is_told_as_received(mall):
    order_id = delivered(mall, 1)
    mall.mall.request_return(order_id)
    answer(mall, wish(mall, order_id, "accept"))
    write = wish(mall, order_id, "receive")
    mall.mall.move_return(write.claim_id, "returned")
    assert answer(mall, write).repeated is True
    found = mall.order(order_id)
    assert (found.status_id, found.lines[0].state, found.claims[0].state) == ("R40", "returned", "done")


# --------------------------------------------------------------------------- exchanges


def test_an_exchange_is_accepted_in_the_mall_alone(mall):
    order_id = delivered(mall, 1)
    mall.mall.request_exchange(order_id)
    refused(mall, wish(mall, order_id, "accept"), ExchangeInMall)


def test_a_refused_exchange_leaves_the_goods_with_the_buyer(mall):
    order_id = delivered(mall, 1)
    mall.mall.request_exchange(order_id)
    answer(mall, wish(mall, order_id, "refuse"))
    assert (mall.statuses(order_id), mall.order(order_id).status_id) == (["E11"], "N40")


def test_exchanged_goods_that_are_back_let_the_replacement_go(mall):
    order_id = delivered(mall, 1)
    claim_code = mall.mall.exchange(order_id)
    write = wish(mall, order_id, "receive")
    assert [answer(mall, write).repeated for _ in range(2)] == [False, True]
    assert mall.statuses(order_id) == ["E20", "N20"]
    first, replacement = mall.orders().fetch([order_id]).orders
    assert (first.claims[0].state, replacement.remote_id) == ("received", f"{order_id}:{claim_code}")


# --------------------------------------------------------------------------- markets


# §9.44
def test_what_only_a_market_may_decide_says_so(mall, monkeypatch):
    order_id = mall.place(1, market="coupang")
    mall.mall.request_cancel(order_id)
    write = wish(mall, order_id, "accept")
    claims = Cafe24Claims(mall.session())

    def refuse(*_):
        raise RefusedByMall(field="reason", reason="This order was received from an open market.")

    monkeypatch.setattr(claims._session.client, "post", refuse)
    with pytest.raises(MarketDecides) as caught:
        claims.answer(write)
    assert caught.value.fields["market"] == "coupang"
    assert mall.statuses(order_id) == ["C00"]


# §9.27
def test_a_refusal_inside_a_mixed_answer_is_a_refusal(mall, monkeypatch):
    order_id = mall.place(1)
    mall.mall.request_cancel(order_id)
    write = wish(mall, order_id, "refuse")
    claims = Cafe24Claims(mall.session())
    entry = b'[{"error": {"code": 422, "message": "You cannot change to that order state."}}]'
    mixed = Answer(207, "cancellationrequests", "sodammall", {"cancellationrequests": msgspec.Raw(entry)})
    monkeypatch.setattr(claims._session.client, "put", lambda *_: mixed)
    with pytest.raises(OrderStateRefused) as caught:
        claims.answer(write)
    assert caught.value.fields["reason"] == "It said: “You cannot change to that order state.”"
    assert mall.statuses(order_id) == ["C00"]
