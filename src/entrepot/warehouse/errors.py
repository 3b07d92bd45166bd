"""Refusals of the warehouse."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class ZoneNotFound(NotFound):
    code = "zone_not_found"
    message = "There is no such zone in this warehouse. Choose one from the list."


class ZoneTaken(Refused):
    code = "zone_taken"
    message = "There is a zone {zone} already. Choose another code."


class BinTaken(Refused):
    code = "bin_taken"
    message = "There is a bin {bin} already. Choose another code."


class BinCodeInvalid(Invalid):
    code = "bin_code_invalid"
    message = "“{bin}” cannot be a label. Use letters, digits, hyphens, dots and slashes, at most {longest} characters."


class BinNotEmpty(Refused):
    code = "bin_not_empty"
    message = "Bin {bin} is not empty: {pieces} pieces lie in it. Move them first, then close it."


class LayoutInvalid(Invalid):
    code = "layout_invalid"
    message = (
        "{first} to {last} is no row of bins. Give both with the same parts, such as A-01-01 and C-12-04, each part of"
        " the second at or after the first's."
    )


class LayoutTooLarge(Invalid):
    code = "layout_too_large"
    message = "That would be {bins} bins at once; {most} are the most. Lay out one aisle at a time."


class ReceiptNotFound(NotFound):
    code = "receipt_not_found"
    message = "There is no such receipt. It may belong to somebody else. Choose one from the list."


class ReceiptOver(Refused):
    code = "receipt_over"
    message = "Receipt {number} is {state}. Begin a new one for what has come since."


class ReceiptBegun(Refused):
    code = "receipt_begun"
    message = "Goods of receipt {number} have been received already. Close it; what has not come is then no longer due."


class NothingExpected(Invalid):
    code = "nothing_expected"
    message = "Say which items are expected and how many of each, at least one piece."


class MoreThanSent(Refused):
    code = "more_than_sent"
    message = (
        "{quantity} of {sku} cannot have come: {left} of what was sent are still on the way. Receive those, and count"
        " the warehouse that sent them."
    )


class CountNotFound(NotFound):
    code = "count_not_found"
    message = "There is no such count. It may belong to somebody else. Choose one from the list."


class CountEmpty(Invalid):
    code = "count_empty"
    message = "Say which bins or which items are to be counted."


class CountOver(Refused):
    code = "count_over"
    message = "This is not possible while count {number} is “{state}”. Reload the page to see what is."


class NotInCount(Invalid):
    code = "not_in_count"
    message = "{what} is not part of count {number}. Count what was asked for, or start another count for it."


class CountedAlready(Refused):
    code = "counted_already"
    message = "{what} is counted already. Ask for a recount to count it again."


class CountUnfinished(Refused):
    code = "count_unfinished"
    message = "{left} places of count {number} are not counted yet. Count them first."


class CountOutdated(Refused):
    code = "count_outdated"
    message = (
        "Since {bin} was counted, {sku} was taken out of it: {there} are left and the count would take {missing}. Have"
        " it counted again."
    )


class WorkBegun(Refused):
    code = "work_begun"
    message = (
        "{orders} orders are being picked or packed in this warehouse. Finish them, or take them back to the order"
        " desk, then change who works there."
    )


class PapersOpen(Refused):
    code = "papers_open"
    message = (
        "{papers} orders, receipts, counts, manifests or returns are still open in this warehouse. End them first."
    )


class ToteNotFound(NotFound):
    code = "tote_not_found"
    message = "There is no such tote in this warehouse. Scan its label again."


class ToteInUse(Refused):
    code = "tote_in_use"
    message = "Tote {tote} holds an order. Pack it first."


class PickedElsewhere(Refused):
    code = "picked_elsewhere"
    message = (
        "Order {number} is picked and packed in {warehouse}; it is Ready to Ship by itself once that is done there."
        " To pack it here, take it back from the warehouse first."
    )


class NotPackedThere(Refused):
    code = "not_packed_there"
    message = "The parcel of order {number} is not packed yet in {warehouse}. Pack it there, then hand it over."


class PastedLineInvalid(Invalid):
    code = "pasted_line_invalid"
    message = "Line {line}, “{text}”: {why}. Give one item a line: its SKU or barcode, then how many."
