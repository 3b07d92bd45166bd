"""Why orders cannot share a parcel."""

from entrepot.kernel.errors import Invalid, Refused


class MergeRefused(Refused):
    code = "merge_refused"
    message = "Order {number} cannot share a parcel."


class MergeTooFew(Invalid):
    code = "merge_too_few"
    message = "Choose at least two orders that are to leave in one parcel."


class MergeNotOpen(MergeRefused):
    code = "merge_not_open"
    message = (
        "Order {number} is “{status}”. Only orders that are New or ready for packing can share a parcel: release a "
        "hold, split off what is missing, or unpack it first."
    )


class MergePickup(MergeRefused):
    code = "merge_pickup"
    message = "The buyer fetches order {number}, so it travels in no parcel. Leave it out of the shared one."


class MergeUnknownBuyer(MergeRefused):
    code = "merge_unknown_buyer"
    message = "Order {number} names no buyer, phone number or address, so nobody can tell where it belongs."


class MergeOtherBuyer(MergeRefused):
    code = "merge_other_buyer"
    message = "Orders {number} and {other} have different buyers or phone numbers. Send them in parcels of their own."


class MergeOtherAddress(MergeRefused):
    code = "merge_other_address"
    message = "Orders {number} and {other} go to different addresses. Send them in parcels of their own."


class MergeElsewhere(MergeRefused):
    code = "merge_elsewhere"
    message = (
        "The goods of orders {number} and {other} do not all lie in one warehouse. Split them by warehouse, or bring "
        "them together by a transfer."
    )


class NotMerged(Refused):
    code = "not_merged"
    message = "Order {number} shares its parcel with no other order."


class MergedPacked(Refused):
    code = "merged_packed"
    message = "Order {number} is packed together with others already. Unpack them first; then it can leave the group."


class GroupNotReady(Refused):
    code = "group_not_ready"
    message = (
        "Order {number} shares its parcel with order {other}, which is “{status}”. Wait for it, or take it out of the "
        "group."
    )


class GroupPackedWhole(Refused):
    code = "group_packed_whole"
    message = "Orders that share a parcel are packed whole. Take order {number} out of the group to pack a part of it."
