"""Refusals of the packing table."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class ShipmentNotFound(NotFound):
    code = "shipment_not_found"
    message = "There is no such parcel. It may belong to somebody else. Choose one from the list."


class NothingToPack(Refused):
    code = "nothing_to_pack"
    message = "Nothing of order {number} is left to be packed. Reload the page to see its parcels."


class TooMuchPacked(Invalid):
    code = "too_much_packed"
    message = "{quantity} of {sku} cannot go into this parcel; {left} are left to be packed. Enter {left} or fewer."


class PartNotPacked(Refused):
    code = "part_not_packed"
    message = "{left} pieces of order {number} are in no parcel yet. Pack them too, then hand everything over."


class ShipmentClosed(Refused):
    code = "shipment_closed"
    message = "This is not possible while the parcel is “{state}”. Reload the page to see what is."


class TrackingInvalid(Invalid):
    code = "tracking_invalid"
    message = "“{number}” is not a tracking number. Use letters, digits and hyphens only, at most 40 characters."


class CarrierNotFound(NotFound):
    code = "carrier_not_found"
    message = "There is no such carrier. It may belong to somebody else. Choose one from the list."


class RangeNotFound(NotFound):
    code = "waybill_range_not_found"
    message = "There is no such range of numbers. It may belong to somebody else. Choose one from the list."


class RuleNotFound(NotFound):
    code = "carrier_rule_not_found"
    message = "There is no such rule. It may have been deleted. Choose one from the list."


class BoxNotFound(NotFound):
    code = "box_not_found"
    message = "There is no such box. It may belong to somebody else. Choose one from the list."


class CarrierTaken(Invalid):
    code = "carrier_taken"
    message = "You already have a carrier called “{name}”. Change that one, or give this one another name."


class BoxTaken(Invalid):
    code = "box_taken"
    message = "You already have a box called “{name}”. Give this one another name."


class RangeInvalid(Invalid):
    code = "waybill_range_invalid"
    message = (
        "“{first}” to “{last}” is no range of numbers. Give the first and the last number as the carrier wrote them: "
        "the same length, at most 18 digits after the same letters, the first one not above the last."
    )


class RangeOverlaps(Invalid):
    code = "waybill_range_overlaps"
    message = (
        "Some of these numbers belong to a range of {carrier} that is here already. No number is given out twice. "
        "Enter a range that does not overlap."
    )


class WaybillsEmpty(Refused):
    code = "waybills_empty"
    message = "{carrier} has no free waybill numbers left. Ask the carrier for a new range and enter it under Carriers."


class RuleInvalid(Invalid):
    code = "carrier_rule_invalid"
    message = "This condition cannot be used: {reason} Change it, or leave it empty."


class NothingToPrint(Refused):
    code = "nothing_to_print"
    message = "None of the chosen orders has a parcel to print this for. Pack them first."


class PluginMissing(Refused):
    code = "carrier_plugin_missing"
    message = (
        "The labels of {carrier} are bought by the plug-in “{plugin}”, which is not installed here or does not load. "
        "Ask whoever looks after Entrepot to install it, or choose another carrier."
    )


class AccountIncomplete(Invalid):
    code = "carrier_account_incomplete"
    message = "{name} is missing. Copy it from your account at the carrier."


class LabelInDoubt(Refused):
    code = "label_in_doubt"
    message = (
        "Nobody knows whether {carrier} has sold a label for {reference}. Look into your account there, then say on "
        "the order what is true."
    )
