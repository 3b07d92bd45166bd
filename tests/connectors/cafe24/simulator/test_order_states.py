"""The table of states and moves (reference §5.6, §10.1)."""

import pytest

from entrepot.connectors.cafe24.simulator.answers import Refusal
from entrepot.connectors.cafe24.simulator.order_states import BEFORE_CLAIM, BEFORE_HOLD, MOVES, NAMES, PAID, target


def test_every_code_of_the_table_has_a_korean_name() -> None:
    codes = {code for move in MOVES for code in (*move.sources.split(), move.to)}
    assert codes - {PAID, BEFORE_CLAIM, BEFORE_HOLD} <= set(NAMES)


def test_no_move_is_listed_twice_with_two_goals() -> None:
    pairs = [(move.trigger, source) for move in MOVES for source in move.sources.split()]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize(
    ("trigger", "code", "goal"),
    [
        ("pay", "N00", PAID),
        ("buyer_cancels_unpaid", "N00", "C47"),
        ("timer_cancels_unpaid", "N00", "C48"),
        ("admin_cancels_unpaid", "N00", "C49"),
        ("prepare", "N10", "N20"),
        ("prepareproduct", "N20", "N10"),
        ("hold", "N10", "N22"),
        ("hold", "N20", "N22"),
        ("unhold", "N22", BEFORE_HOLD),
        ("post_standby", "N20", "N21"),
        ("post_shipping", "N20", "N30"),
        ("put_shipping", "N21", "N30"),
        ("delete_shipment", "N21", "N20"),
        ("delete_shipment", "N30", "N20"),
        ("put_shipped", "N30", "N40"),
        ("confirm", "N40", "N50"),
        ("ask_cancel", "N10", "C00"),
        ("ask_cancel", "N22", "C00"),
        ("refuse_cancel", "C00", "C11"),
        ("cancel_canceling", "C00", "C34"),
        ("cancel_canceled", "C00", "C40"),
        ("ask_return", "N30", "R00"),
        ("ask_return", "N40", "R00"),
        ("refuse_return", "R00", "R11"),
        ("return_accepted", "R00", "R10"),
        ("return_processing", "R10", "R30"),
        ("return_processing_collected", "R10", "R31"),
        ("return_returned", "R31", "R40"),
        ("exchange_accepted", "N20", "E10"),
        ("exchange_accepted", "N40", "E10"),
        ("exchange_exchanged", "E10", "E40"),
        ("prepare", "N01", "N20"),
    ],
)
def test_moves_of_the_reference_lead_where_it_says(trigger: str, code: str, goal: str) -> None:
    assert target(trigger, code) == goal


@pytest.mark.parametrize(
    ("trigger", "code"),
    [
        ("pay", "N20"),
        ("prepare", "N20"),
        ("post_standby", "N10"),
        ("post_shipping", "N40"),
        ("put_shipping", "N20"),
        ("put_shipped", "N21"),
        ("ask_cancel", "N30"),
        ("ask_return", "N20"),
        ("cancel_canceled", "C40"),
        ("confirm", "N30"),
    ],
)
def test_every_other_move_is_refused(trigger: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        target(trigger, code)
    assert (refusal.value.status, refusal.value.message) == (422, "You cannot change to that order state.")


@pytest.mark.parametrize("code", ["N10", "N22"])
def test_a_generous_mall_takes_parcels_earlier(code: str) -> None:
    assert target("post_standby", code, loose=True) == "N21"
    with pytest.raises(Refusal):
        target("put_shipping", code, loose=True)
