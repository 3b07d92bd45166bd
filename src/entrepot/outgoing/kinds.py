"""The kinds of messages there are, as one table: what screens offer, what the reference describes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as _

PING: Final = "ping"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message, and what it says in one sentence. `holds` = which of the source's rows it is about (SQL)."""

    name: str
    says: str
    holds: str = "true"


EVENTS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("order.created", _("An order was taken in, or entered by hand."), "e.kind = 'order.placed'"),
        Kind(
            "order.status_changed",
            _("An order has another status; the message says which it had before."),
            "e.from_status <> '' AND e.from_status <> e.to_status",
        ),
        Kind(
            "order.shipped",
            _("The carrier has all parcels of an order."),
            "e.to_status = 'in_transit' AND e.from_status <> e.to_status",
        ),
        Kind(
            "order.delivered",
            _("The buyer has all parcels of an order."),
            "e.to_status = 'complete' AND e.from_status NOT IN ('complete', 'return_in_process', '')",
        ),
        Kind(
            "order.canceled",
            _("An order was canceled for good, by whomever."),
            "e.to_status IN ('canceled', 'seller_canceled', 'unpaid_canceled') AND e.from_status <> e.to_status",
        ),
        Kind("parcel.labelled", _("A parcel has its label, carrier and number."), "e.kind = 'parcel.label'"),
    )
}
"""Told of the steps of orders."""

STOCK: Final = Kind("stock.changed", _("On hand or available of an item changed in a warehouse."))
PROBLEM: Final = Kind("problem.opened", _("Something needs a person's look."))
CHOICES: Final[Mapping[str, Kind]] = {**EVENTS, STOCK.name: STOCK, PROBLEM.name: PROBLEM}
"""What an endpoint of a seller can ask for."""

WORK: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("order.released", _("Pick and pack this order.")),
        Kind("order.changed", _("The address, the goods or the stop of a released order are other than told.")),
        Kind("order.recalled", _("Do not go on with an order; what was picked of it goes back on the shelf.")),
        Kind("parcel.labelled", _("The store has accepted Ready to ship: label, carrier and number of a parcel.")),
        Kind("parcel.voided", _("A labelled parcel is none any more; its label must not be used.")),
        Kind("return.expected", _("Goods of an order that left from here come back.")),
    )
}
"""What the system of an external warehouse is told, all of it."""
