"""What plans of changes refuse."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class PlanNotFound(NotFound):
    """No such plan for this seller."""

    code = "plan_not_found"
    message = "There is no such plan. It may belong to somebody else. Choose one from the list."


class PlanEmpty(Refused):
    """The stores show it so already."""

    code = "plan_empty"
    message = (
        "Nothing would change: the stores show it so already, or it cannot be changed there any more. Choose other "
        "listings or another change."
    )


class PlanOver(Refused):
    """It was applied, or thrown away."""

    code = "plan_over"
    message = "This plan was applied or thrown away already. Make a new one."


class PlanNeedsApproval(Refused):
    """A guard rail stopped it."""

    code = "plan_needs_approval"
    message = (
        "This plan goes further than is done without a second look. Nothing was changed. Look at what stopped it, tick "
        "“Yes, I mean it” and apply it again."
    )


class PlanLooksOtherwise(Refused):
    """It was laid out anew since this person looked at it."""

    code = "plan_looks_otherwise"
    message = (
        "This plan was laid out anew since you looked at it, because a store shows something else. Nothing was sent. "
        "Look at it once more."
    )


class PlanMoved(Refused):
    """Stores show something else than when it was made."""

    code = "plan_moved"
    message = (
        "{count} of the listings changed in the meantime. Nothing was sent. The plan now shows them as they are: look "
        "at it once more, then apply it."
    )


class PlanStillGoing(Refused):
    """Stores have not answered yet."""

    code = "plan_still_going"
    message = (
        "{count} changes of this plan have not reached their store yet. Wait until they have, or give them up, and "
        "plan the way back then."
    )


class PlanUndone(Refused):
    """The way back was gone already."""

    code = "plan_undone"
    message = "This plan was taken back already, by plan {plan_id}. Open that one to see what it did."


class PlanTooBig(Refused):
    """More listings are meant than one plan holds."""

    code = "plan_too_big"
    message = "More than {most} listings are meant. Narrow the search, or plan one store after the other."


class RuleCurrencies(Invalid):
    """An amount for listings that are priced in several currencies."""

    code = "rule_currencies"
    message = (
        "These listings are priced in several currencies ({currencies}), so that one amount or step does not fit them "
        "all. Move them by a percentage, rounded to the smallest coin, or plan one store after the other."
    )


class RuleUnclear(Invalid):
    """A rule for prices says nothing, or several things at once."""

    code = "rule_unclear"
    message = "Say one thing: a new price, a percentage, or an amount."
