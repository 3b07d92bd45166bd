"""The forms of the packing table."""

from collections.abc import Mapping, Sequence

from entrepot.channels.services.packing import Bench
from entrepot.fulfilment.models import Shipment
from entrepot.web.forms.parcels import ParcelForm, number_form

CHANGEABLE = (Shipment.State.PACKED, Shipment.State.HANDED_OVER)


def pack_form(bench: Bench, data: Mapping[str, str] | None = None) -> ParcelForm:
    """The form that packs a parcel."""
    form = ParcelForm(data)
    form.offer(bench.carriers, needed=bench.needs_number)
    return form


def number_forms(bench: Bench, parcels: Sequence[Shipment]) -> list[tuple[Shipment, ParcelForm]]:
    """For each parcel whose number may still change, its form."""
    return [
        (one, number_form(one, bench.carriers, needed=bench.needs_number)) for one in parcels if one.state in CHANGEABLE
    ]
