"""Refusals of the packing table."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class ShipmentNotFound(NotFound):
    code = "shipment_not_found"
    message = "There is no such parcel. It may belong to somebody else."


class NothingToPack(Refused):
    code = "nothing_to_pack"
    message = "Nothing of order {number} is left to be packed. Reload the page to see its parcels."


class TooMuchPacked(Invalid):
    code = "too_much_packed"
    message = "{quantity} of {sku} cannot go into this parcel; {left} are left to be packed."


class PartNotPacked(Refused):
    code = "part_not_packed"
    message = "{left} pieces of order {number} are in no parcel yet. Pack them too, then hand everything over."


class ShipmentClosed(Refused):
    code = "shipment_closed"
    message = "This is not possible while the parcel is “{state}”. Reload the page to see what is."


class TrackingInvalid(Invalid):
    code = "tracking_invalid"
    message = "“{number}” is not a tracking number. Use letters, digits and hyphens only, at most 40 characters."
