"""A life as a table: the table refuses to be wrong."""

import pytest

from entrepot.kernel.flow import Flow, FlowError, MoveRefused, move

LIFE = Flow(
    initial=["egg"], final=frozenset({"hen"}), moves=[move("hatch", "egg", to="chick"), move("grow", "chick", to="hen")]
)


def test_a_move_leads_where_the_table_says():
    assert LIFE.target("hatch", "egg") == "chick"
    assert LIFE.open_moves("chick") == ["grow"]
    assert LIFE.open_moves("hen") == []
    assert LIFE.statuses == {"egg", "chick", "hen"}


def test_a_move_that_does_not_start_here_is_refused_by_name():
    with pytest.raises(MoveRefused) as refusal:
        LIFE.target("grow", "egg")
    assert (refusal.value.move_name, refusal.value.status) == ("grow", "egg")
    assert str(refusal.value) == "grow is not possible from egg"


@pytest.mark.parametrize(
    ("moves", "trouble"),
    [
        ([move("hatch", "egg", to="chick")], "unreachable: ['hen']"),
        ([move("hatch", "egg", to="hen"), move("fall", "egg", to="omelette")], "dead ends: ['omelette']"),
        ([move("hatch", "egg", to="hen"), move("hatch", "egg", to="hen")], "hatch starts twice at egg"),
        ([move("hatch", "egg", to="hen"), move("grow", "chick", to="hen")], "unreachable: ['chick']"),
    ],
)
def test_a_wrong_table_is_refused_when_it_is_made(moves, trouble):
    with pytest.raises(FlowError) as refusal:
        Flow(initial=["egg"], final=frozenset({"hen"}), moves=moves)
    assert str(refusal.value) == trouble
