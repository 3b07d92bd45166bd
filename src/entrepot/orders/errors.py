"""Refusals of the order desk."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class OrderNotFound(NotFound):
    code = "order_not_found"
    message = "There is no such order. It may belong to somebody else. Choose one from the list."


class SalesChannelNotFound(NotFound):
    code = "sales_channel_not_found"
    message = "There is no such sales channel. It may belong to somebody else. Choose one from the list."


class NoOfflineStore(Refused):
    """Somebody who works for some stores only, none of them an Offline one, wants to place an order by hand."""

    code = "no_offline_store"
    message = (
        "You work for some stores only, and none of them is an Offline store, so no order was made. Ask an owner to "
        "add an Offline store to yours, or to enter the order."
    )


class LineItemNotFound(NotFound):
    code = "line_item_not_found"
    message = "A line names an item that does not exist. Choose an item of your catalogue."


class OrderInvalid(Invalid):
    code = "order_invalid"
    message = "Order {number} cannot be taken in: {reason}"


class MoveNotPossible(Refused):
    code = "move_not_possible"
    message = "This is not possible while the order is “{status}”. Reload the page to see what is."


class TooLateToCancel(Refused):
    code = "too_late_to_cancel"
    message = "The order is packed or has left ({status}), so it cannot be canceled. Take it back as a return."


class TooLateToAmend(Refused):
    code = "too_late_to_amend"
    message = "The order is “{status}”, so it cannot be changed any more. Settle the difference with the buyer."


class LinesUnmatched(Refused):
    code = "lines_unmatched"
    message = "{count} lines are not matched to items yet. Match them first."


class CancellationUndecided(Refused):
    code = "cancellation_undecided"
    message = "A cancellation stands behind this hold. Refuse it and go on, or cancel; the order page offers both."


class HoldReasonMissing(Invalid):
    code = "hold_reason_missing"
    message = "Say why the order is held."


class LineAlreadyMatched(Refused):
    code = "line_already_matched"
    message = "Line {line_id} is matched to an item already. Reload the page to see it."


class ReturnInvalid(Invalid):
    code = "return_invalid"
    message = "{quantity} of {sku} cannot come back; {shipped} of them are with the buyer. Enter {shipped} or fewer."


class PackedStockMissing(Refused):
    code = "packed_stock_missing"
    message = (
        "{packed} are in parcels that are packed already, so on hand cannot become {on_hand}. Unpack those orders, or"
        " count again."
    )


class NoteEmpty(Invalid):
    code = "note_empty"
    message = "Write something before you save the note."


class SplitNotPossible(Refused):
    code = "split_not_possible"
    message = (
        "Order {number} is “{status}”, so it cannot be split. An order can be split until it is packed; one on hold "
        "only when it is held for lines without an item."
    )


class SplitEmpty(Invalid):
    code = "split_empty"
    message = "Choose at least one piece that goes into the new part."


class SplitEverything(Refused):
    code = "split_everything"
    message = "Everything of order {number} would go into the new part. Leave at least one piece where it is."


class SplitTooMuch(Invalid):
    code = "split_too_much"
    message = (
        "{quantity} of {sku} cannot go into the new part; {left} of it wait to be sent in this order. Enter {left} or"
        " fewer."
    )


class OneWarehouse(Refused):
    code = "one_warehouse"
    message = (
        "All that is set aside for order {number} lies in one warehouse, so there is nothing to split by warehouse. "
        "Choose the pieces of each part yourself."
    )


class KitAcrossWarehouses(Refused):
    code = "kit_across_warehouses"
    message = (
        "The parts of the kit {sku} lie in different warehouses, and a kit is packed in one place. Bring them together "
        "by a transfer, or split by lines."
    )


class NothingMissing(Refused):
    code = "nothing_missing"
    message = "Order {number} lacks nothing, so there is nothing that could wait in a part of its own."


class NothingThere(Refused):
    code = "nothing_there"
    message = (
        "Nothing of order {number} is in stock yet, so no part of it could go ahead. Restock its items; the order "
        "moves on by itself."
    )


class JoinNotPossible(Refused):
    code = "join_not_possible"
    message = (
        "Order {number} is “{status}”. Parts can be joined again only while none of the two is packed or over; a part "
        "on hold goes on first, unless it is held for lines without an item."
    )


class NotAPart(Refused):
    code = "not_a_part"
    message = "Order {number} was not split off from another order, so there is nothing to join it with."
