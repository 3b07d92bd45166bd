"""The panels of an order page: what its buyer asks for, its parcels, what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import StatusDebt
from entrepot.channels.queries.told import carriers
from entrepot.channels.services.packing import bench_of
from entrepot.fulfilment import queries as parcel_queries
from entrepot.fulfilment.carrier_queries import bought_forms, boxes
from entrepot.fulfilment.models import Shipment
from entrepot.kernel.errors import EntrepotError
from entrepot.orders import holds
from entrepot.orders.flow import packed
from entrepot.orders.models import Order, OrderClaim, OrderLine, Status
from entrepot.warehouse.queries.waiting import open_work
from entrepot.web.desk import Desk
from entrepot.web.forms.parcels import ParcelForm
from entrepot.web.order_page.parcels import CHANGEABLE, number_forms, pack_form

Kind, State = OrderClaim.Kind, OrderClaim.State
OPEN = (State.ASKED, State.ACCEPTED, State.RECEIVED)
ACTIONS = {Kind.CANCEL: "orders.cancel", Kind.RETURN: "orders.edit", Kind.EXCHANGE: "orders.edit"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A button beside a buyer's wish; `asks` a reason that the buyer reads."""

    deed: str
    word: str | Promise
    icon: str
    tone: str = ""
    asks: bool = False
    warning: str | Promise = ""


ACCEPT = Answer("accept", _("Accept"), icon="check", tone="primary")
REFUSE = Answer(
    "refuse",
    _("Refuse"),
    icon="circle-x",
    tone="bad",
    asks=True,
    warning=_("The store is told, and the buyer reads the reason there. The order goes on where it was."),
)
GO_ON = Answer(
    "go_on",
    _("Refuse the cancellation and go on"),
    icon="truck-delivery",
    tone="bad",
    asks=True,
    warning=_("The store is told, and the buyer reads the reason there. The parcel can be handed over again."),
)
UNPACK_AND_CANCEL = Answer("unpack_and_cancel", _("Unpack and cancel"), icon="package")
UNPACK = Answer("unpack", _("Unpack"), icon="package")
REMEDIES: Mapping[str, Sequence[Answer]] = {
    holds.CANCEL_AFTER_PACKING: (GO_ON, UNPACK_AND_CANCEL),
    holds.CANCEL_ASKED_PARTLY: (GO_ON, UNPACK),
    holds.CANCELED_AFTER_PACKING: (UNPACK_AND_CANCEL,),
    holds.LINES_CANCELED_AFTER_PACKING: (UNPACK,),
}
"""What may be decided about a parcel that was stopped, by why it was."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A claim with its lines and what may be answered. `answering`: the store is being told."""

    claim: OrderClaim
    lines: Sequence[tuple[OrderLine | None, int]]
    answers: Sequence[Answer]
    answering: bool


@dataclass(frozen=True, slots=True)
class Back:
    """A line of the return form: so many are with the buyer, so many were asked for, and what was typed."""

    line: OrderLine
    there: int
    asked: int
    good: str
    scrap: str


def of(
    here: Desk,
    found: Order,
    *,
    told: Sequence[StatusDebt],
    packing: ParcelForm | None,
    posted: Mapping[str, str],
    receipt_error: EntrepotError | None,
) -> dict[str, Any]:
    """Everything the panels show."""
    lines = list(found.lines.all())
    parcels = _named(here, found, parcel_queries.shipments_of(seller_id=here.seller_id, order_id=found.pk))
    facts: dict[str, Any] = {
        "claims": _wishes(here, found, lines, told),
        "parcels": parcels,
        "packed": _packed(parcels),
        "changeable": CHANGEABLE,
        "receipt": _receipt(here, found, lines, posted if receipt_error else {}),
        "receipt_error": receipt_error,
        "remedies": REMEDIES.get(found.hold_code, ()) if packed(found) and here.may("orders.cancel") else (),
    }
    facts["elsewhere"] = open_work(seller_id=here.seller_id, order_id=found.pk)
    to_pack = {} if facts["elsewhere"] else _to_pack(here, found)
    if to_pack or any(one.state in CHANGEABLE for one in parcels):
        bench = bench_of(found)
        facts["unpackable"] = not facts["remedies"]
        facts["numbers"] = number_forms(bench, parcels) if here.may("orders.pack") else []
        facts["previews"] = _seen_before_printing(here, parcels) if here.may("orders.pack") else []
        facts["needs_number"] = bench.needs_number
        if to_pack:
            facts["packing"] = packing or pack_form(bench, boxes=boxes(seller_id=here.seller_id, active_only=True))
            facts["to_pack"] = [(line, to_pack[line.pk]) for line in lines if line.pk in to_pack]
    return facts


