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
