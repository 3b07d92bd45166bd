"""Refusals of picking, packing and handing over."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class WorkNotFound(NotFound):
    code = "work_not_found"
    message = "There is no such order in this warehouse. It may belong to somebody else. Choose one from the list."


class WaveNotFound(NotFound):
    code = "wave_not_found"
    message = "There is no such wave. It may belong to somebody else. Choose one from the list."


class PickListNotFound(NotFound):
    code = "pick_list_not_found"
    message = "There is no such pick list. It may belong to somebody else. Choose one from the list."


class ManifestNotFound(NotFound):
    code = "manifest_not_found"
    message = "There is no such manifest. It may belong to somebody else. Choose one from the list."


class ReturnNotFound(NotFound):
    code = "return_not_found"
    message = "There is no such return. It may belong to somebody else. Choose one from the list."


class NothingToPick(Refused):
    code = "nothing_to_pick"
    message = "No released order fits a wave of this kind. Release orders first, or choose another kind."


class NoFreeTote(Refused):
    code = "no_free_tote"
    message = "No tote is free. Pack what lies in the totes, or add totes to this warehouse."


class TotesInvalid(Invalid):
    code = "totes_invalid"
    message = "{count} totes cannot be added. Give a number from 1 to 500."


class NotOnThisList(Refused):
    code = "not_on_this_list"
    message = "“{scanned}” is not on this pick list any more. Take {item} from {bin} next."


class WrongBin(Refused):
    code = "wrong_bin"
    message = "This is {scanned}. Go to {bin}."


class WrongItem(Refused):
    code = "wrong_item"
    message = "“{scanned}” is not asked for here. Take {item}."


class WrongTote(Refused):
    code = "wrong_tote"
    message = "This is tote {scanned}. Put it into {tote}."


class TooManyPicked(Refused):
    code = "too_many_picked"
    message = "{quantity} are too many; {left} of {item} are asked for here. Take {left}."


class TooManyTakenBack(Refused):
    code = "too_many_taken_back"
    message = "{quantity} of {item} cannot be taken back; {picked} were picked here. Enter {picked} or fewer."


class PickedWhole(Refused):
    code = "picked_whole"
    message = "Order {number} is picked and reported. Bring it to the packing table; the order desk can unpack it."


class WorkRecalled(Refused):
    code = "work_recalled"
    message = "Order {number} is not to be picked any more ({status}). Leave it; what was picked of it goes back."


class WorkClosed(Refused):
    code = "work_closed"
    message = "This is not possible while order {number} is “{state}” in the warehouse. Reload the page."


class ListClosed(Refused):
    code = "list_closed"
    message = "{number} is “{state}”. Open another one."


class NotInOrder(Refused):
    code = "not_in_order"
    message = "“{scanned}” does not belong to order {number}, or is packed already. Put it aside."


class NotToBePacked(NotFound):
    code = "not_to_be_packed"
    message = "No picked order here waits for “{scanned}”. Scan its tote or the order's number, or look what it is."


class NotAllPacked(Refused):
    code = "not_all_packed"
    message = "{left} pieces of order {number} were not scanned yet. Scan them, then close the parcel."


class ParcelUnknown(NotFound):
    code = "parcel_unknown"
    message = "No parcel of this warehouse has the number “{scanned}”. Scan its label again."


class ParcelStopped(Refused):
    code = "parcel_stopped"
    message = "Order {number} may not leave: it is “{status}”. Put the parcel aside; the order page says what to do."


class ParcelNotPacked(Refused):
    code = "parcel_not_packed"
    message = "The parcel of order {number} is not closed at the packing table yet. Pack it first."


class ParcelOnManifest(Refused):
    code = "parcel_on_manifest"
    message = "The parcel {scanned} is on manifest {manifest} already. Scan the next one."


class OtherCarrier(Refused):
    code = "other_carrier"
    message = (
        "The parcel {scanned} goes with {carrier}, this manifest is for {manifest_carrier}. Put it on the other pile."
    )


class ManifestEmpty(Refused):
    code = "manifest_empty"
    message = "Nothing on manifest {number} can leave. Scan parcels first."


class NothingToPutBack(Refused):
    code = "nothing_to_put_back"
    message = "Of “{scanned}” only {left} are to be put back for order {number}. Put back {left}."


class NothingOut(Refused):
    code = "nothing_out"
    message = (
        "Nothing of order {number} is with its buyer, so nothing of it can come back. Check the number of the order."
    )


class SeveralOrders(Refused):
    code = "several_orders"
    message = "{count} orders have the number {number}. Scan the tracking number on the parcel."


class NotOfThisReturn(Refused):
    code = "not_of_this_return"
    message = (
        "“{scanned}” was not sent with this order, or all of it is back. If something else came, choose “Not what was"
        " sold” and press the line it came for."
    )


class GradeInvalid(Invalid):
    code = "grade_invalid"
    message = "{quantity} × {grade} cannot be. Give a whole number above zero and one of the grades."


class KeyInvalid(Invalid):
    code = "key_invalid"
    message = "Send your own name for this message as “Idempotency-Key”, at most 80 characters."


class KeyReused(Refused):
    code = "key_reused"
    message = "The key “{key}” was another message's. Give each message a key of its own."


class NotExternal(Refused):
    code = "not_external"
    message = "{warehouse} is not worked in by an external system. Change who picks and packs there first."


class ReportIncomplete(Invalid):
    code = "report_incomplete"
    message = "A message “{kind}” needs {missing}. Add it and send the message again."
