"""The forms of the packing table."""

from collections.abc import Mapping, Sequence

from entrepot.channels.services.packing import Bench
from entrepot.channels.words import filled
from entrepot.fulfilment.carriers import kind_of, looked_at
from entrepot.fulfilment.models import Box, Shipment
from entrepot.web.forms.parcels import PackForm, ParcelForm, number_form

CHANGEABLE = (Shipment.State.PACKED, Shipment.State.HANDED_OVER)


def pack_form(bench: Bench, data: Mapping[str, str] | None = None, *, boxes: Sequence[Box] = ()) -> PackForm:
    """The form that packs a parcel."""
    form = PackForm(data)
    form.offer(bench.carriers, needed=bench.needs_number)
    form.boxes(boxes)
    return form


def odd_number(parcel: Shipment) -> str:
    """What looks wrong about a parcel's number, in the reader's language; "" = nothing. It never stops anything."""
    ours = parcel.carrier_ref
    kind = ours.kind if ours else kind_of(parcel.carrier_name or parcel.carrier)
    warned = looked_at(kind, parcel.tracking_number)
    return filled(warned.sentence, warned.fields) if warned else ""


def number_forms(bench: Bench, parcels: Sequence[Shipment]) -> list[tuple[Shipment, ParcelForm]]:
    """For each parcel whose number may still change, its form."""
    return [
        (one, number_form(one, bench.carriers, needed=bench.needs_number)) for one in parcels if one.state in CHANGEABLE
    ]