def _named(here: Desk, found: Order, parcels: Sequence[Shipment]) -> Sequence[Shipment]:
    """Parcels made in the store name its carrier by code only: say what that is called."""
    if any(one.carrier and not one.carrier_name for one in parcels):
        listed = carriers(seller_id=here.seller_id, store_id=found.sales_channel_id)
        names = {row.remote_id: row.name for row in listed}
        for one in parcels:
            one.carrier_name = one.carrier_name or names.get(one.carrier, "")
    return parcels


def _seen_before_printing(here: Desk, parcels: Sequence[Shipment]) -> Sequence[int]:
    """The parcels whose label is a picture before it is paper: ours, and one a carrier has sold as a picture."""
    open_ones = [one for one in parcels if one.state in CHANGEABLE]
    bought: Mapping[int, str] = {}
    if any(one.carrier_ref and one.carrier_ref.plugin for one in open_ones):
        bought = bought_forms(seller_id=here.seller_id, shipment_ids=[one.pk for one in open_ones])
    return [one.pk for one in open_ones if bought.get(one.pk, "png") == "png"]


def _packed(parcels: Sequence[Shipment]) -> Mapping[int, int]:
    """How much of each line lies in a parcel that has not left."""
    packed_now: dict[int, int] = {}
    for one in parcels:
        for row in one.lines.all() if one.state == Shipment.State.PACKED else ():
            packed_now[row.order_line_id] = packed_now.get(row.order_line_id, 0) + row.quantity
    return packed_now


def _to_pack(here: Desk, found: Order) -> Mapping[int, int]:
    if not here.may("orders.pack") or found.status not in {Status.RFP, Status.READY_TO_SHIP}:
        return {}
    return parcel_queries.left_to_pack(seller_id=here.seller_id, order_id=found.pk)


def _wishes(here: Desk, found: Order, lines: Sequence[OrderLine], told: Sequence[StatusDebt]) -> list[Wish]:
    by_remote = {line.remote_id: line for line in lines}
    telling = {debt.payload.get("claim") for debt in told if debt.sent_at is None and debt.kind == "claim"}
    return [
        Wish(
            claim,
            [(by_remote.get(str(remote_id)), int(quantity)) for remote_id, quantity in claim.lines],
            _answers(here, found, claim),
            claim.pk in telling,
        )
        for claim in sorted(found.claims.all(), key=lambda row: (row.state not in OPEN, -row.pk))
    ]


def _answers(here: Desk, found: Order, claim: OrderClaim) -> Sequence[Answer]:
    if claim.state != State.ASKED or claim.kind == Kind.EXCHANGE or not here.may(ACTIONS[Kind(claim.kind)]):
        return ()
    if claim.kind == Kind.CANCEL and packed(found):
        return ()  # decided together with its parcel
    return (ACCEPT, REFUSE)


def _receipt(here: Desk, found: Order, lines: Sequence[OrderLine], typed: Mapping[str, str]) -> dict[str, Any] | None:
    if found.status != Status.RETURN_IN_PROCESS or not here.may("orders.pack"):
        return None
    wanted: dict[str, int] = {}
    for claim in found.claims.all():
        if claim.kind == Kind.RETURN and claim.state in OPEN:
            for remote_id, quantity in claim.lines:
                wanted[str(remote_id)] = wanted.get(str(remote_id), 0) + int(quantity)
    rows = [_back(line, wanted, typed) for line in lines if line.shipped > line.returned]
    return {"rows": rows} if rows else None


def _back(line: OrderLine, wanted: Mapping[str, int], typed: Mapping[str, str]) -> Back:
    there = line.shipped - line.returned
    asked = min(wanted.get(line.remote_id, 0), there)
    good = asked if wanted else there
    return Back(
        line,
        there,
        asked,
        typed.get(f"good-{line.pk}", str(good if line.item_id else 0)),
        typed.get(f"scrap-{line.pk}", "0"),
    )
