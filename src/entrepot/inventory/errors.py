"""Refusals of the stock ledger."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class StockItemNotFound(NotFound):
    code = "stock_item_not_found"
    message = (
        "There is no such item to keep stock of. It may have been deleted, or it belongs to somebody else. Choose one"
        " from the list."
    )


class WarehouseNotFound(NotFound):
    code = "warehouse_not_found"
    message = "There is no such warehouse, or it is closed. Choose another one."


class WarehouseTaken(Refused):
    code = "warehouse_taken"
    message = "There is a warehouse with the code {warehouse} already. Choose another code."


class WarehouseWordsMissing(Invalid):
    code = "warehouse_words_missing"
    message = "Give the warehouse a short code and a name."


class WarehouseIsDefault(Refused):
    code = "warehouse_is_default"
    message = "{warehouse} is the warehouse for stock that names none. Make another one the default first."


class WarehouseNotEmpty(Refused):
    code = "warehouse_not_empty"
    message = (
        "{warehouse} is not empty: {on_hand} pieces lie there and {incoming} are on their way. Transfer or correct"
        " them, and close its receipts, first."
    )


class KitHasNoStock(Refused):
    code = "kit_has_no_stock"
    message = "{sku} is a kit; its stock follows from its parts. Change the stock of the parts."


class NotEnoughStock(Refused):
    code = "not_enough_stock"
    message = "Only {available} of {wanted} are available. Take fewer, or receive stock first."


class StockIsReserved(Refused):
    code = "stock_is_reserved"
    message = (
        "{reserved} are set aside for orders, so on hand cannot become {on_hand}. Take {missing} back from the newest"
        " orders (they will wait for stock), or correct the figure."
    )


class StockMovedMeanwhile(Refused):
    code = "stock_moved_meanwhile"
    message = (
        "{seen} were on hand when you looked, and {now} are now: some came or went while you counted. Nothing was"
        " changed. If {counted} is still what lies there, save once more; else count again."
    )


class BelowZero(Invalid):
    code = "below_zero"
    message = "On hand would become {on_hand}. There are {before} on hand; take away no more than that."


class QuantityInvalid(Invalid):
    code = "quantity_invalid"
    message = "The quantity {quantity} is not possible here. Give a whole number above zero."


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = "Say why the stock changes; the ledger keeps it."


class BinNotFound(NotFound):
    code = "bin_not_found"
    message = "There is no such bin in this warehouse. Scan the label again, or add the bin."


class BinClosed(Refused):
    code = "bin_closed"
    message = "Bin {bin} is closed; nothing is laid into it. Take another one, or open it again."


class NotThere(Refused):
    code = "not_there"
    message = "Only {there} of {sku} lie in {bin}; {wanted} were asked for. Count the bin if more lie there."


class PickedStays(NotThere):
    code = "picked_stays"
    message = (
        "{staged} of {sku} are picked and wait in staging; only {there} lie elsewhere, and {wanted} were asked for."
        " Put back what is not to leave, or count the staging bin."
    )
