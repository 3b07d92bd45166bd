"""What an order is, out of what its items are: the rule in one place (reference §10)."""

import pytest

from entrepot.connectors.cafe24.codes import CODES
from entrepot.connectors.cafe24.state import (
    ItemState,
    claim_kind,
    claim_state,
    has_left,
    line_state,
    order_code,
    parcel_code,
)


def item(code, before="", **facts):
    return ItemState(code=code, before=before, **facts)


def code_of(*codes):
    return order_code([code if isinstance(code, ItemState) else item(code) for code in codes])


@pytest.mark.parametrize("code", [code for code, row in CODES.items() if row.meaning])
def test_an_order_of_one_item_is_what_the_item_is(code):
    assert code_of(code) == code


@pytest.mark.parametrize(
    ("codes", "answer"),
    [
        (["N00", "N20"], "N00"),
        (["N20", "N10"], "N10"),
        (["N22", "N20"], "N20"),
        (["N21", "N22"], "N22"),
        (["N30", "N21"], "N21"),
        (["N40", "N30"], "N30"),
        (["N50", "N40"], "N40"),
        (["N40", "N30", "N21", "N22", "N20", "N10", "N00"], "N00"),
    ],
)
def test_the_least_advanced_item_speaks_for_the_order(codes, answer):
    assert code_of(*codes) == code_of(*reversed(codes)) == answer


# §9.18
def test_an_order_with_shipped_canceled_and_returning_items_is_in_transit():
    assert code_of("N30", "C40", item("R00", "N40")) == "N30"


def test_items_that_are_over_do_not_speak_while_others_live():
    assert code_of("C40", "N10") == "N10"
    assert code_of("R40", "C34") == "C34"


def test_when_all_items_are_claimed_the_claim_that_is_least_far_speaks():
    assert code_of("C34", "C00") == "C00"
    assert code_of("R30", "R10", "C40") == "R10"
    assert code_of("C40", "C41") == "C41"
    assert code_of("C40", "R40") == "R40"
    assert code_of("C47", "C49") == "C47"


# §9.30
@pytest.mark.parametrize("refused", ["C11", "R11", "E11", "E41"])
def test_a_refused_wish_leaves_the_item_what_it_was(refused):
    assert code_of(item(refused, "N20")) == "N20"


@pytest.mark.parametrize("code", [code for code in CODES if code.startswith("E")])
def test_an_exchange_never_makes_the_orders_code(code):
    assert code_of(item(code, "N40")) == "N40" if code not in {"E50", "E51"} else "C40"


def test_a_replacement_is_prepared_paid_for_or_withdrawn_like_any_order():
    assert code_of(item("N01", replacement=True)) == "N10"
    assert code_of(item("N03", replacement=True)) == "N02"
    assert code_of(item("E50", "N01", replacement=True)) == "C40"


def test_a_wish_for_some_of_an_items_units_is_not_the_orders_wish():
    assert code_of(item("C00", "N20", quantity=3, claim_quantity=1)) == "N20"
    assert code_of(item("C00", "N20", quantity=3, claim_quantity=3)) == "C00"
    assert code_of(item("C40", "N20", quantity=3, claim_quantity=1)) == "N20"
    assert line_state(item("C40", "N20", quantity=3, claim_quantity=1)) == "open"


# §9.56
def test_a_code_nobody_knows_is_answered_as_it_is():
    assert code_of("N20", "X77") == "X77"
    assert code_of("Z1") == "Z1"
    assert order_code([]) == ""


@pytest.mark.parametrize(
    ("code", "before", "answer"),
    [
        ("N00", "", "open"),
        ("N01", "", "open"),
        ("N20", "", "open"),
        ("N21", "", "open"),
        ("N22", "", "open"),
        ("N30", "", "shipped"),
        ("N40", "", "delivered"),
        ("N50", "", "delivered"),
        ("C00", "N20", "open"),
        ("C34", "N21", "open"),
        ("C11", "N30", "shipped"),
        ("C40", "N20", "canceled"),
        ("C43", "N20", "canceled"),
        ("C48", "", "canceled"),
        ("R00", "N30", "shipped"),
        ("R00", "N40", "delivered"),
        ("R31", "", "delivered"),
        ("R40", "N40", "returned"),
        ("E10", "N40", "delivered"),
        ("E40", "N40", "delivered"),
        ("E40", "", "delivered"),
        ("E51", "N01", "canceled"),
        ("X77", "", "open"),
    ],
)
def test_goods_are_where_they_were_while_a_claim_is_open(code, before, answer):
    assert line_state(item(code, before, replacement=code == "E51")) == answer
    assert has_left(item(code, before, replacement=code == "E51")) == (answer in {"shipped", "delivered", "returned"})


@pytest.mark.parametrize(
    ("code", "before", "answer"),
    [
        ("N20", "", ""),
        ("N21", "", "N21"),
        ("N30", "", "N30"),
        ("N50", "", "N40"),
        ("C00", "N21", "N21"),
        ("R10", "N40", "N40"),
        ("C11", "N21", "N21"),
        ("X77", "", ""),
    ],
)
def test_a_parcel_is_as_far_as_its_item_was_before_the_claim(code, before, answer):
    assert parcel_code(item(code, before)) == answer


def test_every_code_of_a_claim_has_a_kind_and_a_state():
    claims = [code for code in CODES if code[0] in "CRE" and code not in {"C47", "C48", "C49"}]
    assert {claim_kind(code) for code in claims} == {"cancel", "return", "exchange"}
    assert None not in {claim_state(code) for code in claims}
    assert [claim_state(code) for code in ("C00", "R10", "R31", "R40", "C11", "E51")] == [
        "asked",
        "accepted",
        "received",
        "done",
        "refused",
        "withdrawn",
    ]
    assert (claim_kind("C47"), claim_state("N20"), claim_kind("X00")) == (None, None, None)
