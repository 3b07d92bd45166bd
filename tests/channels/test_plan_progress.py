"""How far a plan is, how fast its stores are, and how long the rest takes."""

from entrepot.channels.queries.plans import Progress


def test_a_plan_says_how_many_end_a_second_and_how_long_the_rest_takes() -> None:
    plan = Progress(total=110, waiting=40, done=55, failed=5, left_out=10, seconds=30)

    assert (plan.ended, plan.rate, plan.seconds_left) == (70, 2.0, 20.0)


def test_a_plan_of_which_nothing_has_ended_foretells_nothing() -> None:
    plan = Progress(total=110, waiting=100, left_out=10, seconds=30)

    assert (plan.rate, plan.seconds_left) == (None, None)


def test_a_plan_that_is_through_has_nothing_left() -> None:
    plan = Progress(total=4, done=4, seconds=2)

    assert plan.seconds_left is None
