"""Refusals of deeds for many orders."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class BulkNotFound(NotFound):
    code = "bulk_not_found"
    message = "There is no such deed for many orders. It may belong to somebody else. Choose one from the list."


class NoOrdersChosen(Invalid):
    """Nothing to do it to."""

    code = "no_orders_chosen"
    message = "None of the orders is there for you. Choose at least one, or widen the filter."


class TooManyOrders(Refused):
    """More orders than one deed takes."""

    code = "too_many_orders"
    message = "{count} orders are more than the {most} that go at once. Narrow the filter, for example by date."


class UnknownDeed(Invalid):
    """Nothing of this name can be done to many orders."""

    code = "unknown_deed"
    message = "There is no deed called “{kind}”. Choose one of these: {known}."


class DeedNotOpen(Refused):
    """It has ended, or was never begun."""

    code = "deed_not_open"
    message = "This is “{state}” already. Reload the page to see how it ended."


class NothingRefused(Refused):
    """Every order of the deed was done."""

    code = "nothing_refused"
    message = "No order was refused, so there is nothing to try again. Go back to the list of orders."


class UnexpectedTrouble(Refused):
    """A fault of ours at one order; the others go on."""

    code = "unexpected_trouble"
    message = (
        "Something unexpected happened at this order; nothing of it was changed. Try it again; if it stays, the log has"
        " the details."
    )


class BulkFileGone(Refused):
    """Files are kept for some days only."""

    code = "bulk_file_gone"
    message = "The file was kept for seven days and is gone. Upload it again."
