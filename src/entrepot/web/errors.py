"""Refusals that only a screen can make."""

from entrepot.kernel.errors import Invalid, Refused


class StalePage(Refused):
    """The order changed after the page was opened."""

    code = "stale_page"
    message = "This order has changed since you opened the page. Look at it again, then repeat what you wanted."


class NothingChosen(Invalid):
    """A bulk action without rows."""

    code = "nothing_chosen"
    message = "Choose at least one row first."


class NothingToSell(Refused):
    """A test order where nothing is in stock."""

    code = "nothing_to_sell"
    message = (
        "None of your items has a piece that can be sold, so no test order was made. Enter stock on the page of an "
        "item, then make the order."
    )
